/** What would change in one account's stack: a change set made there, read, and taken away again. */

import { createHash } from "node:crypto";
import {
  type Capability,
  type Change,
  ChangeSetType,
  type CloudFormationClient,
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
} from "@aws-sdk/client-cloudformation";
import { uploadTemplate } from "./artifacts.ts";
import { type Aws, inspect } from "./aws.ts";
import type { WantedInstance } from "./difference.ts";
import { explain, isAnswer } from "./errors.ts";
import type { DesiredStackSet, Manifest, Target } from "./manifest.ts";
import { pause, type Waiting } from "./wait.ts";

/** What would become of a resource, in the words of CloudFormation: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html */
export interface ResourceChange {
  readonly logicalId: string;
  readonly type: string;
  readonly action: string;
  /** `Conditional` is known only when it happens; empty where CloudFormation does not say. */
  readonly replacement: "True" | "Conditional" | "False" | "";
}

/** What would change in one stack, or why that can't be seen. */
export interface Preview {
  readonly target: Target;
  readonly changes: readonly ResourceChange[];
  readonly blind?: string;
}

/** A template of up to so many bytes goes with the call; nothing has to be written anywhere. */
const INLINE = 51_200;
const NO_CHANGES = /didn't contain changes|no updates are to be performed/i;

/** The template as a change set takes it. */
export async function templateArgument(
  aws: Aws,
  manifest: Manifest,
  { name, template }: DesiredStackSet,
): Promise<Pick<CreateChangeSetCommandInput, "TemplateBody" | "TemplateURL">> {
  if (Buffer.byteLength(template) <= INLINE) return { TemplateBody: template };
  return { TemplateURL: await uploadTemplate(aws, manifest, name, template) };
}

/** Previews one stack; that it can't be seen is an answer too. */
export async function preview(
  aws: Aws,
  manifest: Manifest,
  desired: DesiredStackSet,
  { target, live }: WantedInstance,
  template: Pick<CreateChangeSetCommandInput, "TemplateBody" | "TemplateURL">,
  waiting: Waiting,
): Promise<Preview> {
  const client = inspect(aws, manifest, target);
  const digest = createHash("sha256").update(desired.template).digest("hex").slice(0, 16);
  const names = {
    // A new stack is made for the preview alone, and goes with it.
    StackName: live?.stackId ?? `landform-preview-${desired.stackSetName}`,
    ChangeSetName: `landform-plan-${digest}`,
  };
  try {
    await create(client, {
      ...names,
      ...template,
      ChangeSetType: live?.stackId ? ChangeSetType.UPDATE : ChangeSetType.CREATE,
      Capabilities: desired.capabilities as Capability[],
      Tags: [...desired.tags],
    });
    try {
      return { target, ...(await read(client, names, waiting)) };
    } finally {
      await client.send(new DeleteChangeSetCommand(names));
      if (!live?.stackId) await client.send(new DeleteStackCommand({ StackName: names.StackName }));
    }
  } catch (error) {
    const blind = explain(error);
    if (blind === undefined) throw error;
    return { target, changes: [], blind };
  }
}

/** What an earlier plan left, because it was killed, goes first. */
async function create(client: CloudFormationClient, input: CreateChangeSetCommandInput): Promise<void> {
  try {
    await client.send(new CreateChangeSetCommand(input));
  } catch (error) {
    if (!isAnswer(error, "AlreadyExists")) throw error;
    await client.send(
      new DeleteChangeSetCommand({ StackName: input.StackName, ChangeSetName: input.ChangeSetName }),
    );
    await client.send(new CreateChangeSetCommand(input));
  }
}

async function read(
  client: CloudFormationClient,
  names: { readonly StackName: string; readonly ChangeSetName: string },
  { signal, pollEvery }: Waiting,
): Promise<Omit<Preview, "target">> {
  const changes: ResourceChange[] = [];
  let NextToken: string | undefined;
  for (;;) {
    const page = await client.send(
      new DescribeChangeSetCommand({ ...names, ...(NextToken && { NextToken }) }),
    );
    if (page.Status === "FAILED") {
      const reason = page.StatusReason ?? "";
      return NO_CHANGES.test(reason) ? { changes: [] } : { changes: [], blind: reason };
    }
    if (page.Status !== "CREATE_COMPLETE") {
      await pause(Math.min(1_000, pollEvery), signal);
      continue;
    }
    changes.push(...(page.Changes ?? []).flatMap(readChange));
    NextToken = page.NextToken;
    if (!NextToken) return { changes };
  }
}

function readChange({ ResourceChange: change }: Change): ResourceChange[] {
  if (!change) return [];
  return [
    {
      logicalId: change.LogicalResourceId ?? "",
      type: change.ResourceType ?? "",
      action: change.Action ?? "",
      replacement: change.Replacement ?? "",
    },
  ];
}
