/** What publishing decides: how files are served, what happens in which order, and how many are in memory. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { servedAs } from "../../publish/files.ts";
import { type LocalFile, planPublication } from "../../publish/plan.ts";
import { publish } from "../../publish/publish.ts";
import { NOTHING, type PublicationRecord } from "../../publish/record.ts";

describe("a file is served", () => {
  test.each([
    ["index.html", "text/html; charset=utf-8"],
    ["app.js", "text/javascript; charset=utf-8"],
    ["app.css", "text/css; charset=utf-8"],
    ["data.json", "application/json; charset=utf-8"],
    ["logo.svg", "image/svg+xml; charset=utf-8"],
    ["app.webmanifest", "application/manifest+json; charset=utf-8"],
    ["logo.png", "image/png"],
    ["font.woff2", "font/woff2"],
    ["lib.wasm", "application/wasm"],
    [".well-known/apple-app-site-association", "application/octet-stream"],
  ])("%s as %s", (path, contentType) => {
    expect(servedAs(path).contentType).toBe(contentType);
  });

  const isImmutable = (path: string, ...patterns: string[]) => servedAs(path, patterns).isImmutable;

  test.each(["app.3f9c2a1b.js", "assets/app-0a1b2c3d4e5f.css", "3f9c2a1b.js", "chunk_8ABCDEF0.js.map"])(
    "for good where its name has a hash: %s",
    (path) => {
      expect(isImmutable(path)).toBe(true);
      expect(servedAs(path).cacheControl).toBe("public, max-age=31536000, immutable");
    },
  );

  test.each([
    "app.js",
    "report-20240115.pdf",
    "facade-cafebabe.js",
    "jquery-3.7.1.min.js",
    "page.3f9c2a1b.html",
    "3f9c2a1b",
    "v3f9c2a1b.js",
  ])("only until it changes where it has none: %s", (path) => {
    expect(isImmutable(path)).toBe(false);
    expect(servedAs(path).cacheControl).toBe("public, max-age=0, s-maxage=86400, must-revalidate");
  });

  test("for good where a pattern says so, unless it is a page", () => {
    expect(isImmutable("assets/index-BfT3k2aQ.js", "assets/*")).toBe(true);
    expect(isImmutable("a/assets/x.js", "assets/*")).toBe(false);
    expect(isImmutable("assets/a.html", "assets/*")).toBe(false);
    expect(isImmutable("axb.js", "a.b.js")).toBe(false);
  });
});

const NOW = "2026-03-10T12:00:00.000Z";
const TERMS = { now: NOW, immutable: [], entries: ["index.html", "404.html"], keepDays: 30 };

const local = (path: string, digest = "1"): LocalFile => ({ path, size: 1, digest, ...servedAs(path) });
const paths = (lists: readonly (readonly LocalFile[])[]) => lists.map((list) => list.map(({ path }) => path));

/** What a bucket lists and its record says after files were published. */
function published(...files: LocalFile[]): [ReadonlyMap<string, string>, PublicationRecord] {
  const listed = new Map(files.map(({ path, digest }) => [path, `"${digest}"`]));
  const known = files.map(({ path, digest }) => [path, { etag: `"${digest}"`, digest }]);
  return [listed, { ...NOTHING, files: Object.fromEntries(known) }];
}

