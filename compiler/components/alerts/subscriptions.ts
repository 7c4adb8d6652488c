/** Who is told: a subscription for each address. Who leaves the spec is unsubscribed. */
import { pascalCase } from "../../names.ts";
import { type Handle, part, type Stack } from "../../stack.ts";
import { type AlertsSettings, alertsPath } from "./settings.ts";

export function addSubscriptions(
  stack: Stack,
  topic: Handle<"AWS::SNS::Topic">,
  { email, https }: AlertsSettings,
): void {
  const add = (Protocol: "email" | "https", name: string, Endpoint: string) => {
    // `oncall@acme.example` → `EmailOncallAcmeExample`
    const id = pascalCase(`${Protocol}-${name}`);
    stack.add(
      "AWS::SNS::Subscription",
      id,
      { TopicArn: topic.ref, Protocol, Endpoint },
      { part: part(id, true), from: [...alertsPath, Protocol] },
    );
  };
  for (const address of email.toSorted()) add("email", address, address);
  for (const [name, url] of Object.entries(https).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    add("https", name, url);
}
