/** Checkov: the rules for CloudFormation that come with it, without what it would fetch. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlainTemplate } from "../../support/everything.ts";
import { installed, pinned } from "./environment.ts";
import type { Pack, PackFinding } from "./packs.ts";

/** The part of Checkov's JSON output that is used. */
interface Report {
  readonly results: {
    readonly passed_checks: readonly Check[];
    readonly failed_checks: readonly Check[];
    readonly parsing_errors: readonly string[];
  };
}

/** `resource` is type and logical ID, with a dot between them. */
interface Check {
  readonly check_id: string;
  readonly resource: string;
}

export const checkov: Pack = {
  name: "Checkov",
  source: ["`checkov`", "https://pypi.org/project/checkov/"],
  version: pinned("checkov"),
  judge(templates) {
    const { passed_checks, failed_checks, parsing_errors } = report(templates).results;
    if (parsing_errors.length > 0) throw new Error(`checkov can't read ${parsing_errors.join(", ")}`);
    return {
      judged: new Set([...passed_checks, ...failed_checks].map(({ check_id }) => check_id)),
      failed: failed_checks.map(findingOf),
    };
  },
};

const ARGUMENTS = ["--framework", "cloudformation", "--output", "json", "--skip-download"];

/** It runs among the templates, so that nobody's settings have a say. */
function report(templates: readonly PlainTemplate[]): Report {
  const directory = mkdtempSync(join(tmpdir(), "landform-packs-"));
  try {
    for (const [index, template] of templates.entries()) {
      writeFileSync(join(directory, `${index}.json`), JSON.stringify(template, null, 1));
    }
    const options = { cwd: directory, encoding: "utf8", maxBuffer: 2 ** 30 } as const;
    const args = ["--directory", ".", ...ARGUMENTS];
    const { stdout, stderr, error } = spawnSync(installed().bin("checkov"), args, {
      ...options,
      env: { ...process.env, HOME: directory },
    });
    if (error) throw error;
    if (!stdout.startsWith("{")) throw new Error(`checkov: ${stderr}${stdout}`);
    return JSON.parse(stdout);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function findingOf({ check_id, resource }: Check): PackFinding {
  const dot = resource.lastIndexOf(".");
  return { rule: check_id, type: resource.slice(0, dot), logicalId: resource.slice(dot + 1) };
}
