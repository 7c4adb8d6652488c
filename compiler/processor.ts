/** What processor an EC2 instance has: what runs on it must be built for that. */

export type Processor = "arm64" | "x86_64";

/**
 * The family is a series, a generation and options: `m7gd` is series m, generation 7, with a Graviton processor (g) and
 * disks (d); `g4dn` is series g. Graviton is named before other options, and `a1` is older than that.
 *
 * https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
const ON_ARM = /^(a1|[a-z]+\d+g[a-z]*)(-.*)?$/;

/** @param instanceType such as `t4g.large` */
export function processorOf(instanceType: string): Processor {
  const [family = ""] = instanceType.split(".");
  return ON_ARM.test(family) ? "arm64" : "x86_64";
}
