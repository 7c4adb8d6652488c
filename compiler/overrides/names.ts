/** Names that are overridden in one place and written out in others. */
import type { StackFamily } from "../build.ts";
import { isExpression, type Value } from "../cfn/values.ts";
import { quoteList } from "../closest.ts";
import { inSpec, type Report } from "../diagnostics.ts";
import type { Resource } from "../stack.ts";
import { showName } from "../wording.ts";

/**
 * Who must know the name of something in another stack computes it, and a log group is named for what writes to it. So
 * where a name is overridden and what it was stands elsewhere still, that is worth a word.
 *
 * @param before the families as they were built
 * @param after the families with overrides
 */
export function checkNames(
  before: readonly StackFamily[],
  after: readonly StackFamily[],
  report: Report,
): void {
  after.forEach(({ stacks }, family) => {
    stacks.forEach(({ resources }, stack) => {
      resources.forEach((resource, index) => {
        const built = before[family]?.stacks[stack]?.resources[index];
        if (resource.overrides && built) checkResource(built, resource, after, report);
      });
    });
  });
}

function checkResource(
  built: Resource,
  resource: Resource,
  families: readonly StackFamily[],
  report: Report,
): void {
  for (const { path, properties } of resource.overrides ?? []) {
    for (const property of properties.filter((key) => /(Name|Identifier)$/.test(key))) {
      const name = textOf(built.properties[property]);
      if (name === undefined || textOf(resource.properties[property]) === name) continue;
      const others = resourcesWith(name, families).filter((other) => other !== resource);
      if (others.length === 0) continue;
      report({
        code: "name-in-use",
        severity: "warning",
        message: `${showName(name)} is overridden here, and stands in ${quoteList(idsOf(others))} still`,
        help: "override it there too, if it means the same",
        at: inSpec([...path, "Properties", property], "key"),
      });
    }
  }
}

/** The text of a literal or an `Fn::Sub`; undefined for what is no text, or too short to be told from others. */
function textOf(value: Value | undefined): string | undefined {
  const text = value !== undefined && isExpression(value) && value.fn === "Fn::Sub" ? value.argument : value;
  return typeof text === "string" && text.length > 3 ? text : undefined;
}

const resourcesWith = (text: string, families: readonly StackFamily[]): Resource[] =>
  families.flatMap(({ stacks }) =>
    stacks.flatMap(({ resources }) =>
      resources.filter(({ properties }) =>
        JSON.stringify(properties).includes(JSON.stringify(text).slice(1, -1)),
      ),
    ),
  );

const idsOf = (resources: readonly Resource[]): string[] => [
  ...new Set(resources.map(({ logicalId }) => logicalId)),
];
