/** What a template is made of: literals and intrinsic functions. */
import { IntrinsicFunction } from "cloudform-types/types/dataTypes.js";

export type Scalar = string | number | boolean;
export type Value = Scalar | readonly Value[] | PlainObject | Expression;
export interface PlainObject {
  readonly [key: string]: Value;
}

/** The intrinsic functions; the last three are ours and are resolved by the link pass: see `Unlinked`. */
export type FunctionName =
  | "Ref"
  | "Condition"
  | "Fn::And"
  | "Fn::Base64"
  | "Fn::Cidr"
  | "Fn::Equals"
  | "Fn::FindInMap"
  | "Fn::GetAtt"
  | "Fn::GetAZs"
  | "Fn::GetStackOutput"
  | "Fn::If"
  | "Fn::ImportValue"
  | "Fn::Join"
  | "Fn::Not"
  | "Fn::Or"
  | "Fn::Select"
  | "Fn::Split"
  | "Fn::Sub"
  | "Import"
  | "PublicParameter"
  | "Readers";

/**
 * An intrinsic function with its argument. It is cloudform's `IntrinsicFunction`, so it stands wherever cloudform's
 * property types allow one, and `JSON.stringify` prints it in CloudFormation's long form.
 */
export class Expression extends IntrinsicFunction {
  readonly fn: FunctionName;
  readonly argument: Value;

  constructor(fn: FunctionName, argument: Value) {
    super(fn, argument);
    this.fn = fn;
    this.argument = argument;
  }
}

/** Where a stack is: an account (its id) and a Region. */
export interface Location {
  readonly account: string;
  readonly region: string;
}

/** What CloudFormation does not know: the link pass puts something in its place that it does. */
export abstract class Unlinked extends Expression {}

/** The value another stack published under an SSM parameter name. The link pass decides how it is had. */
export class Import extends Unlinked {
  readonly output: Output;
  /** Where it was published; the stack's own account and Region where absent. */
  readonly owner: Location | undefined;

  constructor(output: Output, owner?: Location) {
    const from = owner ? `${owner.account}/${owner.region}/` : "";
    super("Import", `${from}${output.stackSet}/${output.name}`);
    this.output = output;
    this.owner = owner;
  }
}

/** An SSM parameter that AWS publishes in every account and Region under the same name. */
export interface Published {
  /** The logical ID of the template parameter by which it is read. */
  readonly logicalId: string;
  /** Begins with `/aws/service/`. */
  readonly name: string;
  readonly type: OutputType;
  readonly description: string;
}

/**
 * The value of an SSM parameter of AWS's own, such as the newest image:
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
 */
export class PublicParameter extends Unlinked {
  readonly published: Published;

  constructor(published: Published) {
    super("PublicParameter", published.name);
    this.published = published;
  }
}

/** The ids of the accounts that read a shared output of this stack. The link pass knows them. */
export class Readers extends Unlinked {
  readonly output: Output;

  constructor(output: Output) {
    super("Readers", `${output.stackSet}/${output.name}`);
    this.output = output;
  }
}

/** Types an SSM-typed template parameter can ask for: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html> */
export type OutputType =
  | "String"
  | "List<String>"
  | "AWS::EC2::Image::Id"
  | "AWS::EC2::VPC::Id"
  | "AWS::EC2::SecurityGroup::Id"
  | "List<AWS::EC2::Subnet::Id>";

/** A value one stack set declares for others: published as an SSM parameter, whether or not anybody reads it. */
export interface Output {
  /** The stack set that publishes it. */
  readonly stackSet: string;
  /** Kebab case; the last part of the SSM parameter's name. */
  readonly name: string;
  readonly type: OutputType;
  readonly description: string;
  /** Other accounts read it too: the parameter is tier Advanced and shared through `AWS::RAM::ResourceShare`. */
  readonly shared?: true;
}

/** Text as user data takes it. */
export const base64 = (text: Value): Expression => new Expression("Fn::Base64", text);
export const join = (separator: string, values: readonly Value[] | Expression): Expression =>
  new Expression("Fn::Join", [separator, values]);
/** A resource, an attribute of one, or a pseudo parameter: what may stand in the text of `Fn::Sub`. */
export class Reference extends Expression {
  /** As `Fn::Sub` writes it: `Vpc` or `Vpc.CidrBlock`. */
  readonly path: string;

