/**
 * Who may do what, asked of the generated policies: users, groups, roles with their trust and boundaries, and the
 * organization's policies, as moto's evaluator finds them in the templates, judged by an evaluator of IAM that is not ours.
 */
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { describePython } from "../python/tools.ts";
import { compileText } from "../support/compile.ts";
import { refusalOf } from "./judge.ts";
import { mutationsOf } from "./mutations.ts";
import { questionOf, type Row, readTable } from "./table.ts";
import { type World, worldOf } from "./world.ts";

/** Specs, each with a table of the same name. */
const tables = [
  { table: "test/access/company.csv", spec: "test/access/company.yaml" },
  { table: "test/access/acme.csv", spec: "specs/acme.yaml" },
];

/** The row as the policies would have it. */
async function answered(world: World, row: Row): Promise<string> {
  const refusal = await refusalOf(world, questionOf(row, world.accounts));
  const { who, code, as, action, resource, context } = row;
  return [who, code, as, action, resource, context, refusal ? "may not" : "may", refusal ?? ""].join(",");
}

const worlds = new Map<string, World>();

describePython("who may do what", () => {
  beforeAll(async () => {
    for (const { table, spec } of tables)
      worlds.set(table, await worldOf(compileText(readFileSync(spec, "utf8"), { directory: "specs" })));
  });

  test.each(tables)("$table", async ({ table }) => {
    const world = worlds.get(table) as World;
    const rows = readTable(table);
    const answers = await Promise.all(rows.map((row) => answered(world, row)));
    expect(answers).toEqual(rows.map(({ text }) => text));
  });

  test("each statement is missed, or too wide without what limits it", async () => {
    const world = worlds.get("test/access/company.csv") as World;
    const rows = readTable("test/access/company.csv");
    const unnoticed: string[] = [];
    for (const mutation of mutationsOf(world)) {
      const concerned = rows.filter((row) => isConcerned(row, world, mutation.world));
      if (!(await isNoticed(mutation.world, concerned))) unnoticed.push(mutation.name);
    }
    expect(unnoticed).toEqual(SAME);
  });
});

/** What makes no difference: what they are about is all that the action can be about in an account. */
const SAME = [
  "SelfService NewMfaDevice is about everything",
  "watch Alarms is about everything",
  "deploy Images is about everything",
];

/** Whether a row asks anything of what is not the same in both worlds. */
function isConcerned(row: Row, before: World, after: World): boolean {
  const { user = "", role = "", resource } = questionOf(row, before.accounts);
  const asked = (world: World) => [
    world.users.get(user),
    world.roles.get(role),
    world.roles.get(resource),
    ...[user, role].map((arn) => world.serviceControl.get(arn.split(":")[4] ?? "")),
  ];
  const parts = asked(after);
  return asked(before).some((part, index) => part !== parts[index]);
}

async function isNoticed(world: World, rows: readonly Row[]): Promise<boolean> {
  for (const row of rows) if ((await answered(world, row)) !== row.text) return true;
  return false;
}
