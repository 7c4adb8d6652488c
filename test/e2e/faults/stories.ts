/** What the runs with faults are about: from which state, which command, and what must be there in the end. */

import {
  CreateStackInstancesCommand,
  CreateStackSetCommand,
  UpdateStackSetCommand,
} from "@aws-sdk/client-cloudformation";
import { expect } from "vitest";
import { parse } from "yaml";
import { clientOf, ended } from "../../aws/client.ts";
import type { Aws } from "../../aws/server.ts";
import type { MemoryStacks } from "../../aws/stacks.ts";
import type { Workplace } from "../../support/landform.ts";

/** Where a story takes place. */
export interface Scene {
  readonly aws: Aws;
  readonly place: Workplace;
}

/** A command, and how it ends where nothing goes wrong. */
export interface Plain {
  readonly command: readonly string[];
  readonly code?: number;
}

/** What a run with faults is about. */
export interface Story {
  readonly name: string;
  prepare?(scene: Scene): Promise<void>;
  readonly command: readonly string[];
  /** How the run with faults may end, if not with 0, 1 or 2. */
  readonly codes?: readonly number[];
  /** Accounts that are suspended from the run with faults on. */
  readonly suspended?: ReadonlySet<string>;
  /** What happens after the run with faults, before the plain ones. */
  between?(scene: Scene): Promise<void>;
  /** The plain runs, if not the same command once more. */
  readonly again?: readonly Plain[];
  /** Whether there are stack sets in the end; they are, if this is not given. */
  readonly isDeployed?: false;
  /** Command and words of a last run, that shows that there is nothing left to do; else that of a deploy. */
  readonly last?: { readonly command: readonly string[]; readonly says: RegExp };
}

/** The account the stack sets live in. */
export const ADMIN = "300000000003";
/** The account of the first environment after that. */
export const DEV = "012345678904";
const STAGE = "500000000005";
const PROD = "600000000006";
const HOME = "eu-west-1";
const POLL = ["--poll", "0.02"];
const DEPLOY = ["deploy", ...POLL];
const REFRESH = ["deploy", "--refresh", ...POLL];
/** What `keys` publishes and `network` reads. */
const KEY = "/acme/keys/logs-key-arn";
/** All that is live and not in the spec, also what holds data. */
const REMOVE = ["remove", "keys", "network", "--yes", ...POLL];

const SPEC = "specs/acme.yaml";
const well = async (place: Workplace, ...args: readonly string[]) => {
  const { code, err } = await place.landform(...args);
  expect(code, err).toBe(0);
};
const deploy = ({ place }: Scene) => well(place, ...DEPLOY);
/** Another spec, committed. */
async function change({ place }: Scene, from: string | RegExp, to: string): Promise<void> {
  place.edit(SPEC, from, to);
  await well(place, "compile");
}
const moreZones = (scene: Scene) => change(scene, "azs: 3, nat: per-az", "azs: 4, nat: per-az");
/** Without an environment that other lines may name; @returns the spec as it was */
async function withoutProd({ place }: Scene): Promise<string> {
  const spec = place.read(SPEC);
  place.edit(SPEC, / {2}prod: {12}\{ account: prod \}\n/, "");
  place.write(SPEC, place.read(SPEC).replaceAll(/, prod(?=[,\]])/g, ""));
  await well(place, "compile");
  return spec;
}
const withProd = (scene: Scene, spec: string) => change(scene, /[\s\S]*/, spec.replaceAll("$", "$$$$"));
/** What makes services' own roles part of the bootstrap. */
const withCluster = (scene: Scene) => change(scene, /$/, "cluster: { environments: [dev, stage, prod] }\n");
const inTwoRegions = (scene: Scene) =>
  change(scene, "account: dev,  ", "account: dev, regions: [eu-west-1, us-east-1],");

