/**
 * Judges JSON filter patterns of CloudWatch Logs as AWS's page describes them, and takes nothing that is not on it:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */

type Event = { readonly [key: string]: unknown };
type Judge = (event: Event) => boolean;

const TOKEN =
  /\s*(&&|\|\||[(){}]|NOT EXISTS|IS (?:TRUE|FALSE|NULL)|!=|=|\$(?:\.[A-Za-z]+)+|"[^"]*"|%[A-Za-z0-9:_#=@/;,^$?[\]{}|\\*+.-]+%)/y;

/** @returns whether an event is one of those that the pattern counts */
export function filterOf(pattern: string): Judge {
  if (pattern.length > 1024) throw new Error(`a pattern has 1,024 characters at most, not ${pattern.length}`);
  const tokens = tokensOf(pattern);
  const take = (wanted?: string): string => {
    const token = tokens.shift() ?? "the end";
    if (wanted && token !== wanted) throw new Error(`${wanted} expected, not ${token}`);
    return token;
  };
  const chain = (operator: "&&" | "||", operand: () => Judge): Judge => {
    const operands = [operand()];
    while (tokens[0] === operator) {
      take(operator);
      operands.push(operand());
    }
    return (event) =>
      operator === "&&" ? operands.every((each) => each(event)) : operands.some((each) => each(event));
  };
  const either = (): Judge => chain("||", () => chain("&&", one));
  const one = (): Judge => {
    if (tokens[0] !== "(") return comparison(take(), take(), () => take());
    take("(");
    const inner = either();
    take(")");
    return inner;
  };
  take("{");
  const judge = either();
  take("}");
  if (tokens.length > 0) throw new Error(`${tokens[0]} stands behind the end`);
  return judge;
}

function tokensOf(pattern: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < pattern.trimEnd().length) {
    const start = TOKEN.lastIndex;
    const token = TOKEN.exec(pattern)?.[1];
    if (token === undefined) throw new Error(`no pattern: ${pattern.slice(start)}`);
    tokens.push(token);
  }
  return tokens;
}

function comparison(selector: string, operator: string, take: () => string): Judge {
  const valueIn = (event: Event): unknown =>
    selector
      .split(".")
      .slice(1)
      .reduce<unknown>((value, key) => (value as Event | undefined)?.[key], event);
  switch (operator) {
    case "NOT EXISTS":
      return (event) => valueIn(event) === undefined;
    case "IS FALSE":
      return (event) => valueIn(event) === false;
    case "=":
    case "!=": {
      const matches = textMatcher(take());
      // What a pattern says of a field that is not there AWS does not describe: it must ask for it first.
      return (event) => {
        const value = valueIn(event);
        return value !== undefined && matches.test(String(value)) === (operator === "=");
      };
    }
    default:
      throw new Error(`no comparison: ${operator}`);
  }
}

/** A regular expression between percent signs, or a text in which `*` is anything. */
function textMatcher(token: string): RegExp {
  const inner = token.slice(1, -1);
  if (token.startsWith("%")) return new RegExp(inner);
  return new RegExp(`^${inner.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`);
}
