/** What no deploy can do by itself: told to whoever can. */
import { type Difference, needsAnother } from "./difference.ts";
import type { Failure } from "./failure.ts";

/** What stands in the way of a stack set; the rest of it can still be done. */
export function obstaclesOf(difference: Difference): Failure[] {
  return [...inoperable(difference), ...(needsAnother(difference) ? [anotherFirst(difference)] : [])];
}

function inoperable({ desired, instances }: Difference): Failure[] {
  return instances.flatMap(({ target, change }) =>
    change.kind === "inoperable"
      ? [
          {
            stackSet: desired.name,
            target,
            message: `the stack in \`${target.environment}\` (${target.id}, ${target.region}) is INOPERABLE, and StackSets leaves it out of everything${change.why ? `: ${change.why}` : ""}`,
            help: `\`landform remove ${desired.name} --in ${target.environment} --retain\` lets go of the stack; delete the stack in the account, or what of it is in the way, then run \`landform deploy\` again`,
          },
        ]
      : [],
  );
}

function anotherFirst({ desired, instances }: Difference): Failure {
  const other = instances.find(({ live }) => live && live.status !== "INOPERABLE")?.target.environment;
  return {
    stackSet: desired.name,
    message: `\`${desired.name}\` has a new template, which StackSets takes only while it updates a stack, and none that is asked for is there yet`,
    help: other
      ? `deploy \`${other}\` first (\`landform deploy --environment ${other}\`), or both together`
      : "run `landform remove` for what is not in the spec any more, then deploy again",
  };
}
