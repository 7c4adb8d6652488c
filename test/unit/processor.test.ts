/** The processor of an instance type, by its name alone: the names that mislead, and every type that moto knows. */
import { expect, test } from "vitest";
import { processorOf } from "../../compiler/processor.ts";
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

describePython("what AWS says of its types", () => {
  test("is what their names say", async () => {
    const print =
      "import json; from moto.ec2.models.instance_types import INSTANCE_TYPES as all; print(json.dumps({name: each['ProcessorInfo']['SupportedArchitectures'] for name, each in all.items()}))";
    const { stdout } = await runTool(installedTools().python, ["-c", print]);
    const types = Object.entries(JSON.parse(stdout) as Record<string, string[]>);
    // No container of ours runs on a Mac.
    const known = types.filter(([name]) => !name.startsWith("mac"));
    expect(known.length).toBeGreaterThan(1000);
    expect(known.filter(([name, processors]) => !processors.includes(processorOf(name)))).toEqual([]);
  });
});
