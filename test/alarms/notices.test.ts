/** Events that people are told of, by the rules of the reference architecture as deployed; and those that they are not. */
import { beforeAll, describe, expect, test } from "vitest";
import { isJsonObject, type Json, type JsonObject } from "../../compiler/schema.ts";
import { matchEvents } from "../python/match.ts";
import { describePython } from "../python/tools.ts";
import { deploy, type Resource } from "../reachability/deployment.ts";
import { placedTemplates } from "../reachability/placed.ts";
import { compileSource, sources } from "../support/everything.ts";
import { nameOf } from "./alarms.ts";
import { documentedEvents, eventOf, fieldsKnownToAws, type Happening } from "./events.ts";

const [acme] = sources().filter(({ id }) => id === "specs/acme");
if (!acme) throw new Error("there is no reference architecture");
const resources = deploy(placedTemplates(compileSource(acme)));
const topics = new Set(resources.filter(({ type }) => type === "AWS::SNS::Topic").map(({ id }) => id));
const rules = resources.filter(({ type, properties }) => {
  const [target] = (properties.Targets ?? []) as JsonObject[];
  return type === "AWS::Events::Rule" && topics.has(String(target?.Arn));
});

const prod = { account: "600000000006", region: "eu-west-1" };
const edge = { ...prod, region: "us-east-1" };
const security = { account: "200000000002", region: "eu-west-1" };

type Row = readonly [what: string, detailType: string, happening: Happening, told: readonly string[]];

const ofDatabase = (what: string, event: string, told: readonly string[], database = "acme-main"): Row => [
  what,
  "RDS DB Instance Event",
  {
    ...prod,
    resources: [`arn:aws:rds:eu-west-1:600000000006:db:${database}`],
    detail: { EventID: `RDS-EVENT-${event}` },
  },
  told,
];

const ofCache = (what: string, detailType: string, told: readonly string[], cache = "acme-sessions"): Row => {
  const arn = `arn:aws:elasticache:eu-west-1:600000000006:serverlesscache:${cache}`;
  return [what, detailType, { ...prod, resources: [arn, ...snapshotsOf(detailType)] }, told];
};
const snapshotsOf = (detailType: string): string[] =>
  detailType.startsWith("Snapshot")
    ? ["arn:aws:elasticache:eu-west-1:600000000006:serverlesscachesnapshot:automatic.acme-sessions"]
    : [];

const ofCertificate = (
  what: string,
  event: string,
  told: readonly string[],
  id = "<prod certificate Certificate>",
  place = prod,
): Row => [what, `ACM Certificate ${event}`, { ...place, resources: [id] }, told];

const ofService = (
  what: string,
  detailType: string,
  eventName: string,
  told: readonly string[],
  service = "acme/api",
): Row => [
  what,
  detailType,
  {
    ...prod,
    resources: [`arn:aws:ecs:eu-west-1:600000000006:service/${service}`],
    detail: { eventName },
  },
  told,
];

const ofAnalyzer = (
  what: string,
  detail: JsonObject,
  told: readonly string[],
  { place = prod, analyzer = "acme-external-access" } = {},
): Row => [
  what,
  "Access Analyzer Finding",
  {
    ...place,
    resources: [`arn:aws:access-analyzer:${place.region}:${place.account}:analyzer/${analyzer}`],
    detail,
  },
  told,
];

const role = { resourceType: "AWS::IAM::Role", resource: "arn:aws:iam::600000000006:role/made-by-hand" };

