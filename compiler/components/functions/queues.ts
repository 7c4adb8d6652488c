/**
 * The queues of a function: one of messages for it, from which it takes them in batches, and one of dead letters: what
 * it failed for again and again, and what could not be delivered to it.
 */
import type { PlainObject } from "../../cfn/values.ts";
import { type Handle, part } from "../../stack.ts";
import type { FunctionContext, Triggered } from "./index.ts";
import { deadLettersName, functionOutputs } from "./outputs.ts";
import { sendTo } from "./role.ts";
import { type QueueSettings, queueOf } from "./settings.ts";

type Queue = Handle<"AWS::SQS::Queue">;

/** The queues that a function has. */
export interface Queues {
  readonly deadLetters: Queue;
  /** Absent where nobody sends it messages. */
  readonly messages?: Queue;
}

const DAY = 86_400;
/** The most days SQS keeps a message. */
const LONGEST = 14;
/** Tries before a message is set aside; AWS advises five at least, since a throttled run counts as one. */
const TRIES = 5;
/** Timeouts for which a message is hidden that is worked on: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const HIDDEN_FOR = 6;
const QUEUE = part("Queue", true);

export function addQueues(context: FunctionContext): Queues {
  const { stack, fn, settings, observed } = context;
  const deadLetters = stack.add("AWS::SQS::Queue", "DeadLetters", {
    SqsManagedSseEnabled: true,
    MessageRetentionPeriod: LONGEST * DAY,
  });
  stack.publish(functionOutputs(fn).deadLettersArn, deadLetters.att("Arn"));
  if (observed.length > 0) stack.publish(deadLettersName(fn), deadLetters.att("QueueName"));
  const own = queueOf(settings);
  return { deadLetters, ...(own && { messages: addMessages(context, own, deadLetters) }) };
}

function addMessages(
  { stack, fn, settings, path }: FunctionContext,
  own: QueueSettings,
  deadLetters: Queue,
): Queue {
  const options = { part: QUEUE, from: [...path, "on", "queue"] };
  const messages = stack.add(
    "AWS::SQS::Queue",
    "Messages",
    {
      SqsManagedSseEnabled: true,
      VisibilityTimeout: HIDDEN_FOR * settings["timeout-seconds"],
      MessageRetentionPeriod: own["retention-days"] * DAY,
      RedrivePolicy: { deadLetterTargetArn: deadLetters.att("Arn"), maxReceiveCount: TRIES },
    },
    options,
  );
  stack.publish(functionOutputs(fn).queueUrl, messages.ref, options);
  stack.publish(functionOutputs(fn).queueArn, messages.att("Arn"), options);
  return messages;
}

/** The statements by which the function has to do with its queues. */
export const useQueues = ({ deadLetters, messages }: Queues): readonly PlainObject[] => [
  sendTo("KeepDeadLetters", deadLetters.att("Arn")),
  ...(messages
    ? [
        {
          Sid: "TakeMessages",
          Effect: "Allow",
          Action: [
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:ReceiveMessage",
          ],
          Resource: messages.att("Arn"),
        },
      ]
    : []),
];

/** Has the function called for messages; it answers which of them failed. */
export function addDelivery({ stack, path, target, within, settings, messages }: Triggered): void {
  const own = queueOf(settings);
  if (!own || !messages) return;
  stack.add(
    "AWS::Lambda::EventSourceMapping",
    "Delivery",
    {
      EventSourceArn: messages.att("Arn"),
      FunctionName: target,
      BatchSize: own.batch,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      // One that is absent stays as it was, an empty one takes it away.
      ScalingConfig: own.concurrency === undefined ? {} : { MaximumConcurrency: own.concurrency },
    },
    { part: part(QUEUE.name, true, ...within), from: [...path, "on", "queue"] },
  );
}
