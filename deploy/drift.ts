/**
 * What was changed behind the back of the stack sets: drifted resources, stacks that were updated directly, and values that
 * were published anew since.
 */
import {
  DetectStackSetDriftCommand,
  GetTemplateCommand,
  ListStackInstanceResourceDriftsCommand,
} from "@aws-sdk/client-cloudformation";
import pLimit from "p-limit";
import { inspect } from "./aws.ts";
import { explain } from "./errors.ts";
import { describeOwn, type LiveInstance, type LiveStackSet, listInstances } from "./live.ts";
import type { DesiredStackSet } from "./manifest.ts";
import { AGAIN, follow, type Work, whenFree } from "./operation.ts";
import { driftName } from "./operation-id.ts";
import { lookForStale, type StaleValue } from "./stale.ts";
import { startOperation } from "./start.ts";
import { pause } from "./wait.ts";

/** One thing that is not as it was deployed. */
export interface Drift {
  readonly stackSet: string;
  readonly place: { readonly id: string; readonly region: string };
  /** The resource; absent where the stack's template itself is another. */
  readonly logicalId?: string;
  readonly type?: string;
  readonly what: "modified" | "deleted" | "template";
  /** The properties that differ: what was deployed, and what is there. */
  readonly properties: readonly {
    readonly path: string;
    readonly expected: string;
    readonly actual: string;
  }[];
}

/** A published value that is another one than the stack in a place goes by. */
export interface StaleIn extends StaleValue {
  readonly stackSet: string;
  readonly place: { readonly id: string; readonly region: string };
}

/** What drift detection found in one stack set. */
export interface Drifts {
  readonly stackSet: string;
  /** Whether there is anything to look at. */
  readonly isThere: boolean;
  readonly drifts: readonly Drift[];
  readonly stale: readonly StaleIn[];
  /** What could not be seen, and why. */
  readonly blind: readonly string[];
}

/** Stack sets at a time, and stacks looked into at a time in each. */
const SIDE_BY_SIDE = 20;
const AT_A_TIME = 8;
/** How often a list that lags is asked for again, and after how many milliseconds. */
const LAGGING = 10;
const LAG = 500;

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
  const live = await describeOwn(client, work.manifest, stackSetName);
  const instances = live ? await listInstances(client, stackSetName) : [];
  if (!live || instances.length === 0)
    return { stackSet: name, isThere: false, drifts: [], stale: [], blind: [] };
  const { operation, results } = await whenFree(work, desired, async (operations) => {
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
    return id === undefined ? AGAIN : follow(work, desired, id, "drift");
  });
  const checked = await listChecked(work, stackSetName);
  const limit = pLimit(AT_A_TIME);
  const found = await Promise.all(
    checked.map((instance) => limit(() => driftOf(work, desired, live, instance, operation.id))),
  );
  const blind = results
    .filter(({ status }) => status !== "SUCCEEDED")
    .map(({ id, region, status, reason }) => `${id} ${region}: ${reason || status}`);
  if (blind.length === 0 && operation.status !== "SUCCEEDED")
    blind.push(`the operation ended as ${operation.status}`);
  return {
    stackSet: name,
    isThere: true,
    drifts: found.flatMap(({ drifts }) => drifts),
    stale: found.flatMap(({ stale }) => stale),
    blind: [...blind, ...found.flatMap((one) => one.blind)],
  };
}

/** The instances with what was found in them. The list may lag; the description, which counts them, does not. */
async function listChecked({ aws, manifest, signal }: Work, stackSetName: string): Promise<LiveInstance[]> {
  const live = await describeOwn(aws.home, manifest, stackSetName);
  for (let tries = LAGGING; ; tries--) {
    const instances = await listInstances(aws.home, stackSetName);
    const drifted = instances.filter(({ drift }) => drift === "DRIFTED").length;
    if (drifted >= (live?.drifted ?? 0) || tries <= 1) return instances;
    await pause(LAG, signal);
  }
}

async function driftOf(
  work: Work,
  desired: DesiredStackSet,
  live: LiveStackSet,
  instance: LiveInstance,
  operation: string,
): Promise<Pick<Drifts, "drifts" | "stale" | "blind">> {
  const drifts: Drift[] = [];
  const blind: string[] = [];
  const look = async (what: string, found: () => Promise<readonly Drift[]>) => {
    try {
      drifts.push(...(await found()));
    } catch (error) {
      const reason = explain(error);
      if (reason === undefined) throw error;
      blind.push(`${what} in ${instance.id} ${instance.region}: ${reason}`);
    }
  };
  await look("the template", async () =>
    (await wasUpdatedDirectly(work, live, instance))
      ? [{ stackSet: desired.name, place: instance, what: "template", properties: [] }]
      : [],
  );
  if (instance.drift === "DRIFTED")
    await look("the resources", () => driftedResources(work, desired, instance, operation));
  const seen = await staleIn(work, desired, live, instance);
  return { drifts, stale: seen.stale, blind: [...blind, ...seen.blind] };
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
        properties: PropertyDifferences.map(
          ({ PropertyPath = "", ExpectedValue = "", ActualValue = "" }) => ({
            path: PropertyPath,
            expected: ExpectedValue,
            actual: ActualValue,
          }),
        ),
      });
    NextToken = page.NextToken;
  } while (NextToken);
  return drifts;
}

/** A stack that is not current has another template than its stack set, which tells nothing of its dynamic references. */
async function staleIn(
  { aws, manifest }: Work,
  { name }: DesiredStackSet,
  live: LiveStackSet,
  instance: LiveInstance,
): Promise<Pick<Drifts, "stale" | "blind">> {
  const template = instance.status === "CURRENT" ? live.template : "";
  const { stale, blind } = await lookForStale(aws, manifest, { name, template }, instance);
  return {
    stale: stale.map((value) => ({ stackSet: name, place: instance, ...value })),
    blind: blind === undefined ? [] : [`the values in ${instance.id} ${instance.region}: ${blind}`],
  };
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
