// axe over the whole page: light, dark, narrow, every tab, the tour.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { HOSTILE_SCENARIO, simulateInstead } from "./hostile.mjs";
import { startPage } from "./page.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds in the page, or in a part of it: a line for each rule and element. */
async function findings(page, part = "html", leastPassed = 20) {
  await page.tab.evaluate(axe);
  const { violations, passes } = await page.tab.evaluate(([values, within]) => window.axe.run(within, { runOnly: { type: "tag", values } }), [STANDARDS, part]);
  assert.ok(passes.length > leastPassed, "axe looked at nothing");
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary.replaceAll(/\s+/g, " ")}`));
}

const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 360, height: 740 };
/** The texts' tabs are built alike: one of them stands for the others where they were all looked at. */
const SOME_TABS = ["workers", "asdict"];
const LOOKS = [
  { name: "light", viewport: WIDE, colorScheme: "light", tabs: ["workers", "latencies", "asdict", "snapshot", "openmetrics", "prometheus", "statsd"] },
  { name: "dark", viewport: WIDE, colorScheme: "dark", tabs: SOME_TABS },
  { name: "narrow", viewport: NARROW, colorScheme: "light", tabs: SOME_TABS },
  { name: "narrow and dark", viewport: NARROW, colorScheme: "dark", tabs: [] },
];

describe("axe finds nothing", { timeout: 1_200_000 }, () => {
  let site;
  before(async () => {
    site = await startPage();
  });
  after(() => site?.close());

  for (const { name, tabs, ...look } of LOOKS) {
    it(`where the page is ${name}: in trouble, in each tab, in the tour`, async () => {
      const page = await site.open({ search: "?time=60&paused", ...look });
      await simulateInstead(page, HOSTILE_SCENARIO);
      await page.tab.waitForFunction(() => Number(document.querySelector("#health").dataset.time) >= 60);
      await page.tab.locator("#health-meanings summary").click();
      await page.tab.locator("#health-troubled button").first().click();
      assert.deepEqual(await findings(page), []);
      for (const tab of tabs) {
        await page.tab.locator(`#tabs-tab-${tab}`).click();
        if (tab === "workers" || tab === "latencies") await page.tab.locator(`#tabs-${tab}-table tbody tr`).first().waitFor();
        else {
          await page.tab.locator(`#tabs-panel-${tab} .text-tab[data-time]`).waitFor();
          await page.tab.locator(`#tabs-${tab}-search`).fill("long");
        }
        assert.deepEqual(await findings(page), [], tab);
      }
      await page.tab.locator("#tools-tour").click();
      await page.tab.locator("#tour").waitFor();
      // The dialog alone: what it happens to lie over, while the page scrolls to where it points, was looked at before.
      assert.deepEqual(await findings(page, "#tour", 5), [], "the tour");
      await page.close();
    });
  }

  for (const look of [{ viewport: WIDE, colorScheme: "light" }, { viewport: NARROW, colorScheme: "dark" }]) {
    it(`where there are several groups: ${look.colorScheme}`, async () => {
      const page = await site.open({ search: "?commands=5_addGroup_2_group-2~6_addGroup_1_audit&group=group-2&time=20&paused", ...look });
      await page.tab.locator("#topology-others button").nth(1).waitFor();
      assert.deepEqual(await findings(page), []);
      assert.equal(await page.tab.evaluate(() => document.documentElement.scrollWidth), look.viewport.width);
      await page.close();
    });
  }
});
