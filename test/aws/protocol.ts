/** The query protocol of CloudFormation and STS: forms come in, XML goes out. */

/** The fields of a call's form, such as `Accounts.member.1`. */
export type Params = Record<string, string>;

/** Who asked for what, where. */
export interface Call {
  readonly action: string;
  readonly account: string;
  readonly region: string;
  /** The caller's ARN. */
  readonly caller: string;
  readonly params: Params;
  /** The template that the call gives inline or by URL. */
  readonly template: string | undefined;
  /** What the template reads from the parameter store, by parameter. */
  readonly resolved?: Params;
}

/** What becomes XML; what is undefined is left out. */
export type Answer =
  | string
  | number
  | boolean
  | Date
  | undefined
  | readonly Answer[]
  | { readonly [name: string]: Answer };

/** An answer's elements. */
export type Fields = { readonly [name: string]: Answer };

/** An error that the SDK gives its caller under `code` as its name. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

/** A ValidationError. */
export const invalid = (message: string) => new AwsError("ValidationError", message);

/** The texts under `name.member.1` and so on. */
export function texts(params: Params, name: string): string[] {
  return numbered(`${name}.member.`, (prefix) => params[prefix]);
}

/** The structures under `name.member.1` and so on, each with the fields of its own. */
export function structures(params: Params, name: string): Params[] {
  const fields = Object.keys(params);
  return numbered(`${name}.member.`, (prefix) => {
    const own = fields.filter((field) => field.startsWith(`${prefix}.`));
    if (own.length === 0) return undefined;
    return Object.fromEntries(own.map((field) => [field.slice(prefix.length + 1), params[field] ?? ""]));
  });
}

/** The keys and values of `Tags` or `Parameters`; undefined where the call doesn't give any. */
export function pairs(
  params: Params,
  name: "Tags" | "Parameters" | "ParameterOverrides",
): Params | undefined {
  const [key, value] = name === "Tags" ? ["Key", "Value"] : ["ParameterKey", "ParameterValue"];
  const items = structures(params, name);
  // An empty list is sent as an empty field.
  if (items.length === 0 && params[name] === undefined) return undefined;
  return Object.fromEntries(items.map((item) => [item[key] ?? "", item[value] ?? ""]));
}

function numbered<T>(prefix: string, read: (prefix: string) => T | undefined): T[] {
  const found: T[] = [];
  for (let number = 1; ; number++) {
    const item = read(`${prefix}${number}`);
    if (item === undefined) return found;
    found.push(item);
  }
}

/** One page of `items`, under `name`, with the token of the next. */
export function page<T>(
  { params }: Call,
  name: string,
  items: readonly T[],
  shape: (item: T) => Answer,
): Fields {
  const most = Number(params.MaxResults ?? 100);
  if (!(most >= 1 && most <= 100)) {
    throw invalid("Value at 'maxResults' failed to satisfy constraint: between 1 and 100");
  }
  const token = params.NextToken;
  const start = token === undefined ? 0 : Number(/^page-(\d+)$/.exec(token)?.[1] ?? Number.NaN);
  if (Number.isNaN(start)) throw invalid("Invalid NextToken");
  const end = start + most;
  return {
    [name]: items.slice(start, end).map(shape),
    NextToken: end < items.length ? `page-${end}` : undefined,
  };
}

/** The body of an answer. */
export function answerXml(action: string, answer: Answer, requestId: string): string {
  return `<${action}Response><${action}Result>${elements(answer)}</${action}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`;
}

/** The body of an error. */
export function errorXml({ code, message, status }: AwsError, requestId: string): string {
  const error = { Type: status < 500 ? "Sender" : "Receiver", Code: code, Message: message };
  return `<ErrorResponse>${elements({ Error: error, RequestId: requestId })}</ErrorResponse>`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
};

/** `text` as it stands in XML. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character);
}

function elements(value: Answer): string {
  if (value === undefined) return "";
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "object") return escapeXml(String(value));
  if (isList(value)) return value.map((item) => `<member>${elements(item)}</member>`).join("");
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([name, item]) => `<${name}>${elements(item)}</${name}>`)
    .join("");
}

function isList(value: object): value is readonly Answer[] {
  return Array.isArray(value);
}
