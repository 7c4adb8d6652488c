/** Events as AWS's pages show them, and what its own machine-readable data says of their fields. */
import { readFileSync } from "node:fs";
import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";
import { parse } from "yaml";
import type { JsonObject } from "../../compiler/schema.ts";

interface DocumentedEvent {
  readonly page: string;
  readonly source: string;
  readonly resources: readonly string[];
  readonly detail: JsonObject;
}

/** By their detail type. */
export const documentedEvents: Readonly<Record<string, DocumentedEvent>> = parse(
  readFileSync("test/alarms/events.yaml", "utf8"),
);

/** Where something happens, and what is different from the page's event. */
export interface Happening {
  readonly account: string;
  readonly region: string;
  readonly resources?: readonly string[];
  readonly detail?: JsonObject;
}

/** An event of a sort, as EventBridge hands it over. */
export function eventOf(detailType: string, { account, region, resources, detail }: Happening): JsonObject {
  const documented = documentedEvents[detailType];
  if (!documented) throw new Error(`${detailType} is not in test/alarms/events.yaml`);
  return {
    version: "0",
    id: "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
    "detail-type": detailType,
    source: documented.source,
    account,
    time: "2026-11-25T22:00:00Z",
    region,
    resources: [...(resources ?? documented.resources)],
    detail: { ...documented.detail, ...detail },
  };
}

/** The fields of the details of each event that AWS's data has, by source and detail type. */
export function fieldsKnownToAws(): ReadonlyMap<string, ReadonlySet<string>> {
  const database = loadAwsServiceSpecSync();
  return new Map(
    [...database.all("event")].map((event) => [
      `${event.source} ${event.detailType}`,
      new Set(Object.keys(database.get("eventTypeDefinition", event.rootProperty).properties)),
    ]),
  );
}
