/** A web ACL with AWS's managed rules, and its log: the same in front of whatever it is. */
import { accountId, type Expression, partition, region, sub } from "../cfn/values.ts";
import type { Handle, Part, Stack } from "../stack.ts";
import { addQuery, QUERIES } from "./queries.ts";

/** AWS's rule groups, the cheapest first: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html */
const RULE_GROUPS = [
  "AWSManagedRulesAmazonIpReputationList",
  "AWSManagedRulesKnownBadInputsRuleSet",
  "AWSManagedRulesCommonRuleSet",
];

/** Headers that are as good as a password. */
const SECRET_HEADERS = ["authorization", "cookie"];

/** What one web ACL has that another has not. */
export interface WebAclOptions {
  readonly scope: "REGIONAL" | "CLOUDFRONT";
  /** What it is before. */
  readonly description: string;
  /** Its tag. */
  readonly title: string;
  /** The name of its metric. */
  readonly metric: string;
  /** The name of its log group, without the prefix that WAF wants. */
  readonly logGroup: string;
  /** The folder of its saved queries. */
  readonly queries: string;
  readonly retentionDays: number;
  /** ARN of the key that encrypts the log. */
  readonly key: Expression;
  readonly part?: Part;
}

export function addWebAcl(stack: Stack, options: WebAclOptions): Handle<"AWS::WAFv2::WebACL"> {
  const presence = options.part && { part: options.part };
  const webAcl = stack.add(
    "AWS::WAFv2::WebACL",
    "WebAcl",
    {
      Description: options.description,
      Scope: options.scope,
      DefaultAction: { Allow: {} },
      Rules: RULE_GROUPS.map((group, priority) => ({
        Name: group,
        Priority: priority,
        Statement: { ManagedRuleGroupStatement: { VendorName: "AWS", Name: group } },
        // The actions of the group's own rules hold.
        OverrideAction: { None: {} },
        VisibilityConfig: visible(group),
      })),
      VisibilityConfig: visible(options.metric),
      Tags: [{ Key: "Name", Value: options.title }],
    },
    presence,
  );
  // WAF wants this beginning of the name: https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html
  const group = stack.add(
    "AWS::Logs::LogGroup",
    "LogGroup",
    {
      LogGroupName: `aws-waf-logs-${options.logGroup}`,
      RetentionInDays: options.retentionDays,
      KmsKeyId: options.key,
    },
    { retain: true, ...presence },
  );
  stack.add(
    "AWS::WAFv2::LoggingConfiguration",
    "Logging",
    {
      ResourceArn: webAcl.att("Arn"),
      // Not the log group's `Arn`, which ends in `:*`.
      LogDestinationConfigs: [sub`arn:${partition}:logs:${region}:${accountId}:log-group:${group.ref}`],
      RedactedFields: SECRET_HEADERS.map((header) => ({ SingleHeader: { Name: header } })),
    },
    presence,
  );
  addQuery(stack, "BlockedRequests", options.queries, QUERIES.blockedRequests, [group.ref], presence);
  return webAcl;
}

/** Without samples, which show the secret headers to whoever may look at the web ACL; the log has all requests. */
const visible = (name: string) => ({
  CloudWatchMetricsEnabled: true,
  MetricName: name,
  SampledRequestsEnabled: false,
});
