/**
 * Makes a bucket show a folder. It can end anywhere, by Ctrl-C, a crash or a kill: what is new comes first, pages come after
 * what they refer to, and what is gone goes last, when no cache leads to it; the next run goes on from what is there.
 */
import pLimit from "p-limit";
import { Interrupted } from "../deploy/errors.ts";
import type { Served } from "./files.ts";
import { type LocalFile, type Plan, planPublication, type Terms } from "./plan.ts";
import type { PublicationRecord } from "./record.ts";

/** Where a site is published: what is served of its bucket, the record beside it, and the caches before it. */
export interface Destination {
  /** The ETags of all objects, by path. */
  list(): Promise<ReadonlyMap<string, string>>;
  /** @returns the object's ETag */
  put(path: string, content: Uint8Array, served: Served): Promise<string>;
  delete(paths: readonly string[]): Promise<void>;
  readRecord(): Promise<PublicationRecord>;
  writeRecord(record: PublicationRecord): Promise<void>;
  /** Has the caches forget everything, and waits until they have. */
  invalidate(): Promise<void>;
}

export interface Publishing extends Terms {
  readonly destination: Destination;
  readonly files: readonly LocalFile[];
  readonly signal: AbortSignal;
  /** What is in a file, which must be what it was when it was looked at. */
  read(file: LocalFile): Uint8Array;
  report(progress: Progress): void;
}

/** How far it is. */
export type Progress =
  | { readonly step: "looking" | "invalidating" }
  | { readonly step: "uploading"; readonly done: number; readonly total: number }
  | { readonly step: "removing"; readonly total: number };

export interface Published {
  readonly uploaded: number;
  readonly unchanged: number;
  readonly removed: number;
  /** Immutable files that are gone from the folder and stay for a while. */
  readonly kept: number;
  readonly isInvalidated: boolean;
}

/** Uploads at a time, each of which is in memory as a whole: many small ones, and a large one. */
const CONCURRENCY = 32;
const LARGE = 16 * 1024 * 1024;
/** Milliseconds after which what was uploaded is written down, so that a run that is killed has not worked for nothing. */
const RECORD_EVERY = 5_000;

/** @throws Interrupted when the signal says so; what is on its way is waited for */
export async function publish(publishing: Publishing): Promise<Published> {
  const { destination, files, signal } = publishing;
  publishing.report({ step: "looking" });
  const [listed, record] = await Promise.all([destination.list(), destination.readRecord()]);
  if (signal.aborted) throw new Interrupted();
  const plan = planPublication(files, listed, record, publishing);
  const current = Object.entries(record.files).filter(([path, { etag }]) => listed.get(path) === etag);
  await new Run(publishing, plan, { ...record, files: Object.fromEntries(current) }).carryOut();
  return {
    uploaded: [...plan.additions, ...plan.changes].flat().length,
    unchanged: plan.unchanged,
    removed: plan.removals.flat().length,
    kept: Object.keys(plan.gone).length,
    isInvalidated: plan.isVisible || record.isUnfinished,
  };
}

/** One run, with what it has done so far. */
class Run {
  readonly #publishing: Publishing;
  readonly #plan: Plan;
  readonly #files: Record<string, { etag: string; digest: string }>;
  readonly #incoming: Set<string>;
  #isUnfinished: boolean;
  readonly #total: number;
  #uploaded = 0;

  constructor(publishing: Publishing, plan: Plan, { files, incoming, isUnfinished }: PublicationRecord) {
    this.#publishing = publishing;
    this.#plan = plan;
    this.#files = { ...files };
    this.#incoming = new Set(incoming);
    this.#isUnfinished = isUnfinished;
    this.#total = [...plan.additions, ...plan.changes].flat().length;
  }

  async carryOut(): Promise<void> {
    const { additions, changes, removals, isVisible } = this.#plan;
    const { files } = this.#publishing;
    // Whether pages that the caches still have may lead to what goes.
    const isOutdated = this.#isUnfinished || changes.flat().length > 0;
    try {
      for (const { path } of additions.flat()) this.#incoming.add(path);
      if (this.#incoming.size > 0) await this.#writeDown();
      for (const list of additions) await this.#upload(list);
      for (const { path } of files) this.#incoming.delete(path);
      // Written before the first change shows: a run that ends here leaves it to the next to tell the caches.
      if (isVisible) this.#isUnfinished = true;
      await this.#writeDown();
      for (const list of changes) await this.#upload(list);
      if (isOutdated && removals.flat().length > 0) await this.#invalidate();
      // What stays behind of these where a run ends among them is led to by nothing, and lacks what is gone already.
      for (const path of removals.flat()) this.#incoming.add(path);
      if (removals.flat().length > 0) await this.#writeDown();
      for (const paths of removals) await this.#remove(paths);
    } catch (error) {
      // What is done is done; if even that can't be written down, it is not what went wrong.
      await this.#writeDown().catch(() => {});
      throw error;
    }
    await this.#writeDown();
    if (!this.#isUnfinished) return;
    await this.#invalidate();
    this.#isUnfinished = false;
    await this.#writeDown();
  }

  async #invalidate(): Promise<void> {
    if (this.#publishing.signal.aborted) throw new Interrupted();
    this.#publishing.report({ step: "invalidating" });
    await this.#publishing.destination.invalidate();
  }

  async #upload(files: readonly LocalFile[]): Promise<void> {
    const { signal } = this.#publishing;
    const [small, large] = [pLimit(CONCURRENCY), pLimit(1)];
    const failures: unknown[] = [];
    let nextRecord = performance.now() + RECORD_EVERY;
    const upload = async (file: LocalFile) => {
      if (signal.aborted || failures.length > 0) return;
      await this.#put(file);
      if (performance.now() < nextRecord) return;
      nextRecord = Number.POSITIVE_INFINITY;
      await this.#writeDown();
      nextRecord = performance.now() + RECORD_EVERY;
    };
    const limitOf = ({ size }: LocalFile) => (size > LARGE ? large : small);
    await Promise.all(
      files.map((file) => limitOf(file)(upload, file).catch((error) => failures.push(error))),
    );
    if (failures.length > 0) throw failures[0];
    if (signal.aborted) throw new Interrupted();
  }

  async #put(file: LocalFile): Promise<void> {
    const { destination, read, report } = this.#publishing;
    const etag = await destination.put(file.path, read(file), file);
    this.#files[file.path] = { etag, digest: file.digest };
    this.#uploaded++;
    report({ step: "uploading", done: this.#uploaded, total: this.#total });
  }

  async #remove(paths: readonly string[]): Promise<void> {
    if (paths.length === 0) return;
    if (this.#publishing.signal.aborted) throw new Interrupted();
    this.#publishing.report({ step: "removing", total: paths.length });
    await this.#publishing.destination.delete(paths);
    for (const path of paths) {
      delete this.#files[path];
      this.#incoming.delete(path);
    }
  }

  #writeDown(): Promise<void> {
    return this.#publishing.destination.writeRecord({
      files: this.#files,
      gone: this.#plan.gone,
      incoming: [...this.#incoming],
      isUnfinished: this.#isUnfinished,
    });
  }
}
