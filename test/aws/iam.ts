/** IAM, as far as the policies of ours go: whether statements allow what is asked. */

export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  /** Absent in a trust policy. */
  readonly Resource?: string | readonly string[];
  readonly Principal?: Readonly<Record<string, string | readonly string[]>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** What somebody wants to do, and what is known of it. */
export interface Asked {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

export function allows(statements: readonly Statement[], asked: Asked): boolean {
  const about = statements.filter((statement) => isAbout(statement, asked));
  return about.some(({ Effect }) => Effect === "Allow") && !about.some(({ Effect }) => Effect === "Deny");
}

function isAbout({ Action, Resource = "*", Condition = {} }: Statement, asked: Asked): boolean {
  const { action, resource, context = {} } = asked;
  return (
    listOf(Action).includes(action) &&
    listOf(Resource).some((pattern) => isLike(resource, pattern)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => holds(operator, context[key], listOf(values))),
    )
  );
}

/** A key that the request does not have fits nothing, so it passes where it must not fit. */
function holds(operator: string, actual: string | undefined, wanted: readonly string[]): boolean {
  const fits = (compare: (text: string, pattern: string) => boolean) =>
    actual !== undefined && wanted.some((pattern) => compare(actual, pattern));
  if (operator === "StringEquals") return fits((text, other) => text === other);
  if (operator === "StringLike") return fits(isLike);
  if (operator === "StringNotLike") return !fits(isLike);
  throw new Error(`say in test/aws/iam.ts what ${operator} means`);
}

/** `*` is any text, with slashes too, and `?` any one character. */
function isLike(text: string, pattern: string): boolean {
  const quoted = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${quoted.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s").test(text);
}

const listOf = (value: string | readonly string[]): readonly string[] =>
  typeof value === "string" ? [value] : value;
