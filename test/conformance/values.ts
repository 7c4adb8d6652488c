/**
 * Values against the types of the schemas. Literals are judged strictly: a number is not text, although CloudFormation
 * would turn one into the other. An intrinsic function passes where what it gives may stand.
 */
import type { PropertyType, ResourceProperties } from "@aws-cdk/service-spec-types";
import { isJsonObject, type Json, type JsonObject } from "../../compiler/schema.ts";
import { unknown } from "./mistakes.ts";
import { definitionOf } from "./schemas.ts";

/** Takes a mistake: its path below the resource's properties, and what is wrong. */
export type ReportMistake = (path: readonly string[], what: string) => void;

/** Functions that give text and nothing else. `Fn::Select` may give a number. */
const TEXT = ["Fn::Sub", "Fn::Join", "Fn::Base64"];
/** Functions that give a list and nothing else. */
const LISTS = ["Fn::GetAZs", "Fn::Split", "Fn::Cidr"];
/** Functions that give a value or a list, but no object: a mapping's cell holds none, nor does an attribute we read. */
const VALUES = ["Ref", "Fn::GetAtt", "Fn::FindInMap", "Fn::Select", "Fn::ImportValue"];

/** @param owner what has these properties, for messages */
export function checkProperties(
  value: Json,
  properties: ResourceProperties,
  path: readonly string[],
  report: ReportMistake,
  owner: string,
): void {
  if (!isJsonObject(value)) {
    report(path, `${show(value)} is not an object`);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (property) checkValue(inner, property.type, [...path, key], report);
    else report([...path, key], unknown(`${owner} has no property ${key}`, key, Object.keys(properties)));
  }
  for (const [key, { required }] of Object.entries(properties).toSorted()) {
    if (required && (!Object.hasOwn(value, key) || isNoValue(value[key] as Json)))
      report(path, `${owner} needs ${key}`);
  }
}

function checkValue(value: Json, type: PropertyType, path: readonly string[], report: ReportMistake): void {
  if (isNoValue(value)) return;
  const call = callIn(value);
  if (call?.name === "Fn::If") {
    const [, ...branches] = call.argument as Json[];
    for (const branch of branches) checkValue(branch, type, path, report);
  } else if (type.type === "union") {
    checkUnion(value, type.types, path, report);
  } else if (call) {
    if (!mayGive(call.name, type)) report(path, `${call.name} does not give ${nameOf(type)}`);
  } else {
    checkLiteral(value, type, path, report);
  }
}

/** A value must be of one of the types; of several that it is not, the one it is nearest to says why. */
function checkUnion(
  value: Json,
  types: readonly PropertyType[],
  path: readonly string[],
  report: ReportMistake,
) {
  const attempts = types.map((type) => {
    const mistakes: Parameters<ReportMistake>[] = [];
    checkValue(value, type, path, (...mistake) => mistakes.push(mistake));
    return mistakes;
  });
  const [best = []] = attempts.toSorted((a, b) => a.length - b.length);
  for (const mistake of best) report(...mistake);
}

function checkLiteral(value: Json, type: PropertyType, path: readonly string[], report: ReportMistake): void {
  if (type.type === "ref") {
    const { name, properties } = definitionOf(type);
    checkProperties(value, properties, path, report, name);
  } else if (type.type === "tag") {
    checkProperties(value, TAG, path, report, "a tag");
  } else if (type.type === "array" && Array.isArray(value)) {
    for (const [index, item] of value.entries())
      checkValue(item, type.element, [...path, String(index)], report);
  } else if (type.type === "map" && isJsonObject(value)) {
    for (const [key, item] of Object.entries(value)) checkValue(item, type.element, [...path, key], report);
  } else if (!fits(value, type)) {
    report(path, `${show(value)} is not ${nameOf(type)}`);
  } else if ("allowedValues" in type && type.allowedValues?.every((allowed) => allowed !== value)) {
    report(
      path,
      unknown(`${show(value)} is not an allowed value`, String(value), type.allowedValues.map(String)),
    );
  }
}

function fits(value: Json, { type }: PropertyType): boolean {
  if (type === "json") return typeof value === "object";
  if (type === "integer") return Number.isInteger(value);
  return typeof value === (type === "date-time" ? "string" : type);
}

const TAG: ResourceProperties = {
  Key: { type: { type: "string" }, required: true },
  Value: { type: { type: "string" }, required: true },
};

function mayGive(name: string, { type }: PropertyType): boolean {
  if (type === "json") return true;
  if (type === "array") return LISTS.includes(name) || VALUES.includes(name);
  if (type === "ref" || type === "map" || type === "tag") return false;
  return TEXT.includes(name) || VALUES.includes(name);
}

/** The intrinsic function a value is, if it is one. */
function callIn(value: Json): { readonly name: string; readonly argument: Json } | undefined {
  if (!isJsonObject(value)) return undefined;
  const [[name, argument] = [], ...others] = Object.entries(value);
  if (name === undefined || argument === undefined || others.length > 0) return undefined;
  return name === "Ref" || name.startsWith("Fn::") ? { name, argument } : undefined;
}

const isNoValue = (value: Json): boolean =>
  isJsonObject(value) && (value as JsonObject).Ref === "AWS::NoValue";

const show = (value: Json): string => JSON.stringify(value).slice(0, 60);

function nameOf({ type }: PropertyType): string {
  if (type === "string" || type === "date-time") return "text";
  if (type === "array") return "a list";
  return type === "number" || type === "boolean"
    ? `a ${type}`
    : type === "integer"
      ? "an integer"
      : "an object";
}
