/** The spec expanded: placements in order, and what each kind is set to in each of them. */

import { callIn } from "./cfn/functions.ts";
import type { Packed } from "./code.ts";
import type { Demand } from "./demands.ts";
import { inSpec, type Place } from "./diagnostics.ts";
import type { SpecPath } from "./path.ts";
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type Schema,
  schemaAt,
  schemaOf,
  withDefaults,
} from "./schema.ts";
import type { Spec } from "./spec.ts";
import { isTakenOut } from "./validate/prune.ts";

export interface Account {
  readonly name: string;
  /** Twelve digits. */
  readonly id: string;
}

/** An account and Region that a stack goes to. */
export interface Target {
  readonly account: Account;
  readonly region: string;
}

/** How an account and Region are named, in the ledger too: `012345678904/eu-west-1`. */
export const placeOf = ({ account, region }: Target): string => `${account.id}/${region}`;

/** One environment in one account and Region. */
export interface Placement extends Target {
  /** `dev`, or `dev.eu-west-1` where the environment spans several Regions. The name of its rows. */
  readonly name: string;
  readonly environment: string;
  /** For a stack that belongs to no environment alone: those that need it. It is deployed with each of them. */
  readonly serves?: readonly string[];
}

export interface Architecture {
  readonly name: string;
  /** The Region the stack sets live in. */
  readonly home: string;
  /** The account the stack sets live in. */
  readonly administration: Account;
  readonly spec: Spec;
  /** In the ledger's order of environments, then in the spec's order of Regions. */
  readonly placements: readonly Placement[];
  /**
   * Every account that is not closed in every Region that is watched: the placements first, then what hosts none. In a
   * spec that has no account for security only the placements, and where CloudFront's alarms are if it has alerts.
   */
  readonly everywhere: readonly Placement[];
  /** What everything in it needs of others. */
  readonly demands: readonly Demand[];
  /** The code that is demanded, packed: see `packedOf`. */
  readonly packed: ReadonlyMap<string, Packed>;
}

/** The Regions of an environment, in the spec's order as far as the spec names them. */
export function regionsOf(spec: Spec, environment: string): readonly string[] {
  const own = spec.environments[environment]?.regions;
  if (!own) return spec.regions;
  return [
    ...spec.regions.filter((region) => own.includes(region)),
    ...own.filter((region) => !spec.regions.includes(region)),
  ];
}

/** The DNS domain of an environment; undefined where it has none. */
export function domainOf(spec: Spec, environment: string): string | undefined {
  return spec.environments[environment]?.domain;
}

/** Every Region of the spec and its environments, home first; those of closed accounts too, so that none goes. */
export function allRegions(spec: Spec): readonly string[] {
  const others = Object.values(spec.environments).flatMap(({ regions = [] }) => regions);
  return [...new Set([...spec.regions, ...others.toSorted()])];
}

/** Where the global services live, and say what happens: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_region-endpoint-selection.html */
export const GLOBAL_REGION = "us-east-1";

/** The Regions that security looks at: all in which the spec has something, and that of the global services. */
export const watchedRegions = (spec: Spec): readonly string[] => [
  ...new Set([...allRegions(spec), GLOBAL_REGION]),
];

interface StatedAccount extends Account {
  readonly status: "active" | "closed";
}

/** The accounts of specs, since every stack of an account asks for them. */
const accountsOf = new WeakMap<Spec, readonly StatedAccount[]>();

