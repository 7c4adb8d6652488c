/**
 * What CloudFormation makes of templates in their accounts: resources with plain values. A reference is the id of what it
 * names, such as `<dev network Vpc>`, also where it came through an SSM parameter; an attribute that is not another name
 * of the resource is `<dev network Vpc DefaultSecurityGroup>`.
 */
import { isJsonObject, type Json, type JsonObject } from "../../compiler/schema.ts";
import { type PlainTemplate, resourcesOf } from "../support/everything.ts";

/** A template of one stack: no mappings, no conditions. */
export interface PlacedTemplate {
  /** What people call the account and Region, such as `dev`. */
  readonly place: string;
  readonly account: string;
  readonly region: string;
  readonly stack: string;
  readonly template: PlainTemplate;
}

export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly place: string;
  readonly account: string;
  readonly region: string;
  readonly stack: string;
  readonly logicalId: string;
  readonly properties: JsonObject;
}

/** An id in a text: place, stack, logical ID, and the attribute where it is one. */
export const ID = /<([^<> ]+) ([^<> ]+) (\w+)(?: ([\w.]+))?>/g;

/** @throws Error on what is not published, not there, or no function that is known here */
export function deploy(placed: readonly PlacedTemplate[]): Resource[] {
  const published = new Map<string, () => string>();
  const stacks = placed.map((stack) => new Stack(stack, (key) => published.get(key)?.()));
  for (const stack of stacks) {
    for (const [logicalId, { Type }] of resourcesOf(stack.placed.template)) {
      if (Type !== "AWS::SSM::Parameter") continue;
      const { account, region } = stack.placed;
      const key = `${region}:${account}:${stack.property(logicalId, "Name")}`;
      if (published.has(key)) throw new Error(`${stack.idOf(logicalId)}: ${key} is published twice`);
      published.set(key, () => String(stack.property(logicalId, "Value")));
    }
  }
  return stacks.flatMap((stack) => stack.resources());
}

/** Evaluates the template of one stack. */
class Stack {
  readonly placed: PlacedTemplate;
  readonly #published: (key: string) => string | undefined;
  readonly #resources: ReadonlyMap<string, JsonObject>;
  /** What is being evaluated, to see a circle. */
  readonly #pending = new Set<string>();

  constructor(placed: PlacedTemplate, published: (key: string) => string | undefined) {
    this.placed = placed;
    this.#published = published;
    this.#resources = new Map(resourcesOf(placed.template));
  }

  idOf(logicalId: string, attribute?: string): string {
    const { place, stack } = this.placed;
    return `<${[place, stack, logicalId, ...(attribute === undefined ? [] : [attribute])].join(" ")}>`;
  }

