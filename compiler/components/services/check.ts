/** What is wrong with services that the schema can't say: amounts and names that can't be. */
import type { Architecture } from "../../architecture.ts";
import { type Report, reportOnce } from "../../diagnostics.ts";
import { type Checked, inEachPlacement, reportUnfit } from "../workload/check.ts";
import { routesOf } from "../workload/requests.ts";
import { checkSchedule } from "../workload/schedule.ts";
import { boundsOf, formOf, isStaged, type ServiceSettings, servicesOf, servicesPath } from "./settings.ts";
import { checkSurroundings } from "./surroundings.ts";
import { volumeOf } from "./task.ts";
import { unfitOf } from "./unfit.ts";

/** A service in a placement, and how to say what is wrong with it. */
export type CheckedService = Checked<ServiceSettings>;

/** Whether what the spec says of its requests is what it means: what is wrong is left out. */
export const areRoutesKnown = ({ isLeftOut }: CheckedService): boolean =>
  !["public", "internal"].some((key) => isLeftOut(key, "path"));

export function checkServices(architecture: Architecture, report: Report): void {
  const once = reportOnce(report);
  for (const service of servicesOf(architecture)) {
    const all = inEachPlacement<ServiceSettings>(architecture, [...servicesPath, service], once);
    // Where a part is wrong and left out, nothing is known of how it goes with the rest.
    const known = all.filter(
      ({ settings }) => settings.image !== undefined && settings.version !== undefined,
    );
    // Environments without deltas have the same settings: one of them speaks for all.
    for (const checked of new Map(known.map((each) => [each.settings, each])).values()) {
      checkPort(checked);
      checkScale(checked);
      checkStages(checked);
      checkHealth(checked);
      checkVolumes(checked);
      checkSchedule(checked);
    }
    for (const checked of known) checkSurroundings(checked);
    reportUnfit(known, unfitOf, once);
  }
}

function checkPort({ name, settings, isLeftOut, complain }: CheckedService): void {
  if (formOf(settings) !== "service" || routesOf(settings).length === 0 || settings.port !== undefined)
    return;
  if (isLeftOut("port")) return;
  const kind = settings.public ? "public" : "internal";
  complain(
    "missing-key",
    [kind],
    `\`${name}\` is ${kind}, and has no \`port\``,
    "say the port it listens on",
  );
}

function checkScale({ name, settings, complain }: CheckedService): void {
  const { min, max } = boundsOf(settings);
  if (max < min) {
    complain(
      "bad-value",
      ["scale"],
      `\`${name}\` is to have ${min} tasks at least and ${max} at most`,
      "the second number is the greater",
    );
  } else if (min === 0 && max > 0) {
    complain(
      "bad-value",
      ["scale"],
      `\`${name}\` may come down to no task at all, where nothing is measured that would start one again`,
      "let there be one at least; `0` alone is for a service that is switched off",
    );
  }
  if (settings.scale.requests !== undefined && routesOf(settings).length > 0 && isStaged(settings)) {
    complain(
      "unfit-key",
      ["scale", "requests"],
      `\`${name}\` is deployed by \`${settings.deploy.strategy}\`, where its target groups change places and requests can't be counted for one`,
      "let it scale by `cpu` or `memory`, or deploy it by `rolling`",
    );
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/linear-deployment-implementation.html */
function checkStages(checked: CheckedService): void {
  const { name, settings, complain } = checked;
  if (formOf(settings) !== "service" || !isStaged(settings)) return;
  const routes = routesOf(settings);
  const { strategy } = settings.deploy;
  if (routes.length === 0 && strategy !== "blue-green" && areRoutesKnown(checked)) {
    complain(
      "unfit-key",
      ["deploy", "strategy"],
      `\`${name}\` is deployed by \`${strategy}\`, and gets no requests that ECS could move`,
      "deploy it by `rolling` or `blue-green`, or say `public` or `internal`",
    );
  }
  for (const balancer of ["public", "internal"] as const) {
    const own = routes.filter((route) => route.balancer === balancer);
    if (own.length > 1) {
      complain(
        "bad-value",
        [balancer],
        `\`${name}\` is deployed by \`${strategy}\`, for which ECS moves the requests of one path; it has ${own.length}`,
        "put them under one path, or deploy it by `rolling`",
      );
    }
  }
}

function checkHealth({ name, settings: { health }, complain }: CheckedService): void {
  const [first = ""] = health.command ?? [];
  if (!/^(CMD|CMD-SHELL|NONE)$/.test(first)) return;
  complain(
    "bad-value",
    ["health", "command"],
    `\`${first}\` is how ECS takes a command, and \`${name}\` says only the command itself`,
    "for a shell, say `[sh, -c, …]`",
  );
}

function checkVolumes({ name, settings, complain }: CheckedService): void {
  const names = settings.writable.map((path) => volumeOf(path).replaceAll("_", "-"));
  const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (twice >= 0) {
    complain(
      "bad-value",
      ["writable", twice],
      `two directories of \`${name}\` differ only in slashes, hyphens and dots`,
      "the volumes for them would have the same name",
    );
  }
}