/** The spec's accounts by id, whatever the order of its keys. */
export function allAccounts(spec: Spec): readonly StatedAccount[] {
  const asked = accountsOf.get(spec);
  if (asked) return asked;
  const accounts = Object.entries(spec.accounts)
    .map(([name, { id, status = "active" }]) => ({ name, id, status }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  accountsOf.set(spec, accounts);
  return accounts;
}

/** The accounts that are not closed, by id. */
export function activeAccounts(spec: Spec): readonly Account[] {
  return allAccounts(spec).filter(({ status }) => status === "active");
}

/** What an account is called that security lives in, if the spec does not name another. */
const SECURITY = "security";

/**
 * The account that logs, findings and people of all accounts come together in.
 *
 * @returns undefined where the spec has none, and so wants none of what needs one
 */
export function securityAccountOf(spec: Spec): Account | undefined {
  const name = valueAt(spec, ["security", "account"]) ?? SECURITY;
  return activeAccounts(spec).find((account) => account.name === name);
}

/** Where a kind's settings in an environment come from, weakest first; a later layer wins. */
export function layersOf(kind: SpecPath, environment: string): readonly SpecPath[] {
  return [kind, [...kind, "in", environment], ["environments", environment, ...kind]];
}

/** What kinds are set to, by path and environment, as far as it was asked. */
const known = new WeakMap<Spec, Map<string, Json>>();

/**
 * What a kind is set to in an environment: its section, the deltas over it, and the schema's defaults under it. It is
 * the same object in all environments that have no deltas.
 *
 * @param environment none for what is set in general
 */
export function settingsIn(spec: Spec, kind: SpecPath, environment?: string): Json {
  const ofSpec = known.get(spec) ?? new Map<string, Json>();
  known.set(spec, ofSpec);
  const key = [environment ?? "", ...kind].join("/");
  const asked = ofSpec.get(key);
  if (asked !== undefined) return asked;
  const [, ...deltas] = environment === undefined ? [] : layersOf(kind, environment);
  const isGeneral = deltas.every((path) => valueAt(spec, path) === undefined);
  const settings =
    isGeneral && environment !== undefined ? settingsIn(spec, kind) : layered(spec, kind, deltas);
  ofSpec.set(key, settings);
  return settings;
}

function layered(spec: Spec, kind: SpecPath, deltas: readonly SpecPath[]): Json {
  let value: Json | undefined;
  for (const path of [kind, ...deltas]) {
    const layer = valueAt(spec, path);
    if (layer !== undefined) value = applyDelta(value, layer, schemaAt(kind));
  }
  if (isJsonObject(value)) {
    const { in: _, environments: __, ...settings } = value;
    value = settings;
  }
  return withDefaults(value, schemaAt(kind) ?? {}) ?? null;
}

/** The placements whose environments have a kind. */
export function placementsWith(
  { spec, placements }: Pick<Architecture, "spec" | "placements">,
  kind: SpecPath,
): readonly Placement[] {
  return placesWith(spec, placements, kind);
}

/** The places whose environments have a kind; of those that belong to several, where any has. */
export function placesWith(spec: Spec, places: readonly Placement[], kind: SpecPath): readonly Placement[] {
  const has = hasKind(spec, kind);
  return places.filter(({ environment, serves = [environment] }) => serves.some(has));
}

/** The environment whose settings count in a place; undefined for one that belongs to several. */
export const ownEnvironment = ({ environment, serves }: Placement): string | undefined =>
  serves ? undefined : environment;

/** Whether an environment has a kind: one of those it is restricted to, or else one that it suits. */
export function hasKind(spec: Spec, kind: SpecPath): (environment: string) => boolean {
  const only = valueAt(spec, [...kind, "environments"]);
  if (Array.isArray(only)) return (environment) => only.includes(environment);
  return schemaAt(kind)?.workload ? hostsWorkloads(spec) : () => true;
}

/**
 * Whether applications live in an environment by default: as it says, or where it has a domain, if any has. One whose
 * domain is wrong has one, and what is wrong otherwise is not held against what is said of it.
 */
export function hostsWorkloads({ environments }: Spec): (environment: string) => boolean {
  const hasDomain = (own: Spec["environments"][string]) =>
    own.domain !== undefined || isTakenOut(own, "domain");
  const someHaveDomain = Object.values(environments).some(hasDomain);
  return (environment) => {
    const own = environments[environment];
    if (!own) return !someHaveDomain;
    return own.workloads ?? (!someHaveDomain || hasDomain(own) || isTakenOut(own, "workloads"));
  };
}

/** Maps merge, everything else replaces, `null` removes; but from a part of a template, where it goes on to say so. */
function applyDelta(base: Json | undefined, delta: Json, schema: Schema | undefined): Json {
  const isWhole = (value: Json) => schema?.isTemplate === true && callIn(value) !== undefined;
  if (!isJsonObject(delta) || isWhole(delta)) return delta;
  const merged: JsonObject = isJsonObject(base) && !isWhole(base) ? { ...base } : {};
  for (const [key, value] of Object.entries(delta)) {
    if (value === null && !schema?.isTemplate) delete merged[key];
    else merged[key] = applyDelta(merged[key], value, schemaOf(schema, key));
  }
  return merged;
}

/** What decides a setting: the schema's default, the kind's section, or a delta over it; and where that stands. */
export interface Origin {
  readonly by: "schema" | "spec" | "delta";
  /** A path of the spec; of the schema for a default. */
  readonly path: SpecPath;
}

/**
 * The layer that decides a setting: the last that says something about it or removes it.
 *
 * @param setting the path below the kind, such as `["flow-logs", "traffic"]`
 */
export function originOf(spec: Spec, kind: SpecPath, environment: string, setting: SpecPath): Origin {
  const layers = layersOf(kind, environment);
  for (let index = layers.length - 1; index >= 0; index--) {
    const layer = layers[index] as SpecPath;
    let value = valueAt(spec, layer);
    // What removes or replaces something around the setting hides what weaker layers say of it.
    let hides = false;
    for (const step of setting) {
      value = within(value, step);
      hides ||= value !== undefined && !isJsonObject(value);
    }
    const says = value !== undefined && (value !== null || schemaAt([...kind, ...setting])?.isTemplate);
    if (says) return { by: index === 0 ? "spec" : "delta", path: [...layer, ...setting] };
    if (hides) break;
  }
  return { by: "schema", path: [...kind, ...setting] };
}

/** Where a setting is decided; where the kind stands, if the schema decides. */
export function placeOfSetting(spec: Spec, kind: SpecPath, environment: string, setting: SpecPath): Place {
  const { by, path } = originOf(spec, kind, environment, setting);
  return by === "schema" ? inSpec(kind, "key") : inSpec(path);
}

/** The names in a section that is a map, in an order that the spec's does not change. */
export function namesOf({ spec }: Pick<Architecture, "spec">, section: SpecPath): readonly string[] {
  const entries = valueAt(spec, section);
  return isJsonObject(entries) ? Object.keys(entries).toSorted() : [];
}

/** The value at a path of the spec; undefined where there is none. */
export function valueAt(spec: Spec, path: SpecPath): Json | undefined {
  let value: Json | undefined = spec as unknown as Json;
  for (const step of path) value = within(value, step);
  return value;
}

/** What a map has under a key, or a list at a position. */
function within(value: Json | undefined, step: string | number): Json | undefined {
  const isOuter = typeof value === "object" && value !== null;
  return isOuter && Object.hasOwn(value, step) ? (value as JsonObject)[step] : undefined;
}
