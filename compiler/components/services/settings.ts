/** A service's settings, as `schema/service.json` describes them, defaults filled in. */
import { type Architecture, namesOf } from "../../architecture.ts";
import type { RequestSettings } from "../workload/requests.ts";
import type { ScheduleSettings } from "../workload/schedule.ts";

export const servicesPath = ["services"] as const;

export interface ServiceSettings extends RequestSettings {
  readonly image: string;
  readonly version: string;
  readonly command?: readonly string[];
  readonly port?: number;
  readonly tls: boolean;
  readonly health: HealthSettings;
  readonly scale: ScaleSettings;
  readonly cpu: number;
  readonly memory: number;
  readonly capacity?: Capacity;
  readonly architecture: "arm64" | "x86_64";
  readonly uses: readonly string[];
  readonly secrets: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly writable: readonly string[];
  readonly capabilities: readonly string[];
  readonly shell: boolean;
  readonly "stop-seconds": number;
  readonly deploy: DeploySettings;
  readonly schedule?: ScheduleSettings;
  readonly "on-demand": boolean;
  readonly "log-retention-days": number;
}

export type Capacity = "ec2" | "fargate" | "fargate-spot";

export interface HealthSettings {
  readonly path: string;
  readonly codes: string;
  readonly seconds: number;
  readonly "grace-seconds": number;
  readonly command?: readonly string[];
}

export interface ScaleSettings {
  readonly min: number;
  /** As many as `min` where absent. */
  readonly max?: number;
  readonly cpu: number;
  readonly memory?: number;
  readonly requests?: number;
}

export interface DeploySettings {
  readonly strategy: "rolling" | "blue-green" | "canary" | "linear";
  readonly "bake-minutes": number;
  readonly "step-percent": number;
  readonly "step-minutes": number;
}

/** How it comes to run: all the time, at set times, or when somebody says so. */
export type Form = "service" | "scheduled" | "on-demand";

export function formOf(settings: Pick<ServiceSettings, "schedule" | "on-demand">): Form {
  if (settings.schedule) return "scheduled";
  return settings["on-demand"] ? "on-demand" : "service";
}

/** The services' names, in an order that the spec's does not change. */
export const servicesOf = (architecture: Architecture): readonly string[] =>
  namesOf(architecture, servicesPath);

/** Whether new tasks are started beside all the old ones, each with a target group of its own. */
export const isStaged = ({ deploy }: Pick<ServiceSettings, "deploy">): boolean =>
  deploy.strategy !== "rolling";

/** How few and how many tasks there are. */
export function boundsOf({ scale }: Pick<ServiceSettings, "scale">): {
  readonly min: number;
  readonly max: number;
} {
  return { min: scale.min, max: scale.max ?? scale.min };
}
