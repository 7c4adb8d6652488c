/** The dashboards of all accounts, as they are deployed: what stands where, and what it draws. */
import type { JsonObject } from "../../compiler/schema.ts";
import type { UsedMetric } from "../alarms/alarms.ts";
import type { Resource } from "../reachability/deployment.ts";

/** A dashboard, its body read. */
export interface Dashboard {
  readonly name: string;
  readonly resource: Resource;
  readonly body: { readonly widgets: readonly Widget[] };
}

export interface Widget {
  readonly type: string;
  readonly width: number;
  readonly height: number;
  readonly properties: JsonObject;
}

/** A widget, and where it stands on the grid. */
export interface Placed {
  readonly widget: Widget;
  readonly x: number;
  readonly y: number;
}

export const dashboardsOf = (resources: readonly Resource[]): Dashboard[] =>
  resources
    .filter(({ type }) => type === "AWS::CloudWatch::Dashboard")
    .map((resource) => ({
      name: String(resource.properties.DashboardName),
      resource,
      body: JSON.parse(String(resource.properties.DashboardBody)),
    }));

/** Columns of the grid. */
export const COLUMNS = 24;

/** Where widgets stand that do not say so: one after the other, in rows. */
export function placed(widgets: readonly Widget[]): Placed[] {
  let [x, y, rowHeight] = [0, 0, 0];
  return widgets.map((widget) => {
    if (x + widget.width > COLUMNS) [x, y, rowHeight] = [0, y + rowHeight, 0];
    const at = { widget, x, y };
    x += widget.width;
    rowHeight = Math.max(rowHeight, widget.height);
    return at;
  });
}

/** Widgets after which a row is not full, or not of one height: there CloudWatch might put others than those that follow. */
export function gaps(widgets: readonly Widget[]): string[] {
  const all = placed(widgets);
  const rows = [...new Set(all.map(({ y }) => y))].map((y) => all.filter((each) => each.y === y));
  return rows.flatMap((row) => {
    const width = row.reduce((sum, { widget }) => sum + widget.width, 0);
    const heights = new Set(row.map(({ widget }) => widget.height));
    return width === COLUMNS && heights.size === 1 ? [] : [JSON.stringify(row.at(-1)?.widget)];
  });
}

/** The metrics that a widget draws, and the Region it has them from. */
export function metricsIn({ properties }: Widget): {
  readonly region: string;
  readonly metrics: UsedMetric[];
} {
  const metrics = (properties.metrics as (readonly (string | JsonObject)[])[] | undefined) ?? [];
  return {
    region: String(properties.region),
    metrics: metrics.flatMap((metric) => {
      const [namespace, name, ...rest] = metric.filter((item) => typeof item === "string");
      if (namespace === undefined || name === undefined) return [];
      const pairs = Array.from({ length: rest.length / 2 }, (_, index) => [
        rest[2 * index],
        rest[2 * index + 1],
      ]);
      const { accountId } = metric.at(-1) as JsonObject;
      const account = accountId === undefined ? {} : { account: String(accountId) };
      return [{ namespace, name, dimensions: Object.fromEntries(pairs), ...account }];
    }),
  };
}

/** Ids that expressions in a widget name and nothing has, or that two have. */
export function idMistakes({ properties }: Widget): string[] {
  const options = ((properties.metrics as (readonly (string | JsonObject)[])[] | undefined) ?? []).map(
    (metric) => metric.at(-1) as JsonObject,
  );
  const ids = options.flatMap(({ id }) => (id === undefined ? [] : [String(id)]));
  const named = options.flatMap(({ expression }) => String(expression ?? "").match(/\b[a-z]\w*\b/g) ?? []);
  return [
    ...named.filter((id) => !ids.includes(id)).map((id) => `${properties.title}: ${id} is not there`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${properties.title}: two are ${id}`),
  ];
}
