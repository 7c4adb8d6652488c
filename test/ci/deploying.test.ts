/** The generated pipeline, run on this machine with moto as AWS: from a commit to dev and stage, and after an approval prod. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { describeOnMoto } from "../aws/on-moto.ts";
import { type Claims, tokenOf } from "../aws/tokens.ts";
import { emptyWorkplace, loggedIn, type Workplace } from "../support/landform.ts";
import { git, type Machine, NPM, Pipeline } from "./runner.ts";

const ACCOUNTS = { tools: "100000000001", dev: "200000000002", stage: "300000000003", prod: "400000000004" };
const ORGANIZATION = "8a7b6c5d-0000-4000-8000-000000000001";
const PROJECT = "8a7b6c5d-0000-4000-8000-000000000002";
const POLL = ["--poll", "0.05"];

const SPEC = `version: 1
name: shop
regions: [eu-west-1]
administration: tools
accounts:
  tools: { id: "${ACCOUNTS.tools}", email: tools@shop.example }
  dev: { id: "${ACCOUNTS.dev}", email: dev@shop.example }
  stage: { id: "${ACCOUNTS.stage}", email: stage@shop.example }
  prod: { id: "${ACCOUNTS.prod}", email: prod@shop.example }
environments:
  dev: { account: dev }
  stage: { account: stage }
  prod: { account: prod }
network: { supernet: 10.0.0.0/8, azs: 2, nat: single, flow-logs: false }
templates:
  large: { file: templates/large.yaml }
functions:
  hello: { code: functions/hello, handler: index.handler }
ci:
  circleci: { organization: ${ORGANIZATION}, project: ${PROJECT}, approve: [prod], tests: node --version }
`;

/** Too large for a call: it goes through the artifact bucket, in a plan too. */
const LARGE = `${"# Padding\n".repeat(6_000)}Resources:
  Note: { Type: "AWS::SSM::Parameter", Properties: { Name: /shop/large/note, Type: String, Value: "1" } }
`;

/** A token as a job of a branch has it. */
const token = (branch: string, more: Partial<Claims> = {}): string =>
  tokenOf({
    iss: `https://oidc.circleci.com/org/${ORGANIZATION}`,
    aud: ORGANIZATION,
    sub: `org/${ORGANIZATION}/project/${PROJECT}/user/0f0e0d0c-0000-4000-8000-000000000009/vcs-origin/github.com/shop/infrastructure/vcs-ref/refs/heads/${branch}`,
    "oidc.circleci.com/project-id": PROJECT,
    ...more,
  });

