/** Names that other accounts, and the deployer, must know: roles and buckets of the bootstrap stacks. */

/** The roles that deploying needs. The longest name has 20 + 25 characters; IAM allows 64. */
export const roleNames = (specName: string) => ({
  /** In the administration account: what StackSets act as. */
  administration: `${specName}-stack-set-administration`,
  /** In each account: what stacks are made with. */
  execution: `${specName}-stack-set-execution`,
  /** In each account: what looks at stacks, and changes none. */
  inspection: `${specName}-stack-set-inspection`,
});

/** The schema knows only Regions of the partition `aws`. */
export const roleArn = (account: string, roleName: string): string =>
  `arn:aws:iam::${account}:role/${roleName}`;

/** The bucket for templates and code in a Region. At most 20 + 11 + 12 + 1 + 14 characters; S3 allows 63. */
export const artifactsBucket = (specName: string, account: string, region: string): string =>
  `${specName}-artifacts-${account}-${region}`;

/**
 * What the organization's management account comes into the others by, and `landform bootstrap` with it: the role that
 * AWS Organizations makes in an account, and that of Control Tower.
 */
export const ACCESS_ROLES = ["AWSControlTowerExecution", "OrganizationAccountAccessRole"] as const;
