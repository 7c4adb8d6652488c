/** What is wrong with who uses whom: what is not there, can't be reached, is two things, or too much at once. */
import { type Architecture, originOf, type Placement, placeOfSetting } from "./architecture.ts";
import { quoteList } from "./closest.ts";
import { reportConfusable } from "./confusable-names.ts";
import { type Connections, GIVEN, INTERNAL_DOOR, secretVariableOf, variableOf } from "./connection.ts";
import type { Demand, Listening } from "./demands.ts";
import { inSpec, type Place, type Report, reportOnce } from "./diagnostics.ts";
import type { KnownEntry } from "./entries.ts";
import { describeLimit, MOST_GROUP_RULES } from "./output/limits.ts";
import { formatPath, type SpecPath } from "./path.ts";
import { specSchema } from "./schema.ts";
import type { Spec } from "./spec.ts";
import { isPruned } from "./validate/prune.ts";
import { singular } from "./wording.ts";

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
  for (const demand of demands) {
    const { placement, path } = demand;
    const user = String(path.at(-1));
    for (const wish of wishesOf(demand)) {
      const entry = connections.entry(placement, wish.name);
      const connection = entry && connections.of(entry);
      const trouble = !entry
        ? absent(entries, user, wish, placement.environment)
        : entry.path[0] === path[0] && wish.name === user
          ? itself(user, wish)
          : !connection
            ? unreachable(entry.path)
            : wish.to === "objects" && !connection.bucketName && noBucket(wish.name);
      if (!trouble || (!entry && isUnknown(spec, wish.name))) continue;
      const { by, path: at } = originOf(spec, path, placement.environment, wish.setting);
      if (by !== "schema") once({ ...trouble, at: inSpec(at) });
    }
  }
}

/** Whether something of that name is there and wrong, or where it is meant to be is wrong. */
const isUnknown = (spec: Spec, name: string): boolean =>
  Object.keys(specSchema.properties ?? {}).some((section) => isPruned(spec, [section, name, "environments"]));

/** What somebody wants to have to do with another, and where that is said. */
interface Wish {
  readonly name: string;
  readonly setting: SpecPath;
  /** Absent where it is used. */
  readonly to?: Listening["to"];
}

const wishesOf = ({ uses = [], listens = [] }: Demand): Wish[] => [
  ...uses.map((name, index) => ({ name, setting: ["uses", index] })),
  ...listens.map(({ of, ...listening }) => ({ name: of, ...listening })),
];

/** Reports variables of one name that would be set twice: by what is used, by secrets, by the spec itself. */
export function checkVariables(
  { spec, demands }: Architecture,
  connections: Connections,
  report: Report,
): void {
  const once = reportOnce(report);
  for (const demand of demands) {
    const { placement, path, secrets = [], secretsByArn, variables = [] } = demand;
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
    for (const { name, setting, to } of distinct(wishesOf(demand))) {
      const entry = connections.entry(placement, name);
      const connection = entry && to !== "failures" ? connections.of(entry) : undefined;
      const names = { ...connection?.variables, ...(!secretsByArn && connection?.secrets) };
      for (const variable of Object.keys(names)) take(variable, `\`${name}\``, setting);
    }
    for (const [index, secret] of secrets.entries()) {
      const variable = secretsByArn ? secretVariableOf(secret) : variableOf(secret);
      take(variable, `the secret \`${secret}\``, ["secrets", index]);
    }
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
      const subject = subjectOf(what, placement);
      const door = doors.get(subject) ?? { at, users: new Set() };
      doors.set(subject, door);
      door.users.add(formatPath(path));
    }
  }
  for (const { placement, path, isLetIn } of demands) {
    if (isLetIn) doors.get(subjectOf(`the ${INTERNAL_DOOR}`, placement))?.users.add(formatPath(path));
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

const subjectOf = (what: string, { name }: Placement): string =>
  `the security group of ${what} in \`${name}\``;

/** What is used and listened to is one thing. */
const distinct = (wishes: readonly Wish[]): readonly Wish[] => [
  ...new Map(wishes.toReversed().map((wish) => [wish.name, wish])).values(),
];

const verbOf = ({ to }: Wish): string => (to ? "listens to" : "uses");

function absent(entries: readonly KnownEntry[], user: string, wish: Wish, environment: string) {
  const places = entries
    .filter(({ component, path }) => component.connect && path.at(-1) === wish.name)
    .map(({ placement }) => placement.environment);
  return {
    code: "unusable" as const,
    message: `\`${user}\` ${verbOf(wish)} \`${wish.name}\` in \`${environment}\`, where it isn't`,
    help:
      places.length > 0
        ? `it is in ${quoteList([...new Set(places)])}; the one must be where the other is, or say \`${wish.setting[0]}\` by environment under \`in\``
        : "no environment has it",
  };
}

const noBucket = (name: string) => ({
  code: "unusable" as const,
  message: `\`${name}\` is no bucket, and tells nobody what happens in it`,
  help: "name a store of `s3`",
});

const itself = (user: string, wish: Wish) => ({
  code: "unusable" as const,
  message: `\`${user}\` ${verbOf(wish)} itself`,
  help: "name another, or take it out",
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
