/** Overrides: how they merge, what they keep sound, and where what comes of them is shown. */
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type LintFinding, lintDiagnostic } from "../../cli/lint.ts";
import { type Compilation, compile } from "../../compiler/compile.ts";
import { compileText, diagnosticsOf } from "../support/compile.ts";
import { expectLaw } from "../support/law.ts";
import { libraryOf } from "../support/library.ts";

const BASE = `version: 1
name: demo
regions: [eu-west-1]
accounts:
  dev: { id: "111111111111", email: dev@demo.example }
  prod: { id: "222222222222", email: prod@demo.example }
environments:
  dev: { account: dev }
  prod: { account: prod }
stores:
  main: { engine: postgres, version: 16, class: db.t4g.medium, storage: 50, in: { prod: { replicas: 1 } } }
`;

const compileWith = (overrides: string): Compilation =>
  compile({
    spec: { file: "demo.yaml", text: `${BASE}overrides:\n${overrides}` },
    ledger: { file: "demo.lock.yaml" },
    library: libraryOf("."),
  });

type Resources = Record<string, { Properties: Record<string, unknown> } & Record<string, unknown>>;

/** The resources of the template of the store, tags read as text. */
function resourcesOf(overrides: string): Resources {
  const { files } = compileText(`${BASE}overrides:\n${overrides}`);
  return parse(files.get("store-main.yaml") as string, { logLevel: "error" }).Resources;
}

/** The properties of the database in CloudFormation's long form. */
function propertiesOf(overrides: string): unknown {
  const { assembly } = compileText(`${BASE}overrides:${overrides}`);
  const store = assembly.stackSets.find(({ name }) => name === "store-main");
  return JSON.parse(JSON.stringify(store?.template.Resources.Database?.Properties));
}

describe("what is overridden", () => {
  test("maps merge, lists and scalars replace, null removes", () => {
    const { ParameterGroup, Database, SecurityGroup } = resourcesOf(`
  store-main:
    ParameterGroup: { Properties: { Parameters: { log_statement: ddl } } }
    SecurityGroup: { Properties: { SecurityGroupEgress: [{ IpProtocol: "-1", CidrIp: 10.0.0.0/8 }], Tags: null } }
    Database: { Properties: { BackupRetentionPeriod: 7 } }
`);
    expect(ParameterGroup?.Properties.Parameters).toMatchObject({
      "rds.force_ssl": "1",
      log_statement: "ddl",
    });
    expect(SecurityGroup?.Properties).toEqual({
      GroupDescription: "Those who use the store main",
      VpcId: "NetworkVpcId",
      SecurityGroupEgress: [{ IpProtocol: "-1", CidrIp: "10.0.0.0/8" }],
    });
    expect(Database?.Properties.BackupRetentionPeriod).toBe(7);
  });

  test("each layer is merged over the one before: the kind, its environment, the environment itself", () => {
    const text = `${BASE.replace(
      "prod: { account: prod }",
      "prod: { account: prod, overrides: { store-main: { Database: { Properties: { Iops: 4000 } } } } }",
    )}overrides:
  store-main:
    Database: { Properties: { Iops: 12000, StorageThroughput: 500 } }
    in: { prod: { Database: { Properties: { Iops: 13000, StorageThroughput: null } } } }
`;
    const { Mappings } = parse(compileText(text).files.get("store-main.yaml") as string, {
      logLevel: "error",
    });
    expect(Mappings.Database.dev).toMatchObject({ Iops: 12000 });
    expect(Mappings.Database.prod).toMatchObject({ Iops: 4000 });
    expect(Mappings.Conditions.dev).toMatchObject({ HasDatabaseStorageThroughput: "true" });
    expect(Mappings.Conditions.prod).toMatchObject({ HasDatabaseStorageThroughput: "false" });
  });

  test("text that looks like a number stays as it is written", () => {
    const { Database } = resourcesOf(`
  store-main:
    Database: { Properties: { EngineVersion: 16.10, Port: 0x10, MonitoringInterval: "60", LicenseModel: 012345678904 } }
`);
    expect(Database?.Properties).toMatchObject({
      EngineVersion: "16.10",
      Port: "0x10",
      MonitoringInterval: 60,
      LicenseModel: "012345678904",
    });
  });

  test("what is beside the properties: policies are replaced, dependencies come to those there are", () => {
    const { Database } = resourcesOf(`
  store-main:
    Database: { DeletionPolicy: Delete, DependsOn: [KeyArnParameter, UpgradeLogGroup] }
`);
    expect(Database).toMatchObject({
      DeletionPolicy: "Delete",
      UpdateReplacePolicy: "Snapshot",
      DependsOn: ["PostgresqlLogGroup", "UpgradeLogGroup", "KeyArnParameter"],
    });
  });

  test("an override of one stack set changes no other file but where things come from", () => {
    const plain = compileText(BASE).files;
    const { files } = compileText(
      `${BASE}overrides:\n  store-main: { Database: { Properties: { Iops: 4000 } } }\n`,
    );
    const changed = [...files].filter(([file, text]) => plain.get(file) !== text).map(([file]) => file);
    expect(changed).toEqual(["store-main.yaml", "provenance.yaml"]);
  });
});

