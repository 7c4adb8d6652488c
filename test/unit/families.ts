/** Generators: values, documents, and families of stacks that are mostly alike, as those of real placements are. */
import fc from "fast-check";
import type { RetentionPolicy, Template } from "../../compiler/cfn/template.ts";
import {
  availabilityZones,
  Expression,
  Import,
  isExpression,
  isList,
  isObject,
  isScalar,
  join,
  mapExpressions,
  type PlainObject,
  Reference,
  region,
  type Scalar,
  select,
  type Value,
} from "../../compiler/cfn/values.ts";
import type { Landing } from "../../compiler/merge/mappings.ts";
import { printYaml } from "../../compiler/output/print.ts";
import { type ConcreteStack, type Part, part, type Resource } from "../../compiler/stack.ts";

/** The same runs every time, unless FC_SEED says otherwise; FC_RUNS asks for more of them. */
export const runs = (count: number): { seed: number; numRuns: number } => ({
  seed: Number(process.env.FC_SEED ?? 20_101_009),
  numRuns: Number(process.env.FC_RUNS ?? count),
});

/** A value as text in which neither the order of keys nor the class of an expression counts. */
export function canonical(value: Value | Template): string {
  return JSON.stringify(sorted(value as Value), undefined, 1);
}

function sorted(value: Value): unknown {
  if (isScalar(value)) return value;
  if (isExpression(value)) return [`!${value.fn}`, sorted(value.argument)];
  if (isList(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

// Scalars

/** What YAML readers are known to take for something else, or to trip over. */
export const awkwardTexts = [
  "",
  " ",
  "012345678904",
  "0",
  "-1",
  "1.10",
  ".5",
  "1e3",
  "1_000",
  "0x1F",
  "0o17",
  "017",
  "12:30:45",
  "2012-10-17",
  "2001-12-14T21:59:43.10-05:00",
  "10.0.0.0/16",
  "1.2.3.4",
  "yes",
  "No",
  "ON",
  "off",
  "y",
  "N",
  "true",
  "False",
  "null",
  "Null",
  "~",
  "=",
  "<<",
  ".inf",
  "-.INF",
  ".NaN",
  "-",
  "---",
  "...",
  "- a",
  "? a",
  "a: b",
  "a:",
  ": a",
  "a #b",
  "# a",
  "a, b",
  "[a]",
  "{a: b}",
  "&a",
  "*a",
  "!a",
  "|",
  ">",
  "%a",
  "@a",
  "`a`",
  "'",
  "''",
  '"',
  "it's",
  'say "hi"',
  "back\\slash",
  "\\n",
  " leading",
  "trailing ",
  "tab\tbed",
  "\t",
  "\n",
  "one\ntwo",
  "one\ntwo\n",
  "one\n  two\n\nthree\n",
  "one \ntwo\n",
  "one\n\n",
  "\none\n",
  "# one\n: two\n- three\n",
  "carriage\r\nreturn\n",
  "naïve",
  "日本語",
  "👩‍💻 at work",
  "\u0000",
  "\u007f",
  "\u0085",
  "\u00a0",
  "\u2028",
  "\ufeff",
  "\ufffe",
  "\ud800",
  "AWS::EC2::VPC",
  "AWS::",
  "arn:aws:s3:::bucket/*",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of an Fn::Sub
  "${AWS::Region}-${!literal}",
  "rate(1 day)",
];

/** Texts of a template: mostly plain words, so that placements have some in common. */
const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("a", "b", "c", "on", "10.0.0.0/16", "two words") },
  { weight: 1, arbitrary: fc.constantFrom(...awkwardTexts) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 6 }) },
);
const number = fc.oneof(
  fc.integer({ min: -3, max: 90 }),
  fc.constantFrom(0.5, -1.25, 1e21, 1e-7, 2 ** 53, 65_535),
);
const scalar: fc.Arbitrary<Scalar> = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 1, arbitrary: number },
  { weight: 1, arbitrary: fc.boolean() },
);

// Values

const logicalId = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("Vpc", "Key", "Role", "Table", "Zone", "HasZone") },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "Placement",
      "Conditions",
      "PlacementValues",
      "constructor",
      "L".repeat(255),
      "2nd",
    ),
  },
);
const itemName = fc.constantFrom("a", "b", "c", "d", "string:a", "aws:x", "on");
const key = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("Cidr", "Tags", "Key", "Name", "Id", "Value", "List", "Action") },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "",
      "1",
      "y",
      "aws:SourceVpc",
      "[a]",
      "é",
      "__proto__",
      "K".repeat(260),
      "K-K",
    ),
  },
);
const outputName = fc.constantFrom("vpc-id", "key-arn");

