/** What commands print: diagnostics for people or as JSON, and a closing line. */
import pc from "picocolors";
import { type Diagnostic, isError, severityOf } from "../compiler/diagnostics.ts";
import { positionOf, printDiagnostic, type Sources, sortDiagnostics } from "./frame.ts";

/** What became of one spec. */
export interface Outcome {
  readonly spec: string;
  /** Absent where the files could not even be read. */
  readonly sources?: Sources;
  /** Where the code lies that it names. */
  readonly code?: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** One line for people when all went well. */
  readonly summary?: string;
  /** More for machines. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Prints what became of the specs; @returns whether all went well. */
export function printOutcomes(outcomes: readonly Outcome[], asJson: boolean | undefined): boolean {
  const failed = outcomes.filter(({ diagnostics }) => diagnostics.some(isError));
  if (asJson) {
    const specs = outcomes.map((outcome) => ({
      spec: outcome.spec,
      ok: !failed.includes(outcome),
      ...outcome.details,
      diagnostics: describeDiagnostics(outcome),
    }));
    process.stdout.write(`${JSON.stringify({ ok: failed.length === 0, specs }, null, 2)}\n`);
  } else {
    for (const outcome of outcomes) printOutcome(outcome);
  }
  return failed.length === 0;
}

function printOutcome(outcome: Outcome): void {
  const colors = pc.createColors(useColor(process.stderr));
  const { spec, sources = NO_SOURCES, diagnostics, summary } = outcome;
  for (const diagnostic of sortDiagnostics(sources, diagnostics)) {
    process.stderr.write(printDiagnostic(sources, diagnostic, colors));
  }
  const errors = diagnostics.filter(isError).length;
  if (errors > 0) process.stderr.write(`${spec}: ${plural(errors, "error")}\n`);
  else if (summary) process.stdout.write(`${spec}: ${summary}\n`);
}

/** `1 stack`, `2 stacks`. */
export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** Color only on a terminal, and never against https://no-color.org */
export function useColor(stream: { readonly isTTY?: boolean }): boolean {
  return stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb";
}

function describeDiagnostics({ sources = NO_SOURCES, diagnostics }: Outcome): object[] {
  return sortDiagnostics(sources, diagnostics).map((diagnostic) => ({
    code: diagnostic.code,
    severity: severityOf(diagnostic),
    message: diagnostic.message,
    ...(diagnostic.help && { help: diagnostic.help }),
    ...(diagnostic.at ? positionOf(sources, diagnostic.at) : { file: diagnostic.file }),
    ...(diagnostic.related && {
      related: diagnostic.related.map(({ at, message }) => ({ message, ...positionOf(sources, at) })),
    }),
  }));
}

/** For findings about whole files, which have no place in a source. */
const NO_SOURCES = {} as Sources;
