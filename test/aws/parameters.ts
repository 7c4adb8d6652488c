/** What templates read from the parameter store, which CloudFormation looks up before it does anything. */
import { type Answer, AwsError, type Params } from "./protocol.ts";
import type { Place, Published, Stacks } from "./stacks.ts";
import { ssmParametersOf } from "./template.ts";

/** The values of a template's parameters that are looked up, or why CloudFormation does nothing: some are not there. */
export interface Fetched {
  readonly resolved: Params;
  readonly refusal?: string;
}

/** Looks up what a template reads in an account and Region. */
export async function fetchParameters(
  stacks: Stacks,
  place: Place,
  template: string,
  given: Params = {},
): Promise<Fetched> {
  const resolved: Params = {};
  const missing = new Set<string>();
  for (const [parameter, usual] of ssmParametersOf(template)) {
    const name = given[parameter] ?? usual;
    const found = await parameterAt(stacks, place, name);
    if (found) resolved[parameter] = found.value;
    else missing.add(name);
  }
  if (missing.size === 0) return { resolved };
  const refusal = `Unable to fetch parameters [${[...missing].join(",")}] from parameter store for this account.`;
  return { resolved, refusal };
}

/** The parameter store's GetParameters. */
export async function getParameters(stacks: Stacks, place: Place, body: string): Promise<Answer> {
  const { Names } = JSON.parse(body) as { Names: string[] };
  if (Names.length > 10)
    throw new AwsError("ValidationException", "Member must have length less than or equal to 10");
  const found = await Promise.all(
    Names.map(async (Name) => ({ Name, published: await parameterAt(stacks, place, Name) })),
  );
  return {
    Parameters: found.flatMap(({ Name, published }) =>
      published
        ? [{ ...named(Name), Value: published.value, LastModifiedDate: published.modified.getTime() / 1000 }]
        : [],
    ),
    InvalidParameters: found.flatMap(({ Name, published }) => (published ? [] : [Name])),
  };
}

/** One that is asked for by its ARN is answered by its name. */
const named = (name: string): { readonly Name: string; readonly ARN?: string } =>
  name.startsWith("arn:") ? { Name: name.replace(/^.*:parameter/, ""), ARN: name } : { Name: name };

/** A parameter of another account is named by its ARN, and read in the same Region only. */
async function parameterAt(stacks: Stacks, place: Place, name: string): Promise<Published | undefined> {
  const [, region, account, shared] = /^arn:aws:ssm:([^:]+):(\d{12}):parameter(\/.+)$/.exec(name) ?? [];
  if (shared === undefined) return stacks.parameter(place, name);
  return region === place.region ? stacks.parameter({ account: account ?? "", region }, shared) : undefined;
}