describe("a plan", () => {
  test("has what is new first and pages last, each time", () => {
    const before = published(local("index.html"), local("style.css"), local("old.html"), local("old.png"));
    const after = [
      local("index.html", "2"),
      local("style.css", "2"),
      local("new.html"),
      local("app.3f9c2a1b.js"),
    ];
    const plan = planPublication(after, ...before, TERMS);
    expect(paths(plan.additions)).toEqual([["app.3f9c2a1b.js"], ["new.html"]]);
    expect(paths(plan.changes)).toEqual([["style.css"], ["index.html"]]);
    expect(plan.removals).toEqual([["old.html"], ["old.png"]]);
    expect(plan.isVisible).toBe(true);
  });

  test("has the pages that visitors come to by themselves after what is new, though they are new too", () => {
    const plan = planPublication(
      [local("index.html"), local("404.html"), local("a.html")],
      new Map(),
      NOTHING,
      TERMS,
    );
    expect(paths(plan.additions)).toEqual([[], ["a.html"]]);
    expect(paths(plan.changes)).toEqual([[], ["index.html", "404.html"]]);
  });

  test("has nothing where nothing changed", () => {
    const files = [local("index.html"), local("app.3f9c2a1b.js")];
    const plan = planPublication(files, ...published(...files), TERMS);
    expect(plan).toEqual({
      additions: [[], []],
      changes: [[], []],
      removals: [[], []],
      gone: {},
      unchanged: 2,
      isVisible: false,
    });
  });

  test("uploads again what somebody else has written, or what is not written down", () => {
    const [, record] = published(local("a.css"), local("b.css"));
    const listed = new Map([
      ["a.css", '"other"'],
      ["c.css", '"1"'],
    ]);
    const plan = planPublication([local("a.css"), local("b.css"), local("c.css")], listed, record, TERMS);
    expect(paths(plan.additions)).toEqual([["b.css"], []]);
    expect(paths(plan.changes)).toEqual([["a.css", "c.css"], []]);
  });

  test("takes for new what a run left behind that ended among its additions", () => {
    const [listed, record] = published(local("index.html"), local("a.html"));
    const left = { ...record, incoming: ["a.html"] };
    const plan = planPublication([local("index.html", "2"), local("a.html", "2")], listed, left, TERMS);
    expect(paths(plan.additions)).toEqual([[], ["a.html"]]);
    expect(paths(plan.changes)).toEqual([[], ["index.html"]]);
  });

  test("needs no invalidation for what nobody can have asked for", () => {
    const plan = planPublication([local("app.3f9c2a1b.js")], new Map(), NOTHING, TERMS);
    expect(plan.isVisible).toBe(false);
  });

  describe("keeps what is immutable and gone", () => {
    const [listed, record] = published(local("app.3f9c2a1b.js"), local("old.png"));
    const since = (gone: string) => ({ ...record, gone: { "app.3f9c2a1b.js": gone } });

    test("from now on", () => {
      const plan = planPublication([], listed, record, TERMS);
      expect(plan.gone).toEqual({ "app.3f9c2a1b.js": NOW });
      expect(plan.removals).toEqual([[], ["old.png"]]);
    });

    test("for as many days as it should", () => {
      const kept = planPublication([], listed, since("2026-02-08T12:00:01.000Z"), TERMS);
      expect(kept.gone).toEqual({ "app.3f9c2a1b.js": "2026-02-08T12:00:01.000Z" });
      const removed = planPublication([], listed, since("2026-02-08T12:00:00.000Z"), TERMS);
      expect(removed.gone).toEqual({});
      expect(removed.removals).toEqual([[], ["app.3f9c2a1b.js", "old.png"]]);
    });

    test("not at all where that is wished", () => {
      const plan = planPublication([], listed, record, { ...TERMS, keepDays: 0 });
      expect(plan.removals).toEqual([[], ["app.3f9c2a1b.js", "old.png"]]);
    });

    test("and forgets that it was gone when it is back", () => {
      const plan = planPublication(
        [local("app.3f9c2a1b.js")],
        listed,
        since("2025-01-01T00:00:00.000Z"),
        TERMS,
      );
      expect(plan.gone).toEqual({});
      expect(plan.unchanged).toBe(1);
    });
  });
});

test("files are in memory many at a time, large ones one by one", async () => {
  const inMemory = { small: 0, large: 0 };
  const most = { small: 0, large: 0 };
  const kindOf = (path: string) => (path.startsWith("large") ? "large" : "small");
  const files = Array.from({ length: 50 }, (_, index) => [
    local(`${index}.png`),
    { ...local(`large-${index}.png`), size: 100 * 1024 * 1024 },
  ]).flat();
  await publish({
    ...TERMS,
    entries: [],
    files,
    read: ({ path }) => {
      const kind = kindOf(path);
      most[kind] = Math.max(most[kind], ++inMemory[kind]);
      return new Uint8Array();
    },
    destination: {
      list: async () => new Map(),
      put: async (path) => {
        await sleep(1);
        inMemory[kindOf(path)]--;
        return "";
      },
      delete: async () => {},
      readRecord: async () => NOTHING,
      writeRecord: async () => {},
      invalidate: async () => {},
    },
    signal: new AbortController().signal,
    report() {},
  });
  expect(most).toEqual({ small: 32, large: 1 });
});
