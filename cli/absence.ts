/** Why an environment does not have a kind. */
import { type Architecture, hasKind, valueAt } from "../compiler/architecture.ts";
import { quoteList } from "../compiler/closest.ts";
import type { SpecPath } from "../compiler/path.ts";

/** The reason in words, and where the spec gives it. */
export interface Absence {
  readonly why: string;
  readonly at: SpecPath;
}

/** @returns undefined where the environment has it */
export function absenceOf(
  { spec, placements }: Pick<Architecture, "spec" | "placements">,
  kind: SpecPath,
  environment: string,
): Absence | undefined {
  const own = spec.environments[environment];
  if (own && !placements.some((placement) => placement.environment === environment))
    return { why: `the account \`${own.account}\` is closed`, at: ["accounts", own.account, "status"] };
  if (hasKind(spec, kind)(environment)) return undefined;
  const list = [...kind, "environments"];
  const only = valueAt(spec, list);
  if (Array.isArray(only)) return { why: `only in ${quoteList(only.map(String))}`, at: list };
  return own?.workloads === false
    ? { why: "the environment says `workloads: false`", at: ["environments", environment, "workloads"] }
    : { why: "the environment has no domain, and others have one", at: ["environments", environment] };
}
