/** Prints templates and other documents as YAML that YAML 1.1 and 1.2 readers agree on, the same bytes each time. */
import {
  type Expression,
  isExpression,
  isList,
  isScalar,
  type PlainObject,
  type Scalar,
  type Value,
} from "../cfn/values.ts";

/** What stands behind an entry as a comment, by the object that is the entry's value. */
export type Notes = ReadonlyMap<object, string>;

const WIDTH = 120;
const NO_NOTES: Notes = new Map();

/**
 * Prints a document in block style. An intrinsic function is printed in short form, on one line where it fits; so is
 * a list of scalars and references, a flat object in a list, and a row of a mapping.
 */
export function printYaml(document: PlainObject, notes: Notes = NO_NOTES): string {
  const out: string[] = [];
  printEntries(document, "", { out, notes });
  return out.join("") || "{}\n";
}

interface Context {
  /** What is printed, in pieces. */
  readonly out: string[];
  readonly notes: Notes;
}

/**
 * @param rows whether the entries are rows, which read best side by side, one line each
 * @param lead what stands before the first entry
 */
function printEntries(
  object: PlainObject,
  margin: string,
  context: Context,
  rows = false,
  lead: string = margin,
): void {
  let start = lead;
  for (const key in object) {
    const value = object[key];
    if (value === undefined) continue;
    const label = printScalar(key);
    context.out.push(start, label, ":");
    start = margin;
    if (key === "Mappings" && margin === "") printMappings(value as PlainObject, context);
    else printAfter(value, margin, margin.length + label.length + 2, context, rows);
  }
}

/** Each placement is one line, in `Placement` too, so that another one adds lines and changes none. */
function printMappings(mappings: PlainObject, context: Context): void {
  context.out.push("\n");
  for (const name in mappings) {
    context.out.push("  ", printScalar(name), ":\n");
    printEntries(mappings[name] as PlainObject, "    ", context, name !== "Placement");
  }
}

/** Prints what follows `key:` or `-`, with its line end. `column` is where an inline value would begin. */
function printAfter(value: Value, margin: string, column: number, context: Context, inline: boolean): void {
  const { out, notes } = context;
  if (isScalar(value)) {
    if (isBlockText(value)) out.push(" |\n", indentLines(value, `${margin}  `));
    else out.push(" ", printScalar(value), "\n");
    return;
  }
  if (isExpression(value)) {
    printExpression(value, margin, column, context);
    return;
  }
  const note = notes.get(value);
  const comment = note === undefined ? "" : ` # ${note}`;
  const isInline = isList(value) ? isFlat(value) : inline || isEmpty(value);
  const flow = isInline && onOneLine(value, column + comment.length);
  if (flow) {
    out.push(" ", flow, comment, "\n");
    return;
  }
  out.push(comment, "\n");
  if (isList(value)) printItems(value, `${margin}  `, context);
  else printEntries(value, `${margin}  `, context);
}

function printItems(list: readonly Value[], margin: string, context: Context, lead: string = margin): void {
  let start = lead;
  for (const item of list) {
    context.out.push(start, "-");
    start = margin;
    printItem(item, margin, context);
  }
}

function printItem(item: Value, margin: string, context: Context): void {
  const column = margin.length + 2;
  if (isScalar(item) || isExpression(item)) {
    printAfter(item, margin, column, context, false);
    return;
  }
  const flow = isFlat(item) && onOneLine(item, column);
  // The first line of a nested block stands behind the dash.
  if (flow) context.out.push(" ", flow, "\n");
  else if (isList(item)) printItems(item, `${margin}  `, context, " ");
  else printEntries(item, `${margin}  `, context, false, " ");
}

function printExpression(expression: Expression, margin: string, column: number, context: Context): void {
  const { fn, argument } = expression;
  const flow = onOneLine(expression, column);
  if (flow) {
    context.out.push(" ", flow, "\n");
  } else if (isExpression(argument)) {
    context.out.push("\n");
    printEntries({ [fn]: argument }, `${margin}  `, context);
  } else {
    const tag = ` ${shortForm(expression)}`;
    context.out.push(tag);
    printAfter(argument, margin, column + tag.length, context, false);
  }
}

function isFlat(value: readonly Value[] | PlainObject): boolean {
  const isLeaf = (item: Value) => isScalar(item) || isExpression(item);
  if (isList(value)) return value.every(isLeaf);
  for (const key in value) if (!isLeaf(value[key] as Value)) return false;
  return true;
}

function isEmpty(value: readonly Value[] | PlainObject): boolean {
  if (isList(value)) return value.length === 0;
  for (const _ in value) return false;
  return true;
}

