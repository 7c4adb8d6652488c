/** The README's ways through changes that no single deployment can do: each of their specs compiles to what it says. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { resourcesIn } from "../aws/template.ts";
import { compileText, type Result } from "../support/compile.ts";

const BASE = `version: 1
name: acme
regions: [eu-west-1]
accounts: { dev: { id: "111111111111", email: dev@demo.example } }
environments: { dev: { account: dev, domain: dev.demo.example } }
domains: { dev.demo.example: { environment: dev } }
`;
const section = /(?<=^#### Changes that take several deploys\n).*?(?=^### )/ms.exec(
  readFileSync("README.md", "utf8"),
)?.[0] as string;

/** A stack set's resources in dev. */
const resourcesOf = ({ files }: Result, stackSet: string) =>
  resourcesIn(files.get(`${stackSet}.yaml`) as string, "111111111111", "eu-west-1");

test("the override by which a service gets its second target group before it is deployed in stages", () => {
  const [, block = ""] = /```yaml\n(.*?)```/s.exec(section) ?? [];
  const override = block.replace(/^ {3}/gm, "");
  const services =
    'services: { web: { image: acme/web, version: "1.0.0", port: 3000, public: /*, deploy: canary } }\n';
  const { Properties = {} } =
    resourcesOf(compileText(BASE + services + override), "service-web").get("Service") ?? {};
  expect(Properties.DeploymentConfiguration).toEqual({
    Strategy: "ROLLING",
    MaximumPercent: 200,
    MinimumHealthyPercent: 100,
  });
  expect(Properties.LoadBalancers).toEqual([
    expect.objectContaining({
      AdvancedConfiguration: expect.objectContaining({ AlternateTargetGroupArn: expect.anything() }),
    }),
  ]);
});

test("the second service, whose rule has room beside the first's", () => {
  const [, probe] = /`public: (\/-\/[\w-]+)`/.exec(section) ?? [];
  const [, both] = /`public: (\[.*?\])`/.exec(section) ?? [];
  const service = (name: string, path: string, more = "") =>
    `  ${name}: { image: acme/web, version: "1.0.0", port: 3000, public: ${path}${more} }\n`;
  const before = compileText(
    `${BASE}services:\n${service("web", "/*")}${service("web-tls", probe as string, ", tls: true")}`,
  );
  const after = compileText(`${BASE}services:\n${service("web-tls", both as string, ", tls: true")}`, {
    ledger: before.ledger,
  });
  const rule = (result: Result, stackSet: string) => resourcesOf(result, stackSet).get("PublicRuleAll");
  const [old, young] = [rule(before, "service-web"), rule(after, "service-web-tls")];
  expect(young?.Properties.Conditions).toEqual(old?.Properties.Conditions);
  expect(young?.Properties.Priority).not.toBe(old?.Properties.Priority);
  const groupOf = (result: Result) => resourcesOf(result, "service-web-tls").get("PublicTargetGroup");
  expect(groupOf(after)).toEqual(groupOf(before));
  expect(groupOf(after)?.Properties.Protocol).toBe("HTTPS");
});

test("a service of a cluster of instances can go to Fargate before the cluster does", () => {
  const spec = (
    cluster: string,
    service: string,
  ) => `${BASE}cluster: { capacity: ${cluster}, instances: { type: t4g.large, scale: 2-6 } }
services: { web: { image: acme/web, version: "1.0.0", port: 3000, public: /*${service} } }
`;
  const strategy = (result: Result) => {
    const { Properties = {} } = resourcesOf(result, "service-web").get("Service") ?? {};
    return Properties.CapacityProviderStrategy;
  };
  const between = compileText(spec("ec2", ", capacity: fargate"));
  expect(strategy(between)).toEqual([{ CapacityProvider: "FARGATE", Weight: 1 }]);
  const end = compileText(spec("fargate", "").replace(", instances: { type: t4g.large, scale: 2-6 }", ""), {
    ledger: between.ledger,
  });
  expect(strategy(end)).toEqual(strategy(between));
});
