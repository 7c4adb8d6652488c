/** Names: how spec names become logical IDs. */

/** Names as they are in logical IDs: each placement asks for the same. */
const known = new Map<string, string>();

/** `private-subnet-1` → `PrivateSubnet1`. */
export function pascalCase(name: string): string {
  let text = known.get(name);
  if (text !== undefined) return text;
  text = "";
  for (const word of name.split(/[^A-Za-z0-9]+/)) text += word.charAt(0).toUpperCase() + word.slice(1);
  known.set(name, text);
  return text;
}
