/** What no schema can say of continuous integration: an application builds an image that is kept here. */
import type { Architecture } from "../../architecture.ts";
import { inSpec, type Report } from "../../diagnostics.ts";
import { imageOf } from "./images.ts";
import { applicationsOf, ciPath, circleCiOf } from "./settings.ts";

export function checkCi(architecture: Architecture, report: Report): void {
  const circleCi = circleCiOf(architecture);
  if (!circleCi) return;
  if (circleCi.machine !== undefined && circleCi.tests === undefined) {
    report({
      code: "without-effect",
      message: "a machine for tests is of no use without `tests`",
      help: "say what to run on it, or leave it out",
      at: inSpec([...ciPath, "circleci", "machine"], "key"),
    });
  }
  for (const service of applicationsOf(circleCi)) {
    if (imageOf(architecture, service) !== undefined) continue;
    report({
      code: "bad-value",
      message: `the image of \`${service}\` is kept in no repository of this architecture, so nobody can push it there`,
      help: "name it without a registry's host, such as `image: acme/web`, or take the service out of `applications`",
      at: inSpec([...ciPath, "circleci", "applications", service], "key"),
    });
  }
}
