/** The stack sets really made: every wave, account and Region on moto, in the order the compiler says. */
import { readdirSync, readFileSync } from "node:fs";
import { DescribeSubnetsCommand, DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import { GetParametersByPathCommand, paginateGetParametersByPath } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import type { Placement } from "../../compiler/architecture.ts";
import type { NetworkAllocation } from "../../compiler/components/network/ranges.ts";
import { type Aws, startAws } from "../aws/server.ts";
import { clientsFor, type Moto, startMoto } from "../python/moto.ts";
import { describePython, installedTools } from "../python/tools.ts";
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

/** Every cluster, network and store there is, each under a name of its own: moto's accounts are shared. */
const specs: readonly DeployedSpec[] = [
  { id: "specs/acme", text: read("specs/acme.yaml"), ledger: read("specs/acme.lock.yaml") },
  ...readdirSync("test/scenarios")
    // moto's flow logs know no folder of a bucket; `escape-hatch.test.ts` deploys templates of one's own that it does know.
    .filter((id) => id !== "escape-hatch")
    .map((id) => ({ id, text: read(`test/scenarios/${id}/spec.yaml`) })),
  ...goldens.map((id, index) => ({ id, text: goldenSpec(id, `golden-${index}`) })),
];

describePython("deployed on moto", () => {
  let moto: Moto;
  let aws: Aws;
  beforeAll(async () => {
    moto = await startMoto(installedTools().python);
    aws = await startAws({ moto, instanceMilliseconds: 0 });
  });
  afterAll(async () => {
    await aws?.stop();
    await moto?.stop();
  });

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
        place.env = await loggedIn(aws, architecture.administration.id);
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
        expect(await networkIn(moto.endpoint, architecture.name, placement), placement.name).toEqual(
          expectedNetwork(placement, networks, result),
        );
      }
      for (const { placement, names } of publishedBy(result))
        expect(await publishedIn(moto.endpoint, architecture.name, placement), placement.name).toEqual(names);
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

async function publishedIn(endpoint: string, name: string, { account, region }: Placement) {
  const { ssm } = await clientsFor(endpoint, account.id, region);
  const names: (string | undefined)[] = [];
  const pages = paginateGetParametersByPath({ client: ssm }, { Path: `/${name}`, Recursive: true });
  for await (const { Parameters = [] } of pages)
    names.push(...Parameters.filter(({ Value }) => Value).map(({ Name }) => Name));
  return names.toSorted();
}

/** What is there: the VPC, its subnets by name, and how many subnets the published lists have. */
async function networkIn(endpoint: string, name: string, { account, region }: Placement) {
  const { ec2, ssm } = await clientsFor(endpoint, account.id, region);
  const own = { Filters: [{ Name: "is-default", Values: ["false"] }] };
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand(own));
  const vpcs = Vpcs.filter(({ Tags }) => Tags?.some(({ Value }) => Value?.startsWith(`${name}-`)));
  const ids = vpcs.map(({ VpcId }) => VpcId as string);
  const { Subnets = [] } = await ec2.send(
    new DescribeSubnetsCommand({ Filters: [{ Name: "vpc-id", Values: ids }] }),
  );
  const { Parameters = [] } = await ssm.send(new GetParametersByPathCommand({ Path: `/${name}/network` }));
  const published = Object.fromEntries(Parameters.map(({ Name, Value }) => [Name, Value?.split(",")]));
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
