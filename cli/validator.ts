/** cloudformation-validate in this process. It takes seconds to start: load it only when there is something to lint. */
import type { Engine } from "@aws/cloudformation-validate";

/** An error or warning of the validator. */
export interface Finding {
  readonly rule: string;
  readonly message: string;
  readonly logicalId?: string;
}

let engine: Engine | undefined;

/** @param target the account and Region whose stack it is judged as; any of them where absent */
export async function lintTemplate(
  body: string,
  target?: { readonly account: string; readonly region: string },
): Promise<Finding[]> {
  const { RegoEngine, TemplateFile } = await import("@aws/cloudformation-validate");
  engine ??= new RegoEngine();
  /** The engine reads templates through this: ours need not be on disk. */
  const template = new (class extends TemplateFile {
    override readBytes(): Uint8Array {
      return Buffer.from(body);
    }
  })("template.yaml");
  const { status, diagnostics } = engine.validateStandard(template, {
    severityLevel: "WARN",
    ...(target && { pseudoParameterOverrides: { accountId: target.account, region: target.region } }),
  });
  const findings = diagnostics.map(({ ruleId, message, entity }): Finding => {
    const logicalId = entity?.logicalId;
    return { rule: ruleId, message, ...(logicalId && { logicalId }) };
  });
  return status === "OK"
    ? findings
    : [...findings, { rule: status, message: "the validator could not judge the whole template" }];
}
