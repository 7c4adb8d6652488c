/** Access Analyzer: what somebody outside of an account may reach in it. */
import { type Architecture, activeAccounts } from "../../architecture.ts";
import type { Stack } from "../../stack.ts";
import { analyzerName } from "./outputs.ts";

/** Values of a criterion: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_Criterion.html */
const MOST_VALUES = 20;

/**
 * What the spec's own accounts may reach of each other is archived, for its templates say so: people are told of the
 * rest. An account is named by its id, who is in it by an ARN with the id in it, between colons, which no name can have.
 */
export function addAnalyzer(stack: Stack, name: string, { spec }: Pick<Architecture, "spec">): void {
  const ids = activeAccounts(spec).map(({ id }) => id);
  const parts = Array.from({ length: Math.ceil(ids.length / MOST_VALUES) }, (_, index) =>
    ids.slice(index * MOST_VALUES, (index + 1) * MOST_VALUES),
  );
  stack.add("AWS::AccessAnalyzer::Analyzer", "AccessAnalyzer", {
    AnalyzerName: analyzerName(name),
    Type: "ACCOUNT",
    ArchiveRules: parts.flatMap((some, index) => [
      {
        RuleName: `own-accounts-${index + 1}`,
        Filter: [{ Property: "principal.AWS", Eq: some }],
      },
      {
        RuleName: `in-own-accounts-${index + 1}`,
        Filter: [{ Property: "principal.AWS", Contains: some.map((id) => `::${id}:`) }],
      },
    ]),
  });
}
