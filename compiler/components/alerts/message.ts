/** What people read of an event: the text that EventBridge makes of it. */

/** Without a full stop, each; what stands in angle brackets is a value of the event. */
export interface Message {
  /** What has happened. */
  readonly title: string;
  /** Where, and why. */
  readonly text: string;
  /** What to do first. */
  readonly first: string;
}

/**
 * Lines for mail; where the topic is also written to a chat, JSON, since that shows nothing else:
 * https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 *
 * @returns an input template: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function messageTemplate({ title, text, first }: Message, isForChat: boolean): string {
  if (!isForChat)
    return [`${title}.`, text, `First: ${first}.`].map((line) => JSON.stringify(line)).join("\n");
  return JSON.stringify({
    version: "1.0",
    source: "custom",
    content: { title, description: `${text}\n\nFirst: ${first}.` },
  });
}
