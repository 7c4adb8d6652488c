/** Draws a dashboard: each widget a box with its title, and what it draws, where it would stand. */
import type { JsonObject } from "../../compiler/schema.ts";
import { COLUMNS, type Dashboard, type Placed, placed, type Widget } from "./dashboards.ts";

const COLUMN = 50;
const ROW = 22;
const GAP = 4;
const COLORS = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728"];

export function draw({ name, body }: Dashboard): string {
  const all = placed(body.widgets);
  const rows = Math.max(...all.map(({ y, widget }) => y + widget.height));
  const size = `width="${COLUMNS * COLUMN}" height="${(rows + 2) * ROW}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="12">`,
    `<title>The dashboard ${escaped(name)}</title>`,
    `<rect ${size} fill="#f2f3f3"/>`,
    `<text x="${GAP}" y="${ROW}" font-size="18" font-weight="bold">${escaped(name)}</text>`,
    ...all.flatMap((each) => drawWidget(each)),
    "</svg>\n",
  ].join("\n");
}

function drawWidget({ widget, x, y }: Placed): string[] {
  const [left, top] = [x * COLUMN + GAP, (y + 2) * ROW + GAP];
  const [width, height] = [widget.width * COLUMN - 2 * GAP, widget.height * ROW - 2 * GAP];
  const text = (line: number, words: string, more = "") =>
    `<text x="${left + 8}" y="${top + 14 + line * 16}"${more}>${escaped(words)}</text>`;
  const { properties } = widget;
  if (widget.type === "text")
    return [text(0, String(properties.markdown).replace(/^#+ /, ""), ' font-size="15" font-weight="bold"')];
  const box = `<rect x="${left}" y="${top}" width="${width}" height="${height}" rx="4" fill="white" stroke="#aab7b8"/>`;
  const title = text(0, String(properties.title), ' font-weight="bold"');
  if (widget.type === "alarm") {
    const alarms = (properties.alarms as string[]).map((arn) => arn.split(":").at(-1) as string);
    const perLine = 6;
    const lines = Array.from({ length: Math.ceil(alarms.length / perLine) }, (_, index) =>
      text(index + 1, alarms.slice(index * perLine, (index + 1) * perLine).join("   "), ' fill="#037f0c"'),
    );
    return [box, title, ...lines];
  }
  return [box, title, ...drawLines(widget, text)];
}

/** What is drawn, and the threshold of the alarm. */
function drawLines(
  { properties }: Widget,
  text: (line: number, words: string, more?: string) => string,
): string[] {
  const { horizontal = [], alarms = [] } = (properties.annotations ?? {}) as {
    horizontal?: { label: string; value: number }[];
    alarms?: string[];
  };
  const labels = ((properties.metrics ?? []) as (readonly (string | JsonObject)[])[])
    .map((metric) => metric.at(-1) as JsonObject)
    .flatMap(({ label, visible }) => (visible === false ? [] : [String(label)]));
  const unit = ((properties.yAxis as JsonObject | undefined)?.left as JsonObject | undefined)?.label;
  return [
    ...labels.map((label, index) =>
      text(index + 1, `— ${label}`, ` fill="${COLORS[index % COLORS.length]}"`),
    ),
    ...horizontal.map(({ label, value }, index) =>
      text(labels.length + index + 1, `- - ${label} (${value})`, ' fill="#687078"'),
    ),
    ...alarms.map((arn, index) => text(index + 1, `alarm: ${arn.split(":").at(-1)}`, ' fill="#687078"')),
    ...(unit === undefined
      ? []
      : [text(labels.length + horizontal.length + 1, `[${unit}]`, ' fill="#687078"')]),
  ];
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
