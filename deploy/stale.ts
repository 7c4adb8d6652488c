/** Values that stacks go by though others are published by now: read in their accounts, under the role that may look. */
import { DescribeStacksCommand, type Stack } from "@aws-sdk/client-cloudformation";
import { GetParametersCommand, type Parameter } from "@aws-sdk/client-ssm";
import { type Aws, inspect, inspectParameters } from "./aws.ts";
import { explain } from "./errors.ts";
import type { LiveInstance } from "./live.ts";
import type { Manifest } from "./manifest.ts";
import { dynamicReferences, publishedAs } from "./template.ts";

/** A published value that is another one than a stack goes by. */
export interface StaleValue {
  /** The stack set that publishes it. */
  readonly producer: string;
  readonly output: string;
  /** CloudFormation does not tell what dynamic references came to, only that the value was written after the stack. */
  readonly isCertain: boolean;
}

/** What a look at one stack showed, or why it showed nothing. */
export interface Look {
  readonly instance: LiveInstance;
  readonly stale: readonly StaleValue[];
  readonly blind?: string;
}

/** What reads: a stack set by its name in the spec's terms, with its live template. */
export interface Reader {
  readonly name: string;
  readonly template: string;
}

/** The most that one call takes. */
const NAMES = 10;

/** Looks whether a stack goes by what is published now; that it can't be seen is an answer too. */
export async function lookForStale(
  aws: Aws,
  manifest: Manifest,
  reader: Reader,
  instance: LiveInstance,
): Promise<Look> {
  if (!instance.stackId) return { instance, stale: [] };
  try {
    const { Stacks = [] } = await inspect(aws, manifest, instance).send(
      new DescribeStacksCommand({ StackName: instance.stackId }),
    );
    const stack = Stacks[0] ?? ({} as Stack);
    const names = namesIn(manifest, reader, stack);
    const { found, blind } = await readParameters(aws, manifest, instance, names);
    const stale = compareValues(manifest, reader, stack, found);
    return { instance, stale, ...(blind !== undefined && { blind }) };
  } catch (error) {
    const blind = explain(error);
    if (blind === undefined) throw error;
    return { instance, stale: [], blind };
  }
}

/** The names under which a stack reads what other stack sets publish. */
function namesIn({ name: spec }: Manifest, { name, template }: Reader, { Parameters = [] }: Stack): string[] {
  const typed = Parameters.flatMap(({ ParameterValue = "", ResolvedValue }) =>
    ResolvedValue === undefined ? [] : [ParameterValue],
  );
  const all = [...typed, ...dynamicReferences(template)];
  return [...new Set(all)].filter((of) => (publishedAs(spec, of)?.producer ?? name) !== name);
}

/** What is published, by the name that it is read by, and why some of it can't be seen. */
interface Published {
  readonly found: ReadonlyMap<string, Parameter>;
  readonly blind?: string;
}

/** Those of another account are named by ARN: one that is not shared any more may have the whole call refused. */
async function readParameters(
  aws: Aws,
  manifest: Manifest,
  place: { readonly id: string; readonly region: string },
  names: readonly string[],
): Promise<Published> {
  const found = new Map<string, Parameter>();
  if (names.length === 0) return { found };
  const client = inspectParameters(aws, manifest, place);
  const ask = async (Names: string[]): Promise<Parameter[]> =>
    (await client.send(new GetParametersCommand({ Names }))).Parameters ?? [];
  const own = names.filter((name) => !isArn(name));
  for (let start = 0; start < own.length; start += NAMES)
    for (const parameter of await ask(own.slice(start, start + NAMES)))
      if (parameter.Name !== undefined) found.set(parameter.Name, parameter);
  let blind: string | undefined;
  for (const arn of names.filter(isArn)) {
    try {
      for (const parameter of await ask([arn])) found.set(arn, parameter);
    } catch (error) {
      const reason = explain(error);
      if (reason === undefined) throw error;
      blind ??= reason;
    }
  }
  return { found, ...(blind !== undefined && { blind }) };
}

const isArn = (name: string): boolean => name.startsWith("arn:");

/**
 * What of the published values a stack does not go by. What is not published any more is not among them: an update
 * would fail.
 */
export function compareValues(
  { name: spec }: Pick<Manifest, "name">,
  { name: own, template }: Reader,
  { Parameters = [], CreationTime, LastUpdatedTime = CreationTime }: Partial<Stack>,
  published: ReadonlyMap<string, Pick<Parameter, "Value" | "LastModifiedDate">>,
): StaleValue[] {
  const resolved = new Map(
    Parameters.map(({ ParameterValue = "", ResolvedValue }) => [ParameterValue, ResolvedValue] as const),
  );
  const dynamic = new Set(dynamicReferences(template));
  return [...published].flatMap(([name, { Value, LastModifiedDate }]): StaleValue[] => {
    const { producer, output } = publishedAs(spec, name) ?? {};
    if (producer === undefined || output === undefined || producer === own) return [];
    const value = resolved.get(name);
    if (value !== undefined && value !== Value) return [{ producer, output, isCertain: true }];
    const isLater =
      LastModifiedDate !== undefined && LastUpdatedTime !== undefined && LastModifiedDate > LastUpdatedTime;
    return dynamic.has(name) && isLater ? [{ producer, output, isCertain: false }] : [];
  });
}
