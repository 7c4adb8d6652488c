/** cfn-lint through our wrapper: clean and wrong templates in one run. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { cfnLint } from "./cfnlint.ts";
import { CONSUMER, NETWORK } from "./templates.ts";
import { describePython } from "./tools.ts";

describePython("cfn-lint", () => {
  const folder = mkdtempSync(join(tmpdir(), "cfnlint-"));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  afterAll(() => rmSync(folder, { recursive: true }));

  test("finds what is wrong in the file that is wrong", async () => {
    const wrong = file("wrong.yaml", NETWORK.replace("CidrBlock: 10.0.2.0/24", "Cidr: 10.0.2.0/24"));
    const findings = await cfnLint([file("network.yaml", NETWORK), wrong], ["eu-west-1", "us-east-1"]);
    expect(findings.map(({ message: _, ...finding }) => finding)).toContainEqual({
      rule: "E3002",
      level: "Error",
      file: wrong,
      line: 40,
      path: "Resources/Subnet3/Properties/Cidr",
    });
    expect(findings.filter((finding) => finding.file !== wrong)).toEqual([]);
  });

  test("says what it can't do", async () => {
    await expect(cfnLint([file("consumer.yaml", CONSUMER)], ["nowhere-1"])).rejects.toThrow("unsupported");
    expect(await cfnLint([], ["eu-west-1"])).toEqual([]);
  });
});
