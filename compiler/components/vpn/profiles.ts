/** The secrets with the profiles of the VPN: the server writes them, and each is read by the one user it is for, with MFA. */
import type { Placement } from "../../architecture.ts";
import { keyPolicy } from "../../cfn/security.ts";
import { accountId, type PlainObject, partition, region, sub } from "../../cfn/values.ts";
import { pascalCase } from "../../names.ts";
import type { Handle, Stack } from "../../stack.ts";
import { peoplePath, type User } from "../people/settings.ts";
import { ASKING } from "../people/trust.ts";
import { decryptThrough, policyOf } from "../workload/statements.ts";
import { VPN, vpnOutputs } from "./outputs.ts";
import { secretsPrefix } from "./settings.ts";

/** @param users all in one account, that for security */
export function addProfiles(stack: Stack, name: string, users: readonly User[]): Handle<"AWS::KMS::Key"> {
  const key = stack.add(
    "AWS::KMS::Key",
    "ProfilesKey",
    {
      Description: "Encrypts the profiles for the VPN",
      EnableKeyRotation: true,
      KeyPolicy: keyPolicy(...usersDecrypt(users)),
      Tags: [{ Key: "Name", Value: `${name}-${VPN}-profiles` }],
    },
    { retain: true },
  );
  for (const user of users) addProfile(stack, name, user, key);
  stack.publish(vpnOutputs.people, users.map((user) => user.name).join() || "-", {
    from: [...peoplePath, "users"],
  });
  return key;
}

/** Without a value, which the server gives it. It goes with its user, whose certificate the server revokes. */
function addProfile(stack: Stack, name: string, user: User, key: Handle<"AWS::KMS::Key">): void {
  const from = [...peoplePath, "users", user.name];
  const id = `${pascalCase(user.name)}Profile`;
  const secret = stack.add(
    "AWS::SecretsManager::Secret",
    id,
    {
      Name: `${secretsPrefix(name)}/${user.name}`,
      Description: `The profile of ${user.name} for the VPN, filled in by its server`,
      KmsKeyId: key.att("Arn"),
    },
    { expendable: true, from },
  );
  stack.add(
    "AWS::SecretsManager::ResourcePolicy",
    `${id}Policy`,
    { SecretId: secret.ref, BlockPublicPolicy: true, ResourcePolicy: policyOf(readByOne(user)) },
    { from },
  );
}

/** The account is the principal, and the user a condition: who comes back to the spec is another principal to AWS. */
const readByOne = ({ arn }: User): readonly PlainObject[] => [
  {
    Sid: "UserWithMfa",
    Effect: "Allow",
    Principal: { AWS: accountOf(arn) },
    Action: "secretsmanager:GetSecretValue",
    Resource: "*",
    Condition: {
      ArnEquals: { "aws:PrincipalArn": arn },
      Bool: { "aws:MultiFactorAuthPresent": "true" },
    },
  },
  {
    Sid: "NobodyElse",
    Effect: "Deny",
    Principal: "*",
    Action: "secretsmanager:GetSecretValue",
    Resource: "*",
    Condition: { ArnNotEquals: { "aws:PrincipalArn": arn } },
  },
];

/** A key's statement for the users; which secret it is for, the secret's own policy decides. */
const usersDecrypt = ([first, ...others]: readonly User[]): readonly PlainObject[] =>
  first
    ? [
        {
          Sid: "Users",
          Effect: "Allow",
          Principal: { AWS: accountOf(first.arn) },
          Action: "kms:Decrypt",
          Resource: "*",
          Condition: {
            ArnEquals: { "aws:PrincipalArn": [first, ...others].map(({ arn }) => arn) },
            StringEquals: { "kms:ViaService": sub`secretsmanager.${region}.amazonaws.com` },
          },
        },
      ]
    : [];

/** The principal that stands for a user's account. */
const accountOf = (arn: string) => sub`arn:${partition}:iam::${arn.split(":")[4] ?? ""}:root`;

/** Statements by which the server fills them in. It can't read what is in them. */
export const fillIn = (name: string, key: Handle<"AWS::KMS::Key">): readonly PlainObject[] => [
  {
    Sid: "FillInProfiles",
    Effect: "Allow",
    Action: ["secretsmanager:DescribeSecret", "secretsmanager:PutSecretValue"],
    Resource: sub`arn:${partition}:secretsmanager:${region}:${accountId}:secret:${secretsPrefix(name)}/*`,
  },
  decryptThrough("secretsmanager", "EncryptProfiles", key.att("Arn"), ["kms:Decrypt", "kms:GenerateDataKey"]),
];

/** What a user's own policies must say, since the secret is in another account. Names of secrets end in six characters. */
export function readOwnProfile(name: string, { account, region: home }: Placement): readonly PlainObject[] {
  const profile = sub`arn:${partition}:secretsmanager:${home}:${account.id}:secret:${secretsPrefix(name)}/${ASKING}-??????`;
  return [
    { Sid: "OwnProfile", Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: profile },
    {
      Sid: "DecryptOwnProfile",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: sub`arn:${partition}:kms:${home}:${account.id}:key/*`,
      Condition: {
        StringEquals: { "kms:ViaService": `secretsmanager.${home}.amazonaws.com` },
        ArnLike: { "kms:EncryptionContext:SecretARN": profile },
      },
    },
  ];
}
