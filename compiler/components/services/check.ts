/** What is wrong with services that the schema can't say: keys that do not go together, and sizes there are not. */
import {
  type Architecture,
  originOf,
  type Placement,
  placementsWith,
  placeOfSetting,
} from "../../architecture.ts";
import { quoteList } from "../../closest.ts";
import { type Code, type Report, reportOnce } from "../../diagnostics.ts";
import type { SpecPath } from "../../path.ts";
import { capacityIn, clusterIn, clusterPath } from "../cluster/settings.ts";
import { networkPath, zonesOf } from "../network/settings.ts";
import { capacityOf } from "./capacity.ts";
import { fitsFargate } from "./fargate.ts";
import {
  boundsOf,
  type Form,
  formOf,
  isStaged,
  routesOf,
  type ServiceSettings,
  servicesOf,
  servicesPath,
  settingsOf,
} from "./settings.ts";

/** A service in a placement, and how to say what is wrong with it. */
interface Checked {
  readonly service: string;
  readonly settings: ServiceSettings;
  readonly architecture: Architecture;
  readonly placement: Placement;
  isSet(...setting: SpecPath): boolean;
  complain(code: Code, setting: SpecPath, message: string, help: string): void;
}

export function checkServices(architecture: Architecture, report: Report): void {
  const { spec } = architecture;
  const once = reportOnce(report);
  for (const service of servicesOf(architecture)) {
    const path = [...servicesPath, service];
    for (const placement of placementsWith(architecture, path)) {
      const { environment } = placement;
      const checked: Checked = {
        service,
        settings: settingsOf(architecture, service, placement),
        architecture,
        placement,
        isSet: (...setting) => originOf(spec, path, environment, setting).by !== "schema",
        complain: (code, setting, message, help) =>
          once({ code, message, help, at: placeOfSetting(spec, path, environment, setting) }),
      };
      // Where a part is wrong and left out, nothing is known of how it goes with the rest.
      if (checked.settings.image === undefined || checked.settings.version === undefined) continue;
      checkForm(checked);
      checkPort(checked);
      checkScale(checked);
      checkDeploy(checked);
      checkCapacity(checked);
      checkVolumes(checked);
      checkNetwork(checked, path);
    }
  }
}

/** What only a service has that runs all the time. */
const OF_SERVICES = ["public", "internal", "port", "tls", "scale", "deploy"] as const;

const IS: Readonly<Record<Form, string>> = {
  service: "runs all the time",
  scheduled: "runs on a schedule",
  "on-demand": "runs when it is told to",
};

function checkForm({ service, settings, isSet, complain }: Checked): void {
  const form = formOf(settings);
  if (form === "service") return;
  if (settings.schedule && settings["on-demand"]) {
    complain(
      "unfit-key",
      ["on-demand"],
      `\`${service}\` runs on a schedule, and when it is told to`,
      "keep one of the two; a task on a schedule can be run by hand too",
    );
  }
  for (const key of OF_SERVICES) {
    if (!isSet(key)) continue;
    complain(
      "unfit-key",
      [key],
      `\`${service}\` ${IS[form]}, and \`${key}\` is for what runs all the time`,
      `take \`${key}\` out`,
    );
  }
}

function checkPort({ service, settings, isSet, complain }: Checked): void {
  const isAsked = routesOf(settings).length > 0;
  const kind = settings.public ? "public" : "internal";
  if (isAsked && settings.port === undefined) {
    complain(
      "missing-key",
      [kind],
      `\`${service}\` is ${kind}, and has no \`port\``,
      "say the port it listens on",
    );
  }
  if (!isAsked && formOf(settings) === "service" && isSet("port")) {
    complain(
      "unfit-key",
      ["port"],
      `\`${service}\` has a \`port\` that nobody reaches`,
      "say which requests it gets, by `public` or `internal`, or take the port out",
    );
  }
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
  }
  const { requests } = settings.scale;
  if (requests === undefined) return;
  if (routesOf(settings).length === 0) {
    complain(
      "unfit-key",
      ["scale", "requests"],
      `\`${service}\` gets no requests that it could scale by`,
      "say `public` or `internal`, or let it scale by `cpu` or `memory`",
    );
  } else if (isStaged(settings)) {
    complain(
      "unfit-key",
      ["scale", "requests"],
      `\`${service}\` is deployed by \`${settings.deploy.strategy}\`, where its target groups change places and requests can't be counted for one`,
      "let it scale by `cpu` or `memory`, or deploy it by `rolling`",
    );
  }
}

function checkDeploy({ service, settings, isSet, complain }: Checked): void {
  const { strategy } = settings.deploy;
  const isStepwise = strategy === "canary" || strategy === "linear";
  const unfit = [
    ...(isStaged(settings) ? [] : ["bake-minutes"]),
    ...(isStepwise ? [] : ["step-percent", "step-minutes"]),
  ].filter((key) => isSet("deploy", key));
  for (const key of unfit) {
    complain(
      "unfit-key",
      ["deploy", key],
      `\`${key}\` is for ${quoteList(key === "bake-minutes" ? ["blue-green", "canary", "linear"] : ["canary", "linear"])}, and \`${service}\` is deployed by \`${strategy}\``,
      "take it out, or choose another strategy",
    );
  }
  if (!isStaged(settings)) return;
  for (const balancer of ["public", "internal"] as const) {
    const own = routesOf(settings).filter((route) => route.balancer === balancer);
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

function checkCapacity(checked: Checked): void {
  const { service, settings, architecture, placement, isSet, complain } = checked;
  if (!clusterIn(architecture, placement)) {
    complain(
      "unusable",
      [],
      `\`${service}\` runs in the cluster, and \`${placement.environment}\` is none of those that have it`,
      `add \`${placement.environment}\` to \`${clusterPath[0]}.environments\`, or name those of \`${service}\``,
    );
    return;
  }
  const capacity = capacityOf(architecture, placement, settings);
  if (capacity === "ec2") {
    if (capacityIn(architecture, placement) !== "ec2") {
      complain(
        "unusable",
        ["capacity"],
        `\`${service}\` is to run on EC2 in \`${placement.environment}\`, where the cluster has no instances`,
        `say \`capacity: ec2\` in \`${clusterPath[0]}\`, or let it run on Fargate`,
      );
    }
    if (isSet("architecture")) {
      complain(
        "unfit-key",
        ["architecture"],
        `\`${service}\` runs on EC2, on the processors of the instances`,
        "take it out; it is for Fargate",
      );
    }
    return;
  }
  const trouble = fitsFargate(settings.cpu, settings.memory);
  if (trouble)
    complain(
      "bad-value",
      [isSet("memory") ? "memory" : "cpu"],
      `Fargate has no tasks of ${settings.cpu} CPU units and ${settings.memory} MiB, as \`${service}\` is to be`,
      trouble,
    );
}

function checkVolumes({ service, settings, complain }: Checked): void {
  const names = settings.writable.map((path) => path.replaceAll(/[^A-Za-z0-9]/g, "-"));
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

/** Tasks lie in the private subnets, and reach what starts them through NAT. */
function checkNetwork({ service, architecture, placement, complain }: Checked, path: SpecPath): void {
  if (zonesOf(architecture, placement) > 0) return;
  complain(
    "unusable",
    [],
    `\`${path.at(-1)}\` lies in the network, and \`${placement.environment}\` has none`,
    `name the environments that have \`${service}\` by \`environments\`, or add this one to those of \`${networkPath[0]}\``,
  );
}
