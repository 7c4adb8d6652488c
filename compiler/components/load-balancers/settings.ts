/** The settings of load balancers, as `schema/load-balancers.json` describes them, and which there are. */
import {
  type Architecture,
  domainOf,
  type Placement,
  placementsWith,
  settingsIn,
} from "../../architecture.ts";
import type { SpecPath } from "../../path.ts";

export const loadBalancersPath = ["load-balancers"] as const;

export const KINDS = ["public", "internal"] as const;
export type Kind = (typeof KINDS)[number];

export interface LoadBalancersSettings {
  readonly public: BalancerSettings & { readonly "web-acl": boolean };
  readonly internal: BalancerSettings;
  readonly "deletion-protection": boolean;
  readonly "retention-days": number;
  readonly "query-logs": boolean;
}

export interface BalancerSettings {
  /** Where something is on it, if absent. */
  readonly enabled?: boolean;
  readonly "idle-timeout": number;
}

export const settingsOf = ({ spec }: Architecture, { environment }: Placement): LoadBalancersSettings =>
  settingsIn(spec, loadBalancersPath, environment) as unknown as LoadBalancersSettings;

/** The load balancers of each placement: every service asks for them. */
const known = new WeakMap<Architecture, Map<Placement, readonly Kind[]>>();

/** Those that a placement has: none without a domain, in which their names and certificates are. */
export function kindsIn(architecture: Architecture, placement: Placement): readonly Kind[] {
  const ofAll = known.get(architecture) ?? new Map<Placement, readonly Kind[]>();
  known.set(architecture, ofAll);
  const kinds = ofAll.get(placement) ?? findKinds(architecture, placement);
  ofAll.set(placement, kinds);
  return kinds;
}

function findKinds(architecture: Architecture, placement: Placement): readonly Kind[] {
  if (domainOf(architecture.spec, placement.environment) === undefined) return [];
  const settings = settingsOf(architecture, placement);
  return KINDS.filter((kind) => settings[kind].enabled ?? isDemanded(architecture, placement, kind));
}

export const hasBalancer = (architecture: Architecture, placement: Placement, kind: Kind): boolean =>
  placementsWith(architecture, loadBalancersPath).includes(placement) &&
  kindsIn(architecture, placement).includes(kind);

const isDemanded = ({ demands }: Architecture, placement: Placement, kind: Kind): boolean =>
  demands.some(
    (demand) => demand.placement === placement && demand.routes?.some(({ balancer }) => balancer === kind),
  );

/** A name before a placement's domain under which the public load balancer is asked, and who wants it first. */
export interface Host {
  readonly host: string;
  readonly path: SpecPath;
}

export function hostsIn({ demands }: Architecture, placement: Placement): readonly Host[] {
  const wanted = demands
    .filter((demand) => demand.placement === placement)
    .flatMap(({ path, routes = [] }) =>
      routes.flatMap(({ host, balancer }) =>
        balancer === "public" && host !== undefined ? [{ host, path }] : [],
      ),
    );
  const names = [...new Set(wanted.map(({ host }) => host))].toSorted();
  return names.map((name) => wanted.find(({ host }) => host === name) as Host);
}
