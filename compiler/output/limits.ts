/** Limits of CloudFormation and others, checked while there is still time: what is over, and what is near. */

import type { Template } from "../cfn/template.ts";
import { isExpression, isScalar, type PlainObject, type Value } from "../cfn/values.ts";
import { type Diagnostic, inSpec, type Place, type Report } from "../diagnostics.ts";
import type { Assembly, Deployable } from "./assemble.ts";
import { templateFile } from "./files.ts";
import { hasRolePolicies, longestInlinePolicies, MOST_INLINE } from "./inline-policies.ts";
import { lengthOf } from "./length.ts";

/** A thing CloudFormation counts, with its limit. */
interface Limit {
  readonly what: string;
  readonly most: number;
  /** What to do about it. */
  readonly help: string;
  count(deployable: Deployable, body: string): number;
}

const SPLIT = "ask for less of it, or spread it over several specs";
const FEWER_ACCOUNTS = "give some accounts a spec of their own";
const FEWER_PLACEMENTS = "give some environments a spec of their own";

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 * The body goes through S3, so the larger limit holds; 200 attributes are 200 rows, and 200 columns in each.
 */
const LIMITS: readonly Limit[] = [
  { what: "bytes of template", most: 1_000_000, help: SPLIT, count: (_, body) => bytesOf(body) },
  { what: "resources", most: 500, help: SPLIT, count: ({ template }) => sizeOf(template.Resources) },
  { what: "parameters", most: 200, help: SPLIT, count: ({ template }) => sizeOf(template.Parameters) },
  { what: "outputs", most: 200, help: SPLIT, count: ({ template }) => sizeOf(template.Outputs) },
  {
    what: "bytes of description",
    most: 1024,
    help: "say less",
    count: ({ template }) => Buffer.byteLength(template.Description ?? ""),
  },
  { what: "mappings", most: 200, help: SPLIT, count: ({ template }) => sizeOf(template.Mappings) },
  {
    what: "rows in a mapping",
    most: 200,
    help: FEWER_PLACEMENTS,
    // An account is a row of its own in the mapping that finds the placement, though it stands in a column.
    count: ({ template: { Mappings: { Placement = {}, ...mappings } = {} } }) =>
      Math.max(0, ...Object.values(Placement).map(sizeOf), ...Object.values(mappings).map(sizeOf)),
  },
  {
    what: "columns in a mapping",
    most: 200,
    help: SPLIT,
    count: ({ template: { Mappings: { Placement: _, ...mappings } = {} } }) =>
      Object.values(mappings).reduce((most, rows) => Math.max(most, ...Object.values(rows).map(sizeOf)), 0),
  },
  {
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
    what: "dynamic references",
    most: 60,
    help: "let what is used by some of its environments only be used by all of them, or give it a service of its own",
    count: (_, body) => body.split("{{resolve:").length - 1,
  },
  {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    what: "characters in a role's own policies",
    most: MOST_INLINE,
    help: "let it use fewer things, or split it in two",
    count: (deployable) => (hasRolePolicies(deployable) ? longestInlinePolicies(deployable) : 0),
  },
  {
    what: "characters in a role's own policies",
    most: MOST_INLINE,
    help: FEWER_ACCOUNTS,
    count: (deployable) => (hasRolePolicies(deployable) ? 0 : longestInlinePolicies(deployable)),
  },
  {
    what: "characters in a group's own policies",
    most: 5_120,
    help: FEWER_ACCOUNTS,
    count: ({ template }) => longestOf(template, "AWS::IAM::Group", "Policies"),
  },
  {
    what: "characters in a managed policy",
    most: 6_144,
    help: SPLIT,
    count: ({ template }) => longestOf(template, "AWS::IAM::ManagedPolicy", "PolicyDocument"),
  },
  {
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html
    what: "bytes of user data",
    most: 16_384,
    help: "let the VPN reach fewer environments",
    count: ({ template }) =>
      Math.max(
        0,
        ...propertiesOf(template, "AWS::EC2::LaunchTemplate", "LaunchTemplateData").map((launch) =>
          textBytesOf((launch as PlainObject).UserData ?? ""),
        ),
      ),
  },
  {
    // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
    what: "characters in an organization policy",
    most: 5_120,
    help: "name fewer Regions, or switch `deny-regions` off",
    count: ({ template }) => longestOf(template, "AWS::Organizations::Policy", "Content"),
  },
  {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
    what: "characters in a bucket policy",
    most: 20_480,
    help: FEWER_ACCOUNTS,
    count: ({ template }) => longestOf(template, "AWS::S3::BucketPolicy", "PolicyDocument"),
  },
];

/** What is far from the limit is not counted exactly: no unit of UTF-16 takes more than three bytes. */
const bytesOf = (body: string): number => (3 * body.length < 100_000 ? body.length : Buffer.byteLength(body));

function propertiesOf({ Resources }: Template, type: string, property: string): Value[] {
  return Object.values(Resources).flatMap(({ Type, Properties }) =>
    Type === type && Properties[property] !== undefined ? [Properties[property]] : [],
  );
}

/** The characters of the longest. */
const longestOf = (template: Template, type: string, property: string): number =>
  Math.max(0, ...propertiesOf(template, type, property).map((value) => lengthOf(value, template)));

/** The bytes of all text in a value. What is not known here counts as it is written. */
function textBytesOf(value: Value): number {
  if (isExpression(value)) return textBytesOf(value.argument);
  if (isScalar(value)) return Buffer.byteLength(String(value));
  return Object.values(value).reduce<number>((sum, item: Value) => sum + textBytesOf(item), 0);
}

/** Rules of a security group in one direction: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups */
export const MOST_GROUP_RULES = 60;

/** From here on the headroom is worth a word. */
const isNear = (count: number, most: number): boolean => count > most * 0.8;

/** @param files the printed files, by name */
export function checkLimits(assembly: Assembly, files: ReadonlyMap<string, string>, report: Report): void {
  const check = (deployable: Deployable, kind: string) => {
    const body = files.get(templateFile(deployable.name)) ?? "";
    for (const limit of LIMITS) {
      const count = limit.count(deployable, body);
      if (!isNear(count, limit.most)) continue;
      const finding = describeLimit({
        ...limit,
        subject: `the ${kind} \`${deployable.name}\``,
        count,
        at: inSpec(Object.values(deployable.provenance)[0] ?? [], "key"),
      });
      if (finding) report(finding);
    }
  };
  for (const stack of assembly.bootstrap) check(stack, "stack");
  for (const stackSet of assembly.stackSets) check(stackSet, "stack set");
}

/** What is counted of something, and how much of it there is. */
export interface Count extends Omit<Limit, "count"> {
  readonly subject: string;
  readonly count: number;
  readonly at: Place;
  /** AWS raises it for who asks, so that what is over it may be right. */
  readonly isQuota?: true;
}

/** An error where a count is over its limit, a warning where it is near; undefined where there is room. */
export function describeLimit(limit: Count): Diagnostic | undefined {
  const { subject, what, most, help, count, at, isQuota } = limit;
  if (!isNear(count, most)) return undefined;
  const isOver = count > most;
  const allowed = isOver
    ? `at most ${most} are allowed${isQuota ? ", unless AWS has raised the account's quota" : ""}`
    : `${most - count} more are allowed`;
  return {
    code: isOver ? "limit-exceeded" : "limit-near",
    ...((!isOver || isQuota) && { severity: "warning" }),
    message: `${subject} has ${count} ${what}; ${allowed}`,
    help,
    at,
  };
}

const sizeOf = (object: object | undefined): number => Object.keys(object ?? {}).length;
