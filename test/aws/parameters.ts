/** What templates read from the parameter store, which CloudFormation looks up before it does anything. */
import type { Params } from "./protocol.ts";
import type { StackPlan, Stacks } from "./stacks.ts";
import { ssmParametersOf } from "./template.ts";

/**
 * Why CloudFormation does nothing with a template in an account and Region: SSM parameters that are not there.
 * Undefined if all are.
 */
export async function unfetched(
  stacks: Stacks,
  place: Place,
  template: string,
  given: Params = {},
): Promise<string | undefined> {
  const names = [...ssmParametersOf(template)].map(([name, usual]) => given[name] ?? usual);
  const missing: string[] = [];
  for (const name of new Set(names)) {
    // AWS's own are in every account.
    if (!name.startsWith("/aws/") && !(await isThere(stacks, place, name))) missing.push(name);
  }
  if (missing.length === 0) return undefined;
  return `Unable to fetch parameters [${missing.join(",")}] from parameter store for this account.`;
}

type Place = Pick<StackPlan, "account" | "region">;

/** A parameter of another account is named by its ARN, and read in the same Region only. */
async function isThere(stacks: Stacks, place: Place, name: string): Promise<boolean> {
  const [, region, account, shared] = /^arn:aws:ssm:([^:]+):(\d{12}):parameter(\/.+)$/.exec(name) ?? [];
  if (shared === undefined) return stacks.hasParameter(place, name);
  return region === place.region && stacks.hasParameter({ account: account ?? "", region }, shared);
}
