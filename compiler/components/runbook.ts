/**
 * Runbooks that Systems Manager runs again and again, for what no resource type can set: AWS's own, or one of the stack.
 */
import {
  accountId,
  type PlainObject,
  partition,
  type Reference,
  region,
  sub,
  type Value,
} from "../cfn/values.ts";
import type { Stack } from "../stack.ts";
import { policyOf, trust } from "./workload/statements.ts";

/** The roles that runbooks run in, by the beginning of their names: what they do is not done by hand. */
export const runbookRolePrefix = (specName: string): string => `${specName}-runbook-`;

/** For what nobody changes by accident: each step of a run costs a fraction of a cent. */
export const DAILY = "rate(1 day)";

/** One runbook, and how it is run. */
export interface Runbook {
  /** The logical IDs of the association and of the role that it runs in. */
  readonly id: string;
  readonly roleId: string;
  /** What it is about: the middle of the role's name, between 20 + 9 and 1 + 14 of the 64 characters that IAM allows. */
  readonly about: string;
  /** The name of the association and of the role's policy, in words with hyphens. */
  readonly title: string;
  /** What the role is for: `Lets Systems Manager …`. */
  readonly description: string;
  /** The name of one of AWS's, or one of the stack. */
  readonly document: string | Reference;
  /** What it is told, besides its role. */
  readonly parameters?: { readonly [name: string]: readonly Value[] };
  /** What it needs, besides running at all. */
  readonly statements: readonly PlainObject[];
  readonly schedule: string;
}

/**
 * Runs a runbook at once and then by its schedule, in a role that may do nothing else. The first run may come before IAM
 * knows the role. Actions and parameters are on each runbook's page:
 * https://docs.aws.amazon.com/systems-manager-automation-runbooks/latest/userguide/automation-runbook-reference.html
 */
export function addRunbook(stack: Stack, runbook: Runbook): void {
  const { document } = runbook;
  const role = stack.add("AWS::IAM::Role", runbook.roleId, {
    RoleName: sub`${runbookRolePrefix(stack.specName)}${runbook.about}-${region}`,
    Description: runbook.description,
    AssumeRolePolicyDocument: trust("ssm.amazonaws.com"),
    Policies: [
      {
        PolicyName: runbook.title,
        PolicyDocument: policyOf([
          ...runbook.statements,
          {
            Sid: "Run",
            Effect: "Allow",
            Action: "ssm:StartAutomationExecution",
            Resource: [
              sub`arn:${partition}:ssm:${region}:*:automation-definition/${document}:*`,
              sub`arn:${partition}:ssm:${region}:*:document/${document}`,
            ],
          },
          {
            Sid: "Follow",
            Effect: "Allow",
            Action: "ssm:GetAutomationExecution",
            Resource: sub`arn:${partition}:ssm:${region}:${accountId}:automation-execution/*`,
          },
        ]),
      },
    ],
  });
  stack.add("AWS::SSM::Association", runbook.id, {
    AssociationName: runbook.title,
    Name: document,
    Parameters: { AutomationAssumeRole: [role.att("Arn")], ...runbook.parameters },
    ScheduleExpression: runbook.schedule,
  });
}
