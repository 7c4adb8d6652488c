/** What the name of an instance type says: the names that mislead, and every type that moto knows. */
import { expect, test } from "vitest";
import { memoryOf, processorOf, processorsOf } from "../../compiler/instance-type.ts";
import type { SpecPath } from "../../compiler/path.ts";
import { schemaAt } from "../../compiler/schema.ts";
import { describePython, installedTools, runTool } from "../python/tools.ts";

test.each([
  ...["a1.large", "t4g.large", "m7g.xlarge", "m7gd.xlarge", "c7gn.metal", "r8gb.large", "x2gd.medium"],
  ...["im4gn.large", "is4gen.large", "i8ge.large", "g5g.xlarge", "hpc7g.16xlarge", "m8g.metal-24xl"],
])("%s is Arm", (type) => {
  expect(processorOf(type)).toBe("arm64");
});

test.each([
  ...["t3.micro", "t3a.micro", "m5zn.large", "m7i.large", "m7i-flex.large", "c7a.large", "i4i.large"],
  ...["g4dn.xlarge", "g5.xlarge", "g6e.xlarge", "gr6.4xlarge", "u-6tb1.metal", "u7i-12tb.224xlarge"],
  ...["x2iedn.large", "p6-b200.48xlarge", "trn1n.32xlarge", "z1d.large"],
])("%s is x86", (type) => {
  expect(processorOf(type)).toBe("x86_64");
});

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html */
test.each([
  ["db.t4g.micro", 1],
  ["db.t3.small", 2],
  ["db.t4g.medium", 4],
  ["db.t3.2xlarge", 32],
  ["db.m7g.large", 8],
  ["db.m5.12xlarge", 192],
  ["db.r7g.large", 16],
  ["db.r5b.24xlarge", 768],
  ["db.c6gd.medium", 2],
  ["db.x2g.16xlarge", 1024],
  ["db.x2iedn.xlarge", 128],
  ["db.x2iezn.2xlarge", 256],
  ["db.z1d.3xlarge", 96],
])("a database of %s has %d GiB", (instanceClass, gib) => {
  expect(memoryOf(instanceClass)).toBe(gib);
});

test.each([
  "db.q9.large",
  "db.m5.metal",
  "cache.t4g.small",
  "db.r5.2xlarge.tpc2.mem2x",
  "c5n.large",
  "m4.large",
])("of %s nothing is known", (type) => {
  expect([memoryOf(type), processorsOf(type)]).toEqual([undefined, undefined]);
});

const fits = (path: SpecPath, text: string): boolean =>
  new RegExp(schemaAt(path)?.pattern as string).test(text);
const TYPES: readonly SpecPath[] = [
  ["cluster", "instances", "type"],
  ["vpn", "instance-type"],
];
const CLASS: SpecPath = ["stores", "any", "class"];

test.each([
  "t4g.huge",
  "t4g.mediun",
  "t4g",
  "t4g.1xlarge",
  "t.large",
  "m7g.metal-xl",
  "m7g.large.",
  "db.t4g.large",
])("%s is no instance type", (type) => {
  expect(TYPES.filter((path) => fits(path, type))).toEqual([]);
});

/** Serverless classes are Aurora's, and RDS has none of metal for Postgres. */
test.each([
  "db.t4g.mediun",
  "db.t4g.nano",
  "cache.t4g.larg",
  "t4g.large",
  "db.serverless",
  "db.m6i.metal",
  "db.r5.0xlarge",
])("%s is no class of a store", (type) => {
  expect(fits(CLASS, type)).toBe(false);
});

describePython("what AWS says of its types", () => {
  test("is what their names say", async () => {
    const print = `import json
from moto.ec2.models.instance_types import INSTANCE_TYPES as all
print(json.dumps({name: {
    "kinds": each["ProcessorInfo"]["SupportedArchitectures"],
    "processors": each["VCpuInfo"]["DefaultVCpus"],
    "gib": each["MemoryInfo"]["SizeInMiB"] / 1024,
} for name, each in all.items()}))`;
    const { stdout } = await runTool(installedTools().python, ["-c", print]);
    const types = Object.entries(JSON.parse(stdout) as Record<string, InstanceType>);
    // No container of ours runs on a Mac.
    const ofServers = types.filter(([name]) => !name.startsWith("mac"));
    expect(ofServers.length).toBeGreaterThan(1000);
    expect(ofServers.filter(([name, { kinds }]) => !kinds.includes(processorOf(name)))).toEqual([]);
    expect(TYPES.flatMap((path) => ofServers.filter(([name]) => !fits(path, name)))).toEqual([]);
    const sized = types.filter(([name]) => memoryOf(name) !== undefined);
    expect(sized.length).toBeGreaterThan(900);
    const told = ([name]: [string, InstanceType]) => [name, memoryOf(name), processorsOf(name)];
    expect(sized.map(told)).toEqual(sized.map(([name, { gib, processors }]) => [name, gib, processors]));
  });
});

describePython("what cfn-lint knows of classes", () => {
  test("fits", async () => {
    const print = `import json, re
from pathlib import Path
from cfnlint.data.schemas import extensions
at = Path(list(extensions.__path__)[0])
rules = json.loads((at / "aws_rds_dbinstance/db_instance_class.json").read_text())["allOf"]
postgres = [rule["then"] for rule in rules if rule["if"]["properties"]["Engine"].get("const") == "postgres"]
nodes = (at / "aws_elasticache_cachecluster/cachenodetype_enum.json").read_text()
print(json.dumps(sorted(set(re.findall(r'"((?:db|cache)[.][^"]+)"', json.dumps(postgres) + nodes)))))`;
    const { stdout } = await runTool(installedTools().python, ["-c", print]);
    const classes = (JSON.parse(stdout) as string[]).filter((name) => name !== "db.serverless");
    expect(classes.filter((name) => name.startsWith("db.")).length).toBeGreaterThan(200);
    expect(classes.filter((name) => name.startsWith("cache.")).length).toBeGreaterThan(50);
    expect(classes.filter((name) => !fits(CLASS, name))).toEqual([]);
  });
});

interface InstanceType {
  readonly kinds: readonly string[];
  readonly processors: number;
  readonly gib: number;
}
