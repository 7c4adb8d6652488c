/** The pictures of dashboards in a real browser: no title runs out of its box. */
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeBrowser, openBrowser } from "../browser/chromium.ts";

const PICTURES = "test/dashboards/pictures";

/** In the page: the texts that leave the box they begin in, or the page where they are in none. */
const LOOK = `(() => {
  const svg = document.querySelector("svg");
  const boxes = [...svg.querySelectorAll("rect")].map((box) => box.getBBox());
  const holds = (box, x, y) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
  const isOutside = (text) => {
    const { x, y, width, height } = text.getBBox();
    const around = boxes.findLast((box) => holds(box, x, y));
    return !around || !holds(around, x + width, y + height);
  };
  const texts = [...svg.querySelectorAll("text")];
  return texts.filter(isOutside).map((text) => text.textContent);
})()`;

describeBrowser("a picture", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  test.each(readdirSync(PICTURES))("%s", async (file) => {
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    await page.goto(pathToFileURL(resolve(PICTURES, file)).href);
    const outside = await page.evaluate<string[]>(LOOK);
    await page.close();
    expect(outside).toEqual([]);
  });
});
