/** Whatever a spec has, what comes of it lets reach whom it says, no more and no less. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { compileText } from "../support/compile.ts";
import { runs } from "../unit/families.ts";
import { expectedLines } from "./expected.ts";
import { differences, linesOf, NONE } from "./lines.ts";
import { placedTemplates } from "./placed.ts";
import { reachability } from "./reachability.ts";
import { type Sections, specs } from "./specs.ts";

/** What the compiler makes of the sections, against what they say. */
function judge(sections: Sections) {
  const result = compileText(stringify({ version: 1, name: "demo", regions: ["eu-west-1"], ...sections }));
  const found = reachability(placedTemplates(result));
  return differences(linesOf(found), expectedLines(result.architecture, found));
}

test("random networks, clusters, stores, services and functions", () => {
  fc.assert(
    fc.property(specs, (sections) => {
      expect(judge(sections)).toEqual(NONE);
    }),
    runs(40),
  );
});
