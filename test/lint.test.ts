/** What the compiler makes of any spec is clean for cloudformation-validate: nobody could put right what it finds. */
import { readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { everyTemplate, lintEverywhere } from "../cli/lint.ts";
import { templateFile } from "../compiler/output/files.ts";
import { specs } from "./reachability/specs.ts";
import { compileText, type Result } from "./support/compile.ts";
import { goldenSpec } from "./support/golden-spec.ts";
import { runs } from "./unit/families.ts";

/** @param isMeant which stack sets are looked at, by name */
async function findings({ assembly, files }: Result, isMeant: (name: string) => boolean): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const template of everyTemplate(assembly).filter(({ name }) => isMeant(name))) {
    const own = await lintEverywhere(template, files.get(templateFile(template.name)) as string);
    found.push(...own.map((finding) => ({ template: template.name, ...finding })));
  }
  return found;
}

const GOLDENS = "test/golden";

describe.each(readdirSync(GOLDENS))("the cases of %s", (kind) => {
  const cases = readdirSync(`${GOLDENS}/${kind}`).filter((file) => !file.endsWith(".expected.yaml"));
  test.each(cases)("%s", async (file) => {
    const result = compileText(goldenSpec(`${GOLDENS}/${kind}/${file}`));
    expect(await findings(result, (name) => name === kind || name.startsWith(`${kind}-`))).toEqual([]);
  });
});

/** Who is told, if anybody, and of which environments. */
const alerts = fc.option(fc.subarray(["dev", "stage", "prod"], { minLength: 1 }), { nil: undefined });

test("random specs, of some environments of which people are told", async () => {
  await fc.assert(
    fc.asyncProperty(specs, alerts, async (sections, told) => {
      const there = told?.filter((name) => Object.hasOwn(sections.environments ?? {}, name)) ?? [];
      const result = compileText(
        stringify({
          version: 1,
          name: "demo",
          regions: ["eu-west-1"],
          ...sections,
          ...(there.length > 0 && { alerts: { email: ["ops@demo.example"], environments: there } }),
        }),
      );
      expect(await findings(result, () => true)).toEqual([]);
    }),
    runs(8),
  );
}, 300_000);
