/** Stacks really made by moto in the target accounts. */
import { ask, field, fields, forward, headersOf } from "./moto-calls.ts";
import { type Answer, AwsError, type Call, invalid, type Params } from "./protocol.ts";
import type { Sequence } from "./sequence.ts";
import {
  answerStackCall,
  changeSetOf,
  createChangeSet,
  describeChangeSet,
  describeEvents,
  describeParameters,
  findChangeSet,
  reviewed,
} from "./stack-actions.ts";
import {
  MemoryStacks,
  type Place,
  type Published,
  type ResourceDrift,
  type StackOutcome,
  type StackPlan,
  type StackState,
  type Stacks,
} from "./stacks.ts";

/** moto's stacks; beside them those that moto has no part in, as they are in review or were ordered to fail. */
export class MotoStacks implements Stacks {
  readonly drifts = new Map<string, readonly ResourceDrift[]>();
  private readonly others = new MemoryStacks();
  /** What happened last to stacks of moto's whose change was ordered to fail, by id. */
  private readonly failed = new Map<string, StackState>();

  constructor(
    private readonly endpoint: string,
    sequence: Sequence,
    private readonly keyOf: (account: string) => Promise<string>,
  ) {
    this.others.join(sequence);
  }

  async deploy(plan: StackPlan): Promise<StackOutcome> {
    const { stackId } = plan;
    this.failed.delete(stackId ?? "");
    const other = stackId === undefined ? undefined : this.others.byId.get(stackId);
    const status = stackId === undefined || other ? undefined : await this.statusOf(plan, stackId);
    const isNew = status === undefined || status === "DELETE_COMPLETE";
    if (plan.failure !== undefined) return this.fail(plan, isNew ? "CREATE" : "UPDATE");
    const params = { StackName: isNew ? plan.name : (stackId ?? ""), ...contentsOf(plan) };
    const outcome = await this.attempt(plan, { Action: isNew ? "CreateStack" : "UpdateStack", ...params });
    const id = outcome.stackId ?? (isNew ? undefined : stackId);
    if (outcome.unchanged || outcome.failure !== undefined || id === undefined) {
      return { ...outcome, stackId: id };
    }
    const failure = await this.failureOf(plan, id);
    // What could not be made StackSets deletes; moto still tells of it by its id.
    if (isNew && failure !== undefined) await this.ask(plan, { Action: "DeleteStack", StackName: id });
    return { stackId: id, failure };
  }

  async parameter({ account, region }: Place, name: string): Promise<Published | undefined> {
    // AWS's own are in every account; moto has some of them only.
    if (name.startsWith("/aws/")) return { value: name, modified: new Date(0) };
    const scope = { service: "ssm", region, accessKey: await this.keyOf(account) };
    const { status, body } = await forward(this.endpoint, {
      method: "POST",
      url: "/",
      headers: {
        ...headersOf(scope),
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "AmazonSSM.GetParameter",
      },
      body: Buffer.from(JSON.stringify({ Name: name })),
    });
    if (status !== 200) return undefined;
    const { Parameter } = JSON.parse(body.toString()) as {
      readonly Parameter: { readonly Value: string; readonly LastModifiedDate: number };
    };
    return { value: Parameter.Value, modified: new Date(Parameter.LastModifiedDate * 1000) };
  }

  async remove(plan: StackPlan): Promise<StackOutcome> {
    const { stackId = "" } = plan;
    if (plan.failure !== undefined) return this.fail(plan, "DELETE");
    const other = this.others.byId.get(stackId);
    if (other) this.others.delete(other);
    if (!(await this.statusOf(plan, stackId))) return { stackId, failure: undefined };
    const { failure } = await this.attempt(plan, { Action: "DeleteStack", StackName: stackId });
    return { stackId, failure: failure ?? (await this.failureOf(plan, stackId)) };
  }

  async answer(call: Call): Promise<Answer | undefined> {
    if (call.action === "CreateChangeSet") return this.createChangeSet(call);
    if (call.action === "DescribeChangeSet") return describeChangeSet(changeSetOf(this.others, call), call);
    // What is not there counts as deleted, as long as its stack is there.
    const isGone = call.action === "DeleteChangeSet" && !findChangeSet(this.others, call);
    const name = call.params.StackName;
    if (isGone && name !== undefined && (await this.statusOf(call, name))) return {};
    const isOther = name !== undefined && this.others.find(call.account, call.region, name) !== undefined;
    const failed = call.action === "DescribeStackEvents" ? this.failed.get(name ?? "") : undefined;
    if (failed) return describeEvents(failed, call);
    if (call.action === "DeleteChangeSet" || isOther) return answerStackCall(this.others, call);
    return name !== undefined && call.action === "DescribeStacks" ? this.describe(call, name) : undefined;
  }

