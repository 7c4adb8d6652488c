/** A function's settings, as `schema/function.json` describes them, defaults filled in. */
import type { SourceCode } from "../../code.ts";
import type { RequestSettings } from "../workload/requests.ts";
import type { ScheduleSettings } from "../workload/schedule.ts";

export const functionsPath = ["functions"] as const;

export interface FunctionSettings extends RequestSettings {
  readonly code?: string;
  readonly handler: string;
  /** The newest of the code's language where absent. */
  readonly runtime?: string;
  readonly image?: string;
  readonly version?: string;
  readonly command?: readonly string[];
  readonly architecture: "arm64" | "x86_64";
  readonly memory: number;
  readonly "timeout-seconds": number;
  readonly "temporary-storage": number;
  readonly concurrency?: number;
  readonly schedule?: ScheduleSettings;
  readonly on: EventSettings;
  readonly retries: number;
  readonly uses: readonly string[];
  readonly secrets: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly deploy: DeploySettings;
  readonly tracing: boolean;
  readonly "log-retention-days": number;
}

export interface EventSettings {
  readonly bucket?: string;
  readonly events: readonly ("created" | "deleted")[];
  readonly prefix?: string;
  readonly suffix?: string;
  readonly queue?: QueueSettings;
  /** The function of whose failures it is told. */
  readonly failure?: string;
}

export interface QueueSettings {
  readonly enabled: boolean;
  readonly batch: number;
  readonly concurrency?: number;
  readonly "retention-days": number;
}

export interface DeploySettings {
  readonly strategy: "all-at-once" | "canary" | "linear";
  readonly "step-percent": number;
  readonly "step-minutes": number;
}

/** Whether calls are led from one version to the next. */
export const isStaged = ({ deploy }: Pick<FunctionSettings, "deploy">): boolean =>
  deploy.strategy !== "all-at-once";

/** Its queue; undefined where it has none. */
export const queueOf = ({ on }: Pick<FunctionSettings, "on">): QueueSettings | undefined =>
  on.queue?.enabled ? on.queue : undefined;

/** Its code; undefined where it is an image. */
export const codeOf = ({ code, handler, runtime }: FunctionSettings): SourceCode | undefined =>
  code === undefined ? undefined : { path: code, handler, ...(runtime !== undefined && { runtime }) };

/** All that it uses: a bucket that it is told of counts too. In an order that the spec's does not change. */
export const usedBy = ({ uses, on }: Pick<FunctionSettings, "uses" | "on">): readonly string[] =>
  [...new Set([...uses, ...(on.bucket === undefined ? [] : [on.bucket])])].toSorted();
