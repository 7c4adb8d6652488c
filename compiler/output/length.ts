/** How many characters a policy will have once it is resolved: as JSON without white space, which AWS does not count. */
import type { Template } from "../cfn/template.ts";
import {
  isExpression,
  isList,
  isNoValue,
  isScalar,
  type PlainObject,
  type Scalar,
  type Value,
} from "../cfn/values.ts";

/** What is known of what a value refers to. */
type Surroundings = Pick<Template, "Resources" | "Parameters" | "Mappings">;

const ACCOUNT = "123456789012";
/** The longest name that a Region has: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html */
const REGION = "ap-southeast-1";
const OWN = `${REGION}:${ACCOUNT}`;
const UUID = "01234567-89ab-cdef-0123-456789abcdef";

/** What pseudo parameters give, at their longest; partitions other than `aws` are not reckoned with. */
const PSEUDO: Readonly<Record<string, string>> = {
  "AWS::AccountId": ACCOUNT,
  "AWS::NoValue": "",
  "AWS::Partition": "aws",
  "AWS::Region": REGION,
  "AWS::StackName": "s".repeat(128),
  "AWS::StackId": `arn:aws:cloudformation:${OWN}:stack/${"s".repeat(128)}/${UUID}`,
  "AWS::URLSuffix": "amazonaws.com",
};

/** What a bucket is called that is given no name: CloudFormation makes it of the stack's, which StackSets makes long. */
const UNNAMED = "b".repeat(63);

/**
 * What others give, as long as AWS makes it, by how its name ends: that of the SSM parameter it is published under, or
 * resource type and attribute. The first that fits counts.
 */
const EXAMPLES: readonly (readonly [RegExp, string])[] = [
  [/key-arn$|KMS::Key\.Arn$/, `arn:aws:kms:${OWN}:key/${UUID}`],
  [/bucket-arn$|S3::Bucket\.Arn$/, `arn:aws:s3:::${UNNAMED}`],
  [/S3::Bucket$/, UNNAMED],
  // RDS makes the longest: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
  [/secret-arn$|SecretsManager::Secret$/, `arn:aws:secretsmanager:${OWN}:secret:rds!db-${UUID}-AbCdEf`],
  [/resource-id$/, "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ"],
  // Of the others that stand in policies, that of a function's log group.
  [/arn$/i, `arn:aws:logs:${OWN}:log-group:/aws/lambda/${"f".repeat(64)}:*`],
  [/./, "n".repeat(64)],
];

/** The length of a value. What can't be known is reckoned as what it is in the longest case; see `EXAMPLES`. */
export function lengthOf(value: Value, surroundings: Surroundings = { Resources: {} }): number {
  const length = (inner: Value): number => lengthOf(inner, surroundings);
  if (isScalar(value)) return JSON.stringify(withoutReferences(value)).length;
  if (!isExpression(value)) {
    const items = isList(value) ? value : Object.values(value);
    const keys = isList(value) ? [] : Object.keys(value);
    const signs = 2 + Math.max(0, items.length - 1);
    const named = keys.reduce((sum, key) => sum + JSON.stringify(key).length + 1, signs);
    return items.reduce<number>((sum, item) => sum + length(item), named);
  }
  if (isNoValue(value)) return 0;
  const choices = choicesOf(value.fn, value.argument, surroundings);
  return choices ? Math.max(0, ...choices.map(length)) : 2 + textLengthOf(value, surroundings);
}

/** What a function chooses from; undefined for one that makes text. */
function choicesOf(
  fn: string,
  argument: Value,
  { Mappings = {} }: Surroundings,
): readonly Value[] | undefined {
  if (!isList(argument)) return undefined;
  if (fn === "Fn::If") return argument.slice(1);
  if (fn !== "Fn::FindInMap") return undefined;
  const [mapping, , column] = argument;
  const rows = Object.values(Mappings[String(mapping)] ?? {});
  const cells = rows.map((row) => row[String(column)]);
  return cells.filter((cell) => cell !== undefined);
}

/** The length of a value that is text, or part of one. */
function textLengthOf(value: Value, surroundings: Surroundings): number {
  const length = (inner: Value): number => textLengthOf(inner, surroundings);
  if (isScalar(value)) return String(withoutReferences(value)).length;
  if (!isExpression(value)) return lengthOf(value, surroundings);
  const { fn, argument } = value;
  const list = isList(argument) ? argument : [argument];
  const choices = choicesOf(fn, argument, surroundings);
  if (choices) return Math.max(0, ...choices.map(length));
  switch (fn) {
    case "Ref":
      return referenceLengthOf(String(argument), surroundings);
    case "Fn::GetAtt":
      return referenceLengthOf(list.join("."), surroundings);
    case "Fn::Sub":
      return substitutedLengthOf(String(list[0]), (list[1] ?? {}) as PlainObject, surroundings);
    case "Fn::Join": {
      const parts = (isList(list[1] as Value) ? list[1] : [list[1]]) as readonly Value[];
      const separators = Math.max(0, parts.length - 1) * length(list[0] ?? "");
      return parts.reduce<number>((sum, part) => sum + length(part), separators);
    }
    default:
      return lengthOf(argument, surroundings);
  }
}

function substitutedLengthOf(text: string, variables: PlainObject, surroundings: Surroundings): number {
  const names = [...text.matchAll(/\$\{([^!}][^}]*)\}/g)];
  const literal = text.replaceAll(/\$\{([^!}][^}]*)\}/g, "").replaceAll("${!", "${").length;
  return names.reduce((sum, [, name = ""]) => {
    const variable = variables[name];
    const own =
      variable === undefined ? referenceLengthOf(name, surroundings) : textLengthOf(variable, surroundings);
    return sum + own;
  }, literal);
}

/** @param path a parameter, a resource, or an attribute of one after a dot */
function referenceLengthOf(path: string, surroundings: Surroundings): number {
  const { Parameters = {}, Resources } = surroundings;
  const pseudo = PSEUDO[path];
  if (pseudo !== undefined) return pseudo.length;
  const [name = "", ...attribute] = path.split(".");
  const parameter = Parameters[name];
  // Other parameters than those of SSM are given no value but this.
  if (parameter?.Default !== undefined)
    return (
      /^AWS::SSM::/.test(parameter.Type) ? exampleOf(String(parameter.Default)) : String(parameter.Default)
    ).length;
  const { Type, Properties: { BucketName } = {} } = Resources[name] ?? {};
  const example = exampleOf([Type, ...attribute].join("."));
  return BucketName === undefined
    ? example.length
    : example.replace(UNNAMED, "").length + textLengthOf(BucketName, surroundings);
}

const exampleOf = (name: string): string => EXAMPLES.find(([ending]) => ending.test(name))?.[1] ?? "";

/** A text with examples in the place of dynamic references. */
const withoutReferences = <T extends Scalar>(value: T): T | string =>
  typeof value === "string"
    ? value.replaceAll(/\{\{resolve:ssm:([^}]*)\}\}/g, (_, name: string) => exampleOf(name))
    : value;
