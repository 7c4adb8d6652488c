/** The budget of an account: who gets its alerts hears when it costs more than it should. */
import { Import } from "../../cfn/values.ts";
import type { Context } from "../../component.ts";
import { type ConcreteStack, Stack } from "../../stack.ts";
import { alertsOutputs } from "./outputs.ts";
import type { AlertsSettings } from "./settings.ts";

/** What has been spent, of a hundred, and what will be by the end of the month. */
const THRESHOLDS = [
  { NotificationType: "ACTUAL", Threshold: 80 },
  { NotificationType: "ACTUAL", Threshold: 100 },
  { NotificationType: "FORECASTED", Threshold: 100 },
];

/** @param dollars what the account should cost in a month at most */
export function buildBudget(
  { name, path }: Pick<Context<AlertsSettings, undefined>, "name" | "path">,
  dollars: number,
): ConcreteStack {
  const stack = new Stack(name, "budget", "What an account should cost at most", [...path, "budget"]);
  stack.add("AWS::Budgets::Budget", "Budget", {
    Budget: {
      BudgetName: `${name}-monthly`,
      BudgetType: "COST",
      TimeUnit: "MONTHLY",
      BudgetLimit: { Amount: dollars, Unit: "USD" },
    },
    NotificationsWithSubscribers: THRESHOLDS.map((threshold) => ({
      Notification: { ...threshold, ThresholdType: "PERCENTAGE", ComparisonOperator: "GREATER_THAN" },
      Subscribers: [{ SubscriptionType: "SNS", Address: new Import(alertsOutputs.topicArn) }],
    })),
  });
  return stack.build();
}
