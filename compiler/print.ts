/** Prints templates and other documents as YAML that YAML 1.1 and 1.2 readers agree on, the same bytes each time. */
import {
  type Expression,
  isExpression,
  isList,
  isScalar,
  type PlainObject,
  type Scalar,
  type Value,
} from "./cfn/values.ts";

/** What stands behind an entry as a comment, by the object that is the entry's value. */
export type Notes = ReadonlyMap<object, string>;

const WIDTH = 120;
const NO_NOTES: Notes = new Map();

/**
 * Prints a document in block style. An intrinsic function is printed in short form, on one line where it fits; so is
 * a list of scalars and references, a flat object in a list, and a row of a mapping.
 */
export function printYaml(document: PlainObject, notes: Notes = NO_NOTES): string {
  return printEntries(document, 0, notes) || "{}\n";
}

/** @param rows whether the entries are rows, which read best side by side, one line each */
function printEntries(object: PlainObject, indent: number, notes: Notes, rows = false): string {
  let text = "";
  for (const key in object) {
    const value = object[key];
    if (value === undefined) continue;
    const label = `${" ".repeat(indent)}${printScalar(key)}:`;
    text +=
      key === "Mappings" && indent === 0
        ? `${label}\n${printMappings(value as PlainObject, notes)}`
        : `${label}${printAfter(value, indent, label.length + 1, notes, rows)}`;
  }
  return text;
}

/** Each placement is one line, in `Placement` too, so that another one adds lines and changes none. */
function printMappings(mappings: PlainObject, notes: Notes): string {
  let text = "";
  for (const name in mappings) {
    const rows = name !== "Placement";
    text += `  ${printScalar(name)}:\n${printEntries(mappings[name] as PlainObject, 4, notes, rows)}`;
  }
  return text;
}

/** Prints what follows `key:` or `-`, with its line end. `column` is where an inline value would begin. */
function printAfter(value: Value, indent: number, column: number, notes: Notes, inline: boolean): string {
  if (isScalar(value)) {
    return typeof value === "string" && isBlockText(value)
      ? ` |\n${indentLines(value, indent + 2)}`
      : ` ${printScalar(value)}\n`;
  }
  if (isExpression(value)) return printExpression(value, indent, column, notes);
  const note = notes.get(value);
  const comment = note === undefined ? "" : ` # ${note}`;
  const isInline = isList(value) ? isFlat(value) : inline || isEmpty(value);
  const flow = isInline && onOneLine(value, column + comment.length);
  if (flow) return ` ${flow}${comment}\n`;
  const block = isList(value) ? printItems(value, indent + 2, notes) : printEntries(value, indent + 2, notes);
  return `${comment}\n${block}`;
}

function printItems(list: readonly Value[], indent: number, notes: Notes): string {
  const dash = `${" ".repeat(indent)}-`;
  return list.map((item) => dash + printItem(item, indent, notes)).join("");
}

function printItem(item: Value, indent: number, notes: Notes): string {
  if (isScalar(item) || isExpression(item)) return printAfter(item, indent, indent + 2, notes, false);
  const flow = isFlat(item) && onOneLine(item, indent + 2);
  if (flow) return ` ${flow}\n`;
  // The first line of a nested block stands behind the dash.
  const block = isList(item) ? printItems(item, indent + 2, notes) : printEntries(item, indent + 2, notes);
  return ` ${block.slice(indent + 2)}`;
}

function printExpression(expression: Expression, indent: number, column: number, notes: Notes): string {
  const flow = onOneLine(expression, column);
  if (flow) return ` ${flow}\n`;
  const { fn, argument } = expression;
  if (isExpression(argument)) return `\n${printEntries({ [fn]: argument }, indent + 2, notes)}`;
  const tag = ` ${shortForm(expression)}`;
  return `${tag}${printAfter(argument, indent, column + tag.length, notes, false)}`;
}

function isFlat(value: readonly Value[] | PlainObject): boolean {
  return Object.values(value).every((item) => isScalar(item) || isExpression(item));
}

const isEmpty = (value: readonly Value[] | PlainObject): boolean => Object.keys(value).length === 0;

/** The value on one line if that ends before the margin, else undefined. Text that makes a block never fits. */
function onOneLine(value: Exclude<Value, Scalar>, column: number): string | undefined {
  const text = printFlow(value);
  const fits = column + text.length <= WIDTH || (!isExpression(value) && isEmpty(value));
  return fits && !hasBlockText(value) ? text : undefined;
}

function hasBlockText(value: Value): boolean {
  if (isScalar(value)) return typeof value === "string" && isBlockText(value);
  if (isExpression(value)) return hasBlockText(value.argument);
  return Object.values(value).some(hasBlockText);
}

function printFlow(value: Value): string {
  if (isScalar(value)) return printScalar(value, true);
  if (isList(value)) return `[${value.map(printFlow).join(", ")}]`;
  if (isExpression(value)) {
    // Two tags may not stand on one node, so the outer function takes its long form.
    return isExpression(value.argument)
      ? `{'${value.fn}': ${printFlow(value.argument)}}`
      : `${shortForm(value)} ${printFlow(argumentOf(value))}`;
  }
  return `{${Object.entries(value)
    .map(([key, item]) => `${printScalar(key, true)}: ${printFlow(item)}`)
    .join(", ")}}`;
}

/** `Fn::GetAtt` takes `Resource.Attribute` in short form. */
function argumentOf(expression: Expression): Value {
  const { fn, argument } = expression;
  return fn === "Fn::GetAtt" && isList(argument) ? argument.join(".") : argument;
}

function shortForm(expression: Expression): string {
  return `!${expression.fn.replace("Fn::", "")}`;
}

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

function printScalar(value: Scalar, flow = false): string {
  // In YAML 1.1 a number with an exponent has a point.
  if (typeof value !== "string") return String(value).replace(/^(-?\d+)e/, "$1.0e");
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
function isBlockText(text: string): boolean {
  return (
    /^\S.*\n$/s.test(text) && !text.endsWith("\n\n") && /^[\n\x20-\x7e]*$/.test(text) && !/ \n/.test(text)
  );
}

function indentLines(text: string, indent: number): string {
  return text.replace(/^(?=.)/gm, " ".repeat(indent));
}
