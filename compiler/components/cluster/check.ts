/** What no schema can say of the cluster: what instances need, and where they are of no use. */
import { type Architecture, layersOf, originOf, type Placement, valueAt } from "../../architecture.ts";
import { quoteList } from "../../closest.ts";
import { inSpec, type Place, type Report, reportOnce } from "../../diagnostics.ts";
import type { SpecPath } from "../../path.ts";
import { isPruned } from "../../validate/prune.ts";
import { networkPath, unreachableFrom, zonesOf } from "../network/settings.ts";
import { type ClusterSettings, clusterIn, clusterPath, isAsked } from "./settings.ts";

/** What the agent on an instance talks to: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html */
const AGENT = ["ecs", "ecs-agent", "ecs-telemetry"];

/** A placement that has a cluster. */
interface Found {
  readonly placement: Placement;
  readonly settings: ClusterSettings;
}

export function checkCluster(architecture: Architecture, report: Report): void {
  const found = architecture.placements.flatMap((placement): Found[] => {
    const settings = clusterIn(architecture, placement);
    return settings ? [{ placement, settings }] : [];
  });
  const once = reportOnce(report);
  reportUseless(architecture, found, once);
  for (const each of found) {
    const isInNetwork = reportMissingNetwork(architecture, each, once);
    reportMissingKeys(architecture, each, once);
    if (each.settings.capacity !== "ec2") continue;
    checkScale(architecture, each, once);
    if (isInNetwork) reportUnreachable(architecture, each, once);
  }
}

/** Instances that no placement would have: where they stand they say something about Fargate only. */
function reportUseless(architecture: Architecture, found: readonly Found[], report: Report): void {
  const { spec } = architecture;
  const isOnFargate = ({ placement, settings }: Found) =>
    settings.capacity === "fargate" && !isUnknown(architecture, placement, "capacity");
  const environments = Object.keys(spec.environments);
  const layers: readonly { readonly path: SpecPath; readonly of: readonly string[] }[] = [
    { path: clusterPath, of: environments },
    ...environments.map((name) => ({ path: [...clusterPath, "in", name], of: [name] })),
    ...environments.map((name) => ({ path: ["environments", name, ...clusterPath], of: [name] })),
  ];
  for (const { path, of } of layers) {
    const about = found.filter(({ placement }) => of.includes(placement.environment));
    const at = [...path, "instances"];
    const isSaid = (valueAt(spec, at) ?? null) !== null;
    if (!isSaid || about.length === 0 || !about.every(isOnFargate)) continue;
    const trouble = path === clusterPath ? "no environment has that" : `\`${of}\` has \`fargate\``;
    report({
      code: "unfit-key",
      message: `\`instances\` are for \`capacity: ec2\`, and ${trouble}`,
      help: "say `capacity: ec2`, or leave them out",
      at: inSpec(at, "key"),
    });
  }
}

/** @returns whether there is a network */
function reportMissingNetwork(architecture: Architecture, { placement }: Found, report: Report): boolean {
  const isThere = zonesOf(architecture, placement) > 0;
  // Where it is only needed, those who need it say so.
  if (!isThere && isAsked(architecture, placement)) {
    report({
      code: "bad-value",
      message: `what runs in the cluster lies in the network, and \`${placement.environment}\` has none`,
      help: "name the environments that have a cluster by `environments`, or give this one a network",
      at: sectionOf(architecture, placement),
    });
  }
  return isThere;
}

function reportMissingKeys(
  architecture: Architecture,
  { placement, settings: { capacity, instances } }: Found,
  report: Report,
): void {
  if (capacity !== "ec2") return;
  const missing = (["type", "scale"] as const).filter(
    (key) => instances?.[key] === undefined && !isUnknown(architecture, placement, "instances", key),
  );
  if (missing.length === 0) return;
  const them = missing.length > 1 ? "them" : "it";
  report({
    code: "missing-key",
    message: `${quoteList(missing)} ${missing.length > 1 ? "are" : "is"} missing in \`cluster.instances\``,
    help: `\`capacity: ec2\` needs ${them}, and there is none in \`${placement.environment}\``,
    at: sectionOf(architecture, placement),
  });
}

function checkScale(
  architecture: Architecture,
  { placement, settings: { instances } }: Found,
  report: Report,
): void {
  if (instances?.scale === undefined) return;
  const { min, max = min } = instances.scale;
  const at = placeOf(architecture, placement, ["instances", "scale"]);
  const bad = (message: string, help: string) => report({ code: "bad-value", message, help, at });
  if (max < min) {
    bad(`at least ${min} can't be at most ${max}`, `the fewest come first: \`${max}-${min}\``);
  } else if (max === 0) {
    bad("there would be no instance to run tasks on", "allow one or more, or say `capacity: fargate`");
  }
}

/** Without a way to ECS instances would start and never join. */
function reportUnreachable(architecture: Architecture, { placement }: Found, report: Report): void {
  const missing = unreachableFrom(architecture, placement, AGENT);
  if (missing.length === 0) return;
  const { environment } = placement;
  report({
    code: "bad-value",
    message: `instances of the cluster can't reach ECS: the network of \`${environment}\` has no NAT, and no endpoint for ${quoteList(missing)}`,
    help: "add the endpoints, and those of what images and logs need; or a NAT gateway",
    at: sectionOf(architecture, placement),
    related: [
      {
        at: inSpec(originOf(architecture.spec, networkPath, environment, ["nat"]).path),
        message: "no NAT here",
      },
    ],
  });
}

/** Whether a setting is wrong somewhere and was left out, so that nobody knows what it was to be. */
const isUnknown = ({ spec }: Architecture, { environment }: Placement, ...setting: SpecPath): boolean =>
  layersOf(clusterPath, environment).some((layer) => isPruned(spec, [...layer, ...setting]));

/** Where the cluster of an environment is asked for: the section for all, or its own. */
function sectionOf({ spec }: Architecture, { environment }: Placement): Place {
  const isGeneral = valueAt(spec, clusterPath) !== undefined;
  return inSpec(isGeneral ? clusterPath : ["environments", environment, ...clusterPath], "key");
}

/** Where a setting is decided. */
function placeOf({ spec }: Architecture, { environment }: Placement, setting: SpecPath): Place {
  return inSpec(originOf(spec, clusterPath, environment, setting).path);
}
