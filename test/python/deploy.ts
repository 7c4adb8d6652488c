/** A deployer for tests: creates stack sets and their stacks in order, as the customer's pipeline does. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Capability,
  type CloudFormationClient,
  CreateStackInstancesCommand,
  CreateStackSetCommand,
  DescribeStackSetOperationCommand,
  ListStackSetOperationResultsCommand,
} from "@aws-sdk/client-cloudformation";
import { clientsFor } from "./moto.ts";

/** A stack set with the accounts it goes to, and for each the Regions. */
export interface PlannedStackSet {
  readonly name: string;
  readonly templateBody: string;
  readonly capabilities: readonly string[];
  readonly targets: readonly { readonly account: string; readonly regions: readonly string[] }[];
}

/** Stack sets in the order they are deployed in, and the account and Region they are managed from. */
export interface DeployPlan {
  readonly admin: string;
  readonly homeRegion: string;
  readonly stackSets: readonly PlannedStackSet[];
}

/** Creates every stack set of the plan with its stacks; throws at the first that fails. */
export async function deployStackSets(endpoint: string, plan: DeployPlan): Promise<void> {
  const { cloudFormation } = await clientsFor(endpoint, plan.admin, plan.homeRegion);
  for (const { name, templateBody, capabilities, targets } of plan.stackSets) {
    try {
      await cloudFormation.send(
        new CreateStackSetCommand({
          StackSetName: name,
          TemplateBody: templateBody,
          Capabilities: capabilities as Capability[],
          PermissionModel: "SELF_MANAGED",
          AdministrationRoleARN: `arn:aws:iam::${plan.admin}:role/AWSCloudFormationStackSetAdministrationRole`,
          ExecutionRoleName: "AWSCloudFormationStackSetExecutionRole",
          ManagedExecution: { Active: true },
        }),
      );
      for (const regions of new Set(targets.map((target) => target.regions.join()))) {
        const { OperationId } = await cloudFormation.send(
          new CreateStackInstancesCommand({
            StackSetName: name,
            Accounts: targets
              .filter((target) => target.regions.join() === regions)
              .map(({ account }) => account),
            Regions: regions.split(","),
          }),
        );
        await waitForOperation(cloudFormation, name, OperationId ?? "");
      }
    } catch (error) {
      // Not as the cause: an SDK's error carries its whole connection, and vitest prints that.
      throw new Error(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
}

/** Waits for a stack set's operation; throws with the reason of each stack unless it succeeded. */
export async function waitForOperation(
  client: CloudFormationClient,
  name: string,
  id: string,
): Promise<void> {
  const operation = { StackSetName: name, OperationId: id };
  for (;;) {
    const { StackSetOperation } = await client.send(new DescribeStackSetOperationCommand(operation));
    const status = StackSetOperation?.Status ?? "";
    if (status === "SUCCEEDED") return;
    if (!["QUEUED", "RUNNING", "STOPPING"].includes(status)) {
      const { Summaries } = await client.send(new ListStackSetOperationResultsCommand(operation));
      const reasons = Summaries?.map(
        (stack) => `${stack.Account} ${stack.Region} ${stack.Status}: ${stack.StatusReason}`,
      );
      throw new Error(`operation ${status}\n${reasons?.join("\n")}`);
    }
    await sleep(50);
  }
}
