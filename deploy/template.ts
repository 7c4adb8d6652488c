/** What a live template tells without being evaluated: its resources, what holds data, what it reads of others. */
import { parse } from "yaml";

/** Resources by logical ID, as far as they say what is asked here. */
export type Resources = Readonly<
  Record<
    string,
    {
      readonly Type?: string;
      readonly Properties?: unknown;
      readonly DeletionPolicy?: string;
      readonly UpdateReplacePolicy?: string;
    }
  >
>;

/** The resources of a template by logical ID, in its order. */
export function resourcesOf(template: string): Resources {
  // Intrinsic functions in short form are tags that this reader need not know.
  return (parse(template, { logLevel: "error" }) as { readonly Resources?: Resources }).Resources ?? {};
}

/**
 * The resources that hold something which must survive them, by logical ID. Every template of ours says so by their
 * policies, and so does a template of whoever cares.
 */
export function statefulResources(template: string): Map<string, string> {
  return new Map(
    Object.entries(resourcesOf(template))
      .filter(([, { DeletionPolicy, UpdateReplacePolicy }]) =>
        [DeletionPolicy, UpdateReplacePolicy].some((policy) => policy !== undefined && policy !== "Delete"),
      )
      .map(([logicalId, { Type = "" }]) => [logicalId, Type]),
  );
}

/** A published value that a template reads. */
export interface Reading {
  /** The stack set that publishes it, by its name in the spec's terms. */
  readonly producer: string;
  /** Account and Region of the stack that publishes it; the reader's own where absent. */
  readonly place?: string;
}

/**
 * What a template reads of other stack sets: `/acme/network/vpc-id` is published by `network`, in the same account and
 * Region unless it is named by its ARN.
 *
 * @param name the stack set's own name, whose own values it does not read
 */
export function readingsOf(specName: string, name: string, template: string): Reading[] {
  const pattern = `(?:(?<![\\w/-])|arn:[\\w-]+:ssm:(?<region>[\\w-]+):(?<account>\\d{12}):parameter)/${specName}/(?<producer>[a-z0-9-]+)/`;
  const found = [...template.matchAll(new RegExp(pattern, "g"))].flatMap(({ groups = {} }): Reading[] => {
    const { producer = "", region, account } = groups;
    if (producer === name) return [];
    return [{ producer, ...(account && { place: `${account}/${region}` }) }];
  });
  return [...new Map(found.map((reading) => [JSON.stringify(reading), reading])).values()];
}

/** A published value by its name in the parameter store, or by its ARN; undefined where it is none of the spec's. */
export function publishedAs(
  specName: string,
  name: string,
): { readonly producer: string; readonly output: string } | undefined {
  const pattern = `^(?:arn:[\\w-]+:ssm:[\\w-]+:\\d{12}:parameter)?/${specName}/(?<producer>[a-z0-9-]+)/(?<output>[\\w./-]+)$`;
  const { producer, output } = new RegExp(pattern).exec(name)?.groups ?? {};
  return producer !== undefined && output !== undefined ? { producer, output } : undefined;
}

/** The names that dynamic references give; one with a version is always the same value. */
export const dynamicReferences = (template: string): string[] => [
  ...new Set([...template.matchAll(/\{\{resolve:ssm:([\w./-]+)\}\}/g)].map(([, name = ""]) => name)),
];
