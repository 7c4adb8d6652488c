/** The compiler in one page: a spec and its ledger in, the files of `generated/` out. Read this first. */
import { reportMissing } from "./administration.ts";
import type { Architecture } from "./architecture.ts";
import { build, type StackFamily } from "./build.ts";
import { ResourceSchemas } from "./cfn/resource-schemas.ts";
import { type Pack, packDemanded } from "./code.ts";
import type { Component } from "./component.ts";
import { components as allComponents } from "./components/index.ts";
import { Connections } from "./connection.ts";
import { checkDeltas } from "./deltas.ts";
import { gatherDemands } from "./demands.ts";
import { type Code, type Diagnostic, isError, type Report } from "./diagnostics.ts";
import { entriesOf } from "./entries.ts";
import { applyEscapeHatch } from "./escape-hatch.ts";
import { expand } from "./expand.ts";
import { Invariant } from "./invariant.ts";
import { keepPlaces, type Ledger, orderEnvironments, printLedger, readLedger } from "./ledger.ts";
import { linkReaders } from "./link/link.ts";
import { checkName, checkPlaces } from "./moves.ts";
import { type Assembly, assemble } from "./output/assemble.ts";
import { printDocuments, printFiles } from "./output/files.ts";
import { checkLimits } from "./output/limits.ts";
import type { InputName } from "./path.ts";
import { readValue } from "./reading/read.ts";
import { parseSource, type Source } from "./reading/source.ts";
import { allocatePriorities, checkRoutes, ROUTES_SECTION } from "./routes.ts";
import { specSchema } from "./schema.ts";
import { type FileText, readTemplates } from "./templates/read.ts";
import { checkUses, checkVariables } from "./uses.ts";
import { validateSpec } from "./validate/validate.ts";

/** A file's path as users know it, and what is in it. */
export interface InputFile {
  readonly file: string;
  readonly text: string;
}

export interface CompileInput {
  readonly spec: InputFile;
  /** The ledger beside the spec; its text is absent where there is none yet. */
  readonly ledger: { readonly file: string; readonly text?: string | undefined };
  /** What only some specs ask for. */
  readonly library?: Library;
}

/** What a compilation asks for when the spec does. The same question must have the same answer. */
export interface Library {
  /** A template's text. @param path the way from the spec's directory */
  file(path: string): FileText;
  /** Packs the code of functions, since the compiler touches no file. */
  readonly pack: Pack;
  /** The schemas of the resource types, as the build writes them. */
  resourceSchemas(): string;
}

/** What a compilation leads to, as far as it got. `result` is absent where there was an error. */
export interface Compilation {
  readonly diagnostics: readonly Diagnostic[];
  /** What was read, by name; the templates that the spec names too. */
  readonly sources: Readonly<Record<InputName, Source>>;
  readonly result?: {
    readonly architecture: Architecture;
    /** The concrete stacks, built again: to keep them would take more memory than all the rest. */
    families(): Iterable<StackFamily>;
    readonly assembly: Assembly;
    /** The files of `generated/<name>/`, by file name. */
    readonly files: ReadonlyMap<string, string>;
    /** Files elsewhere, by their paths from the directory that the tool runs in. */
    readonly outside: ReadonlyMap<string, string>;
    /** The ledger as it must be from now on. */
    readonly ledger: string;
  };
}

/**
 * Compiles a spec. It is pure: the same input gives the same bytes, whatever the day, the machine or the directory.
 *
 * @param components the kinds it knows; all of them by default
 */
