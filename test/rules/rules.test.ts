/**
 * The rules themselves. In `sound.yaml` nothing is wrong and every rule has something to judge. A change in a topic's
 * `fail.yaml` is made to the part of it that it is about, which must then fail exactly the rule it is listed under.
 */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { isMap, isScalar, isSeq, parseDocument, visit } from "yaml";
import { isJsonObject, type Json, type JsonObject } from "../../compiler/schema.ts";
import { mistakesIn } from "../conformance/mistakes.ts";
import { resourcesOf } from "../support/everything.ts";
import { judge, rulesOf, TIMEOUT, topics, unavailable, type Verdict } from "./guard.ts";

const sound = readTemplate("test/rules/sound.yaml");

/** The changes of a topic, by rule; each is a part of `Resources`, or of the sections it names. */
const changesOf = (topic: string) =>
  readTemplate(`test/rules/${topic}.fail.yaml`) as Record<string, JsonObject[]>;

const SECTIONS = ["Parameters"];

/** What is left of the sound template with a change made to it. */
function changed(change: JsonObject): JsonObject {
  if (Object.keys(change).every((key) => SECTIONS.includes(key))) return patch(sound, change) as JsonObject;
  return patch({ Resources: around(Object.keys(change)) }, { Resources: change }) as JsonObject;
}

/** Some resources of the sound template with all that name them or are named by them, and so on. */
function around(logicalIds: readonly string[]): JsonObject {
  const all = resourcesOf(sound);
  const texts = new Map(all.map(([id, resource]) => [id, JSON.stringify(resource)]));
  const names = (one: string, other: string) =>
    new RegExp(`"Ref":"${other}"|"Fn::GetAtt":\\["${other}"|\\$\\{${other}[.}]`).test(
      texts.get(one) as string,
    );
  const kept = new Set(logicalIds);
  for (const id of kept) {
    for (const [other] of all) if (names(id, other) || names(other, id)) kept.add(other);
  }
  return Object.fromEntries(all.filter(([id]) => kept.has(id)));
}

/** A JSON merge patch, RFC 7396. */
function patch(value: Json | undefined, change: Json): Json {
  if (!isJsonObject(change)) return change;
  const patched: JsonObject = isJsonObject(value) ? { ...value } : {};
  for (const [key, inner] of Object.entries(change)) {
    if (inner === null) delete patched[key];
    else patched[key] = patch(patched[key], inner);
  }
  return patched;
}

/** A change, and the rule that it must fail. */
interface Case {
  readonly rule: string;
  readonly change: string;
  readonly template: JsonObject;
}

const casesByTopic = topics.map((topic) => ({
  topic,
  rules: rulesOf(topic),
  cases: Object.entries(changesOf(topic)).flatMap(([rule, changes]) =>
    changes.map((change): Case => ({ rule, change: JSON.stringify(change), template: changed(change) })),
  ),
}));

describe.skipIf(unavailable)("the rules", () => {
  let verdicts: ReadonlyMap<string, Verdict>;

  beforeAll(() => {
    const cases = casesByTopic.flatMap((each) => each.cases);
    const templates = cases.map(({ change, template }) => ({ name: change, template }));
    verdicts = new Map(
      judge([{ name: "sound", template: sound }, ...templates]).map((each) => [each.name, each]),
    );
  }, TIMEOUT);

  test("a sound template passes them all, and is skipped by none", () => {
    const verdict = verdicts.get("sound");
    expect(verdict).toMatchObject({ failed: [], skipped: [] });
    expect(verdict?.passed.toSorted()).toEqual(topics.flatMap(rulesOf).toSorted());
  });

  test("what they look at there is in the resource schemas", () => {
    const required = / needs `\w+`$/;
    expect(mistakesIn(sound).filter(({ what }) => !required.test(what))).toEqual([]);
  });

  test("each has a name of its own", () => {
    const names = topics.flatMap(rulesOf);
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
  });

  describe.each(casesByTopic)("$topic", ({ rules, cases }) => {
    test("every rule has templates that must fail it", () => {
      expect([...new Set(cases.map(({ rule }) => rule))]).toEqual(rules);
    });

    test.each(cases.map(({ rule, change }) => [rule, change] as const))("%s: %s", (rule, change) => {
      const failed = verdicts.get(change)?.failed.map((each) => each.rule);
      expect([...new Set(failed)]).toEqual([rule]);
    });
  });

  test("a finding says where it is, in names", () => {
    const [change] = changesOf("least-privilege").key_policy_names_actions as [JsonObject];
    expect(verdicts.get(JSON.stringify(change))?.failed).toEqual([
      {
        rule: "key_policy_names_actions",
        type: "AWS::KMS::Key",
        logicalId: "Key",
        at: "KeyPolicy.Statement.Everything.Action",
        what: "name each action",
      },
    ]);
  });

  test("a search that finds nothing is one finding, of the resource", () => {
    const [change] = changesOf("logging").load_balancer_logs as [JsonObject];
    expect(verdicts.get(JSON.stringify(change))?.failed).toEqual([
      {
        rule: "load_balancer_logs",
        type: "AWS::ElasticLoadBalancingV2::LoadBalancer",
        logicalId: "LoadBalancer",
        at: "",
        what: "",
      },
    ]);
  });

  test("one that Guard can't read is an error and not a pass", () => {
    expect(() => judge([{ name: "sound", template: sound }], ["rule broken { Resources exists"])).toThrow(
      "Parsing error",
    );
  });
});

/** A template with short-form tags, in the long form. */
function readTemplate(file: string): JsonObject {
  const document = parseDocument(readFileSync(file, "utf8"), { logLevel: "error" });
  visit(document, {
    Node(_, node) {
      if (!node.tag?.startsWith("!") || !(isScalar(node) || isSeq(node) || isMap(node))) return undefined;
      const name = node.tag.slice(1);
      const value = node.toJS(document);
      const argument = name === "GetAtt" && typeof value === "string" ? value.split(".") : value;
      return document.createNode({ [name === "Ref" ? name : `Fn::${name}`]: argument });
    },
  });
  return document.toJS();
}
