/** Bundles: a module and all that it imports as one file, by esbuild. */
import { createRequire } from "node:module";
import { parse } from "node:path";
import type * as Esbuild from "esbuild";

/** A module to be bundled. */
export interface Entry {
  /** The file it begins with, from the working directory. */
  readonly file: string;
  /** The major version of Node it is to run on. */
  readonly node: string;
}

/** The text of a bundle, or what is wrong first. */
export type Bundle = { readonly text: Uint8Array } | Wrong;
type Wrong = { readonly error: Esbuild.Message };

/** What Lambda's Node has besides Node: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html#nodejs-sdk-included */
const IN_LAMBDA = ["@aws-sdk/*", "@smithy/*"];

/**
 * Bundles modules, those for the same version of Node in one run of esbuild: to start it costs more than most bundles.
 * Each comes out as it would alone.
 */
export function bundleAll(entries: readonly Entry[]): readonly Bundle[] {
  const bundles = new Map<Entry, Bundle>();
  for (const node of new Set(entries.map((entry) => entry.node))) {
    const own = entries.filter((entry) => entry.node === node);
    const texts = build(own, node);
    own.forEach((entry, index) => {
      const text = "error" in texts ? undefined : texts[index];
      // An error does not say which entry it came by.
      bundles.set(entry, text ? { text } : bundleAlone(entry));
    });
  }
  return entries.map((entry) => bundles.get(entry) as Bundle);
}

function bundleAlone(entry: Entry): Bundle {
  const texts = build([entry], entry.node);
  return "error" in texts ? texts : { text: texts[0] as Uint8Array };
}

function build(entries: readonly Entry[], node: string): readonly Uint8Array[] | Wrong {
  // esbuild is loaded only when there is something to bundle.
  const { buildSync } = createRequire(import.meta.url)("esbuild") as typeof Esbuild;
  try {
    const { outputFiles, warnings } = buildSync({
      entryPoints: entries.map(({ file }, index) => ({ in: `./${file}`, out: String(index) })),
      bundle: true,
      write: false,
      outdir: "bundles",
      platform: "node",
      // What is imported may be CommonJS, which finds nothing to `require` with in a bundle that is not.
      format: "cjs",
      target: `node${node}`,
      external: IN_LAMBDA,
      logLevel: "silent",
    });
    const error = warnings.find(isWithoutPlace);
    if (error) return { error };
    const byName = new Map(outputFiles.map(({ path, contents }) => [parse(path).name, contents]));
    return entries.map((_, index) => byName.get(String(index)) as Uint8Array);
  } catch (error) {
    if (error instanceof Error && "errors" in error)
      return { error: (error as Esbuild.BuildFailure).errors[0] as Esbuild.Message };
    throw error;
  }
}

/** Code that asks where it lies; in what is not an ES module it gets no answer. Of packages esbuild does not say so. */
const isWithoutPlace = ({ id, location }: Esbuild.Message): boolean =>
  id === "empty-import-meta" &&
  /^import\.meta\.(url|dirname|filename|resolve)\b/.test(location?.lineText.slice(location.column) ?? "");

/**
 * Whether a bundle exports a name. Where its module is CommonJS, as far as can be told: what that exports is known only
 * when it runs.
 */
export function isExported(name: string, bundle: Uint8Array): boolean {
  const text = Buffer.from(bundle).toString();
  if (!/^module\.exports = __toCommonJS\(/m.test(text)) return /\bexports\b/.test(text);
  if (name === "default") return true;
  // For Node, esbuild lists at the end what an ES module exported; with dots what others export.
  const list = text.slice(text.lastIndexOf("\n0 && (module.exports = {"));
  return list.includes("...") || new RegExp(`^  ${name.replaceAll("$", "\\$")},?$`, "m").test(list);
}
