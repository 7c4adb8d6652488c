/** What would change in one account's stack: a change set made there, read, and taken away again. */

import { randomBytes } from "node:crypto";
import {
  type Capability,
  type Change,
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
import { explain, Interrupted } from "./errors.ts";
import type { DesiredStackSet, Manifest, Target } from "./manifest.ts";
import { readingsOf } from "./template.ts";
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
  return { TemplateURL: await uploadTemplate(aws, manifest, name, template, "previews") };
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
  const input = {
    ...template,
    Capabilities: desired.capabilities as Capability[],
    Tags: [...desired.tags],
  };
  try {
    if (waiting.signal.aborted) throw new Interrupted();
    try {
      if (live?.stackId) return { target, ...(await previewUpdate(client, live.stackId, input, waiting)) };
    } catch (error) {
      // The stack of a creation that failed is deleted, though the instance still names it.
      if (!/does not exist/i.test((error as Error).message)) throw error;
    }
    return { target, ...(await previewCreation(client, desired.stackSetName, input, waiting)) };
  } catch (error) {
    const blind = explain(error);
    if (blind === undefined) throw error;
    return { target, changes: [], blind: explainParameters(manifest, blind) };
  }
}

type Input = Pick<CreateChangeSetCommandInput, "TemplateBody" | "TemplateURL" | "Capabilities" | "Tags">;

/** Several plans may be made at a time: each has names of its own. */
const unique = (): string => randomBytes(4).toString("hex");

/** Makes a call that is repeated, since its answer was lost, the same call. */
const once = () => ({ ClientToken: unique() });

async function previewUpdate(client: CloudFormationClient, stackId: string, input: Input, waiting: Waiting) {
  const names = { StackName: stackId, ChangeSetName: `landform-plan-${unique()}` };
  await client.send(new CreateChangeSetCommand({ ...names, ...input, ChangeSetType: "UPDATE", ...once() }));
  return read(client, names, waiting).finally(() =>
    tidyUp(() => client.send(new DeleteChangeSetCommand(names))),
  );
}

/** A change set for a new stack makes one in review, of a name that is no real stack's; it goes with the change set. */
async function previewCreation(
  client: CloudFormationClient,
  stackSetName: string,
  input: Input,
  waiting: Waiting,
) {
  const StackName = `landform-preview-${stackSetName}-${unique()}`;
  const names = { StackName, ChangeSetName: "landform-plan" };
  await client.send(new CreateChangeSetCommand({ ...names, ...input, ChangeSetType: "CREATE", ...once() }));
  return read(client, names, waiting).finally(async () => {
    await tidyUp(() => client.send(new DeleteChangeSetCommand(names)));
    await tidyUp(() => client.send(new DeleteStackCommand({ StackName })));
  });
}

/** What can't be cleaned up must not hide what was seen. */
async function tidyUp(clean: () => Promise<unknown>): Promise<void> {
  try {
    await clean();
  } catch (error) {
    if (explain(error) === undefined) throw error;
  }
}

/** A template that reads what is not published yet can't be previewed. */
function explainParameters({ name }: Manifest, reason: string): string {
  const [, list = ""] = /Unable to fetch parameters \[(.*?)\]/.exec(reason) ?? [];
  const readings = readingsOf(name, "", list.replaceAll(",", " "));
  const producers = [...new Set(readings.map(({ producer }) => producer))];
  return producers.length > 0 ? `known once ${producers.join(", ")} is deployed there` : reason;
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