  /** moto gives the values that were looked up for the names under which they were. */
  private async describe(place: Place, StackName: string): Promise<Answer> {
    if (!(await this.statusOf(place, StackName))) throw invalid(`Stack with id ${StackName} does not exist`);
    const described = await this.ask(place, { Action: "DescribeStacks", StackName });
    const answer = await this.ask(place, { Action: "GetTemplate", StackName });
    const template = field(answer, "TemplateBody") ?? "";
    const of = (name: string) => field(described, name) ?? "";
    const keys = fields(described, "ParameterKey");
    const values = fields(described, "ParameterValue");
    const resolved = Object.fromEntries(keys.map((key, index) => [key, values[index] ?? ""]));
    return {
      Stacks: [
        {
          StackId: of("StackId"),
          StackName: of("StackName"),
          StackStatus: of("StackStatus"),
          CreationTime: of("CreationTime"),
          Parameters: describeParameters({ template, parameters: {}, resolved }),
        },
      ],
    };
  }

  /** moto's change sets know neither stack ids nor replacements. */
  private async createChangeSet(call: Call): Promise<Answer> {
    if (call.params.ChangeSetType === "CREATE") {
      const name = call.params.StackName ?? "";
      if (await this.statusOf(call, name)) {
        throw new AwsError("AlreadyExistsException", `Stack [${name}] already exists`);
      }
      return createChangeSet(this.others, call, reviewed(this.others, call), undefined);
    }
    const StackName = call.params.StackName ?? "";
    const described = await this.ask(call, { Action: "DescribeStacks", StackName });
    const template = await this.ask(call, { Action: "GetTemplate", StackName });
    const stack = { id: field(described, "StackId") ?? "", name: field(described, "StackName") ?? "" };
    return createChangeSet(this.others, call, stack, field(template, "TemplateBody") ?? "");
  }

  /** Notes a failure that was ordered; moto has no part in it. */
  private async fail(plan: StackPlan, work: "CREATE" | "UPDATE" | "DELETE"): Promise<StackOutcome> {
    const { failure = "", template, tags, parameters, resolved } = plan;
    if (work === "CREATE") {
      const contents = { template, tags, parameters, resolved, status: "CREATE_COMPLETE" };
      const stack = this.others.create(plan, contents);
      this.others.failCreation(stack, failure);
      return { stackId: stack.id, failure };
    }
    const { account, region, name, stackId: id = "" } = plan;
    const place = { id, name, account, region, created: this.others.sequence.time() };
    const stack = { ...place, template, tags, parameters, resolved, status: "", events: [] };
    this.others.note(stack, work, failure);
    this.failed.set(id, stack);
    return { stackId: plan.stackId, failure };
  }

  private async attempt(place: Place, params: Params): Promise<StackOutcome> {
    try {
      return { stackId: field(await this.ask(place, params), "StackId"), failure: undefined };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (error.message.startsWith("No updates")) {
        return { stackId: undefined, failure: undefined, unchanged: true };
      }
      return { stackId: undefined, failure: error.message };
    }
  }

  /** Undefined if there is no such stack. */
  private async statusOf(place: Place, StackName: string): Promise<string | undefined> {
    try {
      return field(await this.ask(place, { Action: "DescribeStacks", StackName }), "StackStatus");
    } catch (error) {
      if (error instanceof AwsError && error.message.includes("does not exist")) return undefined;
      throw error;
    }
  }

  /** The newest failure of a stack that is not as it should be. */
  private async failureOf(place: Place, StackName: string): Promise<string | undefined> {
    const status = await this.statusOf(place, StackName);
    if (status === undefined || !/ROLLBACK|FAILED/.test(status)) return undefined;
    const answer = await this.ask(place, { Action: "DescribeStackEvents", StackName });
    for (const event of answer.split("<member>").slice(1)) {
      const of = (name: string) => field(event, name) ?? "";
      if (of("ResourceType") !== "AWS::CloudFormation::Stack" && of("ResourceStatus").endsWith("_FAILED")) {
        return `ResourceLogicalId:${of("LogicalResourceId")}, ResourceType:${of("ResourceType")}, ResourceStatusReason:${of("ResourceStatusReason")}`;
      }
    }
    return `Stack is in ${status}`;
  }

  private async ask({ account, region }: Place, params: Params): Promise<string> {
    const scope = { service: "cloudformation", region, accessKey: await this.keyOf(account) };
    return ask(this.endpoint, scope, { Version: "2010-05-15", ...params });
  }
}

function contentsOf({ template, tags, parameters, capabilities }: StackPlan): Params {
  const list = (name: string, items: readonly Params[]) =>
    items.flatMap((item, index) =>
      Object.entries(item).map(([key, value]) => [`${name}.member.${index + 1}.${key}`, value]),
    );
  return {
    TemplateBody: template,
    ...Object.fromEntries([
      ...list(
        "Tags",
        Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      ),
      ...list(
        "Parameters",
        Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
          ParameterKey,
          ParameterValue,
        })),
      ),
      ...capabilities.map((capability, index) => [`Capabilities.member.${index + 1}`, capability]),
    ]),
  };
}
