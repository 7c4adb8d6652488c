/** cloudformation-validate in this process. It takes seconds to start: load it only when there is something to lint. */
import { createRequire } from "node:module";
import type * as Validate from "@aws/cloudformation-validate";
import type { Placement } from "../compiler/architecture.ts";
import type { Finding } from "./commands/lint.ts";

const load = createRequire(__filename);
let engine: Validate.Engine | undefined;

/** @returns the errors and warnings, each once with the placements it is found in */
export function lintTemplate(body: string, placements: readonly Placement[]): Finding[] {
  const { RegoEngine, TemplateFile } = load("@aws/cloudformation-validate") as typeof Validate;
  engine ??= new RegoEngine();
  /** The engine reads templates through this: ours need not be on disk. */
  const template = new (class extends TemplateFile {
    override readBytes(): Uint8Array {
      return Buffer.from(body);
    }
  })("template.yaml");
  const findings = new Map<string, Finding>();
  for (const placement of placements) {
    const pseudoParameterOverrides = { accountId: placement.account.id, region: placement.region };
    const report = engine.validateStandard(template, { pseudoParameterOverrides, severityLevel: "WARN" });
    if (report.status !== "OK") {
      add(
        findings,
        {
          severity: "error",
          rule: report.status,
          message: "the validator could not judge the whole template",
        },
        placement,
      );
    }
    for (const { severity, ruleId, message, entity } of report.diagnostics) {
      const logicalId = entity?.logicalId;
      add(
        findings,
        {
          severity: severity === "WARN" ? "warning" : "error",
          rule: ruleId,
          message,
          ...(logicalId && { logicalId }),
        },
        placement,
      );
    }
  }
  return [...findings.values()];
}

function add(
  findings: Map<string, Finding>,
  finding: Omit<Finding, "placements">,
  { name }: Placement,
): void {
  const key = JSON.stringify(finding);
  const known = findings.get(key);
  if (known) known.placements.push(name);
  else findings.set(key, { ...finding, placements: [name] });
}