describeOnMoto("the pipeline", (on) => {
  let place: Workplace;
  let machine: Machine;
  beforeAll(async () => {
    place = emptyWorkplace();
    place.write("specs/shop.yaml", SPEC);
    place.write("specs/templates/large.yaml", LARGE);
    place.write("functions/hello/index.js", "exports.handler = async () => 'hello';\n");
    place.write("package.json", "{}\n");
    place.write("package-lock.json", "{}\n");
    place.env = await loggedIn(on.aws, ACCOUNTS.tools);
    const directory = mkdtempSync(join(tmpdir(), "landform-ci-"));
    machine = {
      directory,
      programs: { npm: NPM },
      env: {
        AWS_ENDPOINT_URL: on.aws.endpoint,
        AWS_EC2_METADATA_DISABLED: "true",
        CACHE: join(directory, "cache"),
      },
    };
    git(place.directory, "init", "--quiet", "--initial-branch", "main");
    // What is done once by hand, with somebody's own credentials.
    for (const command of [["compile"], ["bootstrap", ...POLL], ["deploy", "--only", "ci", ...POLL]]) {
      const { code, out, err } = await place.landform(...command);
      expect(code, err + out).toBe(0);
    }
  }, 120_000);
  afterAll(async () => {
    place?.remove();
    if (machine) rmSync(machine.directory, { recursive: true });
  });

  /** Commits everything to a branch. @returns the pipeline that CircleCI would begin */
  function push(branch: string): Pipeline {
    git(place.directory, "checkout", "--quiet", "-B", branch);
    git(place.directory, "add", "--all");
    git(place.directory, "commit", "--quiet", "--allow-empty", "--message", `To ${branch}`);
    const sha = git(place.directory, "rev-parse", "HEAD");
    const commit = { repository: place.directory, branch, sha, token: () => token(branch) };
    return new Pipeline(machine, commit, parse(place.read(".circleci/config.yml")));
  }

  const stacksIn = async (account: string): Promise<string[]> => {
    const { cloudFormation } = await on.clients(account, "eu-west-1");
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({}));
    return Stacks.map(({ StackName = "" }) => StackName.replace(/-[0-9a-f]{8}-.*/, "")).toSorted();
  };
  const BOOTSTRAP = "shop-bootstrap-execution";
  const STACK_SETS = ["function-hello", "keys", "large", "network"];
  const DEPLOYED = [...STACK_SETS.map((name) => `StackSet-shop-${name}`), BOOTSTRAP];

  /** Asks for a role with a token. */
  async function assume(role: string, WebIdentityToken: string): Promise<number> {
    const RoleArn = `arn:aws:iam::${ACCOUNTS.tools}:role/shop-circleci-${role}`;
    const Action = "AssumeRoleWithWebIdentity";
    const body = new URLSearchParams({ Action, RoleArn, RoleSessionName: "test", WebIdentityToken });
    return (await fetch(on.aws.endpoint, { method: "POST", body })).status;
  }

  test("a branch is checked, tested and planned, and nothing is deployed", { timeout: 120_000 }, async () => {
    const pipeline = push("feature");
    expect(await pipeline.run(), pipeline.failures()).toEqual({ check: "success", plan: "success" });
    const { output } = pipeline.of("check");
    expect(output).toContain("specs/shop.yaml: 5 stack sets for 3 placements; up to date");
    expect(output).toContain("templates linted");
    expect(output).toContain("v");
    const { artifacts } = pipeline.of("plan");
    const read = (file: string) => readFileSync(join(artifacts, file), "utf8");
    expect(read("plan.txt")).toMatch(/keys +Add +LogsKey +AWS::KMS::Key +data +dev, stage, prod/);
    expect(JSON.parse(read("plan.json"))).toMatchObject({ changes: true, dataAtRisk: false });
    expect(await stacksIn(ACCOUNTS.dev)).toEqual([BOOTSTRAP]);
  });

  test("only jobs of this project can plan, and only those of the branch deploy", async () => {
    const foreign = { "oidc.circleci.com/project-id": "8a7b6c5d-0000-4000-8000-00000000000f" };
    const issuer = "https://oidc.circleci.com/org/8a7b6c5d-0000-4000-8000-00000000000f";
    const origin = `org/${ORGANIZATION}/project/${PROJECT}/user`;
    expect(await assume("plan", token("feature"))).toBe(200);
    expect(await assume("plan", token("main", foreign))).toBe(403);
    expect(await assume("plan", token("main", { iss: issuer }))).toBe(403);
    expect(await assume("deploy", token("main"))).toBe(200);
    for (const branch of ["feature", "x/main", "main/x", "mai", "x/vcs-ref/refs/heads/main"])
      expect(await assume("deploy", token(branch)), branch).toBe(403);
    expect(await assume("deploy", token("main", foreign))).toBe(403);
    expect(await assume("deploy", token("main", { aud: PROJECT }))).toBe(403);
    // A pipeline that a custom webhook triggers, and a tag.
    expect(
      await assume("deploy", token("main", { sub: `${origin}/0f0e0d0c-0000-4000-8000-000000000009` })),
    ).toBe(403);
    expect(
      await assume("deploy", token("main", { sub: `${origin}/0/vcs-origin/o/vcs-ref/refs/tags/main` })),
    ).toBe(403);
  });

  test("main goes to dev, then to stage, and prod waits", { timeout: 240_000 }, async () => {
    const pipeline = push("main");
    expect(await pipeline.run(), pipeline.failures()).toEqual({
      check: "success",
      plan: "success",
      "deploy-dev": "success",
      "deploy-stage": "success",
      "approve-prod": "on hold",
      "deploy-prod": "not run",
    });
    expect(await stacksIn(ACCOUNTS.dev)).toEqual(DEPLOYED);
    expect(await stacksIn(ACCOUNTS.stage)).toEqual(DEPLOYED);
    expect(await stacksIn(ACCOUNTS.prod)).toEqual([BOOTSTRAP]);
    expect(pipeline.of("deploy-dev").output).toMatch(/deploying shop to dev/);

    pipeline.approve("approve-prod");
    expect(await pipeline.run(), pipeline.failures()).toMatchObject({
      "approve-prod": "success",
      "deploy-prod": "success",
    });
    expect(await stacksIn(ACCOUNTS.prod)).toEqual(DEPLOYED);
  });

  test("what can't be deployed goes no further", { timeout: 120_000 }, async () => {
    on.aws.setFaults({
      onInstance: ({ account }) =>
        account === ACCOUNTS.dev
          ? "ResourceLogicalId:Function, ResourceType:AWS::Lambda::Function, ResourceStatusReason:no room"
          : undefined,
    });
    place.edit("functions/hello/index.js", "'hello'", "'goodbye'");
    expect((await place.landform("compile")).code).toBe(0);
    const pipeline = push("main");
    expect(await pipeline.run(), pipeline.failures()).toEqual({
      check: "success",
      plan: "success",
      "deploy-dev": "failed",
      "deploy-stage": "not run",
      "approve-prod": "not run",
      "deploy-prod": "not run",
    });
    expect(pipeline.of("deploy-dev").output).toContain("no room");
    on.aws.setFaults(undefined);
  });

  test("a wrong spec stops at the checks", { timeout: 60_000 }, async () => {
    place.edit("specs/shop.yaml", "azs: 2", "azs: 9");
    expect(await push("typo").run()).toEqual({ check: "failed", plan: "failed" });
    place.edit("specs/shop.yaml", "azs: 9", "azs: 2");
  });

  test("the roles have the rights that this took, and no others", () => {
    const { Resources } = parse(place.read("generated/shop/ci.yaml"), { logLevel: "error" });
    for (const [id, name] of [
      ["PlanRole", "plan"],
      ["DeployRole", "deploy"],
    ] as const) {
      const statements: { Action: string | string[] }[] =
        Resources[id].Properties.Policies[0].PolicyDocument.Statement;
      const given = new Set(statements.flatMap(({ Action }) => Action));
      const used = [...on.aws.used].filter(([session]) =>
        session.includes(`/shop-circleci-${name}/circleci-`),
      );
      const needed = new Set(used.flatMap(([, actions]) => [...actions]));
      expect(
        [...given].filter((action) => !needed.has(action) && !ELSEWHERE.includes(action)),
        name,
      ).toEqual([]);
    }
  });
});

/** What is needed only where somebody has given a stack set a tag by hand. */
const ELSEWHERE = ["cloudformation:UntagResource"];