describe("functions", () => {
  test("by tag or by key, they name what the template has", () => {
    const properties = propertiesOf(`
  store-main:
    Database:
      Properties:
        DBSubnetGroupName: { Ref: SubnetGroup }
        KmsKeyId: !GetAtt Key.Arn
        MonitoringRoleArn: { "Fn::GetAtt": Key.Arn }
        VPCSecurityGroups: [!Join ["-", [!Ref NetworkVpcId, x]]]
`);
    expect(properties).toMatchObject({
      DBSubnetGroupName: { Ref: "SubnetGroup" },
      KmsKeyId: { "Fn::GetAtt": ["Key", "Arn"] },
      MonitoringRoleArn: { "Fn::GetAtt": ["Key", "Arn"] },
      VPCSecurityGroups: [{ "Fn::Join": ["-", [{ Ref: "NetworkVpcId" }, "x"]] }],
    });
  });

  test("text has its references in itself, as the compiler's own has, but for what is read of others", () => {
    const properties = propertiesOf(`
  store-main:
    Database:
      Properties:
        Domain: !Sub "\${AWS::Region} \${!Literal} \${Key.Arn} \${NetworkVpcId}"
        LicenseModel: !Sub ["\${A} \${B} \${C}", { A: "\${text}", B: !Ref Key, C: !Select [0, [a]] }]
        OptionGroupName: !Sub plain
`);
    const text = `\${AWS::Region} \${!Literal} \${Key.Arn} \${NetworkVpcId}`;
    expect(properties).toMatchObject({
      Domain: { "Fn::Sub": [text, { NetworkVpcId: { Ref: "NetworkVpcId" } }] },
      LicenseModel: { "Fn::Sub": [`\${!text} \${Key} \${C}`, { C: { "Fn::Select": [0, ["a"]] } }] },
      OptionGroupName: "plain",
    });
  });

  test("a parameter of the template stays one where only some environments still use it", () => {
    const result = compileText(`${BASE}overrides:
  store-main: { in: { dev: { SubnetGroup: { Properties: { SubnetIds: [subnet-1, subnet-2] } } } } }
`);
    expectLaw(result);
    const template = result.assembly.stackSets.find(({ name }) => name === "store-main")?.template;
    expect(Object.keys(template?.Parameters ?? {})).toContain("NetworkIsolatedSubnetIds");
    expect(JSON.stringify(template?.Resources.SubnetGroup)).toContain('{"Ref":"NetworkIsolatedSubnetIds"}');
  });

  test("one that is used nowhere any more goes", () => {
    const result = compileText(`${BASE}overrides:
  store-main: { SubnetGroup: { Properties: { SubnetIds: [subnet-1, subnet-2] } } }
`);
    const template = result.assembly.stackSets.find(({ name }) => name === "store-main")?.template;
    expect(Object.keys(template?.Parameters ?? {})).not.toContain("NetworkIsolatedSubnetIds");
  });

  test("a reference to what only some environments have stands under its condition", () => {
    const result = compileText(`${BASE}overrides:
  store-main: { in: { prod: { AddressParameter: { Properties: { Value: !GetAtt Replica1.Endpoint.Address } } } } }
`);
    expectLaw(result);
    expect(result.files.get("store-main.yaml")).toContain(
      "Value: !If [HasReplica1, !GetAtt Replica1.Endpoint.Address, !GetAtt Database.Endpoint.Address]",
    );
  });

  test("a dynamic reference to another stack set's value orders them", () => {
    const text = "{{resolve:ssm:/demo/network/vpc-id:1}}";
    const { assembly } = compileText(`${BASE.replace("stores:", "stores:\n  files: { engine: s3 }")}overrides:
  store-files: { Key: { Properties: { Description: "${text}" } } }
`);
    expect(assembly.stackSets.find(({ name }) => name === "store-files")?.dependsOn).toEqual(["network"]);
  });
});

