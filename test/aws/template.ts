/** What a template comes to in one account and Region: mappings looked up, conditions decided, all else as it stands. */
import { isMap, isScalar, isSeq, type ParsedNode, parseDocument } from "yaml";

/** A value of a template. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, Value>>;
  /** The other attributes, such as DeletionPolicy. */
  readonly attributes: Readonly<Record<string, Value>>;
}

type Section = { readonly [key: string]: Value };

/** Templates are few and their stacks many. */
const parsed = new Map<string, Section>();

/** The resources by logical id that a stack of the template has in `account` and `region`. */
export function resourcesIn(text: string, account: string, region: string): Map<string, Resource> {
  const template = parse(text);
  const pseudo: Section = { "AWS::AccountId": account, "AWS::Region": region, "AWS::Partition": "aws" };
  const evaluate = evaluator(template, pseudo);
  const resources = new Map<string, Resource>();
  for (const [name, body] of Object.entries(section(template.Resources))) {
    const { Type, Properties, Condition, ...attributes } = section(body);
    if (Condition !== undefined && evaluate({ Condition }) === false) continue;
    resources.set(name, {
      Type: String(Type),
      Properties: section(evaluate(Properties ?? {})),
      attributes: section(evaluate(attributes)),
    });
  }
  return resources;
}

/** The parameters of a template whose values are looked up in the parameter store, with the names they have there. */
export function ssmParametersOf(text: string): Map<string, string> {
  const all = Object.entries(section(parse(text).Parameters)).map(
    ([name, body]) => [name, section(body)] as const,
  );
  const looked = all.filter(([, { Type }]) => String(Type).startsWith("AWS::SSM::Parameter::Value<"));
  return new Map(looked.map(([name, { Default }]) => [name, String(Default ?? "")]));
}

function parse(text: string): Section {
  const template = parsed.get(text) ?? section(plain(parseDocument(text, { logLevel: "silent" }).contents));
  parsed.set(text, template);
  return template;
}

/** `value` with every FindInMap, condition and If that can be told. */
function evaluator(template: Section, pseudo: Section): (value: Value) => Value {
  const mappings = section(template.Mappings);
  const conditions = section(template.Conditions);

  const evaluate = (value: Value): Value => {
    if (isList(value)) return value.map(evaluate).filter((item) => !isNoValue(item));
    if (typeof value !== "object" || value === null) return value;
    const [name = "", ...more] = Object.keys(value);
    const argument = value[name] ?? null;
    if (more.length === 0) {
      const result = call(name, argument);
      if (result !== undefined) return result;
    }
    const entries = Object.entries(value).map(([key, item]) => [key, evaluate(item)] as const);
    return Object.fromEntries(entries.filter(([, item]) => !isNoValue(item)));
  };

  const call = (name: string, argument: Value): Value | undefined => {
    if (name === "Ref") return pseudo[String(argument)];
    if (name === "Condition") return evaluate(conditions[String(argument)] ?? null);
    if (!isList(argument)) return undefined;
    if (name === "Fn::If") {
      const holds = evaluate({ Condition: argument[0] ?? null });
      if (typeof holds === "boolean") return evaluate(argument[holds ? 1 : 2] ?? null);
    }
    const values = argument.map(evaluate);
    if (name === "Fn::FindInMap") {
      const row = section(section(mappings[String(values[0])])[String(values[1])]);
      return row[String(values[2])];
    }
    const known = values.every((item) => typeof item !== "object");
    if (!known) return undefined;
    if (name === "Fn::Equals") return String(values[0]) === String(values[1]);
    if (name === "Fn::Not") return values[0] !== true;
    if (name === "Fn::And") return values.every((item) => item === true);
    if (name === "Fn::Or") return values.some((item) => item === true);
    return undefined;
  };
  return evaluate;
}

function section(value: Value | undefined): Section {
  return value !== null && typeof value === "object" && !isList(value) ? value : {};
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function isNoValue(value: Value): boolean {
  return typeof value === "object" && value !== null && !isList(value) && value.Ref === "AWS::NoValue";
}

/** A node as JSON has it, with short forms such as `!Sub` written out. */
function plain(node: ParsedNode | null): Value {
  if (!node) return null;
  const value = contents(node);
  if (!node.tag?.startsWith("!")) return value;
  const name = node.tag.slice(1);
  if (name === "Ref" || name === "Condition") return { [name]: value };
  return {
    [`Fn::${name}`]: name === "GetAtt" && typeof value === "string" ? value.split(/\.(.*)/, 2) : value,
  };
}

function contents(node: ParsedNode): Value {
  if (isMap<ParsedNode, ParsedNode | null>(node)) {
    return Object.fromEntries(node.items.map(({ key, value }) => [String(contents(key)), plain(value)]));
  }
  if (isSeq<ParsedNode>(node)) return node.items.map(plain);
  if (isScalar(node) && ["string", "number", "boolean"].includes(typeof node.value))
    return node.value as Value;
  return null;
}
