/** What lies between VPCs: transit gateways with their route tables, and peering connections. */
import { contains, prefixOf } from "./addresses.ts";
import type { Resource } from "./deployment.ts";
import { flagAt, type Inventory, mistake, neededAt, textAt, textsAt } from "./read.ts";

const GATEWAY = "AWS::EC2::TransitGateway";
const ATTACHMENTS = ["AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGatewayVpcAttachment"];
const TABLE = "AWS::EC2::TransitGatewayRouteTable";
const ROUTE = "AWS::EC2::TransitGatewayRoute";
const PEERING = "AWS::EC2::VPCPeeringConnection";

/** What is read here. */
export const transitTypes = [
  GATEWAY,
  ...ATTACHMENTS,
  TABLE,
  ROUTE,
  `${TABLE}Association`,
  `${TABLE}Propagation`,
  PEERING,
] as const;

/** Finds the next VPC for a packet that leaves one. */
export class Transit {
  readonly #inventory: Inventory;
  readonly #attachments: readonly Resource[];

  constructor(inventory: Inventory) {
    this.#inventory = inventory;
    this.#attachments = inventory.of(...ATTACHMENTS);
  }

  /** The ids of subnets at which a packet comes out of a transit gateway; none where it is lost there. */
  throughGateway(gateway: string, fromVpc: string, destination: string): readonly string[] {
    const from = this.#attachments.find((attachment) => this.#isOf(attachment, gateway, fromVpc));
    const to = from && this.#next(from, destination);
    return to ? textsAt(to, "SubnetIds") : [];
  }

  /** The ids of the VPCs that packets from a VPC come to, once they are led to a transit gateway that it is attached to. */
  vpcsBehind(fromVpc: string, destination: string): string[] {
    return this.#attachments
      .filter((attachment) => this.#vpcOf(attachment).id === fromVpc)
      .flatMap((attachment) => this.#next(attachment, destination) ?? [])
      .map((attachment) => this.#vpcOf(attachment).id);
  }

  /** The ranges that routes of transit gateways are about. */
  get ranges(): string[] {
    return this.#inventory.of(ROUTE).map((route) => neededAt(route, "DestinationCidrBlock"));
  }

  /** The id of the VPC at the other end of a peering connection. */
  throughPeering(connection: string, fromVpc: string): string | undefined {
    const peering = this.#inventory.of(PEERING).find(({ id }) => id === connection) as Resource;
    const ends = ["VpcId", "PeerVpcId"].map(
      (key) => this.#inventory.get(textAt(peering, key), "AWS::EC2::VPC", peering).id,
    );
    return ends.includes(fromVpc) ? ends.find((vpc) => vpc !== fromVpc) : undefined;
  }

  /** The attachment by which a packet leaves that came in by another. */
  #next(from: Resource, destination: string): Resource | undefined {
    const [table] = this.#tablesOf(from, "Association");
    if (table === undefined) return undefined;
    const [best] = this.#routesIn(table)
      .filter(({ cidr }) => contains(cidr, destination))
      .toSorted((a, b) => prefixOf(b.cidr) - prefixOf(a.cidr));
    return best?.attachment;
  }

  #vpcOf(attachment: Resource): Resource {
    return this.#inventory.get(textAt(attachment, "VpcId"), "AWS::EC2::VPC", attachment);
  }

  #isOf(attachment: Resource, gateway: string, vpc: string): boolean {
    return (
      this.#inventory.get(textAt(attachment, "TransitGatewayId"), GATEWAY, attachment).id === gateway &&
      this.#vpcOf(attachment).id === vpc
    );
  }

  /** The tables an attachment is associated with or propagates to: named ones, and the default one of its gateway. */
  #tablesOf(attachment: Resource, how: "Association" | "Propagation"): string[] {
    const gateway = this.#inventory.get(textAt(attachment, "TransitGatewayId"), GATEWAY, attachment);
    const named = this.#inventory
      .of(`${TABLE}${how}`)
      .filter((each) => this.#attachmentOf(each) === attachment)
      .map((each) => this.#tableOf(each));
    const byDefault = textAt(gateway, `DefaultRouteTable${how}`) ?? "enable";
    const tables = byDefault === "enable" ? [`default table of ${gateway.id}`, ...named] : named;
    if (how === "Association" && tables.length > 1) {
      throw mistake(attachment, "an attachment is associated with one route table only");
    }
    return tables;
  }

  #tableOf(resource: Resource): string {
    return this.#inventory.get(textAt(resource, "TransitGatewayRouteTableId"), TABLE, resource).id;
  }

  #attachmentOf(resource: Resource): Resource {
    const id = neededAt(resource, "TransitGatewayAttachmentId");
    const attachment = this.#attachments.find((each) => each.id === id);
    if (!attachment) throw mistake(resource, `${id} is no attachment of a template`);
    return attachment;
  }

  /** Its own routes, of which one without an attachment drops, and the VPCs that are propagated to it. */
  #routesIn(table: string): { readonly cidr: string; readonly attachment?: Resource }[] {
    const own = this.#inventory
      .of(ROUTE)
      .filter((route) => this.#tableOf(route) === table)
      .map((route) => ({
        cidr: neededAt(route, "DestinationCidrBlock"),
        ...(!flagAt(route, "Blackhole", false) && { attachment: this.#attachmentOf(route) }),
      }));
    const propagated = this.#attachments
      .filter((attachment) => this.#tablesOf(attachment, "Propagation").includes(table))
      .map((attachment) => {
        return { cidr: neededAt(this.#vpcOf(attachment), "CidrBlock"), attachment };
      });
    return [...own, ...propagated];
  }
}
