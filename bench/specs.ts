/** Specs of any size, for each thing a spec can hold many of. */

const HEAD = "version: 1\nname: bench\n";
const id = (index: number): string => String(100_000_000_000 + index);
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const account = (index: number): string =>
  `  a${index}: { id: "${id(index)}", email: a${index}@bench.example }\n`;
const environment = (index: number): string =>
  `  e${index}: { account: a${index}, network: { azs: ${(index % 3) + 1}, nat: ${index % 2 ? "single" : "per-az"} } }\n`;

const environments = (count: number): string =>
  `accounts:\n${range(count).map(account).join("")}environments:\n${range(count).map(environment).join("")}`;

/** Services over five environments: a fifth have requests, as many as load balancers take; a dozen share a store. */
export function services(count: number): string {
  const names = range(5).map((index) => `e${index}`);
  const domainOf = (name: string) => (name === "e0" ? "bench.example" : `${name}.bench.example`);
  const service = (index: number): string => {
    const hasRequests = index < 80;
    return `  s${index}:
    image: acme/s${index % 200}
    version: "1.0.${index}"
    uses: [${index % 2 ? `main${(index >> 1) % Math.ceil(count / 24)}` : "files"}]
    scale: 2-6
${hasRequests ? `    port: 8080\n    ${index % 2 ? "public" : "internal"}: /s${index}/*\n` : ""}    in: { e4: { version: "2.0.0", scale: 4-20 } }
`;
  };
  return `${HEAD}regions: [eu-west-1]
accounts:
${range(5)
  .map((index) => account(index).replace(/^ {2}a/, "  e"))
  .join("")}environments:
${names.map((name) => `  ${name}: { account: ${name}, domain: ${domainOf(name)} }\n`).join("")}domains:
  bench.example: { environment: e0, delegates: [${names.slice(1).join(", ")}] }
stores:
  files: { engine: s3 }
${range(Math.ceil(count / 24))
  .map(
    (index) => `  main${index}: { engine: postgres, version: "16", class: db.t4g.medium, storage: "50" }\n`,
  )
  .join("")}services:
${range(count).map(service).join("")}`;
}

/** Functions, each with the code in a folder. */
export const functions = (folders: readonly string[]): string =>
  `${HEAD}regions: [eu-west-1]\n${environments(1)}functions:\n${folders
    .map((folder, index) => `  f${index}: { code: ${folder} }\n`)
    .join("")}`;

/** The folders of the examples: two that are bundled with their packages, and one that is packed as it is. */
export const EXAMPLES = ["nightly-report", "thumbnail", "status"].map((name) => `examples/functions/${name}`);

export interface Growth {
  /** The last is twice the one before. */
  readonly sizes: readonly number[];
  /** The most memory for the largest; 200 where absent. */
  readonly megabytes?: number;
  text(size: number): string;
  /** The files that the spec names, by path. */
  code?(size: number): Readonly<Record<string, string>>;
}

export const SPECS: Readonly<Record<string, Growth>> = {
  "environments in three Regions": {
    sizes: [12, 25, 50],
    text: (size) => `${HEAD}regions: [eu-west-1, us-east-1, ap-south-1]\n${environments(size)}`,
  },
  "environments in one Region": {
    sizes: [25, 50, 100, 200],
    text: (size) => `${HEAD}regions: [eu-west-1]\n${environments(size)}`,
  },
  "services in five environments": { sizes: [125, 250, 500, 1000], megabytes: 250, text: services },
  "functions with code of their own": {
    sizes: [50, 100, 200],
    text: (size) => functions(range(size).map((index) => `code/f${index}`)),
    code: (size) =>
      Object.fromEntries(
        range(size).flatMap((index) => [
          [
            `code/f${index}/index.ts`,
            `import { answer } from "./answer.ts";\nexport const handler = async () => answer(${index});\n`,
          ],
          [`code/f${index}/answer.ts`, "export const answer = (to: number) => ({ to });\n"],
        ]),
      ),
  },
  accounts: {
    sizes: [75, 150, 300],
    text: (size) =>
      `${HEAD}regions: [eu-west-1]\naccounts:\n${range(size).map(account).join("")}environments:\n  e0: { account: a0 }\n`,
  },
  "reserved ranges": {
    sizes: [250, 500, 1000, 2000],
    text: (size) =>
      `${HEAD}regions: [eu-west-1]\n${environments(1)}network:\n  reserved:\n${range(size)
        .map((index) => `    r${index}: 172.${16 + (index >> 8)}.${index & 255}.0/24\n`)
        .join("")}`,
  },
  "interface endpoints": {
    sizes: [100, 200, 400],
    text: (size) =>
      `${HEAD}regions: [eu-west-1]\n${environments(1)}network:\n  endpoints: [${range(size)
        .map((index) => `service${index}`)
        .join(", ")}]\n`,
  },
};
