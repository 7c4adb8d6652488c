/** How a function is used: by messages to its queue, by requests of the internal load balancer; else it is called. */
import type { Architecture } from "../../architecture.ts";
import { Import } from "../../cfn/values.ts";
import { type Connection, variableOf } from "../../connection.ts";
import type { Entry } from "../../entries.ts";
import { pascalCase } from "../../names.ts";
import { connectInternally } from "../workload/requests.ts";
import { functionOutputs } from "./outputs.ts";
import { type FunctionSettings, queueOf } from "./settings.ts";

export function connectFunction(entry: Entry<FunctionSettings>, architecture: Architecture): Connection {
  const fn = String(entry.path.at(-1));
  const internal = connectInternally(entry, architecture);
  const queue = queueOf(entry.settings) ? connectQueue(fn) : undefined;
  if (!internal && !queue) return connectDirectly(fn);
  return { ...internal, ...queue, variables: { ...internal?.variables, ...queue?.variables } };
}

function connectQueue(fn: string): Connection {
  const { queueUrl, queueArn } = functionOutputs(fn);
  return {
    variables: { [`${variableOf(fn)}_QUEUE_URL`]: new Import(queueUrl) },
    statements: [
      {
        Sid: `SendTo${pascalCase(fn)}`,
        Effect: "Allow",
        Action: ["sqs:GetQueueAttributes", "sqs:SendMessage"],
        Resource: new Import(queueArn),
      },
    ],
  };
}

function connectDirectly(fn: string): Connection {
  const arn = new Import(functionOutputs(fn).arn);
  return {
    variables: { [`${variableOf(fn)}_FUNCTION_ARN`]: arn },
    statements: [
      {
        Sid: `Call${pascalCase(fn)}`,
        Effect: "Allow",
        Action: "lambda:InvokeFunction",
        Resource: arn,
      },
    ],
  };
}
