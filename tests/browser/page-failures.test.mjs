// What happens where the simulation cannot be loaded or dies: words, and a way on.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startListening } from "./listening.mjs";

describe("the simulation's thread", { timeout: 300_000 }, () => {
  let site;
  before(async () => {
    site = await startListening();
  });
  after(() => site?.close());

  const noticed = (tab, pattern) => tab.waitForFunction((source) => new RegExp(source).test(document.querySelector("#notice-text").textContent), pattern.source);

  for (const [what, files] of [
    ["its program", "**/assets/worker-*.js"],
    ["the simulator", "**/assets/simulator-*.js"],
    ["the WebAssembly", "**/*.wasm"],
  ]) {
    it(`says so where ${what} cannot be loaded, and begins once it can`, async () => {
      const tab = await site.browser.newPage();
      await tab.route(files, (route) => route.fulfill({ status: 404, body: "" }));
      await tab.goto(`${site.url}?scenario=crash&paused`);
      await noticed(tab, /^The simulation stopped: .+\. Restart begins it again\.$/);
      assert.equal(await tab.locator("#transport-play").textContent(), "Play");
      await tab.unroute(files);
      await tab.locator("#transport-restart").click();
      await tab.locator("#topology[data-time]").waitFor({ state: "attached" });
      await tab.close();
    });
  }

  it("begins again after it died, with the same run", async () => {
    const page = await site.open({ search: "?scenario=crash&seed=8&paused" });
    await page.pass(5);
    const five = await page.everything();
    await page.tab.evaluate(() => globalThis.heard.worker.dispatchEvent(new ErrorEvent("error", { message: "out of memory" })));
    await page.notice(/^The simulation stopped: out of memory\. Restart begins it again\.$/);
    // What is asked for meanwhile is answered in words.
    await page.tab.locator("#controls-crash").click();
    await page.notice(/^the simulation stopped: begin again\.$/);
    await page.tab.keyboard.press("Escape");
    await page.tab.locator("#transport-play").click();
    await page.tab.locator("#transport-play").click();
    await page.tab.locator("#transport-restart").click();
    await page.tab.waitForFunction(() => globalThis.heard.began === 2 && globalThis.heard.moment.time === 0);
    await page.pass(5);
    assert.equal(await page.everything(), five);
    assert.equal((await page.heard("run")).seed, 8);
    await page.close();
  });

  it("goes on after the page was frozen, and does not catch up", async () => {
    const page = await site.open({ search: "?scenario=crash&speed=10" });
    await page.tab.waitForFunction(() => globalThis.heard.moment?.time > 2);
    const devtools = await page.tab.context().newCDPSession(page.tab);
    await devtools.send("Page.setWebLifecycleState", { state: "frozen" });
    await devtools.send("Page.setWebLifecycleState", { state: "active" });
    const from = await page.tab.evaluate(() => globalThis.heard.frame.now);
    await page.tab.waitForFunction((before) => globalThis.heard.frame.now > before + 1, from);
    await page.close();
  });

  it("shows the run of the address when the user comes back to it", async () => {
    const page = await site.open({ search: "?scenario=crash&seed=8&paused" });
    await page.tab.locator("#controls-crash").click();
    await page.commanded(1);
    // What writes commands is loaded with the first touch, on a slow machine after the command is done.
    await page.tab.waitForFunction(() => performance.getEntriesByType("resource").some(({ name, responseEnd }) => /\/commands-[^/]+\.js$/.test(name) && responseEnd > 0));
    // Left at once: the address follows nevertheless.
    await page.tab.goto("about:blank");
    await page.tab.goBack();
    await page.tab.waitForFunction(() => location.search === "?scenario=crash&seed=8&commands=0_crash_0_15");
    await page.tab.waitForFunction(() => globalThis.heard.moment?.workers[0].state === "crashed");
    await page.close();
  });
});