const imported: fc.Arbitrary<Expression> = outputName.map(
  (name) => new Import({ stackSet: "network", name, type: "String", description: "" }),
);
const reference: fc.Arbitrary<Expression> = fc.oneof(
  logicalId.map((id) => new Reference(id)),
  logicalId.map((id) => new Reference(id, "Arn")),
  fc.constantFrom("AWS::Region", "AWS::Partition").map((name) => new Reference(name)),
);

// An interface would lack the index signature that `letrec` asks for.
type Values = {
  value: Value;
  expression: Expression;
  object: PlainObject;
  list: readonly Value[];
};

const listOf = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 3 });

const strings = listOf(fc.constantFrom("a", "b", "c", "d"));

const values = fc.letrec<Values>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "medium", depthIdentifier: "value" },
    { weight: 5, arbitrary: scalar },
    { weight: 2, arbitrary: tie("expression") },
    { weight: 2, arbitrary: tie("object") },
    { weight: 3, arbitrary: tie("list") },
  ),
  object: listOf(fc.tuple(key, tie("value"))).map((entries) => Object.fromEntries(entries)),
  list: fc.oneof(
    { depthIdentifier: "value" },
    strings,
    listOf(scalar),
    listOf(fc.tuple(itemName, tie("value")).map(([Key, Value]) => ({ Key, Value }))),
    listOf(fc.tuple(itemName, tie("value")).map(([Name, Cidr]) => ({ Cidr, Name }))),
    listOf(reference),
    listOf(tie("value")),
  ),
  expression: fc.oneof(
    { depthIdentifier: "value" },
    { weight: 4, arbitrary: reference },
    { weight: 1, arbitrary: imported },
    {
      weight: 1,
      arbitrary: fc
        .tuple(logicalId, text)
        .map(([id, rest]) => new Expression("Fn::Sub", `\${${id}.Arn}${rest.replaceAll("${", "${!")}`)),
    },
    {
      weight: 1,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of an Fn::Sub
      arbitrary: tie("value").map((Item) => new Expression("Fn::Sub", ["-${Item}", { Item }])),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom(",", "", "\n"), listOf(fc.oneof(text, reference, tie("expression"))))
        .map(([separator, items]) => join(separator, items)),
    },
    { weight: 1, arbitrary: imported.map((list) => join(",", list as unknown as readonly Value[])) },
    { weight: 1, arbitrary: fc.tuple(fc.nat(2), tie("list")).map(([index, list]) => select(index, list)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(select(0, availabilityZones), new Expression("Fn::GetAZs", region)),
    },
  ),
}));

const tags = listOf(fc.tuple(itemName, text).map(([Key, Value]) => ({ Key, Value })));

const properties: fc.Arbitrary<PlainObject> = fc
  .array(fc.oneof(fc.tuple(key, values.value), fc.tuple(fc.constant("Tags"), tags)), {
    minLength: 1,
    maxLength: 5,
    size: "max",
  })
  .map((entries) => Object.fromEntries(entries));

// Mutations

/** What becomes of the value at some place. */
type Change =
  /** The first scalar within it is another one, or a list of strings, for each placement. */
  | { readonly kind: "scalar"; readonly by: readonly Value[] }
  /** It is another, the same everywhere or different for each placement. */
  | { readonly kind: "replace"; readonly by: readonly Value[] }
  /** It lacks one of its parts. */
  | { readonly kind: "drop"; readonly index: number }
  /** It has one part more. */
  | { readonly kind: "insert"; readonly index: number; readonly key: string; readonly value: Value }
  /** Its parts stand in another order. */
  | { readonly kind: "reverse" }
  /** It is the only item of a list, or the only property of an object. */
  | { readonly kind: "wrap"; readonly key: string | undefined };

/** A change in some of the placements. */
interface Mutation {
  readonly placements: number;
  readonly resource: number;
  /** Which part of which part. */
  readonly way: readonly number[];
  readonly change: Change;
}

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("scalar"), by: someValues(scalar, 6) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("scalar"), by: someValues(strings, 6) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("replace"), by: someValues(scalar, 2) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("replace"), by: someValues(values.value, 2) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("drop"), index: fc.nat(5) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("insert"), index: fc.nat(5), key, value: values.value }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("insert"), index: fc.nat(5), key, value: reference }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("reverse") }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("wrap"), key: fc.option(key, { nil: undefined }) }),
  },
);

