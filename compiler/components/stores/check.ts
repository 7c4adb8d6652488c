/** What is wrong with stores that the schema can't say: keys of other engines, and values that do not go together. */
import {
  type Architecture,
  originOf,
  type Placement,
  placementsWith,
  placeOfSetting,
  valueAt,
} from "../../architecture.ts";
import { quoteList } from "../../closest.ts";
import { inSpec, type Place, type Report, reportOnce } from "../../diagnostics.ts";
import { isJsonObject } from "../../schema.ts";
import { networkPath, zonesOf } from "../network/settings.ts";
import { type CheckedCache, checkCache } from "./cache/check.ts";
import { enginesWith, KEYS, NEEDED } from "./engine-keys.ts";
import { checkDatabase } from "./postgres/check.ts";
import { type StoreSettings, settingsOf, storesOf, storesPath } from "./settings.ts";

/** A store in a placement, and how to say what is wrong with it. */
export interface Checked<Settings extends StoreSettings = StoreSettings> {
  readonly name: string;
  readonly store: string;
  readonly placement: Placement;
  readonly settings: Settings;
  /** Where a setting of it is decided; the store itself where the schema decides. */
  placeOf(key: string): Place;
  /** Whether the spec says something of a setting. */
  isSet(key: string): boolean;
  /** Reports each thing once, however many environments have it. */
  readonly report: Report;
}

export function checkStores(architecture: Architecture, report: Report): void {
  for (const store of storesOf(architecture)) {
    const once = reportOnce(report);
    const path = [...storesPath, store];
    reportUnfitKeys(architecture, store, once);
    for (const placement of placementsWith(architecture, path)) {
      const { environment } = placement;
      const checked: Checked = {
        name: architecture.name,
        store,
        placement,
        settings: settingsOf(architecture, store, placement),
        placeOf: (key) => placeOfSetting(architecture.spec, path, environment, [key]),
        isSet: (key) => originOf(architecture.spec, path, environment, [key]).by !== "schema",
        report: once,
      };
      if (reportMissingKeys(checked)) checkStore(architecture, checked);
    }
  }
}

function checkStore(architecture: Architecture, checked: Checked): void {
  if (checked.settings.engine === "s3") return;
  reportMissingNetwork(architecture, checked);
  if (isCache(checked)) checkCache(checked);
  else checkDatabase(checked);
}

const isCache = (checked: Checked): checked is CheckedCache =>
  checked.settings.engine === "memcached" || checked.settings.engine === "valkey";

function reportUnfitKeys({ spec }: Architecture, store: string, report: Report): void {
  const path = [...storesPath, store];
  const engine = valueAt(spec, [...path, "engine"]) as StoreSettings["engine"] | undefined;
  if (engine === undefined) return;
  const known: readonly string[] = ["engine", "environments", "in", ...KEYS[engine]];
  const environments = Object.keys(spec.environments);
  const layers = [
    path,
    ...environments.map((name) => [...path, "in", name]),
    ...environments.map((name) => ["environments", name, ...path]),
  ];
  for (const layer of layers) {
    const value = valueAt(spec, layer);
    for (const key of isJsonObject(value) ? Object.keys(value) : []) {
      if (known.includes(key)) continue;
      report({
        code: "unfit-key",
        message: `\`${key}\` is for ${quoteList(enginesWith(key))}, and \`${store}\` is \`${engine}\``,
        help: `\`${engine}\` takes ${quoteList(KEYS[engine])}`,
        at: inSpec([...layer, key], "key"),
      });
    }
  }
}

/** @returns whether there is all that is needed */
function reportMissingKeys({ store, placement, settings, placeOf, report }: Checked): boolean {
  const missing = (NEEDED[settings.engine] ?? []).filter((key) => settings[key] === undefined);
  if (missing[0]) {
    report({
      code: "missing-key",
      message: `${quoteList(missing)} ${missing.length > 1 ? "are" : "is"} missing in \`stores.${store}\``,
      help: `\`${settings.engine}\` needs ${missing.length > 1 ? "them" : "it"}, and there is none in \`${placement.environment}\``,
      at: placeOf(missing[0]),
    });
  }
  return missing.length === 0 && settings.engine !== undefined;
}

/** What lies in the VPC needs two zones of it: AWS takes no fewer, but for a single node. */
function reportMissingNetwork(architecture: Architecture, checked: Checked): void {
  const { store, placement, settings, report } = checked;
  const { environment } = placement;
  const zones = zonesOf(architecture, placement);
  if (zones >= (settings.nodes === 1 ? 1 : 2)) return;
  const { by, path } = originOf(architecture.spec, networkPath, environment, ["azs"]);
  const azs = by === "schema" ? [] : [{ at: inSpec(path), message: "the number of its zones" }];
  report({
    code: "bad-value",
    message:
      zones === 0
        ? `\`${store}\` lies in the network, and \`${environment}\` has none`
        : `\`${store}\` needs subnets in two zones, and the network of \`${environment}\` has one`,
    help:
      zones === 0
        ? "name the environments that have it by `environments`, or give this one a network"
        : "two or more `azs` will do",
    at: inSpec([...storesPath, store], "key"),
    related: zones === 0 ? [] : azs,
  });
}
