/** What happens in a bucket: EventBridge tells the function. The bucket knows nobody who listens. */
import type { PlainObject } from "../../cfn/values.ts";
import { type Handle, part } from "../../stack.ts";
import { policyOf } from "../workload/statements.ts";
import type { Triggered } from "./index.ts";
import type { EventSettings } from "./settings.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html */
const DETAIL_TYPES = { created: "Object Created", deleted: "Object Deleted" } as const;

export function addBucketEvents(context: Triggered, bucket: string): void {
  const { stack, what, path, settings, connections, target, within, deadLetters } = context;
  const options = { part: part("BucketEvents", true, ...within), from: [...path, "on", "bucket"] };
  const key = keyPattern(settings.on);
  const rule = stack.add(
    "AWS::Events::Rule",
    "BucketRule",
    {
      Description: `Tells ${what} what happens in ${bucket}`,
      EventPattern: {
        source: ["aws.s3"],
        "detail-type": settings.on.events.toSorted().map((event) => DETAIL_TYPES[event]),
        detail: {
          // `checkListeners` has seen to it that it is a bucket.
          bucket: { name: [connections.get(bucket)?.bucketName ?? ""] },
          ...(key && { object: { key: [key] } }),
        },
      },
      Targets: [
        {
          Id: "function",
          Arn: target,
          DeadLetterConfig: { Arn: deadLetters.att("Arn") },
        },
      ],
    },
    options,
  );
  stack.add(
    "AWS::Lambda::Permission",
    "BucketPermission",
    {
      FunctionName: target,
      Action: "lambda:InvokeFunction",
      Principal: "events.amazonaws.com",
      SourceArn: rule.att("Arn"),
    },
    options,
  );
  addQueuePolicy(context, rule);
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-content-based-filtering.html */
function keyPattern({ prefix, suffix }: EventSettings): PlainObject | undefined {
  if (prefix !== undefined && suffix !== undefined) {
    const literal = (text: string) => text.replaceAll(/[*\\]/g, "\\$&");
    return { wildcard: `${literal(prefix)}*${literal(suffix)}` };
  }
  if (prefix !== undefined) return { prefix };
  return suffix === undefined ? undefined : { suffix };
}

/** What can't be delivered EventBridge puts into the queue in its own name. */
function addQueuePolicy(
  { stack, path, within, deadLetters }: Triggered,
  rule: Handle<"AWS::Events::Rule">,
): void {
  stack.add(
    "AWS::SQS::QueuePolicy",
    "DeadLettersPolicy",
    {
      Queues: [deadLetters.ref],
      PolicyDocument: policyOf([
        {
          Sid: "KeepUndeliveredEvents",
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: deadLetters.att("Arn"),
          Condition: { ArnEquals: { "aws:SourceArn": rule.att("Arn") } },
        },
      ]),
    },
    { part: part("BucketEvents", true, ...within), from: [...path, "on", "bucket"] },
  );
}
