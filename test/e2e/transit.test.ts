/** The VPN's way to environments really deployed: ids of the transit gateway travel from its account to others, and back. */
import { DescribeRouteTablesCommand } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeOnMoto } from "../aws/on-moto.ts";
import { goldenSpec } from "../support/golden-spec.ts";
import { emptyWorkplace, loggedIn, type Workplace } from "../support/landform.ts";

const HUB = "111111111111";
const DEV = "222222222222";
const PROD = "333333333333";
const REGION = "eu-west-1";
const SPEC = goldenSpec("test/golden/transit/two-environments.yaml");

describeOnMoto("a VPN on moto", (on) => {
  let place: Workplace;
  const run = (...args: string[]) => place.landform(...args, "--poll", "0.05");
  beforeAll(async () => {
    place = emptyWorkplace();
    place.write("specs/spec.yaml", SPEC);
    place.env = await loggedIn(on.aws, HUB);
  });
  afterAll(() => place?.remove());

  async function publishedIn(account: string): Promise<Record<string, string>> {
    const all = await on.published(account, REGION, "/demo");
    return Object.fromEntries(
      Object.entries(all).map(([name, value]) => [name.replace("/demo/", ""), value]),
    );
  }

  /** The ranges that the route tables of an account lead to a transit gateway, each with the id of the table. */
  async function ledToGateway(account: string): Promise<string[]> {
    const { ec2 } = await on.clients(account, REGION);
    const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({}));
    return RouteTables.flatMap(({ RouteTableId, Routes = [] }) =>
      Routes.filter(({ TransitGatewayId }) => TransitGatewayId !== undefined).map(
        ({ DestinationCidrBlock }) => `${RouteTableId} → ${DestinationCidrBlock}`,
      ),
    ).toSorted();
  }

  test("an environment by itself fails where the VPN's is not there yet, and then is deployed with the transit gateway", async () => {
    expect(await place.landform("compile")).toMatchObject({ code: 0 });
    expect(await run("bootstrap")).toMatchObject({ code: 0 });
    const deployDev = () => run("deploy", "-e", "dev", "--only", "transit-routes-dev");
    const early = await deployDev();
    expect(early.code, early.err).toBe(1);
    expect(early.err).toContain("Unable to fetch parameters");
    expect(await run("deploy", "-e", "hub", "--only", "network-vpn")).toMatchObject({ code: 0 });
    const late = await deployDev();
    expect(late.code, late.err).toBe(0);
    expect(await ledToGateway(DEV)).toHaveLength(1);
    expect(await ledToGateway(PROD)).toEqual([]);
  });

  test("what is reached has a way back, and the VPN's table leads to each private subnet", async () => {
    const ended = await run("deploy", "--only", "transit-routes-dev,transit-routes-prod");
    expect(ended.code, ended.err).toBe(0);
    const [hub, dev, prod] = await Promise.all([HUB, DEV, PROD].map(publishedIn));
    const table = hub?.["network-vpn/route-table-id"];
    expect(await ledToGateway(HUB)).toEqual(
      ["10.1.0.0/19", "10.2.0.0/19", "10.2.32.0/19"].map((cidr) => `${table} → ${cidr}`),
    );
    for (const [account, own] of [
      [DEV, dev],
      [PROD, prod],
    ] as const) {
      const tables = own?.["network/private-route-table-ids"]?.split(",") ?? [];
      expect(await ledToGateway(account)).toEqual(tables.map((id) => `${id} → 10.0.216.0/21`).toSorted());
    }
  });

  test("an environment that is reached no more is let go of, and the gateway goes last", async () => {
    place.write("specs/spec.yaml", SPEC.replace(/- dev\n/, ""));
    expect(await place.landform("compile")).toMatchObject({ code: 0 });
    const ended = await run("deploy", "--only", "transit-routes-prod");
    expect(ended.code, ended.err).toBe(0);
    const removed = await run("remove", "--yes");
    expect(removed.code, removed.err).toBe(0);
    expect(await ledToGateway(DEV)).toEqual([]);
    expect(await ledToGateway(HUB)).toHaveLength(2);
    expect(Object.keys(await publishedIn(DEV)).filter((name) => name.startsWith("transit"))).toEqual([]);
    place.write("specs/spec.yaml", SPEC.slice(0, SPEC.indexOf("vpn:")));
    expect(await place.landform("compile")).toMatchObject({ code: 0 });
    const all = await run("remove", "--yes");
    expect(all.code, all.err).toBe(0);
    expect((await ledToGateway(PROD)).concat(await ledToGateway(HUB))).toEqual([]);
    expect(Object.keys(await publishedIn(HUB)).filter((name) => !name.startsWith("network/"))).toEqual([
      "keys/logs-key-arn",
    ]);
  });
});
