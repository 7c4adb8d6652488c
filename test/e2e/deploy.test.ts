/** The stack sets really made: every wave, account and Region on moto, in the order the compiler says. */
import { readdirSync, readFileSync } from "node:fs";
import { DescribeSubnetsCommand, DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { Placement } from "../../compiler/architecture.ts";
import type { NetworkAllocation } from "../../compiler/components/network/ranges.ts";
import { describeOnMoto, type OnMoto } from "../aws/on-moto.ts";
import { compileText, type Result } from "../support/compile.ts";
import { placeExamples } from "../support/examples.ts";
import { goldenSpec } from "../support/golden-spec.ts";
import { emptyWorkplace, loggedIn } from "../support/landform.ts";

const POLL = ["--poll", "0.05"];
const goldens = ["cluster", "network", "store"].flatMap((kind) =>
  readdirSync(`test/golden/${kind}`)
    .filter((file) => !file.endsWith(".expected.yaml"))
    .map((file) => `test/golden/${kind}/${file}`),
);

interface DeployedSpec {
  readonly id: string;
  readonly text: string;
  readonly ledger?: string;
}

const read = (file: string) => readFileSync(file, "utf8");

/**
 * Every cluster, network and store there is, each under a name of its own: moto's accounts are shared. The reference has a
 * test of its own.
 */
const specs: readonly DeployedSpec[] = [
  ...readdirSync("test/scenarios")
    // moto's flow logs know no folder of a bucket; `escape-hatch.test.ts` deploys templates of one's own that it does know.
    .filter((id) => id !== "escape-hatch")
    .map((id) => ({ id, text: read(`test/scenarios/${id}/spec.yaml`) })),
  ...goldens.map((id, index) => ({ id, text: goldenSpec(id, `golden-${index}`) })),
];

describeOnMoto("deployed on moto", (on) => {
  test.each(specs)(
    "$id: every account has its own network, which is the ledger's, and all that stacks publish",
    async ({ text, ...options }) => {
      const result = compileText(text, options);
      const { architecture } = result;
      const place = emptyWorkplace();
      try {
        place.write("specs/spec.yaml", text);
        placeExamples(place.directory);
        if (options.ledger) place.write("specs/spec.lock.yaml", options.ledger);
        place.env = await loggedIn(on.aws, architecture.administration.id);
        for (const args of [["compile"], ["bootstrap", ...POLL], ["deploy", ...POLL]]) {
          const { code, err } = await place.landform(...args);
          expect(code, `${args[0]}: ${err}`).toBe(0);
        }
      } finally {
        place.remove();
      }
      const { networks } = parse(result.ledger) as { networks: NetworkAllocation };
      const family = [...result.families()].find(({ stackSet }) => stackSet === "network");
      for (const placement of family?.placements ?? []) {
        expect(await networkIn(on, architecture.name, placement), placement.name).toEqual(
          expectedNetwork(placement, networks, result),
        );
      }
      for (const { placement, names } of publishedBy(result))
        expect(await publishedIn(on, architecture.name, placement), placement.name).toEqual(names);
    },
  );
});

/** The SSM parameters of each placement, as its stacks declare them. */
function publishedBy({ architecture, families }: Result) {
  return architecture.placements.map((placement) => ({
    placement,
    names: [...families()]
      .flatMap(({ placements, stacks }) => stacks[placements.indexOf(placement)]?.resources ?? [])
      .filter(({ type, part }) => type === "AWS::SSM::Parameter" && part?.present !== false)
      .map(({ properties }) => properties.Name)
      .toSorted(),
  }));
}

async function publishedIn(on: OnMoto, name: string, { account, region }: Placement) {
  const published = Object.entries(await on.published(account.id, region, `/${name}`));
  return published.flatMap(([parameter, value]) => (value ? [parameter] : [])).toSorted();
}

/** What is there: the VPC, its subnets by name, and how many subnets the published lists have. */
async function networkIn(on: OnMoto, name: string, { account, region }: Placement) {
  const { ec2 } = await on.clients(account.id, region);
  const own = { Filters: [{ Name: "is-default", Values: ["false"] }] };
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand(own));
  const vpcs = Vpcs.filter(({ Tags }) => Tags?.some(({ Value }) => Value?.startsWith(`${name}-`)));
  const ids = vpcs.map(({ VpcId }) => VpcId as string);
  const { Subnets = [] } = await ec2.send(
    new DescribeSubnetsCommand({ Filters: [{ Name: "vpc-id", Values: ids }] }),
  );
  const values = await on.published(account.id, region, `/${name}/network`);
  const published = Object.fromEntries(
    Object.entries(values).map(([parameter, value]) => [parameter, value.split(",")]),
  );
  const nameOf = (id: string) =>
    Subnets.find(({ SubnetId }) => SubnetId === id)?.Tags?.find(({ Key }) => Key === "Name")?.Value;
  return {
    vpcs: vpcs.map(({ CidrBlock }) => CidrBlock),
    names: vpcs.map(({ Tags }) => Tags?.find(({ Key }) => Key === "Name")?.Value),
    subnets: Object.fromEntries(
      Subnets.map(({ SubnetId, CidrBlock }) => [nameOf(SubnetId as string), CidrBlock]),
    ),
    publishedVpc: published[`/${name}/network/vpc-id`]?.[0] === ids[0],
    published: Object.fromEntries(
      ["public", "private", "isolated"].map((tier) => [
        tier,
        published[`/${name}/network/${tier}-subnet-ids`]?.map(nameOf),
      ]),
    ),
  };
}

/** What the ledger and the number of zones call for. */
function expectedNetwork(
  { environment, region, name }: Placement,
  networks: NetworkAllocation,
  { architecture, families }: Result,
) {
  const ranges = networks[`${environment}/${region}`];
  const stack = [...families()].find(({ stackSet }) => stackSet === "network");
  const index = stack?.placements.findIndex((placement) => placement.name === name) ?? -1;
  const zones =
    stack?.stacks[index]?.resources.filter(
      ({ logicalId, part }) => /^PublicSubnet\d$/.test(logicalId) && part?.present,
    ).length ?? 0;
  const tiers = ["public", "private", "isolated"] as const;
  const numbers = Array.from({ length: zones }, (_, zone) => zone + 1);
  return {
    vpcs: [ranges?.vpc],
    names: [`${architecture.name}-${environment}`],
    subnets: Object.fromEntries(
      tiers.flatMap((tier) => numbers.map((zone) => [`${tier}-${zone}`, ranges?.[tier][zone - 1]])),
    ),
    publishedVpc: true,
    published: Object.fromEntries(tiers.map((tier) => [tier, numbers.map((zone) => `${tier}-${zone}`)])),
  };
}
