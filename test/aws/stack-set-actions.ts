/** CloudFormation's calls about stack sets as such. */
import type { ControlPlane } from "./control-plane.ts";
import { instancesAt, preferencesOf } from "./instance-actions.ts";
import { inProgress } from "./operations.ts";
import { type Answer, AwsError, type Call, invalid, page, pairs, texts } from "./protocol.ts";
import { isActive, type StackSetState } from "./state.ts";

/** CreateStackSet. */
export function createStackSet({ table, sequence }: ControlPlane, call: Call): Answer {
  const { account, region, params, template } = call;
  const name = params.StackSetName ?? "";
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) {
    throw invalid(`Value '${name}' at 'stackSetName' failed to satisfy constraint`);
  }
  const old = table.find(account, region, name);
  const token = params.ClientRequestToken;
  if (old && token !== undefined && old.token === token) return { StackSetId: old.id };
  if (old) throw new AwsError("NameAlreadyExistsException", `A StackSet named ${name} already exists`, 409);
  if (template === undefined) throw invalid("Either Template URL or Template Body must be specified.");
  const id = `${name}:${sequence.uuid()}`;
  const set: StackSetState = {
    name,
    id,
    arn: `arn:aws:cloudformation:${region}:${account}:stackset/${id}`,
    account,
    region,
    token,
    status: "ACTIVE",
    template,
    version: 1,
    description: params.Description ?? "",
    capabilities: capabilitiesFor(template, call),
    tags: tagsOf(call) ?? {},
    parameters: pairs(params, "Parameters") ?? {},
    administrationRole:
      params.AdministrationRoleARN ??
      `arn:aws:iam::${account}:role/AWSCloudFormationStackSetAdministrationRole`,
    executionRole: params.ExecutionRoleName ?? "AWSCloudFormationStackSetExecutionRole",
    permissionModel: params.PermissionModel ?? "SELF_MANAGED",
    managedExecution: params["ManagedExecution.Active"] === "true",
    instances: new Map(),
    operations: new Map(),
    driftChecked: undefined,
  };
  table.add(set);
  return { StackSetId: id };
}

/** DescribeStackSet. */
export function describeStackSet({ table }: ControlPlane, { account, region, params }: Call): Answer {
  const set = table.get(account, region, params.StackSetName ?? "");
  const instances = [...set.instances.values()];
  const of = (status: string) => instances.filter((instance) => instance.driftStatus === status).length;
  const checked = set.driftChecked !== undefined;
  const drift = !checked ? "NOT_CHECKED" : of("DRIFTED") > 0 ? "DRIFTED" : "IN_SYNC";
  return {
    StackSet: {
      ...summary(set),
      TemplateBody: set.template,
      Parameters: Object.entries(set.parameters).map(([key, value]) => ({
        ParameterKey: key,
        ParameterValue: value,
      })),
      Capabilities: set.capabilities,
      Tags: Object.entries(set.tags).map(([Key, Value]) => ({ Key, Value })),
      StackSetARN: set.arn,
      AdministrationRoleARN: set.administrationRole,
      ExecutionRoleName: set.executionRole,
      StackSetDriftDetectionDetails: {
        DriftStatus: drift,
        DriftDetectionStatus: checked ? "COMPLETED" : undefined,
        LastDriftCheckTimestamp: set.driftChecked,
        TotalStackInstancesCount: instances.length,
        DriftedStackInstancesCount: of("DRIFTED"),
        InSyncStackInstancesCount: of("IN_SYNC"),
        InProgressStackInstancesCount: 0,
        FailedStackInstancesCount: 0,
      },
      Regions: [...new Set(instances.map((instance) => instance.region))],
    },
  };
}

/** ListStackSets. */
export function listStackSets({ table }: ControlPlane, call: Call): Answer {
  const { Status } = call.params;
  const sets = table
    .in(call.account, call.region)
    .filter(({ status }) => Status === undefined || status === Status);
  return page(call, "Summaries", sets, summary);
}

