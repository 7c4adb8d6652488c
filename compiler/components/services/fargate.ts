/** The sizes that tasks on Fargate can have. */

const GIB = 1024;

/** MiB of memory for CPU units: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size */
const SIZES: readonly { cpu: number; from: number; to: number; step: number }[] = [
  { cpu: 256, from: 512, to: 2 * GIB, step: GIB },
  { cpu: 512, from: GIB, to: 4 * GIB, step: GIB },
  { cpu: 1024, from: 2 * GIB, to: 8 * GIB, step: GIB },
  { cpu: 2048, from: 4 * GIB, to: 16 * GIB, step: GIB },
  { cpu: 4096, from: 8 * GIB, to: 30 * GIB, step: GIB },
  { cpu: 8192, from: 16 * GIB, to: 60 * GIB, step: 4 * GIB },
  { cpu: 16384, from: 32 * GIB, to: 120 * GIB, step: 8 * GIB },
];

/** What would be right instead of a size that there is not; undefined where there is such. */
export function fitsFargate(cpu: number, memory: number): string | undefined {
  const size = SIZES.find((each) => each.cpu === cpu);
  if (!size) return `\`cpu\` can be ${SIZES.map((each) => each.cpu).join(", ")}`;
  const { from, to, step } = size;
  if (memory === from || (memory >= from && memory <= to && memory % step === 0)) return undefined;
  const between = from < step ? `${from}, or ${step} to ${to}` : `${from} to ${to}`;
  return `with \`cpu: ${cpu}\`, \`memory\` can be ${between} in steps of ${step}`;
}
