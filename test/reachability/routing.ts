/** Where packets arrive that leave a subnet. */
import { contains, isPublic, prefixOf } from "./addresses.ts";
import type { Network, Subnet } from "./network.ts";
import type { Transit } from "./transit.ts";

/** In a VPC, by its id, or on the internet; `isDirect` where no NAT gateway has put its address in place of the sender's. */
export interface Arrival {
  readonly at: string;
  readonly isDirect: boolean;
}

export const INTERNET = "internet";

/** A packet that was sent on so often goes in circles. */
const MOST_HOPS = 8;

export class Routing {
  readonly #network: Network;
  readonly #transit: Transit;
  readonly #known = new Map<string, Arrival | undefined>();

  constructor(network: Network, transit: Transit) {
    this.#network = network;
    this.#transit = transit;
  }

  /** @param hasPublicAddress whether the sender has one, without which an internet gateway sends nothing on */
  arrival(subnet: Subnet, destination: string, hasPublicAddress: boolean): Arrival | undefined {
    const key = `${subnet.id} ${destination} ${hasPublicAddress}`;
    if (!this.#known.has(key)) this.#known.set(key, this.#follow(subnet, destination, hasPublicAddress, 0));
    return this.#known.get(key);
  }

  #follow(subnet: Subnet, destination: string, hasPublicAddress: boolean, hops: number): Arrival | undefined {
    const { vpc, routes } = subnet;
    const local = { cidr: vpc.cidr, by: "local", to: vpc.id } as const;
    const [route] = [local, ...routes]
      .filter(({ cidr }) => contains(cidr, destination))
      .toSorted((a, b) => prefixOf(b.cidr) - prefixOf(a.cidr));
    if (!route || hops > MOST_HOPS) return undefined;
    switch (route.by) {
      case "local":
        return { at: vpc.id, isDirect: true };
      case "internet gateway":
        return hasPublicAddress && isPublic(destination) && route.to === vpc.internetGateway
          ? { at: INTERNET, isDirect: true }
          : undefined;
      case "NAT gateway":
        return this.#throughNat(route.to, destination, hops);
      case "transit gateway":
        return this.#transit
          .throughGateway(route.to, vpc.id, destination)
          .map((id) => this.#follow(this.#subnet(id), destination, false, hops + 1))
          .find((arrival) => arrival !== undefined);
      case "peering": {
        const peer = this.#transit.throughPeering(route.to, vpc.id);
        const isIn = this.#network.vpcs.some(({ id, cidr }) => id === peer && contains(cidr, destination));
        return isIn && peer !== undefined ? { at: peer, isDirect: true } : undefined;
      }
    }
  }

  #throughNat(gateway: string, destination: string, hops: number): Arrival | undefined {
    const subnet = this.#subnet(this.#network.natGateways.get(gateway));
    const arrival = this.#follow(subnet, destination, true, hops + 1);
    if (arrival && arrival.at !== INTERNET) {
      throw new Error(
        `${subnet.name}: a NAT gateway that leads elsewhere than to the internet is not judged here`,
      );
    }
    return arrival && { ...arrival, isDirect: false };
  }

  #subnet(id: string | undefined): Subnet {
    const subnet = id === undefined ? undefined : this.#network.subnets.get(id);
    if (!subnet) throw new Error(`${id} is no subnet of a template`);
    return subnet;
  }
}
