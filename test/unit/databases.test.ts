/** What the ledger keeps of databases: later compilations lead to the same template, whatever is renamed. */
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { compile } from "../../compiler/compile.ts";
import { compileText, diagnosticsOf } from "../support/compile.ts";

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
  const renamed = ledger.replace("\n  prod: [", "\n  live: [").replace("prod/eu-west-1", "live/eu-west-1");
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

test("replicas grow with their database, or are given its storage where that does not grow", () => {
  const storageIn = (storage: string) => {
    const spec = SPEC.replace("storage: 50", `storage: ${storage}\n    replicas: 1`);
    const { Database, Replica1 } = resourcesIn(spec).resources;
    return [Database, Replica1].map(({ Properties: { AllocatedStorage, MaxAllocatedStorage } }) => [
      AllocatedStorage,
      MaxAllocatedStorage,
    ]);
  };
  expect(storageIn("50-200")).toEqual([
    ["50", 200],
    [undefined, 200],
  ]);
  expect(storageIn("100")).toEqual([
    ["100", undefined],
    ["100", undefined],
  ]);
});

test("a spec without databases has no section of them", () => {
  expect(compileText(SPEC.replace(/stores:[\s\S]*/, "")).ledger).not.toContain("databases");
});

describe("a database that comes where another leaves the spec", () => {
  const STORE = "engine: postgres, version: 17, class: db.t4g.medium, storage: 50";
  const withStores = (...stores: string[]) => SPEC.replace(/ {2}main:[\s\S]*/, stores.join(""));
  const store = (name: string, more = "") => `  ${name}: { ${STORE}${more} }\n`;
  const { ledger } = compileText(withStores(store("main"), store("logs", ", environments: [prod]")));
  const saidAbout = (text: string, kept = ledger) =>
    diagnosticsOf(
      compile({ spec: { file: "spec.yaml", text }, ledger: { file: "spec.lock.yaml", text: kept } }),
    );
  const primary = withStores(store("primary"), store("logs", ", environments: [prod]"));

  test("is told to be empty, once", () => {
    expect(saidAbout(primary)).toMatchInlineSnapshot(`
      "spec.yaml:11:3 warning data-left-behind: \`primary\` would be a new, empty database in \`dev\` and \`prod\`, where the spec no longer has \`main\`: what uses it would find none of that data
           |
        11 |   primary: { engine: postgres, version: 17, class: db.t4g.medium, storage: 50 }
           |   ^^^^^^^
        spec.lock.yaml:26:3
           |
        26 |   main:
           |   ---- what is there
        help: to keep the data, keep the name, or name a snapshot of the old store as the \`snapshot\` of the new one; if the old one is gone, remove its entry from the ledger

      "
    `);
    expect(saidAbout(primary, compileText(primary, { ledger }).ledger)).toBe("");
  });

  test("is told where several have left", () => {
    expect(saidAbout(withStores(store("primary")))).toContain(
      "database in `dev` and `prod`, where the spec no longer has `logs` and `main`:",
    );
  });

  test("is told of one place where it is so in one", () => {
    const moved = withStores(store("main", ", environments: [prod]"), store("own", ", environments: [dev]"));
    expect(saidAbout(`${moved}${store("logs", ", environments: [prod]")}`)).toContain(
      "`own` would be a new, empty database in `dev`, where the spec no longer has `main`:",
    );
  });

  test.each([
    ["is restored from a snapshot", withStores(store("primary", ", snapshot: of-main"))],
    ["is a cache", withStores("  primary: { engine: valkey }\n")],
    ["is one more", withStores(store("main"), store("logs", ", environments: [prod]"), store("more"))],
    ["comes elsewhere", withStores(store("main"), store("more", ", environments: [dev]"))],
    ["comes where the other may be what is wrong", withStores(store("Main"), store("primary"))],
  ])("says nothing where it %s", (_, text) => {
    expect(saidAbout(text)).not.toContain("data-left-behind");
  });
});
