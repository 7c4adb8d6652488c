/** A template of one's own: whether it is one, section by section, and what it is as the compiler holds templates. */
import { conform } from "../cfn/conform.ts";
import { NO_TRANSFORM, type ReportAt, readValue, UNKNOWN } from "../cfn/read-value.ts";
import type { ResourceSchemas } from "../cfn/resource-schemas.ts";
import type { Template } from "../cfn/template.ts";
import { isObject, type PlainObject, type Value } from "../cfn/values.ts";
import { closest, quoteList } from "../closest.ts";
import { isJsonObject, type Json, type JsonObject } from "../schema.ts";
import { showName, showValue } from "../wording.ts";
import { checkType } from "./resource-types.ts";
import { Uses } from "./uses.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html, without `Transform`. */
const SECTIONS = [
  "AWSTemplateFormatVersion",
  "Description",
  "Metadata",
  "Parameters",
  "Rules",
  "Mappings",
  "Conditions",
  "Resources",
  "Outputs",
];

/** Sections in which functions stand that are evaluated; `Rules` has functions of its own. */
const EVALUATED = ["Conditions", "Resources", "Outputs"];

/** What a resource has besides its type and its properties. */
const ATTRIBUTES = [
  "Type",
  "Condition",
  "CreationPolicy",
  "DeletionPolicy",
  "DependsOn",
  "Metadata",
  "Properties",
  "UpdatePolicy",
  "UpdateReplacePolicy",
];

/** @returns undefined for what is no template at all */
export function readTemplate(json: Json, schemas: ResourceSchemas, report: ReportAt): Template | undefined {
  if (!isJsonObject(json)) {
    report([], { code: "wrong-type", message: "a template is wanted here: a map with `Resources`" });
    return undefined;
  }
  checkSections(json, report);
  const uses = new Uses(report);
  const sections = SECTIONS.filter((key) => Object.hasOwn(json, key)).map((key): [string, Value] => {
    const readCall = EVALUATED.includes(key)
      ? uses.readCall
      : (name: string, argument: Value) => ({ [name]: argument });
    return [key, readValue(json[key] as Json, [key], readCall, report)];
  });
  const template = Object.fromEntries(sections);
  checkParameters(template.Parameters, report);
  const resources = mapsIn(template.Resources, ["Resources"], report);
  for (const [logicalId, resource] of resources) checkResource(logicalId, resource, schemas, uses, report);
  checkOutputs(template.Outputs, uses, report);
  uses.check(template, schemas);
  const inOneForm = resources.map(([logicalId, { DependsOn, Properties = {}, ...rest }]) => [
    logicalId,
    { ...rest, ...(DependsOn !== undefined && { DependsOn: [DependsOn].flat() }), Properties },
  ]);
  return { ...template, Resources: Object.fromEntries(inOneForm) } as unknown as Template;
}

function checkSections(json: JsonObject, report: ReportAt): void {
  for (const key of Object.keys(json)) {
    if (SECTIONS.includes(key)) continue;
    if (key === "Transform") {
      report(
        [key],
        { code: "unfit-template", message: "the template needs a transform", help: NO_TRANSFORM },
        "key",
      );
      continue;
    }
    const near = closest(key, SECTIONS);
    const help = near ? `did you mean \`${near}\`?` : `there are ${quoteList(SECTIONS)}`;
    report(
      [key],
      { code: "unknown-key", message: `${showName(key)} is not a section of a template`, help },
      "key",
    );
  }
  const { AWSTemplateFormatVersion: version = "2010-09-09", Description: description = "", Resources } = json;
  if (version !== "2010-09-09") {
    const message = `only \`2010-09-09\` is known here, not ${showValue(version)}`;
    report(["AWSTemplateFormatVersion"], { code: "bad-value", message });
  }
  if (typeof description !== "string")
    report(["Description"], {
      code: "wrong-type",
      message: "text is wanted here: the description is a literal",
    });
  if (isJsonObject(Resources) ? Object.keys(Resources).length === 0 : Resources === undefined) {
    const message = "the template has no resources; at least one is needed";
    report([], { code: "missing-key", message }, "key");
  }
}

