/** The table of what AWS documents of metrics, and what its own machine-readable data says of them. */
import { readFileSync } from "node:fs";
import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";
import { parse } from "yaml";

/** How a dimension knows a resource: by what a property calls it, or else by an attribute, or by `Ref`. */
export interface DocumentedDimension {
  /** A pattern of its type. */
  readonly type?: string;
  readonly names?: string;
  readonly attribute?: string;
  /** A pattern of what follows the name. */
  readonly suffix?: string;
  /** The one value that there is. */
  readonly value?: string;
}

export interface DocumentedNamespace {
  /** The page that says so. */
  readonly source: string;
  readonly dimensions: Readonly<Record<string, DocumentedDimension>>;
  /** Dimensions that AWS's own data does not have. */
  readonly unlisted?: readonly string[];
  /** The sets of dimensions by which each metric is published. */
  readonly metrics: Readonly<Record<string, readonly (readonly string[])[]>>;
}

export const documented: Readonly<Record<string, DocumentedNamespace>> = parse(
  readFileSync("test/alarms/metrics.yaml", "utf8"),
  { merge: true },
);

/** Sets of dimensions, each as one text, by namespace and metric, of those that AWS's console has charts of. */
export function knownToAws(): ReadonlyMap<string, ReadonlySet<string>> {
  const database = loadAwsServiceSpecSync();
  return new Map(
    [...database.all("metric")].map((metric) => [
      `${metric.namespace} ${metric.name}`,
      new Set(
        database
          .follow("usesDimensionSet", metric)
          .map(({ entity }) => setOf(entity.dimensions.map(({ name }) => name))),
      ),
    ]),
  );
}

export const setOf = (dimensions: readonly string[]): string => dimensions.toSorted().join(" ");
