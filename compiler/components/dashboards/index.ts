/** Dashboards: one for each placement, drawn of all that can be seen in it, rows by service. */
import type { Placement } from "../../architecture.ts";
import { accountId, Expression, Import, region, sub, type Value } from "../../cfn/values.ts";
import type { Component, Context } from "../../component.ts";
import { pascalCase } from "../../names.ts";
import { canFail, type Observation, outageName, ROWS } from "../../observation.ts";
import { Stack } from "../../stack.ts";
import { alertsPath } from "../alerts/settings.ts";
import { alarmArn, COLUMNS, heading, printWidgets, type Variables, widgetsOf } from "./widget.ts";

const STACK_SET = "dashboard";

/** Things that are drawn at most: a dashboard has 500 widgets. */
const MOST_THINGS = 80;
/** Values that are read for it at most: of 60 that a template may read in some of its stacks only, for overrides too. */
const MOST_VALUES = 50;

/** Alarms that one widget shows. */
const MOST_ALARMS = 100;

type DashboardContext = Pick<
  Context<unknown, unknown>,
  "name" | "placement" | "architecture" | "observationsIn"
>;

export const dashboards: Component = {
  build(context) {
    const { name, placement, observationsIn } = context;
    const own = observationsIn(placement);
    if (own.length === 0) return [];
    const stack = new Stack(name, STACK_SET, "What can be seen of an environment", alertsPath);
    stack.add("AWS::CloudWatch::Dashboard", "Environment", {
      // Of an account, whatever the Region.
      DashboardName: `${name}-${placement.name.replaceAll(".", "-")}`,
      DashboardBody: bodyOf(context, own),
    });
    return [stack.build()];
  },
};

/**
 * The body has a place for everything that is seen anywhere, and what is not there leaves its place empty: so a thing
 * is one variable, and differs by environment by itself.
 */
function bodyOf(context: DashboardContext, own: readonly Observation[]): Expression {
  const { name, placement } = context;
  const texts = new Map(own.map((observation) => [observation.stackSet, textOf(name, observation)]));
  const drawn = thingsWithRoom(context);
  const leftOut = own.filter(({ stackSet }) => !drawn.has(stackSet));
  const variables: [string, Value][] = [
    ["Outages", outagesOf(name, own)],
    ...[...drawn].map((stackSet): [string, Value] => [pascalCase(stackSet), texts.get(stackSet) ?? ""]),
    ["Remark", remarkOf(name, placement, leftOut)],
  ];
  const places = variables.map(([id]) => `\${${id}}`).join("");
  return new Expression("Fn::Sub", [`{"widgets":[\n${places}\n]}\n`, Object.fromEntries(variables)]);
}

/** The stack sets of what is drawn in any placement, in the order of rows, then of kinds and names. */
function thingsWithRoom({ name, architecture, observationsIn }: DashboardContext): ReadonlySet<string> {
  const all = architecture.placements.flatMap((placement) => observationsIn(placement));
  const valuesOf = new Map<string, Set<string>>();
  for (const observation of ROWS.flatMap((row) => all.filter((each) => each.row === row))) {
    const { stackSet } = observation;
    const values = valuesOf.get(stackSet) ?? new Set();
    valuesOf.set(stackSet, values);
    for (const id of valuesIn(name, observation)) values.add(id);
  }
  const drawn = new Set<string>();
  const taken = new Set<string>();
  for (const [stackSet, values] of valuesOf) {
    const together = new Set([...taken, ...values]);
    if (drawn.size >= MOST_THINGS || together.size > MOST_VALUES) continue;
    drawn.add(stackSet);
    for (const id of values) taken.add(id);
  }
  return drawn;
}

/** What is read of other stacks to draw a thing. */
function valuesIn(name: string, observation: Observation): readonly string[] {
  const variables: Variables = new Map();
  widgetsOf(name, observation, variables);
  return [...variables].flatMap(([id, value]) => (value instanceof Import ? [id] : []));
}

function textOf(name: string, observation: Observation): Expression {
  const variables: Variables = new Map();
  return printWidgets(widgetsOf(name, observation, variables), variables);
}

/** What is out of order right now, on top. */
function outagesOf(name: string, own: readonly Observation[]): Expression | string {
  const alarms = ROWS.flatMap((row) => own.filter((observation) => observation.row === row))
    .filter((observation) => canFail(observation))
    .map((observation) => alarmArn(outageName(name, observation), observation.region));
  const widgets = Array.from({ length: Math.ceil(alarms.length / MOST_ALARMS) }, (_, index) => ({
    type: "alarm",
    width: COLUMNS,
    height: 4,
    properties: {
      title: "Out of order",
      alarms: alarms.slice(index * MOST_ALARMS, (index + 1) * MOST_ALARMS),
    },
  }));
  return widgets.length === 0 ? "" : printWidgets(widgets, new Map());
}

/** The last widget, which no comma follows. */
function remarkOf(name: string, placement: Placement, leftOut: readonly Observation[]): Expression {
  const where = sub`${name} ${placement.name}, account ${accountId}, ${region}`;
  const rest =
    leftOut.length > 0 ? ` There was no room for ${leftOut.map(({ what }) => what).join(", ")}.` : "";
  return new Expression("Fn::Sub", [JSON.stringify(heading(`\${Where}.${rest}`)), { Where: where }]);
}
