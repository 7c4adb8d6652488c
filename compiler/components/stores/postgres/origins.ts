/**
 * What each database was made of, as the ledger keeps it.
 *
 * CloudFormation replaces a database whose `DBSnapshotIdentifier` is changed by one made of the other snapshot, and,
 * as its documentation long said, one that loses it by an empty one: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
 * `DBName` is create-only too. So both are as they were when the database was first compiled; what the spec says
 * otherwise later is an error.
 */
import type { Report } from "../../../diagnostics.ts";
import { corrupt } from "../../../ledger.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../schema.ts";

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

const DATABASE =
  "under its place, such as `111111111111/eu-west-1`, a database has its name, `database`, and `snapshot` if it was restored";

/** The ledger's section, without what is not as we write it, which is reported. */
export function readOrigins(kept: Json | undefined, report: Report): DatabaseAllocation {
  const origins: Record<string, Record<string, DatabaseOrigin>> = {};
  for (const [store, places] of entriesOf(kept, [SECTION], report)) {
    const own: Record<string, DatabaseOrigin> = {};
    for (const [place, entry] of entriesOf(places, [SECTION, store], report)) {
      if (/^\d{12}\/[a-z0-9-]+$/.test(place) && isOrigin(entry)) own[place] = entry;
      else report(corrupt([SECTION, store, place], DATABASE));
    }
    origins[store] = own;
  }
  return origins;
}

function entriesOf(value: Json | undefined, path: readonly string[], report: Report): [string, Json][] {
  if (value === undefined) return [];
  if (isJsonObject(value)) return Object.entries(value);
  report(corrupt(path, "databases are kept by store, then by where they are"));
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