function someValues(item: fc.Arbitrary<Value>, maxLength: number): fc.Arbitrary<readonly Value[]> {
  return fc.array(item, { minLength: 1, maxLength });
}

const MOST_PLACEMENTS = 6;
/** A set of placements, by position. */
const placements = fc.noBias(fc.nat(2 ** MOST_PLACEMENTS - 1));
const isIn = (set: number, placement: number): boolean => Math.floor(set / 2 ** placement) % 2 === 1;

const mutation: fc.Arbitrary<Mutation> = fc.record({
  placements,
  resource: fc.nat(3),
  way: fc.array(fc.nat(5), { minLength: 1, maxLength: 4, size: "max" }),
  change,
});

function mutate(value: Value, way: readonly number[], what: Change, placement: number): Value {
  const [step = what.kind === "scalar" ? 0 : undefined, ...rest] = way;
  if (isExpression(value) && value.fn === "Fn::Join" && step !== undefined) {
    const [separator, list] = value.argument as readonly [string, Value];
    const mutated = mutate(list, way, what, placement);
    return isList(mutated) && mutated.every((item) => typeof item === "string" || isExpression(item))
      ? join(separator, mutated)
      : value;
  }
  if (step === undefined || isScalar(value) || isExpression(value) || Object.keys(value).length === 0) {
    return apply(value, what, placement);
  }
  if (isList(value)) {
    const index = step % value.length;
    return value.with(index, mutate(value[index] as Value, rest, what, placement));
  }
  const entries = Object.entries(value);
  const chosen = step % entries.length;
  return Object.fromEntries(
    entries.map(([name, item], index) => [
      name,
      index === chosen ? mutate(item, rest, what, placement) : item,
    ]),
  );
}

function apply(value: Value, what: Change, placement: number): Value {
  switch (what.kind) {
    case "scalar":
    case "replace":
      return what.by[placement % what.by.length] as Value;
    case "wrap":
      return what.key === undefined ? [value] : Object.fromEntries([[what.key, value]]);
    case "drop":
      return onParts(value, (parts) => parts.toSpliced(what.index % (parts.length || 1), 1));
    case "insert":
      return onParts(value, (parts) =>
        parts.toSpliced(what.index % (parts.length + 1), 0, [what.key, what.value]),
      );
    case "reverse":
      return onParts(value, (parts) => parts.toReversed());
  }
}

/** Changes the items of a list or the entries of an object; leaves the rest alone. */
function onParts(value: Value, edit: (parts: readonly [string, Value][]) => [string, Value][]): Value {
  if (isList(value)) return edit(value.map((item) => ["", item])).map(([, item]) => item);
  return isObject(value) ? Object.fromEntries(edit(Object.entries(value))) : value;
}

// Families

/** The stacks of one stack set, and where they land. A counterexample prints as YAML. */
export class Family {
  readonly landings: readonly Landing[];
  readonly stacks: readonly ConcreteStack[];

  constructor(landings: readonly Landing[], stacks: readonly ConcreteStack[]) {
    this.landings = landings;
    this.stacks = stacks;
  }

  [fc.toStringMethod](): string {
    const describe = ({ logicalId: id, part: reason, dependsOn, properties, ...policies }: Resource) => [
      id,
      {
        ...(reason && { Part: describePart(reason) }),
        ...(dependsOn.length > 0 && { DependsOn: dependsOn }),
        ...(policies.deletionPolicy && { DeletionPolicy: policies.deletionPolicy }),
        ...(policies.updatePolicy && { UpdatePolicy: policies.updatePolicy }),
        Properties: properties,
      },
    ];
    return `\n${printYaml(
      Object.fromEntries(
        this.landings.map(({ name, account, region: where }, placement) => [
          `${name} in ${account} ${where}`,
          Object.fromEntries((this.stacks[placement] as ConcreteStack).resources.map(describe)),
        ]),
      ),
    )}`;
  }
}

function describePart({ name, own, within }: Part): string {
  const outer = within.map(describePart).join(", ");
  return `${own ? "" : "no "}${name}${outer && ` in (${outer})`}`;
}

interface PartRecipe {
  readonly name: string;
  /** Where its own reason does not hold. */
  readonly absent: number;
  /** Positions among the parts before it. */
  readonly within: readonly number[];
  /** Whether each placement puts it within others of them. */
  readonly loose: boolean;
}

