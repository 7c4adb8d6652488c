/** Masks credentials in every log group of an account and Region, those of others too. */
import { Expression } from "../../cfn/values.ts";
import type { Stack } from "../../stack.ts";

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/protect-sensitive-log-data-types-credentials.html */
const CREDENTIALS = [
  "AwsSecretKey",
  "OpenSshPrivateKey",
  "PgpPrivateKey",
  "PkcsPrivateKey",
  "PuttyPrivateKey",
];

const DataIdentifier = CREDENTIALS.map(
  (credential) => `arn:\${AWS::Partition}:dataprotection::aws:data-identifier/${credential}`,
);

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/mask-sensitive-log-data-accountlevel.html */
const POLICY = {
  Name: "mask-credentials",
  Version: "2021-06-01",
  Statement: [
    { Sid: "Find", DataIdentifier, Operation: { Audit: { FindingsDestination: {} } } },
    { Sid: "Mask", DataIdentifier, Operation: { Deidentify: { MaskConfig: {} } } },
  ],
};

export function maskCredentials(stack: Stack, name: string): void {
  stack.add("AWS::Logs::AccountPolicy", "CredentialMask", {
    PolicyName: `${name}-mask-credentials`,
    PolicyType: "DATA_PROTECTION_POLICY",
    Scope: "ALL",
    PolicyDocument: new Expression("Fn::Sub", JSON.stringify(POLICY)),
  });
}
