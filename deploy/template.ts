/** What a live template tells without being evaluated: its resources, what holds data, what it reads of others. */
import { parse } from "yaml";

type Resources = Readonly<
  Record<
    string,
    { readonly Type?: string; readonly DeletionPolicy?: string; readonly UpdateReplacePolicy?: string }
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

/** The stack sets whose published values a template reads: `/acme/network/vpc-id` is one of `network`. */
export function producersOf(specName: string, name: string, template: string): string[] {
  const found = template.matchAll(new RegExp(`(?<![\\w/-])/${specName}/([a-z0-9-]+)/`, "g"));
  return [...new Set([...found].map(([, producer = ""]) => producer))].filter(
    (producer) => producer !== name,
  );
}
