/** What the narrower roles may do, beside what an AWS managed policy lets them see. */
import { roleNames } from "../../bootstrap/names.ts";
import { accountId, type Expression, type PlainObject, partition, sub } from "../../cfn/values.ts";
import { publisherName } from "../sites/settings.ts";

const allow = (
  Sid: string,
  Action: readonly string[],
  Resource: readonly Expression[] | "*",
): PlainObject => ({
  Sid,
  Effect: "Allow",
  Action,
  Resource,
});

/** ARNs of what this account has of a service in any Region. */
const own = (service: string, what: string): Expression =>
  sub`arn:${partition}:${service}:*:${accountId}:${what}`;

/** Looks at what runs: what applications log, what was deployed and with which values. No data, no secrets. */
export const watch = (name: string): readonly PlainObject[] => [
  allow(
    "Logs",
    [
      "logs:FilterLogEvents",
      "logs:GetLogEvents",
      "logs:GetLogGroupFields",
      "logs:GetLogRecord",
      "logs:GetQueryResults",
      "logs:StartLiveTail",
      "logs:StartQuery",
    ],
    [own("logs", `log-group:/${name}/function/*`), own("logs", `log-group:/${name}/service/*`)],
  ),
  allow("EndOfQueries", ["logs:StopQuery"], "*"),
  allow(
    "Alarms",
    ["cloudwatch:DescribeAlarmHistory", "cloudwatch:DescribeAlarms"],
    [own("cloudwatch", "alarm:*")],
  ),
  allow(
    "Stacks",
    [
      "cloudformation:DescribeStackEvents",
      "cloudformation:DescribeStackResources",
      "cloudformation:GetTemplate",
    ],
    [own("cloudformation", `stack/StackSet-${name}-*/*`)],
  ),
  // What is secret is in Secrets Manager.
  allow(
    "Parameters",
    ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"],
    [own("ssm", `parameter/${name}/*`)],
  ),
];

/** Works with what runs: restarts and scales services, goes back to a version that was there, calls functions. */
export const develop = (name: string): readonly PlainObject[] => [
  allow("Services", ["ecs:UpdateService"], [own("ecs", `service/${name}/*`)]),
  allow("Tasks", ["ecs:StopTask"], [own("ecs", `task/${name}/*`)]),
  allow("Functions", ["lambda:InvokeFunction"], [own("lambda", `function:${name}-*`)]),
];

/** What `landform plan`, `deploy`, `remove` and `publish` need: see `deploy/README.md`. */
export const deploy = (name: string): readonly PlainObject[] => {
  const roles = roleNames(name);
  const role = (account: string, of: string) => sub`arn:${partition}:iam::${account}:role/${of}`;
  return [
    allow(
      "StackSets",
      [
        "cloudformation:CreateStackInstances",
        "cloudformation:DeleteStackInstances",
        "cloudformation:DeleteStackSet",
        "cloudformation:DescribeStackSet",
        "cloudformation:DescribeStackSetOperation",
        "cloudformation:DetectStackSetDrift",
        "cloudformation:ListStackInstanceResourceDrifts",
        "cloudformation:ListStackInstances",
        "cloudformation:ListStackSetOperationResults",
        "cloudformation:ListStackSetOperations",
        "cloudformation:TagResource",
        "cloudformation:UpdateStackSet",
      ],
      [
        own("cloudformation", `stackset/${name}-*`),
        own("cloudformation", `stackset-target/${name}-*`),
        sub`arn:${partition}:cloudformation:*::type/resource/*`,
      ],
    ),
    // These know no stack set; what one is made to do, the role decides that is passed to it.
    allow("NewStackSets", ["cloudformation:CreateStackSet", "cloudformation:ListStackSets"], "*"),
    {
      Sid: "ActAsStackSets",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: sub`arn:${partition}:iam::${accountId}:role/${roles.administration}`,
      Condition: { StringEquals: { "iam:PassedToService": "cloudformation.amazonaws.com" } },
    },
    // In any account, where the role must trust ours: there may be more accounts than a policy has room for.
    allow(
      "LookAndPublish",
      ["sts:AssumeRole"],
      [role("*", roles.inspection), role("*", publisherName(name, "*"))],
    ),
    ...artifacts(name),
    ...images,
  ];
};

/** The key's id is not known here; through S3 it decrypts only what may be read there. */
const artifacts = (name: string): PlainObject[] => [
  allow(
    "Artifacts",
    ["s3:GetObject", "s3:PutObject"],
    [sub`arn:${partition}:s3:::${name}-artifacts-${accountId}-*/*`],
  ),
  {
    ...allow("ArtifactKeys", ["kms:Decrypt", "kms:GenerateDataKey"], [own("kms", "key/*")]),
    Condition: { StringLike: { "kms:ViaService": "s3.*.amazonaws.com" } },
  },
];

/** Images are pushed before a release can name them. */
const images: readonly PlainObject[] = [
  allow("SignInToRegistry", ["ecr:GetAuthorizationToken"], "*"),
  allow(
    "Images",
    [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload",
      "ecr:GetDownloadUrlForLayer",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ],
    [own("ecr", "repository/*")],
  ),
];
