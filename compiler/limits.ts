/** CloudFormation's limits, checked while there is still time: what is over, and what is near. */
import type { Assembly, StackSet } from "./assemble.ts";
import { type Diagnostic, inSpec, type Report } from "./diagnostics.ts";
import { templateFile } from "./output.ts";

/** A thing CloudFormation counts, with its limit. */
interface Limit {
  readonly what: string;
  readonly most: number;
  /** What to do about it. */
  readonly help: string;
  count(stackSet: StackSet, body: string): number;
}

const SPLIT = "ask for less of it, or spread it over several specs";
const FEWER_PLACEMENTS = "give some environments a spec of their own";

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 * The body goes through S3, so the larger limit holds; 200 attributes are 200 rows, and 200 columns in each.
 */
const LIMITS: readonly Limit[] = [
  { what: "bytes of template", most: 1_000_000, help: SPLIT, count: (_, body) => Buffer.byteLength(body) },
  { what: "resources", most: 500, help: SPLIT, count: ({ template }) => sizeOf(template.Resources) },
  { what: "parameters", most: 200, help: SPLIT, count: ({ template }) => sizeOf(template.Parameters) },
  { what: "mappings", most: 200, help: SPLIT, count: ({ template }) => sizeOf(template.Mappings) },
  {
    what: "rows in a mapping",
    most: 200,
    help: FEWER_PLACEMENTS,
    // An account is a row of its own in the mapping that finds the placement, though it stands in a column.
    count: ({ template: { Mappings: { Placement = {}, ...mappings } = {} } }) =>
      Math.max(0, ...Object.values(Placement).map(sizeOf), ...Object.values(mappings).map(sizeOf)),
  },
  {
    what: "columns in a mapping",
    most: 200,
    help: SPLIT,
    count: ({ template: { Mappings: { Placement: _, ...mappings } = {} } }) =>
      Object.values(mappings).reduce((most, rows) => Math.max(most, ...Object.values(rows).map(sizeOf)), 0),
  },
];

/** From here on the headroom is worth a word. */
const NEAR = 0.8;

/** @param files the printed files, by name */
export function checkLimits(assembly: Assembly, files: ReadonlyMap<string, string>, report: Report): void {
  for (const stackSet of assembly.stackSets) {
    for (const limit of LIMITS) {
      const count = limit.count(stackSet, files.get(templateFile(stackSet.name)) ?? "");
      if (count > limit.most * NEAR) report(describe(stackSet, limit, count));
    }
  }
}

function describe(stackSet: StackSet, { what, most, help }: Limit, count: number): Diagnostic {
  const isOver = count > most;
  return {
    code: isOver ? "limit-exceeded" : "limit-near",
    ...(!isOver && { severity: "warning" }),
    message: `the stack set \`${stackSet.name}\` has ${count} ${what}; ${isOver ? `CloudFormation allows ${most}` : `${most - count} more are allowed`}`,
    help,
    at: inSpec(Object.values(stackSet.provenance)[0] ?? [], "key"),
  };
}

const sizeOf = (object: object | undefined): number => Object.keys(object ?? {}).length;
