/**
 * The reference architecture deployed whole, on moto: to all six accounts, from nothing, in order, and again. What moto
 * makes nothing of is listed at the end: of that, and of what it would take though AWS refuses it, nothing is shown here.
 */
import { readdirSync, readFileSync } from "node:fs";
import { DescribeStackResourcesCommand, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { DescribeSecurityGroupsCommand } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readManifest } from "../../deploy/manifest.ts";
import { fields } from "../aws/moto-calls.ts";
import { describeOnMoto } from "../aws/on-moto.ts";
import { compileText } from "../support/compile.ts";
import { placeExamples } from "../support/examples.ts";
import { emptyWorkplace, loggedIn, type Workplace } from "../support/landform.ts";
import { concreteTemplates } from "../support/law.ts";

const REGION = "eu-west-1";
const EDGE = "us-east-1";
const SECURITY = "200000000002";
const SHARED = "300000000003";
const ENVIRONMENTS = { dev: "012345678904", stage: "500000000005", prod: "600000000006" };
const ACCOUNTS = ["100000000001", SECURITY, SHARED, ...Object.values(ENVIRONMENTS)];
const PLACES = ACCOUNTS.flatMap((account) => [REGION, EDGE].map((region) => ({ account, region })));
const POLL = ["--poll", "0.02"];

const generated = new Map(
  readdirSync("generated/acme").map((file) => [file, readFileSync(`generated/acme/${file}`, "utf8")]),
);
const manifest = readManifest(generated);

/** A place in an account and Region. */
type Place = (typeof PLACES)[number];
const nameOf = ({ account, region }: Place) => `${account}/${region}`;

/** What a task definition says of its container, as ECS gives it back. */
interface Container {
  readonly image: string;
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
}

/** A stack as it is in an account. */
interface Stack {
  /** The values of its parameters, as they were fetched. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The types of its resources, by logical ID. */
  readonly resources: Readonly<Record<string, string>>;
}

