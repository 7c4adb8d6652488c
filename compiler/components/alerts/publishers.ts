/** The services that publish alerts of their account: what they may do with the topic and its key. */
import { accountId, type PlainObject, type Reference } from "../../cfn/values.ts";

/**
 * Alarms, budgets and the events of databases, which say for whose account they come:
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
const OF_THIS_ACCOUNT = ["budgets.amazonaws.com", "cloudwatch.amazonaws.com", "events.rds.amazonaws.com"];

/**
 * EventBridge, which does not say so: by the page above, no condition on `aws:SourceAccount` may stand in the key's
 * policy for it, nor any in the topic's. It publishes to topics of a rule's own account alone, unless a role lets it.
 */
const EVENTS = "events.amazonaws.com";

const ownAccount: PlainObject = { StringEquals: { "aws:SourceAccount": accountId } };

/** What a service does with the key of a topic to which it publishes. */
const ENCRYPT = ["kms:Decrypt", "kms:GenerateDataKey"];

/** Statements of the key. */
export const publishersEncrypt: readonly PlainObject[] = [
  {
    Sid: "ServicesOfThisAccount",
    Effect: "Allow",
    Principal: { Service: OF_THIS_ACCOUNT },
    Action: ENCRYPT,
    Resource: "*",
    Condition: ownAccount,
  },
  { Sid: "Events", Effect: "Allow", Principal: { Service: EVENTS }, Action: ENCRYPT, Resource: "*" },
];

/** Statements of the topic. */
export const publishersPublish = (topic: Reference): readonly PlainObject[] => [
  {
    Sid: "ServicesOfThisAccount",
    Effect: "Allow",
    Principal: { Service: OF_THIS_ACCOUNT },
    Action: "sns:Publish",
    Resource: topic,
    Condition: ownAccount,
  },
  { Sid: "Events", Effect: "Allow", Principal: { Service: EVENTS }, Action: "sns:Publish", Resource: topic },
];

/** A topic's statement that nobody publishes without TLS. */
export const tlsOnlyTo = (topic: Reference): PlainObject => ({
  Sid: "TlsOnly",
  Effect: "Deny",
  Principal: "*",
  Action: "sns:Publish",
  Resource: topic,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});
