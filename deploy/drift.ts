/** What was changed behind the back of the stack sets: drifted resources, and stacks that were updated directly. */
import {
  DetectStackSetDriftCommand,
  GetTemplateCommand,
  ListStackInstanceResourceDriftsCommand,
} from "@aws-sdk/client-cloudformation";
import pLimit from "p-limit";
import { adopt, follow, giveWay, type Work } from "./apply.ts";
import { inspect } from "./aws.ts";
import { explain } from "./errors.ts";
import {
  describeStackSet,
  type LiveInstance,
  type LiveStackSet,
  listInstances,
  listOperations,
} from "./live.ts";
import type { DesiredStackSet } from "./manifest.ts";
import { driftName } from "./operation-id.ts";
import { startOperation } from "./start.ts";

/** One thing that is not as it was deployed. */
export interface Drift {
  readonly stackSet: string;
  readonly place: { readonly id: string; readonly region: string };
  /** The resource; absent where the stack's template itself is another. */
  readonly logicalId?: string;
  readonly type?: string;
  readonly what: "modified" | "deleted" | "template";
  /** The paths of the properties that differ. */
  readonly properties: readonly string[];
}

/** What drift detection found in one stack set. */
export interface Drifts {
  readonly stackSet: string;
  /** Whether there is anything to look at. */
  readonly isThere: boolean;
  readonly drifts: readonly Drift[];
  /** What could not be seen, and why. */
  readonly blind: readonly string[];
}

/** Stack sets at a time, and stacks looked into at a time in each. */
const SIDE_BY_SIDE = 20;
const AT_A_TIME = 8;

/**
 * Detects drift in every stack of stack sets.
 *
 * @param ended takes each as soon as it was looked at
 */
export function detectDrift(
  work: Work,
  stackSets: readonly DesiredStackSet[],
  ended: (found: Drifts) => void,
): Promise<Drifts[]> {
  const limit = pLimit(SIDE_BY_SIDE);
  return Promise.all(
    stackSets.map((desired) =>
      limit(async () => {
        const found = await detectIn(work, desired);
        ended(found);
        return found;
      }),
    ),
  );
}

/** One that is not there has no drift. */
async function detectIn(work: Work, desired: DesiredStackSet): Promise<Drifts> {
  const { name, stackSetName } = desired;
  const client = work.aws.home;
  const live = await describeStackSet(client, stackSetName);
  const instances = live ? await listInstances(client, stackSetName) : [];
  if (!live || instances.length === 0) return { stackSet: name, isThere: false, drifts: [], blind: [] };
  const operations = await listOperations(client, stackSetName);
  if (await adopt(work, desired, operations)) return detectIn(work, desired);
  const id = await startOperation(client, stackSetName, driftName(live.id), operations, (operationId) =>
    client.send(
      new DetectStackSetDriftCommand({
        StackSetName: stackSetName,
        OperationId: operationId,
        OperationPreferences: {
          RegionConcurrencyType: "PARALLEL",
          FailureTolerancePercentage: 100,
          MaxConcurrentPercentage: 100,
        },
      }),
    ),
  );
  if (id === undefined) {
    await giveWay(work);
    return detectIn(work, desired);
  }
  const { results } = await follow(work, name, stackSetName, id, "drift");
  const checked = await listInstances(client, stackSetName);
  const limit = pLimit(AT_A_TIME);
  const found = await Promise.all(
    checked.map((instance) => limit(() => driftOf(work, desired, live, instance, id))),
  );
  const blind = results
    .filter(({ status }) => status === "FAILED")
    .map(({ id: account, region, reason }) => `${account} ${region}: ${reason}`);
  return {
    stackSet: name,
    isThere: true,
    drifts: found.flatMap(({ drifts }) => drifts),
    blind: [...blind, ...found.flatMap((one) => one.blind)],
  };
}

async function driftOf(
  work: Work,
  desired: DesiredStackSet,
  live: LiveStackSet,
  instance: LiveInstance,
  operation: string,
): Promise<Pick<Drifts, "drifts" | "blind">> {
  const resources =
    instance.drift === "DRIFTED" ? await driftedResources(work, desired, instance, operation) : [];
  try {
    const isDirect = await wasUpdatedDirectly(work, live, instance);
    const template = { stackSet: desired.name, place: instance, what: "template", properties: [] } as const;
    return { drifts: [...(isDirect ? [template] : []), ...resources], blind: [] };
  } catch (error) {
    const reason = explain(error);
    if (reason === undefined) throw error;
    return { drifts: resources, blind: [`the template in ${instance.id} ${instance.region}: ${reason}`] };
  }
}

async function driftedResources(
  { aws }: Work,
  { name, stackSetName }: DesiredStackSet,
  instance: LiveInstance,
  operation: string,
): Promise<Drift[]> {
  const drifts: Drift[] = [];
  let NextToken: string | undefined;
  do {
    const page = await aws.home.send(
      new ListStackInstanceResourceDriftsCommand({
        StackSetName: stackSetName,
        StackInstanceAccount: instance.id,
        StackInstanceRegion: instance.region,
        OperationId: operation,
        StackInstanceResourceDriftStatuses: ["MODIFIED", "DELETED"],
        ...(NextToken && { NextToken }),
      }),
    );
    for (const {
      LogicalResourceId = "",
      ResourceType = "",
      StackResourceDriftStatus,
      PropertyDifferences = [],
    } of page.Summaries ?? [])
      drifts.push({
        stackSet: name,
        place: instance,
        logicalId: LogicalResourceId,
        type: ResourceType,
        what: StackResourceDriftStatus === "DELETED" ? "deleted" : "modified",
        properties: PropertyDifferences.map(({ PropertyPath = "" }) => PropertyPath),
      });
    NextToken = page.NextToken;
  } while (NextToken);
  return drifts;
}

/**
 * Drift detection compares resources with the stack's own template, so it does not see that somebody updated the stack
 * itself. A stack that is not current has an older template by right.
 */
async function wasUpdatedDirectly(
  { aws, manifest }: Work,
  live: LiveStackSet,
  instance: LiveInstance,
): Promise<boolean> {
  if (instance.status !== "CURRENT" || !instance.stackId) return false;
  const { TemplateBody = "" } = await inspect(aws, manifest, instance).send(
    new GetTemplateCommand({ StackName: instance.stackId, TemplateStage: "Original" }),
  );
  return TemplateBody.trim() !== live.template.trim();
}
