/** The aggregator: what the recorders of all accounts and Regions know, in one place. */
import { type Architecture, activeAccounts, watchedRegions } from "../../architecture.ts";
import { type ConcreteStack, Stack } from "../../stack.ts";
import { auditPath } from "./settings.ts";

/** In the account for security, in the home Region; each account's recorder lets it look. */
export function buildAggregator({ name, spec }: Architecture): ConcreteStack {
  const from = [...auditPath, "recorder"];
  const stack = new Stack(name, "aggregator", "What the recorders of all accounts know, in one place", from);
  stack.add("AWS::Config::ConfigurationAggregator", "Aggregator", {
    ConfigurationAggregatorName: name,
    AccountAggregationSources: [
      { AccountIds: activeAccounts(spec).map(({ id }) => id), AwsRegions: [...watchedRegions(spec)] },
    ],
    Tags: [{ Key: "Name", Value: name }],
  });
  return stack.build();
}
