/** Keys of services that are of no use: they are for another form, another strategy, or for what gets requests. */
import { originOf } from "../../architecture.ts";
import { quoteList } from "../../closest.ts";
import { inSpec, type Report } from "../../diagnostics.ts";
import { formatPath, type SpecPath } from "../../path.ts";
import { routesOf } from "../workload/requests.ts";
import { capacityOf } from "./capacity.ts";
import { areRoutesKnown, type Checked } from "./check.ts";
import { boundsOf, type Form, formOf, isStaged } from "./settings.ts";

/** A key that is set, and why a service has no use for it. */
interface Unfit {
  readonly setting: SpecPath;
  readonly message: string;
  readonly help: string;
}

/**
 * Reports keys that no placement has a use for of those that take them from the same line: what is said in general may
 * be for some environments only.
 *
 * @param all a service in each of its placements
 */
export function reportUnfit(all: readonly Checked[], report: Report): void {
  const unfit = all.map(
    (checked) => new Map(unfitOf(checked).map((each) => [lineOf(checked, each.setting), each])),
  );
  for (const [index, found] of unfit.entries()) {
    for (const [line, { setting, message, help }] of found) {
      const takes = all.map((checked) => lineOf(checked, setting) === line);
      if (takes.some((isTaken, other) => isTaken && !unfit[other]?.has(line))) continue;
      report({ code: "unfit-key", message, help, at: inSpec(originIn(all[index] as Checked, setting).path) });
    }
  }
}

const originIn = ({ architecture, path, placement }: Checked, setting: SpecPath) =>
  originOf(architecture.spec, path, placement.environment, setting);

const lineOf = (checked: Checked, setting: SpecPath): string => formatPath(originIn(checked, setting).path);

function unfitOf(checked: Checked): Unfit[] {
  const form = formOf(checked.settings);
  const found =
    form === "service"
      ? [...unfitWithoutRequests(checked), ...unfitForScale(checked), ...unfitForStrategy(checked)]
      : unfitForForm(checked, form);
  return [...found, ...unfitForCapacity(checked)].filter(({ setting }) => checked.isSet(...setting));
}

/** What only a service has that runs all the time. */
const OF_SERVICES = ["public", "internal", "port", "tls", "health", "scale", "deploy"] as const;

const IS: Readonly<Record<Form, string>> = {
  service: "runs all the time",
  scheduled: "runs on a schedule",
  "on-demand": "runs when it is told to",
};

function unfitForForm({ service, settings }: Checked, form: Form): Unfit[] {
  const twofold = {
    setting: ["on-demand"],
    message: `\`${service}\` runs on a schedule, and when it is told to`,
    help: "keep one of the two; a task on a schedule can be run by hand too",
  };
  return [
    ...(settings.schedule && settings["on-demand"] ? [twofold] : []),
    ...OF_SERVICES.map((key) => ({
      setting: [key],
      message: `\`${service}\` ${IS[form]}, and \`${key}\` is for what runs all the time`,
      help: `take \`${key}\` out`,
    })),
  ];
}

/** What says how load balancers ask a service how it is, and what else it is asked by. */
const OF_REQUESTS = ["path", "codes"];
const OF_QUESTIONS = ["seconds", "grace-seconds"];

function unfitWithoutRequests(checked: Checked): Unfit[] {
  const { service, settings } = checked;
  if (routesOf(settings).length > 0 || !areRoutesKnown(checked)) return [];
  const ofHealth = [...OF_REQUESTS, ...(settings.health.command ? [] : OF_QUESTIONS)];
  const say = "say which requests it gets, by `public` or `internal`, or take";
  return [
    {
      setting: ["port"],
      message: `\`${service}\` has a \`port\` that nobody reaches`,
      help: `${say} the port out`,
    },
    ...[["tls"], ...ofHealth.map((key) => ["health", key])].map((setting) => ({
      setting,
      message: `\`${service}\` gets no requests, for which \`${formatPath(setting)}\` is`,
      help: `${say} it out`,
    })),
    {
      setting: ["scale", "requests"],
      message: `\`${service}\` gets no requests that it could scale by`,
      help: "say `public` or `internal`, or let it scale by `cpu` or `memory`",
    },
  ];
}

function unfitForScale({ service, settings }: Checked): Unfit[] {
  const { min, max } = boundsOf(settings);
  if (min !== max) return [];
  return ["cpu", "memory", "requests"].map((key) => ({
    setting: ["scale", key],
    message: `\`${service}\` always has ${min} ${min === 1 ? "task" : "tasks"}, and \`scale.${key}\` is for what scales`,
    help: "say how many there are at most, by `max`, or take it out",
  }));
}

function unfitForStrategy({ service, settings }: Checked): Unfit[] {
  const { strategy } = settings.deploy;
  const isStepwise = strategy === "canary" || strategy === "linear";
  const keys = [
    ...(isStaged(settings) ? [] : ["bake-minutes"]),
    ...(isStepwise ? [] : ["step-percent", "step-minutes"]),
  ];
  return keys.map((key) => ({
    setting: ["deploy", key],
    message: `\`${key}\` is for ${quoteList(key === "bake-minutes" ? ["blue-green", "canary", "linear"] : ["canary", "linear"])}, and \`${service}\` is deployed by \`${strategy}\``,
    help: "take it out, or choose another strategy",
  }));
}

function unfitForCapacity({ service, settings, architecture, placement }: Checked): Unfit[] {
  if (capacityOf(architecture, placement, settings) !== "ec2") return [];
  const message = `\`${service}\` runs on EC2, on the processors of the instances`;
  return [{ setting: ["architecture"], message, help: "take it out; it is for Fargate" }];
}
