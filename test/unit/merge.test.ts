/** What the merge makes of small families, in full. Each also keeps the law. */
import { describe, expect, test } from "vitest";
import {
  accountId,
  Expression,
  join,
  noValue,
  type PlainObject,
  partition,
  Reference,
  select,
  sub,
  type Value,
} from "../../compiler/cfn/values.ts";
import { Invariant } from "../../compiler/invariant.ts";
import type { Landing } from "../../compiler/merge/mappings.ts";
import { merge } from "../../compiler/merge/merge.ts";
import { printYaml } from "../../compiler/output/print.ts";
import { concreteTemplate } from "../../compiler/specialise/concrete.ts";
import { specialise } from "../../compiler/specialise/specialise.ts";
import { type ConcreteStack, part, type Resource } from "../../compiler/stack.ts";
import { canonical } from "./families.ts";

const LANDINGS: readonly Landing[] = [
  { name: "dev", account: "111111111111", region: "eu-west-1" },
  { name: "stage", account: "222222222222", region: "eu-west-1" },
  { name: "prod.eu-west-1", account: "333333333333", region: "eu-west-1" },
  { name: "prod.us-east-1", account: "333333333333", region: "us-east-1" },
];

expect.addSnapshotSerializer({ test: (value) => typeof value === "string", serialize: (value) => value });

/** A resource; `with` is what it says besides its properties. */
const resource = (logicalId: string, properties: PlainObject, also: Partial<Resource> = {}): Resource => ({
  logicalId,
  type: "AWS::SSM::Parameter",
  properties,
  dependsOn: [],
  from: [],
  ...also,
});

const stackOf = (...resources: readonly Resource[]): ConcreteStack => ({
  stackSet: "network",
  description: "An example",
  resources,
});

/** One stack for each placement, each with one resource. */
const each = (...properties: readonly PlainObject[]): ConcreteStack[] =>
  properties.map((own) => stackOf(resource("Vpc", own)));

/** The template of the first placements, from `Mappings` on; fails where it breaks the law. */
function merged(stacks: readonly ConcreteStack[]): string {
  const landings = LANDINGS.slice(0, stacks.length);
  const { template, notes } = merge(landings, stacks);
  stacks.forEach((stack, placement) => {
    expect(canonical(specialise(template, landings[placement] as Landing))).toBe(
      canonical(concreteTemplate(stack)),
    );
  });
  const { AWSTemplateFormatVersion: _, Description: __, ...sections } = template;
  return printYaml(sections as unknown as PlainObject, notes);
}

const tag = (name: string, value: Value): PlainObject => ({ Key: name, Value: value });
const vpc = new Reference("Vpc");

