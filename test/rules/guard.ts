/**
 * CloudFormation Guard, the real one: AWS's evaluator, from the package in which AWS's CDK ships it. It has one thing to
 * beware of: a file that it can't parse it skips, and says so only on standard error.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { NamedTemplate } from "../support/everything.ts";
import { type Check, type Finding, findingsIn } from "./findings.ts";

const DIRECTORY = "test/rules";

/** The rules by topic: the names of the files, without `.guard`. */
export const topics: readonly string[] = readdirSync(DIRECTORY)
  .filter((file) => file.endsWith(".guard"))
  .map((file) => file.replace(".guard", ""));

const text = (topic: string) => readFileSync(`${DIRECTORY}/${topic}.guard`, "utf8");

/** The names of a topic's rules; those with parameters are parts of others. */
export const rulesOf = (topic: string): string[] =>
  [...text(topic).matchAll(/^rule (\w+)(?= )/gm)].map(([, name]) => name as string);

/** What Guard says of one template. */
export interface Verdict {
  readonly name: string;
  readonly passed: readonly string[];
  /** Rules about what the template does not have. */
  readonly skipped: readonly string[];
  readonly failed: readonly Finding[];
}

/** The part of Guard's JSON output that is used. */
interface Report {
  readonly not_compliant: readonly {
    readonly Rule: { readonly name: string; readonly checks: readonly Check[] };
  }[];
  readonly not_applicable: readonly string[];
  readonly compliant: readonly string[];
}

/** A template takes it some 50 ms, and longer beside other tests. */
export const TIMEOUT = 300_000;

/** Guard's exit codes for templates that all pass, and that don't. */
const JUDGED = [0, 19];

/** @param rules the text of rule files; those of all topics where absent */
export function judge(
  templates: readonly NamedTemplate[],
  rules: readonly string[] = topics.map(text),
): Verdict[] {
  const payload = { rules, data: templates.map(({ template }) => JSON.stringify(template)) };
  const args = ["validate", "--payload", "--structured", "--output-format", "json", "--show-summary", "none"];
  const options = { input: JSON.stringify(payload), encoding: "utf8", maxBuffer: 2 ** 30 } as const;
  const { status, stdout, stderr, error } = spawnSync(binary(), args, options);
  if (error) throw error;
  if (stderr !== "" || !JUDGED.includes(status ?? -1))
    throw new Error(`cfn-guard (${status}): ${stderr}${stdout}`);
  return (JSON.parse(stdout) as Report[]).map((report, index) => {
    const { name, template } = templates[index] as NamedTemplate;
    return {
      name,
      passed: report.compliant,
      skipped: report.not_applicable,
      failed: report.not_compliant.flatMap(({ Rule }) => findingsIn(Rule.name, Rule.checks, template)),
    };
  });
}

function binary(): string {
  const system = process.platform === "darwin" ? "macos" : "ubuntu";
  const machine = process.arch === "arm64" ? "aarch64" : "x86_64";
  const path = `node_modules/@cdklabs/cdk-validator-cfnguard/bin/${system}/${machine}/cfn-guard`;
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

/** Why rules can't be judged here; undefined where they can. */
export const unavailable: string | undefined =
  ["linux", "darwin"].includes(process.platform) && existsSync(binary())
    ? undefined
    : `there is no CloudFormation Guard for ${process.platform} on ${process.arch}`;

if (unavailable && process.env.CI) throw new Error(unavailable);
