/** AWS's own packs, which are written for CloudFormation Guard. */
import { readdirSync, readFileSync } from "node:fs";
import type { PlainTemplate } from "../../support/everything.ts";
import type { Finding } from "../findings.ts";
import { judge } from "../guard.ts";
import { installedFile, pinned } from "./environment.ts";
import type { Pack, PackVerdict } from "./packs.ts";

const CONTROL_TOWER = "node_modules/@cdklabs/cdk-validator-cfnguard";
const REGISTRY = "awslabs/aws_iac_mcp_server/data/default_guard_rules.guard";

/** The names of the rules in a file; those with parameters are parts of others. */
const ruleNames = (text: string): string[] => [
  ...new Set([...text.matchAll(/^rule (\w+)(?=\s)/gm)].map(([, name]) => name as string)),
];

/** Control Tower's proactive controls: a file each, named by the control's identifier. */
export const controlTower: Pack = {
  name: "Control Tower proactive controls",
  source: [
    "`@cdklabs/cdk-validator-cfnguard`",
    "https://www.npmjs.com/package/@cdklabs/cdk-validator-cfnguard",
  ],
  version: JSON.parse(readFileSync(`${CONTROL_TOWER}/package.json`, "utf8")).version,
  judge(templates) {
    const ids = new Map(
      controls().flatMap(({ id, text }) => ruleNames(text).map((name): [string, string] => [name, id])),
    );
    const verdict = judgeByGuard(
      templates,
      controls().map(({ text }) => text),
      (rule) => ids.get(rule) ?? rule,
    );
    return { ...verdict, rules: controls().length };
  },
};

function controls(): { readonly id: string; readonly text: string }[] {
  const directory = `${CONTROL_TOWER}/rules/control-tower/cfn-guard`;
  return readdirSync(directory)
    .toSorted()
    .flatMap((service) =>
      readdirSync(`${directory}/${service}`)
        .toSorted()
        .map((file) => ({
          id: file.replace(".guard", "").toUpperCase().replaceAll("-", "."),
          text: readFileSync(`${directory}/${service}/${file}`, "utf8"),
        })),
    );
}

/** The part of the AWS Guard Rules Registry that AWS publishes in a package: S3, EC2, RDS and IAM. */
export const registry: Pack = {
  name: "AWS Guard Rules Registry (S3, EC2, RDS, IAM)",
  source: ["`awslabs.aws-iac-mcp-server`", "https://pypi.org/project/awslabs.aws-iac-mcp-server/"],
  version: pinned("awslabs.aws-iac-mcp-server"),
  judge(templates) {
    const text = readFileSync(installedFile(REGISTRY), "utf8");
    return { ...judgeByGuard(templates, [text]), rules: ruleNames(text).length };
  },
};

function judgeByGuard(
  templates: readonly PlainTemplate[],
  rules: readonly string[],
  nameOf = (rule: string) => rule,
): PackVerdict {
  const verdicts = judge(
    templates.map((template, index) => ({ name: String(index), template })),
    rules,
  );
  const failed = verdicts.flatMap((verdict) => onlyWhere(verdict.failed));
  const judged = [...verdicts.flatMap(({ passed }) => passed), ...failed.map(({ rule }) => rule)];
  return {
    judged: new Set(judged.map(nameOf)),
    failed: failed.map(({ rule, type, logicalId }) => ({ rule: nameOf(rule), type, logicalId })),
  };
}

/** Without clauses that blame no resource, where others of the same rule and template do. */
function onlyWhere(findings: readonly Finding[]): readonly Finding[] {
  const placed = new Set(findings.filter(({ logicalId }) => logicalId !== "").map(({ rule }) => rule));
  return findings.filter(({ rule, logicalId }) => logicalId !== "" || !placed.has(rule));
}
