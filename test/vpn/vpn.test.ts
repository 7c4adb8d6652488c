/** The VPN as it runs: its boot script on machines of the kernel's namespaces, clients with the profiles that it makes. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { QUERIES } from "../../compiler/components/queries.ts";
import { type Moto, startMoto } from "../python/moto.ts";
import { installedTools } from "../python/tools.ts";
import { Account } from "./account.ts";
import { certified, expired, replace, stranger, strangeTlsCrypt } from "./certificates.ts";
import { Client, CONNECTED } from "./client.ts";
import type { Machine } from "./machine.ts";
import { Network, OTHER_HOST, PRIVATE_HOST } from "./network.ts";
import { Server } from "./server.ts";
import { describeWithNamespaces } from "./tools.ts";

/** What the saved query takes for a log-in: named groups are written in JavaScript as CloudWatch has them. */
const LOG_IN = new RegExp(QUERIES.vpnLogIns.lines[0].replace(/^parse @message \/(.*)\/$/, "$1"));

describeWithNamespaces("the VPN", (root) => {
  let moto: Moto;
  let network: Network;
  let laptop: Machine;
  let ada: Client;
  let grace: Client;

  beforeAll(async () => {
    moto = await startMoto(installedTools().python);
    network = await Network.start(root);
    laptop = await network.client(1);
    ada = new Client(laptop);
    grace = new Client(await network.client(2));
  }, 120_000);

  afterAll(async () => {
    await network?.stop();
    await moto?.stop();
  });

  /** A VPN of its own, and its first server. */
  async function boot(name: string, days?: number): Promise<{ account: Account; server: Server }> {
    const account = await Account.create(moto, name);
    const server = await Server.launch(network, account);
    await server.boot(days);
    return { account, server };
  }

  test("leads those who have a profile to what they may reach", async () => {
    const { account, server } = await boot("reach");
    expect(await ada.connect(await account.profileOf("ada"))).toContain(CONNECTED);
    // The host sees the server, and so needs no route to clients.
    expect(await ada.get(PRIVATE_HOST)).toBe(server.address);
    expect(await ada.get(OTHER_HOST)).toBe("");
    for (const address of [OTHER_HOST, server.address, "169.254.169.254"]) {
      await ada.route(address);
      expect([address, await ada.get(address)]).toEqual([address, ""]);
    }
  });

  test("refuses everybody else", async () => {
    const { account, server } = await boot("refuse");
    const profile = await account.profileOf("ada");

    const foreign = certified(profile, await stranger(laptop, "ada@refuse"));
    expect(await ada.connect(foreign)).not.toContain(CONNECTED);
    expect(await server.log()).toMatch(/VERIFY ERROR: .*(self-signed|unable to get local issuer)/);

    const late = certified(profile, await expired(laptop, await account.stored(), "ada@refuse"));
    expect(await ada.connect(late)).not.toContain(CONNECTED);
    expect(await server.log()).toMatch(/VERIFY ERROR: .*certificate has expired/);

    const unknown = replace(profile, "tls-crypt-v2", await strangeTlsCrypt(laptop));
    expect(await ada.connect(unknown)).not.toContain(CONNECTED);
    expect(await server.log()).toMatch(/can not extract tls-crypt-v2 client key/);

    await server.cycle();
    expect(server.metrics()).toMatchObject({ Clients: 0, Refused: expect.any(Number) });
    expect(server.metrics().Refused).toBeGreaterThanOrEqual(3);
  });

  test("goes on under the same address and with the same profiles on another instance", async () => {
    const { account, server } = await boot("again");
    const profiles = [await account.profileOf("ada"), await account.profileOf("grace")];
    await server.throwAway();
    const next = await Server.launch(network, account);
    await next.boot();
    expect(await account.associated()).toBe(next.id);
    expect([await account.profileOf("ada"), await account.profileOf("grace")]).toEqual(profiles);
    expect(await ada.connect(profiles[0] ?? "")).toContain(CONNECTED);
    expect(await ada.get(PRIVATE_HOST)).toBe(next.address);
  });

  test("cuts off who is gone from the spec, and nobody else", async () => {
    const { account, server } = await boot("gone");
    const profile = await account.profileOf("grace");
    expect(await ada.connect(await account.profileOf("ada"))).toContain(CONNECTED);
    expect(await grace.connect(profile)).toContain(CONNECTED);
    expect(await grace.get(PRIVATE_HOST)).toBe(server.address);
    await server.cycle();
    expect(server.metrics()).toEqual({ Clients: 2, Refused: 0 });
    const found = (await server.log())
      .split("\n")
      .flatMap((line) => LOG_IN.exec(line)?.groups?.profile ?? []);
    expect(found).toEqual(["ada@gone", "grace@gone"]);

    await account.setPeople("ada");
    await server.cycle();
    expect(await grace.get(PRIVATE_HOST)).toBe("");
    expect(await grace.connect(profile)).not.toContain(CONNECTED);
    expect(await server.log()).toMatch(/VERIFY ERROR: .*certificate revoked.*CN=grace@gone/);
    expect(await ada.log()).not.toContain("SIGUSR1");
    expect(await ada.get(PRIVATE_HOST)).toBe(server.address);

    await account.setPeople("-");
    await server.cycle();
    expect(await ada.get(PRIVATE_HOST)).toBe("");
  });

  test("has one authority, however many instances make it at once", async () => {
    const account = await Account.create(moto, "twins");
    const twins = [await Server.launch(network, account), await Server.launch(network, account)] as const;
    await Promise.all(twins.map((twin) => twin.boot()));
    for (const twin of twins) {
      // What one has given out while the other was at it is given out anew by the next cycle.
      await twin.cycle();
      await twin.associate();
      expect(await ada.connect(await account.profileOf("ada"))).toContain(CONNECTED);
      expect(await ada.get(PRIVATE_HOST)).toBe(twin.address);
    }
  });

  test("renews profiles before they end, and takes back those that are lost", async () => {
    const { account, server } = await boot("renew", 29);
    const first = await account.profileOf("ada");
    await server.cycle();
    const second = await account.profileOf("ada");
    expect(second).not.toBe(first);
    for (const profile of [first, second]) expect(await ada.connect(profile)).toContain(CONNECTED);

    await account.overwriteProfileOf("ada", "lost");
    await server.cycle();
    expect(await ada.get(PRIVATE_HOST)).toBe("");
    for (const profile of [first, second]) expect(await ada.connect(profile)).not.toContain(CONNECTED);
    expect(await ada.connect(await account.profileOf("ada"))).toContain(CONNECTED);
  });

  test("tells the auto-scaling group when it does not serve", async () => {
    const { server } = await boot("health");
    expect(server.aws.of("SignalResource")).toMatchObject([
      { body: expect.stringContaining("Status=SUCCESS") },
    ]);
    await server.machine.run("kill -9 $(cat /run/openvpn.pid)");
    await expect(server.cycle()).rejects.toThrow();
    expect(server.aws.of("SetInstanceHealth")).toMatchObject([
      { body: expect.stringMatching(new RegExp(`InstanceId=${server.id}&HealthStatus=Unhealthy`)) },
    ]);
  });

  test("lets nobody in but clients, and asks AWS for nothing that it does not get", async () => {
    const { server } = await boot("bare");
    const listening = await server.machine.run(
      "ss --no-header --listening --udp --tcp --numeric | awk '{print $1, $5}'",
    );
    expect(listening.trim().split("\n").sort()).toEqual([
      "tcp 127.0.0.1:7505",
      "tcp 169.254.169.253:80",
      "tcp 169.254.169.254:80",
      "udp 0.0.0.0:1194",
    ]);
    expect(await server.machine.run("ps -o user= -p $(cat /run/openvpn.pid)")).toBe("nobody\n");
    expect(server.aws.rejected).toEqual([]);
    // The one thing that is not there yet are the keys.
    const refused = server.aws.calls.filter(({ status }) => status !== 200);
    expect(refused.map(({ service, action, status }) => [service, action, status])).toEqual([
      ["s3", "GET", 404],
    ]);
    expect(server.aws.of("PutLogEvents")[0]?.body).toContain("issued a certificate for ada@bare");
  });
});
