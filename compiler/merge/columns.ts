/** Names of mapping columns, made from the place of a property so that a reader recognises it. */
import { isExpression, isObject, isScalar, type Value } from "../cfn/values.ts";
import { pascalCase } from "../names.ts";

/** Keys that name an item of a list in CloudFormation, the most telling first. */
const NAMING_KEYS = [
  "Key",
  "Name",
  "Id",
  "Sid",
  "PolicyName",
  "Field",
  "ContainerName",
  "ParameterKey",
] as const;

/** What an item of a list is called: its naming property, or itself where it is a scalar or an expression. */
export function itemName(item: Value): string | undefined {
  if (isScalar(item)) return `${typeof item}:${item}`;
  if (isExpression(item)) return JSON.stringify(item);
  if (!isObject(item)) return undefined;
  for (const key of NAMING_KEYS) {
    if (typeof item[key] === "string") return item[key];
  }
  return undefined;
}

/** The names of a list's items, or undefined where an item has none or two have the same. */
export function namesOfItems(list: readonly Value[]): readonly string[] | undefined {
  const names = list.map(itemName).filter((name) => name !== undefined);
  return names.length === list.length && new Set(names).size === names.length ? names : undefined;
}

/** An item's step in a path: a named one is told from a key by its brackets. */
export function pathOfItem(item: Value, name: string): string {
  if (isScalar(item)) return String(item);
  return isObject(item) ? `[${name}]` : name;
}

/**
 * The column for a property: its path in one word, `ScalingConfiguration.MinCapacity` → `ScalingConfigurationMinCapacity`.
 * A tag is called by its key: the value of the tag `Name` → `NameTag`.
 */
export function columnOf(path: readonly string[]): string {
  const words: string[] = [];
  for (let index = 0; index < path.length; index++) {
    const segment = path[index] as string;
    const tag = segment === "Tags" ? /^\[(.+)\]$/.exec(path[index + 1] ?? "") : null;
    if (tag) {
      words.push(pascalCase(tag[1] as string), "Tag");
      index += path[index + 2] === "Value" ? 2 : 1;
    } else {
      words.push(pascalCase(segment));
    }
  }
  // Both sections allow 255 characters: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
  return words.join("").slice(0, 200) || "Value";
}
