/**
 * The law of publishing: what is reached from the first page is there, at every moment, however often and wherever runs are
 * cut short, whatever the caches still have of it; and when one comes to its end, the bucket has the site and no cache has
 * anything older.
 */
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Served, servedAs } from "../../publish/files.ts";
import type { LocalFile } from "../../publish/plan.ts";
import { type Destination, publish } from "../../publish/publish.ts";
import { NOTHING, type PublicationRecord } from "../../publish/record.ts";
import { runs } from "./families.ts";

const FIRST = "index.html";
const OTHERS = ["a.html", "b.html", "c.html", "style.css", "logo.png", "x.0a1b2c3d.js", "y.0a1b2c3d.js"];

/** What each file of a site refers to, in the same site; a file with a hash in its name is always the same one. */
type Site = Readonly<Record<string, string>>;

const site: fc.Arbitrary<Site> = fc.subarray(OTHERS).chain((others) => {
  const paths = [FIRST, ...others];
  const content = (path: string) =>
    servedAs(path).isImmutable
      ? fc.constant("")
      : fc.tuple(fc.nat(2), fc.subarray(paths)).map(([version, refers]) => [version, ...refers].join(" "));
  return fc.record(Object.fromEntries(paths.map((path) => [path, content(path)])));
});

/** The paths that a file refers to. */
const refersTo = (content: string): string[] => content.split(" ").slice(1);

/** One run: what is published, and how it ends. */
const run = fc.record({
  site,
  keepDays: fc.constantFrom(0, 30),
  /** Calls that are answered until the process is killed; none is, where it is interrupted or comes to its end. */
  calls: fc.oneof(fc.nat(20), fc.constant(Number.POSITIVE_INFINITY)),
  /** Uploads until somebody presses Ctrl-C. */
  uploads: fc.oneof(fc.nat(6), fc.constant(Number.POSITIVE_INFINITY)),
  /** Calls overtake each other by this. */
  seed: fc.integer(),
});

class Killed extends Error {}

/** A bucket with its record, and caches. */
class Bucket {
  readonly objects = new Map<string, string>();
  record: PublicationRecord = NOTHING;
  /** Whether a cache may have something that is not what there is. */
  isStale = false;
  /** By path, what visitors have got since the caches were last told to forget, and others may still get from one. */
  #kept = new Map<string, Set<string>>();

  /** Visitors come by after each change; there is nothing to see before there is a first page. */
  visit(changed: string): void {
    if (!this.objects.has(FIRST)) return;
    const reached = new Set([FIRST]);
    for (const path of reached) {
      const kept = this.#kept.get(path) ?? new Set();
      const content = this.objects.get(path);
      if (content !== undefined) this.#kept.set(path, kept.add(content));
      for (const one of kept) for (const other of refersTo(one)) reached.add(other);
    }
    // That some cache may have it does not help those who come to another.
    const missing = [...reached].filter((path) => !this.objects.has(path));
    expect(missing, `after ${changed}`).toEqual([]);
  }

  forget(): void {
    this.isStale = false;
    this.#kept.clear();
  }

  /** As one process knows it, which is killed after so many calls. */
  destination(calls: number, seed: number): Destination {
    let made = 0;
    const call = async <T>(answer: () => T): Promise<T> => {
      const turn = Math.imul(++made, seed | 1) & 3;
      for (let wait = 0; wait < turn; wait++) await setImmediate();
      if (made > calls) throw new Killed();
      return answer();
    };
    return {
      list: () => call(() => new Map([...this.objects].map(([path, content]) => [path, etagOf(content)]))),
      put: (path, content, served: Served) =>
        call(() => {
          const text = Buffer.from(content).toString();
          this.objects.set(path, text);
          if (!served.isImmutable) this.isStale = true;
          this.visit(path);
          return etagOf(text);
        }),
      delete: (paths) =>
        call(() => {
          for (const path of paths) {
            this.objects.delete(path);
            this.isStale = true;
            this.visit(path);
          }
        }),
      readRecord: () => call(() => this.record),
      writeRecord: (record) =>
        call(() => {
          this.record = JSON.parse(JSON.stringify(record));
        }),
      invalidate: () => call(() => this.forget()),
    };
  }
}

const etagOf = (content: string) => `"${content}"`;

const filesOf = (wanted: Site): LocalFile[] =>
  Object.entries(wanted).map(([path, content]) => ({ path, size: 1, digest: content, ...servedAs(path) }));

const endless = {
  keepDays: 0 as const,
  calls: Number.POSITIVE_INFINITY,
  uploads: Number.POSITIVE_INFINITY,
  seed: 0,
};
/** What a run left behind that was killed among its removals comes back before the file it refers to. */
const ENDED_AMONG_REMOVALS = [
  { ...endless, site: { [FIRST]: "0", "c.html": "0", "style.css": "0", "logo.png": "0 c.html" } },
  { ...endless, site: { [FIRST]: "0 style.css", "style.css": "0 style.css" }, calls: 7 },
  { ...endless, site: { [FIRST]: "0", "style.css": "0 logo.png", "logo.png": "0" }, calls: 8 },
];

test("visitors never miss anything", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 5 }), site, async (before, last) => {
      const bucket = new Bucket();
      const whole = {
        site: last,
        keepDays: 0,
        calls: Number.POSITIVE_INFINITY,
        uploads: Number.POSITIVE_INFINITY,
        seed: 1,
      };
      for (const { site: wanted, keepDays, calls, uploads, seed } of [...before, whole]) {
        const interruption = new AbortController();
        const files = filesOf(wanted);
        const outcome = await publish({
          destination: bucket.destination(calls, seed),
          files,
          keepDays,
          immutable: [],
          entries: [FIRST],
          now: "2026-01-01T00:00:00.000Z",
          signal: interruption.signal,
          read: ({ path }) => Buffer.from(wanted[path] ?? ""),
          report(progress) {
            if (progress.step === "uploading" && progress.done > uploads) interruption.abort();
          },
        }).catch((error: Error) => error);
        if (outcome instanceof Error) {
          expect(outcome instanceof Killed || outcome.name === "Interrupted", outcome.stack).toBe(true);
          continue;
        }
        expect(bucket.isStale).toBe(false);
        for (const [path, content] of Object.entries(wanted)) expect(bucket.objects.get(path)).toBe(content);
      }
      expect(Object.fromEntries(bucket.objects)).toEqual(last);
    }),
    { ...runs(1000), examples: [[ENDED_AMONG_REMOVALS, { [FIRST]: "0" }]] },
  );
});
