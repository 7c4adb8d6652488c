/** Access findings: what can be reached from outside of an account goes to its topic for alerts, in words. */
import { accountId, partition, region, sub } from "../../cfn/values.ts";
import { type ConcreteStack, Stack } from "../../stack.ts";
import { hasChat } from "../alerts/settings.ts";
import { analyzerName } from "../baseline/outputs.ts";
import { addRule } from "./findings.ts";
import type { DetectionContext } from "./index.ts";
import { ACCESS_FINDINGS } from "./outputs.ts";

/**
 * In a stack set of its own, since each account finds by itself: its template is the same everywhere. A finding is told
 * once: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-eventbridge.html
 */
export function buildAccessFindings({
  name,
  path,
  architecture,
  placement,
}: DetectionContext): ConcreteStack {
  const stack = new Stack(name, ACCESS_FINDINGS, "What can be reached from outside of an account", path);
  addRule(stack, "AccessAnalyzer", "What somebody outside of this account may reach in it", {
    pattern: {
      source: ["aws.access-analyzer"],
      "detail-type": ["Access Analyzer Finding"],
      resources: [
        sub`arn:${partition}:access-analyzer:${region}:${accountId}:analyzer/${analyzerName(name)}`,
      ],
      // It is also told of what could not be looked at, and of a finding that is deleted, as active as it was.
      detail: { status: ["ACTIVE"], isDeleted: [false], error: [{ exists: false }] },
      // The analyzer of each Region finds what is of the account as a whole.
      $or: [
        { region: [architecture.home] },
        { detail: { resource: [{ "anything-but": { prefix: sub`arn:${partition}:iam:` } }] } },
      ],
    },
    values: {
      account: "$.detail.accountId",
      region: "$.detail.region",
      public: "$.detail.isPublic",
      resource: "$.detail.resource",
      type: "$.detail.resourceType",
      id: "$.detail.id",
    },
    message: {
      title: "Access Analyzer: somebody outside of the account may reach <resource>",
      text: "In account <account>, <region>: <type>; anybody may: <public>",
      first:
        "open finding <id> in Access Analyzer there: take the access away, or archive the finding if it is meant",
    },
    isForChat: hasChat(architecture, placement),
  });
  return stack.build();
}
