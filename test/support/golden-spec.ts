/** The whole spec of a golden case, which holds only its own piece. */
import { readFileSync } from "node:fs";
import { parse, stringify } from "yaml";

const BASE = {
  version: 1,
  name: "demo",
  regions: ["eu-west-1"],
  accounts: {
    dev: { id: "111111111111", email: "aws+dev@demo.example" },
    prod: { id: "222222222222", email: "aws+prod@demo.example" },
  },
  environments: { dev: { account: "dev" } },
};

/** @param name the architecture's name, where several are deployed to the same accounts */
export function goldenSpec(file: string, name = BASE.name): string {
  return stringify({ ...BASE, ...parse(readFileSync(file, "utf8")), name });
}
