/**
 * Connections: what one who uses something must know, may do and may reach. What is used declares it, in terms of its
 * own outputs; who uses it turns it into variables, permissions and rules of its own. Neither knows the other's kind.
 */
import { type Architecture, originOf, type Placement, placeOfSetting } from "./architecture.ts";
import type { Expression, PlainObject } from "./cfn/values.ts";
import { quoteList } from "./closest.ts";
import { reportConfusable } from "./confusable-names.ts";
import type { Demand } from "./demands.ts";
import { inSpec, type Place, type Report, reportOnce } from "./diagnostics.ts";
import type { KnownEntry } from "./entries.ts";
import { Invariant } from "./invariant.ts";
import { describeLimit, MOST_GROUP_RULES } from "./limits.ts";
import { formatPath, type SpecPath } from "./path.ts";
import { singular } from "./wording.ts";

export interface Connection {
  /** Environment variables that are no secret: addresses, names. */
  readonly variables: Readonly<Record<string, string | Expression>>;
  /** Environment variables whose values are in Secrets Manager. */
  readonly secrets?: Readonly<Record<string, SecretValue>>;
  /** Where it is reached, by whoever is let in to a security group. */
  readonly port?: Port;
  /** Statements for the role of who uses it. */
  readonly statements?: readonly PlainObject[];
}

/** One value in a secret of Secrets Manager. */
export interface SecretValue {
  /** The secret's ARN. */
  readonly secretArn: Expression;
  /** The ARN of the key that it is encrypted with. */
  readonly keyArn: Expression;
  /** The key of the value in the secret's JSON; absent where the secret is the value. */
  readonly jsonKey?: string;
}

/** A port, or several in a row. */
export interface Port {
  /** The id of the security group that must let in who uses it. */
  readonly securityGroupId: Expression;
  /** In words, what it is reached through that others are behind as well; absent where it is reached itself. */
  readonly through?: string;
  readonly from: number;
  /** The last of several; the same as `from` where there is one. */
  readonly to: number;
}

/** Environment variables that everything is told that runs: its environment and Region, and where the internal load balancer is. */
export const GIVEN = {
  environment: "ENVIRONMENT",
  region: "AWS_REGION",
  internalUrl: "INTERNAL_URL",
} as const;

/** How an environment variable begins that tells something of a thing: `stripe-key` → `STRIPE_KEY`. */
export const variableOf = (name: string): string => name.replaceAll("-", "_").toUpperCase();

/** What can be used in each placement, by name, and how. */
export class Connections {
  readonly #architecture: Architecture;
  readonly #usable: ReadonlyMap<string, KnownEntry>;
  /** Each entry is asked once, however many use it. */
  readonly #known = new Map<KnownEntry, Connection | undefined>();