test("a name that is written out elsewhere is worth a word", () => {
  const compilation = compileWith(
    "  store-main: { Database: { Properties: { DBInstanceIdentifier: demo-primary } } }\n",
  );
  expect(compilation.result).toBeDefined();
  expect(diagnosticsOf(compilation)).toMatchInlineSnapshot(`
    "demo.yaml:13:43 warning replaces-data: \`DBInstanceIdentifier\` of \`Database\` counts only when that is made: where it is there already, a change of this replaces it by a new, empty one
         |
      13 |   store-main: { Database: { Properties: { DBInstanceIdentifier: demo-primary } } }
         |                                           ^^^^^^^^^^^^^^^^^^^^
      help: once it is deployed, leave this as it is; what stays of the old one, \`UpdateReplacePolicy\` says

    demo.yaml:13:43 warning name-in-use: \`demo-main\` is overridden here, and stands in \`PostgresqlLogGroup\`, \`UpgradeLogGroup\`, \`SlowestStatements\`, \`Replica1PostgresqlLogGroup\`, \`Replica1UpgradeLogGroup\` and \`Replica1\` still
         |
      13 |   store-main: { Database: { Properties: { DBInstanceIdentifier: demo-primary } } }
         |                                           ^^^^^^^^^^^^^^^^^^^^
      help: override it there too, if it means the same

    "
  `);
});

describe("what would replace data", () => {
  test("is told of a property that counts when its resource is made", () => {
    expect(
      diagnosticsOf(compileWith("  store-main: { Database: { Properties: { Port: 5433 } } }\n")),
    ).toMatchInlineSnapshot(`
      "demo.yaml:13:43 warning replaces-data: \`Port\` of \`Database\` counts only when that is made: where it is there already, a change of this replaces it by a new, empty one
           |
        13 |   store-main: { Database: { Properties: { Port: 5433 } } }
           |                                           ^^^^
        help: once it is deployed, leave this as it is; what stays of the old one, \`UpdateReplacePolicy\` says

      "
    `);
  });

  test.each([
    [
      "stays as it was built",
      "Database: { Properties: { StorageEncrypted: true, KmsKeyId: !GetAtt Key.Arn } }",
    ],
    ["can change in place", "Database: { Properties: { MonitoringInterval: 60 } }"],
    ["is of what holds nothing", "in: { prod: { Replica1: { Properties: { Port: 5433 } } } }"],
  ])("nothing is said of what %s", (_, resource) => {
    expect(diagnosticsOf(compileWith(`  store-main: { ${resource} }\n`))).toBe("");
  });

  test("is no mistake where what the spec says of it is written once more", () => {
    const same = "Database: { Properties: { Engine: postgres, DBName: app } }";
    expect(compileWith(`  store-main: { ${same} }\n`).diagnostics).toEqual([]);
  });
});

describe("what a linter finds", () => {
  const result = compileText(`${BASE}overrides:
  store-main:
    Database: { Properties: { Iops: 4000, Tags: [] } }
    in: { prod: { Database: { Properties: { Iops: 5000 } } } }
`);
  const stackSet = result.assembly.stackSets.find(({ name }) => name === "store-main");
  const placeOf = (finding: Partial<LintFinding>) => {
    if (!stackSet) throw new Error("no store-main");
    const whole = { rule: "W1", message: "wrong", logicalId: "Database", placements: [], ...finding };
    return lintDiagnostic(whole, stackSet).at;
  };
  const path = ["overrides", "store-main", "Database"];

  test("of an overridden property is shown there", () => {
    const at = { path: ["Resources", "Database", "Properties", "Tags", 0, "Key"] };
    expect(placeOf(at)).toMatchObject({ path: [...path, "Properties", "Tags", 0, "Key"] });
  });

  test("in one environment, where that says something of its own", () => {
    const at = { path: ["Resources", "Database", "Properties", "Iops"], placements: ["prod"] };
    expect(placeOf(at)).toMatchObject({
      path: ["overrides", "store-main", "in", "prod", "Database", "Properties", "Iops"],
    });
  });

  test("of the resource as a whole is shown at its override", () => {
    expect(placeOf({ path: ["Resources", "Database"] })).toMatchObject({ path });
  });

  test("of what is not overridden is shown where it comes from", () => {
    expect(placeOf({ logicalId: "Key", path: ["Resources", "Key"] })).toMatchObject({
      path: ["stores", "main"],
    });
  });
});
