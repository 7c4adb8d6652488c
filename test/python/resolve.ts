/** What templates come to in an account and Region by moto's evaluation, which is not ours. */
import { installedTools, runTool, script } from "./tools.ts";

/** A template, and where it is deployed. Values of SSM parameters are not needed: they stay symbolic. */
export interface ResolveRequest {
  readonly template: string;
  readonly account: string;
  readonly region: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** The resources and outputs that remain, with mappings, conditions and pseudo parameters evaluated. */
export interface Resolved {
  readonly resources: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/**
 * Resolves templates, all in one process. References to resources stay as `Ref` and `Fn::GetAtt`, as JSON where they
 * stand in text. Throws with all errors, such as a mapping without the value looked up (even under a false condition,
 * as in CloudFormation) or a reference to a resource that isn't created.
 */
export async function resolveTemplates(requests: readonly ResolveRequest[]): Promise<Resolved[]> {
  const args = ["-BE", script("resolve_template.py")];
  const { code, stdout, stderr } = await runTool(installedTools().python, args, JSON.stringify(requests));
  if (code !== 0) throw new Error(stderr.trim());
  const results: (Resolved | { readonly error: string })[] = JSON.parse(stdout);
  const errors = results.flatMap((result) => ("error" in result ? [result.error] : []));
  if (errors.length > 0) throw new Error(errors.join("\n"));
  return results as Resolved[];
}
