/** What failed first, and why: found behind the many results that only say that something else failed. */
import { DescribeStackEventsCommand, type StackEvent } from "@aws-sdk/client-cloudformation";
import { type Aws, inspect } from "./aws.ts";
import { explain } from "./errors.ts";
import type { LiveInstance, LiveOperation } from "./live.ts";
import type { Manifest, Target } from "./manifest.ts";
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

const AGAIN = "then run `landform deploy` again: it goes on where this ended";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-troubleshooting.html */
const CANCELLED = /cancell?ed/i;
const MISSING_ROLE =
  /should have '?[^']*'? role|trust relationship|unable to assume|is not authorized to perform: sts:AssumeRole/i;
const SUSPENDED = /suspended/i;

/** The failures of an operation that did not succeed everywhere: the first that is really one, and what lies in accounts. */
export async function failuresOf(
  aws: Aws,
  manifest: Manifest,
  stackSet: string,
  { status }: LiveOperation,
  results: readonly InstanceResult[],
  instances: readonly LiveInstance[],
  targets: readonly Target[],
): Promise<Failure[]> {
  const targetOf = ({ id, region }: InstanceResult) =>
    targets.find((target) => target.id === id && target.region === region);
  const failed = results.filter(({ status: own, reason }) => own === "FAILED" || SUSPENDED.test(reason));
  const inAccount = failed.flatMap((result) => explainAccount(manifest, stackSet, result, targetOf(result)));
  const inStack = failed.filter(({ reason }) => !isAboutAccount(reason) && !CANCELLED.test(reason));
  const first = await findFirst(aws, manifest, inStack, instances);
  const found = [
    ...inAccount,
    ...(first ? [describe(stackSet, first, targetOf(first.result), inStack.length)] : []),
  ];
  if (found.length > 0) return found;
  return [
    status === "STOPPED"
      ? {
          stackSet,
          message: "somebody stopped the operation before it was done",
          help: "find out why, in the console or from CloudTrail, and run `landform deploy` again: it goes on where this ended",
        }
      : {
          stackSet,
          message: `the operation ended as ${status} and gave no reason`,
          help: "look at it in the console under StackSets, and run `landform deploy` again",
        },
  ];
}

const isAboutAccount = (reason: string): boolean => SUSPENDED.test(reason) || MISSING_ROLE.test(reason);

function explainAccount(
  { administration, name }: Manifest,
  stackSet: string,
  { id, reason }: InstanceResult,
  target: Target | undefined,
): Failure[] {
  const account = target ? `\`${target.account}\` (${id})` : id;
  const about = { stackSet, ...(target && { target }), isAboutAccount: true } as const;
  if (SUSPENDED.test(reason)) {
    return [
      {
        ...about,
        message: `the account ${account} is suspended`,
        help: `reopen it, or say \`status: closed\` at the account to keep it out; ${AGAIN}`,
      },
    ];
  }
  if (MISSING_ROLE.test(reason)) {
    return [
      {
        ...about,
        message: `the account ${account} does not let \`${name}\` in from account ${administration.id}: ${oneLine(reason)}`,
        help: `\`landform bootstrap\` makes the roles that are missing; ${AGAIN}`,
      },
    ];
  }
  return [];
}

/** A resource that failed, and when. */
interface FirstFailure {
  readonly result: InstanceResult;
  readonly logicalId?: string;
  readonly type?: string;
  readonly reason: string;
  readonly at: number;
  /** Why the stack's own events could not be read. */
  readonly blind?: string;
}

async function findFirst(
  aws: Aws,
  manifest: Manifest,
  failed: readonly InstanceResult[],
  instances: readonly LiveInstance[],
): Promise<FirstFailure | undefined> {
  // Stacks fail one after the other or a few at a time; the first few tell which was first.
  const found = await Promise.all(
    failed.slice(0, 10).map(async (result): Promise<FirstFailure> => {
      const stackId = instances.find(
        ({ id, region }) => id === result.id && region === result.region,
      )?.stackId;
      try {
        const event = stackId && (await firstFailedEvent(aws, manifest, result, stackId));
        if (event)
          return {
            result,
            logicalId: event.LogicalResourceId ?? "",
            type: event.ResourceType ?? "",
            reason: event.ResourceStatusReason ?? "",
            at: event.Timestamp?.getTime() ?? 0,
          };
        return fromReason(result);
      } catch (error) {
        return { ...fromReason(result), blind: explain(error) ?? String(error) };
      }
    }),
  );
  return found.sort((a, b) => a.at - b.at)[0];
}

/** The first event of the stack's last operation that is a failure and not the consequence of one. */
async function firstFailedEvent(
  aws: Aws,
  manifest: Manifest,
  result: InstanceResult,
  stackId: string,
): Promise<StackEvent | undefined> {
  const client = inspect(aws, manifest, result);
  let first: StackEvent | undefined;
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new DescribeStackEventsCommand({ StackName: stackId, ...(NextToken && { NextToken }) }),
    );
    // Newest first, back to where the stack's last operation began.
    for (const event of page.StackEvents ?? []) {
      const status = event.ResourceStatus ?? "";
      const isStack = event.PhysicalResourceId === stackId;
      if (status.endsWith("_FAILED") && !isStack && !CANCELLED.test(event.ResourceStatusReason ?? ""))
        first = event;
      if (isStack && /^(CREATE|UPDATE|DELETE)_IN_PROGRESS$/.test(status)) return first;
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return first;
}

/** What StackSets itself says: `ResourceLogicalId:Vpc, ResourceType:AWS::EC2::VPC, ResourceStatusReason:…`. */
function fromReason(result: InstanceResult): FirstFailure {
  const [, logicalId, type, reason] =
    /ResourceLogicalId: ?([A-Za-z0-9]+), ?ResourceType: ?([\w:]+), ?ResourceStatusReason: ?(.*)/s.exec(
      result.reason,
    ) ?? [];
  return {
    result,
    ...(logicalId && { logicalId }),
    ...(type && { type }),
    reason: reason ?? result.reason,
    at: Number.POSITIVE_INFINITY,
  };
}

function describe(
  stackSet: string,
  { logicalId, type, reason, result, blind }: FirstFailure,
  target: Target | undefined,
  count: number,
): Failure {
  const where = target
    ? `\`${target.environment}\` (${target.id}, ${target.region})`
    : `${result.id} ${result.region}`;
  const what = logicalId ? `\`${logicalId}\`${type ? ` (${type})` : ""} failed first` : "the stack failed";
  const others = count > 1 ? `, and ${count - 1} other ${count > 2 ? "stacks" : "stack"} failed too` : "";
  const look = blind ? `; its events could not be read (${blind})` : "";
  return {
    stackSet,
    ...(target && { target }),
    ...(logicalId && { logicalId }),
    message: `in ${where} ${what}: ${oneLine(reason) || "no reason was given"}${others}${look}`,
    help: `put it right in the spec or in the account; ${AGAIN}`,
  };
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim().replace(/\.$/, "");