interface ResourceRecipe {
  readonly id: string;
  readonly type: Resource["type"];
  readonly deletionPolicy: RetentionPolicy | undefined;
  readonly updatePolicy: PlainObject | undefined;
  readonly part: number | undefined;
  readonly dependsOn: readonly number[];
  readonly properties: PlainObject;
  /** Where it is not even built. */
  readonly missing: number;
  /** Where it does not name what it depends on if that is absent anyway. */
  readonly silent: number;
}

const NAMES = ["dev", "stage", "prod", "shared-services", "prod.eu-west-1", "prod.eu.west-1", "2nd"];
const REGIONS = ["eu-west-1", "us-east-1", "ap-southeast-2"];
const ACCOUNTS = ["012345678904", "500000000005", "600000000006"];

const landings: fc.Arbitrary<readonly Landing[]> = fc
  .tuple(
    fc.uniqueArray(fc.nat(ACCOUNTS.length * REGIONS.length - 1), {
      minLength: 1,
      maxLength: MOST_PLACEMENTS,
      size: "max",
    }),
    fc.shuffledSubarray(NAMES, { minLength: MOST_PLACEMENTS, maxLength: MOST_PLACEMENTS }),
  )
  .map(([slots, names]) =>
    slots.map((slot, placement) => ({
      name: names[placement] as string,
      account: ACCOUNTS[slot % ACCOUNTS.length] as string,
      region: REGIONS[Math.floor(slot / ACCOUNTS.length)] as string,
    })),
  );

const seldom = <T>(arbitrary: fc.Arbitrary<T>, usually: T): fc.Arbitrary<T> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usually) }, { weight: 1, arbitrary });

const partRecipe: fc.Arbitrary<PartRecipe> = fc.record({
  name: fc.constantFrom("Zone", "Nat", "Vpc", "FlowLogs"),
  absent: placements,
  within: fc.array(fc.nat(2), { maxLength: 2 }),
  loose: seldom(fc.boolean(), false),
});

const resourceRecipe: fc.Arbitrary<ResourceRecipe> = fc.record({
  id: logicalId,
  type: fc.constantFrom<Resource["type"][]>("AWS::EC2::VPC", "AWS::SSM::Parameter", "AWS::IAM::Role"),
  deletionPolicy: seldom(fc.constantFrom<RetentionPolicy>("Retain", "Delete"), undefined as never),
  updatePolicy: seldom(
    fc.constantFrom({ Refresh: {} }, { Refresh: { Strategy: "Rolling" } }),
    undefined as never,
  ),
  part: fc.option(fc.noBias(fc.nat(3)), { nil: undefined }),
  dependsOn: fc.uniqueArray(fc.nat(3), { maxLength: 3 }),
  properties,
  missing: seldom(placements, 0),
  silent: placements,
});

/** Families in which the law can hold: what must be a literal is the same in all placements. */
export const families: fc.Arbitrary<Family> = fc
  .record({
    landings,
    parts: fc.uniqueArray(partRecipe, { maxLength: 4, size: "max", selector: ({ name }) => name }),
    resources: fc.uniqueArray(resourceRecipe, {
      minLength: 1,
      maxLength: 4,
      size: "max",
      selector: ({ id }) => id,
    }),
    mutations: fc.array(mutation, { maxLength: 6, size: "max" }),
  })
  .map(
    (recipe) =>
      new Family(
        recipe.landings,
        recipe.landings.map((_, placement) =>
          buildStack(placement, recipe.parts, recipe.resources, recipe.mutations),
        ),
      ),
  );

