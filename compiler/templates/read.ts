/** Reads the templates of one's own that a spec names. */
import { valueAt } from "../architecture.ts";
import type { ReportAt } from "../cfn/read-value.ts";
import type { ResourceSchemas } from "../cfn/resource-schemas.ts";
import type { Template } from "../cfn/template.ts";
import type { PlainObject } from "../cfn/values.ts";
import { type Diagnostic, inSpec, isError, type Report } from "../diagnostics.ts";
import { dynamicReadings, type FoundReading, readingOf } from "../link/publications.ts";
import { printYaml } from "../output/print.ts";
import type { SpecPath, TemplateInput } from "../path.ts";
import { readValue } from "../reading/read.ts";
import { parseSource, type Source } from "../reading/source.ts";
import { isJsonObject, type Json, templateSchema } from "../schema.ts";
import type { Spec } from "../spec.ts";
import { readTemplate } from "./sections.ts";

/** A file's path as users know it; and what is in it, or why that is not to be had. */
export interface FileText {
  readonly file: string;
  readonly text?: string;
  readonly trouble?: "missing" | "not-a-file" | "not-utf8";
}

/** A template of one's own, found to be one. */
export interface OwnTemplate {
  /** The stack set's name. */
  readonly name: string;
  /** Where in the spec it is named. */
  readonly path: SpecPath;
  readonly input: TemplateInput;
  /** Its file, as the spec names it. */
  readonly file: string;
  readonly template: Template;
  /** As it stands among the generated files. */
  readonly text: string;
  /** The parameters it reads, and where in its file. */
  readonly readings: readonly FoundReading[];
}

export interface OwnTemplates {
  readonly templates: readonly OwnTemplate[];
  /** The file of each that the spec names, also where it is not to be had. */
  readonly sources: Readonly<Record<TemplateInput, Source>>;
}

/** @param readFile by the path from the spec's directory */
export function readTemplates(
  spec: Spec,
  readFile: (path: string) => FileText,
  schemas: ResourceSchemas,
  report: Report,
): OwnTemplates {
  const entries = valueAt(spec, ["templates"]);
  const names = isJsonObject(entries) ? Object.keys(entries).toSorted() : [];
  const templates: OwnTemplate[] = [];
  const sources: Record<TemplateInput, Source> = {};
  for (const name of names) {
    const path = ["templates", name];
    const file = valueAt(spec, [...path, "file"]);
    // Where it is missing, that is reported.
    if (typeof file !== "string") continue;
    const input: TemplateInput = `templates.${name}`;
    const found = readFile(file);
    const { source, diagnostics } = parseSource(input, found.file, found.text ?? "");
    sources[input] = source;
    const troubles = diagnostics.length > 0 ? diagnostics : troublesWith(found, source, path);
    for (const trouble of troubles) report(trouble);
    if (troubles.length > 0) continue;
    const template = readSource(source, schemas, report);
    if (template) templates.push({ name, path, input, file, ...template });
  }
  return { templates, sources };
}

/** What is wrong with a file before it is looked at. */
function troublesWith({ file, trouble }: FileText, { root }: Source, path: SpecPath): Diagnostic[] {
  const at = inSpec([...path, "file"]);
  switch (trouble) {
    case "missing":
      return [{ code: "file-missing", message: `there is no file ${file}`, help: PATHS, at }];
    case "not-a-file":
      return [{ code: "file-missing", message: `${file} is not a file`, help: PATHS, at }];
    case "not-utf8":
      return [{ code: "file-not-utf8", message: `${file} is not UTF-8`, help: "save it as UTF-8", at }];
    default:
      return root
        ? []
        : [{ code: "empty", message: `${file} is empty`, help: "a template has `Resources`", at }];
  }
}

const PATHS = "name a file by its path from the spec's directory";

/** Where the text can't be read as values, what it says is not looked at. */
function readSource(
  source: Source,
  schemas: ResourceSchemas,
  report: Report,
): Pick<OwnTemplate, "template" | "text" | "readings"> | undefined {
  const found: Diagnostic[] = [];
  const json = readValue(source, templateSchema, (diagnostic) => found.push(diagnostic));
  for (const diagnostic of found) report(diagnostic);
  if (found.some(isError)) return undefined;
  const reportAt: ReportAt = (path, diagnostic, part) =>
    report({ ...diagnostic, at: { input: source.input, path, ...(part && { part }) } });
  const template = readTemplate(json, schemas, reportAt);
  return template && { template, text: textOf(source, template), readings: readingsIn(json) };
}

/** As it stands, comments and all; but JSON, which has none, and can't have our first line, is printed as YAML. */
function textOf({ text }: Source, template: Template): string {
  if (text.trimStart().startsWith("{")) return printYaml(template as unknown as PlainObject);
  return `${text.replaceAll("\r\n", "\n").trimEnd()}\n`;
}

/** By parameters that are looked up, and by dynamic references wherever they stand. */
function readingsIn(json: Json): readonly FoundReading[] {
  const parameters =
    isJsonObject(json) && isJsonObject(json.Parameters) ? Object.entries(json.Parameters) : [];
  const looked = parameters.flatMap(([name, parameter]): FoundReading[] => {
    const { Type, Default } = isJsonObject(parameter) ? parameter : {};
    const isLooked = String(Type).startsWith("AWS::SSM::Parameter::Value<") && typeof Default === "string";
    return isLooked ? [{ reading: readingOf(Default), path: ["Parameters", name, "Default"] }] : [];
  });
  return [...looked, ...dynamicReadings(json)];
}
