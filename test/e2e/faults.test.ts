/**
 * What goes wrong, by seed: throttled, broken, slow and lost answers, operations in the way, queued, stopped and failing,
 * credentials that end, and a tool that is killed. Whatever happened, one plain run afterwards ends in what the spec asks
 * for: nothing is lost, and nothing that had succeeded was done again.
 *
 * `npm test` runs some seeds, `npm run soak` 300. `SOAK_FIRST=<seed> SOAK_RUNS=1` repeats one.
 */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { type Faults, seededFaults } from "../aws/faults.ts";
import { seeded } from "../aws/sequence.ts";
import { type Aws, startAws } from "../aws/server.ts";
import { MemoryStacks, type StackPlan } from "../aws/stacks.ts";
import { loggedIn, type Run, type Workplace, workplace } from "../support/landform.ts";

const FIRST = Number(process.env.SOAK_FIRST ?? 1);
const RUNS = Number(process.env.SOAK_RUNS ?? 12);
const ADMIN = "300000000003";
const DEV = "012345678904";
const POLL = ["--poll", "0.02"];

/** Stacks that remember what was made of them, and how often. */
class CountedStacks extends MemoryStacks {
  readonly made = new Map<string, number>();

  override async deploy(plan: StackPlan) {
    const outcome = await super.deploy(plan);
    const template = createHash("sha256").update(plan.template).digest("hex").slice(0, 8);
    const stackSet = plan.name.replace(/-[0-9a-f]{8}-.*/, "");
    const key = `${stackSet} in ${plan.account} ${plan.region} with ${template}`;
    if (outcome.failure === undefined) this.made.set(key, (this.made.get(key) ?? 0) + 1);
    return outcome;
  }
}

/** What the run with the faults is about: from which state, and which command. */
interface Story {
  readonly name: string;
  prepare(place: Workplace): Promise<void>;
  readonly command: readonly string[];
  /** The plain run, where it is another command. */
  readonly again?: readonly string[];
  /** The environments that must be there in the end. */
  readonly environments: readonly string[];
}

const ALL = ["shared-services", "dev", "stage", "prod"];
const IDS: Record<string, string> = {
  "shared-services": ADMIN,
  dev: DEV,
  stage: "500000000005",
  prod: "600000000006",
};
const deployed = async (place: Workplace) => expect((await place.landform("deploy", ...POLL)).code).toBe(0);
const compiled = async (place: Workplace) => expect((await place.landform("compile")).code).toBe(0);

const STORIES: readonly Story[] = [
  { name: "the first deploy", prepare: async () => {}, command: ["deploy", ...POLL], environments: ALL },
  {
    name: "a change",
    async prepare(place) {
      await deployed(place);
      place.edit("specs/acme.yaml", "azs: 3, nat: per-az", "azs: 4, nat: per-az");
      await compiled(place);
    },
    command: ["deploy", ...POLL],
    environments: ALL,
  },
  {
    name: "a promotion",
    async prepare(place) {
      await deployed(place);
      place.edit("specs/acme.yaml", "azs: 3, nat: per-az", "azs: 4, nat: per-az");
      await compiled(place);
    },
    command: ["deploy", "-e", "dev", ...POLL],
    again: ["deploy", ...POLL],
    environments: ALL,
  },
  {
    name: "a new environment",
    async prepare(place) {
      const spec = place.read("specs/acme.yaml");
      place.edit("specs/acme.yaml", / {2}prod: {12}\{ account: prod \}\n/, "");
      await compiled(place);
      await deployed(place);
      place.edit("specs/acme.yaml", /[\s\S]*/, spec);
      await compiled(place);
    },
    command: ["deploy", ...POLL],
    environments: ALL,
  },
  {
    name: "a removal",
    async prepare(place) {
      await deployed(place);
      place.edit("specs/acme.yaml", / {2}prod: {12}\{ account: prod \}\n/, "");
      await compiled(place);
      await deployed(place);
    },
    command: ["remove", "keys", "network", "--yes", ...POLL],
    environments: ["shared-services", "dev", "stage"],
  },
];

