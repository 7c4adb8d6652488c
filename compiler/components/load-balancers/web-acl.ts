/** The web ACL before the public load balancer, with AWS's managed rules, and its log. */
import { accountId, Import, partition, region, sub } from "../../cfn/values.ts";
import { type ConcreteStack, Stack } from "../../stack.ts";
import { keysOutputs } from "../keys.ts";
import { balancerOutputs, WEB_ACL } from "./outputs.ts";
import { type LoadBalancersSettings, loadBalancersPath } from "./settings.ts";

/** AWS's rule groups, the cheapest first: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html */
const RULE_GROUPS = [
  "AWSManagedRulesAmazonIpReputationList",
  "AWSManagedRulesKnownBadInputsRuleSet",
  "AWSManagedRulesCommonRuleSet",
];

/** Headers that are as good as a password. */
const SECRET_HEADERS = ["authorization", "cookie"];

/** Without samples, which show the secret headers to whoever may look at the web ACL; the log has all requests. */
const visible = (name: string) => ({
  CloudWatchMetricsEnabled: true,
  MetricName: name,
  SampledRequestsEnabled: false,
});

export function buildWebAcl(name: string, settings: LoadBalancersSettings): ConcreteStack {
  const stack = new Stack(name, WEB_ACL, "The web ACL before the public load balancer", [
    ...loadBalancersPath,
    "public",
    "web-acl",
  ]);
  const webAcl = stack.add("AWS::WAFv2::WebACL", "WebAcl", {
    Description: "Before the public load balancer",
    Scope: "REGIONAL",
    DefaultAction: { Allow: {} },
    Rules: RULE_GROUPS.map((group, priority) => ({
      Name: group,
      Priority: priority,
      Statement: { ManagedRuleGroupStatement: { VendorName: "AWS", Name: group } },
      // The actions of the group's own rules hold.
      OverrideAction: { None: {} },
      VisibilityConfig: visible(group),
    })),
    VisibilityConfig: visible(`${name}-web-acl`),
    Tags: [{ Key: "Name", Value: "public" }],
  });
  // WAF wants this beginning of the name: https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html
  const group = stack.add(
    "AWS::Logs::LogGroup",
    "LogGroup",
    {
      LogGroupName: `aws-waf-logs-${name}`,
      RetentionInDays: settings["retention-days"],
      KmsKeyId: new Import(keysOutputs.logsKeyArn),
    },
    { retain: true },
  );
  stack.add("AWS::WAFv2::LoggingConfiguration", "Logging", {
    ResourceArn: webAcl.att("Arn"),
    // Not the log group's `Arn`, which ends in `:*`.
    LogDestinationConfigs: [sub`arn:${partition}:logs:${region}:${accountId}:log-group:${group.ref}`],
    RedactedFields: SECRET_HEADERS.map((header) => ({ SingleHeader: { Name: header } })),
  });
  stack.add("AWS::WAFv2::WebACLAssociation", "Association", {
    ResourceArn: new Import(balancerOutputs("public").arn),
    WebACLArn: webAcl.att("Arn"),
  });
  return stack.build();
}
