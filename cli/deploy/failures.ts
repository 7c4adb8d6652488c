/** Failures in AWS as diagnostics at the line of the spec that they come from. */
import { type Diagnostic, inSpec, type Place } from "../../compiler/diagnostics.ts";
import { parsePath } from "../../compiler/path.ts";
import type { Failure } from "../../deploy/failure.ts";
import type { Manifest } from "../../deploy/manifest.ts";

/**
 * Each failure once: what is wrong with the credentials is wrong for every stack set.
 *
 * @param spec the file that failures are about which come from no line of it
 */
export function diagnosticsOf(manifest: Manifest, spec: string, failures: readonly Failure[]): Diagnostic[] {
  const alike = new Map<string, { first: Failure; names: string[] }>();
  for (const failure of failures) {
    const key = `${failure.message} ${failure.target?.id}`;
    const group = alike.get(key) ?? { first: failure, names: [] };
    group.names.push(`\`${failure.stackSet}\``);
    alike.set(key, group);
  }
  return [...alike.values()].map(({ first, names }) => ({
    code: "deployment-failed",
    message: `${names.join(", ")}: ${first.message}`,
    help: first.help,
    ...placeOf(manifest, spec, first),
  }));
}

/** The line of the resource or of the account; what lies in neither is about the spec as a whole. */
function placeOf(
  { provenance }: Manifest,
  spec: string,
  { stackSet, target, logicalId, isAboutAccount }: Failure,
): { readonly at: Place } | { readonly file: string } {
  if (isAboutAccount && target) return { at: inSpec(["accounts", target.account], "key") };
  if (!target) return { file: spec };
  const own = provenance[stackSet] ?? {};
  const from = (logicalId && own[logicalId]) || Object.values(own)[0];
  const path = from ? parsePath(from) : undefined;
  return path ? { at: inSpec(path) } : { file: spec };
}