/** The faults of a seed; beside those of the connection, stacks that fail once and operations that are stopped. */
function faultsOf(seed: number, random: () => number): Faults {
  const base = seededFaults(seed, { rate: 0.12, most: 10 });
  const failsOnce = random() < 0.25;
  const isStopped = random() < 0.2;
  return {
    ...base,
    onInstance: ({ account, attempt }) =>
      failsOnce && account === DEV && attempt === 1
        ? "ResourceLogicalId:Vpc, ResourceType:AWS::EC2::VPC, ResourceStatusReason:The maximum number of VPCs has been reached."
        : undefined,
    onOperation: (operation) =>
      isStopped && operation.index % 2 === 1 ? { stopAfter: 2 } : base.onOperation?.(operation),
  };
}

/** Kills the run when the server has seen so many calls; for a third of the seeds, never. */
function withKill(faults: Faults, random: () => number, run: () => Run | undefined): Faults {
  const at = random() < 1 / 3 ? Number.POSITIVE_INFINITY : 1 + Math.floor(random() * 30);
  const isAnswered = random() < 0.5;
  let calls = 0;
  return {
    ...faults,
    onCall(call) {
      calls++;
      if (calls !== at) return faults.onCall?.(call);
      run()?.child.kill("SIGKILL");
      return isAnswered ? undefined : { kind: "reset", when: random() < 0.5 ? "before" : "after" };
    },
  };
}

test.concurrent.for(Array.from({ length: RUNS }, (_, index) => FIRST + index))(
  "seed %i",
  { timeout: 120_000 },
  async (seed, { expect: expectHere }) => {
    const random = seeded(seed);
    const stacks = new CountedStacks();
    const aws = await startAws({ stacks, instanceMilliseconds: Math.floor(random() * 30) });
    const place = workplace();
    try {
      place.env = await loggedIn(aws, ADMIN);
      const story = STORIES[seed % STORIES.length] as Story;
      await story.prepare(place);
      stacks.made.clear();

      let run: Run | undefined;
      aws.setFaults(withKill(faultsOf(seed, random), random, () => run));
      run = place.start(...story.command);
      const first = await run.ended;
      expectHere([0, 1, 2, null], `${story.name}:\n${first.err}`).toContain(first.code);
      aws.setFaults(undefined);

      const second = await place.landform(...(story.again ?? story.command));
      expectHere(second, `${story.name}, after:\n${first.err}`).toMatchObject({ code: 0 });
      expectSpec(aws, place, story, expectHere);
      const twice = [...stacks.made].filter(([, count]) => count > 1);
      expectHere(twice, `${story.name}, after:\n${first.err}\nand:\n${second.err}`).toEqual([]);

      const third = await place.landform("deploy", ...POLL);
      expectHere(third.out).toContain("0 stack sets deployed, 2 unchanged");
    } finally {
      place.remove();
      await aws.stop();
    }
  },
);

/** Every stack that the spec asks for is there, with the template it asks for, and no other. */
function expectSpec(aws: Aws, place: Workplace, { environments }: Story, expectHere: typeof expect): void {
  for (const name of ["keys", "network"]) {
    const stackSet = aws.stackSets.get(`acme-${name}`);
    const template = place.read(`generated/acme/${name}.yaml`);
    expectHere(stackSet?.template === template, `the template of ${name}`).toBe(true);
    const instances = [...(stackSet?.instances.values() ?? [])];
    expectHere(instances.map(({ account, status }) => `${account} ${status}`).toSorted()).toEqual(
      environments.map((environment) => `${IDS[environment]} CURRENT`).toSorted(),
    );
    const stacks = aws.stacks as MemoryStacks;
    for (const environment of environments) {
      const own = [...stacks.in(IDS[environment] as string, "eu-west-1").values()];
      const made = own.filter((stack) => stack.name.startsWith(`StackSet-acme-${name}-`));
      expectHere(made.map((stack) => stack.template === template)).toEqual([true]);
    }
  }
}
