/** The roles in each account: one that stacks are made with, and one that looks at them and changes nothing. */
import type { Architecture } from "../architecture.ts";
import { rootOf } from "../cfn/security.ts";
import { accountId, type Expression, partition, sub, type Value } from "../cfn/values.ts";
import { type ConcreteStack, Stack } from "../stack.ts";
import { artifactsBucket, roleNames } from "./names.ts";

export function executionStack({ name, administration }: Architecture): ConcreteStack {
  const roles = roleNames(name);
  const stack = new Stack(
    name,
    "bootstrap-execution",
    "The roles that stack sets and previews use in an account",
    ["accounts"],
  );
  stack.add("AWS::IAM::Role", "ExecutionRole", {
    RoleName: roles.execution,
    // Who makes roles can do anything: no narrower policy would hold. What is limited is who can be this role.
    Description: `What the stack sets of ${name} make stacks with: it can do anything, but only they can assume it`,
    AssumeRolePolicyDocument: trust(
      sub`arn:${partition}:iam::${administration.id}:role/${roles.administration}`,
    ),
    ManagedPolicyArns: [sub`arn:${partition}:iam::aws:policy/AdministratorAccess`],
  });
  stack.add("AWS::IAM::Role", "InspectionRole", {
    RoleName: roles.inspection,
    Description: `Shows what ${name} has in this account and what a change would do; it can change nothing`,
    // Who of that account can be it is for the account's IAM to say.
    AssumeRolePolicyDocument: trust(rootOf(administration.id)),
    Policies: [
      { PolicyName: "inspect-stacks", PolicyDocument: policy(inspectStacks(name)) },
      { PolicyName: "resolve-parameters", PolicyDocument: policy(resolveParameters(name)) },
      { PolicyName: "read-artifacts", PolicyDocument: policy(readArtifacts(name, administration.id)) },
    ],
  });
  return stack.build();
}

const policy = (statements: readonly Value[]) => ({ Version: "2012-10-17", Statement: statements });

const trust = (principal: Expression) =>
  policy([{ Effect: "Allow", Principal: { AWS: principal }, Action: "sts:AssumeRole" }]);

/**
 * A change set shows what an update would do. Where there is no stack yet, making one leaves an empty stack in review,
 * which is of its own name and goes again. `ExecuteChangeSet` is in no statement.
 */
function inspectStacks(name: string): Value[] {
  const stacks = (prefix: string) =>
    sub`arn:${partition}:cloudformation:*:${accountId}:stack/${prefix}-${name}-*/*`;
  return [
    {
      Sid: "Look",
      Effect: "Allow",
      Action: [
        "cloudformation:CreateChangeSet",
        "cloudformation:DeleteChangeSet",
        "cloudformation:DescribeChangeSet",
        "cloudformation:DescribeStackEvents",
        "cloudformation:DescribeStackResources",
        "cloudformation:DescribeStacks",
        "cloudformation:GetTemplate",
        "cloudformation:GetTemplateSummary",
        "cloudformation:ListStackResources",
      ],
      Resource: [stacks("StackSet"), stacks("landform-preview")],
    },
    {
      Sid: "TidyUp",
      Effect: "Allow",
      Action: "cloudformation:DeleteStack",
      Resource: stacks("landform-preview"),
    },
  ];
}

/**
 * A change set resolves SSM-typed parameters, and checks that what they name exists where they are of a type of AWS's,
 * with the permissions of whoever asks for it. A deploy compares them with what stacks go by. That these suffice was not
 * tried on AWS here.
 */
function resolveParameters(name: string): Value[] {
  return [
    {
      Sid: "Parameters",
      Effect: "Allow",
      Action: ["ssm:GetParameter", "ssm:GetParameters"],
      Resource: [
        // Of other accounts only what they share with this one: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-shared-parameters.html
        sub`arn:${partition}:ssm:*:*:parameter/${name}/*`,
        sub`arn:${partition}:ssm:*::parameter/aws/service/*`,
      ],
    },
    {
      // These actions know no resource.
      Sid: "WhatTheyName",
      Effect: "Allow",
      Action: ["ec2:DescribeImages", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs"],
      Resource: "*",
    },
  ];
}

/** The key's id is not known here; S3 tells the key which bucket or object it is used for. */
function readArtifacts(name: string, administrationId: string): Value[] {
  const buckets = sub`arn:${partition}:s3:::${artifactsBucket(name, administrationId, "*")}`;
  return [
    {
      Sid: "Objects",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:GetObjectVersion"],
      Resource: sub`arn:${partition}:s3:::${artifactsBucket(name, administrationId, "*")}/*`,
    },
    {
      Sid: "TheirKeys",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: sub`arn:${partition}:kms:*:${administrationId}:key/*`,
      Condition: {
        StringLike: {
          "kms:ViaService": "s3.*.amazonaws.com",
          "kms:EncryptionContext:aws:s3:arn": buckets,
        },
      },
    },
  ];
}
