/** CloudFormation's calls about the instances of a stack set. */
import type { ControlPlane } from "./control-plane.ts";
import {
  type Answer,
  AwsError,
  type Call,
  type Fields,
  invalid,
  type Params,
  page,
  pairs,
  structures,
  texts,
} from "./protocol.ts";
import { type InstanceState, type Preferences, placeKey, type StackSetState } from "./state.ts";

/** CreateStackInstances: those that are there are deployed again. */
export function createStackInstances({ table, operations }: ControlPlane, call: Call): Answer {
  const set = table.get(call.account, call.region, call.params.StackSetName ?? "");
  operations.check(set, call.params.OperationId);
  const places = placesOf(call);
  const preferences = preferencesOf(
    call.params,
    places.map(({ region }) => region),
  );
  const overrides = pairs(call.params, "Parameters") ?? {};
  const instances = places.map(({ account, region }) => {
    const key = placeKey(account, region);
    const instance = set.instances.get(key) ?? newInstance(account, region, overrides);
    set.instances.set(key, instance);
    return instance;
  });
  const operation = operations.start(set, {
    id: call.params.OperationId,
    action: "CREATE",
    instances: instances.filter(({ status }) => status !== "INOPERABLE"),
    preferences,
  });
  return { OperationId: operation.id };
}

/** UpdateStackInstances. */
export function updateStackInstances({ table, operations }: ControlPlane, call: Call): Answer {
  const set = table.get(call.account, call.region, call.params.StackSetName ?? "");
  operations.check(set, call.params.OperationId);
  const instances = instancesAt(set, call);
  const preferences = preferencesOf(
    call.params,
    instances.map(({ region }) => region),
  );
  const overrides = pairs(call.params, "ParameterOverrides");
  if (overrides) for (const instance of instances) instance.overrides = overrides;
  const operation = operations.start(set, {
    id: call.params.OperationId,
    action: "UPDATE",
    instances: instances.filter(({ status }) => status !== "INOPERABLE"),
    preferences,
  });
  return { OperationId: operation.id };
}

/** DeleteStackInstances: places without an instance are passed over. */
export function deleteStackInstances({ table, operations }: ControlPlane, call: Call): Answer {
  const set = table.get(call.account, call.region, call.params.StackSetName ?? "");
  operations.check(set, call.params.OperationId);
  if (call.params.RetainStacks === undefined) throw invalid("Value null at 'retainStacks'");
  const instances = placesOf(call).flatMap(
    ({ account, region }) => set.instances.get(placeKey(account, region)) ?? [],
  );
  const operation = operations.start(set, {
    id: call.params.OperationId,
    action: "DELETE",
    instances,
    preferences: preferencesOf(
      call.params,
      instances.map(({ region }) => region),
    ),
    retainStacks: call.params.RetainStacks === "true",
  });
  return { OperationId: operation.id };
}

/** ListStackInstances. */
export function listStackInstances({ table, views }: ControlPlane, call: Call): Answer {
  const { params } = call;
  const set = table.get(call.account, call.region, params.StackSetName ?? "");
  const filters = structures(params, "Filters");
  const fits = (instance: InstanceState) =>
    (params.StackInstanceAccount ?? instance.account) === instance.account &&
    (params.StackInstanceRegion ?? instance.region) === instance.region &&
    filters.every(({ Name = "", Values = "" }) => Values.split(",").includes(filtered(instance, Name)));
  const { instances } = views.shown(set, "ListStackInstances");
  return page(call, "Summaries", [...instances.values()].filter(fits), (instance) =>
    description(set, instance),
  );
}

/** DescribeStackInstance. */
export function describeStackInstance({ table }: ControlPlane, { account, region, params }: Call): Answer {
  const set = table.get(account, region, params.StackSetName ?? "");
  const { StackInstanceAccount = "", StackInstanceRegion = "" } = params;
  const instance = existing(set, StackInstanceAccount, StackInstanceRegion);
  const overrides = Object.entries(instance.overrides).map(([key, value]) => ({
    ParameterKey: key,
    ParameterValue: value,
  }));
  return { StackInstance: { ...description(set, instance), ParameterOverrides: overrides } };
}

