/**
 * `npm run bench`: whole processes against `node -e 0` in paired runs, and how time and memory grow with the spec.
 * It prints figures beside the bounds we keep to, and ends with 1 where one is missed.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { exponent, readProbe, report, type Taken, writeProbe } from "./report.ts";
import { EXAMPLES, functions, type Growth, SPECS, services } from "./specs.ts";

const RUNS = 15;
const CLI = resolve("dist/landform.cjs");
const NOTHING = ["-e", "0"];

/** Where it is set, every start of Node reads the certificates, which hides everything else. */
const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env;

interface Run extends Taken {
  readonly milliseconds: number;
}

const directory = mkdtempSync(join(tmpdir(), "landform-bench-"));
const probe = writeProbe(directory);

try {
  compareWithNothing();
  comparePacking();
  for (const [name, specOf] of Object.entries(SPECS)) measureGrowth(name, specOf);
} finally {
  rmSync(directory, { recursive: true });
}

function compareWithNothing(): void {
  // A spec of its own: the figures are to be compared over time, and the reference architecture grows.
  const place = writeSpec("fixed", readFileSync("test/support/six-accounts.yaml", "utf8"));
  console.log(`Against \`node -e 0\`, medians of ${RUNS} paired runs (memory: peak resident set):`);
  const cases: [string, string[], number, number?][] = [
    ["landform --help", ["--help"], 1.5],
    ["landform compile", ["compile"], 4.2, 1.7],
    ["landform check", ["check"], 4.5],
    ["landform lint, unchanged", ["lint"], 4.5],
  ];
  for (const [name, args, time, memory] of cases) compare(name, args, place, time, memory);
  const large = "landform compile, 200 services in 5";
  report(`${large}: megabytes`, compare(large, ["compile"], writeSpec("services", services(200)), 12), 200);
}

/** What packing takes, and what of that is not esbuild's. */
function comparePacking(): void {
  const root = join(directory, "examples");
  mkdirSync(root);
  symlinkSync(resolve("examples"), join(root, "examples"));
  const place = writeSpec("examples", functions(EXAMPLES));
  const args = ["pack", "--to", "packed"];
  compare("landform pack, three examples", args, place, 10);
  const bundle = `require(${JSON.stringify(resolve("node_modules/esbuild"))}).buildSync({
    entryPoints: ["nightly-report", "thumbnail"].map((name) => \`examples/functions/\${name}/index.ts\`),
    bundle: true, platform: "node", external: ["@aws-sdk/*"], outdir: "bundled",
  })`;
  compare("landform pack, over esbuild alone", args, place, 3, undefined, ["-e", bundle]);
}

/** Runs a command and nothing, or something else, one after the other; @returns the megabytes that the command takes. */
function compare(
  name: string,
  args: readonly string[],
  place: string,
  time: number,
  memory?: number,
  other = NOTHING,
): number {
  run([CLI, ...args], place);
  const pairs = Array.from({ length: RUNS }, () => [run([CLI, ...args], place), run(other, place)] as const);
  const ratio = (figure: keyof Run) => median(pairs.map(([ours, nothing]) => ours[figure] / nothing[figure]));
  report(`${name}: time`, ratio("milliseconds"), time);
  report(`${name}: processors`, ratio("processors"));
  report(`${name}: memory`, ratio("megabytes"), memory);
  return median(pairs.map(([ours]) => ours.megabytes));
}

/** Compiles specs of growing size, over what a spec of the smallest size takes. */
function measureGrowth(name: string, { sizes, megabytes = 200, text, code }: Growth): void {
  const specs = sizes.map((size) => writeSpec(`${name}-${size}`, text(size), code?.(size)));
  const runs = specs.map(() => [] as Run[]);
  const base: Run[] = [];
  const smallest = writeSpec(`${name}-base`, text(1), code?.(1));
  for (let round = 0; round < 9; round++) {
    base.push(compile(smallest));
    for (const [index, spec] of specs.entries()) runs[index]?.push(compile(spec));
  }
  // The least of several runs is what the work takes; the rest is the machine's.
  const least = (list: readonly Run[]) => ({
    milliseconds: Math.min(...list.map(({ milliseconds }) => milliseconds)),
    megabytes: Math.min(...list.map(({ megabytes }) => megabytes)),
  });
  const one = least(base);
  const measured = runs.map(least);
  console.log(`\n${name}: ${sizes.join(", ")}`);
  console.log(
    `  milliseconds ${measured.map(({ milliseconds }) => milliseconds.toFixed(0)).join(", ")} (one: ${one.milliseconds.toFixed(0)})`,
  );
  console.log(
    `  megabytes    ${measured.map(({ megabytes }) => megabytes.toFixed(0)).join(", ")} (one: ${one.megabytes.toFixed(0)})`,
  );
  report(
    "exponent of time",
    exponent(measured.map(({ milliseconds }) => milliseconds - one.milliseconds)),
    1.05,
  );
  report("exponent of memory", exponent(measured.map(({ megabytes }) => megabytes - one.megabytes)), 1.05);
  report("largest, megabytes", measured.at(-1)?.megabytes ?? Number.NaN, megabytes);
}

/** @param code the files that the spec names, by path */
function writeSpec(name: string, text: string, code: Readonly<Record<string, string>> = {}): string {
  const root = join(directory, name);
  for (const [path, content] of Object.entries({ ...code, "specs/bench.yaml": text })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  compile(root);
  return root;
}

/** Compiles again what is compiled already: reading, all passes, comparing; nothing is written. */
function compile(root: string): Run {
  return run([CLI, "compile"], root);
}

function run(args: readonly string[], cwd = process.cwd()): Run {
  const options = {
    cwd,
    env: { ...environment, NODE_OPTIONS: `--require ${probe}` },
    stdio: ["ignore", "ignore", "pipe", "pipe"] as ("ignore" | "pipe")[],
  };
  const start = process.hrtime.bigint();
  const { status, stderr, output } = spawnSync(process.execPath, args, options);
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
  return { milliseconds, ...readProbe(String(output[3])) };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
