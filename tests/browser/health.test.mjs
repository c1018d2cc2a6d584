// The health card and the event log, in Chromium.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { HOSTILE_SCENARIO, HOSTILE_TOPICS, simulateInstead } from "./hostile.mjs";
import { startPage } from "./page.mjs";

/** Waits until the region has shown this virtual time. */
const reached = (page, time, region = "health") =>
  page.tab.waitForFunction(([id, wanted]) => Number(document.getElementById(id).dataset.time) >= wanted, [region, time]);

const events = (page) => page.tab.locator("#health-log li").evaluateAll((items) => items.map((item) => [...item.querySelectorAll("time, .kind, .what")].map((part) => part.textContent)));

describe("health and log", { timeout: 600_000 }, () => {
  let site;
  before(async () => {
    site = await startPage();
  });
  after(() => site?.close());

  it("are calm where all is well", async () => {
    const page = await site.open({ search: "?scenario=steady-state&time=40&paused" });
    await reached(page, 40);
    assert.equal(await page.text("#health-status"), "ok");
    assert.equal(await page.text("#health-reason"), "All 9 partitions keep up.");
    assert.equal(await page.tab.locator("#health-troubled li:visible").count(), 0);
    assert.equal(await page.text("#health-rebalances"), "none in 5 min");
    assert.equal(await page.text("#health-stuck"), "none in flight for over 60 s");
    assert.equal(await page.tab.locator("#health-more").isVisible(), false);
    await page.close();
  });

  it("name the partition that falls behind, with the reason of the snapshot, and select it", async () => {
    const page = await site.open({ search: "?scenario=hot-key&time=100&paused" });
    await reached(page, 100);
    assert.equal(await page.text("#health-status"), "warn");
    assert.equal(await page.text("#health-reason"), "1 of 8 partitions needs attention. The worst, orders-7, falls behind.");
    const counts = await page.tab.locator(".health-counts li").allTextContents();
    assert.deepEqual(counts, ["7ok", "1warn", "0stop", "0stall", "0rewind"]);
    const row = page.tab.locator("#health-troubled button");
    assert.match(await row.textContent(), /^warnorders-7lag never fell over the last 10 commits, in \d+ s; it is 1,\d{3} records$/);
    await row.click();
    assert.equal(await row.getAttribute("aria-current"), "true");
    // The same partition is selected in the table.
    assert.equal(await page.tab.locator("#tabs-partitions-table tr[aria-current] th").textContent(), "orders");
    const [change] = await events(page);
    assert.equal(change[1], "health");
    assert.match(change[2], /^orders-7: warn\. Lag never fell/);
    await page.close();
  });

  it("name at most eight partitions, and lead to the others", async () => {
    const page = await site.open({ search: "?scenario=rebalance-storm&time=193&paused" });
    await reached(page, 193);
    const troubled = (await page.tab.locator(".health-counts li").allTextContents()).slice(1).reduce((sum, text) => sum + Number.parseInt(text, 10), 0);
    assert.equal(troubled, 11);
    assert.equal(await page.tab.locator("#health-troubled li:visible").count(), 8);
    assert.equal(await page.text("#health-more"), "3 more");
    assert.match(await page.text("#health-rebalances"), /^7 in 5 min: a storm$/);
    await page.tab.locator("#tabs-tab-workers").click();
    await page.tab.locator("#health-more").click();
    assert.equal(await page.tab.locator("#tabs-tab-partitions").getAttribute("aria-selected"), "true");
    assert.equal(await page.tab.evaluate(() => document.activeElement.id), "tabs-tab-partitions");
    await page.close();
  });

  it("explain the five states on demand", async () => {
    const page = await site.open({ search: "?paused" });
    const meaning = page.tab.getByText("Commits, but always the same offset, while records wait.");
    assert.equal(await meaning.isVisible(), false);
    await page.tab.locator("#health-meanings summary").press("Enter");
    assert.equal(await meaning.isVisible(), true);
    assert.equal(await page.tab.locator("#health-meanings dt").count(), 5);
    await page.close();
  });

  it("tell what happened, newest first, filtered, and select whom it happened to", async () => {
    const page = await site.open({ search: "?scenario=crash&time=112&paused" });
    await reached(page, 112);
    await page.tab.getByRole("radio", { name: "Faults" }).check();
    const faults = await events(page);
    assert.deepEqual(faults.at(-1), ["0:01:35.0", "fault", "worker-1 dies with 0 records buffered and 0 in hand"]);
    assert.ok(faults.every(([, kind]) => kind === "fault"));
    await page.tab.getByRole("radio", { name: "Rebalances" }).check();
    const rebalances = await events(page);
    assert.deepEqual(rebalances.map(([time]) => time), rebalances.map(([time]) => time).toSorted().reverse());
    assert.ok(rebalances.length >= 5 && rebalances.some(([, , text]) => text.endsWith("the group takes its 2 partitions")));
    await page.tab.locator("#health-log button", { hasText: "the group takes its 2 partitions" }).click();
    await page.tab.locator("#tabs-tab-workers").click();
    assert.equal(await page.tab.locator("#tabs-workers-table tr[aria-current] th").textContent(), "worker-1");
    await page.tab.getByRole("radio", { name: "Errors" }).check();
    assert.equal(await page.tab.locator("#health-log").textContent(), "Nothing of this kind happened yet.");
    await page.close();
  });

  it("keep the log short, and its rows where they are", async () => {
    const page = await site.open({ search: "?scenario=rebalance-storm&time=200&paused" });
    await reached(page, 200);
    const before = await page.tab.locator("#health-log li").count();
    assert.ok(before > 20 && before <= 100, `${before}`);
    await page.tab.locator("#health-log li").first().evaluate((item) => {
      item.dataset.seen = "yes";
    });
    await page.step(60);
    await reached(page, 260);
    const places = await page.tab.locator("#health-log li").evaluateAll((items) => items.map((item) => item.dataset.seen));
    assert.ok(places.indexOf("yes") > 0, "the row was made anew");
    assert.ok(places.length <= 100);
    // A screen reader hears one sentence in a while of all that.
    assert.match(await page.text("#health-spoken"), /\S/);
    assert.equal(await page.tab.locator("#health-log").getAttribute("aria-live"), "off");
    await page.close();
  });

  it("take names for text, whatever they are", async () => {
    const page = await site.open({ search: "?time=60&paused" });
    await simulateInstead(page, HOSTILE_SCENARIO);
    await reached(page, 60);
    await reached(page, 60, "tabs");
    assert.equal(await page.text("#health-status"), "warn");
    const shown = (await page.tab.locator("#health-troubled .name").allTextContents()).join("\n");
    const cells = (await page.rows("tabs-partitions-table")).map(([topic]) => topic);
    for (const topic of HOSTILE_TOPICS) {
      assert.equal(cells.filter((text) => text === topic).length, 2, topic);
      assert.ok(shown.includes(topic), topic);
    }
    for (const tab of ["snapshot", "openmetrics", "statsd"]) {
      await page.tab.locator(`#tabs-tab-${tab}`).click();
      await page.tab.locator(`#tabs-panel-${tab} .text-tab[data-time]`).waitFor();
    }
    assert.equal(await page.tab.evaluate(() => document.documentElement.dataset.attacked), undefined);
    assert.equal(await page.tab.locator("img, main b, aside b").count(), 0);
    const overflow = await page.tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(overflow, 0);
    await page.close();
  });
});
