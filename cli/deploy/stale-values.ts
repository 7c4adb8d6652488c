/** What is said of stacks that go by other values than are published, or of which that can't be seen. */
import type { Deployed } from "../../deploy/deploy.ts";
import { placeOf } from "../../deploy/difference.ts";
import type { StaleIn } from "../../deploy/drift.ts";
import type { Manifest } from "../../deploy/manifest.ts";
import { hasRead } from "../../deploy/readers.ts";
import type { StaleValue } from "../../deploy/stale.ts";
import { nameOf } from "./place-name.ts";

/** A stack that has read again, or was not seen, by the name of its place. */
interface Named {
  readonly stackSet: string;
  readonly in: string;
}

/** `keys/logs-key-arn is another one`. */
export function describeStale(stale: readonly StaleValue[]): string {
  return [true, false]
    .flatMap((isCertain) => {
      const names = stale
        .filter((value) => value.isCertain === isCertain)
        .map(({ producer, output }) => `${producer}/${output}`);
      if (names.length === 0) return [];
      const [is, another] = names.length > 1 ? ["are", "others"] : ["is", "another one"];
      return [`${names.join(", ")} ${isCertain ? is : "may be"} ${another}`];
    })
    .join("; ");
}

/** The stacks that have read again because of what they read. */
export function readAgain(
  manifest: Manifest,
  results: readonly Deployed[],
): (Named & { readonly stale: readonly StaleValue[] })[] {
  return results.flatMap((result) =>
    (result.difference?.instances ?? []).flatMap(({ target, change }) =>
      change.kind === "refresh" && change.stale.length > 0 && hasRead(result, target)
        ? [{ stackSet: result.stackSet, in: nameOf(manifest, target), stale: change.stale }]
        : [],
    ),
  );
}

/** The stacks that could not be looked at. */
export function notSeenIn(
  manifest: Manifest,
  results: readonly Deployed[],
): (Named & { readonly reason: string })[] {
  return results.flatMap(({ stackSet, notSeen = [] }) =>
    notSeen.map(({ target, reason }) => ({ stackSet, in: nameOf(manifest, target), reason })),
  );
}

/** As many as a line has room for; `--json` has all. */
const LISTED = 12;

function listed(stacks: readonly Named[]): string {
  const names = stacks.slice(0, LISTED).map((one) => `${one.stackSet} in ${one.in}`);
  return [...names, ...(stacks.length > LISTED ? [`${stacks.length - LISTED} more`] : [])].join(", ");
}

/** The stacks that nobody looked at, or that did not read again, and how to see whether it matters. */
export function describeNotLookedAt(notLookedAt: readonly Named[]): string[] {
  if (notLookedAt.length === 0) return [];
  const names = [...new Set(notLookedAt.map(({ stackSet }) => stackSet))];
  return [
    `what they read was deployed, and they may go by what it was before: ${listed(notLookedAt)} (\`landform drift --only ${names.join()}\`)`,
  ];
}

/** Once for all, with the first reason: it is mostly the same role that is missing. */
export function describeNotSeen(notSeen: readonly (Named & { readonly reason: string })[]): string[] {
  const [first] = notSeen;
  if (!first) return [];
  const names = [...new Set(notSeen.map(({ stackSet }) => stackSet))];
  return [
    `what they read was deployed, and whether they go by it could not be seen: ${listed(notSeen)}: ${first.reason}`,
    `  help: \`landform bootstrap\` makes the role that looks; \`landform deploy --refresh --only ${names.join()}\` has them read again`,
  ];
}

/** `api in prod reads an older store-sessions/address; \`landform deploy --refresh --only api -e prod\``, a line for each stack. */
export function describeOlder(manifest: Manifest, stale: readonly StaleIn[]): string[] {
  const stacks = new Map<string, { readonly refresh: string; readonly values: string[] }>();
  for (const { stackSet, place, producer, output, isCertain } of stale) {
    const what = `${stackSet} in ${nameOf(manifest, place)} ${isCertain ? "reads" : "may read"} an older`;
    const { values } = stacks.get(what) ?? { values: [] };
    const targets = manifest.stackSets.find(({ name }) => name === stackSet)?.targets ?? [];
    const environment = targets.find((target) => placeOf(target) === placeOf(place))?.environment;
    const refresh = `landform deploy --refresh --only ${stackSet}${environment ? ` -e ${environment}` : ""}`;
    stacks.set(what, { refresh, values: [...values, `${producer}/${output}`] });
  }
  return [...stacks].map(([what, { refresh, values }]) => `${what} ${values.join(", ")}; \`${refresh}\``);
}
