/** Findings: what GuardDuty and Security Hub find that is bad enough goes to the topic for alerts, in words. */
import { Import } from "../../cfn/values.ts";
import { type ConcreteStack, Stack } from "../../stack.ts";
import { type Message, messageTemplate } from "../alerts/message.ts";
import { alertsOutputs } from "../alerts/outputs.ts";
import { hasChat } from "../alerts/settings.ts";
import type { DetectionContext } from "./index.ts";
import { FINDINGS } from "./outputs.ts";
import { SEVERITIES, type Severity } from "./settings.ts";

/** @param isSecurity it is the security account, where GuardDuty's findings of all accounts arrive */
export function buildFindings(
  { name, path, settings, architecture, placement }: DetectionContext,
  isSecurity: boolean,
): ConcreteStack {
  const isForChat = hasChat(architecture, placement);
  const stack = new Stack(name, FINDINGS, "Findings that people are told of", path);
  if (settings.guardduty && isSecurity) addGuardDuty(stack, settings.severity, isForChat);
  if (settings["security-hub"]) addSecurityHub(stack, settings.severity, isForChat);
  return stack.build();
}

/** https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html */
function addGuardDuty(stack: Stack, severity: Severity, isForChat: boolean): void {
  addRule(stack, "GuardDuty", `What GuardDuty finds in any account that is ${severity} or worse`, {
    pattern: {
      source: ["aws.guardduty"],
      "detail-type": ["GuardDuty Finding"],
      detail: { severity: [{ numeric: [">=", SEVERITIES[severity]] }] },
    },
    values: {
      account: "$.detail.accountId",
      region: "$.detail.region",
      severity: "$.detail.severity",
      title: "$.detail.title",
      type: "$.detail.type",
      id: "$.detail.id",
    },
    message: {
      title: "GuardDuty, severity <severity>: <title>",
      text: "In account <account>, <region>: <type>",
      first: "open finding <id> in GuardDuty in the security account and see which resource it names",
    },
    isForChat,
  });
}

/** In Security Hub's words, worst last. */
const LABELS = ["LOW", "MEDIUM", "HIGH", "CRITICAL"];

/**
 * Each finding once: it is taken up again with every look at the resource, until somebody sets its workflow.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html
 */
function addSecurityHub(stack: Stack, severity: Severity, isForChat: boolean): void {
  addRule(stack, "SecurityHub", `What Security Hub finds in this account that is ${severity} or worse`, {
    pattern: {
      source: ["aws.securityhub"],
      "detail-type": ["Security Hub Findings - Imported"],
      detail: {
        findings: {
          ProductName: ["Security Hub"],
          Compliance: { Status: ["FAILED"] },
          RecordState: ["ACTIVE"],
          Workflow: { Status: ["NEW"] },
          Severity: { Label: LABELS.slice(LABELS.indexOf(severity.toUpperCase())) },
        },
      },
    },
    values: {
      account: "$.account",
      region: "$.region",
      severity: "$.detail.findings[0].Severity.Label",
      title: "$.detail.findings[0].Title",
      resource: "$.detail.findings[0].Resources[0].Id",
    },
    message: {
      title: "Security Hub, <severity>: <title>",
      text: "In account <account>, <region>: <resource>",
      first: "change what makes it so in the spec, or say in Security Hub why it may stay",
    },
    isForChat,
  });
}

/** A rule, and what people read when it matches. */
export interface Told {
  /** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
  readonly pattern: object;
  /** Where in the event the values of the message are, by name. */
  readonly values: Readonly<Record<string, string>>;
  readonly message: Message;
  readonly isForChat: boolean;
}

export function addRule(stack: Stack, id: string, description: string, told: Told): void {
  stack.add("AWS::Events::Rule", id, {
    Description: description,
    EventPattern: told.pattern,
    Targets: [
      {
        Id: "alerts",
        Arn: new Import(alertsOutputs.topicArn),
        InputTransformer: {
          InputPathsMap: { ...told.values },
          InputTemplate: messageTemplate(told.message, told.isForChat),
        },
      },
    ],
  });
}
