/** Queries of CloudWatch Logs Insights that are saved: what people ask of logs first. */
import type { Expression } from "../cfn/values.ts";
import type { ResourceOptions, Stack } from "../stack.ts";

/** A question, and how it is put. */
export interface Query {
  /** The last part of its name, which people pick it by. */
  readonly title: string;
  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html, a line for each step */
  readonly lines: readonly string[];
}

export const QUERIES = {
  serverErrors: {
    title: "5xx by path",
    lines: [
      "filter elb_status_code >= 500",
      "parse request_line /^(?<method>\\S+) [a-z]+:\\/\\/[^\\/]+(?<path>\\/[^? ]*)/",
      "stats count(*) as errors, latest(elb_status_code) as status by path, method",
      "sort errors desc",
      "limit 50",
    ],
  },
  slowRequests: {
    title: "slowest paths",
    lines: [
      "filter target_processing_time >= 0",
      "parse request_line /^(?<method>\\S+) [a-z]+:\\/\\/[^\\/]+(?<path>\\/[^? ]*)/",
      "stats count(*) as requests, pct(target_processing_time, 99) as p99, max(target_processing_time) as slowest by path, method",
      "sort p99 desc",
      "limit 50",
    ],
  },
  blockedRequests: {
    title: "blocked requests",
    lines: [
      'filter action = "BLOCK"',
      "stats count(*) as requests by terminatingRuleId, httpRequest.uri, httpRequest.country",
      "sort requests desc",
      "limit 50",
    ],
  },
  slowStatements: {
    title: "slowest statements",
    lines: [
      "parse @message /duration: (?<ms>[0-9.]+) ms\\s+[a-z]+[^:]*: (?<statement>.*)/",
      "filter ispresent(statement)",
      "stats count(*) as times, max(ms) as slowest, sum(ms) as total by statement",
      "sort total desc",
      "limit 25",
    ],
  },
  deniedFlows: {
    title: "denied flows",
    lines: [
      'filter action = "REJECT"',
      "stats count(*) as flows by srcAddr, dstAddr, dstPort, protocol",
      "sort flows desc",
      "limit 50",
    ],
  },
  refusedCalls: {
    title: "refused calls",
    lines: [
      "filter errorCode like /AccessDenied|UnauthorizedOperation/",
      "stats count(*) as calls, latest(errorMessage) as message by userIdentity.arn, eventSource, eventName",
      "sort calls desc",
      "limit 50",
    ],
  },
  vpnLogIns: {
    title: "VPN log-ins",
    lines: [
      "parse @message /\\[(?<profile>[^\\]]+)\\] Peer Connection Initiated with \\[AF_INET6?\\](?<address>.+):\\d+$/",
      "filter ispresent(profile)",
      "display @timestamp, profile, address",
      "sort @timestamp desc",
      "limit 200",
    ],
  },
} as const satisfies Record<string, Query>;

/**
 * Saves a query for log groups of a stack.
 *
 * @param folder how its name begins: those with the same beginning are shown as a folder
 * @param logGroups by name; none for a query whose log groups people pick
 */
export function addQuery(
  stack: Stack,
  logicalId: string,
  folder: string,
  { title, lines }: Query,
  logGroups: readonly (string | Expression)[],
  options: Pick<ResourceOptions, "part"> = {},
): void {
  stack.add(
    "AWS::Logs::QueryDefinition",
    logicalId,
    {
      Name: `${folder}/${title}`,
      ...(logGroups.length > 0 && { LogGroupNames: [...logGroups] }),
      // With an end of line the template has it as a block, line by line.
      QueryString: `${lines.join("\n| ")}\n`,
    },
    options,
  );
}
