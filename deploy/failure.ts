/** What failed first, and why: found behind the many results that only say that something else failed. */
import { type Aws, inspect } from "./aws.ts";
import { explain } from "./errors.ts";
import type { LiveInstance, LiveOperation } from "./live.ts";
import type { DesiredStackSet, Manifest, Target } from "./manifest.ts";
import { CANCELLED, firstFailedEvent } from "./stack-events.ts";
import type { InstanceResult } from "./wait.ts";

/** Why a stack set is not as it should be, and what to do next. */
export interface Failure {
  readonly stackSet: string;
  /** What is wrong, in one sentence without a full stop. */
  readonly message: string;
  readonly help: string;
  /** Where it failed; absent where it is about the whole stack set. */
  readonly target?: Target;
  /** The resource that failed. */
  readonly logicalId?: string;
  /** It lies in the account itself, not in what is deployed there. */
  readonly isAboutAccount?: true;
}

/** An operation that did not succeed everywhere. */
export interface FailedOperation {
  readonly aws: Aws;
  readonly manifest: Manifest;
  readonly stackSet: Pick<DesiredStackSet, "name" | "stackSetName" | "targets">;
  readonly operation: LiveOperation;
  readonly results: readonly InstanceResult[];
  readonly instances: readonly LiveInstance[];
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-troubleshooting.html */
const MISSING_ROLE =
  /should have '?[^']*'? role|trust relationship|unable to assume|is not authorized to perform: sts:AssumeRole/i;
/** The role of a service such as ECS, which is made for the account's first resource and may come too late for it. */
const MISSING_SERVICE_ROLE = /service[- ]linked role/i;
const SUSPENDED = /\baccount\b.*\bsuspended\b|\bsuspended\b.*\baccount\b/is;

const isShutOut = (reason: string): boolean =>
  MISSING_ROLE.test(reason) && !MISSING_SERVICE_ROLE.test(reason);
const isAboutAccount = (reason: string): boolean => SUSPENDED.test(reason) || isShutOut(reason);

/** The failures of an operation: the first of those that lie in stacks, and each that lies in an account. */
export async function failuresOf(failed: FailedOperation): Promise<Failure[]> {
  // What was cancelled is a consequence, but for what was skipped because its account is suspended.
  const results = failed.results.filter(
    ({ status, reason }) => status === "FAILED" || SUSPENDED.test(reason),
  );
  const inAccounts = results.flatMap((result) => explainAccount(failed, result));
  const inStacks = results.filter(({ reason }) => !isAboutAccount(reason));
  const first = await findFirst(failed, inStacks);
  const found = [...inAccounts, ...(first ? [describe(failed, first, inStacks.length)] : [])];
  return found.length > 0 ? found : [unexplained(failed)];
}

/** What to do when the cause is gone. */
const again = ({ operation }: FailedOperation): string =>
  `then run \`landform ${operation.action === "DELETE" ? "remove" : "deploy"}\` again: it goes on where this ended`;

function unexplained(failed: FailedOperation): Failure {
  const { stackSet, operation } = failed;
  return operation.status === "STOPPED"
    ? {
        stackSet: stackSet.name,
        message: "somebody stopped the operation before it was done",
        help: `find out why, in the console or from CloudTrail; ${again(failed)}`,
      }
    : {
        stackSet: stackSet.name,
        message: `the operation ${operation.id} ended as ${operation.status} and gave no reason`,
        help: `look at it in the console under StackSets; ${again(failed)}`,
      };
}

function explainAccount(failed: FailedOperation, result: InstanceResult): Failure[] {
  const { manifest, stackSet } = failed;
  const target = targetOf(failed, result);
  const account = target ? `\`${target.account}\` (${result.id})` : result.id;
  const about = { stackSet: stackSet.name, ...(target && { target }), isAboutAccount: true } as const;
  if (SUSPENDED.test(result.reason)) {
    return [
      {
        ...about,
        message: `the account ${account} is suspended`,
        help: `reopen it, or say \`status: closed\` at the account to keep it out; ${again(failed)}`,
      },
    ];
  }
  if (!isShutOut(result.reason)) return [];
  const { name, administration } = manifest;
  return [
    {
      ...about,
      message: `the account ${account} does not let \`${name}\` in from account ${administration.id}: ${oneLine(result.reason)}`,
      help: `\`landform bootstrap\` makes the roles that are missing; ${again(failed)}`,
    },
  ];
}

