/** A new database where another leaves the spec: it may be the same under a new name, which has none of the data. */
import { type Architecture, type Placement, placeOf } from "../../../architecture.ts";
import { quoteList } from "../../../closest.ts";
import { inLedger, inSpec, type Report } from "../../../diagnostics.ts";
import { storesOf, storesPath } from "../settings.ts";
import { type DatabaseAllocation, SECTION } from "./origins.ts";

/** A database that the ledger has not had yet and that is made empty. */
export interface Fresh {
  readonly store: string;
  readonly placement: Placement;
}

/**
 * Reports each new store that is empty where the ledger has a database that the spec has no more. Afterwards the ledger
 * has it, and it is new no longer.
 *
 * @param kept the ledger's section as it was
 * @param isThere whether the spec has a store in a place
 */
export function reportLeftBehind(
  architecture: Architecture,
  kept: DatabaseAllocation,
  fresh: readonly Fresh[],
  isThere: (store: string, place: string) => boolean,
  report: Report,
): void {
  const leftIn = (place: string): string[] =>
    Object.keys(kept).filter((store) => kept[store]?.[place] && !isThere(store, place));
  for (const store of storesOf(architecture)) {
    const places = fresh.flatMap(({ store: each, placement }) => {
      const left = each === store ? leftIn(placeOf(placement)) : [];
      return left.length > 0 ? [{ placement, left }] : [];
    });
    if (places.length === 0) continue;
    const environments = [...new Set(places.map(({ placement }) => placement.environment))];
    const left = [...new Set(places.flatMap((each) => each.left))].toSorted();
    report({
      code: "data-left-behind",
      severity: "warning",
      message: `\`${store}\` would be a new, empty database in ${quoteList(environments)}, where the spec no longer has ${quoteList(left)}: what uses it would find none of that data`,
      help: "to keep the data, keep the name, or name a snapshot of the old store as the `snapshot` of the new one; if the old one is gone, remove its entry from the ledger",
      at: inSpec([...storesPath, store], "key"),
      related: left.map((each) => ({ at: inLedger([SECTION, each], "key"), message: "what is there" })),
    });
  }
}
