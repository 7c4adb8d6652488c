/** Names: how spec names become logical IDs. */

/** `private-subnet-1` → `PrivateSubnet1`. */
export function pascalCase(name: string): string {
  let text = "";
  for (const word of name.split(/[^A-Za-z0-9]+/)) text += word.charAt(0).toUpperCase() + word.slice(1);
  return text;
}
