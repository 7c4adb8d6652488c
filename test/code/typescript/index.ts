import { greet } from "./greet.ts";

export const handler = async (event: { readonly name: string }) => ({ text: greet(event.name) });
