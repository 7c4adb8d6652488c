/** Keeps the code that V8 makes of the tool: it runs commands, so that the code of what they call is among it. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type * as CommandsPart from "../cli/commands/index.ts";
import type * as CompilingPart from "../cli/compiling/index.ts";
import { codeOf, readPart, runPart } from "../cli/part.ts";

/** It has nearly all kinds, and is small enough not to have V8 work otherwise: see `cli/engine.ts`. */
const SPEC = "specs/acme.yaml";

await keepCode("compiling", ({ checkCommand }: typeof CompilingPart) =>
  checkCommand([SPEC], { out: "generated" }),
);
await keepCode("commands", ({ showCommand }: typeof CommandsPart) =>
  showCommand("network", { spec: SPEC, in: "dev" }),
);
await keepCode("deploy", () => {});

/** @param rehearse what is to be run; whether it succeeds makes no difference */
async function keepCode<Part>(name: string, rehearse: (part: Part) => unknown): Promise<void> {
  const file = resolve(`dist/${name}.cjs`);
  const part = readPart(file);
  await rehearse(runPart(file, part) as Part);
  writeFileSync(codeOf(file), part.createCachedData());
}
