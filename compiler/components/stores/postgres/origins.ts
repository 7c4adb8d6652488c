/**
 * What each database was made of, as the ledger keeps it.
 *
 * CloudFormation replaces a database whose `DBSnapshotIdentifier` is changed by one made of the other snapshot, and,
 * as its documentation long said, one that loses it by an empty one: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
 * `DBName` is create-only too. So both are as they were when the database was first compiled; what the spec says
 * otherwise later is an error.
 */
import { type Architecture, originOf, type Placement, placementsWith } from "../../../architecture.ts";
import { type Diagnostic, inLedger, inSpec, type Report } from "../../../diagnostics.ts";
import { corrupt } from "../../../ledger.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../schema.ts";
import { type StoreSettings, settingsOf, storesOf, storesPath } from "../settings.ts";

/** What one database was made of. */
export interface DatabaseOrigin {
  /** The name of the database in it. */
  readonly database: string;
  /** The snapshot it was restored from; absent for one that was made empty. */
  readonly snapshot?: string;
}

/** By store, then by where it is: `012345678904/eu-west-1`. An environment may be renamed; the database stays. */
export type DatabaseAllocation = Readonly<Record<string, Readonly<Record<string, DatabaseOrigin>>>>;

/** The ledger's section. */
export const SECTION = "databases";

export const placeOf = ({ account, region }: Placement): string => `${account.id}/${region}`;

/** @param kept the ledger's section; what it has stays as it is */
export function allocateDatabases(
  architecture: Architecture,
  kept: Json | undefined,
  report: Report,
): DatabaseAllocation {
  const known = readOrigins(kept, report);
  for (const store of storesOf(architecture)) {
    for (const placement of placementsWith(architecture, [...storesPath, store])) {
      const settings = settingsOf(architecture, store, placement);
      const there = known[store]?.[placeOf(placement)];
      if (there) reportChanges({ architecture, store, placement, settings, there }, report);
      else if (settings.engine === "postgres") {
        const { database, snapshot } = settings;
        known[store] = {
          ...known[store],
          [placeOf(placement)]: { database, ...(snapshot !== undefined && { snapshot }) },
        };
      }
    }
  }
  return known;
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

/** The ledger's section, without what is not as we write it, which is reported. */
function readOrigins(kept: Json | undefined, report: Report): Record<string, Record<string, DatabaseOrigin>> {
  const origins: Record<string, Record<string, DatabaseOrigin>> = {};
  for (const [store, places] of entriesOf(kept, [SECTION], report)) {
    const own: Record<string, DatabaseOrigin> = {};
    for (const [place, entry] of entriesOf(places, [SECTION, store], report)) {
      if (/^\d{12}\/[a-z0-9-]+$/.test(place) && isOrigin(entry)) own[place] = entry;
      else report(corrupt([SECTION, store, place]));
    }
    origins[store] = own;
  }
  return origins;
}

function entriesOf(value: Json | undefined, path: readonly string[], report: Report): [string, Json][] {
  if (value === undefined) return [];
  if (isJsonObject(value)) return Object.entries(value);
  report(corrupt(path));
  return [];
}

/** Exactly the keys that are ours. */
function isOrigin(entry: Json): entry is JsonObject & { database: string; snapshot?: string } {
  if (!isJsonObject(entry)) return false;
  const { database, snapshot, ...others } = entry;
  return (
    typeof database === "string" &&
    (snapshot === undefined || typeof snapshot === "string") &&
    Object.keys(others).length === 0
  );
}
