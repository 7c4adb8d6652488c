/**
 * Public rule packs over what each target of the reference architecture gets. What they find is what `omissions.ts` says,
 * no more and no less, and the README says the same.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../../compiler/schema.ts";
import { compileSource, receivedBy, sources } from "../../support/everything.ts";
import { updating } from "../../support/goldens.ts";
import { unavailable as noGuard } from "../guard.ts";
import { packTools } from "./environment.ts";
import { literal } from "./literal.ts";
import { type Omission, omissions } from "./omissions.ts";
import { type PackFinding, type PackVerdict, packs } from "./packs.ts";
import { around, tablesOf } from "./readme.ts";

/** A minute on a machine of its own, and longer beside other tests. */
const TIMEOUT = 600_000;

const tools = packTools();
const unavailable = noGuard ?? ("skipped" in tools ? tools.skipped : undefined);

/** The reference architecture's templates; the same for several targets only once. */
function templates() {
  const source = sources().find(({ id }) => id === "specs/acme");
  if (!source) throw new Error("there is no specs/acme.yaml");
  const received = receivedBy(compileSource(source).assembly);
  return [...new Map(received.map((each) => [JSON.stringify(each.template), each])).values()].map(
    ({ template, target }) => literal(template, target.account.id, target.region),
  );
}

const isAbout = ({ rules, types, only }: Omission, { rule, type, logicalId }: PackFinding): boolean =>
  rules.includes(rule) && types.includes(type) && (only?.includes(logicalId) ?? true);

describe.skipIf(unavailable)(`public rule packs${unavailable ? ` (skipped: ${unavailable})` : ""}`, () => {
  let verdicts: readonly PackVerdict[];
  const findings = () => verdicts.flatMap(({ failed }) => failed);
  beforeAll(() => {
    const judged = templates();
    verdicts = packs.map((pack) => pack.judge(judged));
  }, TIMEOUT);

  test.each(packs.map(({ name }, index) => [name, index] as const))("%s", (_, index) => {
    const failed = (verdicts[index] as PackVerdict).failed.filter(
      (finding) => !omissions.some((omission) => isAbout(omission, finding)),
    );
    expect([...new Set(failed.map((finding) => Object.values(finding).join(" ")))]).toEqual([]);
  });

  test("all of every omission is needed", () => {
    const needless = omissions.flatMap((omission) => {
      const needed = findings().filter((finding) => isAbout(omission, finding));
      return [
        ...omission.rules.filter((rule) => !needed.some((finding) => finding.rule === rule)),
        ...omission.types.filter((type) => !needed.some((finding) => finding.type === type)),
        ...(omission.only ?? []).filter((id) => !needed.some(({ logicalId }) => logicalId === id)),
      ].map((what) => `${omission.asked}: ${what}`);
    });
    expect(needless).toEqual([]);
  });

  test("each pack has much to judge", () => {
    for (const { judged } of verdicts) expect(judged.size).toBeGreaterThan(50);
  });

  test("the README says so", () => {
    const [before, after] = around(readFileSync("README.md", "utf8"));
    const expected = `${before}${tablesOf(packs, verdicts, omissions)}${after}`;
    if (updating) writeFileSync("README.md", expected);
    expect(readFileSync("README.md", "utf8")).toBe(expected);
  });
});

describe("a template in the packs' words", () => {
  const Parameters = {
    KeyArn: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/acme/key" },
    Subnets: { Type: "AWS::SSM::Parameter::Value<List<AWS::EC2::Subnet::Id>>", Default: "/acme/subnets" },
  };
  const bucketArn = { "Fn::GetAtt": ["Bucket", "Arn"] };

  test.each<[JsonObject, Json]>([
    [{ Ref: "AWS::Region" }, "eu-west-1"],
    [{ Ref: "KeyArn" }, "{{resolve:ssm:/acme/key}}"],
    [{ Ref: "Subnets" }, { Ref: "Subnets" }],
    [{ Ref: "Bucket" }, { Ref: "Bucket" }],
    [{ "Fn::Sub": `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:root` }, "arn:aws:iam::012345678904:root"],
    [{ "Fn::Sub": `\${Bucket.Arn}/*` }, { "Fn::Join": ["", [bucketArn, "/*"]] }],
    [{ "Fn::Sub": [`\${A} \${!B}`, { A: { Ref: "AWS::Region" } }] }, `eu-west-1 \${B}`],
  ])("%j", (value, expected) => {
    const { Resources } = literal({ Parameters, Resources: { value } }, "012345678904", "eu-west-1");
    expect(Resources).toEqual({ value: expected });
  });
});
