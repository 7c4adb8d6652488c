/** Keys of services that are of no use: they are for another form, another strategy, or for what gets requests. */
import { quoteList } from "../../closest.ts";
import { formatPath } from "../../path.ts";
import type { Unfit } from "../workload/check.ts";
import { routesOf } from "../workload/requests.ts";
import { capacityOf } from "./capacity.ts";
import { areRoutesKnown, type CheckedService } from "./check.ts";
import { boundsOf, type Form, formOf, isStaged } from "./settings.ts";

/** The keys that a service has no use for. */
export function unfitOf(checked: CheckedService): Unfit[] {
  const form = formOf(checked.settings);
  const found =
    form === "service"
      ? [...unfitWithoutRequests(checked), ...unfitForScale(checked), ...unfitForStrategy(checked)]
      : unfitForForm(checked, form);
  return [...found, ...unfitForCapacity(checked)];
}

/** What only a service has that runs all the time. */
const OF_SERVICES = ["public", "internal", "port", "tls", "health", "scale", "deploy"] as const;

const IS: Readonly<Record<Form, string>> = {
  service: "runs all the time",
  scheduled: "runs on a schedule",
  "on-demand": "runs when it is told to",
};

function unfitForForm({ name, settings }: CheckedService, form: Form): Unfit[] {
  const twofold = {
    setting: ["on-demand"],
    message: () => `\`${name}\` runs on a schedule, and when it is told to`,
    help: "keep one of the two; a task on a schedule can be run by hand too",
  };
  return [
    ...(settings.schedule && settings["on-demand"] ? [twofold] : []),
    ...OF_SERVICES.map((key) => ({
      setting: [key],
      message: () => `\`${name}\` ${IS[form]}, and \`${key}\` is for what runs all the time`,
      help: `take \`${key}\` out`,
    })),
  ];
}

/** What says how load balancers ask a service how it is, and what else it is asked by. */
const OF_REQUESTS = ["path", "codes"];
const OF_QUESTIONS = ["seconds", "grace-seconds"];

function unfitWithoutRequests(checked: CheckedService): Unfit[] {
  const { name, settings } = checked;
  if (routesOf(settings).length > 0 || !areRoutesKnown(checked)) return [];
  const ofHealth = [...OF_REQUESTS, ...(settings.health.command ? [] : OF_QUESTIONS)];
  const say = "say which requests it gets, by `public` or `internal`, or take";
  return [
    {
      setting: ["port"],
      message: () => `\`${name}\` has a \`port\` that nobody reaches`,
      help: `${say} the port out`,
    },
    ...[["tls"], ...ofHealth.map((key) => ["health", key])].map((setting) => ({
      setting,
      message: () => `\`${name}\` gets no requests, for which \`${formatPath(setting)}\` is`,
      help: `${say} it out`,
    })),
    {
      setting: ["scale", "requests"],
      message: () => `\`${name}\` gets no requests that it could scale by`,
      help: "say `public` or `internal`, or let it scale by `cpu` or `memory`",
    },
  ];
}

function unfitForScale({ name, settings }: CheckedService): Unfit[] {
  const { min, max } = boundsOf(settings);
  if (min !== max) return [];
  return ["cpu", "memory", "requests"].map((key) => ({
    setting: ["scale", key],
    message: () =>
      `\`${name}\` always has ${min} ${min === 1 ? "task" : "tasks"}, and \`scale.${key}\` is for what scales`,
    help: "say how many there are at most, by `max`, or take it out",
  }));
}

function unfitForStrategy({ name, settings }: CheckedService): Unfit[] {
  const { strategy } = settings.deploy;
  const isStepwise = strategy === "canary" || strategy === "linear";
  const keys = [
    ...(isStaged(settings) ? [] : ["bake-minutes"]),
    ...(isStepwise ? [] : ["step-percent", "step-minutes"]),
  ];
  return keys.map((key) => ({
    setting: ["deploy", key],
    message: () =>
      `\`${key}\` is for ${quoteList(key === "bake-minutes" ? ["blue-green", "canary", "linear"] : ["canary", "linear"])}, and \`${name}\` is deployed by \`${strategy}\``,
    help: "take it out, or choose another strategy",
  }));
}

function unfitForCapacity({ name, settings, architecture, placement }: CheckedService): Unfit[] {
  if (capacityOf(architecture, placement, settings) !== "ec2") return [];
  return [
    {
      setting: ["architecture"],
      message: () => `\`${name}\` runs on EC2, on the processors of the instances`,
      help: "take it out; it is for Fargate",
    },
  ];
}
