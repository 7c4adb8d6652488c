/** The policies that are a role's own, wherever in the template they stand: IAM counts all of them together. */
import type { Template } from "../cfn/template.ts";
import { isExpression, isList, isObject, type Value } from "../cfn/values.ts";
import { specialise } from "../specialise/specialise.ts";
import type { Deployable, StackSet } from "./assemble.ts";
import { lengthOf } from "./length.ts";

const TYPES = ["AWS::IAM::Role", "AWS::IAM::RolePolicy"];

/** The most characters that a role may have in them: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const MOST_INLINE = 10_240;

/** Whether roles are given rights by resources of their own, as those are who use things. */
export const hasRolePolicies = ({ template }: Deployable): boolean =>
  Object.values(template.Resources).some(({ Type }) => Type === "AWS::IAM::RolePolicy");

/** The characters in the policies of the role that has most. */
export function longestInlinePolicies(deployable: Deployable): number {
  const { template } = deployable;
  const resources = Object.entries(template.Resources).filter(([, { Type }]) => TYPES.includes(Type));
  if (resources.length === 0) return 0;
  const { Outputs: _, ...rest } = template;
  const roles = { ...rest, Resources: Object.fromEntries(resources) };
  const all = longestIn(roles);
  // Only where it may be too much for all placements together it is worth to look at each.
  if (all <= MOST_INLINE / 2 || !isStackSet(deployable)) return all;
  return Math.max(
    ...deployable.placements.map(({ account, region }) =>
      longestIn(specialise(roles, { account: account.id, region }, () => {})),
    ),
  );
}

const isStackSet = (deployable: Deployable): deployable is StackSet => "placements" in deployable;

function longestIn(template: Template): number {
  const lengths = new Map<string, number>();
  const add = (role: string, document: Value): void => {
    lengths.set(role, (lengths.get(role) ?? 0) + lengthOf(document, template));
  };
  for (const [logicalId, { Type, Properties }] of Object.entries(template.Resources)) {
    const { Policies = [], RoleName = "", PolicyDocument = "" } = Properties;
    if (Type === "AWS::IAM::RolePolicy") add(nameOf(RoleName), PolicyDocument);
    else for (const policy of isList(Policies) ? Policies : [Policies]) add(logicalId, documentOf(policy));
  }
  return Math.max(0, ...lengths.values());
}

/** The logical ID of the role, or what it is called otherwise. */
const nameOf = (role: Value): string => String(isExpression(role) ? role.argument : role);

const documentOf = (policy: Value): Value => (isObject(policy) ? (policy.PolicyDocument ?? policy) : policy);
