/**
 * The rules that everything is held to: AWS's own, by their names, those that mean something in any account and can be had
 * in every Region but the youngest. What landform makes passes them, as long as the spec does not ask for something else.
 *
 * https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html
 */

/** A managed rule of AWS Config. */
export interface Rule {
  /** What AWS calls it, where that is not its name in capitals. */
  readonly identifier?: string;
  readonly description: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** What is judged in each Region. */
export const REGIONAL_RULES = {
  "acm-certificate-expiration-check": {
    description: "Certificates do not expire within a month",
    parameters: { daysToExpiration: "30" },
  },
  "alb-http-to-https-redirection-check": { description: "Load balancers redirect HTTP to HTTPS" },
  "cloud-trail-encryption-enabled": { description: "Trails are encrypted with a key" },
  "cloud-trail-log-file-validation-enabled": { description: "The files of trails are sealed" },
  "cmk-backing-key-rotation-enabled": { description: "Keys rotate" },
  "ebs-snapshot-public-restorable-check": { description: "Snapshots of disks are not public" },
  "ec2-ebs-encryption-by-default": { description: "New disks are encrypted, whoever makes them" },
  "ec2-imdsv2-check": { description: "The metadata of instances demands a token" },
  "elb-logging-enabled": { description: "Load balancers log requests" },
  "encrypted-volumes": { description: "Disks in use are encrypted" },
  "lambda-function-public-access-prohibited": { description: "Not everybody may call a function" },
  "rds-instance-public-access-check": { description: "Databases are not public" },
  "rds-snapshots-public-prohibited": { description: "Snapshots of databases are not public" },
  "rds-storage-encrypted": { description: "Databases are encrypted" },
  "restricted-common-ports": {
    identifier: "RESTRICTED_INCOMING_TRAFFIC",
    description: "Ports of databases, remote desktops and FTP are not open to the world",
  },
  "restricted-ssh": {
    identifier: "INCOMING_SSH_DISABLED",
    description: "SSH is not open to the world",
  },
  "s3-bucket-level-public-access-prohibited": { description: "Buckets block public access" },
  "s3-bucket-public-read-prohibited": { description: "Not everybody may read a bucket" },
  "s3-bucket-public-write-prohibited": { description: "Not everybody may write to a bucket" },
  "s3-bucket-ssl-requests-only": { description: "Buckets take requests by TLS alone" },
  "vpc-default-security-group-closed": { description: "Default security groups let nothing through" },
  "vpc-flow-logs-enabled": { description: "VPCs log their traffic" },
} as const satisfies Record<string, Rule>;

/** What is judged once for an account, where IAM is recorded. */
export const GLOBAL_RULES = {
  "access-keys-rotated": {
    description: "Access keys are no older than three months",
    parameters: { maxAccessKeyAge: "90" },
  },
  "iam-password-policy": {
    description: "Passwords are long, mixed and not used again",
    parameters: {
      MinimumPasswordLength: "14",
      PasswordReusePrevention: "24",
      RequireLowercaseCharacters: "true",
      RequireNumbers: "true",
      RequireSymbols: "true",
      RequireUppercaseCharacters: "true",
    },
  },
  "iam-policy-no-statements-with-admin-access": {
    description: "No policy of the account's own allows everything",
  },
  "iam-root-access-key-check": { description: "The root user has no access key" },
  "iam-user-no-policies-check": { description: "Users have their rights from groups" },
  "iam-user-unused-credentials-check": {
    description: "Credentials that nobody uses are gone after 45 days",
    parameters: { maxCredentialUsageAge: "45" },
  },
  "mfa-enabled-for-iam-console-access": { description: "Who has a password has MFA" },
  "multi-region-cloudtrail-enabled": {
    identifier: "MULTI_REGION_CLOUD_TRAIL_ENABLED",
    description: "A trail sees every Region",
  },
  "root-account-mfa-enabled": { description: "The root user has MFA" },
  "s3-account-level-public-access-blocks-periodic": {
    description: "The account blocks public access to buckets",
  },
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof REGIONAL_RULES | keyof typeof GLOBAL_RULES;
