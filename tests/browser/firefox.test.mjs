// The page in Firefox: the same run shows the same there.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { Simulation } from "streamgauge/sim";
import { firefox, launchFirefox, newWatchedPage } from "../support/firefox.mjs";
import { seeTabs } from "./page.mjs";
import { serveFolder } from "../support/static-server.mjs";

const built = fileURLToPath(new URL("../../www/dist", import.meta.url));

describe("the page in Firefox", { skip: firefox === undefined && "there is no Firefox on this machine", timeout: 180_000 }, () => {
  let server;
  let browser;
  before(async () => {
    server = await serveFolder(built);
    browser = await launchFirefox();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  const shownTime = (page) => page.$eval("#topology", (region) => Number(region.dataset.time));

  it("plays, pauses and steps, without a word in the console", async () => {
    const { page, troubles } = await newWatchedPage(browser);
    await page.goto(`${server.url}?scenario=hot-key&seed=3&time=20&paused`);
    await page.waitForFunction(() => Number(document.querySelector("#topology").dataset.time) === 20);
    await page.click("#transport-step");
    await page.waitForFunction(() => Number(document.querySelector("#topology").dataset.time) === 21);
    await page.click("#transport-play");
    await page.waitForFunction(() => Number(document.querySelector("#topology").dataset.time) > 21.5);
    await page.click("#transport-play");
    assert.ok((await shownTime(page)) > 21.5);
    assert.deepEqual(troubles, []);
    await page.close();
  });

  it("simulates bit by bit what Node simulates", async () => {
    const simulation = Simulation.of("crash", { seed: 5 });
    simulation.advance(120);
    const { page, troubles } = await newWatchedPage(browser);
    await page.goto(`${server.url}?scenario=crash&seed=5&time=120&paused&tab=asdict`);
    await page.waitForFunction(() => Number(document.querySelector("#topology").dataset.time) === 120);
    await seeTabs(page);
    await page.waitForFunction(() => document.querySelector("#tabs pre")?.textContent.includes("messages_received_total"));
    const shown = JSON.parse(await page.$eval("#tabs pre", (text) => text.textContent));
    assert.deepEqual(shown, JSON.parse(JSON.stringify(simulation.workers[0].asdict())));
    assert.deepEqual(troubles, []);
    await page.close();
  });
});
