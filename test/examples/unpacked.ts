/** The example functions as Lambda has them: unpacked from their archives, and called by their handlers. */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { packAll } from "../../cli/code/pack.ts";

/** Unpacks an example by a tool that is not ours; @returns the directory */
export function unpack(name: string): string {
  const [packed] = packAll([{ path: `examples/functions/${name}`, handler: "index.handler" }]);
  if (!packed || "reason" in packed) throw new Error(packed?.reason);
  const directory = mkdtempSync(join(tmpdir(), `landform-${name}-`));
  writeFileSync(join(directory, "code.zip"), packed.bytes);
  execFileSync("unzip", ["-q", "code.zip", "-d", "task"], { cwd: directory });
  return directory;
}

/** What a handler answered, or the error it ended with. */
export interface Answered {
  readonly answer?: unknown;
  readonly error?: string;
}

const NODE = `
  const [event, context] = process.argv.slice(1).map(JSON.parse);
  const print = (result) => require("node:fs").writeFileSync(3, JSON.stringify(result));
  require("./index").handler(event, context).then((answer) => print({ answer }), (error) => print({ error: error.message }));
`;
const PYTHON = `
import importlib, json, os, sys, types
event, context = [json.loads(text) for text in sys.argv[1:]]
answer = importlib.import_module("index").handler(event, types.SimpleNamespace(**context))
os.write(3, json.dumps({"answer": answer}).encode())
`;

/** Calls the handler of an example as its language's runtime does. What it prints is a log, and not looked at. */
export async function call(
  directory: string,
  language: "node" | "python",
  event: unknown,
  env: Readonly<Record<string, string>>,
  context: object = {},
): Promise<Answered> {
  const input = [JSON.stringify(event), JSON.stringify(context)];
  const [command, args] =
    language === "node"
      ? [process.execPath, ["-e", NODE, "--", ...input]]
      : ["python3", ["-B", "-c", PYTHON, ...input]];
  const child = spawn(command, args, {
    cwd: join(directory, "task"),
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    // Lambda's Node has the SDK.
    env: { PATH: process.env.PATH, NODE_PATH: resolve("node_modules"), AWS_REGION: "eu-west-1", ...env },
  });
  const [answered, log] = await Promise.all([
    text(child.stdio[3] as Readable),
    text(child.stdio[2] as Readable),
  ]);
  if (!answered) throw new Error(`it ended without an answer: ${log}`);
  return JSON.parse(answered) as Answered;
}
