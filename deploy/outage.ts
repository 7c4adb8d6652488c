/** Changes after which requests are lost for a while, though no data is: a plan tells of them before they happen. */
import type { ResourceChange } from "./preview.ts";
import type { Resources } from "./template.ts";

/** Whether there will be one, or only may be: CloudFormation does not know yet, or it depends on what others did. */
export type Outage = "certain" | "possible";

const ELB = "AWS::ElasticLoadBalancingV2::";
/** What leads to a target group. */
const LEADING = [`${ELB}Listener`, `${ELB}ListenerRule`];
/** What rules in other stacks stand on, and are lost with. */
const ENTRANCES = [`${ELB}LoadBalancer`, `${ELB}Listener`];

/**
 * The outage that a change of a resource leads to.
 *
 * A target group that is replaced is empty when the rule leads to it, until whoever registers targets does so again. A
 * rule with weights is led by somebody else meanwhile, such as a deployment of ECS in stages. When it changes, or
 * another takes its place, the weights are those of the template again, whichever targets are in use.
 *
 * @param all what changes in the same stack
 * @param live the resources of the template that the stack has, as far as it is known
 * @param desired those of the template that it gets
 */
export function outageOf(
  change: ResourceChange,
  all: readonly ResourceChange[],
  live: Resources,
  desired: Resources,
): Outage | undefined {
  const { logicalId, type, action, replacement } = change;
  if (replacement === "True" || replacement === "Conditional") {
    const loses =
      ENTRANCES.includes(type) ||
      (type === `${ELB}TargetGroup` && isFilledByOthers(desired[logicalId]) && isLedTo(logicalId, desired));
    if (loses) return replacement === "True" ? "certain" : "possible";
  }
  if (type !== `${ELB}ListenerRule`) return undefined;
  const resets =
    action === "Modify"
      ? hasWeights(live[logicalId]?.Properties)
      : action === "Add" &&
        hasWeights(desired[logicalId]?.Properties) &&
        all.some((other) => other.action === "Remove" && hasWeights(live[other.logicalId]?.Properties));
  return resets ? "possible" : undefined;
}

/** One that names its targets has them from the start, such as that of a function. */
const isFilledByOthers = (group: Resources[string] | undefined): boolean =>
  (group?.Properties as { readonly Targets?: unknown } | undefined)?.Targets === undefined;

const isLedTo = (logicalId: string, resources: Resources): boolean =>
  Object.values(resources).some(
    ({ Type = "", Properties }) => LEADING.includes(Type) && names(Properties, logicalId),
  );

/** Whether a reference to a resource is anywhere in a value; its short form is read as text. */
function names(value: unknown, logicalId: string): boolean {
  if (typeof value === "string") return value === logicalId || value.startsWith(`${logicalId}.`);
  return typeof value === "object" && value !== null
    ? Object.values(value).some((within) => names(within, logicalId))
    : false;
}

function hasWeights(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "Weight" in value || Object.values(value).some(hasWeights);
}
