/** The settings of the cluster, as `schema/cluster.json` describes them, defaults filled in. */
import {
  type Architecture,
  hostsWorkloads,
  type Placement,
  placementsWith,
  settingsIn,
  valueAt,
} from "../../architecture.ts";

export const clusterPath = ["cluster"] as const;

export interface ClusterSettings {
  readonly capacity: "fargate" | "ec2";
  readonly instances?: Partial<InstanceSettings>;
  readonly insights: "enhanced" | "enabled" | "disabled";
  readonly "log-retention-days": number;
}

export interface InstanceSettings {
  readonly type: string;
  /** The fewest, and the most: as many where absent. */
  readonly scale: { readonly min: number; readonly max?: number };
  /** GiB. */
  readonly disk: number;
}

const settingsOf = ({ spec }: Architecture, { environment }: Placement): ClusterSettings =>
  settingsIn(spec, clusterPath, environment) as unknown as ClusterSettings;

/**
 * What the cluster of a placement is set to; undefined where there is none. It is where something runs in it, and where
 * the spec asks for one and applications live.
 */
export function clusterIn(architecture: Architecture, placement: Placement): ClusterSettings | undefined {
  if (!placementsWith(architecture, clusterPath).includes(placement)) return undefined;
  const isNeeded = architecture.demands.some((demand) => demand.cluster && demand.placement === placement);
  const isWanted =
    isAsked(architecture, placement) && hostsWorkloads(architecture.spec)(placement.environment);
  return isNeeded || isWanted ? settingsOf(architecture, placement) : undefined;
}

/** Whether the spec says something of the cluster of a placement, whatever runs there. */
export const isAsked = ({ spec }: Architecture, { environment }: Placement): boolean =>
  [clusterPath, ["environments", environment, ...clusterPath]].some(
    (path) => valueAt(spec, path) !== undefined,
  );

/** What tasks run on that do not say. */
export const capacityIn = (architecture: Architecture, placement: Placement): "fargate" | "ec2" =>
  settingsOf(architecture, placement).capacity;