const rows: readonly Row[] = [
  ofDatabase("a database fails over", "0013", ["store-main.InterruptedNotice"]),
  ofDatabase("it has failed over, as on AWS's page", "0049", []),
  ofDatabase("it restarts", "0006", ["store-main.InterruptedNotice"]),
  ofDatabase("it is backed up at night", "0001", []),
  ofDatabase("the backup is finished", "0002", []),
  ofDatabase("its backups are turned off", "0028", ["store-main.UnprotectedNotice"]),
  ofDatabase("it is deleted", "0003", ["store-main.UnprotectedNotice"]),
  ofDatabase("it is made", "0005", []),
  ofDatabase("a replica is deleted, by a deployment", "0003", [], "acme-main-replica-2"),
  ofDatabase("it can't use its key", "0418", ["store-main.FailedNotice"]),
  ofDatabase("it can use its key again", "0420", []),
  ofDatabase("its storage is low, and about to grow", "0089", []),
  ofDatabase("its storage grows", "0217", []),
  ofDatabase("its storage can't grow", "0223", ["store-main.LimitNotice"]),
  ofDatabase("a minor version is there, which it takes by itself", "0155", []),
  ofDatabase("AWS will restart it for another certificate", "0502", ["store-main.MaintenanceNotice"]),
  ofDatabase("its upgrade is taken back", "0270", ["store-main.MaintenanceNotice"]),
  ofDatabase("a replica stops", "0045", ["store-main.ReplicationNotice"], "acme-main-replica-2"),
  ofDatabase("a replica goes on", "0046", [], "acme-main-replica-2"),
  ofDatabase("a replica restarts", "0006", ["store-main.InterruptedNotice"], "acme-main-replica-1"),
  ofDatabase("a database fails over that is called nearly so", "0013", [], "acme-main2"),
  ofDatabase("a database fails over that is somebody else's", "0013", [], "my-db-instance"),
  ofCache("a cache is near to a limit", "Cache Limit Approaching", ["store-sessions.LimitNotice"]),
  ofCache("its snapshot fails", "Snapshot Creation Failed", ["store-sessions.SnapshotFailedNotice"]),
  ofCache("it is deleted", "Cache Deleted", ["store-sessions.DeletedNotice"]),
  ofCache("it is changed by a deployment", "Cache Updated", []),
  ofCache("the snapshot fails of somebody else's", "Snapshot Creation Failed", [], "my-cache"),
  ofCertificate("a certificate comes nearer to its end", "Approaching Expiration", []),
  ofCertificate("it can't be renewed", "Renewal Action Required", ["certificate.RenewalFailedNotice"]),
  ofCertificate("it expires", "Expired", ["certificate.ExpiredNotice"]),
  ofCertificate(
    "that of the sites expires",
    "Expired",
    ["edge.ExpiredNotice"],
    "<prod.us-east-1 edge Certificate>",
    edge,
  ),
  ofCertificate(
    "that of the sites can't be renewed",
    "Renewal Action Required",
    ["edge.RenewalFailedNotice"],
    "<prod.us-east-1 edge Certificate>",
    edge,
  ),
  ofCertificate("somebody else's expires", "Expired", [], "arn:aws:acm:eu-west-1:600000000006:certificate/1"),
  ofService("a deployment fails", "ECS Deployment State Change", "SERVICE_DEPLOYMENT_FAILED", [
    "service-api.DeploymentFailedNotice",
  ]),
  ofService("it is there", "ECS Deployment State Change", "SERVICE_DEPLOYMENT_COMPLETED", []),
  ofService("another's fails", "ECS Deployment State Change", "SERVICE_DEPLOYMENT_FAILED", [], "acme/other"),
  ofService(
    "there is no room, which an alarm tells",
    "ECS Service Action",
    "SERVICE_TASK_PLACEMENT_FAILURE",
    [],
  ),
  ofAnalyzer("a bucket can be reached from outside", {}, ["access-findings.AccessAnalyzer"]),
  ofAnalyzer("it is the spec's own account, and archived", { status: "ARCHIVED" }, []),
  ofAnalyzer("it can't be any more", { status: "RESOLVED" }, []),
  ofAnalyzer("the finding is deleted", { isDeleted: true }, []),
  ofAnalyzer("the bucket could not be looked at", { error: "ACCESS_DENIED" }, []),
  ofAnalyzer("a role can be taken from outside", role, ["access-findings.AccessAnalyzer"]),
  ofAnalyzer("the role is found in the other Region too", role, [], { place: edge }),
  ofAnalyzer("a bucket of that Region", {}, ["access-findings.AccessAnalyzer"], { place: edge }),
  ofAnalyzer("somebody else's analyzer finds it", {}, [], { analyzer: "MyAnalyzer" }),
  ["GuardDuty finds something", "GuardDuty Finding", security, ["findings.GuardDuty"]],
  ["GuardDuty finds a trifle", "GuardDuty Finding", { ...security, detail: { severity: 2 } }, []],
];

