/** What the type of an EC2 instance says of it: its processor, how many of them, and its memory. */

export type Processor = "arm64" | "x86_64";

/**
 * The family is a series, a generation and options: `m7gd` is series m, generation 7, with a Graviton processor (g) and
 * disks (d); `g4dn` is series g. Graviton is named before other options, and `a1` is older than that.
 *
 * https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
const ON_ARM = /^(a1|[a-z]+\d+g[a-z]*)(-.*)?$/;

/** The processor that what runs on an instance must be built for. @param instanceType such as `t4g.large` */
export function processorOf(instanceType: string): Processor {
  const [family = ""] = instanceType.split(".");
  return ON_ARM.test(family) ? "arm64" : "x86_64";
}

/**
 * GiB of a `large`, by the series: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html and
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
 */
const LARGE: Readonly<Record<string, number>> = { c: 4, m: 8, r: 16, t: 8, x: 32, z: 16 };

/** Families that have more than others of their series. */
const MORE: Readonly<Record<string, number>> = { x2iedn: 64, x2iezn: 64, x8aedz: 64 };

/** Generations from which on each size is twice the one before; `c5n` is not made so. */
const REGULAR = /^(?!c5n)([cmr][5-9]|t[34]|x[2-9]|z1)[a-z]*$/;

/** Sizes below `2xlarge`, as parts of a `large`. */
const SIZES: Readonly<Record<string, number>> = {
  nano: 1 / 16,
  micro: 1 / 8,
  small: 1 / 4,
  medium: 1 / 2,
  large: 1,
  xlarge: 2,
};

/**
 * @param type of an instance, or the class of one for a database, such as `db.t4g.medium`
 * @returns GiB; undefined for one that is not made like the others
 */
export function memoryOf(type: string): number | undefined {
  const { family, larges } = partsOf(type) ?? {};
  if (family === undefined || larges === undefined) return undefined;
  return larges * (MORE[family] ?? (LARGE[family.charAt(0)] as number));
}

/** @returns virtual processors; undefined for a type that is not made like the others */
export function processorsOf(type: string): number | undefined {
  const { family, larges } = partsOf(type) ?? {};
  if (family === undefined || larges === undefined) return undefined;
  // What is smaller has as many, for a part of the time: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html
  return family.startsWith("t") ? Math.max(2, 2 * larges) : 2 * larges;
}

/** The family, and how many times a `large` it is; undefined where it is not made like the others. */
function partsOf(type: string): { readonly family: string; readonly larges: number } | undefined {
  const [, family = "", size = ""] = /^(?:db\.)?([a-z]\d[a-z0-9]*)\.(\d*[a-z]+)$/.exec(type) ?? [];
  const [, times] = /^(\d+)xlarge$/.exec(size) ?? [];
  const larges = times === undefined ? SIZES[size] : 2 * Number(times);
  return REGULAR.test(family) && larges !== undefined ? { family, larges } : undefined;
}
