/** What YAML means in a template, and in a part of one: functions by tag, and scalars as CloudFormation takes them. */
import type { Node, Scalar } from "yaml";
import { FUNCTIONS, functionOfTag, needsTransform } from "../cfn/functions.ts";
import { closest } from "../closest.ts";
import type { Diagnostic } from "../diagnostics.ts";
import type { Json } from "../schema.ts";
import { showName } from "../wording.ts";

type Words = Pick<Diagnostic, "message" | "help">;

/** The function that a node is written as by its tag; undefined where it has none, or one of another language. */
export function functionOf({ tag }: Node): string | undefined {
  const name = tag === undefined ? undefined : functionOfTag(tag);
  // What a transform would resolve is read too, to be refused where it is known what it would be for.
  const isKnown =
    name !== undefined && (needsTransform(name) || (FUNCTIONS as readonly string[]).includes(name));
  return isKnown ? name : undefined;
}

/** What is wrong with a tag that is no function. */
export function foreignTag(tag: string): Words {
  const near = closest(
    tag,
    FUNCTIONS.map((name) => `!${name.replace("Fn::", "")}`),
  );
  return {
    message: `${showName(tag.replace("tag:yaml.org,2002:", "!!"))} is no function of CloudFormation`,
    help: near ? `did you mean \`${near}\`?` : "write the plain value",
  };
}

/**
 * The value of a scalar whose type only the resource schema knows. A number is one if nothing of it is lost that way,
 * else text.
 */
export function literalOf({ value, source = "" }: Scalar): Json {
  if (typeof value !== "number" && typeof value !== "bigint") return value as Json;
  return String(value) === source ? Number(value) : source;
}

/** What is wrong with a number that CloudFormation would change; undefined where nothing is. */
export function changedNumber({ value, source = "" }: Scalar): Words | undefined {
  const isChanged = (typeof value === "number" || typeof value === "bigint") && /^[-+]?0\d/.test(source);
  if (!isChanged) return undefined;
  return {
    message: `\`${source}\` is a number to CloudFormation, and loses its zero`,
    help: inQuotes(source),
  };
}

/** What is wrong with a key that CloudFormation, which reads YAML 1.1, does not take for text. */
export const keyThatIsNoText = (written: string): Words => ({
  message: `a key must be text; \`${written}\` is none to CloudFormation`,
  help: inQuotes(written),
});

const inQuotes = (written: string): string => `with quotes it is text: \`"${written}"\``;
