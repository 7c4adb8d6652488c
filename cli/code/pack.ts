/** Packs the code of functions into archives. The compiler needs the digest of one, who deploys its bytes. */
import { readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import type { Packed, SourceCode, Unpackable } from "../../compiler/code.ts";
import { isFile } from "../disk.ts";
import { isSystemError } from "../system-error.ts";
import { digestOf, type Files, zip } from "./archive.ts";
import { type Bundle, bundleAll, type Entry, isExported } from "./bundle.ts";
import { filesOf, UnfitFolder } from "./folder.ts";

/** Packed code with its bytes. */
export interface Archive extends Packed {
  readonly bytes: Uint8Array;
}

/** What becomes of code: a bundle, or files as they are. */
type Plan = { readonly entry: Entry } | { readonly language: Packed["language"]; readonly files: Files };

/** The version of Node that code is bundled for if it does not say; the one that functions then get. */
const NODE = "24";

/** Bytes of all files: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LARGEST = 250 * 1024 * 1024;

const TYPESCRIPT = [".ts", ".mts", ".cts"];
const JAVASCRIPT = [".js", ".mjs", ".cjs"];

export function packAll(codes: readonly SourceCode[]): readonly (Archive | Unpackable)[] {
  const plans = codes.map(planOf);
  const entries = plans.flatMap((plan) => ("entry" in plan ? [plan.entry] : []));
  const bundles = new Map(bundleAll(entries).map((bundle, index) => [entries[index], bundle]));
  return plans.map((plan, index) => {
    if ("reason" in plan) return plan;
    if ("files" in plan) return archive(plan.language, plan.files);
    const bundle = bundles.get(plan.entry) as Bundle;
    if ("error" in bundle) return unbundled(bundle.error);
    const code = codes[index] as SourceCode;
    if (!isExported(functionOf(code), bundle.text)) return withoutHandler(code, plan.entry.file);
    return archive("node", new Map([[`${moduleOf(code)}.js`, bundle.text]]));
  });
}

function archive(language: Packed["language"], files: Files): Archive {
  const bytes = zip(files);
  return { language, bytes, sha256: digestOf(bytes) };
}

function planOf(code: SourceCode): Plan | Unpackable {
  try {
    return planOfPath(code);
  } catch (error) {
    if (error instanceof UnfitFolder) return { reason: error.message, help: error.help };
    if (isSystemError(error)) {
      return {
        reason: `${error.path ?? code.path} can't be read: ${error.code}`,
        help: "let whoever runs landform read it",
      };
    }
    throw error;
  }
}

function planOfPath(code: SourceCode): Plan | Unpackable {
  const { path } = code;
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status) {
    return {
      reason: `there is no ${path}`,
      help: "paths are those from the directory that landform runs in",
    };
  }
  if (status.isDirectory()) return planOfFolder(code);
  if (!status.isFile()) return { reason: `${path} is no file`, help: "name a file or a folder" };
  if ([...TYPESCRIPT, ...JAVASCRIPT].includes(extname(path)) && !isPython(code)) return bundled(code, path);
  return { reason: `${path} is neither TypeScript nor JavaScript`, help: "name the folder that it is in" };
}

/** TypeScript is bundled, and JavaScript that needs packages; all else is packed as it is. */
function planOfFolder(code: SourceCode): Plan | Unpackable {
  const { path } = code;
  const module = moduleOf(code);
  const find = (endings: readonly string[]) =>
    endings.map((ending) => join(path, module + ending)).find(isFile);
  const [script, source] = isPython(code) ? [] : [find(JAVASCRIPT), find(TYPESCRIPT)];
  if (source) return bundled(code, source);
  if (script && needsPackages(path)) return bundled(code, script);
  if (script) return { language: "node", files: filesOf(path, LARGEST) };
  const python = isNode(code) ? undefined : find([".py"]);
  if (python && !isMentioned(functionOf(code), python)) return withoutHandler(code, python);
  if (python) return { language: "python", files: filesOf(path, LARGEST) };
  const endings = isPython(code) ? [".py"] : isNode(code) ? [".ts", ".js"] : [".ts", ".js", ".py"];
  return {
    reason: `there is no ${module}${endings.join(` or ${module}`)} in ${path}`,
    help: helpFor(code),
  };
}

const withoutHandler = (code: SourceCode, file: string): Unpackable => ({
  reason: `${file} has no \`${functionOf(code)}\` that Lambda could call`,
  help: helpFor(code),
});

const helpFor = ({ handler }: SourceCode): string =>
  `its handler is \`${handler}\`: a function in that file; say another \`handler\` or another \`code\``;

/** Whether a Python module can have a name: it says it, or takes over all names of another. */
function isMentioned(name: string, file: string): boolean {
  return new RegExp(`\\b${name}\\b|\\bimport\\s*\\*`).test(readFileSync(file, "utf8"));
}

const bundled = (code: SourceCode, file: string): Plan => ({
  entry: { file, node: /\d+/.exec(code.runtime ?? "")?.[0] ?? NODE },
});

/** `src/index.handler` → `src/index`. */
const moduleOf = ({ handler }: SourceCode): string => handler.slice(0, handler.lastIndexOf("."));
/** `src/index.handler` → `handler`. */
const functionOf = ({ handler }: SourceCode): string => handler.slice(handler.lastIndexOf(".") + 1);
const isPython = ({ runtime = "" }: SourceCode): boolean => runtime.startsWith("python");
const isNode = ({ runtime = "" }: SourceCode): boolean => runtime.startsWith("nodejs");

/** @throws UnfitFolder where its package.json can't be understood */
function needsPackages(folder: string): boolean {
  const file = join(folder, "package.json");
  if (!isFile(file)) return false;
  try {
    const { dependencies } = Object(JSON.parse(readFileSync(file, "utf8"))) as { dependencies?: object };
    return Object.keys(dependencies ?? {}).length > 0;
  } catch (error) {
    if (error instanceof SyntaxError) throw new UnfitFolder(`${file} is no JSON`, "put it right");
    throw error;
  }
}

/** What esbuild says, with the place first. */
function unbundled({ text, location }: Extract<Bundle, { error: unknown }>["error"]): Unpackable {
  const place = location ? `${location.file}:${location.line}:${location.column + 1}: ` : "";
  const isPackage = /^Could not resolve "[^./]/.test(text);
  return {
    reason: `${place}${text}`,
    help: isPackage
      ? "install what it imports: `npm ci` where the package.json is that names it"
      : "put it right in that file",
  };
}
