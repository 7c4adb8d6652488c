/** The widgets of a dashboard: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
import { Expression, Import, isExpression, isList, Reference, type Value } from "../../cfn/values.ts";
import { Invariant } from "../../invariant.ts";
import { parameterId } from "../../link/link.ts";
import { pascalCase } from "../../names.ts";
import {
  type Alarm,
  alarmName,
  type Chart,
  isCalculation,
  type Measure,
  type Metric,
  type Observation,
} from "../../observation.ts";
import type { Json, JsonObject } from "../../schema.ts";

/** Columns of the grid: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html#CloudWatch-Dashboard-Properties-Widgets-Structure */
export const COLUMNS = 24;
/** Charts that stand side by side at most. */
const ABREAST = 4;
export const CHART_HEIGHT = 6;
const MINUTE = 60;

/** What a text refers to, by the variables that stand for it. */
export type Variables = Map<string, Value>;

/** Where a chart is drawn. */
export interface Canvas {
  /** Takes what the text refers to; where absent it can refer to nothing. */
  readonly variables?: Variables;
  readonly region: string;
  /** The account whose metrics are drawn, if not the dashboard's own. */
  readonly account?: string;
}

/** A heading over the whole width. */
export const heading = (markdown: string): JsonObject => ({
  type: "text",
  width: COLUMNS,
  height: 1,
  properties: { markdown, background: "transparent" },
});

// biome-ignore lint/suspicious/noTemplateCurlyInString: a part of the text of an Fn::Sub
const OWN_REGION = "${AWS::Region}";

/** As a heading begins. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The ARN of an alarm of this account, as a part of a text. */
export const alarmArn = (alarm: string, region = OWN_REGION): string =>
  `arn:\${AWS::Partition}:cloudwatch:${region}:\${AWS::AccountId}:alarm:${alarm}`;

/** What is drawn of a thing, each row of it full: so it stands in the same place, however CloudWatch fills gaps. */
export function widgetsOf(name: string, observation: Observation, variables: Variables): JsonObject[] {
  const { what, region } = observation;
  const charts =
    region === undefined
      ? observation.charts.map((chart) =>
          chartProperties(observation, chart, { variables, region: OWN_REGION }),
        )
      : observation.alarms.map((alarm) => alarmProperties(name, observation, region, alarm));
  const widths = widthsOf(charts.length);
  return [
    heading(`## ${capital(what)}`),
    ...charts.map((properties, index) => ({
      type: "metric",
      width: widths[index] as number,
      height: CHART_HEIGHT,
      properties,
    })),
  ];
}

/** Rows as even as can be: of five charts three stand above two. */
export function widthsOf(charts: number): number[] {
  const rows = Math.ceil(charts / ABREAST);
  return Array.from({ length: rows }, (_, row) => {
    const own = Math.floor(charts / rows) + (row < charts % rows ? 1 : 0);
    return Array.from({ length: own }, () => COLUMNS / own);
  }).flat();
}

export function chartProperties(observation: Observation, chart: Chart, canvas: Canvas): JsonObject {
  const alarm = observation.alarms.find(({ name }) => name === chart.alarm);
  return {
    title: chart.title,
    view: "timeSeries",
    region: canvas.region,
    period: alarm?.period ?? MINUTE,
    metrics: Object.entries(chart.lines).flatMap(([label, measure], line, lines) =>
      linesOf(measure, label, lines.length > 1 ? `_${line + 1}` : "", canvas),
    ),
    yAxis: { left: { label: chart.unit, min: 0, showUnits: false } },
    ...(alarm && { annotations: { horizontal: [limitOf(alarm, canvas)] } }),
  };
}

/** Of what is measured in another Region, from which nothing is read, its alarms are drawn, whose names are known. */
const alarmProperties = (
  name: string,
  observation: Observation,
  region: string,
  alarm: Alarm,
): JsonObject => ({
  title: observation.charts.find((chart) => chart.alarm === alarm.name)?.title ?? alarm.name,
  view: "timeSeries",
  region,
  annotations: { alarms: [alarmArn(alarmName(name, observation, alarm.name), region)] },
});

/** The threshold of an alarm; it may differ by environment, which changes no text. */
function limitOf({ name, threshold }: Alarm, { variables }: Canvas): JsonObject {
  if (!variables) return { label: `alarm: ${name}`, value: threshold };
  const id = `${pascalCase(name)}Threshold`;
  variables.set(id, threshold);
  return { label: `alarm: ${name}`, value: unquoted(id) };
}

/** @param suffix what makes ids different from those of other lines */
function linesOf(measure: Measure, label: string, suffix: string, canvas: Canvas): Json[] {
  const plain = isCalculation(measure) ? onlyOf(measure.expression, measure.metrics) : measure;
  if (plain) return [lineOf(plain, { label }, canvas)];
  const { expression, metrics } = measure as Exclude<Measure, Metric>;
  const ids = Object.keys(metrics);
  const text = expression.replaceAll(/\b[a-z]\w*\b/g, (word) => (ids.includes(word) ? word + suffix : word));
  return [
    [{ expression: text, label, id: `result${suffix}` }],
    ...Object.entries(metrics).map(([id, metric]) =>
      lineOf(metric, { id: id + suffix, visible: false }, canvas),
    ),
  ];
}

/** The one metric that a calculation only passes on. */
function onlyOf(expression: string, metrics: Readonly<Record<string, Metric>>): Metric | undefined {
  const [only, ...others] = Object.values(metrics);
  return others.length === 0 && /^(SUM|MAX)\(\[\w+\]\)$/.test(expression) ? only : undefined;
}

const lineOf = (
  { namespace, name, dimensions, statistic }: Metric,
  options: JsonObject,
  canvas: Canvas,
): Json => [
  namespace,
  name,
  ...Object.entries(dimensions).flatMap(([dimension, value]) => [dimension, textOf(value, canvas.variables)]),
  { ...options, stat: statistic, ...(canvas.account !== undefined && { accountId: canvas.account }) },
];

/** A value as a part of a text: what is read of another stack is a variable. */
function textOf(value: Value, variables: Variables | undefined): string {
  if (!isExpression(value)) return String(value);
  if (!variables) throw new Invariant("a dashboard across accounts can't refer to a value");
  if (value instanceof Import) {
    const id = parameterId(value.output);
    variables.set(id, value);
    return `\${${id}}`;
  }
  if (value instanceof Reference) return `\${${value.path}}`;
  const [separator, items] = isList(value.argument) ? value.argument : [];
  if (value.fn !== "Fn::Join" || !items || !isList(items))
    throw new Invariant(`a dashboard can't refer to ${value.fn}`);
  return items.map((item) => textOf(item, variables)).join(String(separator));
}

/** In place of a number, a variable. */
const unquoted = (id: string): string => `<${id}>`;

/** Widgets as lines of JSON, each with a comma behind it. */
export function printWidgets(widgets: readonly JsonObject[], variables: Variables): Expression {
  const text = widgets
    .map((widget) => `${JSON.stringify(widget).replaceAll(/"<(\w+)>"/g, (_, id) => `\${${id}}`)},\n`)
    .join("");
  const named = Object.fromEntries([...variables].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return new Expression("Fn::Sub", variables.size > 0 ? [text, named] : text);
}
