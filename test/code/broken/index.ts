export const handler = async () => ({;
