/** What lies between VPCs: transit gateways with their route tables, and peering connections. */
import { contains, prefixOf } from "./addresses.ts";
import type { Resource } from "./deployment.ts";
import { flagAt, type Inventory, mistake, neededAt, textAt, textsAt } from "./read.ts";

const GATEWAY = "AWS::EC2::TransitGateway";
const ATTACHMENTS = ["AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGatewayVpcAttachment"];
const TABLE = "AWS::EC2::TransitGatewayRouteTable";
const PEERING = "AWS::EC2::VPCPeeringConnection";

/** What is read here. */
export const transitTypes = [
  GATEWAY,
  ...ATTACHMENTS,
  TABLE,
  "AWS::EC2::TransitGatewayRoute",
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
    const table = from && this.#tablesOf(from, "Association")[0];
    if (table === undefined) return [];
    const [best] = this.#routesIn(table)
      .filter(({ cidr }) => contains(cidr, destination))
      .toSorted((a, b) => prefixOf(b.cidr) - prefixOf(a.cidr));
    return best?.attachment ? textsAt(best.attachment, "SubnetIds") : [];
  }

  /** The id of the VPC at the other end of a peering connection. */
  throughPeering(connection: string, fromVpc: string): string | undefined {
    const peering = this.#inventory.of(PEERING).find(({ id }) => id === connection) as Resource;
    const ends = ["VpcId", "PeerVpcId"].map(
      (key) => this.#inventory.get(textAt(peering, key), "AWS::EC2::VPC", peering).id,
    );
    return ends.includes(fromVpc) ? ends.find((vpc) => vpc !== fromVpc) : undefined;
  }

  #isOf(attachment: Resource, gateway: string, vpc: string): boolean {
    return (
      this.#inventory.get(textAt(attachment, "TransitGatewayId"), GATEWAY, attachment).id === gateway &&
      this.#inventory.get(textAt(attachment, "VpcId"), "AWS::EC2::VPC", attachment).id === vpc
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
      .of("AWS::EC2::TransitGatewayRoute")
      .filter((route) => this.#tableOf(route) === table)
      .map((route) => ({
        cidr: neededAt(route, "DestinationCidrBlock"),
        ...(!flagAt(route, "Blackhole", false) && { attachment: this.#attachmentOf(route) }),
      }));
    const propagated = this.#attachments
      .filter((attachment) => this.#tablesOf(attachment, "Propagation").includes(table))
      .map((attachment) => {
        const vpc = this.#inventory.get(textAt(attachment, "VpcId"), "AWS::EC2::VPC", attachment);
        return { cidr: neededAt(vpc, "CidrBlock"), attachment };
      });
    return [...own, ...propagated];
  }
}
