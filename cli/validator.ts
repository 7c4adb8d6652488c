/** cloudformation-validate in this process. It takes seconds to start: load it only when there is something to lint. */
import type { Engine, Entity } from "@aws/cloudformation-validate";
import type { SpecPath } from "../compiler/path.ts";

/** An error or warning of the validator. */
export interface Finding {
  readonly rule: string;
  readonly message: string;
  readonly logicalId?: string;
  /** Where in the template, as far as the validator says. */
  readonly path?: SpecPath;
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
  const findings = diagnostics.map(({ ruleId, message, entity, propertyPath }): Finding => {
    const logicalId = entity?.logicalId;
    const path = pathOf(entity, propertyPath);
    return { rule: ruleId, message, ...(logicalId && { logicalId }), ...(path && { path }) };
  });
  return status === "OK"
    ? findings
    : [...findings, { rule: status, message: "the validator could not judge the whole template" }];
}

/** The validator gives a property's path within its resource, and other paths from the top. */
function pathOf(entity: Entity | undefined, propertyPath: string | undefined): SpecPath | undefined {
  const inside = propertyPath?.split(".").map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  if (!entity) return inside;
  const { entityType, logicalId } = entity;
  return entityType === "Resource"
    ? ["Resources", logicalId, ...(inside ?? [])]
    : [`${entityType}s`, logicalId];
}