  resources(): Resource[] {
    const { place, account, region, stack } = this.placed;
    return [...this.#resources].map(([logicalId, { Type, Properties = {} }]) => ({
      id: this.idOf(logicalId),
      type: String(Type),
      place,
      account,
      region,
      stack,
      logicalId,
      properties: this.#evaluate(Properties) as JsonObject,
    }));
  }

  /** The value of a resource's property; undefined where it has none. */
  property(logicalId: string, name: string): Json | undefined {
    const properties = this.#resources.get(logicalId)?.Properties;
    if (!isJsonObject(properties) || properties[name] === undefined) return undefined;
    const id = this.idOf(logicalId, name);
    if (this.#pending.has(id)) throw new Error(`${id} reads itself`);
    this.#pending.add(id);
    try {
      return this.#evaluate(properties[name]);
    } finally {
      this.#pending.delete(id);
    }
  }

  #evaluate(value: Json): Json {
    if (typeof value === "string") return this.#resolveDynamic(value);
    if (Array.isArray(value)) return value.map((item) => this.#evaluate(item)).filter(isPresent);
    if (!isJsonObject(value)) return value;
    const [[name, argument] = ["", null], ...others] = Object.entries(value);
    if (others.length === 0 && (name === "Ref" || name.startsWith("Fn::"))) {
      return this.#call(name, argument);
    }
    const entries = Object.entries(value).map(([key, inner]): [string, Json] => [key, this.#evaluate(inner)]);
    return Object.fromEntries(entries.filter(([, inner]) => isPresent(inner)));
  }

  #call(name: string, argument: Json): Json {
    if (name === "Ref") return this.#refer(String(argument));
    if (name === "Fn::Sub") return this.#substitute(argument);
    const value = this.#evaluate(argument);
    const [first = "", second = ""] = Array.isArray(value) ? value : [value];
    switch (name) {
      case "Fn::GetAtt":
        return Array.isArray(value)
          ? this.#attribute(String(first), String(second))
          : this.#attribute(...splitOnce(String(value)));
      case "Fn::Join":
        return this.#texts(second).join(String(first));
      case "Fn::Select":
        return this.#select(Number(first), this.#texts(second));
      case "Fn::Split":
        return String(second).split(String(first));
      case "Fn::GetAZs":
        return [..."abcdef"].map((zone) => `${this.placed.region}${zone}`);
      case "Fn::Base64":
        return String(value);
      default:
        throw new Error(`${this.placed.place} ${this.placed.stack}: ${name} is not evaluated here`);
    }
  }

  #refer(name: string): Json {
    const pseudo: Record<string, Json> = {
      "AWS::AccountId": this.placed.account,
      "AWS::Region": this.placed.region,
      "AWS::Partition": "aws",
      "AWS::URLSuffix": "amazonaws.com",
      "AWS::StackId": this.idOf("AWS::StackId"),
      "AWS::StackName": this.placed.stack,
      "AWS::NoValue": null,
    };
    if (Object.hasOwn(pseudo, name)) return pseudo[name] as Json;
    if (this.#resources.has(name)) return this.idOf(name);
    const parameters = this.placed.template.Parameters as JsonObject | undefined;
    const parameter = parameters?.[name];
    if (!isJsonObject(parameter))
      throw new Error(`${this.idOf(name)}: there is no such resource or parameter`);
    const type = String(parameter.Type);
    if (!type.startsWith("AWS::SSM::Parameter::Value<")) return parameter.Default ?? this.idOf(name);
    const value = this.#read(String(parameter.Default));
    return /<(List<|CommaDelimitedList)/.test(type) ? value.split(",") : value;
  }

  #attribute(logicalId: string, attribute: string): Json {
    const type = this.#resources.get(logicalId)?.Type;
    if (type === undefined) throw new Error(`${this.idOf(logicalId)}: there is no such resource`);
    if (isOwnName(String(type), attribute)) return this.idOf(logicalId);
    if (attribute.endsWith("Port")) return this.#port(logicalId);
    return this.property(logicalId, attribute) ?? this.idOf(logicalId, attribute);
  }

  /** Where a store does not name its port, its engine has one. */
  #port(logicalId: string): Json {
    const engine = String(this.property(logicalId, "Engine"));
    const port = this.property(logicalId, "Port") ?? PORTS[engine];
    if (port === undefined) throw new Error(`${this.idOf(logicalId)}: no port is known of ${engine}`);
    return port;
  }

  #substitute(argument: Json): string {
    const [text, given] = Array.isArray(argument) ? argument : [argument, {}];
    const variables = this.#evaluate(given ?? {}) as JsonObject;
    return this.#resolveDynamic(
      String(text).replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
        if (literal) return `\${${name}}`;
        if (Object.hasOwn(variables, name)) return String(variables[name]);
        return String(name.includes(".") ? this.#attribute(...splitOnce(name)) : this.#refer(name));
      }),
    );
  }

  #resolveDynamic(text: string): string {
    return text.replaceAll(/\{\{resolve:ssm:([^:}]+)(:\d+)?\}\}/g, (_, name: string) => this.#read(name));
  }

  /** The value under a name, or an ARN, which may be of another account. AWS's own parameters stay names. */
  #read(name: string): string {
    const { account, region } = this.placed;
    const [, ofRegion = region, ofAccount = account, path = name] =
      /^arn:aws:ssm:([^:]*):([^:]*):parameter(.*)$/.exec(name) ?? [];
    if (path.startsWith("/aws/")) return `ssm:${path}`;
    const value = this.#published(`${ofRegion}:${ofAccount}:${path}`);
    if (value === undefined) {
      throw new Error(`${this.placed.place} ${this.placed.stack}: no stack publishes ${name}`);
    }
    return value;
  }

  /** The items of a list; an attribute that is one, whose items are not known, counts as its only item. */
  #texts(value: Json): string[] {
    if (Array.isArray(value)) return value.map(String);
    if (typeof value === "string" && value.startsWith("<")) return [value];
    throw new Error(`${this.placed.place} ${this.placed.stack}: ${JSON.stringify(value)} is not a list`);
  }

  #select(index: number, list: readonly string[]): string {
    const item = list[index];
    if (item !== undefined) return item;
    throw new Error(
      `${this.placed.place} ${this.placed.stack}: there is no item ${index} in ${list.join(", ")}`,
    );
  }
}

/** The ports of engines: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/set-up.html#elasticache-install-grant-access-VPN */
const PORTS: Readonly<Record<string, number>> = { postgres: 5432, memcached: 11211, valkey: 6379 };

/** Whether an attribute is the resource by another name: its id or ARN. */
function isOwnName(type: string, attribute: string): boolean {
  const kind = type.split("::").at(-1)?.toLowerCase();
  return ["id", "arn", "groupid", "allocationid", `${kind}id`, `${kind}arn`].includes(
    attribute.toLowerCase(),
  );
}

/** `Vpc.CidrBlock` → the resource and the attribute. */
function splitOnce(text: string): [string, string] {
  const [logicalId = "", ...attribute] = text.split(".");
  return [logicalId, attribute.join(".")];
}

/** What `AWS::NoValue` stands for is not there. */
const isPresent = (value: Json): boolean => value !== null;