export function compile(input: CompileInput, components: readonly Component[] = allComponents): Compilation {
  const { library = NO_LIBRARY } = input;
  const diagnostics: Diagnostic[] = [];
  const report: Report = (diagnostic) => diagnostics.push(diagnostic);

  const { source, diagnostics: problems } = parseSource("spec", input.spec.file, input.spec.text);
  const { ledger, source: ledgerSource } = readLedger(
    input.ledger.file,
    input.ledger.text,
    [ROUTES_SECTION, ...components.flatMap(({ ledger: own }) => own?.section ?? [])],
    report,
  );
  const sources: Record<InputName, Source> = { spec: source, ledger: ledgerSource };
  diagnostics.push(...problems);
  if (problems.some(isError)) return { diagnostics, sources };

  const spec = validateSpec(readValue(source, specSchema, report), report);
  if (!spec) return { diagnostics, sources };

  const order = orderEnvironments(ledger.environments, Object.keys(spec.environments));
  const expanded = expand(spec, order, ledger.administration, report);
  checkName(spec, ledger.name, report);
  checkPlaces(expanded, ledger.environments, report);
  const entries = entriesOf(expanded, components);
  const demands = gatherDemands(entries);
  const packed = packDemanded({ spec, demands }, library.pack, report);
  const architecture = { ...expanded, demands, packed };
  const check = withoutFollowers(diagnostics, report);
  for (const component of components) component.check?.(architecture, check);
  checkDeltas(spec, components, check);
  const connections = new Connections(architecture, entries);
  checkUses(architecture, entries, connections, check);
  checkVariables(architecture, connections, check);
  checkRoutes(architecture, check);
  const allocations = allocate(architecture, ledger, components, withoutFollowers(diagnostics, report));
  const priorities = allocatePriorities(
    architecture,
    ledger.sections[ROUTES_SECTION],
    ([kind, name]) =>
      components.find(({ path }) => path?.[0] === kind)?.stackSetOf?.(String(name)) ?? String(name),
    report,
  );
  if (!diagnostics.some(isError)) reportMissing(architecture, ledger, report);
  const schemas = new ResourceSchemas(() => library.resourceSchemas());
  const own = readTemplates(spec, (path) => library.file(path), schemas, report);
  Object.assign(sources, own.sources);
  if (diagnostics.some(isError)) return { diagnostics, sources };

  const extend = (tell: Report) => {
    const built = build(architecture, entries, allocations, priorities);
    return applyEscapeHatch(architecture, built, own.templates, schemas, tell);
  };
  const { families, stackSets } = extend(report);
  if (diagnostics.some(isError)) return { diagnostics, sources };

  const assembly = assemble(architecture, linkReaders(families), stackSets, report);
  // Where the spec lies on this machine is nobody's business.
  const fileName = input.spec.file.split(/[\\/]/).at(-1) ?? "";
  const documents = components.flatMap(({ documents }) => documents?.(architecture, fileName) ?? []);
  const files = new Map([
    ...printFiles(architecture, assembly, fileName),
    ...printDocuments(documents, fileName),
  ]);
  checkLimits(assembly, files, report);
  if (diagnostics.some(isError)) return { diagnostics, sources };

  const environments = keepPlaces(ledger.environments, order, architecture.placements);
  const administration = { account: architecture.administration.id, region: architecture.home };
  const sections = withoutEmpty({
    ...ledger.sections,
    ...allocations,
    [ROUTES_SECTION]: withoutEmpty(priorities),
  } as Ledger["sections"]);
  return {
    diagnostics,
    sources,
    result: {
      architecture,
      families: () => linkReaders(extend(() => {}).families),
      assembly,
      files,
      outside: printDocuments(documents, fileName, true),
      ledger: printLedger({ name: spec.name, environments, administration, sections }, fileName),
    },
  };
}

/** Of a compilation whose spec must not ask for anything. */
const NO_LIBRARY: Library = {
  file: (path) => {
    throw new Invariant(`there is no library to find ${path} in`);
  },
  pack: () => {
    throw new Invariant("there is no library to pack code");
  },
  resourceSchemas: () => {
    throw new Invariant("there is no library to find resource schemas in");
  },
};

/** A kind that is not in use has no section in the ledger. */
function withoutEmpty(sections: Ledger["sections"]): Ledger["sections"] {
  return Object.fromEntries(
    Object.entries(sections).filter(([, section]) => Object.keys(section ?? {}).length > 0),
  );
}

/** Where something is wrong already, what is missing from the spec may be what is wrong, or would make the rest fit. */
function withoutFollowers(found: readonly Diagnostic[], report: Report): Report {
  if (!found.some(isError)) return report;
  return (diagnostic) => {
    if (!FOLLOWERS.has(diagnostic.code)) report(diagnostic);
  };
}

const FOLLOWERS: ReadonlySet<Code> = new Set([
  "without-effect",
  "supernet-exhausted",
  "missing-key",
  "domain-missing",
  "domain-undelegated",
  "data-left-behind",
]);

function allocate(
  architecture: Architecture,
  ledger: Ledger,
  components: readonly Component[],
  report: Report,
): Record<string, unknown> {
  const allocations: Record<string, unknown> = {};
  for (const { ledger: own } of components) {
    if (own)
      allocations[own.section] = own.allocate(
        architecture,
        ledger.sections[own.section],
        report,
        ledger.environments,
      );
  }
  return allocations;
}
