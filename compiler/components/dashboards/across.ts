/** The dashboard across accounts: a row for each service, store and the like, in it each environment beside the others. */
import type { Placement } from "../../architecture.ts";
import type { Context } from "../../component.ts";
import { type Chart, isCalculation, type Observation, ROWS } from "../../observation.ts";
import type { JsonObject } from "../../schema.ts";
import { CHART_HEIGHT, capital, chartProperties, heading, widthsOf } from "./widget.ts";

/** Widgets at most, of the 500 that a dashboard may have. */
const MOST = 480;

/** One thing in one environment. */
interface Seen {
  readonly placement: Placement;
  readonly observation: Observation;
  readonly chart: Chart;
}

/** @returns the body; undefined where there is nothing to see */
export function acrossAccounts({
  name,
  architecture,
  observationsIn,
}: Pick<Context<unknown, unknown>, "name" | "architecture" | "observationsIn">): string | undefined {
  const all = architecture.placements.flatMap((placement) =>
    observationsIn(placement).flatMap((observation): Seen[] => {
      const chart = chartOf(observation);
      return chart ? [{ placement, observation, chart }] : [];
    }),
  );
  if (all.length === 0) return undefined;
  const widgets: JsonObject[] = [heading(`# ${name}: all environments`)];
  for (const things of rowsOf(all)) {
    if (widgets.length + things.length + 1 > MOST) break;
    widgets.push(...drawRow(things));
  }
  return `{"widgets":[\n${widgets.map((widget) => JSON.stringify(widget)).join(",\n")}\n]}\n`;
}

/** What is the same thing in each environment, in the order of rows, then of kinds and names. */
function rowsOf(all: readonly Seen[]): readonly (readonly Seen[])[] {
  const ordered = ROWS.flatMap((row) => all.filter(({ observation }) => observation.row === row));
  const stackSets = [...new Set(ordered.map(({ observation }) => observation.stackSet))];
  return stackSets.map((stackSet) => ordered.filter(({ observation }) => observation.stackSet === stackSet));
}

function drawRow(things: readonly Seen[]): JsonObject[] {
  const widths = widthsOf(things.length);
  const [first] = things;
  return [
    heading(`## ${capital(first?.observation.what ?? "")}: ${first?.chart.title}`),
    ...things.map(({ placement, observation, chart }, index) => ({
      type: "metric",
      width: widths[index] as number,
      height: CHART_HEIGHT,
      properties: {
        ...chartProperties(observation, chart, { region: placement.region, account: placement.account.id }),
        title: placement.name,
      },
    })),
  ];
}

/** What is drawn of a thing: a chart of what is known by its name, since no value is read of so many accounts. */
function chartOf({ charts }: Observation): Chart | undefined {
  const known = charts.filter(isKnownByName);
  return known.find(({ alarm }) => alarm !== undefined) ?? known[0];
}

const isKnownByName = ({ lines }: Chart): boolean =>
  Object.values(lines)
    .flatMap((measure) => (isCalculation(measure) ? Object.values(measure.metrics) : [measure]))
    .every(({ dimensions }) => Object.values(dimensions).every((value) => typeof value === "string"));