  constructor(architecture: Architecture, entries: readonly KnownEntry[]) {
    this.#architecture = architecture;
    this.#usable = new Map(
      entries
        .filter(({ component }) => component.connect)
        .map((entry) => [keyOf(entry.placement, String(entry.path.at(-1))), entry]),
    );
  }

  entry(placement: Placement, name: string): KnownEntry | undefined {
    return this.#usable.get(keyOf(placement, name));
  }

  /** How an entry is used; undefined where nobody can use it. */
  of(entry: KnownEntry): Connection | undefined {
    if (this.#known.has(entry)) return this.#known.get(entry);
    const connection = entry.component.connect?.(entry, this.#architecture);
    this.#known.set(entry, connection);
    return connection;
  }

  /** How something is used that can be: `checkUses` has seen to it. */
  get(placement: Placement, name: string): Connection {
    const entry = this.entry(placement, name);
    const connection = entry && this.of(entry);
    if (!connection) throw new Invariant(`${name} can't be used in ${placement.name}`);
    return connection;
  }
}

const keyOf = (placement: Placement, name: string): string => `${placement.name} ${name}`;

/** Reports what is used where it is not, what nobody can reach, and names that could be either of two things. */
export function checkUses(
  { spec, demands }: Architecture,
  entries: readonly KnownEntry[],
  connections: Connections,
  report: Report,
): void {
  checkAmbiguity(entries, report);
  checkRoom(demands, connections, report);
  const once = reportOnce(report);
  for (const { placement, path, uses = [] } of demands) {
    uses.forEach((name, index) => {
      const entry = connections.entry(placement, name);
      const user = String(path.at(-1));
      const trouble = !entry
        ? absent(entries, user, name, placement.environment)
        : entry.path[0] === path[0] && name === user
          ? itself(user)
          : connections.of(entry) === undefined && unreachable(entry.path);
      if (!trouble) return;
      const { by, path: list } = originOf(spec, path, placement.environment, ["uses"]);
      if (by !== "schema") once({ ...trouble, at: inSpec([...list, index]) });
    });
  }
}

/** Reports variables of one name that would be set twice: by what is used, by secrets, by the spec itself. */
export function checkVariables(
  { spec, demands }: Architecture,
  connections: Connections,
  report: Report,
): void {
  const once = reportOnce(report);
  for (const { placement, path, uses = [], secrets = [], variables = [] } of demands) {
    const taken = new Map<string, string>(Object.values(GIVEN).map((given) => [given, "landform"]));
    const take = (variable: string, by: string, setting: SpecPath, part?: "key") => {
      const other = taken.get(variable);
      taken.set(variable, other ?? by);
      if (other === undefined) return;
      const place = placeOfSetting(spec, path, placement.environment, setting);
      once({
        code: "variable-taken",
        message: `\`${path.at(-1)}\` gets \`${variable}\` twice: from ${other} and from ${by}`,
        help: "rename one of them",
        at: { ...place, ...(part && { part }) },
      });
    };
    for (const used of uses) {
      const entry = connections.entry(placement, used);
      const connection = entry && connections.of(entry);
      for (const variable of namesIn(connection)) take(variable, `\`${used}\``, ["uses", uses.indexOf(used)]);
    }
    for (const [index, secret] of secrets.entries())
      take(variableOf(secret), `the secret \`${secret}\``, ["secrets", index]);
    for (const variable of variables) take(variable, "`variables`", ["variables", variable], "key");
  }
}

/** Reports what more use than its security group has room for rules. */
function checkRoom(demands: readonly Demand[], connections: Connections, report: Report): void {
  const doors = new Map<string, { readonly at: Place; readonly users: Set<string> }>();
  for (const { placement, path, uses = [] } of demands) {
    for (const name of uses) {
      const entry = connections.entry(placement, name);
      const port = entry && connections.of(entry)?.port;
      if (!entry || !port) continue;
      const [what, at] = port.through
        ? [`the ${port.through}`, inSpec(["environments", placement.environment], "key")]
        : [`the ${singular(String(entry.path[0]))} \`${name}\``, inSpec(entry.path, "key")];
      const subject = `the security group of ${what} in \`${placement.name}\``;
      const door = doors.get(subject) ?? { at, users: new Set() };
      doors.set(subject, door);
      door.users.add(formatPath(path));
    }
  }
  for (const [subject, { at, users }] of doors) {
    const finding = describeLimit({
      subject,
      what: "rules for those who use it",
      most: MOST_GROUP_RULES,
      isQuota: true,
      count: users.size,
      help: "let some of them use it through a service",
      at,
    });
    if (finding) report(finding);
  }
}

const namesIn = (connection: Connection | undefined): string[] =>
  Object.keys({ ...connection?.variables, ...connection?.secrets });

function absent(entries: readonly KnownEntry[], user: string, name: string, environment: string) {
  const places = entries
    .filter(({ component, path }) => component.connect && path.at(-1) === name)
    .map(({ placement }) => placement.environment);
  return {
    code: "unusable" as const,
    message: `\`${user}\` uses \`${name}\` in \`${environment}\`, where it isn't`,
    help:
      places.length > 0
        ? `it is in ${quoteList([...new Set(places)])}; the one must be where the other is, or say \`uses\` by environment under \`in\``
        : "no environment has it",
  };
}

const itself = (user: string) => ({
  code: "unusable" as const,
  message: `\`${user}\` uses itself`,
  help: "take it out of the list",
});

const unreachable = ([section = "", name = ""]: SpecPath) => ({
  code: "unusable" as const,
  message: `nobody can reach the ${singular(String(section))} \`${name}\``,
  help: "it has no path on the internal load balancer: give it an `internal` one",
});

/** Who uses something says a name and not the kind, so names are of one thing, and of one in logical IDs. */
function checkAmbiguity(entries: readonly KnownEntry[], report: Report): void {
  const seen = new Map<string, SpecPath>();
  for (const { component, path } of entries) {
    if (!component.connect) continue;
    const name = String(path.at(-1));
    const other = seen.get(name);
    if (!other) seen.set(name, path);
    else if (other[0] !== path[0]) {
      report({
        code: "name-taken",
        message: `\`${name}\` is the name of a ${singular(String(other[0]))} and of a ${singular(String(path[0]))}`,
        help: "rename one: `uses` says the name alone",
        at: inSpec(path, "key"),
        related: [{ at: inSpec(other, "key"), message: "the other" }],
      });
      seen.set(name, path);
    }
  }
  const names = [...seen].map(([name, path]) => ({ name, at: inSpec(path, "key") }));
  reportConfusable(names, (diagnostic) => {
    // Within one kind, validation has found them.
    const [section, other] = [diagnostic.at, diagnostic.related?.[0]?.at].map(sectionOf);
    if (section !== other) report(diagnostic);
  });
}

const sectionOf = (place: Place | undefined) => place && "path" in place && place.path[0];
