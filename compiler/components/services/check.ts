/** What is wrong with services that the schema can't say: amounts and names that can't be. */
import {
  type Architecture,
  originOf,
  type Placement,
  placementsWith,
  placeOfSetting,
} from "../../architecture.ts";
import { type Code, inSpec, type Report, reportOnce } from "../../diagnostics.ts";
import type { SpecPath } from "../../path.ts";
import { isPruned } from "../../validate/prune.ts";
import { showName } from "../../wording.ts";
import { routesOf } from "../workload/requests.ts";
import { isTimeZone } from "../workload/schedule.ts";
import {
  boundsOf,
  formOf,
  isStaged,
  type ServiceSettings,
  servicesOf,
  servicesPath,
  settingsOf,
} from "./settings.ts";
import { checkSurroundings } from "./surroundings.ts";
import { volumeOf } from "./task.ts";
import { reportUnfit } from "./unfit.ts";

/** A service in a placement, and how to say what is wrong with it. */
export interface Checked {
  readonly service: string;
  readonly path: SpecPath;
  readonly settings: ServiceSettings;
  readonly architecture: Architecture;
  readonly placement: Placement;
  isSet(...setting: SpecPath): boolean;
  complain(code: Code, setting: SpecPath, message: string, help: string): void;
}

/** Whether what the spec says of its requests is what it means: what is wrong is left out. */
export const areRoutesKnown = ({ architecture: { spec }, path }: Checked): boolean =>
  !["public", "internal"].some((key) => isPruned(spec, [...path, key, "path"]));

export function checkServices(architecture: Architecture, report: Report): void {
  const { spec } = architecture;
  const once = reportOnce(report);
  for (const service of servicesOf(architecture)) {
    const path = [...servicesPath, service];
    const all = placementsWith(architecture, path).map((placement): Checked => {
      const { environment } = placement;
      return {
        service,
        path,
        settings: settingsOf(architecture, service, placement),
        architecture,
        placement,
        isSet: (...setting) => originOf(spec, path, environment, setting).by !== "schema",
        complain: (code, setting, message, help) =>
          once({
            code,
            message,
            help,
            at: setting.length > 0 ? placeOfSetting(spec, path, environment, setting) : inSpec(path, "key"),
          }),
      };
    });
    // Where a part is wrong and left out, nothing is known of how it goes with the rest.
    const known = all.filter(
      ({ settings }) => settings.image !== undefined && settings.version !== undefined,
    );
    for (const checked of known) {
      checkPort(checked);
      checkScale(checked);
      checkStages(checked);
      checkHealth(checked);
      checkVolumes(checked);
      checkTimeZone(checked);
      checkSurroundings(checked);
    }
    reportUnfit(known, once);
  }
}

function checkPort({ service, settings, architecture: { spec }, path, complain }: Checked): void {
  if (formOf(settings) !== "service" || routesOf(settings).length === 0 || settings.port !== undefined)
    return;
  if (isPruned(spec, [...path, "port"])) return;
  const kind = settings.public ? "public" : "internal";
  complain(
    "missing-key",
    [kind],
    `\`${service}\` is ${kind}, and has no \`port\``,
    "say the port it listens on",
  );
}

function checkScale({ service, settings, complain }: Checked): void {
  const { min, max } = boundsOf(settings);
  if (max < min) {
    complain(
      "bad-value",
      ["scale"],
      `\`${service}\` is to have ${min} tasks at least and ${max} at most`,
      "the second number is the greater",
    );
  } else if (min === 0 && max > 0) {
    complain(
      "bad-value",
      ["scale"],
      `\`${service}\` may come down to no task at all, where nothing is measured that would start one again`,
      "let there be one at least; `0` alone is for a service that is switched off",
    );
  }
  if (settings.scale.requests !== undefined && routesOf(settings).length > 0 && isStaged(settings)) {
    complain(
      "unfit-key",
      ["scale", "requests"],
      `\`${service}\` is deployed by \`${settings.deploy.strategy}\`, where its target groups change places and requests can't be counted for one`,
      "let it scale by `cpu` or `memory`, or deploy it by `rolling`",
    );
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/linear-deployment-implementation.html */
function checkStages(checked: Checked): void {
  const { service, settings, complain } = checked;
  if (formOf(settings) !== "service" || !isStaged(settings)) return;
  const routes = routesOf(settings);
  const { strategy } = settings.deploy;
  if (routes.length === 0 && strategy !== "blue-green" && areRoutesKnown(checked)) {
    complain(
      "unfit-key",
      ["deploy", "strategy"],
      `\`${service}\` is deployed by \`${strategy}\`, and gets no requests that ECS could move`,
      "deploy it by `rolling` or `blue-green`, or say `public` or `internal`",
    );
  }
  for (const balancer of ["public", "internal"] as const) {
    const own = routes.filter((route) => route.balancer === balancer);
    if (own.length > 1) {
      complain(
        "bad-value",
        [balancer],
        `\`${service}\` is deployed by \`${strategy}\`, for which ECS moves the requests of one path; it has ${own.length}`,
        "put them under one path, or deploy it by `rolling`",
      );
    }
  }
}

function checkHealth({ service, settings: { health }, complain }: Checked): void {
  const [first = ""] = health.command ?? [];
  if (!/^(CMD|CMD-SHELL|NONE)$/.test(first)) return;
  complain(
    "bad-value",
    ["health", "command"],
    `\`${first}\` is how ECS takes a command, and \`${service}\` says only the command itself`,
    "for a shell, say `[sh, -c, …]`",
  );
}

function checkVolumes({ service, settings, complain }: Checked): void {
  const names = settings.writable.map((path) => volumeOf(path).replaceAll("_", "-"));
  const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (twice >= 0) {
    complain(
      "bad-value",
      ["writable", twice],
      `two directories of \`${service}\` differ only in slashes, hyphens and dots`,
      "the volumes for them would have the same name",
    );
  }
}

function checkTimeZone({ service, settings: { schedule }, complain }: Checked): void {
  const zone = schedule?.["time-zone"];
  if (zone === undefined || isTimeZone(zone)) return;
  complain(
    "bad-value",
    ["schedule", "time-zone"],
    `\`${service}\` runs by the time of ${showName(zone)}, which is no time zone`,
    "the IANA database calls them by continent and city, such as Europe/Berlin",
  );
}
