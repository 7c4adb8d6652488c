/** The jobs of a pipeline in the order they run in, each with its steps as they are run. */
import { type Command, type Config, type Invoked, invokedIn, type Step } from "./config.ts";

/** A job that is ready to run. */
export interface Planned {
  readonly name: string;
  readonly kind: "job" | "approval";
  readonly requires: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** From the home directory. */
  readonly directory: string;
  readonly steps: readonly Step[];
}

type Arguments = Readonly<Record<string, unknown>>;

/** The jobs that a commit on a branch brings, each after those it requires. */
export function jobsOn(branch: string, config: Config): Planned[] {
  const [workflow] = Object.values(config.workflows ?? {});
  const invoked = invokedIn(workflow?.jobs ?? []).filter(({ invocation }) => {
    const only = invocation.filters?.branches?.only;
    return only === undefined || only === branch;
  });
  const planned = invoked.flatMap((one) => matrixOf(one).map((args) => planOf(config, one, args)));
  return inOrder(planned);
}

/** A job of a configuration with arguments, as a workflow of its own would run it. */
export const jobWith = (config: Config, job: string, args: Arguments): Planned =>
  planOf(config, { name: job, job, invocation: {} }, args);

/** The arguments of each of the jobs that an entry stands for. */
function matrixOf({ invocation }: Invoked): Arguments[] {
  const { matrix, ...args } = invocation;
  return Object.entries(matrix?.parameters ?? {}).reduce<Arguments[]>(
    (all, [name, values]) => all.flatMap((some) => values.map((value) => ({ ...some, [name]: value }))),
    [args],
  );
}

function planOf(config: Config, { name, job, invocation }: Invoked, given: Arguments): Planned {
  const requires = invocation.requires ?? [];
  const known = config.jobs[job];
  if (!known) return { name, kind: "approval", requires, environment: {}, directory: "", steps: [] };
  const args = withDefaults(known, given);
  return {
    name,
    kind: "job",
    requires,
    environment: filled(known.environment ?? {}, args),
    directory: known.working_directory ?? "~/project",
    steps: expand(config, known.steps, args),
  };
}

const withDefaults = ({ parameters = {} }: Command, given: Arguments): Arguments =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, { default: standard }]) => [name, given[name] ?? standard]),
  );

/** Steps with commands, conditions and lists of steps resolved. */
function expand(config: Config, steps: readonly Step[], args: Arguments): Step[] {
  return steps.flatMap((step): Step[] => {
    const [[name = "", settings] = []] =
      typeof step === "string" ? [[step, undefined] as const] : Object.entries(step);
    const command = config.commands?.[name];
    if (command) return expand(config, command.steps, withDefaults(command, {}));
    if (name === "when" || name === "unless") {
      const { condition, steps: inner } = filledCondition(settings as Condition, args);
      return (name === "when") === isTrue(condition) ? expand(config, inner, args) : [];
    }
    if (name === "steps") return args[parameterIn(String(settings))] as Step[];
    return [typeof step === "string" ? step : filled(step, args)];
  });
}

interface Condition {
  readonly condition: string;
  readonly steps: readonly Step[];
}

const filledCondition = ({ condition, steps }: Condition, args: Arguments) => ({
  condition: args[parameterIn(condition)],
  steps,
});

/** https://docs.circleci.com: what is empty, zero, false or nothing is false. */
const isTrue = (value: unknown): boolean =>
  value !== undefined && value !== "" && value !== false && value !== 0;

const parameterIn = (text: string): string => /^<< parameters\.([\w-]+) >>$/.exec(text)?.[1] ?? "";

/** The value with its parameters replaced. */
function filled<T>(value: T, args: Arguments): T {
  const text = JSON.stringify(value).replace(/<< parameters\.([\w-]+) >>/g, (_, name: string) =>
    JSON.stringify(String(args[name])).slice(1, -1),
  );
  return JSON.parse(text) as T;
}

function inOrder(jobs: readonly Planned[]): Planned[] {
  const ordered: Planned[] = [];
  let rest = [...jobs];
  while (rest.length > 0) {
    const waiting = new Set(rest.map(({ name }) => name));
    const ready = rest.filter(({ requires }) => !requires.some((name) => waiting.has(name)));
    if (ready.length === 0) throw new Error(`these wait for each other: ${[...waiting].join(", ")}`);
    ordered.push(...ready);
    rest = rest.filter((job) => !ready.includes(job));
  }
  return ordered;
}
