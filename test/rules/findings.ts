/** What Guard found, in words: its report is a tree of everything it tried. */
import { isJsonObject, type Json } from "../../compiler/schema.ts";
import { type PlainTemplate, resourcesOf } from "../support/everything.ts";

/** A node of Guard's report: a clause, a block of clauses, alternatives, or a rule within a rule. */
export type Check = { readonly [key: string]: unknown };

/** A rule that a template fails, and where. */
export interface Finding {
  readonly rule: string;
  /** The resource's type and logical ID; empty where the template as a whole fails. */
  readonly type: string;
  readonly logicalId: string;
  /** Within the resource, items by their names where they have any: `KeyPolicy.Statement.LogsOfThisAccount.Action`. */
  readonly at: string;
  readonly what: string;
}

/**
 * The findings of a rule, one for each clause that failed; of alternatives that all failed only the first. A clause
 * without a message belongs to a search, of which no item is to blame: it counts once, for the whole resource.
 */
export function findingsIn(rule: string, checks: readonly Check[], template: PlainTemplate): Finding[] {
  const found = checks.flatMap(clauses).map(({ paths, messages }) => {
    const [section, logicalId = "", ...path] = (paths[0] ?? "").split("/").slice(1);
    const isResource = section === "Resources" && logicalId !== "";
    const resource = isResource ? resourcesOf(template).find(([id]) => id === logicalId)?.[1] : undefined;
    return {
      rule,
      type: String(resource?.Type ?? ""),
      logicalId,
      at: messages.length > 0 ? nameItems(path, resource ?? {}) : "",
      what: messages.at(-1) ?? "",
    };
  });
  return [...new Map(found.map((finding) => [JSON.stringify(finding), finding])).values()];
}

interface Clause {
  readonly paths: readonly string[];
  readonly messages: readonly string[];
}

/** The clauses that failed below a node. */
function clauses(node: unknown): Clause[] {
  if (Array.isArray(node)) return node.flatMap(clauses);
  if (typeof node !== "object" || node === null) return [];
  if ("Disjunctions" in node) {
    const alternatives = clauses(node.Disjunctions);
    const messages = alternatives.flatMap((clause) => clause.messages);
    return [{ paths: alternatives[0]?.paths ?? [], messages }];
  }
  if ("messages" in node && !("checks" in node)) {
    const { custom_message: message } = node.messages as { custom_message: string | null };
    return [{ paths: pathsIn(node), messages: message ? [message] : [] }];
  }
  return Object.values(node).flatMap(clauses);
}

/** Every place of the template named below a node. */
function pathsIn(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === "path" && typeof value === "string" && value.startsWith("/") ? [value] : pathsIn(value),
  );
}

/** Keys by which items of lists are known. */
const NAMES = ["Sid", "PolicyName", "Name", "Key", "Id"];

function nameItems(path: readonly string[], resource: Json): string {
  let value: Json | undefined = resource;
  const steps = path.map((step) => {
    value = Array.isArray(value) ? value[Number(step)] : isJsonObject(value) ? value[step] : undefined;
    const item = value;
    const name =
      /^\d+$/.test(step) && isJsonObject(item) ? NAMES.map((key) => item[key]).find(Boolean) : step;
    return typeof name === "string" ? name : step;
  });
  return steps.filter((step, index) => index > 0 || step !== "Properties").join(".");
}
