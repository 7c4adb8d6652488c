/** What must hold of a run with faults, and of what it leaves behind. */
import { createHash } from "node:crypto";
import type { ExpectStatic } from "vitest";
import type { Aws, LoggedCall } from "../../aws/server.ts";
import { MemoryStacks, type StackPlan } from "../../aws/stacks.ts";
import type { OperationState, StackSetState } from "../../aws/state.ts";
import type { Ended } from "../../support/landform.ts";
import { type Scene, type Story, stackSetsOf } from "./stories.ts";

/** Stacks that remember what was made of them, and how often. */
export class CountedStacks extends MemoryStacks {
  readonly made = new Map<string, number>();

  override async deploy(plan: StackPlan) {
    const outcome = await super.deploy(plan);
    const template = createHash("sha256").update(plan.template).digest("hex").slice(0, 8);
    const stackSet = plan.name.replace(/-[0-9a-f]{8}-.*/, "");
    const key = `${stackSet} in ${plan.account} ${plan.region} with ${template}`;
    if (outcome.failure === undefined && !outcome.unchanged)
      this.made.set(key, (this.made.get(key) ?? 0) + 1);
    return outcome;
  }

  /** What was made twice though nothing had changed. */
  get twice(): string[] {
    return [...this.made].filter(([, count]) => count > 1).map(([key]) => key);
  }
}

/** A run that something went wrong with ends as it may, and blames nothing but what went wrong. */
export function expectFair(
  expect: ExpectStatic,
  { codes = [0, 1, 2] }: Story,
  { code, out, err }: Ended,
  signal: NodeJS.Signals | undefined,
): void {
  const said = `${out}\n${err}`;
  const ended = { SIGKILL: [null], SIGINT: [null, 130] };
  expect([...codes, ...(ended[signal as "SIGKILL"] ?? [])], said).toContain(code);
  if (code === 2) expect(err).toMatch(/credentials|check the network|AWS answered|AWS does not/);
  expect(err).not.toMatch(/bug in landform|^\s+at .*:\d+:\d+\)?$|Unhandled/m);
}

/** The run with faults for whoever looks into it: what it said, and what it was answered. */
export function describeRun(
  { code, out, err }: Ended,
  signal: NodeJS.Signals | undefined,
  calls: readonly LoggedCall[],
): string {
  const lines = calls.map(({ action, account, outcome, params }) => {
    const { OperationId = "", StackSetName = "", StackName = "" } = params;
    return [action, account, StackSetName || StackName, OperationId, outcome].filter(Boolean).join(" ");
  });
  const end = signal ? `, ${signal}` : "";
  return `${out}\n${err}\nended as ${code}${end}, after these calls:\n${lines.join("\n")}`;
}

/** Every stack that the spec asks for is there, with the template it asks for, and no other. */
export function expectSpec(expect: ExpectStatic, { aws, place }: Scene, { isDeployed }: Story): void {
  const wanted = isDeployed === false ? new Map<string, string[]>() : stackSetsOf(place.read);
  expect([...aws.stackSets.keys()].toSorted()).toEqual(
    [...wanted.keys()].map((name) => `acme-${name}`).toSorted(),
  );
  for (const [name, places] of wanted) {
    const stackSet = aws.stackSets.get(`acme-${name}`);
    const template = place.read(`generated/acme/${name}.yaml`);
    expect(stackSet?.template === template, `the template of ${name}`).toBe(true);
    const instances = [...(stackSet?.instances.values() ?? [])];
    expect(
      instances.map(({ account, region, status }) => `${account} ${region} ${status}`).toSorted(),
    ).toEqual(places.map((where) => `${where} CURRENT`).toSorted());
    for (const where of places) {
      const [account = "", region = ""] = where.split(" ");
      const own = [...(aws.stacks as MemoryStacks).in(account, region).values()];
      const made = own.filter((stack) => stack.name.startsWith(`StackSet-acme-${name}-`));
      expect(made.map((stack) => stack.template === template)).toEqual([true]);
    }
  }
}

/** What previews are made with is taken away again, and so are the stacks of a stack set that is gone. */
export function leftovers({ stacks, stackSets }: Aws): string[] {
  const { changeSets, byId } = stacks as MemoryStacks;
  const there = [...byId.values()].filter(({ status }) => status !== "DELETE_COMPLETE");
  const stray = there.filter(({ name }) => {
    const [, stackSet] = /^StackSet-(.+?)-[0-9a-f]{8}-/.exec(name) ?? [];
    return name.startsWith("landform-preview-") || (stackSet !== undefined && !stackSets.has(stackSet));
  });
  return [...[...changeSets.values()].map(({ id }) => id), ...stray.map(({ id }) => id)];
}

/** Operations of a stack set that got in each other's way, or did what another had done already. */
export function superfluous({ name, operations }: StackSetState): string[] {
  const all = [...operations.values()].filter(({ action }) => action !== "DETECT_DRIFT");
  return all.flatMap((operation, index) => {
    const before = all.slice(0, index);
    const beside = before.filter((other) => isBeside(other, operation));
    const first = before.findLast((other) => baseOf(other) === baseOf(operation) && isDone(other));
    const between = first ? before.slice(before.indexOf(first) + 1) : [];
    const again = first !== undefined && isDone(operation) && !between.some(hasTouched);
    return [
      ...beside.map((other) => `${name}: ${operation.id} beside ${other.id}`),
      ...(again && baseOf(operation) ? [`${name}: ${operation.id} after ${first.id}`] : []),
    ];
  });
}

const baseOf = ({ id }: OperationState) =>
  /^landform-.+-(final(-refresh-[0-9a-f]+)?|step|remove)(?=-\d+$)/.exec(id)?.[0];

const statuses = ({ results }: OperationState) => [...results.values()].map(({ status }) => status);

const isDone = (operation: OperationState) =>
  operation.status === "SUCCEEDED" && statuses(operation).every((status) => status === "SUCCEEDED");

const hasTouched = (operation: OperationState) => statuses(operation).some((status) => status !== "PENDING");

/** Whether `later` was asked for before `earlier`, that is about the same stacks, had ended. */
function isBeside(earlier: OperationState, later: OperationState): boolean {
  const isOver = earlier.ended !== undefined && earlier.ended < later.created;
  return !isOver && [...later.results.keys()].some((place) => earlier.results.has(place));
}
