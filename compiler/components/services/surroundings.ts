/** What a service needs around it: a cluster, a network, a size there is, a way to what starts it. */
import { placementsWith } from "../../architecture.ts";
import { quoteList } from "../../closest.ts";
import { capacityIn, clusterPath } from "../cluster/settings.ts";
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

function checkCapacity({ name, settings, architecture, placement, isSet, complain }: CheckedService): void {
  if (capacityOf(architecture, placement, settings) === "ec2") {
    if (capacityIn(architecture, placement) === "ec2") return;
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
