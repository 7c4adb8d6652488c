/** How much memory a database has, by its class. */

/** GiB of a `large`, by the first letter of the family: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html */
const LARGE: Readonly<Record<string, number>> = { c: 4, m: 8, r: 16, t: 8, x: 32, z: 16 };

/** Families that have more than others of their letter. */
const MORE: Readonly<Record<string, number>> = { x2iedn: 64, x2iezn: 64 };

/** Sizes below `xlarge`, as parts of a `large`. */
const SIZES: Readonly<Record<string, number>> = {
  micro: 1 / 8,
  small: 1 / 4,
  medium: 1 / 2,
  large: 1,
  xlarge: 2,
};

/** @returns GiB; undefined for a class that is not made like the others */
export function memoryOf(instanceClass: string): number | undefined {
  const [, family = "", size = ""] = /^db\.([a-z]\d[a-z0-9]*)\.(\d*[a-z]+)$/.exec(instanceClass) ?? [];
  const large = MORE[family] ?? LARGE[family.charAt(0)];
  const [, times = ""] = /^(\d+)xlarge$/.exec(size) ?? [];
  const larges = times === "" ? SIZES[size] : 2 * Number(times);
  return large !== undefined && larges !== undefined ? large * larges : undefined;
}
