/**
 * Guards references to resources that not every placement has.
 *
 * Where a resource is referred to it is there; but that may follow from what the placements happen to have, and not
 * from the conditions around the reference. Then the reference is put under the resource's own condition, so that
 * the template alone shows it to be sound.
 */
import {
  Expression,
  isExpression,
  isList,
  isScalar,
  mapItems,
  noValue,
  type PlainObject,
  type Value,
} from "../cfn/values.ts";
import type { Conditions } from "./conditions.ts";

/** What a stack would have where none of the branches holds, which no placement comes to. */
const NEVER = "never";

/** @param condition the condition of the resource whose properties they are */
export function guardReferences(
  properties: PlainObject,
  condition: string | undefined,
  conditions: Conditions,
): PlainObject {
  if (!conditions.hasResources) return properties;
  return guard(
    properties,
    condition === undefined ? [] : conditions.implied(condition),
    conditions,
  ) as PlainObject;
}

/**
 * @param known the conditions that are true around the value
 * @param never what stands where the condition of a reference is false, which never is: nothing; but in the last branch
 *   of a choice some text, since linters see a property there that may be missing
 */
function guard(
  value: Value,
  known: readonly string[],
  conditions: Conditions,
  never: Value = noValue,
): Value {
  if (isScalar(value)) return value;
  if (!isExpression(value)) return mapItems(value, (item) => guard(item, known, conditions));
  const { fn, argument } = value;
  if (fn === "Fn::If") {
    const [name, then, otherwise] = argument as [string, Value, Value];
    const inside = [...known, ...conditions.implied(name)];
    return new Expression(fn, [
      name,
      guard(then, inside, conditions),
      guard(otherwise, known, conditions, NEVER),
    ]);
  }
  if (fn === "Fn::Join") {
    const [separator, list] = argument as [Value, Value];
    return isList(list) ? new Expression(fn, [separator, guard(list, known, conditions)]) : value;
  }
  const missing = conditions.ofTargets(value).filter((name) => !known.includes(name));
  return missing.reduce<Value>((inner, name) => new Expression("Fn::If", [name, inner, never]), value);
}
