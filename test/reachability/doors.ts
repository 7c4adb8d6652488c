/** What answers the internet without lying in a VPC. */
import type { Flow } from "./flows.ts";
import type { Node } from "./nodes.ts";
import type { Outsider } from "./outside.ts";
import { type Inventory, nameOf } from "./read.ts";
import { type Traffic, tcp, union } from "./traffic.ts";

/** The ports on which AWS answers for each type. */
const PORTS: Readonly<Record<string, Traffic>> = {
  "AWS::CloudFront::Distribution": union(tcp(80), tcp(443)),
  "AWS::Lambda::Url": tcp(443),
};

/** What is read here. */
export const doorTypes = Object.keys(PORTS);

/** A node without interfaces for each. */
export const readDoors = (inventory: Inventory): Node[] =>
  inventory.of(...doorTypes).map((door) => ({ ...door, name: nameOf(door), interfaces: [] }));

export const flowsToDoors = (doors: readonly Node[], outsiders: readonly Outsider[]): Flow[] =>
  doors.flatMap(({ name: to, type }) =>
    outsiders.map(({ name: from }) => ({ from, to, traffic: PORTS[type] as Traffic })),
  );
