// The strip of figures in a browser, against the same simulation here.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { presets, Simulation } from "streamgauge/sim";
import { load } from "./modules.mjs";
import { startPage } from "./page.mjs";

const format = await load("format.ts");

let browser;
before(async () => {
  browser = await startPage();
});
after(() => browser.close());

const figures = (page) =>
  page.tab.locator("#figures .figure").evaluateAll((tiles) => Object.fromEntries(tiles.map((tile) => [tile.querySelector("dt").textContent, [tile.querySelector(".number").textContent, tile.querySelector(".beside").textContent]])));

describe("figures", () => {
  it("are those of the snapshot, in pairs of a term and what it is", async () => {
    const page = await browser.open({ search: "?scenario=rebalance-storm&seed=1&time=210&paused" });
    page.tab.setDefaultTimeout(180_000);
    await page.tab.waitForFunction(() => Number(document.querySelector("#figures").dataset.time) >= 210);
    const simulation = Simulation.of({ ...presets().find(({ name }) => name === "rebalance-storm").scenario, seed: 1 });
    simulation.advance(210);
    const { lag, rates, rebalances, events, errors } = simulation.snapshot();
    simulation.free();
    assert.ok(rebalances.storm);
    const shown = await figures(page);
    assert.equal(shown["Lag"][0], format.count(lag.recordsSum));
    assert.equal(shown["Records in"][0], `${format.rate(rates.messagesReceived.now)}/s`);
    assert.equal(shown["Runtime p50"][0], format.secondsText(events.runtime.lastMinute.p50).replace(" ", ""));
    assert.equal(shown["Errors"][0], format.count(errors.total));
    assert.deepEqual(shown["Rebalances"], [format.count(rebalances.count), `storm: ${rebalances.recent} lately`]);
    assert.equal(await page.tab.locator("#figures dl > div > dt").count(), 12);
    await page.close();
  });

  it("are one size, whatever they say", async () => {
    const page = await browser.open({ search: "?scenario=crash&seed=1&time=99&paused", viewport: { width: 1280, height: 900 } });
    page.tab.setDefaultTimeout(180_000);
    await page.tab.waitForFunction(() => Number(document.querySelector("#figures").dataset.time) >= 99);
    const { Lag: [value, beside] } = await figures(page);
    assert.match(value, /^≥ /);
    assert.equal(beside, "of 2 unknown");
    const boxes = await page.tab.locator("#figures .figure").evaluateAll((tiles) => tiles.map((tile) => [tile.offsetTop, tile.offsetHeight, tile.querySelector(".number").scrollWidth <= tile.querySelector(".number").clientWidth]));
    assert.equal(new Set(boxes.map(([top]) => top)).size, 2, "two rows");
    assert.deepEqual([...new Set(boxes.map(([, height]) => height))], [84]);
    assert.ok(boxes.every(([, , fits]) => fits));
    await page.tab.setViewportSize({ width: 360, height: 900 });
    const fits = await page.tab.locator("#figures .number").evaluateAll((numbers) => numbers.every((number) => number.scrollWidth <= number.clientWidth));
    assert.ok(fits);
    await page.close();
  });
});