describePython("events", () => {
  /** For each row the rules that take its event. */
  let takers: Resource[][] = [];

  beforeAll(async () => {
    const asked = rows.flatMap(([, detailType, happening], row) =>
      rules
        .filter(({ account, region }) => account === happening.account && region === happening.region)
        .map((rule) => ({ row, rule, event: eventOf(detailType, happening) })),
    );
    const answers = await matchEvents(
      asked.map(({ rule, event }) => ({ pattern: rule.properties.EventPattern ?? null, event })),
    );
    takers = rows.map((_, row) =>
      asked.filter((each, index) => each.row === row && answers[index]).map(({ rule }) => rule),
    );
  });

  test.each(rows.map(([what, , , told], row) => ({ what, told, row })))("$what", ({ told, row }) => {
    expect(takers[row]?.map(({ stack, logicalId }) => `${stack}.${logicalId}`)).toEqual(told);
  });

  test("have all that people read of them", () => {
    const lacking = rows.flatMap(([what, detailType, happening], row) =>
      (takers[row] ?? []).flatMap((rule) =>
        Object.entries(pathsOf(rule))
          .filter(([, path]) => valueAt(eventOf(detailType, happening), path) === undefined)
          .map(([name]) => `${what}: ${nameOf(rule)} reads ${name}`),
      ),
    );
    expect(lacking).toEqual([]);
  });

  test("are there for every rule", () => {
    const taken = new Set(takers.flat().map(({ stack, logicalId }) => `${kindOf(stack)}.${logicalId}`));
    const untried = rules.filter(({ stack, logicalId }) => !taken.has(`${kindOf(stack)}.${logicalId}`));
    expect(untried.map(nameOf)).toEqual([]);
  });
});

/** Services and stores are alike. */
const kindOf = (stack: string): string => stack.replace(/^(service|store)-.*/, "$1");

describe("rules", () => {
  test("name values that they read, and read what they name", () => {
    const mistakes = rules.flatMap((rule) => {
      const template = String(transformerOf(rule).InputTemplate);
      const used = [...template.matchAll(/<(\w+)>/g)].map(([, name = ""]) => name);
      const read = Object.keys(pathsOf(rule));
      return [
        ...used.filter((name) => !read.includes(name)),
        ...read.filter((name) => !used.includes(name)),
      ].map((name) => `${nameOf(rule)}: ${name}`);
    });
    expect(mistakes).toEqual([]);
  });

  test("know only fields that AWS's own data has, as far as that goes", () => {
    const known = fieldsKnownToAws();
    const mistakes = rules.flatMap((rule) => {
      const pattern = rule.properties.EventPattern as JsonObject;
      const detailTypes = pattern["detail-type"] as string[];
      const read = Object.values(pathsOf(rule)).flatMap((path) => /^\$\.detail\.(\w+)/.exec(path)?.[1] ?? []);
      const asked = isJsonObject(pattern.detail) ? Object.keys(pattern.detail) : [];
      return detailTypes.flatMap((detailType) => {
        const documented = documentedEvents[detailType];
        const fields = known.get(`${documented?.source} ${detailType}`);
        return [...read, ...asked]
          .filter(
            (field) =>
              !(fields ? fields.has(field) : field in (documented?.detail ?? {}) || field === "error"),
          )
          .map((field) => `${nameOf(rule)}: ${detailType} has no ${field}`);
      });
    });
    expect(mistakes).toEqual([]);
  });

  test("tell the topic of their own account and Region, in as many characters as EventBridge takes", () => {
    for (const { account, region, properties } of rules) {
      const [target] = properties.Targets as JsonObject[];
      const topic = resources.find(({ id }) => id === target?.Arn);
      expect(topic).toMatchObject({ account, region });
      expect(JSON.stringify(properties.EventPattern).length).toBeLessThanOrEqual(2048);
    }
  });
});

function transformerOf({ properties }: Resource): JsonObject {
  const [target] = properties.Targets as JsonObject[];
  return target?.InputTransformer as JsonObject;
}

const pathsOf = (rule: Resource): Record<string, string> =>
  transformerOf(rule).InputPathsMap as Record<string, string>;

/** Of a path without lists. */
const valueAt = (event: JsonObject, path: string): Json | undefined =>
  path
    .split(".")
    .slice(1)
    .reduce<Json | undefined>((value, key) => (isJsonObject(value) ? value[key] : undefined), event);
