/** An instance of the VPN's auto-scaling group. */
import type { Account } from "./account.ts";
import type { Aws } from "./aws.ts";
import type { Machine } from "./machine.ts";
import { Network } from "./network.ts";

let count = 0;

export class Server {
  private constructor(
    private readonly network: Network,
    private readonly account: Account,
    private readonly number: number,
    readonly id: string,
    readonly aws: Aws,
    readonly machine: Machine,
  ) {}

  static async launch(network: Network, account: Account): Promise<Server> {
    count += 1;
    const { id, aws } = await account.launch();
    // In these tests there is neither a stack nor an auto-scaling group.
    for (const action of ["SignalResource", "SetInstanceHealth"]) aws.answers.set(action, 200);
    return new Server(network, account, count, id, aws, await network.instance(count, id, aws));
  }

  /** Its address in the VPC. */
  get address(): string {
    return Network.addressOf(this.number);
  }

  /** The first boot, after which the Elastic IP leads to it if it has taken that. */
  async boot(days?: number): Promise<void> {
    await this.machine.run("cat > /var/boot", this.account.userData(days));
    const { code, stdout, stderr } = await this.machine.attempt("bash /var/boot");
    if (code !== 0) throw new Error(`the boot ended with ${code}:\n${stdout}${stderr}${await this.log()}`);
    if ((await this.account.associated()) === this.id) await this.associate();
  }

  /** Leads what comes for the Elastic IP to it. */
  async associate(): Promise<void> {
    await this.network.associate(this.number);
  }

  async throwAway(): Promise<void> {
    await this.machine.stop();
  }

  /** What the timer starts. */
  async cycle(): Promise<void> {
    await this.machine.run("systemctl start vpn").catch(async (error: unknown) => {
      throw new Error(`${error}\n${await this.log()}`);
    });
  }

  /** What CloudWatch was told last. */
  metrics(): Readonly<Record<string, number>> {
    const told = new URLSearchParams(this.aws.of("PutMetricData").at(-1)?.body);
    const value = (number: number, key: string) => told.get(`MetricData.member.${number}.${key}`) ?? "";
    return Object.fromEntries(
      [1, 2].map((number) => [value(number, "MetricName"), Number(value(number, "Value"))]),
    );
  }

  /** The journal. */
  log(): Promise<string> {
    return this.machine.run("jq -r .MESSAGE /run/journal");
  }
}
