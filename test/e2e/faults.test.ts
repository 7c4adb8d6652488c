/**
 * What goes wrong, by seed: throttled, broken, slow and lost answers, lists that lag, operations in the way, queued,
 * stopped and failing, credentials that end, and a tool that is killed. Whatever happened, one plain run afterwards ends
 * in what the spec asks for: nothing is lost, nothing that had succeeded was done again, and nothing lies about.
 *
 * `npm test` runs each story once, `npm run soak` 300 seeds. `SOAK_FIRST=<seed> SOAK_RUNS=1` repeats one.
 */
import { type ExpectStatic, test } from "vitest";
import { type Faults, seededFaults } from "../aws/faults.ts";
import { seeded } from "../aws/sequence.ts";
import { startAws } from "../aws/server.ts";
import { loggedIn, type Run, workplace } from "../support/landform.ts";
import {
  CountedStacks,
  describeRun,
  expectFair,
  expectSpec,
  leftovers,
  superfluous,
} from "./faults/judgement.ts";
import { ADMIN, DEV, STORIES, type Story } from "./faults/stories.ts";

const FIRST = Number(process.env.SOAK_FIRST ?? 1);
const RUNS = Number(process.env.SOAK_RUNS ?? STORIES.length);

/** The faults of a seed; beside those of the connection, stacks that fail once and operations that are stopped. */
function faultsOf(seed: number, random: () => number, { suspended }: Story): Faults {
  const base = seededFaults(seed, { rate: 0.12, most: 12 });
  const failsOnce = random() < 0.25;
  const isStopped = random() < 0.2;
  return {
    ...base,
    ...(suspended && { suspended }),
    onInstance: ({ account, attempt }) =>
      failsOnce && account === DEV && attempt === 1
        ? "ResourceLogicalId:Vpc, ResourceType:AWS::EC2::VPC, ResourceStatusReason:The maximum number of VPCs has been reached."
        : undefined,
    onOperation: (operation) =>
      isStopped && operation.index % 2 === 1 ? { stopAfter: 2 } : base.onOperation?.(operation),
  };
}

/** How a run is ended from outside: not at all, when the server has seen so many calls, or after so long. */
class Killer {
  private readonly by: "nothing" | "call" | "time";
  private readonly call: number;
  private readonly milliseconds: number;
  private readonly signal: NodeJS.Signals;
  /** Whether the last call takes effect, and whether its answer is lost. */
  private readonly isLost: boolean;
  private readonly when: "before" | "after";
  private calls = 0;
  private run: Run | undefined;
  /** The signal, once it was sent. */
  sent: NodeJS.Signals | undefined;

  constructor(random: () => number) {
    this.by = (["nothing", "call", "time"] as const)[Math.floor(random() * 3)] ?? "nothing";
    this.call = 1 + Math.floor(random() * 30);
    this.milliseconds = 300 + Math.floor(random() * 2_000);
    this.signal = random() < 0.75 ? "SIGKILL" : "SIGINT";
    this.isLost = random() < 0.5;
    this.when = random() < 0.5 ? "before" : "after";
  }

  watch(run: Run): void {
    this.run = run;
    if (this.by !== "time") return;
    const timer = setTimeout(() => this.kill(), this.milliseconds);
    run.child.once("exit", () => clearTimeout(timer));
  }

  within(faults: Faults): Faults {
    return {
      ...faults,
      onCall: (call) => {
        if (this.by !== "call" || ++this.calls !== this.call) return faults.onCall?.(call);
        this.kill();
        return this.isLost ? { kind: "reset", when: this.when } : undefined;
      },
    };
  }

  private kill(): void {
    if (this.run?.child.kill(this.signal)) this.sent = this.signal;
  }
}

for (let seed = FIRST; seed < FIRST + RUNS; seed++) {
  const story = STORIES[seed % STORIES.length] as Story;
  test.concurrent(`seed ${seed}: ${story.name}`, { timeout: 120_000 }, ({ expect }) =>
    play(expect, seed, story),
  );
}

async function play(expect: ExpectStatic, seed: number, story: Story): Promise<void> {
  const random = seeded(seed);
  const stacks = new CountedStacks();
  const aws = await startAws({ stacks, instanceMilliseconds: 0 });
  const place = workplace();
  const scene = { aws, place };
  try {
    place.env = await loggedIn(aws, ADMIN);
    await story.prepare?.(scene);
    stacks.made.clear();
    const stackSets = new Set(aws.stackSets.values());

    // Some are slow enough for the next run to find them at work.
    aws.setInstanceMilliseconds(random() < 0.3 ? 150 + random() * 350 : random() * 30);
    const killer = new Killer(random);
    const before = aws.log.length;
    aws.setFaults(killer.within(faultsOf(seed, random, story)));
    const run = place.start(...story.command);
    killer.watch(run);
    const first = await run.ended;
    aws.setFaults(story.suspended && { suspended: story.suspended });
    expectFair(expect, story, first, killer.sent);
    const calls = aws.log.slice(before);
    let said = describeRun(first, killer.sent, calls);
    // Who is killed, or not let in any more, can't tidy up after a look.
    const isCutOff = killer.sent === "SIGKILL" || calls.some(({ outcome }) => outcome === "ExpiredToken");
    const mayLeave = story.command[0] === "plan" && isCutOff;
    if (story.command[0] === "plan" && !mayLeave) expect(leftovers(aws), said).toEqual([]);

    await story.between?.(scene);
    for (const { command, code = 0 } of story.again ?? [{ command: story.command }]) {
      const plain = await place.landform(...command);
      expect(plain, `${command.join(" ")}, after:\n${said}`).toMatchObject({ code });
      said += `\nand ${command.join(" ")}:\n${plain.out}\n${plain.err}`;
    }
    expectSpec(expect, scene, story);
    expect(stacks.twice, said).toEqual([]);
    if (!mayLeave) expect(leftovers(aws), said).toEqual([]);
    for (const stackSet of aws.stackSets.values()) stackSets.add(stackSet);
    expect([...stackSets].flatMap(superfluous), said).toEqual([]);

    const { command, says } = story.last ?? NOTHING_LEFT;
    expect((await place.landform(...command)).out).toMatch(says);
  } finally {
    place.remove();
    await aws.stop();
  }
}

const NOTHING_LEFT = {
  command: ["deploy", "--poll", "0.02"],
  says: /: 0 stack sets deployed, \d+ unchanged$/m,
};
