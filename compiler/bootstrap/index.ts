/** Bootstrap stacks: what must be there before stack sets can be made, as ordinary stacks, in the order they need. */
import { type Architecture, activeAccounts, allRegions, type Target } from "../architecture.ts";
import type { ConcreteStack } from "../stack.ts";
import { administrationStack } from "./administration.ts";
import { artifactsStack } from "./artifacts.ts";
import { executionStack } from "./execution.ts";

/** One stack, the same in each of its targets. */
export interface Bootstrap {
  readonly key: string;
  readonly stack: ConcreteStack;
  readonly targets: readonly Target[];
}

/** A role's trust policy can name another role only when that is there: the administration role comes first. */
export function bootstrapStacks(architecture: Architecture): Bootstrap[] {
  const { administration, home, spec } = architecture;
  return [
    {
      key: "administration",
      stack: administrationStack(architecture),
      targets: [{ account: administration, region: home }],
    },
    {
      key: "execution",
      stack: executionStack(architecture),
      // IAM is global: one Region does.
      targets: activeAccounts(spec).map((account) => ({ account, region: home })),
    },
    {
      key: "artifacts",
      stack: artifactsStack(architecture),
      targets: allRegions(spec).map((region) => ({ account: administration, region })),
    },
  ];
}