describeOnMoto("the reference architecture on moto", (on) => {
  let place: Workplace;
  /** What is published, by place and name. */
  let published: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By place and stack set. */
  let stacks: Readonly<Record<string, Readonly<Record<string, Stack>>>>;

  beforeAll(async () => {
    place = emptyWorkplace();
    for (const file of ["specs/acme.yaml", "specs/acme.lock.yaml", ".circleci/config.yml"])
      place.write(file, readFileSync(file, "utf8"));
    for (const [file, text] of generated) place.write(`generated/acme/${file}`, text);
    placeExamples(place.directory);
    place.env = await loggedIn(on.aws, SHARED);
    for (const command of ["bootstrap", "deploy"]) {
      const { code, out, err } = await place.landform(command, ...POLL);
      expect(code, err + out).toBe(0);
      expect(err).not.toContain("Warning");
    }
    [published, stacks] = await Promise.all([
      inPlaces(({ account, region }) => on.published(account, region, "/acme")),
      inPlaces(stacksIn),
    ]);
  }, 300_000);
  afterAll(() => place?.remove());

  /** Looks at all places once, side by side. */
  const inPlaces = async <T>(look: (place: Place) => Promise<T>): Promise<Record<string, T>> =>
    Object.fromEntries(await Promise.all(PLACES.map(async (one) => [nameOf(one), await look(one)] as const)));

  async function stacksIn({ account, region }: Place): Promise<Record<string, Stack>> {
    const { cloudFormation } = await on.clients(account, region);
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({}));
    const found = Stacks.map(async ({ StackName = "", Parameters = [] }) => {
      const { StackResources = [] } = await cloudFormation.send(
        new DescribeStackResourcesCommand({ StackName }),
      );
      const stack: Stack = {
        parameters: Object.fromEntries(
          Parameters.map(({ ParameterKey = "", ParameterValue = "" }) => [ParameterKey, ParameterValue]),
        ),
        resources: Object.fromEntries(
          StackResources.map(({ LogicalResourceId = "", ResourceType = "" }) => [
            LogicalResourceId,
            ResourceType,
          ]),
        ),
      };
      return [StackName.replace(/^StackSet-acme-(.+)-[0-9a-f]{8}-.*/, "$1"), stack] as const;
    });
    return Object.fromEntries(await Promise.all(found));
  }

  /** The places that have a resource of a type. */
  const placesOf = (type: string): string[] =>
    PLACES.map(nameOf).filter((name) =>
      Object.values(stacks[name] ?? {}).some(({ resources }) => Object.values(resources).includes(type)),
    );

  /** What is in each stack, all functions evaluated that can be without AWS. */
  const concrete = () =>
    concreteTemplates(
      compileText(place.read("specs/acme.yaml"), {
        name: "acme",
        ledger: place.read("specs/acme.lock.yaml"),
      }),
    ).map(({ concrete: { Resources, Parameters = {} }, ...at }) => ({
      ...at,
      // As it is printed: in CloudFormation's long form.
      resources: JSON.parse(JSON.stringify(Resources)) as Record<
        string,
        {
          Type: string;
          Properties: { Name?: string; Principals?: readonly string[]; ResourceArns?: unknown };
        }
      >,
      reads: JSON.parse(JSON.stringify(Parameters)) as Record<string, { Default: string }>,
    }));

  test("it deploys from nothing: every stack is current, and there are no others", () => {
    for (const { name, stackSetName, targets } of manifest.stackSets) {
      const instances = on.aws.stackSets.get(stackSetName)?.instances;
      const states = [...(instances ?? [])].map(([at, { status }]) => `${at} ${status}`);
      expect(states.toSorted(), name).toEqual(
        targets.map(({ id, region }) => `${id}/${region} CURRENT`).toSorted(),
      );
    }
    expect(on.aws.stackSets.size).toBe(manifest.stackSets.length);
  });

  test("bootstrap has made the services' own roles, in the accounts that have clusters and databases alone", async () => {
    const roles = await Promise.all(
      ACCOUNTS.map(async (account) => {
        const params = { Action: "ListRoles", Version: "2010-05-08", PathPrefix: "/aws-service-role/" };
        const paths = fields(await on.query(account, REGION, "iam", params), "Path");
        return [account, paths.toSorted()] as const;
      }),
    );
    const ours = ["ecs", "rds"].map((service) => `/aws-service-role/${service}.amazonaws.com/`);
    const environments = Object.values(ENVIRONMENTS);
    expect(Object.fromEntries(roles)).toEqual(
      Object.fromEntries(ACCOUNTS.map((account) => [account, environments.includes(account) ? ours : []])),
    );
  });

  test("no stack set was begun before those were done that it depends on, which are in earlier waves", () => {
    const waveOf = (name: string) => manifest.waves.findIndex((wave) => wave.includes(name));
    const times = (name: string) => {
      const operations = [...(on.aws.stackSets.get(`acme-${name}`)?.operations.values() ?? [])];
      return {
        begun: Math.min(...operations.map(({ created }) => created.getTime())),
        done: Math.max(...operations.map(({ ended }) => ended?.getTime() ?? Number.POSITIVE_INFINITY)),
      };
    };
    const edges = manifest.stackSets.flatMap(({ name, dependsOn }) =>
      dependsOn.map((before) => ({ before, after: name })),
    );
    expect(edges.length).toBeGreaterThan(manifest.stackSets.length);
    for (const { before, after } of edges) {
      expect(times(before).done, `${before} before ${after}`).toBeLessThan(times(after).begun);
      expect(waveOf(before), `${before} before ${after}`).toBeLessThan(waveOf(after));
    }
    expect(times("log-archive").done).toBeLessThan(times("trail").begun);
  });

  test("a second deploy changes nothing, and a plan has nothing to do", async () => {
    const before = on.aws.log.length;
    for (const command of [["deploy", ...POLL], ["status"], ["plan"]]) {
      const { code, out, err } = await place.landform(...command);
      expect(code, err + out).toBe(0);
      if (command[0] === "plan") expect(out).toContain("nothing to do");
    }
    const changes = on.aws.log
      .slice(before)
      .filter(({ action }) => /^(Update|Create|Delete|Stop)Stack|^Put/.test(action));
    expect(changes).toEqual([]);
  });

  test("what templates publish is there, and nothing else: real values, of that account and Region", () => {
    const wanted: Record<string, string[]> = Object.fromEntries(PLACES.map((one) => [nameOf(one), []]));
    for (const { resources, ...at } of concrete())
      for (const { Type, Properties } of Object.values(resources))
        if (Type === "AWS::SSM::Parameter") wanted[nameOf(at)]?.push(Properties.Name ?? "");
    for (const [at, values] of Object.entries(published)) {
      expect(Object.keys(values).toSorted(), at).toEqual(wanted[at]?.toSorted());
      const [account, region] = at.split("/");
      for (const [name, value] of Object.entries(values)) {
        expect(value, `${name} in ${at}`).toMatch(/^[^{}$\s]+$/);
        const [, itsRegion, itsAccount] = /^arn:aws:[^:]+:([^:]*):([^:]*):/.exec(value) ?? [];
        if (itsRegion) expect(itsRegion, `${name} in ${at}`).toBe(region);
        if (itsAccount) expect(itsAccount, `${name} in ${at}`).toBe(account);
      }
    }
  });

  test("each stack was given what is published where it reads, of its account or another that shares it", () => {
    const all = concrete();
    /** Whether what is published in a place is shared with an account. moto shares everything. */
    const isShared = (from: Place, name: string, account: string) =>
      all.some(({ resources, ...at }) => {
        const [logicalId] =
          Object.entries(resources).find(([, { Properties }]) => Properties.Name === name) ?? [];
        const shares = Object.values(resources).filter(
          ({ Type, Properties: { Principals = [], ResourceArns } }) =>
            Type === "AWS::RAM::ResourceShare" &&
            Principals.includes(account) &&
            JSON.stringify(ResourceArns).includes(`\${${logicalId}}`),
        );
        return nameOf(at) === nameOf(from) && shares.length > 0;
      });
    let across = 0;
    let count = 0;
    for (const { stackSet, reads, resources, ...at } of all) {
      for (const [parameter, { Default }] of Object.entries(reads)) {
        if (Default.startsWith("/aws/")) continue;
        const [, region = at.region, account = at.account, name = Default] =
          /^arn:aws:ssm:([^:]+):(\d+):parameter(.+)/.exec(Default) ?? [];
        const from = { account, region };
        const what = `${Default} for ${stackSet} in ${nameOf(at)}`;
        const value = published[nameOf(from)]?.[name];
        expect(value, what).toBeTruthy();
        // moto writes a list as Python does.
        const given = stacks[nameOf(at)]?.[stackSet]?.parameters[parameter]?.replaceAll(/[[\]' ]/g, "");
        expect(given, what).toBe(value);
        count++;
        if (account === at.account) continue;
        expect(isShared(from, name, at.account), what).toBe(true);
        across++;
      }
      for (const [, name = ""] of JSON.stringify(resources).matchAll(/\{\{resolve:ssm:([^}]+)\}\}/g)) {
        expect(published[nameOf(at)]?.[name], `${name} for ${stackSet} in ${nameOf(at)}`).toBeTruthy();
        count++;
      }
    }
    expect(count).toBeGreaterThan(300);
    expect(across).toBeGreaterThan(10);
  });

  test("each account and Region has a topic for alerts; people hear of all but dev's", async () => {
    const ask = ({ account, region }: Place, Action: string) =>
      on.query(account, region, "sns", { Action, Version: "2010-03-31" });
    const topics = await inPlaces(async (one) => fields(await ask(one, "ListTopics"), "TopicArn"));
    const hearing = await inPlaces(async (one) => fields(await ask(one, "ListSubscriptions"), "Endpoint"));
    for (const { account, region } of PLACES) {
      const at = nameOf({ account, region });
      expect(topics[at], at).toEqual([`arn:aws:sns:${region}:${account}:acme-alerts`]);
      expect(published[at]?.["/acme/alerts/topic-arn"], at).toBe(topics[at]?.[0]);
      expect(hearing[at], at).toEqual(account === ENVIRONMENTS.dev ? [] : ["oncall@acme.example"]);
    }
  });

  test("the account for security sees all: it has what others link to, and each has a detector of its own", () => {
    const everywhere = PLACES.map(nameOf);
    const inSecurity = everywhere.filter((at) => at.startsWith(SECURITY));
    expect(placesOf("AWS::GuardDuty::Detector")).toEqual(everywhere);
    expect(placesOf("AWS::Oam::Sink")).toEqual(inSecurity);
    expect(placesOf("AWS::Oam::Link")).toEqual(everywhere.filter((at) => !inSecurity.includes(at)));
  });

  test("the images are in one account, and load balancers only where there is a domain", async () => {
    const repositories = await inPlaces(({ account, region }) =>
      on.json<{ repositories: readonly { repositoryName: string }[] }>(account, region, "ecr", {
        target: "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories",
      }),
    );
    const names = Object.entries(repositories).flatMap(([at, { repositories: found }]) =>
      found.map(({ repositoryName }) => `${at} ${repositoryName}`),
    );
    expect(names.toSorted()).toEqual(
      ["api", "web", "worker"].map((image) => `${SHARED}/${REGION} acme/${image}`),
    );
    expect(placesOf("AWS::ElasticLoadBalancingV2::LoadBalancer")).toEqual(
      Object.values(ENVIRONMENTS).map((account) => `${account}/${REGION}`),
    );
  });

  test.each(Object.entries(ENVIRONMENTS))("in %s, services are told what is there", async (name, id) => {
    const values = published[`${id}/${REGION}`] ?? {};
    const { taskDefinition } = await on.json<{ taskDefinition: { containerDefinitions: [Container] } }>(
      id,
      REGION,
      "ecs",
      {
        target: "AmazonEC2ContainerServiceV20141113.DescribeTaskDefinition",
        parameters: { taskDefinition: "acme-api" },
      },
    );
    const [{ image, environment, secrets }] = taskDefinition.containerDefinitions;
    expect(image).toBe(`${SHARED}.dkr.ecr.${REGION}.amazonaws.com/acme/api:2.0.1`);
    expect(Object.fromEntries(environment.map(({ name, value }) => [name, value]))).toMatchObject({
      ENVIRONMENT: name,
      MAIN_HOST: values["/acme/store-main/address"],
      MAIN_PORT: values["/acme/store-main/port"],
      MAIN_DATABASE: values["/acme/store-main/database"],
      SESSIONS_HOST: values["/acme/store-sessions/address"],
      INTERNAL_URL: `https://internal.${name === "prod" ? "" : `${name}.`}acme.example`,
    });
    const fromSecrets = Object.fromEntries(secrets.map(({ name, valueFrom }) => [name, valueFrom]));
    expect(fromSecrets).toEqual({
      MAIN_USERNAME: `${values["/acme/store-main/secret-arn"]}:username::`,
      MAIN_PASSWORD: `${values["/acme/store-main/secret-arn"]}:password::`,
      STRIPE_KEY: values["/acme/secrets/stripe-key-secret-arn"],
    });
    for (const arn of Object.values(fromSecrets)) expect(arn).toContain(`:${id}:`);
  });

  test.each(Object.entries(ENVIRONMENTS))(
    "in %s, the database lets in those who use it",
    async (environment, id) => {
      const values = published[`${id}/${REGION}`] ?? {};
      const { ec2 } = await on.clients(id, REGION);
      const GroupIds = [values["/acme/store-main/security-group-id"] ?? ""];
      const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds }));
      const users = ["function-nightly-report", "service-api"];
      if (environment !== "dev") users.push("service-worker");
      const sources = SecurityGroups[0]?.IpPermissions?.flatMap(({ FromPort, UserIdGroupPairs = [] }) =>
        UserIdGroupPairs.map(({ GroupId }) => `${GroupId} ${FromPort}`),
      );
      expect(sources?.toSorted()).toEqual(
        users.map((user) => `${values[`/acme/${user}/security-group-id`]} 5432`).toSorted(),
      );
    },
  );

  test("moto makes nothing of these types, so what becomes of them is not shown here", () => {
    const unmade = new Set<string>();
    for (const { stackSet, resources, ...at } of concrete()) {
      const made = stacks[nameOf(at)]?.[stackSet]?.resources ?? {};
      for (const [logicalId, { Type }] of Object.entries(resources))
        if (!(logicalId in made)) unmade.add(Type);
    }
    expect([...unmade].toSorted()).toEqual([
      "AWS::AccessAnalyzer::Analyzer",
      "AWS::ApplicationAutoScaling::ScalableTarget",
      "AWS::ApplicationAutoScaling::ScalingPolicy",
      "AWS::CloudTrail::Trail",
      "AWS::CloudWatch::CompositeAlarm",
      "AWS::Config::AggregationAuthorization",
      "AWS::Config::ConfigRule",
      "AWS::Config::ConfigurationAggregator",
      "AWS::Config::ConfigurationRecorder",
      "AWS::Config::DeliveryChannel",
      "AWS::EC2::SecurityGroupEgress",
      "AWS::EC2::SnapshotBlockPublicAccess",
      "AWS::EC2::VPCBlockPublicAccessExclusion",
      "AWS::EC2::VPCBlockPublicAccessOptions",
      "AWS::GuardDuty::Master",
      "AWS::GuardDuty::Member",
      "AWS::IAM::Group",
      "AWS::Logs::MetricFilter",
      "AWS::Logs::QueryDefinition",
      "AWS::Organizations::Policy",
      "AWS::RAM::ResourceShare",
      "AWS::S3::BucketPolicy",
      "AWS::SNS::TopicPolicy",
      "AWS::SQS::QueuePolicy",
      "AWS::SSM::Association",
      "AWS::SSM::MaintenanceWindowTask",
      "AWS::SSM::PatchBaseline",
      "AWS::SSM::ServiceSetting",
      "AWS::SecretsManager::ResourcePolicy",
    ]);
  });

  test("all of it can be taken away again, what reads before what is read", async () => {
    const before = on.aws.log.length;
    const { code, out, err } = await place.landform(
      "remove",
      "--all",
      ...manifest.stackSets.map(({ name }) => name),
      "--yes",
      ...POLL,
    );
    expect(code, err + out).toBe(0);
    expect(on.aws.stackSets.size).toBe(0);
    const gone = on.aws.log
      .slice(before)
      .filter(({ action }) => action === "DeleteStackSet")
      .map(({ params }) => String(params.StackSetName));
    for (const { stackSetName, dependsOn } of manifest.stackSets)
      for (const producer of dependsOn)
        expect(gone.indexOf(stackSetName), `${stackSetName} before ${producer}`).toBeLessThan(
          gone.indexOf(`acme-${producer}`),
        );
  });
});
