/** What each account and Region gets of what a spec compiles to, for judging who reaches whom. */
import type { Architecture, Target } from "../../compiler/architecture.ts";
import type { Result } from "../support/compile.ts";
import { receivedBy } from "../support/everything.ts";
import type { PlacedTemplate } from "./deployment.ts";

export const placedTemplates = ({ architecture, assembly }: Pick<Result, "architecture" | "assembly">) =>
  receivedBy(assembly).map(
    ({ name, target, template }): PlacedTemplate => ({
      place: placeOf(architecture, target),
      account: target.account.id,
      region: target.region,
      stack: name,
      template,
    }),
  );

/** The placement that is in an account and Region; where there is none, as in the Region of CloudFront, their names. */
export function placeOf({ placements }: Architecture, { account, region }: Target): string {
  const placement = placements.find((each) => each.account.id === account.id && each.region === region);
  return placement?.name ?? `${account.name}.${region}`;
}
