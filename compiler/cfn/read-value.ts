/** Turns what people write in a template, plain values with functions in their long form, into values with expressions. */
import { closest } from "../closest.ts";
import type { Diagnostic } from "../diagnostics.ts";
import type { SpecPath } from "../path.ts";
import type { Json } from "../schema.ts";
import { showName } from "../wording.ts";
import { callIn, FUNCTIONS, longForm, needsTransform } from "./functions.ts";
import { Expression, isList, isObject, type Value } from "./values.ts";

/** Takes what is wrong at a path. */
export type ReportAt = (path: SpecPath, diagnostic: Omit<Diagnostic, "at">, part?: "key") => void;

/** What becomes of a function, whose argument is read already. */
export type ReadCall = (name: string, argument: Value, path: SpecPath) => Value;

/** @param path where the value stands */
export function readValue(json: Json, path: SpecPath, readCall: ReadCall, report: ReportAt): Value {
  const read = (value: Json, at: SpecPath): Value => {
    const call = callIn(value);
    if (call) {
      // An attribute is a pair, however it is written.
      const argument = longForm(call.name, call.argument)[call.name] as Json;
      return readCall(call.name, read(argument, [...at, call.name]), at);
    }
    if (value === null) {
      report(at, {
        code: "wrong-type",
        message: "there is nothing here, which CloudFormation does not take",
      });
      return UNKNOWN;
    }
    if (Array.isArray(value)) return value.map((item, index) => read(item, [...at, index]));
    if (typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, read(inner, [...at, key])]));
  };
  return read(json, path);
}

/** Stands for what could not be read. It fits everywhere, so that nothing follows from it. */
export const UNKNOWN = new Expression("Condition", "");

/** What is wrong with a function by itself: its name, or the form of its argument; undefined where nothing is. */
export function unfitCall(
  name: string,
  argument: Value,
): Pick<Diagnostic, "code" | "message" | "help"> | undefined {
  if (needsTransform(name))
    return {
      code: "unfit-template",
      message: `only a transform resolves ${showName(name)}`,
      help: NO_TRANSFORM,
    };
  if (!(FUNCTIONS as readonly string[]).includes(name)) {
    const near = closest(name, FUNCTIONS);
    return {
      code: "unfit-function",
      message: `${showName(name)} is no function of CloudFormation`,
      help: near ? `did you mean \`${near}\`?` : "a key that begins with `Fn::` is a function",
    };
  }
  const form = FORMS.find(({ functions }) => functions.includes(name));
  if (!form || argument === UNKNOWN || form.fits(argument)) return undefined;
  return { code: "wrong-type", message: `${showName(name)} takes ${form.what}` };
}

const isPair = (value: Value): value is readonly [Value, Value] => isList(value) && value.length === 2;

/** What functions take, of those that take one thing only. */
const FORMS: readonly {
  readonly functions: readonly string[];
  readonly what: string;
  fits(argument: Value): boolean;
}[] = [
  { functions: ["Ref", "Condition"], what: "a name", fits: (argument) => typeof argument === "string" },
  {
    functions: ["Fn::GetAtt"],
    what: "the name of a resource and that of an attribute",
    fits: (argument) => isPair(argument) && typeof argument[0] === "string",
  },
  {
    functions: ["Fn::Sub"],
    what: "text, or a list of text and a map of variables",
    fits: (argument) =>
      typeof argument === "string" ||
      (isPair(argument) && typeof argument[0] === "string" && isObject(argument[1])),
  },
  { functions: ["Fn::Join", "Fn::Select", "Fn::Split"], what: "a list of two", fits: isPair },
  {
    functions: ["Fn::If"],
    what: "the name of a condition and two values",
    fits: (argument) => isList(argument) && argument.length === 3 && typeof argument[0] === "string",
  },
  {
    functions: ["Fn::FindInMap"],
    what: "a mapping, a row and a column",
    fits: (argument) => isList(argument) && argument.length === 3,
  },
  { functions: ["Fn::And", "Fn::Or", "Fn::Equals", "Fn::Not"], what: "a list", fits: isList },
];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-getting-started-create.html */
export const NO_TRANSFORM = "stack sets of an organization take no transform: write out what it would make";
