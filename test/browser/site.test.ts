/** The example site in a real browser, delivered as the templates of the reference architecture say. */
import { createHash, X509Certificate } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { specialise } from "../../compiler/specialise/specialise.ts";
import { servedAs } from "../../publish/files.ts";
import { describePython, installedTools, runTool, script } from "../python/tools.ts";
import { compileText } from "../support/compile.ts";
import { describeBrowser, openBrowser } from "./chromium.ts";
import { type Edge, type EdgeTemplate, OWN_NAME, startEdge } from "./edge.ts";

const FOLDER = "examples/sites/www";
const HOST = "www.dev.acme.example";

describe("the example site", () => {
  const files = readdirSync(FOLDER);
  const text = (file: string) => readFileSync(`${FOLDER}/${file}`, "utf8");

  test.each(files.filter((file) => servedAs(file).isImmutable))("%s is named for what is in it", (file) => {
    const [name, , ending] = file.split(".");
    const hash = createHash("sha256").update(text(file)).digest("hex").slice(0, 8);
    expect(file).toBe(`${name}.${hash}.${ending}`);
  });

  test("refers to its own files alone, and to each of them", () => {
    const references = files.flatMap((file) =>
      [...text(file).matchAll(/(?:href=|src=|import\()"([^"]+)"/g)].map(([, path = ""]) => path),
    );
    const routes = ["/", "/delivery"];
    for (const path of references) expect([...routes, ...files.map((file) => `/${file}`)]).toContain(path);
    const pages = ["index.html", "404.html"];
    for (const file of files)
      expect([...references, ...pages.map((page) => `/${page}`)]).toContain(`/${file}`);
  });
});

describePython("a browser needs a certificate", () => {
  describeBrowser("the example site in a browser", () => {
    let edge: Edge;
    let browser: Browser;
    let context: BrowserContext;
    let page: Page;
    let complaints: string[];

    beforeAll(async () => {
      const { python } = installedTools();
      const { stdout } = await runTool(python, [script("make_certificate.py"), "dev.acme.example"]);
      const certificate = JSON.parse(stdout) as { key: string; cert: string };
      edge = await startEdge(templateFor("dev"), FOLDER, certificate);
      const spki = new X509Certificate(certificate.cert).publicKey.export({ type: "spki", format: "der" });
      browser = await openBrowser(
        // Trusted as if somebody had vouched for it: what browsers do only then, they do here too.
        `--ignore-certificate-errors-spki-list=${createHash("sha256").update(spki).digest("base64")}`,
        `--host-resolver-rules=MAP *:80 127.0.0.1:${edge.ports.plain},MAP *:443 127.0.0.1:${edge.ports.secure}`,
      );
    });
    afterAll(async () => {
      await browser?.close();
      edge?.stop();
    });

    beforeEach(async () => {
      complaints = [];
      context = await browser.newContext();
      page = await context.newPage();
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(error.message));
    });
    afterEach(() => context.close());

    const heading = () => page.getByRole("heading", { level: 1 }).textContent();

    test("comes by HTTPS and HTTP/2 though it is asked for without, compressed, and says nothing on the console", async () => {
      const response = await page.goto(`http://${HOST}/`);
      expect(page.url()).toBe(`https://${HOST}/`);
      expect(await heading()).toBe("Acme");
      const redirected = await response?.request().redirectedFrom()?.response();
      expect(redirected?.status()).toBe(301);
      expect(await page.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol")).toBe("h2");
      expect(await page.evaluate("getComputedStyle(document.body).maxWidth")).not.toBe("none");
      expect(await response?.allHeaders()).toMatchObject({
        "cache-control": "public, max-age=0, s-maxage=86400, must-revalidate",
        "content-encoding": "br",
        "content-security-policy":
          "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; upgrade-insecure-requests",
        "content-type": "text/html; charset=utf-8",
        "referrer-policy": "strict-origin-when-cross-origin",
        "strict-transport-security": "max-age=31536000; includeSubDomains",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
      });
      expect(complaints).toEqual([]);
    });

    test("shows the page of its path, whether one came by a link, by address or back", async () => {
      await page.goto(`https://${HOST}/`);
      await page.getByRole("link", { name: "Delivery" }).click();
      await page.getByText("Secure context").waitFor();
      expect(page.url()).toBe(`https://${HOST}/delivery`);
      await page.reload();
      await page.getByText("Secure context").waitFor();
      await page.goBack();
      await page.getByText("nobody but CloudFront").waitFor();
      await page.goto(`https://${HOST}/not/known`);
      expect(await heading()).toBe("There is no such page");
      expect(complaints).toEqual([]);
    });

    test("says 404 for a file that is not there, with a page of its own", async () => {
      const response = await page.goto(`https://${HOST}/app.00000000.js`);
      expect(response?.status()).toBe(404);
      expect(await heading()).toBe("There is no such file");
      // That the document itself is 404 is what the browser says on the console, and nothing else.
      expect(complaints).toEqual([expect.stringContaining("404")]);
    });

    test("is asked for by HTTPS from then on, since the browser remembers", async () => {
      await page.goto(`https://${HOST}/`);
      const before = edge.asked.length;
      await page.goto(`http://${HOST}/delivery`);
      expect(page.url()).toBe(`https://${HOST}/delivery`);
      expect(edge.asked.slice(before).filter((address) => address.startsWith("http:"))).toEqual([]);
    });

    test("has one name: by another one is sent on, path and query and all", async () => {
      await page.goto(`https://${OWN_NAME}/delivery?from=elsewhere`);
      expect(page.url()).toBe(`https://${HOST}/delivery?from=elsewhere`);
      expect(complaints).toEqual([]);
    });

    test.each([
      [
        "a script in the page",
        "script-src",
        "Object.assign(document.createElement('script'), { text: 'stolen = 1' })",
      ],
      [
        "a script of others",
        "script-src",
        "Object.assign(document.createElement('script'), { src: 'https://evil.example/a.js' })",
      ],
      [
        "an image of others",
        "img-src",
        "Object.assign(document.createElement('img'), { src: 'https://evil.example/a.png' })",
      ],
      [
        "a frame of others",
        "frame-src",
        "Object.assign(document.createElement('iframe'), { src: 'https://evil.example/' })",
      ],
    ])("lets %s have no effect", async (_, directive, element) => {
      await page.goto(`https://${HOST}/`);
      const violated = await page.evaluate(
        `new Promise((done) => {
          document.addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective));
          setTimeout(done, 5_000, "nothing");
          document.body.append(${element});
        })`,
      );
      expect(violated).toContain(directive);
      expect(await page.evaluate("typeof stolen")).toBe("undefined");
      expect(edge.asked.filter((address) => address.includes("evil.example"))).toEqual([]);
    });

    test("lets nothing be told to others", async () => {
      await page.goto(`https://${HOST}/`);
      await expect(page.evaluate("fetch('https://evil.example/')")).rejects.toThrow("Failed to fetch");
      expect(complaints.join()).toContain("Content Security Policy");
      expect(edge.asked.filter((address) => address.includes("evil.example"))).toEqual([]);
    });

    test("is shown in nobody's frame", async () => {
      const body = `<iframe src="https://${HOST}/"></iframe>`;
      await page.route("https://other.example/", (route) =>
        route.fulfill({ contentType: "text/html", body }),
      );
      // To the browser the edge is on a local network.
      await context.grantPermissions(["local-network-access"]);
      await page.goto("https://other.example/");
      // The answer came, and the browser shows an error of its own instead.
      await expect.poll(() => page.frames()[1]?.url()).toBe("chrome-error://chromewebdata/");
      expect(edge.asked.at(-1)).toBe(`https://${HOST}/`);
    });
  });
});

/** The distribution's template as an environment of the reference architecture gets it. */
function templateFor(environment: string): EdgeTemplate {
  const read = (file: string) => readFileSync(`specs/${file}`, "utf8");
  const { assembly } = compileText(read("acme.yaml"), { name: "acme", ledger: read("acme.lock.yaml") });
  const stackSet = assembly.stackSets.find(({ name }) => name === "distribution-www");
  const place = stackSet?.placements.find((placement) => placement.environment === environment);
  if (!stackSet || !place) throw new Error(`there is no distribution in ${environment}`);
  const template = specialise(stackSet.template, { account: place.account.id, region: place.region });
  return JSON.parse(JSON.stringify(template)) as EdgeTemplate;
}