function checkParameters(parameters: Value | undefined, report: ReportAt): void {
  for (const [name, parameter] of mapsIn(parameters, ["Parameters"], report)) {
    if (typeof parameter.Type !== "string") {
      const message = `the parameter ${showName(name)} needs \`Type\``;
      report(["Parameters", name], { code: "missing-key", message }, "key");
    }
    if (parameter.Default === undefined) {
      report(
        ["Parameters", name],
        {
          code: "parameter-default",
          message: `the parameter ${showName(name)} has no \`Default\`, and stack sets here are given no parameters`,
          help: "give it one; a published value is read by the type `AWS::SSM::Parameter::Value<String>`, its name as default",
        },
        "key",
      );
    }
  }
}

function checkResource(
  logicalId: string,
  resource: PlainObject,
  schemas: ResourceSchemas,
  uses: Uses,
  report: ReportAt,
): void {
  const path = ["Resources", logicalId];
  checkLogicalId(path, report);
  for (const key of Object.keys(resource)) {
    if (ATTRIBUTES.includes(key)) continue;
    const near = closest(key, ATTRIBUTES);
    const help = near ? `did you mean \`${near}\`?` : "properties stand under `Properties`";
    report(
      [...path, key],
      { code: "unknown-key", message: `${showName(key)} is not an attribute of resources`, help },
      "key",
    );
  }
  const { Type, Properties = {}, Condition, DependsOn = [] } = resource;
  if (Condition !== undefined) uses.condition(Condition, [...path, "Condition"]);
  [DependsOn].flat().forEach((target, index) => {
    uses.resource(
      target as Value,
      Array.isArray(DependsOn) ? [...path, "DependsOn", index] : [...path, "DependsOn"],
    );
  });
  if (typeof Type !== "string") {
    report(
      path,
      { code: "missing-key", message: `the resource ${showName(logicalId)} needs \`Type\`` },
      "key",
    );
  } else if (!isObject(Properties)) {
    if (Properties !== UNKNOWN)
      report([...path, "Properties"], { code: "wrong-type", message: "a map is wanted here" });
  } else if (checkType(Type, [...path, "Type"], schemas, report)) {
    const schema = schemas.of(Type);
    const { mistakes } = schema ? conform(Properties, Type, schema) : { mistakes: [] };
    for (const { path: at, part, code, message, help } of mistakes) {
      // What is missing where there are no properties at all is missing in the resource.
      const place =
        at.length === 0 && resource.Properties === undefined ? path : [...path, "Properties", ...at];
      report(place, { code, message, ...(help && { help }) }, part);
    }
  }
}

function checkOutputs(outputs: Value | undefined, uses: Uses, report: ReportAt): void {
  for (const [name, { Value: value, Condition }] of mapsIn(outputs, ["Outputs"], report)) {
    const path = ["Outputs", name];
    checkLogicalId(path, report);
    if (Condition !== undefined) uses.condition(Condition, [...path, "Condition"]);
    if (value === undefined)
      report(path, { code: "missing-key", message: `the output ${showName(name)} needs \`Value\`` }, "key");
  }
}

function checkLogicalId(path: readonly string[], report: ReportAt): void {
  const name = path.at(-1) ?? "";
  if (/^[A-Za-z0-9]{1,255}$/.test(name)) return;
  const message = `${showName(name)} is not a logical ID: letters and digits only, at most 255`;
  report(path, { code: "bad-name", message }, "key");
}

/** The entries of a section, which must be maps; an entry that is none is reported. */
function mapsIn(
  section: Value | undefined,
  path: readonly string[],
  report: ReportAt,
): [string, PlainObject][] {
  const wrong = (at: readonly string[]) =>
    report(at, { code: "wrong-type", message: "a map is wanted here" });
  if (section === undefined || section === UNKNOWN) return [];
  if (!isObject(section)) {
    wrong(path);
    return [];
  }
  return Object.entries(section).flatMap(([name, entry]): [string, PlainObject][] => {
    if (isObject(entry)) return [[name, entry]];
    if (entry !== UNKNOWN) wrong([...path, name]);
    return [];
  });
}
