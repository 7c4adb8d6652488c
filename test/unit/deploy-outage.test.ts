/** Which changes cost requests, on what the compiler makes of specs: change sets as CloudFormation would make them. */
import { expect, test } from "vitest";
import { outageOf } from "../../deploy/outage.ts";
import type { ResourceChange } from "../../deploy/preview.ts";
import { resourcesOf } from "../../deploy/template.ts";
import { changesBetween } from "../aws/change-sets.ts";
import { compileText } from "../support/compile.ts";

const WEB = { version: '"1.0.0"', tls: "false", deploy: "rolling", path: "/*", host: "www" };

/** The template of a stack set, of a spec with a service and a function. */
function templateOf(stackSet: string, changed: Partial<typeof WEB> = {}): string {
  const { version, tls, deploy, path, host } = { ...WEB, ...changed };
  const { files } = compileText(
    `version: 1
name: demo
regions: [eu-west-1]
accounts:
  dev: { id: "111111111111", email: dev@demo.example }
  prod: { id: "222222222222", email: prod@demo.example }
environments:
  dev: { account: dev, domain: dev.demo.example }
  prod: { account: prod, domain: demo.example }
domains: { demo.example: { environment: prod, delegates: [dev] } }
services:
  web:
    image: acme/web
    version: ${version}
    port: 3000
    tls: false
    public: { path: "${path}", host: ${host} }
    in: { prod: { tls: ${tls}, deploy: ${deploy} } }
functions:
  status: { image: acme/status, version: ${version}, public: /status }
`,
  );
  return files.get(`${stackSet}.yaml`) as string;
}

/** The outages by logical ID, in prod. Where it has no stack yet, others have the template. */
function outages(live: string | undefined, desired: string): Record<string, string> {
  const changes = changesBetween(live, desired, "222222222222", "eu-west-1").map((each) => {
    const { ResourceChange: change } = each as { ResourceChange: Record<string, string> };
    return {
      logicalId: change.LogicalResourceId ?? "",
      type: change.ResourceType ?? "",
      action: change.Action ?? "",
      replacement: (change.Replacement ?? "") as ResourceChange["replacement"],
    };
  });
  expect(changes).not.toEqual([]);
  return Object.fromEntries(
    changes.flatMap((change) => {
      const outage = outageOf(change, changes, resourcesOf(live ?? desired), resourcesOf(desired));
      return outage ? [[change.logicalId, outage]] : [];
    }),
  );
}

const web = (changed?: Parameters<typeof templateOf>[1]) => templateOf("service-web", changed);

test("another protocol replaces the target group that the rule leads to", () => {
  expect(outages(web(), web({ tls: "true" }))).toEqual({ PublicTargetGroup: "certain" });
});

test("a release, or a path that changes while nobody else leads requests, costs none", () => {
  expect(outages(web(), web({ version: '"1.1.0"' }))).toEqual({});
  expect(outages(web({ deploy: "canary" }), web({ deploy: "canary", version: '"1.1.0"' }))).toEqual({});
  expect(outages(web(), web({ host: "app" }))).toEqual({});
  expect(outages(web(), web({ deploy: "blue-green" }))).toEqual({});
});

test("a rule that ECS leads goes back to the weights of its template when it changes, or another comes for it", () => {
  const staged = web({ deploy: "blue-green" });
  expect(outages(staged, web())).toEqual({ PublicRuleWwwAll: "possible" });
  expect(outages(staged, web({ deploy: "blue-green", path: "/app/*" }))).toEqual({
    PublicRuleWwwAppAll: "possible",
  });
});

test("where a stack is new, nobody has led requests yet", () => {
  expect(outages(undefined, web({ deploy: "blue-green" }))).toEqual({});
});

test("a function's target group has its target from the start", () => {
  const live = templateOf("function-status");
  const [logicalId] = Object.entries(resourcesOf(live)).find(
    ([, { Type }]) => Type === "AWS::ElasticLoadBalancingV2::TargetGroup",
  ) as [string, unknown];
  const change = {
    logicalId,
    type: "AWS::ElasticLoadBalancingV2::TargetGroup",
    action: "Modify",
    replacement: "True",
  } as const;
  expect(outageOf(change, [change], resourcesOf(live), resourcesOf(live))).toBeUndefined();
});

const OWN = `Resources:
  Group: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { Port: 80 } }
  Spare: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { Port: 80 } }
  Balancer: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Scheme: internal } }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      DefaultActions: [{ Type: forward, TargetGroupArn: { Fn::GetAtt: [Group, TargetGroupArn] } }]
`;

test.each([
  ["LoadBalancer", "Balancer", "Modify", "True", "certain"],
  ["Listener", "Listener", "Modify", "Conditional", "possible"],
  ["TargetGroup", "Group", "Modify", "True", "certain"],
  ["TargetGroup", "Group", "Modify", "False", undefined],
  // Nothing leads to it.
  ["TargetGroup", "Spare", "Modify", "True", undefined],
  // Whoever takes it away means that.
  ["LoadBalancer", "Balancer", "Remove", "", undefined],
] as const)(
  "of a template of one's own: %s %s, %s, replaced %s: %s",
  (type, logicalId, action, replacement, outage) => {
    const change = { logicalId, type: `AWS::ElasticLoadBalancingV2::${type}`, action, replacement };
    expect(outageOf(change, [change], resourcesOf(OWN), resourcesOf(OWN))).toBe(outage);
  },
);
