/** The printer: how documents are laid out, and that every reader reads what was printed. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Document, isCollection, isMap, isScalar, isSeq, parseDocument, visit } from "yaml";
import {
  availabilityZones,
  Expression,
  type FunctionName,
  join,
  mapExpressions,
  type PlainObject,
  partition,
  Reference,
  region,
  select,
  sub,
  type Value,
} from "../../compiler/cfn/values.ts";
import { merge } from "../../compiler/merge/merge.ts";
import { type Notes, printYaml } from "../../compiler/output/print.ts";
import { awkwardTexts, canonical, documents, families, runs } from "./families.ts";

expect.addSnapshotSerializer({ test: (value) => typeof value === "string", serialize: (value) => value });

const VERSIONS = ["1.1", "1.2"] as const;
type Version = (typeof VERSIONS)[number];

const FUNCTIONS: readonly FunctionName[] = [
  "Ref",
  "Condition",
  "Fn::GetAtt",
  "Fn::Sub",
  "Fn::Join",
  "Fn::Select",
  "Fn::GetAZs",
  "Fn::FindInMap",
  "Fn::If",
  "Fn::Equals",
  "Fn::And",
  "Import",
  "Readers",
];
const BY_TAG = new Map(FUNCTIONS.map((fn) => [`!${fn.replace("Fn::", "")}`, fn]));

const customTags = [...BY_TAG.keys()].flatMap((tag) => [
  { tag, resolve: (text: string) => text },
  { tag, collection: "seq" as const, resolve: <T>(items: T) => items },
  { tag, collection: "map" as const, resolve: <T>(items: T) => items },
]);

function parse(text: string, version: Version): Document {
  const document = parseDocument(text, { version, customTags });
  expect([...document.errors, ...document.warnings]).toEqual([]);
  return document;
}

/** What a reader that knows CloudFormation's short forms makes of a document. */
const read = (text: string, version: Version): Value => fromNode(parse(text, version).contents);

function fromNode(node: unknown): Value {
  const value = untagged(node);
  const fn = BY_TAG.get((node as { tag?: string }).tag ?? "");
  if (fn === undefined) return value;
  if (fn !== "Fn::GetAtt" || typeof value !== "string") return new Expression(fn, value);
  const dot = value.indexOf(".");
  return new Expression(fn, [value.slice(0, dot), value.slice(dot + 1)]);
}

function untagged(node: unknown): Value {
  if (isScalar(node)) return node.value as Value;
  if (isSeq(node)) return node.items.map(fromNode);
  if (!isMap(node)) throw new Error(`neither a scalar nor a collection: ${node}`);
  const entries = node.items.map(({ key, value }): [string, Value] => [
    fromNode(key) as string,
    fromNode(value),
  ]);
  const [[name, argument] = ["", ""]] = entries;
  const isLongForm = entries.length === 1 && name.startsWith("Fn::");
  return isLongForm ? new Expression(name as FunctionName, argument) : Object.fromEntries(entries);
}