/** The value on one line if that ends before the margin, else undefined. Text that makes a block never fits. */
function onOneLine(value: Exclude<Value, Scalar>, column: number): string | undefined {
  if (!isExpression(value) && isEmpty(value)) return isList(value) ? "[]" : "{}";
  return printFlow(value, WIDTH - column);
}

/** @param room how long it may become; it is given up where it becomes longer */
function printFlow(value: Value, room: number): string | undefined {
  let text: string | undefined;
  if (isScalar(value)) text = isBlockText(value) ? undefined : printScalar(value, true);
  else if (isList(value)) text = printFlowList(value, room);
  else if (isExpression(value)) text = printFlowExpression(value, room);
  else text = printFlowObject(value, room);
  return text !== undefined && text.length <= room ? text : undefined;
}

function printFlowList(list: readonly Value[], room: number): string | undefined {
  let text = "";
  for (const value of list) {
    const item = printFlow(value, room - text.length);
    if (item === undefined) return undefined;
    text += `${text === "" ? "" : ", "}${item}`;
  }
  return `[${text}]`;
}

function printFlowObject(object: PlainObject, room: number): string | undefined {
  let text = "";
  for (const key in object) {
    const value = printFlow(object[key] as Value, room - text.length);
    if (value === undefined) return undefined;
    text += `${text === "" ? "" : ", "}${printScalar(key, true)}: ${value}`;
  }
  return `{${text}}`;
}

function printFlowExpression(expression: Expression, room: number): string | undefined {
  const argument = printFlow(argumentOf(expression), room);
  if (argument === undefined) return undefined;
  // Two tags may not stand on one node, so the outer function takes its long form.
  return isExpression(expression.argument)
    ? `{'${expression.fn}': ${argument}}`
    : `${shortForm(expression)} ${argument}`;
}

/** `Fn::GetAtt` takes `Resource.Attribute` in short form. */
function argumentOf(expression: Expression): Value {
  const { fn, argument } = expression;
  return fn === "Fn::GetAtt" && isList(argument) ? argument.join(".") : argument;
}

const shortForm = ({ fn }: Expression): string => `!${fn.startsWith("Fn::") ? fn.slice(4) : fn}`;

const PLAIN = /^[A-Za-z_/$][A-Za-z0-9_/.:$@=+ -]*$/;
/** In block style a comma, a bracket and the like mean nothing. */
const PLAIN_IN_BLOCK = /^[A-Za-z_/$][A-Za-z0-9_/.:$@=+<>()';, -]*$/;
/** What only looks like a number or a date but is neither for any reader. */
const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$/;
/**
 * What only a double-quoted scalar can have, as an escape: what can't be printed, and what is not ASCII, which
 * CloudFormation gives back as question marks (aws-cloudformation/cloudformation-coverage-roadmap#814).
 */
const ESCAPED = /[^\x20-\x7e]/u;
const RESERVED = /^(y|n|yes|no|on|off|true|false|null)$/i;

/** Texts as they are printed: most come a thousand times. */
const printed = { flow: new Map<string, string>(), block: new Map<string, string>() };

function printScalar(value: Scalar, flow = false): string {
  // In YAML 1.1 a number with an exponent has a point.
  if (typeof value !== "string") return String(value).replace(/^(-?\d+)e/, "$1.0e");
  const known = flow ? printed.flow : printed.block;
  let text = known.get(value);
  if (text === undefined) {
    text = printText(value, flow);
    known.set(value, text);
  }
  return text;
}

function printText(value: string, flow: boolean): string {
  if (isPlain(value, flow)) return value;
  return ESCAPED.test(value)
    ? JSON.stringify(value).replace(/[^\x20-\x7e]/gu, escapeUnicode)
    : `'${value.replaceAll("'", "''")}'`;
}

function isPlain(text: string, flow: boolean): boolean {
  if (ADDRESS.test(text)) return true;
  if (!(flow ? PLAIN : PLAIN_IN_BLOCK).test(text) || RESERVED.test(text)) return false;
  if (text.endsWith(" ") || text.endsWith(":") || text.includes(": ")) return false;
  return !flow || !text.includes(":") || /^AWS::\w+$/.test(text);
}

function escapeUnicode(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\U${code.padStart(8, "0")}` : `\\u${code.padStart(4, "0")}`;
}

/** Text of several lines that a literal block reproduces exactly. */
function isBlockText(text: Scalar): text is string {
  return (
    typeof text === "string" &&
    text.endsWith("\n") &&
    /^\S.*\n$/s.test(text) &&
    !text.endsWith("\n\n") &&
    /^[\n\x20-\x7e]*$/.test(text) &&
    !/ \n/.test(text)
  );
}

function indentLines(text: string, margin: string): string {
  return text.replace(/^(?=.)/gm, margin);
}
