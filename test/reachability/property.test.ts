/** Whatever a spec has, what comes of it lets reach whom it says, no more and no less. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { schemaAt } from "../../compiler/schema.ts";
import { compileText } from "../support/compile.ts";
import { runs } from "../unit/families.ts";
import { expectedLines } from "./expected.ts";
import { functionTemplates } from "./functions.ts";
import { differences, linesOf, NONE } from "./lines.ts";
import { placedTemplates } from "./placed.ts";
import { reachability } from "./reachability.ts";
import { type Sections, specs } from "./specs.ts";

/** What the compiler makes of the sections it knows, and what stands in for functions. */
function judge(sections: Sections) {
  const known = Object.entries(sections).filter(([kind]) => schemaAt([kind]));
  const others = Object.entries(sections).filter(([kind]) => !schemaAt([kind]));
  const head = { version: 1, name: "demo", regions: ["eu-west-1"] };
  const result = compileText(stringify({ ...head, ...Object.fromEntries(known) }));
  const rest = {
    ...result.architecture,
    spec: { ...result.architecture.spec, ...Object.fromEntries(others) },
  };
  const found = reachability([...placedTemplates(result), ...functionTemplates(rest)]);
  return differences(linesOf(found), expectedLines(rest, found));
}

test("random networks, clusters, stores, services and functions", () => {
  fc.assert(
    fc.property(specs, (sections) => {
      expect(judge(sections)).toEqual(NONE);
    }),
    runs(40),
  );
});