function buildStack(
  placement: number,
  partRecipes: readonly PartRecipe[],
  recipes: readonly ResourceRecipe[],
  mutations: readonly Mutation[],
): ConcreteStack {
  const parts = buildParts(placement, partRecipes);
  const partOf = ({ part: index }: ResourceRecipe): Part | undefined =>
    index === undefined ? undefined : parts[index];
  const built = recipes.filter(({ missing }) => !isIn(missing, placement));
  const isPresent = (recipe: ResourceRecipe) => built.includes(recipe) && (partOf(recipe)?.present ?? true);
  const present = new Set(built.filter(isPresent).map(({ id }) => id));
  const resources = built.map((recipe): Resource => {
    const ownPart = partOf(recipe);
    const dependsOn = recipe.dependsOn
      .map((index) => recipes[index])
      .filter((target): target is ResourceRecipe => target !== undefined && target !== recipe)
      .filter((target) => isPresent(target) || (built.includes(target) && !isIn(recipe.silent, placement)));
    const own = mutations.filter((each) => recipes[each.resource % recipes.length] === recipe);
    const properties = own
      .filter((each) => isIn(each.placements, placement))
      .reduce<PlainObject>((before, { way, change: what }) => {
        const mutated = mutate(before, way, what, placement);
        return isObject(mutated) ? mutated : before;
      }, recipe.properties);
    return {
      logicalId: recipe.id,
      type: recipe.type,
      properties: isPresent(recipe)
        ? (mapExpressions(properties, sound(present)) as PlainObject)
        : properties,
      dependsOn: dependsOn.map(({ id }) => id),
      ...(recipe.deletionPolicy && {
        deletionPolicy: recipe.deletionPolicy,
        updateReplacePolicy: recipe.deletionPolicy,
      }),
      ...(recipe.updatePolicy && { updatePolicy: recipe.updatePolicy }),
      ...(ownPart && { part: ownPart }),
      from: [],
    };
  });
  return { stackSet: "network", description: "A generated stack", resources };
}

/** What a resource that is there refers to is there too: other references are to the stack itself instead. */
const sound =
  (present: ReadonlySet<string>) =>
  (expression: Expression): Value => {
    const [target = "AWS::"] = targetsOf(expression);
    return target.startsWith("AWS::") || present.has(target) ? expression : new Reference("AWS::StackId");
  };

/** The logical IDs that an expression refers to itself. */
export function targetsOf({ fn, argument }: Expression): string[] {
  const [first] = isList(argument) ? argument : [argument];
  if (fn === "Ref" || fn === "Fn::GetAtt") return [first as string];
  return fn === "Fn::Sub" ? [...String(first).matchAll(/\$\{(\w[\w:]*)/g)].map(([, id]) => id as string) : [];
}

function buildParts(placement: number, recipes: readonly PartRecipe[]): Part[] {
  const parts: Part[] = [];
  for (const { name, absent, within, loose } of recipes) {
    const outer = within
      .filter((_, index) => !loose || (index + placement) % 2 === 0)
      .map((index) => parts[index])
      .filter((each) => each !== undefined);
    parts.push(part(name, !isIn(absent, placement), ...outer));
  }
  return parts;
}

// Documents

/** Any text at all, put together from what has a meaning in YAML. */
const anyText = fc.oneof(
  fc.constantFrom(...awkwardTexts),
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.string({ unit: "binary", maxLength: 6 }),
  textOf(...": # \n\t'\"\\-[]{}|>%@`&*!?,=~a1.😀é\u0085\u2028"),
  textOf(...awkwardTexts, "\n", " "),
  fc.constantFrom("word ".repeat(20).trim(), "x".repeat(119), "x".repeat(130), "two words\n".repeat(3)),
);

function textOf(...pieces: readonly string[]): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((all) => all.join(""));
}

/** Documents as the printer may get them, whatever the keys, the texts and the depth. */
export const documents: fc.Arbitrary<PlainObject> = fc.letrec<Values>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "medium", depthIdentifier: "document" },
    anyText,
    number,
    fc.boolean(),
    tie("expression"),
    tie("object"),
    tie("list"),
  ),
  object: fc
    .array(fc.tuple(anyText, tie("value")), { maxLength: 4, depthIdentifier: "document" })
    .map((entries) => Object.fromEntries(entries.filter(([name]) => name !== "Mappings"))),
  list: fc.array(tie("value"), { maxLength: 4, depthIdentifier: "document" }),
  expression: fc.oneof(
    { depthIdentifier: "document" },
    anyText.map((target) => new Reference(target)),
    fc.tuple(anyText, anyText).map(([id, attribute]) => new Reference(id.replaceAll(".", ""), attribute)),
    anyText.map((body) => new Expression("Fn::Sub", body)),
    imported,
    fc.constantFrom(availabilityZones, new Expression("Fn::GetAZs", region)),
    fc.tuple(anyText, tie("list")).map(([separator, list]) => join(separator, list)),
    fc.tuple(fc.nat(5), tie("value")).map(([index, list]) => select(index, list)),
    fc.tuple(anyText, tie("value"), tie("value")).map((branches) => new Expression("Fn::If", branches)),
    tie("expression").map((argument) => new Expression("Fn::GetAZs", argument)),
    tie("object").map((argument) => new Expression("Fn::Sub", argument)),
  ),
})).object;
