/** What is wrong with a spec, as data: a code and a place, made readable only when it is printed. */
import type { InputName, Range, SpecPath } from "./path.ts";

/** Every code there is. Each has cases in `test/errors/`. */
export type Code =
  | "file-too-large"
  | "file-not-utf8"
  | "yaml-syntax"
  | "yaml-tab"
  | "yaml-multiple-documents"
  | "yaml-tag"
  | "yaml-alias"
  | "yaml-merge-key"
  | "yaml-key"
  | "duplicate-key"
  | "empty"
  | "unknown-key"
  | "missing-key"
  | "wrong-type"
  | "bad-value"
  | "unfit-key"
  | "bad-name"
  | "unknown-name"
  | "confusable-names"
  | "duplicate-account-id"
  | "placement-taken"
  | "cidr-host-bits"
  | "cidr-overlap"
  | "cidr-region"
  | "supernet-exhausted"
  | "domain-taken"
  | "domain-undelegated"
  | "domain-unused"
  | "domain-missing"
  | "domain-delegation"
  | "domain-regions"
  | "host-taken"
  | "vpn-clients"
  | "vpn-environment"
  | "vpn-reach"
  | "load-balancer-zones"
  | "name-taken"
  | "unusable"
  | "without-effect"
  | "variable-taken"
  | "unpackable"
  | "route-overlap"
  | "route-handed-over"
  | "ledger-contradiction"
  | "ledger-missing"
  | "data-left-behind"
  | "replaces-data"
  | "duplicate-name"
  | "override-target"
  | "name-in-use"
  | "unfit-function"
  | "file-missing"
  | "unfit-template"
  | "parameter-default"
  | "stack-set-taken"
  | "file-taken"
  | "dependency-cycle"
  | "unreachable-value"
  | "limit-exceeded"
  | "limit-near"
  | "out-of-date"
  | "orphan"
  | "lint"
  | "deployment-failed";

export type Severity = "error" | "warning";

/** A place in one of the inputs: by path, or by range where there is no path yet. */
export type Place =
  | { readonly input: InputName; readonly path: SpecPath; readonly part?: "key" | "value" }
  | { readonly input: InputName; readonly range: Range };

export interface Diagnostic {
  readonly code: Code;
  /** An error where absent. */
  readonly severity?: "warning";
  /** What is wrong, in one sentence without a full stop. */
  readonly message: string;
  /** Where; absent where the trouble is with a whole file that `file` names. */
  readonly at?: Place;
  /** The file, where it is neither the spec nor the ledger. */
  readonly file?: string;
  /** What would be right. */
  readonly help?: string;
  /** Other places that take part. */
  readonly related?: readonly { readonly at: Place; readonly message: string }[];
}

/** Takes what a stage finds. */
export type Report = (diagnostic: Diagnostic) => void;

/** Passes on each thing once, however many environments have it: the same at the same place is the same. */
export function reportOnce(report: Report): Report {
  const seen = new Set<string>();
  return (diagnostic) => {
    const key = JSON.stringify([diagnostic.message, diagnostic.at]);
    if (!seen.has(key)) report(diagnostic);
    seen.add(key);
  };
}

export const severityOf = (diagnostic: Diagnostic): Severity => diagnostic.severity ?? "error";
export const isError = (diagnostic: Diagnostic): boolean => severityOf(diagnostic) === "error";

/** A place in the spec. */
export const inSpec = (path: SpecPath, part: "key" | "value" = "value"): Place => ({
  input: "spec",
  path,
  part,
});
/** A place in the ledger. */
export const inLedger = (path: SpecPath, part: "key" | "value" = "value"): Place => ({
  input: "ledger",
  path,
  part,
});