/** ListStackInstanceResourceDrifts. */
export function listResourceDrifts({ table, stacks, sequence }: ControlPlane, call: Call): Answer {
  const { params } = call;
  const set = table.get(call.account, call.region, params.StackSetName ?? "");
  if (!set.operations.has(params.OperationId ?? "")) throw noOperation(params.OperationId);
  const { StackInstanceAccount = "", StackInstanceRegion = "" } = params;
  const { stackId = "", driftChecked } = existing(set, StackInstanceAccount, StackInstanceRegion);
  const statuses = texts(params, "StackInstanceResourceDriftStatuses");
  const drifts = (stacks.drifts.get(stackId) ?? []).filter(
    ({ status }) => statuses.length === 0 || statuses.includes(status),
  );
  return page(call, "Summaries", drifts, (drift) => ({
    StackId: stackId,
    LogicalResourceId: drift.logicalId,
    ResourceType: drift.type,
    StackResourceDriftStatus: drift.status,
    Timestamp: driftChecked ?? sequence.time(),
    PropertyDifferences: drift.differences?.map(({ path, expected, actual, type }) => ({
      PropertyPath: path,
      ExpectedValue: expected,
      ActualValue: actual,
      DifferenceType: type,
    })),
  }));
}

/** The instances at every one of a call's accounts in every one of its Regions. */
export function instancesAt(set: StackSetState, call: Call): InstanceState[] {
  return placesOf(call).map(({ account, region }) => existing(set, account, region));
}

/** How a call wants its operation to go about the Regions. */
export function preferencesOf(params: Params, regions: readonly string[]): Preferences {
  const field = (name: string) => params[`OperationPreferences.${name}`];
  const number = (name: string, otherwise?: number) => {
    const text = field(name);
    return text === undefined ? otherwise : Number(text);
  };
  const order = texts(params, "OperationPreferences.RegionOrder");
  const tolerance = (accounts: number) =>
    number("FailureToleranceCount") ??
    Math.floor((accounts * (number("FailureTolerancePercentage") ?? 0)) / 100);
  const wanted = (accounts: number) =>
    number("MaxConcurrentCount") ??
    Math.max(1, Math.floor((accounts * (number("MaxConcurrentPercentage") ?? 0)) / 100));
  const soft = field("ConcurrencyMode") === "SOFT_FAILURE_TOLERANCE";
  const most = number("MaxConcurrentCount");
  if (most !== undefined && !(most >= 1)) throw invalid("Value at 'maxConcurrentCount' must be at least 1");
  return {
    regions: [...new Set([...order.filter((region) => regions.includes(region)), ...regions])],
    parallelRegions: field("RegionConcurrencyType") === "PARALLEL",
    tolerance,
    concurrent: (accounts) => (soft ? wanted(accounts) : Math.min(wanted(accounts), tolerance(accounts) + 1)),
  };
}

/** That there is no such operation. */
export function noOperation(id: string | undefined): AwsError {
  return new AwsError("OperationNotFoundException", `Operation ${id} not found`, 404);
}

function placesOf({ params }: Call): { account: string; region: string }[] {
  if (Object.keys(params).some((field) => field.startsWith("DeploymentTargets."))) {
    throw invalid("DeploymentTargets can't be used with SELF_MANAGED permission model");
  }
  const accounts = [...new Set(texts(params, "Accounts"))];
  const regions = [...new Set(texts(params, "Regions"))];
  if (accounts.length === 0 || regions.length === 0) throw invalid("Accounts and Regions must be specified");
  const wrong = accounts.find((account) => !/^\d{12}$/.test(account));
  if (wrong !== undefined) throw invalid(`Value '${wrong}' at 'accounts' failed to satisfy constraint`);
  return regions.flatMap((region) => accounts.map((account) => ({ account, region })));
}

function existing(set: StackSetState, account: string, region: string): InstanceState {
  const instance = set.instances.get(placeKey(account, region));
  if (instance) return instance;
  const message = `Stack instance not found: ${set.name} ${account} ${region}`;
  throw new AwsError("StackInstanceNotFoundException", message, 404);
}

function newInstance(account: string, region: string, overrides: Params): InstanceState {
  return {
    account,
    region,
    stackId: undefined,
    status: "OUTDATED",
    detailedStatus: "PENDING",
    reason: undefined,
    driftStatus: "NOT_CHECKED",
    driftChecked: undefined,
    lastOperationId: "",
    overrides,
    attempts: new Map(),
  };
}

function filtered(instance: InstanceState, filter: string): string {
  if (filter === "DETAILED_STATUS") return instance.detailedStatus;
  if (filter === "LAST_OPERATION_ID") return instance.lastOperationId;
  if (filter === "DRIFT_STATUS") return instance.driftStatus;
  throw invalid(`Unknown filter ${filter}`);
}

function description(set: StackSetState, instance: InstanceState): Fields {
  return {
    StackSetId: set.id,
    Account: instance.account,
    Region: instance.region,
    StackId: instance.stackId,
    Status: instance.status,
    StatusReason: instance.reason,
    StackInstanceStatus: { DetailedStatus: instance.detailedStatus },
    DriftStatus: instance.driftStatus,
    LastDriftCheckTimestamp: instance.driftChecked,
    LastOperationId: instance.lastOperationId,
  };
}
