/** What a service needs around it: a cluster, a network, a size there is, a way to what starts it. */
import { placementsWith } from "../../architecture.ts";
import { quoteList } from "../../closest.ts";
import { memoryOf, processorsOf } from "../../instance-type.ts";
import { capacityIn, clusterIn, clusterPath } from "../cluster/settings.ts";
import { networkPath, reachesWorld, unreachableFrom, zonesOf } from "../network/settings.ts";
import { isOwnImage } from "../registry/names.ts";
import { capacityOf } from "./capacity.ts";
import type { CheckedService } from "./check.ts";
import { fitsFargate } from "./fargate.ts";

export function checkSurroundings(checked: CheckedService): void {
  const { name, architecture, placement, complain } = checked;
  const { environment } = placement;
  if (!placementsWith(architecture, clusterPath).includes(placement)) {
    complain(
      "unusable",
      [],
      `\`${name}\` runs in the cluster, and \`${environment}\` has none`,
      `add \`${environment}\` to \`cluster.environments\`, or keep \`${name}\` out of it by \`environments\``,
    );
  } else {
    checkCapacity(checked);
  }
  if (zonesOf(architecture, placement) > 0) checkReach(checked);
  else {
    complain(
      "unusable",
      [],
      `\`${name}\` lies in the network, and \`${environment}\` has none`,
      `name the environments that have \`${name}\` by \`environments\`, or add this one to those of \`${networkPath[0]}\``,
    );
  }
}

function checkCapacity(checked: CheckedService): void {
  const { name, settings, architecture, placement, isSet, complain } = checked;
  if (capacityOf(architecture, placement, settings) === "ec2") {
    if (capacityIn(architecture, placement) === "ec2") {
      checkInstance(checked);
      return;
    }
    complain(
      "unusable",
      ["capacity"],
      `\`${name}\` is to run on EC2 in \`${placement.environment}\`, where the cluster has no instances`,
      `say \`capacity: ec2\` in \`${clusterPath[0]}\`, or let it run on Fargate`,
    );
    return;
  }
  const trouble = fitsFargate(settings.cpu, settings.memory);
  if (trouble)
    complain(
      "bad-value",
      [isSet("memory") ? "memory" : "cpu"],
      `Fargate has no tasks of ${settings.cpu} CPU units and ${settings.memory} MiB, as \`${name}\` is to be`,
      trouble,
    );
}

/** No instance would ever have room for a task that is larger than one of them, and a deploy would wait for it. */
function checkInstance({ name, settings, architecture, placement, complain }: CheckedService): void {
  const type = clusterIn(architecture, placement)?.instances?.type;
  if (type === undefined) return;
  const { cpu, memory } = settings;
  const processors = processorsOf(type);
  const gib = memoryOf(type);
  const help = "let it have less, give the cluster larger instances, or let it run on Fargate";
  const where = `the instances in \`${placement.environment}\``;
  if (processors !== undefined && cpu > CPU_UNITS * processors) {
    complain(
      "unusable",
      ["cpu"],
      `\`${name}\` is to have ${cpu} CPU units, and ${where} have ${CPU_UNITS * processors} (\`${type}\`)`,
      help,
    );
  }
  // The system and the agent need some of it, so that all of it is too much already.
  if (gib !== undefined && memory >= MIB * gib) {
    complain(
      "unusable",
      ["memory"],
      `\`${name}\` is to have ${memory} MiB, and ${where} have less than ${MIB * gib} for tasks (\`${type}\`)`,
      help,
    );
  }
}

/** Of a virtual processor: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html */
const CPU_UNITS = 1024;
/** MiB of a GiB. */
const MIB = 1024;

/**
 * What starts a task is reached from the private subnets:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
 */
function checkReach({ name, settings, architecture, placement, complain }: CheckedService): void {
  const { image, secrets, shell } = settings;
  const isNear = isOwnImage(image) && placement.region === architecture.home;
  const needed = [
    ...(isNear ? ["ecr.api", "ecr.dkr"] : []),
    "logs",
    ...(secrets.length > 0 ? ["secretsmanager"] : []),
    ...(shell ? ["ssmmessages"] : []),
  ];
  const missing = unreachableFrom(architecture, placement, needed);
  const where = `the network of \`${placement.environment}\` has no NAT`;
  if (!isNear && !reachesWorld(architecture, placement)) {
    complain("unusable", ["image"], `\`${name}\` can't pull its image: ${where}`, "add a NAT gateway");
  } else if (missing.length > 0) {
    complain(
      "unusable",
      [],
      `no task of \`${name}\` would start: ${where}, and no endpoint for ${quoteList(missing)}`,
      "add the endpoints, or a NAT gateway",
    );
  }
}
