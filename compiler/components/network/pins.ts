/** Ranges pinned by hand. */
import { type Architecture, originOf, type Placement } from "../../architecture.ts";
import { inSpec, type Place, type Report } from "../../diagnostics.ts";
import type { SpecPath } from "../../path.ts";
import { networkPath, settingsOf } from "./settings.ts";

/** A range pinned by hand, and where. */
export interface Pin {
  readonly cidr: string;
  readonly at: Place;
}

/** @returns the range pinned by hand for a placement; undefined where none is */
export function pinOf(architecture: Architecture, placement: Placement, report: Report): Pin | undefined {
  const { cidr } = settingsOf(architecture, placement);
  if (cidr === undefined) return undefined;
  const placeOf = (...setting: string[]) =>
    originOf(architecture.spec, networkPath, placement.environment, ["cidr", ...setting]).path;
  const siblings = architecture.placements.filter(({ environment }) => environment === placement.environment);
  if (typeof cidr === "object") {
    if (siblings[0] === placement) reportStrayRegions(cidr, siblings, placeOf, report);
    const own = cidr[placement.region];
    return own === undefined ? undefined : { cidr: own, at: inSpec(placeOf(placement.region)) };
  }
  if (siblings.length === 1) return { cidr, at: inSpec(placeOf()) };
  if (siblings[0] === placement) {
    report({
      code: "cidr-region",
      message: `one range can't serve the ${siblings.length} Regions of \`${placement.environment}\``,
      help: `pin one for each: \`cidr: { ${placement.region}: ${cidr}, … }\``,
      at: inSpec(placeOf()),
    });
  }
  return undefined;
}

/** A range pinned in a Region that the environment is not in would never be used. */
function reportStrayRegions(
  cidrs: Readonly<Record<string, string>>,
  siblings: readonly Placement[],
  placeOf: (region: string) => SpecPath,
  report: Report,
): void {
  const regions = siblings.map(({ region }) => region);
  for (const region of Object.keys(cidrs).filter((name) => !regions.includes(name))) {
    report({
      code: "cidr-region",
      message: `\`${siblings[0]?.environment}\` is not in ${region}`,
      help: `it is in ${regions.join(", ")}`,
      at: inSpec(placeOf(region), "key"),
    });
  }
}