  constructor(target: string, attribute?: string) {
    super(
      attribute === undefined ? "Ref" : "Fn::GetAtt",
      attribute === undefined ? target : [target, attribute],
    );
    this.path = attribute === undefined ? target : `${target}.${attribute}`;
  }
}

/** Text with references in it: `` sub`arn:${partition}:iam::${accountId}:role/${name}` `` becomes an `Fn::Sub`. */
export function sub(strings: TemplateStringsArray, ...values: readonly (Reference | string)[]): Expression {
  const literal = (text: string) => text.replaceAll("${", "${!");
  const text = strings.slice(1).reduce(
    (before, part, index) => {
      const value = values[index] ?? "";
      return before + (typeof value === "string" ? literal(value) : `\${${value.path}}`) + literal(part);
    },
    literal(strings[0] ?? ""),
  );
  return new Expression("Fn::Sub", text);
}

export const select = (index: number, list: Value): Expression => new Expression("Fn::Select", [index, list]);
/** The Availability Zones of the stack's own Region. */
export const availabilityZones = new Expression("Fn::GetAZs", "");
export const noValue = new Reference("AWS::NoValue");
export const partition = new Reference("AWS::Partition");
export const region = new Reference("AWS::Region");
export const accountId = new Reference("AWS::AccountId");
export const urlSuffix = new Reference("AWS::URLSuffix");

export const isScalar = (value: Value): value is Scalar => typeof value !== "object";
export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
export const isExpression = (value: Value): value is Expression => value instanceof Expression;
export const isObject = (value: Value): value is PlainObject =>
  !isScalar(value) && !isList(value) && !isExpression(value);
export const isNoValue = (value: Value): boolean =>
  isExpression(value) && value.fn === "Ref" && value.argument === "AWS::NoValue";

/** Structural equality; the order of keys does not count, the order of items does. */
export function equal(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (isScalar(a) || isScalar(b)) return false;
  if (isExpression(a)) return isExpression(b) && a.fn === b.fn && equal(a.argument, b.argument);
  if (isList(a)) return isList(b) && equalLists(a, b);
  return isObject(b) && equalObjects(a, b);
}

function equalLists(a: readonly Value[], b: readonly Value[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) {
    if (!equal(a[index] as Value, b[index] as Value)) return false;
  }
  return true;
}

function equalObjects(a: PlainObject, b: PlainObject): boolean {
  let more = 0;
  for (const key in a) {
    if (!Object.hasOwn(b, key) || !equal(a[key] as Value, b[key] as Value)) return false;
    more++;
  }
  for (const _ in b) more--;
  return more === 0;
}

/** Calls `visit` for every expression in a value, outermost first. */
export function eachExpression(value: Value, visit: (expression: Expression) => void): void {
  if (isScalar(value)) return;
  if (isExpression(value)) {
    visit(value);
    eachExpression(value.argument, visit);
  } else if (isList(value)) {
    for (const item of value) eachExpression(item, visit);
  } else {
    for (const key in value) eachExpression(value[key] as Value, visit);
  }
}

/** A value with every expression replaced by what `replace` makes of it, innermost first; what stays is the same object. */
export function mapExpressions(value: Value, replace: (expression: Expression) => Value): Value {
  if (isScalar(value)) return value;
  if (value instanceof Unlinked) return replace(value);
  if (isExpression(value)) {
    const argument = mapExpressions(value.argument, replace);
    return replace(argument === value.argument ? value : new Expression(value.fn, argument));
  }
  return mapItems(value, (item) => mapExpressions(item, replace));
}

/** A list or an object with its items replaced; itself where all stay as they are. */
export function mapItems(outer: readonly Value[] | PlainObject, change: (item: Value) => Value): Value {
  if (isList(outer)) {
    let changed: Value[] | undefined;
    for (let index = 0; index < outer.length; index++) {
      const item = change(outer[index] as Value);
      if (item === outer[index]) continue;
      changed ??= [...outer];
      changed[index] = item;
    }
    return changed ?? outer;
  }
  let changed: { [key: string]: Value } | undefined;
  for (const key in outer) {
    const item = change(outer[key] as Value);
    if (item === outer[key]) continue;
    changed ??= { ...outer };
    changed[key] = item;
  }
  return changed ?? outer;
}
