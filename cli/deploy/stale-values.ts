/** What is said of stacks that go by other values than are published, or of which that can't be seen. */
import type { Deployed } from "../../deploy/deploy.ts";
import type { Manifest } from "../../deploy/manifest.ts";
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

/** The stacks that were refreshed because of what they read. */
export function readAgain(
  manifest: Manifest,
  results: readonly Deployed[],
): (Named & { readonly stale: readonly StaleValue[] })[] {
  return results.flatMap(({ stackSet, difference }) =>
    (difference?.instances ?? []).flatMap(({ target, change }) =>
      change.kind === "refresh" && change.stale.length > 0
        ? [{ stackSet, in: nameOf(manifest, target), stale: change.stale }]
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

/** Once for all, with the first reason: it is mostly the same role that is missing. */
export function describeNotSeen(notSeen: readonly (Named & { readonly reason: string })[]): string[] {
  const [first] = notSeen;
  if (!first) return [];
  const names = [...new Set(notSeen.map(({ stackSet }) => stackSet))];
  const where = notSeen.map((one) => `${one.stackSet} in ${one.in}`).join(", ");
  return [
    `what they read was deployed, and whether they go by it could not be seen: ${where}: ${first.reason}`,
    `  help: \`landform bootstrap\` makes the role that looks; \`landform deploy --refresh --only ${names.join()}\` has them read again`,
  ];
}