/** UpdateStackSet. */
export function updateStackSet({ table, operations }: ControlPlane, call: Call): Answer {
  const { account, region, params, template } = call;
  const set = table.get(account, region, params.StackSetName ?? "");
  operations.check(set, params.OperationId);
  const previous = params.UsePreviousTemplate === "true";
  if (previous === (template !== undefined)) {
    throw invalid("You must specify one of TemplateBody, TemplateURL or UsePreviousTemplate.");
  }
  const subset = Object.keys(params).some((field) => /^(Accounts|Regions|DeploymentTargets)\./.test(field));
  const all = [...set.instances.values()];
  const targets = (subset ? instancesAt(set, call) : all).filter(({ status }) => status !== "INOPERABLE");
  const capabilities = capabilitiesFor(template ?? set.template, call);
  const tags = tagsOf(call);
  const parameters = pairs(params, "Parameters");
  const preferences = preferencesOf(
    params,
    targets.map((instance) => instance.region),
  );
  Object.assign(set, {
    template: template ?? set.template,
    version: set.version + (previous && parameters === undefined ? 0 : 1),
    capabilities,
    description: params.Description ?? set.description,
    tags: tags ?? set.tags,
    parameters: parameters ?? set.parameters,
    administrationRole: params.AdministrationRoleARN ?? set.administrationRole,
    executionRole: params.ExecutionRoleName ?? set.executionRole,
  });
  if (params["ManagedExecution.Active"] !== undefined) {
    set.managedExecution = params["ManagedExecution.Active"] === "true";
  }
  const outdated = previous && parameters === undefined ? [] : all;
  for (const instance of outdated) if (instance.status === "CURRENT") instance.status = "OUTDATED";
  const operation = operations.start(set, {
    id: params.OperationId,
    action: "UPDATE",
    instances: targets,
    preferences,
    exclusive: true,
  });
  return { OperationId: operation.id };
}

/** DeleteStackSet. */
export function deleteStackSet({ table }: ControlPlane, { account, region, params }: Call): Answer {
  const set = table.find(account, region, params.StackSetName ?? "");
  // Also what was never there counts as deleted.
  if (!set) return {};
  const running = [...set.operations.values()].find(isActive);
  if (running) throw inProgress(running.id);
  if (set.instances.size > 0) {
    throw new AwsError("StackSetNotEmptyException", "StackSet is not empty", 409);
  }
  table.delete(set);
  return {};
}

function summary(set: StackSetState) {
  return {
    StackSetName: set.name,
    StackSetId: set.id,
    Description: set.description,
    Status: set.status,
    PermissionModel: set.permissionModel,
    ManagedExecution: { Active: set.managedExecution },
  };
}

function tagsOf({ params }: Call): Record<string, string> | undefined {
  const tags = pairs(params, "Tags");
  if (tags && Object.keys(tags).length > 50) throw invalid("A stack set can have at most 50 tags");
  if (tags && Object.keys(tags).some((key) => key.startsWith("aws:"))) {
    throw invalid("aws: prefixed tag key names are not allowed for external use.");
  }
  return tags;
}

const IAM = /AWS::IAM::(AccessKey|Group|InstanceProfile|ManagedPolicy|Policy|Role|User)/;
const IAM_NAMES = /\b(GroupName|InstanceProfileName|ManagedPolicyName|RoleName|UserName)["']?:/;

/** The call's capabilities, if they are enough for the template. */
export function capabilitiesFor(template: string, { params }: Call): string[] {
  const given = texts(params, "Capabilities");
  if (!IAM.test(template) || given.includes("CAPABILITY_NAMED_IAM")) return given;
  const needed = IAM_NAMES.test(template) ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM";
  if (given.includes(needed)) return given;
  throw new AwsError("InsufficientCapabilitiesException", `Requires capabilities : [${needed}]`);
}
