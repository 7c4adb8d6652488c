/** Reading a spec for one placement, and collecting what it is expected to lead to. */
import {
  type Architecture,
  type Placement,
  placementsWith,
  settingsIn,
} from "../../compiler/architecture.ts";
import type { SpecPath } from "../../compiler/path.ts";
import { isJsonObject, type JsonObject } from "../../compiler/schema.ts";
import type { Flow } from "./flows.ts";
import { flowLine, nodeLine, requestLine, transitLine } from "./lines.ts";
import type { Reachability } from "./reachability.ts";
import type { Target } from "./requests.ts";
import { type Traffic, union } from "./traffic.ts";

/** What is said of one placement. Layers are the compiler's own, since it is not them that are judged. */
export class Said {
  readonly architecture: Architecture;
  readonly placement: Placement;

  constructor(architecture: Architecture, placement: Placement) {
    this.architecture = architecture;
    this.placement = placement;
  }

  /** What a kind is set to; undefined where the placement does not have it. */
  of(...path: SpecPath): JsonObject | undefined {
    if (!placementsWith(this.architecture, path).includes(this.placement)) return undefined;
    const settings = settingsIn(this.architecture.spec, path, this.placement.environment);
    return isJsonObject(settings) ? settings : undefined;
  }

  /** The settings of those of a kind that the placement has, by name. */
  named(kind: string): [string, JsonObject][] {
    return Object.keys((this.architecture.spec[kind] ?? {}) as object).flatMap(
      (name): [string, JsonObject][] => {
        const settings = this.of(kind, name);
        return settings ? [[name, settings]] : [];
      },
    );
  }
}

/** Requests for a path of a host. */
export interface Route {
  readonly host: string;
  readonly path: string;
}

/** Collects what is expected; traffic that is allowed several times between the same two is joined. */
export class Expected {
  /** The names of all who are outside. */
  readonly outside: readonly string[];
  readonly #found: Reachability;
  readonly #others: string[] = [];
  readonly #flows = new Map<string, Flow>();

  constructor(found: Reachability) {
    this.#found = found;
    this.outside = found.outsiders.map(({ name }) => name);
  }

  /** Says how many nodes of a type a stack has; returns the names of those that were found. */
  nodes(place: string, stack: string, type: string, count = 1): string[] {
    if (count > 0) this.#others.push(nodeLine(place, stack, type, count));
    return this.#found.nodes
      .filter((node) => node.place === place && node.stack === stack)
      .map(({ name }) => name);
  }

  /** @param oddity what is odd about it and meant to be */
  allow(
    sources: readonly string[],
    targets: readonly string[],
    traffic: Traffic,
    oddity?: Flow["oddity"],
  ): void {
    for (const from of sources) {
      for (const to of targets) {
        const key = `${from} → ${to}`;
        const all = union(traffic, this.#flows.get(key)?.traffic ?? []);
        this.#flows.set(key, { from, to, traffic: all, ...(oddity && { oddity }) });
      }
    }
  }

  /** Says where transit gateways lead. */
  transit(from: string, targets: readonly string[]): void {
    this.#others.push(...targets.map((to) => transitLine({ from, to })));
  }

  /** Says which requests are sent on. */
  send(balancers: readonly string[], { host, path }: Route, targets: readonly Target[]): void {
    for (const from of balancers) {
      for (const { to, targetPort } of targets) {
        const request = { from, port: 443, which: `host-header ${host} and path ${path}`, to };
        this.#others.push(requestLine(targetPort === undefined ? request : { ...request, targetPort }));
      }
    }
  }

  lines(): string[] {
    return [...this.#others, ...[...this.#flows.values()].map(flowLine)];
  }
}
