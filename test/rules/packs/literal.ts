/**
 * Templates in the words that public packs know. Their rules ask for a text, or for `Ref` and `Fn::GetAtt` of what is in
 * the same template, and take anything else for missing. So what a target gets is said in these words, as CloudFormation
 * would: its own account and Region, `Fn::Sub` as a text or as `Fn::Join`, and a parameter out of Parameter Store as the
 * dynamic reference that is the same.
 */
import { isJsonObject, type Json, type JsonObject } from "../../../compiler/schema.ts";
import type { PlainTemplate } from "../../support/everything.ts";

/** A parameter that stands for one value; lists have no other form. */
const STORED = /^AWS::SSM::Parameter::Value<(?!List<)/;

export function literal(template: PlainTemplate, account: string, region: string): PlainTemplate {
  const parameters = Object.entries((template.Parameters ?? {}) as Record<string, JsonObject>);
  const stored = parameters.filter(([, { Type }]) => STORED.test(String(Type)));
  const texts = new Map<string, string>([
    ["AWS::AccountId", account],
    ["AWS::Region", region],
    ["AWS::Partition", "aws"],
    ["AWS::URLSuffix", "amazonaws.com"],
    ...stored.map(([name, { Default }]): [string, string] => [name, `{{resolve:ssm:${Default}}}`]),
  ]);
  return { ...template, Resources: say(template.Resources as Json, texts) };
}

function say(value: Json, texts: ReadonlyMap<string, string>): Json {
  if (Array.isArray(value)) return value.map((item) => say(item, texts));
  if (!isJsonObject(value)) return value;
  if (typeof value.Ref === "string") return texts.get(value.Ref) ?? value;
  if (value["Fn::Sub"] !== undefined) return substitute(value["Fn::Sub"], texts);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, say(inner, texts)]));
}

function substitute(argument: Json, texts: ReadonlyMap<string, string>): Json {
  const [text, own] = Array.isArray(argument) ? argument : [argument, {}];
  const values = say(own as Json, texts) as JsonObject;
  const parts = String(text)
    .split(/(\$\{[^}]*\})/)
    .filter((part) => part !== "")
    .map((part): Json => {
      const name = /^\$\{([^}]*)\}$/.exec(part)?.[1];
      if (name === undefined) return part;
      if (name.startsWith("!")) return `\${${name.slice(1)}}`;
      if (values[name] !== undefined) return values[name];
      const [logicalId, ...attribute] = name.split(".");
      if (attribute.length > 0) return { "Fn::GetAtt": [logicalId as string, attribute.join(".")] };
      return texts.get(name) ?? { Ref: name };
    });
  const joined: Json[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (typeof last === "string" && typeof part === "string") joined[joined.length - 1] = last + part;
    else joined.push(part);
  }
  return joined.every((part) => typeof part === "string") ? joined.join("") : { "Fn::Join": ["", joined] };
}
