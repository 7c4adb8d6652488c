/** What is wrong with a cache that the schema can't say: above all what its form can't give. */
import { quoteList } from "../../../closest.ts";
import { inSpec } from "../../../diagnostics.ts";
import type { Checked } from "../check.ts";
import { storesPath } from "../settings.ts";
import { checkWindows } from "../windows.ts";
import {
  type CacheSettings,
  cacheName,
  isOnNodes,
  LONGEST_NAME,
  MOST_NODES,
  VERSIONS,
  versionOf,
} from "./settings.ts";

/** Minutes ElastiCache needs at least for a window. */
const SHORTEST_WINDOW = 60;

export type CheckedCache = Checked<CacheSettings>;

export function checkCache(checked: CheckedCache): void {
  checkVersion(checked);
  if (isOnNodes(checked.settings)) checkNodes(checked);
  else checkServerless(checked);
}

function checkVersion({ settings, placeOf, report }: CheckedCache): void {
  const known = Object.keys(VERSIONS[settings.engine]);
  const version = versionOf(settings);
  if (known.includes(version)) return;
  report({
    code: "bad-value",
    message: `\`${version}\` is no major version of ${settings.engine} that ElastiCache has`,
    help: `there ${known.length > 1 ? "are" : "is"} ${quoteList(known)}`,
    at: placeOf("version"),
  });
}

function checkServerless(checked: CheckedCache): void {
  const { name, store, placement, report } = checked;
  reportUnfit(
    checked,
    "maintenance-window",
    `AWS maintains a serverless cache without a window`,
    `\`${store}\` is serverless in \`${placement.environment}\`: leave it out, or name \`class\` and \`nodes\`, which have one`,
  );
  const physical = cacheName(name, store);
  if (physical.length > LONGEST_NAME) {
    report({
      code: "bad-name",
      message: `\`${physical}\` would be its name in AWS and has ${physical.length} characters; ElastiCache allows ${LONGEST_NAME}`,
      help: "choose a shorter name for the store",
      at: inSpec([...storesPath, store], "key"),
    });
  }
}

function checkNodes(checked: CheckedCache): void {
  const { store, placement, settings, placeOf, report } = checked;
  const { environment } = placement;
  const missing = (["class", "nodes"] as const).find((key) => settings[key] === undefined);
  if (missing) {
    report({
      code: "missing-key",
      message: `\`${missing}\` is missing in \`stores.${store}\``,
      help: `\`class\` and \`nodes\` go together, and there is one alone in \`${environment}\`; without both the cache is serverless`,
      at: placeOf(missing),
    });
  }
  if (settings.class !== undefined && !settings.class.startsWith("cache.")) {
    report({
      code: "bad-value",
      message: `\`${settings.class}\` is not a class of caches`,
      help: "they begin with `cache.`, such as `cache.t4g.small`",
      at: placeOf("class"),
    });
  }
  const most = MOST_NODES[settings.engine];
  if ((settings.nodes ?? 0) > most) {
    report({
      code: "bad-value",
      message: `${settings.nodes} nodes are too many: ElastiCache allows ${most} of ${settings.engine}`,
      at: placeOf("nodes"),
    });
  }
  reportUnfit(
    checked,
    "usage-limits",
    `nodes use what they are, so they have no limits`,
    `\`${store}\` is on nodes in \`${environment}\`: leave it out, or leave out \`class\` and \`nodes\`: a serverless cache has limits`,
  );
  if (settings.engine === "memcached") reportSnapshots(checked);
  const backup = settings.engine === "valkey" ? (["backup-window"] as const) : [];
  checkWindows(checked, "ElastiCache", SHORTEST_WINDOW, [...backup, "maintenance-window"]);
}

/** Nodes of memcached keep nothing but what is in their memory; AWS's properties for snapshots are not for them. */
function reportSnapshots(checked: CheckedCache): void {
  for (const key of ["backup-days", "backup-window"] as const) {
    reportUnfit(
      checked,
      key,
      `memcached on nodes takes no snapshots: what is in memory is lost with its node`,
      `\`${checked.store}\` is on nodes in \`${checked.placement.environment}\`: leave it out, or leave out \`class\` and \`nodes\`: a serverless cache takes daily snapshots, and is replicated across zones`,
    );
  }
}

/** A key that somebody has set, and that the form of the cache can't do anything with. */
function reportUnfit(
  { isSet, placeOf, report }: CheckedCache,
  key: keyof CacheSettings,
  message: string,
  help: string,
): void {
  if (isSet(key)) report({ code: "unfit-key", message, help, at: placeOf(key) });
}
