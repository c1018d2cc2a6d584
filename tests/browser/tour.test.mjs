// The guided tour in Chromium: from the first step to the last, by keyboard, beside a page that stays usable.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startPage } from "./page.mjs";
import { load } from "./modules.mjs";

const { STEPS } = await load("model/tour/stops.ts");

const focused = (page) => page.tab.evaluate(() => document.activeElement.id);

describe("the tour", { timeout: 1_200_000 }, () => {
  let site;
  before(async () => {
    site = await startPage();
  });
  after(() => site?.close());

  it("does not come by itself, opens by its button, closes by Escape, and gives the focus back", async () => {
    const page = await site.open({ search: "?scenario=steady-state" });
    assert.equal(await page.tab.locator("#tour").count(), 0);
    await page.tab.locator("#tools-tour").press("Enter");
    const dialog = page.tab.getByRole("dialog", { name: "Guided tour" });
    await dialog.waitFor();
    assert.equal(await focused(page), "tour");
    assert.equal(await dialog.getAttribute("aria-modal"), "false");
    assert.equal(await page.text("#tour-progress"), "1 of 24");
    assert.equal(await page.tab.locator("#tour-back").isDisabled(), true);
    // What is told of stands out.
    assert.deepEqual(await page.tab.locator(".tour-target").evaluateAll((regions) => regions.map(({ id }) => id)), ["topology"]);
    await page.tab.keyboard.press("Escape");
    assert.equal(await dialog.count(), 0);
    assert.equal(await focused(page), "tools-tour");
    assert.equal(await page.tab.locator(".tour-target").count(), 0);
    await page.close();
  });

  it("leads through all 24 steps by keyboard, each with what the figures say", async () => {
    const page = await site.open({ search: "?scenario=hot-key&paused" });
    await page.tab.locator("#tools-tour").click();
    await page.tab.locator("#tour").waitFor();
    // Close, the stops, Back (which is off) and Next, in this order.
    for (const id of ["tour-stops", "tour-close", "tour-next"]) {
      await page.tab.keyboard.press("Tab");
      assert.equal(await focused(page), id);
    }
    for (const { place, title, region, from, tab } of STEPS) {
      assert.equal(await page.text("#tour-progress"), `${place + 1} of 24`);
      assert.equal(await page.text("#tour-title"), title);
      assert.deepEqual(await page.tab.locator(".tour-target").evaluateAll((regions) => regions.map(({ id }) => id)), [region]);
      if (tab !== undefined) assert.equal(await page.tab.locator(`#tabs-tab-${tab}`).getAttribute("aria-selected"), "true");
      // It is there, it plays, and the figures have something to say.
      await page.tab.waitForFunction((wanted) => /\d|alive|nothing back|Nobody has/.test(document.querySelector("#tour-claim").textContent) && Number(document.querySelector("#health").dataset.time) >= wanted, from);
      assert.equal(await page.text("#transport-play"), "Pause");
      if (place < STEPS.length - 1) await page.tab.keyboard.press("Enter");
    }
    assert.equal(await page.text("#tour-next"), "Finish");
    await page.tab.keyboard.press("Enter");
    assert.equal(await page.tab.locator("#tour").count(), 0);
    assert.equal(await focused(page), "tools-tour");
    await page.close();
  });

  it("shows the hot key's lane fill up while one watches", async () => {
    const page = await site.open({ search: "?scenario=steady-state" });
    await page.tab.locator("#tools-tour").click();
    await page.tab.locator("#tour-stops").selectOption({ label: "2. A hot key" });
    await page.tab.locator("#tour-claim", { hasText: "the lanes are as good as empty" }).waitFor();
    await page.tab.locator("#tour-next").click();
    assert.equal(await page.text("#tour-progress"), "5 of 24");
    const claim = page.tab.locator("#tour-claim", { hasText: /^\d+ % of the lag is in one lane: [1-9]\d\d of \d+ records wait in orders-7\.$/ });
    await claim.waitFor({ timeout: 120_000 });
    // It says what the table says of that moment, or of one just before.
    await page.tab.locator("#transport-play").click();
    await page.tab.waitForFunction(() => {
      const [, lag] = /: (\d+) of/.exec(document.querySelector("#tour-claim").textContent);
      const worst = document.querySelector("#tabs-partitions-table tbody tr");
      return worst.cells[1].textContent === "7" && worst.cells[7].textContent === lag;
    });
    await page.close();
  });

  it("goes back in time, leaves the page usable, and is there once", async () => {
    const page = await site.open({ search: "?scenario=steady-state" });
    await page.tab.locator("#tools-tour").click();
    await page.tab.locator("#tour-next").click();
    await page.tab.locator("#tour-next").click();
    await page.tab.waitForFunction(() => Number(document.querySelector("#health").dataset.time) >= 40);
    await page.tab.locator("#tour-back").click();
    assert.equal(await page.text("#tour-progress"), "2 of 24");
    await page.tab.waitForFunction(() => {
      const time = Number(document.querySelector("#health").dataset.time);
      return time >= 30 && time < 40;
    });
    await page.tab.locator("#tabs-tab-workers").click();
    assert.equal(await page.tab.locator("#tabs-panel-workers").isVisible(), true);
    assert.equal(await page.tab.locator("#tour").isVisible(), true);
    // A second press of the button moves to the tour that is there.
    await page.tab.locator("#tools-tour").click();
    assert.equal(await page.tab.locator("#tour").count(), 1);
    // The button asks for the tour's program first, which is there already, but not at once.
    await page.tab.waitForFunction(() => document.activeElement.id === "tour");
    await page.tab.locator("#tour-close").click();
    assert.equal(await page.tab.locator("#tour").count(), 0);
    await page.close();
  });

  for (const [width, height] of [[360, 640], [1440, 900]]) {
    it(`fits into ${width} by ${height}, and hides nothing for good`, async () => {
      const page = await site.open({ search: "?paused", viewport: { width, height } });
      await page.tab.locator("#tools-tour").click();
      await page.tab.locator("#tour").waitFor();
      // The step with the longest text, with which the dialog is highest.
      const longest = STEPS.toSorted((one, other) => other.text.length - one.text.length)[0];
      await page.tab.locator("#tour-stops").selectOption(longest.stop.scenario);
      while ((await page.text("#tour-title")) !== longest.title) await page.tab.locator("#tour-next").click();
      const { left, right, top, bottom } = await page.tab.locator("#tour").evaluate((dialog) => dialog.getBoundingClientRect().toJSON());
      assert.ok(left >= 0 && right <= width && top >= height * 0.4 && bottom <= height, `${[left, top, right, bottom]}`);
      assert.equal(await page.tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
      // The page's end can be scrolled out from behind it.
      const isFree = await page.tab.evaluate(() => {
        scrollTo(0, document.documentElement.scrollHeight);
        return document.querySelector(".frame").getBoundingClientRect().bottom <= document.querySelector("#tour").getBoundingClientRect().top + 40;
      });
      assert.ok(isFree);
      await page.close();
    });
  }
});
