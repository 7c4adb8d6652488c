/** Tables of who may do what: rows of `who,code,as,action,resource,context,answer,because`. */
import { readFileSync } from "node:fs";
import type { Question } from "./judge.ts";

/** One row: somebody, what they ask for, and what the answer must be. */
export interface Row {
  /** As it stands in the table. */
  readonly text: string;
  /** A user; `stack-sets` is CloudFormation, which needs no user to be a role. */
  readonly who: string;
  /** How long ago the MFA code was given: `now`, `30m`, `5h`; `-` for none. */
  readonly code: string;
  /** The role that is taken, such as `admin@prod`; `-` for none. */
  readonly as: string;
  readonly action: string;
  /** An ARN, or `*`. An account stands in it by its name, `{prod}`; `{}` is that of the role. */
  readonly resource: string;
  /** Condition keys with their values, `key=value`. */
  readonly context: string;
  readonly answer: string;
  /** What stands in the way where the answer is `may not`. */
  readonly because: string;
}

const COLUMNS = ["who", "code", "as", "action", "resource", "context", "answer", "because"] as const;

export function readTable(file: string): Row[] {
  const [head, ...lines] = readFileSync(file, "utf8").trimEnd().split("\n");
  if (head !== COLUMNS.join(",")) throw new Error(`${file} has other columns`);
  return lines.map((text) => {
    const cells = text.split(",");
    if (cells.length !== COLUMNS.length) throw new Error(`${file}: ${text} has ${cells.length} cells`);
    return { text, ...Object.fromEntries(COLUMNS.map((column, index) => [column, cells[index]])) } as Row;
  });
}

/** @param accounts the ids of the accounts, by name */
export function questionOf(row: Row, accounts: ReadonlyMap<string, string>): Question {
  const [role, place] = row.as === "-" ? [] : row.as.split("@");
  const idOf = (name: string) => {
    const id = accounts.get(name);
    if (id === undefined) throw new Error(`${row.text}: there is no account ${name}`);
    return id;
  };
  const withIds = (text: string) =>
    text.replaceAll(/\{([a-z-]*)\}/g, (_, name: string) => idOf(name || (place ?? "security")));
  return {
    ...(row.who !== "stack-sets" && { user: `arn:aws:iam::${idOf("security")}:user/${row.who}` }),
    ...(row.code !== "-" && { codeAge: secondsIn(row.code) }),
    ...(role !== undefined && { role: `arn:aws:iam::${idOf(place ?? "")}:role/acme-${role}` }),
    action: row.action,
    resource: withIds(row.resource),
    context: Object.fromEntries(
      row.context
        .split(";")
        .filter((pair) => pair !== "")
        .map((pair) => withIds(pair).split("=")),
    ),
  };
}

const UNITS: Readonly<Record<string, number>> = { m: 60, h: 3600 };

const secondsIn = (age: string): number =>
  age === "now" ? 10 : Number(age.slice(0, -1)) * (UNITS[age.slice(-1)] ?? Number.NaN);
