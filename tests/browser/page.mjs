// The built page in Chromium, and how a test reads and moves it.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launchChromium, newWatchedPage } from "../support/chromium.mjs";
import { serveFolder } from "../support/static-server.mjs";

const built = fileURLToPath(new URL("../../www/dist", import.meta.url));

/** The data tabs are loaded when they are about to be seen: looks at them, and goes back to the top. */
export async function seeTabs(tab) {
  await tab.evaluate(() => document.querySelector("#tabs").scrollIntoView());
  await tab.waitForSelector("#tabs[data-time]");
  await tab.evaluate(() => scrollTo(0, 0));
}

/** Serves the page and starts a browser; `open` gives a tab with the page, `close` ends both. */
export async function startPage() {
  assert.ok(existsSync(built), "the page is not built: run `npm test -- --only page`");
  const server = await serveFolder(built);
  const browser = await launchChromium();

  return {
    url: server.url,
    browser,
    /**
     * @param search what follows the address, with its question mark
     * @param script runs in the page before its own
     * The rest are Playwright's options for a page.
     */
    async open({ search = "", script, isWhole = true, ...options } = {}) {
      const { page: tab, troubles } = await newWatchedPage(browser, { viewport: { width: 1440, height: 900 }, ...options });
      // On a loaded machine minutes of virtual time take their time.
      tab.setDefaultTimeout(120_000);
      const foreign = [];
      tab.on("request", (request) => {
        if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== new URL(server.url).origin) foreign.push(request.url());
      });
      if (script !== undefined) await tab.addInitScript(script);
      await tab.goto(server.url + search);
      // Every view has heard of a moment.
      await tab.locator("#topology[data-time]").waitFor({ state: "attached" });
      if (!isWhole) return new Page(tab, troubles, foreign);
      await seeTabs(tab);
      return new Page(tab, troubles, foreign);
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

class Page {
  constructor(tab, troubles, foreign) {
    this.tab = tab;
    this.troubles = troubles;
    this.foreign = foreign;
  }

  /** Closes the tab; nothing must have gone wrong in it, but for what the test expects. */
  async close(expected = /^$/) {
    await this.tab.close();
    assert.deepEqual(this.troubles.filter((trouble) => !expected.test(trouble)), []);
    assert.deepEqual(this.foreign, [], "requests to other hosts");
  }

  /** The time of the newest moment that a region has shown, in seconds. */
  async time(region = "topology") {
    return Number(await this.tab.locator(`#${region}`).getAttribute("data-time"));
  }

  /** Lets this many virtual seconds pass while the page is paused, second by second, and waits until they are shown. */
  async step(seconds) {
    const end = (await this.time()) + seconds;
    // Clicked in the page: a click by the mouse takes a frame each.
    await this.tab.locator("#transport-step").evaluate((button, times) => {
      for (let time = 0; time < times; time += 1) button.click();
    }, seconds);
    await this.tab.waitForFunction((wanted) => Number(document.querySelector("#topology").dataset.time) >= wanted - 1e-6, end);
  }

  text(selector) {
    return this.tab.locator(selector).textContent();
  }

  button(name) {
    return this.tab.getByRole("button", { name, exact: true });
  }

  /** The cells of a table, row by row. */
  rows(table) {
    return this.tab.locator(`#${table} tbody tr`).evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
  }
}
