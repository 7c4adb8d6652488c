/** The functions of the reference architecture, deployed on moto: in each account with its code, triggers and rights. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { field } from "../aws/moto-calls.ts";
import { describeOnMoto } from "../aws/on-moto.ts";
import { placeExamples } from "../support/examples.ts";
import { emptyWorkplace, loggedIn, type Workplace } from "../support/landform.ts";

const REGION = "eu-west-1";
const SHARED = "300000000003";
const ENVIRONMENTS = Object.entries({ dev: "012345678904", stage: "500000000005", prod: "600000000006" });
const FUNCTIONS = ["nightly-report", "status", "thumbnail"];
const BUCKET = `acme-artifacts-${SHARED}-${REGION}`;
const POLL = ["--poll", "0.05"];

/** What Lambda says of a function, as far as it is looked at. */
interface Configuration {
  readonly FunctionArn: string;
  readonly CodeSha256: string;
  readonly Runtime: string;
  readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
  readonly VpcConfig?: {
    readonly SubnetIds: readonly string[];
    readonly SecurityGroupIds: readonly string[];
  };
}

/** A spec without what takes long to deploy and has nothing to do with functions. */
const withoutContainers = (spec: string): string =>
  spec.replaceAll(/^(cluster|services):.*\n(?:(?:[ #].*)?\n)*/gm, "");

describeOnMoto("functions on moto", (on) => {
  let place: Workplace;
  beforeAll(async () => {
    place = emptyWorkplace();
    place.write("specs/acme.yaml", withoutContainers(readFileSync("specs/acme.yaml", "utf8")));
    placeExamples(place.directory);
    place.env = await loggedIn(on.aws, SHARED);
    for (const command of [["compile"], ["bootstrap", ...POLL], ["deploy", ...POLL]]) {
      const { code, out, err } = await place.landform(...command);
      expect(code, err + out).toBe(0);
    }
  }, 300_000);
  afterAll(() => place?.remove());

  const clients = (account: string) => on.clients(account, REGION);
  const json = <T>(account: string, service: string, url: string, target?: string, parameters?: object) =>
    on.json<T>(account, REGION, service, {
      url,
      ...(target !== undefined && { target }),
      ...(parameters && { parameters }),
    });

  async function published(account: string, name: string): Promise<string> {
    const { ssm } = await clients(account);
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: `/acme/${name}` }));
    return Parameter?.Value ?? "";
  }

  const lambda = (account: string, fn: string) =>
    json<Configuration>(account, "lambda", `/2015-03-31/functions/acme-${fn}/configuration`);

  /** What may call a function: the services, each with what of theirs may have it do so. */
  async function callersOf(account: string, fn: string): Promise<readonly string[]> {
    const { Policy } = await json<{ Policy: string }>(
      account,
      "lambda",
      `/2015-03-31/functions/acme-${fn}/policy`,
    );
    const { Statement } = JSON.parse(Policy) as {
      Statement: readonly {
        Principal: { Service: string };
        Condition: { ArnLike: { "AWS:SourceArn": string } };
      }[];
    };
    return Statement.map(
      ({ Principal, Condition }) => `${Principal.Service} ${Condition.ArnLike["AWS:SourceArn"]}`,
    );
  }

  const keysIn = (template: string): readonly string[] =>
    [...place.read(template).matchAll(/functions\/[a-z-]+\/[0-9a-f]{64}\.zip/g)].map(([key]) => key);

  async function artifact(key: string): Promise<Uint8Array> {
    const { accessKeyId, secretAccessKey, sessionToken } = await (
      await clients(SHARED)
    ).ssm.config.credentials();
    const s3 = new S3Client({
      endpoint: on.moto.endpoint,
      region: REGION,
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
    });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  }

  const digest = (bytes: Uint8Array, encoding: "hex" | "base64") =>
    createHash("sha256").update(bytes).digest(encoding);

  test("what is in the artifact bucket is what its key says", async () => {
    const keys = new Set(FUNCTIONS.flatMap((fn) => keysIn(`generated/acme/function-${fn}.yaml`)));
    expect(keys.size).toBe(FUNCTIONS.length);
    for (const key of keys) expect(key).toContain(digest(await artifact(key), "hex"));
  });

  test.each(ENVIRONMENTS)("in %s each function has the code that was packed", async (_, account) => {
    for (const fn of FUNCTIONS) {
      const [key = ""] = keysIn(`generated/acme/function-${fn}.yaml`);
      const { CodeSha256, Runtime, FunctionArn } = await lambda(account, fn);
      expect(CodeSha256, fn).toBe(digest(await artifact(key), "base64"));
      expect(Runtime).toBe(fn === "status" ? "python3.14" : "nodejs24.x");
      expect(FunctionArn).toBe(`arn:aws:lambda:${REGION}:${account}:function:acme-${fn}`);
    }
  });

  test.each(ENVIRONMENTS)(
    "in %s each is told what it uses, and is in the VPC for that",
    async (name, account) => {
      const report = await lambda(account, "nightly-report");
      expect(report.Environment.Variables).toMatchObject({
        ENVIRONMENT: name,
        MAIN_HOST: await published(account, "store-main/address"),
        MAIN_PORT: await published(account, "store-main/port"),
        MAIN_DATABASE: await published(account, "store-main/database"),
        MAIN_SECRET_ARN: await published(account, "store-main/secret-arn"),
      });
      expect(report.VpcConfig?.SubnetIds.join()).toBe(await published(account, "network/private-subnet-ids"));
      expect(report.VpcConfig?.SecurityGroupIds).toEqual([
        await published(account, "function-nightly-report/security-group-id"),
      ]);
      const thumbnail = await lambda(account, "thumbnail");
      expect(thumbnail.Environment.Variables).toEqual({
        ENVIRONMENT: name,
        UPLOADS_BUCKET: await published(account, "store-uploads/bucket-name"),
      });
      expect((await lambda(account, "status")).Environment.Variables).toEqual({ ENVIRONMENT: name });
      for (const fn of ["thumbnail", "status"])
        expect((await lambda(account, fn)).VpcConfig?.SubnetIds ?? []).toEqual([]);
    },
  );

  test.each(ENVIRONMENTS)("in %s the schedule runs the report", async (_, account) => {
    const { Schedules } = await json<{ Schedules: readonly { Name: string }[] }>(
      account,
      "scheduler",
      "/schedules",
    );
    expect(Schedules).toHaveLength(1);
    const schedule = await json<{
      ScheduleExpression: string;
      ScheduleExpressionTimezone: string;
      Target: { Arn: string; DeadLetterConfig: { Arn: string } };
    }>(account, "scheduler", `/schedules/${Schedules[0]?.Name}`);
    expect(schedule).toMatchObject({
      ScheduleExpression: "cron(0 3 * * ? *)",
      ScheduleExpressionTimezone: "UTC",
      Target: {
        Arn: `arn:aws:lambda:${REGION}:${account}:function:acme-nightly-report`,
        DeadLetterConfig: { Arn: await published(account, "function-nightly-report/dead-letters-arn") },
      },
    });
  });

  test.each(ENVIRONMENTS)("in %s the bucket tells the thumbnails", async (_, account) => {
    const events = <T>(action: string, parameters: object) =>
      json<T>(account, "events", "/", `AWSEvents.${action}`, parameters);
    const { Rules } = await events<{ Rules: readonly { Name: string; Arn: string; EventPattern: string }[] }>(
      "ListRules",
      {},
    );
    const [rule, ...others] = Rules.filter(({ EventPattern }) => EventPattern.includes("aws.s3"));
    expect(others).toEqual([]);
    expect(JSON.parse(rule?.EventPattern ?? "")).toEqual({
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: { bucket: { name: [await published(account, "store-uploads/bucket-name")] } },
    });
    const { Targets } = await events<{ Targets: readonly { Arn: string }[] }>("ListTargetsByRule", {
      Rule: rule?.Name,
    });
    expect(Targets.map(({ Arn }) => Arn)).toEqual([(await lambda(account, "thumbnail")).FunctionArn]);
    expect(await callersOf(account, "thumbnail")).toEqual([`events.amazonaws.com ${rule?.Arn}`]);
  });

  test.each(ENVIRONMENTS)("in %s requests for /status come to the function", async (_, account) => {
    const balancers = (params: Record<string, string>) =>
      on.query(account, REGION, "elasticloadbalancing", { Version: "2015-12-01", ...params });
    const listener = await published(account, "load-balancer-public/listener-arn");
    const rules = await balancers({ Action: "DescribeRules", ListenerArn: listener });
    expect(rules).toMatch(/<Values>\s*<member>\/status<\/member>/);
    const group = field(rules, "TargetGroupArn") ?? "";
    const health = await balancers({ Action: "DescribeTargetHealth", TargetGroupArn: group });
    expect(field(health, "Id")).toBe((await lambda(account, "status")).FunctionArn);
    expect(await callersOf(account, "status")).toEqual([
      `elasticloadbalancing.amazonaws.com arn:aws:elasticloadbalancing:${REGION}:${account}:targetgroup/*`,
    ]);
  });

  test("a second deploy has nothing to do; a change of code reaches its function in every account, and no other", async () => {
    const puts = () => on.aws.log.filter(({ action }) => action === "PutObject").length;
    const before = { calls: on.aws.log.length, puts: puts() };
    expect(await place.landform("deploy", ...POLL)).toMatchObject({ code: 0 });
    expect(puts()).toBe(before.puts);

    const [old = ""] = keysIn("generated/acme/function-status.yaml");
    place.edit("examples/functions/status/index.py", '"seconds"', '"uptime"');
    const { err } = await place.landform("check");
    expect(err).toContain("generated/acme/function-status.yaml error out-of-date");
    expect(await place.landform("compile")).toMatchObject({
      code: 0,
      out: expect.stringContaining("2 written"),
    });
    expect(await place.landform("deploy", ...POLL)).toMatchObject({ code: 0 });
    const [key = ""] = keysIn("generated/acme/function-status.yaml");
    expect(key).not.toBe(old);
    // The template, and the code.
    expect(puts()).toBe(before.puts + 2);
    const changed = on.aws.log
      .slice(before.calls)
      .filter(({ action }) => /^(Update|Create|Delete)Stack/.test(action))
      .map(({ action, params }) => `${action} ${params.StackSetName}`);
    expect(changed).toEqual(["UpdateStackSet acme-function-status"]);
    for (const [, account] of ENVIRONMENTS)
      expect((await lambda(account, "status")).CodeSha256).toBe(digest(await artifact(key), "base64"));
  });
});
