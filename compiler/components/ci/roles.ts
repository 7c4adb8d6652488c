/** What the roles of the pipeline may do: what `landform plan`, `deploy` and `publish` ask AWS for, and no more. */
import { type Account, type Architecture, activeAccounts } from "../../architecture.ts";
import { roleNames } from "../../bootstrap/names.ts";
import { accountId, type Expression, type PlainObject, partition, sub } from "../../cfn/values.ts";
import type { Demand } from "../../demands.ts";
import { publisherName } from "../sites/settings.ts";
import { policyOf } from "../workload/statements.ts";

/** Looks: reads stack sets, and in each account makes change sets by the role that can't execute them. */
export const planPolicy = (architecture: Architecture): PlainObject =>
  policyOf([
    { Sid: "Look", Effect: "Allow", Action: LOOK, Resource: stackSets(architecture) },
    listStackSets,
    inspectAccounts(architecture),
    {
      // A template that is too large for a call. Nothing that is deployed lies there.
      Sid: "TemplatesToPreview",
      Effect: "Allow",
      Action: "s3:PutObject",
      Resource: bucketArn(architecture, "/previews/*"),
    },
    throughS3(architecture, "kms:GenerateDataKey"),
  ]);

/**
 * Deploys and publishes, and deletes no stack set. What it deploys can be anything in the spec's accounts, so that who
 * can be it is what counts.
 */
export const deployPolicy = (architecture: Architecture): PlainObject =>
  policyOf([
    {
      Sid: "StackSets",
      Effect: "Allow",
      Action: [
        "cloudformation:CreateStackInstances",
        "cloudformation:DescribeStackSetOperation",
        "cloudformation:ListStackSetOperationResults",
        "cloudformation:TagResource",
        "cloudformation:UntagResource",
        "cloudformation:UpdateStackSet",
        ...LOOK,
      ],
      Resource: stackSets(architecture),
    },
    {
      // Which accounts it may be is for the administration role to say.
      Sid: "TheirTargets",
      Effect: "Allow",
      Action: ["cloudformation:CreateStackInstances", "cloudformation:UpdateStackSet"],
      Resource: [
        sub`arn:${partition}:cloudformation:*:${accountId}:stackset-target/${architecture.name}-*`,
        sub`arn:${partition}:cloudformation:*:*:type/resource/*`,
      ],
    },
    {
      // It knows no resource, since that is not there yet; what is made has the spec's tag.
      Sid: "NewStackSets",
      Effect: "Allow",
      Action: "cloudformation:CreateStackSet",
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestTag/landform:spec": architecture.name } },
    },
    listStackSets,
    {
      Sid: "ActAsStackSets",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: sub`arn:${partition}:iam::${accountId}:role/${roleNames(architecture.name).administration}`,
      Condition: { StringEquals: { "iam:PassedToService": "cloudformation.amazonaws.com" } },
    },
    {
      Sid: "Artifacts",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject"],
      Resource: bucketArn(architecture, "/*"),
    },
    // Without it, what is not there yet could not be told from what is forbidden.
    { Sid: "ArtifactBuckets", Effect: "Allow", Action: "s3:ListBucket", Resource: bucketArn(architecture) },
    throughS3(architecture, "kms:Decrypt", "kms:GenerateDataKey"),
    inspectAccounts(architecture),
    ...publishSites(architecture),
  ]);

/** What tells how stack sets are. */
const LOOK = [
  "cloudformation:DescribeStackSet",
  "cloudformation:ListStackInstances",
  "cloudformation:ListStackSetOperations",
];

/** The action knows no resource. */
const listStackSets: PlainObject = {
  Sid: "FindStackSets",
  Effect: "Allow",
  Action: "cloudformation:ListStackSets",
  Resource: "*",
};

const stackSets = ({ name }: Architecture): Expression =>
  sub`arn:${partition}:cloudformation:*:${accountId}:stackset/${name}-*:*`;

/** The artifact buckets in all Regions, or what lies in them. */
const bucketArn = ({ name }: Architecture, below = ""): Expression =>
  sub`arn:${partition}:s3:::${name}-artifacts-${accountId}-*${below}`;

/** The key's id is not known here; S3 tells the key which bucket it is used for. */
const throughS3 = (architecture: Architecture, ...actions: readonly string[]): PlainObject => ({
  Sid: "TheirKeys",
  Effect: "Allow",
  Action: actions,
  Resource: sub`arn:${partition}:kms:*:${accountId}:key/*`,
  Condition: {
    StringLike: {
      "kms:ViaService": "s3.*.amazonaws.com",
      "kms:EncryptionContext:aws:s3:arn": bucketArn(architecture),
    },
  },
});

const inspectAccounts = ({ name, spec }: Architecture): PlainObject => ({
  Sid: "LookIntoAccounts",
  Effect: "Allow",
  Action: "sts:AssumeRole",
  Resource: rolesIn(activeAccounts(spec), roleNames(name).inspection),
});

function publishSites({ name, demands }: Architecture): PlainObject[] {
  const sites = [...publishedSites(demands)];
  if (sites.length === 0) return [];
  return [
    {
      Sid: "PublishSites",
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Resource: sites.flatMap(([site, accounts]) => rolesIn(accounts, publisherName(name, site))),
    },
  ];
}

/** The sites, each with the accounts that have it. */
function publishedSites(demands: readonly Demand[]): Map<string, readonly Account[]> {
  const sites = new Map<string, Account[]>();
  for (const { isPublished, path, placement } of demands) {
    if (!isPublished) continue;
    const site = String(path.at(-1));
    const accounts = sites.get(site) ?? [];
    sites.set(site, accounts);
    if (!accounts.some(({ id }) => id === placement.account.id)) accounts.push(placement.account);
  }
  return sites;
}

/** As many roles of a name as the policy has room for among the rest: 10,240 characters in all. */
const NAMED = 20;

/** A role of that name in each account; where they are too many, in any that trusts this one. */
const rolesIn = (accounts: readonly Account[], roleName: string): Expression[] =>
  (accounts.length > NAMED ? ["*"] : accounts.map(({ id }) => id)).map(
    (id) => sub`arn:${partition}:iam::${id}:role/${roleName}`,
  );
