// What a visitor's first look at the page costs, in bytes and in time.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { startPage } from "./page.mjs";

const MOST_BYTES = 250_000;
/** Packed already: what a server sends as it is. */
const PACKED = /\.woff2$/;

describe("the first load", { timeout: 120_000 }, () => {
  let site;
  before(async () => {
    site = await startPage();
  });
  after(() => site?.close());

  it(`takes less than ${MOST_BYTES} bytes with gzip, WebAssembly and font included`, async (context) => {
    const bodies = new Map();
    const page = await site.open({ isWhole: false });
    // Once more, and watched from its first byte.
    page.tab.on("response", (response) => {
      bodies.set(response.url(), response.body());
    });
    await page.tab.reload();
    await page.tab.locator("#topology[data-time]").waitFor({ state: "attached" });
    await page.tab.waitForLoadState("networkidle");
    const sizes = [];
    for (const [url, body] of bodies) {
      const bytes = await body;
      const { pathname } = new URL(url);
      sizes.push({ pathname, bytes: PACKED.test(pathname) ? bytes.length : gzipSync(bytes).length });
    }
    sizes.sort((one, other) => other.bytes - one.bytes);
    const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { pathname, bytes } of sizes) context.diagnostic(`${String(bytes).padStart(8)} ${pathname}`);
    context.diagnostic(`${String(total).padStart(8)} in all`);
    assert.ok(sizes.some(({ pathname }) => pathname.endsWith(".wasm")), "the WebAssembly was not seen");
    assert.ok(total < MOST_BYTES, `${total} bytes`);
    await page.close();
  });

  it("says how soon it can be used", async (context) => {
    const page = await site.open({ isWhole: false });
    const milliseconds = await page.tab.evaluate(() => performance.now());
    const { paint, loaded } = await page.tab.evaluate(() => ({
      paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
      loaded: performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd,
    }));
    assert.ok(paint > 0 && loaded > 0 && milliseconds >= loaded);
    context.diagnostic(`first paint ${Math.round(paint)} ms, loaded ${Math.round(loaded)} ms, first figures within ${Math.round(milliseconds)} ms`);
    await page.close();
  });
});
