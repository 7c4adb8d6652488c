/** What CircleCI would refuse though its schema does not: names of what is not there, and jobs that never come to run. */
import {
  type Command,
  type Config,
  type Invoked,
  invokedIn,
  parametersIn,
  RESERVED,
  type Step,
} from "./config.ts";

/** Steps that CircleCI has: https://circleci.com/docs/reference/configuration-reference/#steps */
const BUILT_IN = [
  "run",
  "checkout",
  "save_cache",
  "restore_cache",
  "store_artifacts",
  "add_ssh_keys",
  "when",
  "unless",
  "steps",
];

export function mistakesIn(config: Config): string[] {
  const { commands = {}, jobs, workflows = {} } = config;
  return [
    ...Object.entries({ ...commands, ...jobs }).flatMap(([name, command]) =>
      inCommand(config, name, command),
    ),
    ...Object.entries(workflows).flatMap(([name, workflow]) =>
      inWorkflow(config, name, invokedIn(workflow.jobs)),
    ),
  ];
}

function inCommand(
  { commands = {} }: Config,
  name: string,
  { parameters = {}, steps, ...rest }: Command,
): string[] {
  const known = [...BUILT_IN, ...Object.keys(commands)];
  const wanted = new Set(parametersIn({ steps, ...rest }));
  return [
    ...everyStep(steps)
      .filter((step) => !known.includes(step))
      .map((step) => `${name}: there is no step ${step}`),
    ...[...wanted]
      .filter((each) => !(each in parameters))
      .map((each) => `${name}: there is no parameter ${each}`),
  ];
}

const everyStep = (steps: readonly Step[]): string[] =>
  steps.flatMap((step) => {
    if (typeof step === "string") return [step];
    const [[name = "", settings] = []] = Object.entries(step);
    const inner = (settings as { readonly steps?: readonly Step[] })?.steps;
    return [name, ...(Array.isArray(inner) ? everyStep(inner) : [])];
  });

function inWorkflow({ jobs }: Config, workflow: string, invoked: readonly Invoked[]): string[] {
  const groups = invoked.flatMap(({ invocation }) => invocation["serial-group"] ?? []);
  return [
    ...invoked
      .filter(({ job, invocation }) => !(job in jobs) && invocation.type !== "approval")
      .map(({ job }) => `${workflow}: there is no job ${job}`),
    ...invoked.flatMap((one) => [...inArguments(jobs[one.job], one), ...inRequires(invoked, one)]),
    ...groups
      .filter((group, index) => groups.indexOf(group) < index)
      .map((group) => `${group} is the serial group of two jobs`),
  ];
}

function inArguments(job: Command | undefined, { name, job: of, invocation }: Invoked): string[] {
  if (!job) return [];
  const { parameters = {} } = job;
  const given = Object.keys({ ...invocation, ...invocation.matrix?.parameters }).filter(
    (key) => !RESERVED.includes(key),
  );
  const needed = Object.entries(parameters).filter(
    ([key, { default: none }]) => none === undefined && !given.includes(key),
  );
  return [
    ...given.filter((key) => !(key in parameters)).map((key) => `${name}: ${of} takes no ${key}`),
    ...needed.map(([key]) => `${name}: ${of} needs ${key}`),
  ];
}

function inRequires(invoked: readonly Invoked[], { name, invocation }: Invoked): string[] {
  const branchOf = ({ filters }: Invoked["invocation"]) => filters?.branches?.only;
  const found = (invocation.requires ?? []).flatMap((other) => {
    const required = invoked.find((one) => one.name === other);
    if (!required) return [`${name} requires ${other}`];
    const branch = branchOf(required.invocation);
    return branch !== undefined && branch !== branchOf(invocation)
      ? [`${name} is for another branch than ${other}, which it requires`]
      : [];
  });
  return comesAfter(invoked, name, name) ? [...found, `${name} comes after itself`] : found;
}

/** Whether a job waits for another, however many are between. */
function comesAfter(
  invoked: readonly Invoked[],
  name: string,
  other: string,
  seen = new Set<string>(),
): boolean {
  if (seen.has(name)) return false;
  seen.add(name);
  const { requires = [] } = invoked.find((one) => one.name === name)?.invocation ?? {};
  return requires.some((each) => each === other || comesAfter(invoked, each, other, seen));
}