/** What failed in a stack, and when. */
interface FirstFailure {
  readonly result: InstanceResult;
  readonly logicalId?: string;
  readonly type?: string;
  readonly reason: string;
  readonly at: number;
  /** Why the stack's own events could not be read. */
  readonly blind?: string;
}

/** Stacks fail one after the other or a few at a time: so many tell which was first. */
const LOOKED_AT = 10;

async function findFirst(
  failed: FailedOperation,
  results: readonly InstanceResult[],
): Promise<FirstFailure | undefined> {
  const found = await Promise.all(results.slice(0, LOOKED_AT).map((result) => lookInto(failed, result)));
  return found.sort((a, b) => a.at - b.at)[0];
}

async function lookInto(
  { aws, manifest, operation, instances }: FailedOperation,
  result: InstanceResult,
): Promise<FirstFailure> {
  const stackId = instances.find(({ id, region }) => id === result.id && region === result.region)?.stackId;
  if (!stackId) return fromReason(result);
  try {
    const client = inspect(aws, manifest, result);
    const event = await firstFailedEvent(client, stackId, operation.action === "DELETE");
    if (!event) return fromReason(result);
    return {
      result,
      logicalId: event.LogicalResourceId ?? "",
      type: event.ResourceType ?? "",
      reason: event.ResourceStatusReason ?? "",
      at: event.Timestamp?.getTime() ?? 0,
    };
  } catch (error) {
    return { ...fromReason(result), blind: explain(error) ?? String(error) };
  }
}

/** What StackSets itself says: `ResourceLogicalId:Vpc, ResourceType:AWS::EC2::VPC, ResourceStatusReason:…`. */
function fromReason(result: InstanceResult): FirstFailure {
  const [, logicalId, type, reason] =
    /ResourceLogicalId: ?([A-Za-z0-9]+), ?ResourceType: ?([\w:]+), ?ResourceStatusReason: ?(.*)/s.exec(
      result.reason,
    ) ?? [];
  // Without a time, one that is only a consequence comes last.
  const isConsequence = CANCELLED.test(result.reason);
  return {
    result,
    ...(logicalId && { logicalId }),
    ...(type && { type }),
    reason: reason ?? result.reason,
    at: isConsequence ? Number.POSITIVE_INFINITY : Number.MAX_SAFE_INTEGER,
  };
}

function describe(
  failed: FailedOperation,
  { logicalId, type, reason, result, blind }: FirstFailure,
  count: number,
): Failure {
  const target = targetOf(failed, result);
  const { name } = failed.stackSet;
  const where = target
    ? `\`${target.environment}\` (${target.id}, ${target.region})`
    : `${result.id} ${result.region}`;
  const what = logicalId ? `\`${logicalId}\`${type ? ` (${type})` : ""} failed first` : "the stack failed";
  const others = count > 1 ? `, and ${count - 1} other ${count > 2 ? "stacks" : "stack"} failed too` : "";
  const look = blind ? `; its events could not be read (${blind})` : "";
  const letGo = `, or let go of the stack with \`landform remove ${name} --in ${target?.environment ?? result.id} --retain\``;
  return {
    stackSet: name,
    ...(target && { target }),
    ...(logicalId && { logicalId }),
    message: `in ${where} ${what}: ${oneLine(reason) || "no reason was given"}${others}${look}`,
    help:
      failed.operation.action === "DELETE"
        ? `put it right in the account, ${again(failed)}${letGo}`
        : `${remedyFor(reason)}; ${again(failed)}`,
  };
}

const remedyFor = (reason: string): string =>
  MISSING_SERVICE_ROLE.test(reason)
    ? "`landform bootstrap` makes the role where it is not there by now"
    : "put it right in the spec or in the account";

const targetOf = ({ stackSet }: FailedOperation, { id, region }: InstanceResult): Target | undefined =>
  stackSet.targets.find((target) => target.id === id && target.region === region);

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim().replace(/\.$/, "");
