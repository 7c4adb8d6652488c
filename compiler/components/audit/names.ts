/** Names that other accounts must know: of the archive and of what writes to it. */
import { type Account, type Architecture, securityAccountOf } from "../../architecture.ts";
import { type Expression, partition, sub } from "../../cfn/values.ts";
import { Invariant } from "../../invariant.ts";

export const ARCHIVE = "log-archive";

/** The account of the archive. What needs it is built only where there is one. */
export function archiveAccountOf({ spec }: Pick<Architecture, "spec">): Account {
  const account = securityAccountOf(spec);
  if (!account) throw new Invariant("no account for security");
  return account;
}

/** The buckets of the archive. The longest name has 20 + 15 + 12 + 1 + 14 characters; S3 allows 63. */
export function archiveBuckets(architecture: Architecture) {
  const { name, home } = architecture;
  const { id } = archiveAccountOf(architecture);
  return {
    /** What was done: the files of the trails. */
    trails: `${name}-trails-${id}-${home}`,
    /** What everything was set to: the files of the recorders. */
    configuration: `${name}-configuration-${id}-${home}`,
    /** Who asked for what in the other two. */
    requests: `${name}-requests-${id}-${home}`,
  };
}

export const archiveKeyAlias = (name: string): string => `alias/${name}/${ARCHIVE}`;

/** The key of the archive, by its alias: both CloudTrail and AWS Config take one of another account. */
export function archiveKeyArn(architecture: Architecture): Expression {
  const { name, home } = architecture;
  return sub`arn:${partition}:kms:${home}:${archiveAccountOf(architecture).id}:${archiveKeyAlias(name)}`;
}

/** A trail is named like the architecture: nothing shorter is said in a bucket policy that names hundreds. */
export const trailName = ({ name }: Architecture): string => name;

export const trailArn = (architecture: Architecture, account: string): Expression =>
  sub`arn:${partition}:cloudtrail:${architecture.home}:${account}:trail/${trailName(architecture)}`;

/** What the names of the recorders' roles begin with; then comes the Region: 20 + 10 + 14 characters of IAM's 64. */
export const recorderRolePrefix = (name: string): string => `${name}-recorder-`;
