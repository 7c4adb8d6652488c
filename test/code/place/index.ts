/** Asks where it lies, to which a bundle has no answer. */
export const handler = async () => ({ here: import.meta.url });
