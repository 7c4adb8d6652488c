/** The tool as people run it: in a directory of its own, with the credentials of an account. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Aws } from "../aws/server.ts";
import { compileText } from "./compile.ts";

const CLI = resolve("dist/landform.cjs");

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A run that is on its way. */
export interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** A directory with a spec and what it compiles to. */
export interface Workplace {
  readonly directory: string;
  /** What the tool finds in its environment, besides the path. */
  env: Record<string, string>;
  read(file: string): string;
  write(file: string, text: string): void;
  edit(file: string, from: string | RegExp, to: string): void;
  start(...args: string[]): Run;
  landform(...args: string[]): Promise<Ended>;
  remove(): void;
}

/** With a small spec for six accounts, `specs/acme.yaml`, and what it compiles to. */
export function workplace(): Workplace {
  const place = emptyWorkplace();
  const text = readFileSync(new URL("six-accounts.yaml", import.meta.url), "utf8");
  const { files, ledger } = compileText(text, { name: "acme" });
  place.write("specs/acme.yaml", text);
  place.write("specs/acme.lock.yaml", ledger);
  for (const [file, content] of files) place.write(`generated/acme/${file}`, content);
  return place;
}

export function emptyWorkplace(): Workplace {
  const directory = mkdtempSync(join(tmpdir(), "landform-"));
  const read = (file: string) => readFileSync(join(directory, file), "utf8");
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), text);
  };
  return {
    directory,
    env: {},
    read,
    write,
    edit(file, before, after) {
      const text = read(file);
      if (text.replace(before, after) === text) throw new Error(`${file} has no ${before}`);
      write(file, text.replace(before, after));
    },
    start(...args) {
      return run(directory, this.env, args);
    },
    landform(...args) {
      return run(directory, this.env, args).ended;
    },
    remove: () => rmSync(directory, { recursive: true }),
  };
}

function run(directory: string, env: Record<string, string>, args: readonly string[]): Run {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: directory,
    // Settings of whoever runs the tests stay out; nothing is looked up at an instance's metadata service.
    env: {
      PATH: process.env.PATH,
      HOME: directory,
      XDG_CACHE_HOME: join(directory, "cache"),
      AWS_EC2_METADATA_DISABLED: "true",
      ...env,
    },
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const ended = new Promise<Ended>((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) => done({ code, out, err }));
  });
  return { child, ended };
}

/** The environment of somebody who is logged in to an account. */
export async function loggedIn(aws: Aws, account: string): Promise<Record<string, string>> {
  const { accessKeyId, secretAccessKey, sessionToken } = await aws.credentialsFor(account);
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_ENDPOINT_URL: aws.endpoint,
  };
}
