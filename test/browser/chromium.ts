/** A real browser, which comes with the packages of this project. */
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { type Browser, chromium as launcher } from "playwright-core";
import { describe } from "vitest";

/** Unpacked once, and beside nothing else. */
const CACHE = resolve("node_modules/.cache/chromium");

/** What tells the package where to unpack, and to bring the libraries too that a bare system lacks. */
const ASK = { TMPDIR: CACHE, AWS_LAMBDA_JS_RUNTIME: "nodejs20.x" };

/** The browser's program and its libraries, or why there is none. */
type Found =
  | { readonly program: string; readonly env: Record<string, string> }
  | { readonly skipped: string };

const launch = (
  executablePath: string,
  env: Record<string, string>,
  args: readonly string[],
): Promise<Browser> =>
  // The sandbox of a browser that is run as root does not start; what is shown is our own.
  launcher.launch({ executablePath, env, args: ["--no-sandbox", "--no-zygote", ...args] });

async function find(): Promise<Found> {
  const before = { ...process.env };
  try {
    mkdirSync(CACHE, { recursive: true });
    Object.assign(process.env, ASK);
    const { default: chromium } = await import("@sparticuz/chromium");
    const program = await chromium.executablePath();
    const env = { LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH ?? "", HOME: CACHE, PATH: before.PATH ?? "" };
    await (await launch(program, env, [])).close();
    return { program, env };
  } catch (error) {
    const skipped = error instanceof Error ? (error.message.split("\n")[0] as string) : String(error);
    if (process.env.CI) throw new Error(`There is no browser for the tests: ${skipped}`);
    return { skipped };
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

/** In CI it throws where there is none. */
const found = await find();

/** A suite that needs a browser; without one it is reported as skipped, with the reason in its name. */
export function describeBrowser(name: string, suite: () => void): void {
  if ("skipped" in found) describe.skip(`${name} (skipped: ${found.skipped})`, suite);
  else describe(name, { timeout: 60_000 }, suite);
}

export function openBrowser(...args: readonly string[]): Promise<Browser> {
  if ("skipped" in found) throw new Error(found.skipped);
  return launch(found.program, found.env, args);
}