describe("values", () => {
  test("what is the same everywhere is a literal", () => {
    expect(
      merged(each({ Cidr: "10.0.0.0/16", Dns: true }, { Dns: true, Cidr: "10.0.0.0/16" })),
    ).toMatchInlineSnapshot(`
      Resources:
        Vpc:
          Type: AWS::SSM::Parameter
          Properties:
            Cidr: 10.0.0.0/16
            Dns: true
    `);
  });

  test("a scalar that differs has a column, and each placement a row", () => {
    expect(
      merged(
        each({ Days: 1, Name: "a" }, { Days: 2, Name: "a" }, { Days: 3, Name: "b" }, { Days: 3, Name: "b" }),
      ),
    ).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
            '333333333333': prod.eu-west-1
          us-east-1:
            '333333333333': prod.us-east-1
        Vpc:
          dev: {Days: 1, Name: a}
          stage: {Days: 2, Name: a}
          prod.eu-west-1: {Days: 3, Name: b}
          prod.us-east-1: {Days: 3, Name: b}
      Resources:
        Vpc:
          Type: AWS::SSM::Parameter
          Properties:
            Days: !FindInMap [Vpc, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], Days]
            Name: !FindInMap [Vpc, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], Name]
    `);
  });

  test("so has a list of strings", () => {
    expect(merged(each({ Zones: ["a", "b"] }, { Zones: ["a"] }))).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
        Vpc:
          dev: {Zones: [a, b]}
          stage: {Zones: [a]}
      Resources:
        Vpc:
          Type: AWS::SSM::Parameter
          Properties:
            Zones: !FindInMap [Vpc, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], Zones]
    `);
  });

  test("differences sink into objects", () => {
    expect(
      merged(each({ Scaling: { Min: 1, Max: 3 }, Empty: {} }, { Scaling: { Min: 2, Max: 3 }, Empty: {} })),
    ).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
        Vpc:
          dev: {ScalingMin: 1}
          stage: {ScalingMin: 2}
      Resources:
        Vpc:
          Type: AWS::SSM::Parameter
          Properties:
            Scaling:
              Min: !FindInMap [Vpc, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], ScalingMin]
              Max: 3
            Empty: {}
    `);
  });

  test("a tag is called by its name", () => {
    expect(
      merged(
        each(
          { Tags: [tag("Name", "acme-dev"), tag("cost-center", "1")] },
          { Tags: [tag("Name", "acme-stage"), tag("cost-center", "2")] },
        ),
      ),
    ).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
        Vpc:
          dev: {NameTag: acme-dev, CostCenterTag: '1'}
          stage: {NameTag: acme-stage, CostCenterTag: '2'}
      Resources:
        Vpc:
          Type: AWS::SSM::Parameter
          Properties:
            Tags:
              - {Key: Name, Value: !FindInMap [Vpc, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], NameTag]}
              - Key: cost-center
                Value: !FindInMap [Vpc, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], CostCenterTag]
    `);
  });

  test("columns that would be called the same are counted", () => {
    expect(
      merged(each({ A: { BC: "1" }, AB: { C: "1" } }, { A: { BC: "2" }, AB: { C: "3" } })),
    ).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
        Vpc:
          dev: {ABC: '1', ABC2: '1'}
          stage: {ABC: '2', ABC2: '3'}
      Resources:
        Vpc:
          Type: AWS::SSM::Parameter
          Properties:
            A:
              BC: !FindInMap [Vpc, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], ABC]
            AB:
              C: !FindInMap [Vpc, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], ABC2]
    `);
  });

  test("a property that only some have is under a condition", () => {
    expect(merged(each({ Name: "a" }, { Name: "a", Tier: "Advanced" }))).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
        Conditions:
          dev: {HasVpcTier: 'false'}
          stage: {HasVpcTier: 'true'}
      Conditions:
        HasVpcTier: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], HasVpcTier]
          - 'true'
      Resources:
        Vpc:
          Type: AWS::SSM::Parameter
          Properties:
            Name: a
            Tier: !If [HasVpcTier, Advanced, !Ref AWS::NoValue]
    `);
  });

  test("what a property is called begins with a letter, whatever its key", () => {
    expect(merged(each({ Map: {} }, { Map: { "_x:y": "é", "": 1 } }))).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
        Conditions:
          dev: {HasVpcMapXY: 'false', HasVpcMap: 'false'}
          stage: {HasVpcMapXY: 'true', HasVpcMap: 'true'}
      Conditions:
        HasVpcMapXY: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], HasVpcMapXY]
          - 'true'
        HasVpcMap: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], HasVpcMap]
          - 'true'
      Resources:
        Vpc:
          Type: AWS::SSM::Parameter
          Properties:
            Map:
              _x:y: !If [HasVpcMapXY, "\\u00e9", !Ref AWS::NoValue]
              '': !If [HasVpcMap, 1, !Ref AWS::NoValue]
    `);
  });

  test("a different structure is another branch, named for the first that has it", () => {
    expect(
      merged(
        each({ Rule: "none" }, { Rule: { Days: 1 } }, { Rule: { Days: 2 } }, { Rule: select(0, ["a"]) }),
      ),
    ).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
            '333333333333': prod.eu-west-1
          us-east-1:
            '333333333333': prod.us-east-1
        Conditions:
          dev: {VpcRuleLikeStage: 'false', VpcRuleLikeProdUsEast1: 'false'}
          stage: {VpcRuleLikeStage: 'true', VpcRuleLikeProdUsEast1: 'false'}
          prod.eu-west-1: {VpcRuleLikeStage: 'true', VpcRuleLikeProdUsEast1: 'false'}
          prod.us-east-1: {VpcRuleLikeStage: 'false', VpcRuleLikeProdUsEast1: 'true'}
        Vpc:
          dev: {RuleDays: 1} # not in use here
          stage: {RuleDays: 1}
          prod.eu-west-1: {RuleDays: 2}
          prod.us-east-1: {RuleDays: 1} # not in use here
      Conditions:
        VpcRuleLikeStage: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], VpcRuleLikeStage]
          - 'true'
        VpcRuleLikeProdUsEast1: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], VpcRuleLikeProdUsEast1]
          - 'true'
      Resources:
        Vpc:
          Type: AWS::SSM::Parameter
          Properties:
            Rule: !If
              - VpcRuleLikeProdUsEast1
              - !Select [0, [a]]
              - !If
                - VpcRuleLikeStage
                - {Days: !FindInMap [Vpc, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], RuleDays]}
                - none
    `);
  });

  test("a column has one kind of value, also in rows that nobody reads", () => {
    expect(merged(each({ Action: "*" }, { Action: ["a"] }, { Action: ["b"] }))).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
            '333333333333': prod.eu-west-1
        Conditions:
          dev: {VpcActionLikeStage: 'false'}
          stage: {VpcActionLikeStage: 'true'}
          prod.eu-west-1: {VpcActionLikeStage: 'true'}
        Vpc:
          dev: {Action: [a]} # not in use here
          stage: {Action: [a]}
          prod.eu-west-1: {Action: [b]}
      Conditions:
        VpcActionLikeStage: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], VpcActionLikeStage]
          - 'true'
      Resources:
        Vpc:
          Type: AWS::SSM::Parameter
          Properties:
            Action: !If
              - VpcActionLikeStage
              - !FindInMap [Vpc, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], Action]
              - '*'
    `);
  });
});

describe("lists", () => {
  test("items are aligned by name, in an order that suits all", () => {
    expect(
      merged(
        each(
          { Tags: [tag("a", 1)] },
          { Tags: [tag("b", 2)] },
          { Tags: [tag("a", 1), tag("b", 3), tag("c", "x")] },
        ),
      ),
    ).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
            '333333333333': prod.eu-west-1
        Conditions:
          dev: {HasVpcATag: 'true', HasVpcBTag: 'false', HasVpcCTag: 'false'}
          stage: {HasVpcATag: 'false', HasVpcBTag: 'true', HasVpcCTag: 'false'}
          prod.eu-west-1: {HasVpcATag: 'true', HasVpcBTag: 'true', HasVpcCTag: 'true'}
        Vpc:
          dev: {BTag: 2} # not in use here
          stage: {BTag: 2}
          prod.eu-west-1: {BTag: 3}
      Conditions:
        HasVpcATag: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], HasVpcATag]
          - 'true'
        HasVpcBTag: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], HasVpcBTag]
          - 'true'
        HasVpcCTag: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], HasVpcCTag]
          - 'true'
      Resources:
        Vpc:
          Type: AWS::SSM::Parameter
          Properties:
            Tags:
              - !If [HasVpcATag, {Key: a, Value: 1}, !Ref AWS::NoValue]
              - !If
                - HasVpcBTag
                - {Key: b, Value: !FindInMap [Vpc, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], BTag]}
                - !Ref AWS::NoValue
              - !If [HasVpcCTag, {Key: c, Value: x}, !Ref AWS::NoValue]
    `);
  });

  test("by position where they have none and there are as many", () => {
    expect(
      merged(
        each(
          { Rules: [{ Cidr: "10.0.0.0/8", Port: 443 }] },
          { Rules: [{ Cidr: "10.1.0.0/8", Port: 443 }] },
          { Rules: [{ Cidr: "10.0.0.0/8", Port: 443 }, { Cidr: "10.1.0.0/8" }] },
        ),
      ),
    ).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
            '333333333333': prod.eu-west-1
        Conditions:
          dev: {VpcRulesLikeProdEuWest1: 'false'}
          stage: {VpcRulesLikeProdEuWest1: 'false'}
          prod.eu-west-1: {VpcRulesLikeProdEuWest1: 'true'}
        Vpc:
          dev: {Rules1Cidr: 10.0.0.0/8}
          stage: {Rules1Cidr: 10.1.0.0/8}
          prod.eu-west-1: {Rules1Cidr: 10.0.0.0/8} # not in use here
      Conditions:
        VpcRulesLikeProdEuWest1: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], VpcRulesLikeProdEuWest1]
          - 'true'
      Resources:
        Vpc:
          Type: AWS::SSM::Parameter
          Properties:
            Rules: !If
              - VpcRulesLikeProdEuWest1
              - - {Cidr: 10.0.0.0/8, Port: 443}
                - {Cidr: 10.1.0.0/8}
              - - Cidr: !FindInMap [Vpc, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], Rules1Cidr]
                  Port: 443
    `);
  });

  test("by position too where their orders differ", () => {
    expect(merged(each({ Ids: [1, 2] }, { Ids: [2, 1] }))).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
        Vpc:
          dev: {Ids1: 1, Ids2: 2}
          stage: {Ids1: 2, Ids2: 1}
      Resources:
        Vpc:
          Type: AWS::SSM::Parameter
          Properties:
            Ids:
              - !FindInMap [Vpc, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], Ids1]
              - !FindInMap [Vpc, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], Ids2]
    `);
  });

  test("a list may be empty, and a list in a list", () => {
    expect(merged(each({ Ids: [], Deep: [[1]] }, { Ids: [1], Deep: [[2]] }))).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
        Conditions:
          dev: {VpcIdsLikeStage: 'false'}
          stage: {VpcIdsLikeStage: 'true'}
        Vpc:
          dev: {Deep11: 1}
          stage: {Deep11: 2}
      Conditions:
        VpcIdsLikeStage: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], VpcIdsLikeStage]
          - 'true'
      Resources:
        Vpc:
          Type: AWS::SSM::Parameter
          Properties:
            Ids: !If [VpcIdsLikeStage, [1], []]
            Deep:
              - [!FindInMap [Vpc, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], Deep11]]
    `);
  });

  test("a text with references is common but for what differs, in whole words", () => {
    const arn = (name: string) => sub`arn:${partition}:s3:::acme-${name}-logs/${accountId}/*`;
    expect(merged(each({ Arn: arn("dev") }, { Arn: arn("demo") }))).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
        Vpc:
          dev: {Arn: dev}
          stage: {Arn: demo}
      Resources:
        Vpc:
          Type: AWS::SSM::Parameter
          Properties:
            Arn: !Sub
              - 'arn:\${AWS::Partition}:s3:::acme-\${Own}-logs/\${AWS::AccountId}/*'
              - {Own: !FindInMap [Vpc, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], Arn]}
    `);
  });

  test("a stretch with dollar signs is taken as it is", () => {
    const odd = (name: string) => sub`${name}-$$-$&-${partition}`;
    expect(merged(each({ Name: odd("a$$") }, { Name: odd("b$&") }))).toContain("a$$");
  });

  test("texts that refer to different things are branches", () => {
    expect(merged(each({ Arn: sub`${partition}-x` }, { Arn: sub`${accountId}-x` }))).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
        Conditions:
          dev: {VpcArnLikeStage: 'false'}
          stage: {VpcArnLikeStage: 'true'}
      Conditions:
        VpcArnLikeStage: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], VpcArnLikeStage]
          - 'true'
      Resources:
        Vpc:
          Type: AWS::SSM::Parameter
          Properties:
            Arn: !If [VpcArnLikeStage, !Sub '\${AWS::AccountId}-x', !Sub '\${AWS::Partition}-x']
    `);
  });

  test("what the variables of one text stand for is looked up", () => {
    const code = (Host: Value) =>
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of an Fn::Sub
      new Expression("Fn::Sub", ["host = ${Host};\nport = ${Port};\n", { Host, Port: 1 }]);
    expect(merged(each({ Code: code("dev") }, { Code: code("prod") }))).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
        Vpc:
          dev: {CodeHost: dev}
          stage: {CodeHost: prod}
      Resources:
        Vpc:
          Type: AWS::SSM::Parameter
          Properties:
            Code: !Sub
              - |
                host = \${Host};
                port = \${Port};
              - {Host: !FindInMap [Vpc, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], CodeHost], Port: 1}
    `);
  });

  test("and by a condition where one is a reference and the other is not", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of an Fn::Sub
    const code = (Host: Value) => new Expression("Fn::Sub", ["host ${Host}", { Host }]);
    expect(merged(each({ Code: code("dev") }, { Code: code(accountId) }))).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
        Conditions:
          dev: {VpcCodeHostLikeStage: 'false'}
          stage: {VpcCodeHostLikeStage: 'true'}
      Conditions:
        VpcCodeHostLikeStage: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], VpcCodeHostLikeStage]
          - 'true'
      Resources:
        Vpc:
          Type: AWS::SSM::Parameter
          Properties:
            Code: !Sub ['host \${Host}', {Host: !If [VpcCodeHostLikeStage, !Ref AWS::AccountId, dev]}]
    `);
  });

  test("a list whose items differ only in what can be looked up stays as it is", () => {
    const list = (name: string) => ["*", sub`${partition}-${name}`, name, accountId];
    expect(merged(each({ Items: list("dev") }, { Items: list("prod") }))).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
        Vpc:
          dev: {Items2: dev, Items3: dev}
          stage: {Items2: prod, Items3: prod}
      Resources:
        Vpc:
          Type: AWS::SSM::Parameter
          Properties:
            Items:
              - '*'
              - !Sub
                - '\${AWS::Partition}-\${Own}'
                - {Own: !FindInMap [Vpc, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], Items2]}
              - !FindInMap [Vpc, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], Items3]
              - !Ref AWS::AccountId
    `);
  });

  test("a joined list may have optional items", () => {
    expect(
      merged(each({ Value: join(",", [vpc, "a"]) }, { Value: join(",", [vpc, "a", "b"]) })),
    ).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
        Conditions:
          dev: {HasVpcValueB: 'false'}
          stage: {HasVpcValueB: 'true'}
      Conditions:
        HasVpcValueB: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], HasVpcValueB]
          - 'true'
      Resources:
        Vpc:
          Type: AWS::SSM::Parameter
          Properties:
            Value: !Join [',', [!Ref Vpc, a, !If [HasVpcValueB, b, !Ref AWS::NoValue]]]
    `);
  });

  test("but not a separator of its own", () => {
    expect(merged(each({ Value: join(",", ["a"]) }, { Value: join(";", ["a"]) }))).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
        Conditions:
          dev: {VpcValueLikeStage: 'false'}
          stage: {VpcValueLikeStage: 'true'}
      Conditions:
        VpcValueLikeStage: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], VpcValueLikeStage]
          - 'true'
      Resources:
        Vpc:
          Type: AWS::SSM::Parameter
          Properties:
            Value: !If [VpcValueLikeStage, !Join [';', [a]], !Join [',', [a]]]
    `);
  });
});

describe("resources", () => {
  const table = (also: Partial<Resource> = {}) => resource("Table", { Size: 1 }, also);

  test("one that only some have gets a condition of its own", () => {
    expect(
      merged([stackOf(resource("Vpc", {})), stackOf(resource("Vpc", {}), table())]),
    ).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
        Conditions:
          dev: {HasTable: 'false'}
          stage: {HasTable: 'true'}
      Conditions:
        HasTable: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], HasTable]
          - 'true'
      Resources:
        Vpc:
          Type: AWS::SSM::Parameter
          Properties: {}
        Table:
          Type: AWS::SSM::Parameter
          Condition: HasTable
          Properties:
            Size: 1
    `);
  });

  test("or that of its part", () => {
    const inZone = (own: boolean) =>
      stackOf(
        resource("Subnet", { Name: "a" }, { part: part("Zone3", own) }),
        table({ part: part("Zone3", own) }),
      );
    expect(merged([inZone(false), inZone(true)])).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
        Conditions:
          dev: {HasZone3: 'false'}
          stage: {HasZone3: 'true'}
      Conditions:
        HasZone3: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], HasZone3]
          - 'true'
      Resources:
        Subnet:
          Type: AWS::SSM::Parameter
          Condition: HasZone3
          Properties:
            Name: a
        Table:
          Type: AWS::SSM::Parameter
          Condition: HasZone3
          Properties:
            Size: 1
    `);
  });

  test("what no placement has is not there, nor is its condition", () => {
    const absent = table({ part: part("Zone3", false) });
    expect(
      merged([
        stackOf(resource("Vpc", {}, { dependsOn: ["Table"] }), absent),
        stackOf(resource("Vpc", {}), absent),
      ]),
    ).toMatchInlineSnapshot(`
      Resources:
        Vpc:
          Type: AWS::SSM::Parameter
          Properties: {}
    `);
  });

  test("rows that nobody reads are filled and noted", () => {
    const inZone = (own: boolean, Cidr: string) =>
      stackOf(resource("Subnet", { Cidr }, { part: part("Zone3", own) }));
    expect(
      merged([
        inZone(true, "10.0.0.0/24"),
        inZone(false, "10.1.0.0/24"),
        inZone(true, "10.2.0.0/24"),
        stackOf(),
      ]),
    ).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
            '333333333333': prod.eu-west-1
          us-east-1:
            '333333333333': prod.us-east-1
        Conditions:
          dev: {HasZone3: 'true'}
          stage: {HasZone3: 'false'}
          prod.eu-west-1: {HasZone3: 'true'}
          prod.us-east-1: {HasZone3: 'false'}
        Subnet:
          dev: {Cidr: 10.0.0.0/24}
          stage: {Cidr: 10.1.0.0/24} # not in use here
          prod.eu-west-1: {Cidr: 10.2.0.0/24}
          prod.us-east-1: {Cidr: 10.0.0.0/24} # not in use here
      Conditions:
        HasZone3: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], HasZone3]
          - 'true'
      Resources:
        Subnet:
          Type: AWS::SSM::Parameter
          Condition: HasZone3
          Properties:
            Cidr: !FindInMap [Subnet, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], Cidr]
    `);
  });

  test("so are single cells", () => {
    expect(
      merged(each({ Name: "a" }, { Name: "b", Days: 1 }, { Name: "b", Days: 2 })),
    ).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
            '333333333333': prod.eu-west-1
        Conditions:
          dev: {HasVpcDays: 'false'}
          stage: {HasVpcDays: 'true'}
          prod.eu-west-1: {HasVpcDays: 'true'}
        Vpc:
          dev: {Name: a, Days: 1} # not in use here: Days
          stage: {Name: b, Days: 1}
          prod.eu-west-1: {Name: b, Days: 2}
      Conditions:
        HasVpcDays: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], HasVpcDays]
          - 'true'
      Resources:
        Vpc:
          Type: AWS::SSM::Parameter
          Properties:
            Name: !FindInMap [Vpc, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], Name]
            Days: !If
              - HasVpcDays
              - !FindInMap [Vpc, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], Days]
              - !Ref AWS::NoValue
    `);
  });

  test("a part within others implies them", () => {
    const placement = (zone: boolean, nat: boolean) => {
      const inZone = part("Zone3", zone);
      const hasNat = part("Nat", nat);
      return stackOf(
        resource("Subnet", {}, { part: inZone }),
        resource("Gateway", {}, { part: hasNat }),
        resource("Route", {}, { part: part("Route", true, inZone, hasNat) }),
        resource("Log", {}, { part: part("Log", zone && !nat, inZone) }),
      );
    };
    expect(
      merged([placement(false, true), placement(true, true), placement(true, false)]),
    ).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
            '333333333333': prod.eu-west-1
        Conditions:
          dev: {HasZone3: 'false', HasNat: 'true', HasLog: 'false'}
          stage: {HasZone3: 'true', HasNat: 'true', HasLog: 'false'}
          prod.eu-west-1: {HasZone3: 'true', HasNat: 'false', HasLog: 'true'}
      Conditions:
        HasZone3: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], HasZone3]
          - 'true'
        HasNat: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], HasNat]
          - 'true'
        HasRoute: !And [!Condition HasZone3, !Condition HasNat]
        HasLog: !And
          - !Condition HasZone3
          - !Equals [!FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], HasLog], 'true']
      Resources:
        Subnet:
          Type: AWS::SSM::Parameter
          Condition: HasZone3
          Properties: {}
        Gateway:
          Type: AWS::SSM::Parameter
          Condition: HasNat
          Properties: {}
        Route:
          Type: AWS::SSM::Parameter
          Condition: HasRoute
          Properties: {}
        Log:
          Type: AWS::SSM::Parameter
          Condition: HasLog
          Properties: {}
    `);
  });

  test("a part that is wherever the one around it is takes its condition", () => {
    const placement = (zone: boolean) => {
      const inZone = part("Zone3", zone);
      return stackOf(
        resource("Subnet", {}, { part: inZone }),
        resource("Route", {}, { part: part("Route", zone, inZone) }),
      );
    };
    expect(merged([placement(false), placement(true)])).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
        Conditions:
          dev: {HasZone3: 'false'}
          stage: {HasZone3: 'true'}
      Conditions:
        HasZone3: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], HasZone3]
          - 'true'
      Resources:
        Subnet:
          Type: AWS::SSM::Parameter
          Condition: HasZone3
          Properties: {}
        Route:
          Type: AWS::SSM::Parameter
          Condition: HasZone3
          Properties: {}
    `);
  });

  test("a part need not lie within the same others everywhere", () => {
    const around = part("Zone3", false);
    expect(
      merged([
        stackOf(table({ part: part("Table", true, around) })),
        stackOf(table({ part: part("Table", true) })),
      ]),
    ).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
        Conditions:
          dev: {HasTable: 'false'}
          stage: {HasTable: 'true'}
      Conditions:
        HasTable: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], HasTable]
          - 'true'
      Resources:
        Table:
          Type: AWS::SSM::Parameter
          Condition: HasTable
          Properties:
            Size: 1
    `);
  });

  test("a part and a resource of one name do not share a condition", () => {
    const placement = (zone: boolean, nat: boolean) =>
      stackOf(...(zone ? [resource("Nat", {})] : []), table({ part: part("Nat", nat) }));
    expect(merged([placement(true, false), placement(false, true)])).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
        Conditions:
          dev: {HasNat: 'true', HasNat2: 'false'}
          stage: {HasNat: 'false', HasNat2: 'true'}
      Conditions:
        HasNat: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], HasNat]
          - 'true'
        HasNat2: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], HasNat2]
          - 'true'
      Resources:
        Nat:
          Type: AWS::SSM::Parameter
          Condition: HasNat
          Properties: {}
        Table:
          Type: AWS::SSM::Parameter
          Condition: HasNat2
          Properties:
            Size: 1
    `);
  });

  test("they stand in an order that suits all", () => {
    const [a, b, c] = ["A", "B", "C"].map((id) => resource(id, {})) as [Resource, Resource, Resource];
    const { template } = merge(LANDINGS.slice(0, 3), [stackOf(a, c), stackOf(b), stackOf(a, b, c)]);
    expect(Object.keys(template.Resources)).toEqual(["A", "B", "C"]);
  });

  test("DependsOn names what some placements lack", () => {
    const placement = (zone: boolean) =>
      stackOf(
        ...(zone ? [table()] : []),
        resource("Vpc", {}, { dependsOn: zone ? ["Table"] : [] }),
        resource("Role", {}, { dependsOn: zone ? ["Table", "Vpc"] : ["Vpc"] }),
      );
    expect(merged([placement(false), placement(true)])).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
        Conditions:
          dev: {HasTable: 'false'}
          stage: {HasTable: 'true'}
      Conditions:
        HasTable: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], HasTable]
          - 'true'
      Resources:
        Table:
          Type: AWS::SSM::Parameter
          Condition: HasTable
          Properties:
            Size: 1
        Vpc:
          Type: AWS::SSM::Parameter
          DependsOn: [Table]
          Properties: {}
        Role:
          Type: AWS::SSM::Parameter
          DependsOn: [Table, Vpc]
          Properties: {}
    `);
  });

  test("retention and the way it is updated are the same everywhere", () => {
    const retained = table({
      deletionPolicy: "Retain",
      updateReplacePolicy: "Retain",
      updatePolicy: { AutoScalingInstanceRefresh: { Strategy: "Rolling" } },
    });
    expect(merged([stackOf(retained), stackOf(retained)])).toMatchInlineSnapshot(`
      Resources:
        Table:
          Type: AWS::SSM::Parameter
          DeletionPolicy: Retain
          UpdateReplacePolicy: Retain
          UpdatePolicy:
            AutoScalingInstanceRefresh:
              Strategy: Rolling
          Properties:
            Size: 1
    `);
  });

  test("a resource may be called like a mapping of ours", () => {
    const called = (size: number) =>
      stackOf(
        ...["Placement", "Conditions", "PlacementValues"].map((id) => resource(id, { Size: size })),
        ...(size > 1 ? [resource("Vpc", {})] : []),
      );
    expect(merged([called(1), called(2)])).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
        Conditions:
          dev: {HasVpc: 'false'}
          stage: {HasVpc: 'true'}
        PlacementValues:
          dev: {Size: 1, Size2: 1}
          stage: {Size: 2, Size2: 2}
        ConditionsValues:
          dev: {Size: 1}
          stage: {Size: 2}
      Conditions:
        HasVpc: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], HasVpc]
          - 'true'
      Resources:
        Placement:
          Type: AWS::SSM::Parameter
          Properties:
            Size: !FindInMap [PlacementValues, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], Size]
        Conditions:
          Type: AWS::SSM::Parameter
          Properties:
            Size: !FindInMap [ConditionsValues, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], Size]
        PlacementValues:
          Type: AWS::SSM::Parameter
          Properties:
            Size: !FindInMap [PlacementValues, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], Size2]
        Vpc:
          Type: AWS::SSM::Parameter
          Condition: HasVpc
          Properties: {}
    `);
  });
});

describe("references to what only some placements have", () => {
  const nat = (has: boolean) => part("Nat2", has);
  const gateways = (has: boolean) => [resource("Nat1", {}), resource("Nat2", {}, { part: nat(has) })];
  const route = (has: boolean) => resource("Route", { Gateway: new Reference(has ? "Nat2" : "Nat1") });

  test.each([[[false, true]], [[true, false]]])(
    "stand under its condition, whichever placement comes first: %j",
    (order) => {
      expect(merged(order.map((has) => stackOf(...gateways(has), route(has))))).toContain(
        "Gateway: !If [HasNat2, !Ref Nat2, !Ref Nat1]\n",
      );
    },
  );

  test("as items of a list too", () => {
    const share = (has: boolean) =>
      resource("Share", { Ids: [vpc, ...(has ? [new Reference("Nat2", "Id")] : [])] });
    expect(merged([false, true].map((has) => stackOf(...gateways(has), share(has))))).toContain(
      "Ids: [!Ref Vpc, !If [HasNat2, !GetAtt Nat2.Id, !Ref AWS::NoValue]]\n",
    );
  });

  test("also where the placements that refer to it are fewer, and within another function", () => {
    const value = (refers: boolean) =>
      resource("Value", { Value: refers ? select(0, [new Reference("Nat2")]) : "none" });
    expect(
      merged(
        [
          [true, true],
          [true, false],
          [false, false],
        ].map(([has = false, refers = false]) => stackOf(...gateways(has), value(refers))),
      ),
    ).toMatchInlineSnapshot(`
      Mappings:
        Placement:
          eu-west-1:
            '111111111111': dev
            '222222222222': stage
            '333333333333': prod.eu-west-1
        Conditions:
          dev: {HasNat2: 'true', ValueValueLikeDev: 'true'}
          stage: {HasNat2: 'true', ValueValueLikeDev: 'false'}
          prod.eu-west-1: {HasNat2: 'false', ValueValueLikeDev: 'false'}
      Conditions:
        HasNat2: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], HasNat2]
          - 'true'
        ValueValueLikeDev: !Equals
          - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], ValueValueLikeDev]
          - 'true'
      Resources:
        Nat1:
          Type: AWS::SSM::Parameter
          Properties: {}
        Nat2:
          Type: AWS::SSM::Parameter
          Condition: HasNat2
          Properties: {}
        Value:
          Type: AWS::SSM::Parameter
          Properties:
            Value: !If [ValueValueLikeDev, !If [HasNat2, !Select [0, [!Ref Nat2]], !Ref AWS::NoValue], none]
    `);
  });

  test("need no condition under one that implies it", () => {
    const inner = (has: boolean, own: boolean) =>
      resource("Alarm", { Id: new Reference("Nat2") }, { part: part("Alarm", own, nat(has)) });
    expect(
      merged(
        [
          [true, true],
          [true, false],
          [false, false],
        ].map(([has = false, own = false]) => stackOf(...gateways(has), inner(has, own))),
      ),
    ).toContain("Condition: HasAlarm\n    Properties:\n      Id: !Ref Nat2\n");
  });
});

describe("what must be literal can't differ", () => {
  test.each<[string, Partial<Resource>, Partial<Resource>]>([
    ["type", { type: "AWS::EC2::VPC" }, { type: "AWS::EC2::Subnet" }],
    ["deletionPolicy", { deletionPolicy: "Retain" }, {}],
    ["updateReplacePolicy", { updateReplacePolicy: "Retain" }, { updateReplacePolicy: "Delete" }],
    ["updatePolicy", { updatePolicy: { Refresh: { Wait: true } } }, { updatePolicy: { Refresh: {} } }],
    ["updatePolicy", { updatePolicy: {} }, {}],
    ["DependsOn", { dependsOn: ["Key"] }, { dependsOn: [] }],
  ])("%s", (what, one, other) => {
    const stacks = [one, other].map((also) => stackOf(resource("Key", {}), resource("Vpc", {}, also)));
    expect(() => merge(LANDINGS.slice(0, 2), stacks)).toThrow(Invariant);
    expect(() => merge(LANDINGS.slice(0, 2), stacks)).toThrow(`Vpc: ${what} must be a literal`);
  });

  test("unless a placement does not have the resource", () => {
    const typed = (type: Resource["type"], own: boolean) =>
      stackOf(resource("Vpc", {}, { type, part: part("Zone", own) }));
    expect(merged([typed("AWS::EC2::VPC", true), typed("AWS::EC2::EIP", false)])).toContain(
      "Type: AWS::EC2::VPC\n",
    );
  });

  test("the description", () => {
    const [stack] = each({}) as [ConcreteStack];
    expect(() => merge(LANDINGS.slice(0, 2), [stack, { ...stack, description: "Another" }])).toThrow(
      "Description must be a literal",
    );
  });
});

describe("specialise", () => {
  test("fails in an account or Region that has no placement, as CloudFormation would", () => {
    const { template } = merge(LANDINGS.slice(0, 2), each({ Name: "a" }, { Name: "b" }));
    for (const at of [
      { account: "333333333333", region: "eu-west-1" },
      { account: "111111111111", region: "us-east-1" },
    ]) {
      expect(() => specialise(template, at)).toThrow(Invariant);
    }
  });

  test("removes what AWS::NoValue stands for, keys and items", () => {
    const properties = { A: noValue, B: [noValue, { C: noValue, D: [] }], E: join(",", ["a", noValue]) };
    const { Resources } = specialise(merge(LANDINGS.slice(0, 1), each(properties)).template, {
      account: "111111111111",
      region: "eu-west-1",
    });
    expect(Resources.Vpc?.Properties).toEqual({ B: [{ D: [] }], E: join(",", ["a"]) });
  });
});