/** A stack set that the spec had once. */
async function makeOld({ aws }: Scene): Promise<void> {
  const StackSetName = "acme-old";
  const client = await clientOf(aws, ADMIN);
  const Tags = Object.entries({ "landform:spec": "acme", "landform:stack-set": "old" });
  await client.send(
    new CreateStackSetCommand({
      StackSetName,
      TemplateBody: "Resources: {Topic: {Type: AWS::SNS::Topic}}",
      ManagedExecution: { Active: true },
      Tags: Tags.map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  const places = { Accounts: [DEV, STAGE], Regions: [HOME] };
  const { OperationId } = await client.send(new CreateStackInstancesCommand({ StackSetName, ...places }));
  expect(await ended(client, StackSetName, OperationId)).toBe("SUCCEEDED");
}

/** Somebody went back to keys as they were once. */
async function outdateKeys({ aws, place }: Scene): Promise<void> {
  const client = await clientOf(aws, ADMIN);
  const StackSetName = "acme-keys";
  const TemplateBody = `# older\n${place.read("generated/acme/keys.yaml")}`;
  const { OperationId } = await client.send(new UpdateStackSetCommand({ StackSetName, TemplateBody }));
  expect(await ended(client, StackSetName, OperationId)).toBe("SUCCEEDED");
}

/** What the spec's generated files ask for: for each stack set every account and Region, as `account region`. */
export function stackSetsOf(read: (file: string) => string): Map<string, string[]> {
  const manifest = parse(read("generated/acme/stacksets.yaml"));
  const { stackSets } = manifest as {
    stackSets: Record<string, { targets: { id: string; region: string }[] }>;
  };
  return new Map(
    Object.entries(stackSets).map(([name, { targets }]) => [
      name,
      targets.map(({ id, region }) => `${id} ${region}`),
    ]),
  );
}

/** All stories; a seed's number says which. */
export const STORIES: readonly Story[] = [
  { name: "the first deploy", command: DEPLOY },
  {
    name: "a change",
    async prepare(scene) {
      await deploy(scene);
      await moreZones(scene);
    },
    command: DEPLOY,
  },
  {
    name: "a promotion",
    async prepare(scene) {
      await deploy(scene);
      await moreZones(scene);
    },
    command: ["deploy", "-e", "dev", ...POLL],
    again: [{ command: DEPLOY }],
  },
  {
    name: "a new environment",
    async prepare(scene) {
      const spec = await withoutProd(scene);
      await deploy(scene);
      await withProd(scene, spec);
    },
    command: DEPLOY,
  },
  {
    name: "a removal",
    async prepare(scene) {
      await deploy(scene);
      await withoutProd(scene);
      await deploy(scene);
    },
    command: REMOVE,
  },
  {
    name: "two Regions",
    async prepare(scene) {
      await inTwoRegions(scene);
      await deploy(scene);
      await moreZones(scene);
    },
    command: DEPLOY,
  },
  {
    name: "a second Region and a new environment, promoted",
    async prepare(scene) {
      const spec = await withoutProd(scene);
      await deploy(scene);
      await withProd(scene, spec);
      await inTwoRegions(scene);
    },
    command: ["deploy", "-e", "dev,prod", ...POLL],
    again: [{ command: DEPLOY }],
  },
  {
    name: "bootstrap",
    prepare: withCluster,
    command: ["bootstrap", ...POLL],
    last: { command: ["bootstrap", ...POLL], says: /^(.*: unchanged\n)+$/ },
    isDeployed: false,
  },
  {
    name: "a look for drift",
    async prepare(scene) {
      await deploy(scene);
      const { stackId = "" } = scene.aws.stackSets.get("acme-network")?.instances.get(`${DEV}/${HOME}`) ?? {};
      scene.aws.stacks.drifts.set(stackId, [{ logicalId: "Vpc", type: "AWS::EC2::VPC", status: "MODIFIED" }]);
    },
    command: ["drift", ...POLL],
    codes: [1, 2, 4],
    again: [{ command: ["drift", ...POLL], code: 4 }],
  },
  {
    name: "a plan",
    async prepare(scene) {
      const spec = await withoutProd(scene);
      await deploy(scene);
      await withProd(scene, spec);
      await moreZones(scene);
    },
    command: ["plan"],
    codes: [2, 4],
    again: [{ command: ["plan"], code: 4 }, { command: DEPLOY }],
  },
  {
    name: "the removal of a stack set",
    async prepare(scene) {
      await deploy(scene);
      await makeOld(scene);
    },
    command: ["remove", "old", "--yes", ...POLL],
  },
  {
    name: "a suspended account that is closed then",
    async prepare(scene) {
      await deploy(scene);
      await moreZones(scene);
    },
    command: DEPLOY,
    codes: [1, 2],
    suspended: new Set([PROD]),
    between: (scene) =>
      change(scene, "email: aws+prod@acme.example }", "email: aws+prod@acme.example, status: closed }"),
    again: [{ command: DEPLOY }, { command: REMOVE }],
  },
  {
    name: "a refresh",
    async prepare(scene) {
      await deploy(scene);
      for (const account of [DEV, PROD])
        (scene.aws.stacks as MemoryStacks).publish({ account, region: HOME }, KEY, "another key");
    },
    command: REFRESH,
    // The same command might refresh once more, as it should; that nothing is done twice is seen after this one.
    again: [{ command: DEPLOY }],
    last: { command: REFRESH, says: /: 0 stack sets deployed, 2 refreshed, 0 unchanged$/m },
  },
  {
    name: "a deploy of what others read",
    async prepare(scene) {
      await deploy(scene);
      await outdateKeys(scene);
      (scene.aws.stacks as MemoryStacks).publish({ account: DEV, region: HOME }, KEY, "another key");
    },
    command: DEPLOY,
  },
];
