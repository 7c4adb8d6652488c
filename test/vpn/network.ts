/** A network of machines: the VPN's server behind an Elastic IP, clients in the internet, hosts in VPCs. */
import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Aws } from "./aws.ts";
import { Machine } from "./machine.ts";

/** The address of the Elastic IP, one of a private subnet that the VPN reaches, and one that it does not. */
export const ADDRESS = "203.0.113.10";
export const PRIVATE_HOST = "10.1.0.5";
export const OTHER_HOST = "10.1.192.5";

/** Answers each request with the address that it came from. */
const HOST = `require("node:http").createServer((request, response) => response.end(request.socket.remoteAddress))
  .listen(80, "0.0.0.0", () => console.log("listening"))`;

export class Network {
  private readonly sockets = mkdtempSync(join(tmpdir(), "vpn-"));
  private readonly servers: Server[] = [];
  private readonly machines: Machine[] = [];

  private constructor(
    private readonly root: string,
    private readonly router: Machine,
  ) {
    this.machines.push(router);
  }

  /** @param root of the packages */
  static async start(root: string): Promise<Network> {
    const network = new Network(root, await Machine.start(root));
    // What a VPC and its internet gateway do: from the internet only the Elastic IP is reached, and nothing else.
    await network.router.run(`
      echo 1 > /proc/sys/net/ipv4/ip_forward
      nft add table ip vpc
      nft add chain ip vpc elastic '{ type nat hook prerouting priority dstnat; }'
      nft add chain ip vpc private '{ type filter hook forward priority filter; }'
      nft add rule ip vpc private iifname "internet*" ct status dnat accept
      nft add rule ip vpc private iifname "internet*" drop
    `);
    for (const host of [PRIVATE_HOST, OTHER_HOST]) {
      const machine = await network.attach(`vpc${host.split(".")[2]}`, host);
      await machine.start(process.execPath, "listening", "-e", HOST);
    }
    return network;
  }

  /** The address of an instance in the VPC. */
  static addressOf(number: number): string {
    return `10.0.${200 + number}.10`;
  }

  /** A machine in the internet. */
  client(number: number): Promise<Machine> {
    return this.attach(`internet${number}`, `198.51.${number}.2`);
  }

  /** A machine in the public subnet, with an AWS of its own. */
  async instance(number: number, id: string, aws: Aws): Promise<Machine> {
    const machine = await this.attach(`public${number}`, Network.addressOf(number));
    const [metadata, services] = [join(this.sockets, `${id}.metadata`), join(this.sockets, `${id}.aws`)];
    this.servers.push(...(await aws.listen(id, metadata, services)));
    await machine.bridge("169.254.169.254", metadata);
    await machine.bridge("169.254.169.253", services);
    return machine;
  }

  /** Leads what comes for the Elastic IP to an instance. */
  async associate(number: number): Promise<void> {
    await this.router.run(`
      nft flush chain ip vpc elastic
      nft add rule ip vpc elastic ip daddr ${ADDRESS} dnat to ${Network.addressOf(number)}
    `);
  }

  async stop(): Promise<void> {
    for (const server of this.servers) server.close();
    await Promise.all(this.machines.map((machine) => machine.stop()));
    rmSync(this.sockets, { recursive: true });
  }

  private async attach(name: string, address: string): Promise<Machine> {
    const machine = await Machine.start(this.root);
    this.machines.push(machine);
    const gateway = address.replace(/\d+$/, "1");
    await this.router.connect(name, `${gateway}/24`, machine, "eth0", `${address}/24`);
    await machine.run(`ip route add default via ${gateway}`);
    return machine;
  }
}
