/** Failures in AWS as diagnostics at the line of the spec that they come from. */
import { type Diagnostic, inSpec } from "../../compiler/diagnostics.ts";
import { parsePath } from "../../compiler/path.ts";
import type { Failure } from "../../deploy/failure.ts";
import type { Manifest } from "../../deploy/manifest.ts";

/** Each failure once: what is wrong with the credentials is wrong for every stack set. */
export function diagnosticsOf(manifest: Manifest, failures: readonly Failure[]): Diagnostic[] {
  const found = failures.map((failure) => diagnosticOf(manifest, failure));
  return [...new Map(found.map((diagnostic) => [diagnostic.message, diagnostic])).values()];
}

function diagnosticOf({ provenance }: Manifest, failure: Failure): Diagnostic {
  const { stackSet, target, logicalId, isAboutAccount, message, help } = failure;
  const own = provenance[stackSet] ?? {};
  const from = (logicalId && own[logicalId]) || Object.values(own)[0];
  const path = isAboutAccount && target ? ["accounts", target.account] : (from && parsePath(from)) || [];
  return {
    code: "deployment-failed",
    message: `\`${stackSet}\`: ${message}`,
    help,
    at: inSpec(path, isAboutAccount ? "key" : "value"),
  };
}
