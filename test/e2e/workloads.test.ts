/** The reference architecture deployed whole, on moto: what runs in each account is told what is in that account. */
import { readdirSync, readFileSync } from "node:fs";
import { DescribeSecurityGroupsCommand } from "@aws-sdk/client-ec2";
import { GetParametersByPathCommand } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { forward, headersOf } from "../aws/moto-calls.ts";
import { type Aws, startAws } from "../aws/server.ts";
import { type Clients, clientsFor, type Moto, startMoto } from "../python/moto.ts";
import { describePython, installedTools } from "../python/tools.ts";
import { placeExamples } from "../support/examples.ts";
import { emptyWorkplace, loggedIn, type Workplace } from "../support/landform.ts";

const REGION = "eu-west-1";
const SHARED = "300000000003";
const ENVIRONMENTS = { dev: "012345678904", stage: "500000000005", prod: "600000000006" };
const POLL = ["--poll", "0.05"];

/** What a task definition says of its container, as ECS gives it back. */
interface Container {
  readonly image: string;
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
}

describePython("the reference architecture on moto", () => {
  let moto: Moto;
  let aws: Aws;
  let place: Workplace;
  beforeAll(async () => {
    moto = await startMoto(installedTools().python);
    aws = await startAws({ moto, instanceMilliseconds: 0 });
    place = emptyWorkplace();
    place.write("specs/acme.yaml", readFileSync("specs/acme.yaml", "utf8"));
    place.write("specs/acme.lock.yaml", readFileSync("specs/acme.lock.yaml", "utf8"));
    for (const file of readdirSync("generated/acme"))
      place.write(`generated/acme/${file}`, readFileSync(`generated/acme/${file}`, "utf8"));
    placeExamples(place.directory);
    place.write(".circleci/config.yml", readFileSync(".circleci/config.yml", "utf8"));
    place.env = await loggedIn(aws, SHARED);
  });
  afterAll(async () => {
    place?.remove();
    await aws?.stop();
    await moto?.stop();
  });

  const clients = (account: string) => clientsFor(moto.endpoint, account, REGION);

  async function publishedIn(account: string, region = REGION): Promise<Record<string, string>> {
    const { ssm } = await clientsFor(moto.endpoint, account, region);
    const found: Record<string, string> = {};
    let NextToken: string | undefined;
    do {
      const page = await ssm.send(
        new GetParametersByPathCommand({ Path: "/acme", Recursive: true, ...(NextToken && { NextToken }) }),
      );
      for (const { Name = "", Value = "" } of page.Parameters ?? []) found[Name] = Value;
      NextToken = page.NextToken;
    } while (NextToken);
    return found;
  }

  /** Asks a service of moto's that speaks JSON. */
  async function json<T>({ ssm }: Clients, service: string, target: string, parameters: object): Promise<T> {
    const { accessKeyId } = await ssm.config.credentials();
    const { status, body } = await forward(moto.endpoint, {
      method: "POST",
      url: "/",
      headers: {
        ...headersOf({ service, region: REGION, accessKey: accessKeyId }),
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": target,
      },
      body: Buffer.from(JSON.stringify(parameters)),
    });
    expect(status, body.toString()).toBe(200);
    return JSON.parse(body.toString()) as T;
  }

  async function containerOf(account: string, family: string): Promise<Container> {
    const { taskDefinition } = await json<{ taskDefinition: { containerDefinitions: [Container] } }>(
      await clients(account),
      "ecs",
      "AmazonEC2ContainerServiceV20141113.DescribeTaskDefinition",
      { taskDefinition: family },
    );
    return taskDefinition.containerDefinitions[0];
  }

  test("it deploys from nothing, in order, and then has nothing to do", async () => {
    for (const command of ["bootstrap", "deploy"]) {
      const { code, out, err } = await place.landform(command, ...POLL);
      expect(code, err + out).toBe(0);
    }
    expect(await place.landform("status")).toMatchObject({ code: 0 });
    const before = aws.log.length;
    expect(await place.landform("deploy", ...POLL)).toMatchObject({ code: 0 });
    const changes = aws.log.slice(before).filter(({ action }) => /^(Update|Create|Delete)Stack/.test(action));
    expect(changes).toEqual([]);
  }, 300_000);

  test("every value that a template reads is published in the account and Region it is deployed to", async () => {
    const { stackSets } = parse(place.read("generated/acme/stacksets.yaml")) as {
      stackSets: Record<string, { template: string; targets: readonly { id: string; region: string }[] }>;
    };
    const accounts = new Set(Object.values(stackSets).flatMap(({ targets }) => targets.map(({ id }) => id)));
    const places = [...accounts].flatMap((id) => [REGION, "us-east-1"].map((region) => ({ id, region })));
    const published = Object.fromEntries(
      await Promise.all(
        places.map(async ({ id, region }) => [`${id}/${region}`, await publishedIn(id, region)] as const),
      ),
    );
    let count = 0;
    for (const { template, targets } of Object.values(stackSets)) {
      const { Parameters = {} } = parse(place.read(`generated/acme/${template}`), { logLevel: "silent" }) as {
        Parameters?: Record<string, { Default: string }>;
      };
      for (const { Default } of Object.values(Parameters)) {
        if (!Default.startsWith("/acme/")) continue;
        for (const { id, region } of targets) {
          expect(published[`${id}/${region}`]?.[Default], `${Default} in ${id} ${region}`).toBeTruthy();
          count++;
        }
      }
    }
    expect(count).toBeGreaterThan(100);
  });

  test.each(Object.entries(ENVIRONMENTS))(
    "in %s, services are told what is there",
    async (environment, id) => {
      const published = await publishedIn(id);
      const { image, environment: variables, secrets } = await containerOf(id, "acme-api");
      const told = Object.fromEntries(variables.map(({ name, value }) => [name, value]));
      expect(image).toBe(`${SHARED}.dkr.ecr.${REGION}.amazonaws.com/acme/api:2.0.1`);
      expect(told).toMatchObject({
        ENVIRONMENT: environment,
        MAIN_HOST: published["/acme/store-main/address"],
        MAIN_PORT: published["/acme/store-main/port"],
        MAIN_DATABASE: published["/acme/store-main/database"],
        SESSIONS_HOST: published["/acme/store-sessions/address"],
        INTERNAL_URL: `https://internal.${environment === "prod" ? "" : `${environment}.`}acme.example`,
      });
      const fromSecrets = Object.fromEntries(secrets.map(({ name, valueFrom }) => [name, valueFrom]));
      expect(fromSecrets).toEqual({
        MAIN_USERNAME: `${published["/acme/store-main/secret-arn"]}:username::`,
        MAIN_PASSWORD: `${published["/acme/store-main/secret-arn"]}:password::`,
        STRIPE_KEY: published["/acme/secrets/stripe-key-secret-arn"],
      });
      for (const arn of Object.values(fromSecrets)) expect(arn).toContain(`:${id}:`);
    },
  );

  test.each(Object.entries(ENVIRONMENTS))(
    "in %s, the database lets in those who use it",
    async (environment, id) => {
      const published = await publishedIn(id);
      const { ec2 } = await clients(id);
      const group = published["/acme/store-main/security-group-id"] as string;
      const { SecurityGroups = [] } = await ec2.send(
        new DescribeSecurityGroupsCommand({ GroupIds: [group] }),
      );
      const users = [
        "function-nightly-report",
        "service-api",
        ...(environment === "dev" ? [] : ["service-worker"]),
      ];
      const sources = SecurityGroups[0]?.IpPermissions?.flatMap(({ FromPort, UserIdGroupPairs = [] }) =>
        UserIdGroupPairs.map(({ GroupId }) => `${GroupId} ${FromPort}`),
      );
      expect(sources?.toSorted()).toEqual(
        users.map((user) => `${published[`/acme/${user}/security-group-id`]} 5432`).toSorted(),
      );
    },
  );

  test("the images are in one account", async () => {
    const shared = await clients(SHARED);
    const { repositories } = await json<{ repositories: readonly { repositoryName: string }[] }>(
      shared,
      "ecr",
      "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories",
      {},
    );
    expect(repositories.map(({ repositoryName }) => repositoryName).toSorted()).toEqual([
      "acme/api",
      "acme/web",
      "acme/worker",
    ]);
  });
});
