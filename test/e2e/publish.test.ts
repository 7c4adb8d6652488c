/** Publishing to a real S3, if a simulated one: many files, nothing to do, one change, being killed with visitors about. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GetObjectCommand, NoSuchKey, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientsFor, type Moto, startMoto } from "../python/moto.ts";
import { describePython, installedTools } from "../python/tools.ts";
import { environmentOf, type PublishedSite, publishedSite } from "../support/published-site.ts";

const FILES = 10_000;

describePython("publishing", () => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await startMoto(installedTools().python);
  });
  afterAll(() => moto?.stop());

  const credentialsOf = async (account: string) => {
    const { ssm } = await clientsFor(moto.endpoint, account, "eu-west-1");
    return environmentOf(await ssm.config.credentials());
  };
  const publish = ({ place }: PublishedSite, ...args: string[]) =>
    place.landform("publish", "www", "--in", "dev", "--poll", "0.05", ...args);

  test("ten thousand files, then none of them, then one", { timeout: 300_000 }, async () => {
    const site = await publishedSite(moto, "many");
    const { place } = site;
    try {
      writePages(site, { "index.html": ["app.0a1b2c3d.js"], "404.html": [] });
      place.write("build/app.0a1b2c3d.js", "1");
      for (let index = 3; index < FILES; index++)
        place.write(`build/items/${Math.floor(index / 100)}/${index}.json`, `{"index":${index}}`);

      const first = await publish(site);
      expect(first.code, first.err).toBe(0);
      expect(first.out).toBe(
        `www in dev: ${FILES} uploaded, 0 unchanged, 0 removed, CloudFront invalidated\n`,
      );
      expect(first.err).toContain(`${FILES} of ${FILES} files uploaded`);
      expect(await site.list()).toHaveLength(FILES);
      expect(await site.head("app.0a1b2c3d.js")).toEqual({
        contentType: "text/javascript; charset=utf-8",
        cacheControl: "public, max-age=31536000, immutable",
      });
      expect(await site.head("index.html")).toEqual({
        contentType: "text/html; charset=utf-8",
        cacheControl: "public, max-age=0, s-maxage=86400, must-revalidate",
      });

      expect((await publish(site)).out).toBe(
        `www in dev: 0 uploaded, ${FILES} unchanged, 0 removed, nothing to invalidate\n`,
      );
      expect(await site.invalidations()).toBe(1);

      place.write("build/items/1/100.json", "{}");
      expect((await publish(site)).out).toBe(
        `www in dev: 1 uploaded, ${FILES - 1} unchanged, 0 removed, CloudFront invalidated\n`,
      );
      expect(await site.invalidations()).toBe(2);
    } finally {
      place.remove();
    }
  });

  test("killed again and again, it shows a whole site to whoever comes by", {
    timeout: 180_000,
  }, async () => {
    const site = await publishedSite(moto, "killed");
    const { place } = site;
    const visitor = visit(site);
    try {
      writeVersion(site, "0a1b2c3d");
      expect(await publish(site)).toMatchObject({ code: 0 });
      let version = 1;
      for (const share of [0.1, 0.4, 0.7]) {
        const before = new Set(await site.list());
        writeVersion(site, `0a1b2c3${version++}e`);
        const run = place.start("publish", "www", "--in", "dev", "--poll", "0.05");
        const isOver = run.ended.then(() => true);
        // Pages of their own are in each version: when so many of the new files are there, it is in the middle.
        const isIn = async () =>
          (await site.list()).filter((path) => !before.has(path)).length >= share * 2 * PAGES;
        while (!(await isIn()) && !(await Promise.race([isOver, sleep(1, false)])));
        run.child.kill("SIGKILL");
        expect(await run.ended).toMatchObject({ code: null });
      }
      const interrupted = await publish(site);
      expect(interrupted.code, interrupted.err).toBe(0);
      expect(interrupted.out).toContain("CloudFront invalidated");
      expect((await publish(site)).out).toContain("www in dev: 0 uploaded");
    } finally {
      place.remove();
    }
    const { rounds, missing } = await visitor.leave();
    expect(missing).toEqual([]);
    expect(rounds).toBeGreaterThan(20);
  });

  test("what is gone goes, pages and all; what pages that were loaded may ask for stays a while", async () => {
    const site = await publishedSite(moto, "gone");
    const { place } = site;
    try {
      writePages(site, { "index.html": ["app.0a1b2c3d.js"], "404.html": [], "old.html": ["old.png"] });
      place.write("build/app.0a1b2c3d.js", "1");
      place.write("build/old.png", "1");
      place.write("build/.DS_Store", "not for visitors");
      place.write("build/.well-known/security.txt", "Contact: mailto:security@demo.example");
      expect(await publish(site)).toMatchObject({ code: 0 });
      expect(await site.list()).toContain(".well-known/security.txt");
      expect(await site.list()).not.toContain(".DS_Store");

      for (const file of ["app.0a1b2c3d.js", "old.html", "old.png"])
        rmSync(join(place.directory, "build", file));
      writePages(site, { "index.html": [], "404.html": [] });
      expect((await publish(site)).out).toBe(
        "www in dev: 1 uploaded, 2 unchanged, 2 removed, 1 kept for pages that were loaded before, CloudFront invalidated\n",
      );
      // One after the change, before anything went that caches might have led to; one at the end.
      expect(await site.invalidations()).toBe(1 + 2);
      expect((await site.list()).toSorted()).toEqual([
        ".well-known/security.txt",
        "404.html",
        "app.0a1b2c3d.js",
        "index.html",
      ]);
      place.edit("specs/spec.yaml", "source: build", "source: build\n    keep-days: 0");
      await place.landform("compile");
      const { out } = await publish(site, "--json");
      expect(JSON.parse(out)).toEqual({
        ok: true,
        site: "www",
        environment: "dev",
        uploaded: 0,
        unchanged: 3,
        removed: 1,
        kept: 0,
        isInvalidated: true,
      });
      expect(await site.invalidations()).toBe(1 + 2 + 1);
    } finally {
      place.remove();
    }
  });

  test("files are called what they are called", async () => {
    const site = await publishedSite(moto, "names");
    const { place } = site;
    try {
      const odd = [
        "a b.png",
        " c.js ",
        "ü.html",
        "e\u0301.txt",
        "😀.txt",
        "#?.css",
        "%41.txt",
        "a+b.js",
        "a&amp;b.js",
      ];
      const names = [...odd, "<'\"\\>.js", "constructor/x.js", "index.html", "404.html"];
      for (const name of names) place.write(`build/${name}`, name);
      expect((await publish(site)).out).toContain(`${names.length} uploaded`);
      expect((await site.list()).toSorted()).toEqual(names.toSorted());
      expect((await publish(site)).out).toContain(`0 uploaded, ${names.length} unchanged, 0 removed`);
    } finally {
      place.remove();
    }
  });

  test("stopped by Ctrl-C it ends in order, and goes on from there", async () => {
    const site = await publishedSite(moto, "stopped");
    const { place } = site;
    try {
      writeVersion(site, "0a1b2c3d");
      const run = place.start("publish", "www", "--in", "dev");
      while ((await site.list()).length < PAGES / 4) await sleep(1);
      run.child.kill("SIGINT");
      const { code, err } = await run.ended;
      expect(code).toBe(130);
      expect(err).toContain("`landform publish` goes on from here");
      const left = (await site.list()).length;
      const { out } = await publish(site);
      // What was uploaded was written down.
      expect(out).toContain(`${2 * PAGES + 3 - left} uploaded, ${left} unchanged`);
    } finally {
      place.remove();
    }
  });

  test("what can't be published is said in one line", async () => {
    const site = await publishedSite(moto, "wrong");
    const { place } = site;
    try {
      expect((await publish(site)).err).toContain("build: there is no such folder");
      place.write("build/index.html", "");
      expect((await publish(site)).err).toContain("build: `404.html` is missing");
      place.write("build/404.html", "");
      for (const name of ["two\nlines.txt", "\u0001.txt", `${"n".repeat(200)}/`.repeat(5)]) {
        place.write(`build/odd/${name}/a.txt`, "");
        expect((await publish(site)).err).toContain("can't be an object's name; name the file otherwise");
        rmSync(join(place.directory, "build/odd"), { recursive: true });
      }
      expect((await place.landform("publish", "ww", "--in", "dev")).err).toContain("did you mean `www`?");
      expect((await place.landform("publish", "www", "--in", "prod")).err).toContain("there is `dev`");
      place.edit("specs/spec.yaml", "www:", "other:");
      await place.landform("compile");
      const undeployed = await place.landform("publish", "other", "--in", "dev");
      expect(undeployed.code).toBe(2);
      expect(undeployed.err).toContain("run `landform deploy --environment dev` first");
      place.env = { ...place.env, ...(await credentialsOf("222222222222")) };
      expect((await place.landform("publish", "other", "--in", "dev")).err).toContain(
        "these credentials are of account 222222222222: publish with those of `dev` (111111111111)",
      );
    } finally {
      place.remove();
    }
  });

  test("nobody publishes while somebody else does", async () => {
    const site = await publishedSite(moto, "two");
    const { place, home, bucket } = site;
    try {
      writeVersion(site, "0a1b2c3d");
      const run = place.start("publish", "www", "--in", "dev");
      while ((await site.list()).length < PAGES / 4) await sleep(1);
      await home.s3.send(new PutObjectCommand({ Bucket: bucket, Key: "publication.json", Body: "{}" }));
      const { code, err } = await run.ended;
      expect(code).toBe(2);
      expect(err).toContain("somebody else publishes this site at the same time");
    } finally {
      place.remove();
    }
  });
});

const PAGES = 100;

/** Pages, each with the paths it refers to. */
function writePages({ place }: PublishedSite, pages: Readonly<Record<string, readonly string[]>>): void {
  for (const [path, refers] of Object.entries(pages))
    place.write(`build/${path}`, refers.map((other) => `<a href="/${other}"></a>\n`).join(""));
}

