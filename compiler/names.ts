/** Names: how spec names become logical IDs. */

/** `private-subnet-1` → `PrivateSubnet1`. */
export function pascalCase(name: string): string {
  return name.replace(/(?:^[^A-Za-z0-9]*|[^A-Za-z0-9]+)([A-Za-z0-9]?)/g, (_, first: string) =>
    first.toUpperCase(),
  );
}