describe("layout", () => {
  test("scalars, lists and objects", () => {
    expect(
      printYaml({
        Description: "Plain words; with, marks (all of them)",
        Count: 3,
        On: true,
        Empty: { List: [], Object: {}, Text: "" },
        Actions: ["a", "b"],
        Nested: [["a", "b"], [{ a: ["b"] }], []],
        Rules: [
          { Port: 443, Cidr: "10.0.0.0/8" },
          { Port: 443, Principal: { Service: "a" } },
        ],
      }),
    ).toMatchInlineSnapshot(`
      Description: Plain words; with, marks (all of them)
      Count: 3
      'On': true
      Empty:
        List: []
        Object: {}
        Text: ''
      Actions: [a, b]
      Nested:
        - [a, b]
        - - a: [b]
        - []
      Rules:
        - {Port: 443, Cidr: 10.0.0.0/8}
        - Port: 443
          Principal:
            Service: a
    `);
  });

  test("functions in short form, on one line where they fit", () => {
    const longer = "x".repeat(60);
    expect(
      printYaml({
        Ref: new Reference("Vpc"),
        GetAtt: new Reference("Vpc", "CidrBlock"),
        Sub: sub`arn:${partition}:s3:::bucket`,
        Zone: select(0, availabilityZones),
        Join: join(",", [
          new Reference("A"),
          new Expression("Fn::If", ["HasB", "b", new Reference("AWS::NoValue")]),
        ]),
        Broken: join(",", [longer, longer, new Reference("A")]),
        If: new Expression("Fn::If", [
          "HasB",
          { Key: longer, Value: longer },
          [{ Key: "a" }, longer, longer],
        ]),
        List: [new Reference("A"), join("", [longer, longer])],
        Attribute: new Reference(longer, longer),
      }),
    ).toMatchInlineSnapshot(`
      Ref: !Ref Vpc
      GetAtt: !GetAtt Vpc.CidrBlock
      Sub: !Sub 'arn:\${AWS::Partition}:s3:::bucket'
      Zone: !Select [0, !GetAZs '']
      Join: !Join [',', [!Ref A, !If [HasB, b, !Ref AWS::NoValue]]]
      Broken: !Join
        - ','
        - - xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
          - xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
          - !Ref A
      If: !If
        - HasB
        - Key: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
          Value: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
        - - {Key: a}
          - xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
          - xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
      List:
        - !Ref A
        - !Join
          - ''
          - - xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
            - xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
      Attribute: !GetAtt
        - xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
        - xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
    `);
  });

  test("two functions in one another: the outer in long form, as a node has one tag", () => {
    expect(
      printYaml({
        Zones: new Expression("Fn::GetAZs", region),
        List: [new Expression("Fn::GetAZs", new Expression("Fn::GetAZs", region))],
        Long: new Expression("Fn::GetAZs", new Reference("x".repeat(120))),
      }),
    ).toMatchInlineSnapshot(`
      Zones: {'Fn::GetAZs': !Ref AWS::Region}
      List: [{'Fn::GetAZs': {'Fn::GetAZs': !Ref AWS::Region}}]
      Long:
        Fn::GetAZs: !Ref xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
    `);
  });

  test("text of several lines is a block", () => {
    expect(
      printYaml({
        Script: '#!/bin/sh\nset -e\n\nif true; then\n  echo "it\'s: fine" # really\nfi\n',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of an Fn::Sub
        Function: new Expression("Fn::Sub", "echo ${AWS::Region}\nexit\n"),
        List: ["one\ntwo\n", { Text: "three\nfour\n" }],
        Open: "no line end\nhere",
        Spaces: "at the end \nof a line\n",
      }),
    ).toMatchInlineSnapshot(`
      Script: |
        #!/bin/sh
        set -e

        if true; then
          echo "it's: fine" # really
        fi
      Function: !Sub |
        echo \${AWS::Region}
        exit
      List:
        - |
          one
          two
        - Text: |
            three
            four
      Open: "no line end\\nhere"
      Spaces: "at the end \\nof a line\\n"
    `);
  });

  test("a row is one line", () => {
    const long = "x".repeat(60);
    expect(
      printYaml({
        Mappings: {
          Placement: { "eu-west-1": { "012345678904": "dev", "500000000005": "stage" } },
          Vpc: {
            dev: { CidrBlock: "10.0.0.0/16", Zones: ["a", "b"] },
            stage: { CidrBlock: long, Zones: [long, long] },
          },
        },
      }),
    ).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '012345678904': dev
            '500000000005': stage
        Vpc:
          dev: {CidrBlock: 10.0.0.0/16, Zones: [a, b]}
          stage:
            CidrBlock: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
            Zones:
              - xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
              - xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
    `);
  });

  test("a note stands behind its entry", () => {
    const short = { A: 1 };
    const full = { A: "x".repeat(100) };
    const broken = { A: "x".repeat(60), B: "x".repeat(60) };
    const notes: Notes = new Map<object, string>([
      [short, "not in use here"],
      [full, "not in use here: A"],
      [broken, "not in use here: B"],
    ]);
    expect(printYaml({ Mappings: { Vpc: { short, full, broken } } }, notes)).toMatchInlineSnapshot(`
      Mappings:
        Vpc:
          short: {A: 1} # not in use here
          full: # not in use here: A
            A: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
          broken: # not in use here: B
            A: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
            B: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
    `);
  });

  test("quotes only where a reader could take the text for something else", () => {
    expect(
      printYaml({
        plain: ["word", "two words", "10.0.0.0/16", "AWS::EC2::VPC", "a.b-c_d/e+f=g@h", "$x"],
        block: { a: "it's, (a) <b>; c", b: "rate(1 day)", c: "arn:aws:s3:::bucket" },
        quoted: [
          "yes",
          "012345678904",
          "1.10",
          "2012-10-17",
          "~",
          "",
          " a",
          "a: b",
          "a #b",
          "it's",
          "a, b",
          "*",
        ],
        escaped: ["a\tb", "a\nb", "\u0000\u0085\u2028\ufeff\ufffe\ud800"],
        on: { "1": 1, "a: b": 1, "aws:SourceVpc": 1, "": 1 },
      }),
    ).toMatchInlineSnapshot(`
      plain: [word, two words, 10.0.0.0/16, 'AWS::EC2::VPC', a.b-c_d/e+f=g@h, $x]
      block:
        a: it's, (a) <b>; c
        b: rate(1 day)
        c: arn:aws:s3:::bucket
      quoted: ['yes', '012345678904', '1.10', '2012-10-17', '~', '', ' a', 'a: b', 'a #b', 'it''s', 'a, b', '*']
      escaped: ["a\\tb", "a\\nb", "\\u0000\\u0085\\u2028\\ufeff\\ufffe\\ud800"]
      'on':
        '1': 1
        'a: b': 1
        aws:SourceVpc: 1
        '': 1
    `);
  });

  test("numbers are numbers for readers of YAML 1.1 too", () => {
    expect(printYaml({ Numbers: [0, -1, 0.5, 1e21, 1.5e-7, 1e-7] })).toMatchInlineSnapshot(
      `Numbers: [0, -1, 0.5, 1.0e+21, 1.5e-7, 1.0e-7]`,
    );
  });

  test("an empty document is an empty object", () => {
    expect(printYaml({})).toBe("{}\n");
  });
});

describe.each(VERSIONS)("a reader of YAML %s", (version) => {
  test.each(awkwardTexts)("reads %j as it was: as a value, a key, an item, an argument, a cell", (text) => {
    const document: PlainObject = {
      value: text,
      [text]: { [text]: [{ [text]: text }] },
      list: [text, text],
      items: [text, [text], { a: [text] }, { a: { b: text } }],
      sub: new Expression("Fn::Sub", text),
      join: [join(text, [text]), new Expression("Fn::If", [text, { [text]: text }, [[text]]])],
      Mappings: { Texts: { row: { Column: text, List: [text] } } },
    };
    expect(canonical(read(printYaml(document), version))).toBe(canonical(document));
  });

  test("reads any document as it was", () => {
    fc.assert(
      fc.property(documents, (document) => {
        expect(canonical(read(printYaml(document), version))).toBe(canonical(document));
      }),
      runs(3000),
    );
  });

  test("reads any template as it was", () => {
    fc.assert(
      fc.property(families, ({ landings, stacks }) => {
        const { template, notes } = merge(landings, stacks);
        expect(canonical(read(printYaml(template as never, notes), version))).toBe(canonical(template));
      }),
      runs(1000),
    );
  });
});

describe("any text that is printed", () => {
  const printed = fc.oneof(
    documents.map((document) => printYaml(document)),
    families.map(({ landings, stacks }) => {
      const { template, notes } = merge(landings, stacks);
      return printYaml(template as never, notes);
    }),
  );

  test("ends with one line end and has no white space at the end of a line", () => {
    fc.assert(
      fc.property(printed, (text) => {
        expect(text).toMatch(/[^\n]\n$/);
        expect(text).not.toMatch(/[ \t\r]$/m);
      }),
      runs(3000),
    );
  });

  test("has lines of 120 columns, unless one scalar is longer", () => {
    fc.assert(
      fc.property(printed, (text) => {
        visit(parse(text, "1.2"), (_, node) => {
          if (isCollection(node) && node.flow && node.items.length > 0) {
            expect(columnsOf(text, node.range?.[0] ?? 0)).toBeLessThanOrEqual(120);
          }
        });
      }),
      runs(3000),
    );
  });

  test("is the same each time, for copies too", () => {
    fc.assert(
      fc.property(documents, (document) => {
        const copy = mapExpressions(document, ({ fn, argument }) => new Expression(fn, argument));
        expect(printYaml(copy as PlainObject)).toBe(printYaml(document));
      }),
      runs(500),
    );
  });
});

/** How long the line is that an offset is in. */
function columnsOf(text: string, offset: number): number {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return text.indexOf("\n", offset) - start;
}
