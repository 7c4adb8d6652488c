/** `landform show`: the concrete template of one environment. */

import type { PlainObject } from "../../compiler/cfn/values.ts";
import { quoteList } from "../../compiler/closest.ts";
import { printYaml } from "../../compiler/output/print.ts";
import { specialise } from "../../compiler/specialise/specialise.ts";
import { ExitCode, UsageError } from "../exit.ts";
import type { ShowOptions } from "../options.ts";
import { printOutcomes } from "../output.ts";
import { type Compiled, compileFile, findSpec } from "../specs.ts";
import { unknownName } from "../unknown-name.ts";

export async function showCommand(name: string, options: ShowOptions): Promise<number> {
  const spec = findSpec(options.spec);
  const compilation = compileFile(spec);
  if (!("result" in compilation)) {
    printOutcomes([{ spec, ...compilation }], options.json);
    return ExitCode.WrongSpec;
  }
  const { template, placement } = find(compilation.result, name, options);
  const concrete = specialise(template, { account: placement.account.id, region: placement.region });
  process.stdout.write(
    options.json ? `${JSON.stringify(concrete, null, 2)}\n` : printYaml(concrete as unknown as PlainObject),
  );
  return ExitCode.Done;
}

/** The stack set, and the placement of the environment that has it. */
function find({ assembly }: Compiled["result"], name: string, options: { in: string; region?: string }) {
  const stackSet = assembly.stackSets.find((candidate) => candidate.name === name.replace(/\.yaml$/, ""));
  if (!stackSet)
    throw unknownName(
      "stack set",
      name,
      assembly.stackSets.map((candidate) => candidate.name),
    );
  const { placements, template } = stackSet;
  const own = placements.filter(({ environment, serves = [environment] }) => serves.includes(options.in));
  if (own.length === 0)
    throw unknownName(
      "environment with this stack set",
      options.in,
      unique(placements.flatMap(({ environment, serves = [environment] }) => serves)),
    );
  const regions = own.map(({ region }) => region);
  if (options.region === undefined && own.length > 1) {
    throw new UsageError(
      `\`${options.in}\` is in several Regions: add --region with one of ${quoteList(regions)}`,
    );
  }
  const placement = own.find(({ region }) => options.region === undefined || region === options.region);
  if (!placement) throw unknownName(`Region of \`${options.in}\``, options.region ?? "", regions);
  return { template, placement };
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];
