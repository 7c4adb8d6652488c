/** What is wrong with the names of images that no schema can say: they are those of repositories. */
import type { Architecture } from "../../architecture.ts";
import { reportConfusable } from "../../confusable-names.ts";
import { type Demand, demandsByName, sourceOf } from "../../demands.ts";
import { inSpec, type Report } from "../../diagnostics.ts";
import { showName } from "../../wording.ts";

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
const REPOSITORY = /^(?=.{2,256}$)([a-z0-9]+([._-][a-z0-9]+)*\/)*[a-z0-9]+([._-][a-z0-9]+)*$/;

export function checkImages(architecture: Architecture, report: Report): void {
  const images = [...demandsByName(architecture.demands, "images")].map(([name, demands]) => ({
    name,
    at: inSpec(sourceOf(architecture, demands[0] as Demand, "image")),
  }));
  for (const { name, at } of images) {
    if (REPOSITORY.test(name)) continue;
    report({
      code: "bad-value",
      message: `${showName(name)} can't be the name of a repository`,
      help: "it has two characters or more: words of small letters and digits, joined by one `.`, `_`, `-` or `/` each; the version stands under `version`",
      at,
    });
  }
  reportConfusable(images, report, "punctuation");
}
