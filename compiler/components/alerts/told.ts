/** Who is told: the topic of the alarm's own account and Region. */
import { Import } from "../../cfn/values.ts";
import { alertsOutputs } from "./outputs.ts";

export const told: [Import] = [new Import(alertsOutputs.topicArn)];
