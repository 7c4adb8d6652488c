/** Statements of policies that several kinds need. */
import {
  accountId,
  type Expression,
  type PlainObject,
  partition,
  region,
  sub,
  type Value,
} from "../../cfn/values.ts";
import type { SecretValue } from "../../connection.ts";

export const policyOf = (statements: readonly PlainObject[]): PlainObject => ({
  Version: "2012-10-17",
  Statement: statements,
});

/**
 * Who may take a role: one service, acting for this account.
 *
 * @param source what of the account the service may act for, as an ARN with `*`
 */
export const trust = (service: string, source?: Expression): PlainObject =>
  policyOf([
    {
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "aws:SourceAccount": accountId },
        ...(source && { ArnLike: { "aws:SourceArn": source } }),
      },
    },
  ]);

/** ARN pattern of what a service has in this account and Region. */
export const ownArn = (service: string): Expression =>
  sub`arn:${partition}:${service}:${region}:${accountId}:*`;

/**
 * What EventBridge Scheduler acts for: a group of schedules, never a single one.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
export const scheduleGroups: Expression = sub`arn:${partition}:scheduler:${region}:${accountId}:schedule-group/*`;

/** The statement by which somebody uses a key, but only through a service. */
export const decryptThrough = (
  service: string,
  sid: string,
  keyArn: Value,
  actions: string | readonly string[] = "kms:Decrypt",
): PlainObject => ({
  Sid: sid,
  Effect: "Allow",
  Action: actions,
  Resource: keyArn,
  Condition: { StringEquals: { "kms:ViaService": sub`${service}.${region}.amazonaws.com` } },
});

type Secret = Pick<SecretValue, "secretArn" | "keyArn">;

/** The statements by which somebody reads a secret, called after what it is for. */
export const readSecret = (id: string, { secretArn, keyArn }: Secret): PlainObject[] => [
  { Sid: `Read${id}Secret`, Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secretArn },
  decryptThrough("secretsmanager", `Decrypt${id}Secret`, keyArn),
];

/** The statements by which somebody reads several secrets, each secret and each key once. */
export function readSecrets(secrets: readonly Secret[]): PlainObject[] {
  if (secrets.length === 0) return [];
  return [
    {
      Sid: "ReadSecrets",
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: distinct(secrets.map(({ secretArn }) => secretArn)),
    },
    decryptThrough("secretsmanager", "DecryptSecrets", distinct(secrets.map(({ keyArn }) => keyArn))),
  ];
}

const distinct = (values: readonly Value[]): Value[] => [
  ...new Map(values.map((value) => [JSON.stringify(value), value])).values(),
];

/** The statement by which somebody writes to a log group. */
export const writeLogs = (logGroupArn: Value): PlainObject => ({
  Sid: "WriteLogs",
  Effect: "Allow",
  Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
  Resource: logGroupArn,
});
