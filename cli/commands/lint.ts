/** `landform lint`: every template as CloudFormation would judge it in each account and Region it goes to. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Diagnostic } from "../../compiler/diagnostics.ts";
import { templateFile } from "../../compiler/output/files.ts";
import { ExitCode } from "../exit.ts";
import { everyTemplate, type LintFinding, lintDiagnostic, lintEverywhere, lintKey } from "../lint.ts";
import { type Outcome, printOutcomes } from "../output.ts";
import { type Compiled, compileFile, findSpecs } from "../specs.ts";

/** The validator, its version and our exceptions: they belong to what is remembered, since others may judge otherwise. */
declare const VALIDATOR: string;

/** Findings by a hash of everything they depend on. */
type Memory = Record<string, readonly LintFinding[]>;

export async function lintCommand(named: readonly string[], options: { json?: boolean }): Promise<number> {
  const remembered = readMemory();
  const memory: Memory = {};
  const outcomes: Outcome[] = [];
  for (const spec of findSpecs(named)) {
    const compilation = compileFile(spec);
    outcomes.push(
      "result" in compilation
        ? await lintSpec(spec, compilation, remembered, memory)
        : { spec, ...compilation },
    );
  }
  writeMemory({ ...memory, ...remembered });
  return printOutcomes(outcomes, options.json) ? ExitCode.Done : ExitCode.WrongSpec;
}

async function lintSpec(
  spec: string,
  { diagnostics, sources, result: { assembly, files } }: Compiled,
  remembered: Memory,
  memory: Memory,
): Promise<Outcome> {
  const found: Diagnostic[] = [];
  let linted = 0;
  const templates = everyTemplate(assembly);
  for (const template of templates) {
    const body = files.get(templateFile(template.name)) ?? "";
    const key = createHash("sha256").update(VALIDATOR).update(lintKey(template.targets, body)).digest("hex");
    let findings = remembered[key];
    if (!findings) {
      findings = await lintEverywhere(template, body);
      linted++;
    }
    memory[key] = findings;
    found.push(...findings.map((finding) => lintDiagnostic(finding, template)));
  }
  const known = templates.length - linted;
  return {
    spec,
    sources,
    diagnostics: [...diagnostics, ...found],
    summary: `${linted} template${linted === 1 ? "" : "s"} linted, ${known} unchanged since; no findings`,
    details: { linted, unchanged: known },
  };
}

/** In the project's own cache where it has one, else in the user's. */
function memoryFile(): string {
  const directory = existsSync("node_modules")
    ? join("node_modules", ".cache")
    : (process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"));
  return join(directory, "landform", "lint.json");
}

function readMemory(): Memory {
  try {
    const memory: unknown = JSON.parse(readFileSync(memoryFile(), "utf8"));
    const isMemory =
      typeof memory === "object" && memory !== null && Object.values(memory).every(Array.isArray);
    return isMemory ? (memory as Memory) : {};
  } catch {
    // There is none, or it is damaged: everything is linted again.
    return {};
  }
}

/** As many stack sets are remembered, those of this run before older ones. */
const MEMORY = 1000;

function writeMemory(memory: Memory): void {
  const file = memoryFile();
  try {
    mkdirSync(join(file, ".."), { recursive: true });
    const temporary = `${file}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify(Object.fromEntries(Object.entries(memory).slice(0, MEMORY))));
    renameSync(temporary, file);
  } catch {
    // A cache that can't be written costs time, nothing else.
  }
}
