/** The real cfn-lint over templates in files. */
import { devNull } from "node:os";
import { installedTools, runTool } from "./tools.ts";

/** One error or warning of cfn-lint. */
export interface Finding {
  readonly rule: string;
  readonly level: "Error" | "Warning";
  readonly file: string;
  readonly line: number;
  /** Where in the template, such as `Resources/Vpc/Properties`. */
  readonly path: string;
  readonly message: string;
}

/** The part of cfn-lint's JSON output that is used. */
interface Match {
  readonly Rule: { readonly Id: string };
  readonly Level: Finding["level"];
  readonly Filename: string | null;
  readonly Location: {
    readonly Start: { readonly LineNumber: number };
    readonly Path: readonly (string | number)[] | null;
  };
  readonly Message: string;
}

/**
 * cfn-lint takes a major version of PostgreSQL for deprecated as soon as some minor version of it is. CloudFormation
 * reads `16` as any `16.*`, which its resource schema says in `propertyTransform`.
 */
const isMajorVersion = ({ rule, message }: Finding): boolean =>
  rule === "W3691" && /'1[4-8]' for engine 'postgres' is deprecated/.test(message);

/** Errors and warnings in `files` for the given Regions. A user's or project's .cfnlintrc has no say. */
export async function cfnLint(files: readonly string[], regions: readonly string[]): Promise<Finding[]> {
  if (files.length === 0) return [];
  const args = ["--config-file", devNull, "--format", "json", "--regions", ...regions, "--", ...files];
  const { stdout, stderr } = await runTool(installedTools().bin("cfn-lint"), args);
  if (!stdout.startsWith("[")) throw new Error(`cfn-lint: ${stderr}${stdout}`);
  const findings = (JSON.parse(stdout) as Match[]).map(
    (match): Finding => ({
      rule: match.Rule.Id,
      level: match.Level,
      file: match.Filename ?? "",
      line: match.Location.Start.LineNumber,
      path: match.Location.Path?.join("/") ?? "",
      message: match.Message,
    }),
  );
  return findings.filter((finding) => !isMajorVersion(finding));
}
