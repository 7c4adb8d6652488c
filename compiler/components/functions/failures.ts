/** What becomes of failures: how often it is tried again, and which other function is told. */
import type { Architecture, Placement } from "../../architecture.ts";
import { Import, type PlainObject } from "../../cfn/values.ts";
import type { Triggered } from "./index.ts";
import { functionOutputs } from "./outputs.ts";
import { LIVE, STAGES } from "./stages.ts";

/** The function that is told of a function's failures in a placement; undefined where none is. */
export function listenerOf(
  { demands }: Pick<Architecture, "demands">,
  placement: Placement,
  fn: string,
): string | undefined {
  const listener = demands.find(
    (demand) =>
      demand.placement === placement && demand.listens?.some(({ to, of }) => to === "failures" && of === fn),
  );
  return listener && String(listener.path.at(-1));
}

/** The statement by which Lambda, as a function, tells another of its failures. */
export const tell = (listener: string): PlainObject => ({
  Sid: "TellOfFailures",
  Effect: "Allow",
  Action: "lambda:InvokeFunction",
  Resource: new Import(functionOutputs(listener).arn),
});

/** Lambda knows them for each alias apart. */
export function addFailures(
  { stack, settings, path, lambda, alias }: Triggered,
  listener: string | undefined,
): void {
  stack.add(
    "AWS::Lambda::EventInvokeConfig",
    alias ? "LiveFailures" : "Failures",
    {
      FunctionName: lambda.ref,
      Qualifier: alias ? LIVE : "$LATEST",
      MaximumRetryAttempts: settings.retries,
      ...(listener !== undefined && {
        DestinationConfig: { OnFailure: { Destination: new Import(functionOutputs(listener).arn) } },
      }),
    },
    { from: [...path, "retries"], ...(alias && { part: STAGES, dependsOn: [alias] }) },
  );
}
