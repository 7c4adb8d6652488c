/** Gives each database what it is made of: as the ledger keeps it, or as the spec says now. */
import {
  type Architecture,
  originOf,
  type Placement,
  placementsWith,
  placeOf,
} from "../../../architecture.ts";
import { type Diagnostic, inLedger, inSpec, type Report } from "../../../diagnostics.ts";
import type { Json } from "../../../schema.ts";
import { type StoreSettings, settingsOf, storesOf, storesPath } from "../settings.ts";
import { type Fresh, reportLeftBehind } from "./left-behind.ts";
import { type DatabaseAllocation, type DatabaseOrigin, readOrigins, SECTION } from "./origins.ts";

/** @param kept the ledger's section; what it has stays as it is */
export function allocateDatabases(
  architecture: Architecture,
  kept: Json | undefined,
  report: Report,
): DatabaseAllocation {
  const known = readOrigins(kept, report);
  const allocation: Record<string, Readonly<Record<string, DatabaseOrigin>>> = { ...known };
  const stated = new Set<string>();
  const fresh: Fresh[] = [];
  for (const store of storesOf(architecture)) {
    for (const placement of placementsWith(architecture, [...storesPath, store])) {
      const settings = settingsOf(architecture, store, placement);
      const place = placeOf(placement);
      const there = known[store]?.[place];
      stated.add(`${store} ${place}`);
      if (there) reportChanges({ architecture, store, placement, settings, there }, report);
      else if (settings.engine === "postgres") {
        const { database, snapshot } = settings;
        allocation[store] = {
          ...allocation[store],
          [place]: { database, ...(snapshot !== undefined && { snapshot }) },
        };
        if (snapshot === undefined) fresh.push({ store, placement });
      }
    }
  }
  reportLeftBehind(architecture, known, fresh, (store, place) => stated.has(`${store} ${place}`), report);
  return allocation;
}

/** A database that is there, and what the spec says of it now. */
interface Kept {
  readonly architecture: Architecture;
  readonly store: string;
  readonly placement: Placement;
  readonly settings: StoreSettings;
  readonly there: DatabaseOrigin;
}

const IF_GONE = "if the database is gone, or never was, remove this entry from the ledger";

function reportChanges(kept: Kept, report: Report): void {
  const { store, placement, settings, there } = kept;
  const { environment } = placement;
  // What is wrong with it is reported already.
  if (settings.engine === undefined) return;
  if (settings.engine !== "postgres") {
    const message = `\`${store}\` is a database in \`${environment}\`, which would be deleted if it became another engine`;
    report(contradiction(kept, "engine", message, `give the new store a name of its own; ${IF_GONE}`));
    return;
  }
  if (settings.snapshot !== there.snapshot) {
    report(contradiction(kept, "snapshot", snapshotTrouble(kept), snapshotHelp(kept)));
  }
  if (settings.database !== there.database) {
    const message = `the database of \`${store}\` in \`${environment}\` is called \`${there.database}\`; another name would replace all of it by an empty one`;
    report(contradiction(kept, "database", message, `write \`database: ${there.database}\`; ${IF_GONE}`));
  }
}

function snapshotTrouble({ store, placement, settings, there }: Kept): string {
  const which = `\`${store}\` in \`${placement.environment}\``;
  if (there.snapshot === undefined)
    return `${which} was not made from a snapshot; restoring one now would replace the database and what is in it`;
  return settings.snapshot === undefined
    ? `${which} was restored from \`${there.snapshot}\`; without \`snapshot\` an empty database would replace it`
    : `${which} was restored from \`${there.snapshot}\`; another snapshot would replace the database and what is in it`;
}

function snapshotHelp({ settings, there }: Kept): string {
  const back = there.snapshot === undefined ? "leave it out" : `write \`snapshot: ${there.snapshot}\``;
  const elsewhere = settings.snapshot === undefined ? "" : ", and restore into a store of another name";
  return `${back}${elsewhere}; ${IF_GONE}`;
}

function contradiction(
  { architecture, store, placement }: Kept,
  key: "engine" | "snapshot" | "database",
  message: string,
  help: string,
): Diagnostic {
  const path = [...storesPath, store];
  const { by, path: at } = originOf(architecture.spec, path, placement.environment, [key]);
  return {
    code: "ledger-contradiction",
    message,
    help,
    at: by === "schema" ? inSpec(path, "key") : inSpec(at),
    related: [{ at: inLedger([SECTION, store, placeOf(placement)], "key"), message: "kept here" }],
  };
}
