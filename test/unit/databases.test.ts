/** What the ledger keeps of databases: later compilations lead to the same template, whatever is renamed. */
import { expect, test } from "vitest";
import { parse } from "yaml";
import { compileText } from "../support/compile.ts";

const SPEC = `version: 1
name: demo
regions: [eu-west-1]
accounts:
  dev: { id: "111111111111", email: aws+dev@demo.example }
  prod: { id: "222222222222", email: aws+prod@demo.example }
environments:
  dev: { account: dev }
  prod: { account: prod }
stores:
  main:
    engine: postgres
    version: "17"
    class: db.t4g.medium
    storage: 50
    in: { prod: { snapshot: before } }
`;

const resourcesIn = (text: string, ledger?: string) => {
  const result = compileText(text, ledger === undefined ? {} : { ledger });
  const template = parse(result.files.get("store-main.yaml") as string, { logLevel: "silent" });
  return { ledger: result.ledger, resources: template.Resources };
};

const databaseIn = (text: string, before?: string) => {
  const { ledger, resources } = resourcesIn(text, before);
  return { ledger, database: resources.Database.Properties };
};

test("the ledger keeps by account and Region what each was made of", () => {
  expect(parse(databaseIn(SPEC).ledger).databases).toEqual({
    main: {
      "111111111111/eu-west-1": { database: "app" },
      "222222222222/eu-west-1": { database: "app", snapshot: "before" },
    },
  });
});

test("with its ledger, the same comes of it again", () => {
  const { ledger, database } = databaseIn(SPEC);
  expect(databaseIn(SPEC, ledger)).toEqual({ ledger, database });
});

test("an environment that is renamed in the ledger keeps its database", () => {
  const { ledger, database } = databaseIn(SPEC);
  const rename = (text: string) =>
    text.replace("prod: { account", "live: { account").replace("prod: { snapshot", "live: { snapshot");
  const renamed = ledger.replace("[dev, prod]", "[dev, live]").replace("prod/eu-west-1", "live/eu-west-1");
  const after = databaseIn(rename(SPEC), renamed);
  expect(after.ledger).toBe(renamed);
  expect(after.database.DBInstanceIdentifier).toBe(database.DBInstanceIdentifier);
  expect(after.database.DBSnapshotIdentifier).toEqual(database.DBSnapshotIdentifier);
});

test("a database that left the spec stays in the ledger", () => {
  const { ledger } = databaseIn(SPEC);
  expect(compileText(SPEC.replace(/stores:[\s\S]*/, ""), { ledger }).ledger).toBe(ledger);
});

test("RDS manages no password of a database that it is to make replicas of", () => {
  const passwordIn = (spec: string) => {
    const { Database, Secret } = resourcesIn(spec).resources;
    const { ManageMasterUserPassword, MasterUserPassword } = Database.Properties;
    return { managed: ManageMasterUserPassword, own: MasterUserPassword, secret: Secret?.Type };
  };
  expect(passwordIn(SPEC)).toEqual({ managed: true, own: undefined, secret: undefined });
  expect(passwordIn(SPEC.replace("storage: 50", "storage: 50\n    replicas: 1"))).toEqual({
    managed: false,
    own: expect.stringMatching(/^{{resolve:secretsmanager:.*:SecretString:password}}$/),
    secret: "AWS::SecretsManager::Secret",
  });
});

test("a spec without databases has no section of them", () => {
  expect(compileText(SPEC.replace(/stores:[\s\S]*/, "")).ledger).not.toContain("databases");
});
