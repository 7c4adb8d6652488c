/** What has to happen so that a bucket shows a folder, in an order in which nothing visitors reach lacks what it needs. */
import { type Served, servedAs } from "./files.ts";
import type { PublicationRecord } from "./record.ts";

/** A file in the folder. */
export interface LocalFile extends Served {
  /** Below the folder, with slashes. */
  readonly path: string;
  readonly size: number;
  /** Of its content and of how it is served. */
  readonly digest: string;
}

/** What is said of a site besides its files. */
export interface Terms {
  /** When it is, as ISO 8601. */
  readonly now: string;
  /** Patterns for immutable files whose name does not say so. */
  readonly immutable: readonly string[];
  /** The pages that visitors come to by themselves; to the others they are led. */
  readonly entries: readonly string[];
  /** Days that immutable files stay which are gone from the folder. */
  readonly keepDays: number;
}

export interface Plan {
  /** What nobody is led to yet: one list after the other, the files of one in any order. */
  readonly additions: readonly (readonly LocalFile[])[];
  /** The same for what visitors see change. */
  readonly changes: readonly (readonly LocalFile[])[];
  /** Paths that go, one list after the other: pages before what they refer to. */
  readonly removals: readonly (readonly string[])[];
  /** Immutable files that are in no page any more, and since when. */
  readonly gone: Readonly<Record<string, string>>;
  readonly unchanged: number;
  /** Whether CloudFront must forget what it keeps. */
  readonly isVisible: boolean;
}

const DAY = 86_400_000;

/**
 * @param listed the ETags of what is in the bucket, by path
 * @param record what earlier runs wrote of it
 */
export function planPublication(
  local: readonly LocalFile[],
  listed: ReadonlyMap<string, string>,
  record: PublicationRecord,
  { now, immutable, entries, keepDays }: Terms,
): Plan {
  const stale = local.filter(({ path, digest }) => {
    const known = record.files[path];
    return !known || known.digest !== digest || known.etag !== listed.get(path);
  });
  const incoming = new Set(record.incoming);
  const wanted = new Set(local.map(({ path }) => path));
  const lost = [...listed.keys()].filter((path) => !wanted.has(path)).toSorted();
  const gone: Record<string, string> = {};
  for (const path of lost) {
    const since = record.gone[path] ?? now;
    const isKept = Date.parse(now) - Date.parse(since) < keepDays * DAY;
    if (isKept && servedAs(path, immutable).isImmutable) gone[path] = since;
  }
  const removed = lost.filter((path) => !(path in gone));
  // What a run left behind that ended among its additions or removals is led to by nothing, and may lack what it needs.
  const isNew = ({ path }: LocalFile) => !entries.includes(path) && (!listed.has(path) || incoming.has(path));
  const changes = pagesLast(
    stale.filter((file) => !isNew(file)),
    (file) => file.isPage,
  );
  return {
    additions: pagesLast(stale.filter(isNew), (file) => file.isPage),
    changes,
    removals: pagesLast(removed, (path) => !servedAs(path).isPage),
    gone,
    unchanged: local.length - stale.length,
    // Of what is new and not immutable, CloudFront may know that it was not there.
    isVisible: stale.some((file) => !file.isImmutable || !isNew(file)) || removed.length > 0,
  };
}

/** Two lists, the second with what `isLast` says. */
const pagesLast = <T>(items: readonly T[], isLast: (item: T) => boolean): readonly (readonly T[])[] => [
  items.filter((item) => !isLast(item)),
  items.filter(isLast),
];
