/** Functions: code that Lambda runs when something happens. Each is a stack set of its own. */
import type { Reference } from "../../cfn/values.ts";
import type { Component, Context } from "../../component.ts";
import type { Connection } from "../../connection.ts";
import type { Demands } from "../../demands.ts";
import type { Entry } from "../../entries.ts";
import { type Handle, type Part, Stack } from "../../stack.ts";
import { addAlarms } from "../alerts/alarms.ts";
import { isOwnImage, REGISTRY } from "../registry/names.ts";
import { routesOf } from "../workload/requests.ts";
import { addBucketEvents } from "./bucket.ts";
import { checkFunctions } from "./check.ts";
import { connectFunction } from "./connect.ts";
import { addFailures, listenerOf, tell } from "./failures.ts";
import { addFunction } from "./function.ts";
import { observeFunction } from "./observe.ts";
import { functionOutputs, stackSetOf } from "./outputs.ts";
import { addDelivery, addQueues, type Queues, useQueues } from "./queues.ts";
import { addRequests } from "./requests.ts";
import { addSchedule } from "./schedule.ts";
import {
  codeOf,
  type EventSettings,
  type FunctionSettings,
  functionsPath,
  isStaged,
  usedBy,
} from "./settings.ts";
import { addStages, STAGES } from "./stages.ts";

/** What a function is built of: its stack, and the names it may need. */
export interface FunctionContext extends Context<FunctionSettings, undefined> {
  readonly stack: Stack;
  /** The function's name in the spec. */
  readonly fn: string;
  /** Its name in AWS, where others must know it. At most 20 + 1 + 32 characters; Lambda allows 64. */
  readonly physicalName: string;
  /** In a sentence: `the function status`. */
  readonly what: string;
  /** What it uses, by name. */
  readonly connections: ReadonlyMap<string, Connection>;
}

/** The function as its triggers have to do with it. */
export interface Triggered extends FunctionContext, Queues {
  readonly lambda: Handle<"AWS::Lambda::Function">;
  /** Absent where it changes all at once. */
  readonly alias?: Handle<"AWS::Lambda::Alias">;
  /** The ARN by which it is called. */
  readonly target: Reference;
  /** What that is a part of, and so what calls it lies within. */
  readonly within: readonly Part[];
}

export const functions: Component<FunctionSettings, undefined> = {
  path: functionsPath,
  isMap: true,
  check: checkFunctions,
  demands: demandsOf,
  stackSetOf,
  connect: connectFunction,
  observe: observeFunction,
  build(base) {
    const context = contextOf(base);
    const { stack, settings, architecture, placement, fn } = context;
    if (settings.image !== undefined) stack.after(REGISTRY);
    const listener = listenerOf(architecture, placement, fn);
    const queues = addQueues(context);
    const { lambda, properties } = addFunction(context, queues.deadLetters, [
      ...useQueues(queues),
      ...(listener === undefined ? [] : [tell(listener)]),
    ]);
    const alias = isStaged(settings) ? addStages(context, lambda, properties) : undefined;
    const target = alias?.ref ?? lambda.att("Arn");
    const within = alias ? [STAGES] : [];
    const triggered = { ...context, ...queues, lambda, target, within, ...(alias && { alias }) };
    addFailures(triggered, listener);
    addTriggers(triggered);
    stack.publish(functionOutputs(fn).arn, triggered.target);
    addAlarms(base, stack);
    return [stack.build()];
  },
};

function contextOf(base: Context<FunctionSettings, undefined>): FunctionContext {
  const { name, path, settings } = base;
  const fn = String(path.at(-1));
  return {
    ...base,
    stack: new Stack(name, stackSetOf(fn), `The function ${fn}`, path),
    fn,
    physicalName: `${name}-${fn}`,
    what: `the function ${fn}`,
    connections: new Map(usedBy(settings).map((used) => [used, base.connect(used)])),
  };
}

function addTriggers(context: Triggered): void {
  const { schedule, on } = context.settings;
  if (schedule) addSchedule(context, schedule);
  if (on.bucket !== undefined) addBucketEvents(context, on.bucket);
  addDelivery(context);
  addRequests(context);
}

/** Where parts are wrong and left out, it demands what is left. */
function demandsOf({ settings }: Entry<FunctionSettings>): Demands {
  const { uses = [], secrets = [], variables = {}, image } = settings;
  const { bucket, failure }: Partial<EventSettings> = settings.on ?? {};
  const code = codeOf(settings);
  return {
    uses,
    listens: [
      ...(bucket === undefined ? [] : [{ to: "objects" as const, of: bucket, setting: ["on", "bucket"] }]),
      ...(failure === undefined
        ? []
        : [{ to: "failures" as const, of: failure, setting: ["on", "failure"] }]),
    ],
    secrets,
    secretsByArn: true,
    variables: Object.keys(variables),
    variablesKey: true,
    ...(code && { code }),
    ...(image !== undefined && isOwnImage(image) && { images: [image], isOnLambda: true }),
    routes: routesOf(settings),
  };
}