/** A site of pages and scripts, all of which have new names in each version, but for the first page. */
function writeVersion(site: PublishedSite, hash: string): void {
  const { place } = site;
  rmSync(join(place.directory, "build"), { recursive: true, force: true });
  const numbers = Array.from({ length: PAGES }, (_, index) => index);
  writePages(site, {
    "index.html": ["style.css", ...numbers.map((number) => `page-${hash}-${number}.html`)],
    "404.html": ["style.css"],
    ...Object.fromEntries(
      numbers.map((number) => [`page-${hash}-${number}.html`, ["style.css", `app.${hash}.${number}.js`]]),
    ),
  });
  place.write("build/style.css", hash);
  for (const number of numbers) place.write(`build/app.${hash}.${number}.js`, hash);
}

/** Somebody who follows every link from the first page, over and over, until they leave. */
function visit({ home: { s3 }, bucket }: PublishedSite) {
  let hasLeft = false;
  const read = async (path: string) => {
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: `site/${path}` }));
      return await Body?.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  };
  const refersTo = (page: string) => [...page.matchAll(/href="\/([^"]+)"/g)].map(([, path = ""]) => path);
  const stay = async () => {
    const missing: string[] = [];
    let rounds = 0;
    for (; !hasLeft; rounds++) {
      const first = await read("index.html");
      if (first === undefined) continue;
      // One page of each round is enough: there are many rounds.
      const pages = refersTo(first);
      const path = pages[1 + (rounds % (pages.length - 1))] ?? "";
      const page = await read(path);
      const others = page === undefined ? [path] : refersTo(page);
      for (const other of others) {
        if ((await read(other)) !== undefined) continue;
        // Not missing, if the page itself is another by now.
        if ((await read("index.html")) === first && (await read(path)) === page)
          missing.push(`${path}: ${other}`);
      }
    }
    return { rounds, missing };
  };
  const stayed = stay();
  return {
    leave() {
      hasLeft = true;
      return stayed;
    },
  };
}
