// The built page in Chromium, and how a test reads and moves it.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launchChromium, newWatchedPage } from "../support/chromium.mjs";
import { serveFolder } from "../support/static-server.mjs";

const built = fileURLToPath(new URL("../../www/dist", import.meta.url));

/** Serves the page and starts a browser; `open` gives a tab with the page, `close` ends both. */
export async function startPage() {
  assert.ok(existsSync(built), "the page is not built: run `npm test -- --only page`");
  const server = await serveFolder(built);
  const browser = await launchChromium();

  return {
    async open({ search = "", ...options } = {}) {
      const { page: tab, troubles } = await newWatchedPage(browser, { viewport: { width: 1280, height: 900 }, ...options });
      const foreign = [];
      tab.on("request", (request) => {
        if (new URL(request.url()).origin !== new URL(server.url).origin && !request.url().startsWith("data:")) foreign.push(request.url());
      });
      await tab.goto(server.url + search);
      await tab.locator("#dict:not(:empty)").waitFor();
      return new Page(tab, troubles, foreign);
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

const totals = (dicts, figure) => dicts.reduce((sum, dict) => sum + figure(dict), 0);

class Page {
  constructor(tab, troubles, foreign) {
    this.tab = tab;
    this.troubles = troubles;
    this.foreign = foreign;
  }

  /** Closes the tab; nothing must have gone wrong in it. */
  async close() {
    await this.tab.close();
    assert.deepEqual(this.troubles, []);
    assert.deepEqual(this.foreign, [], "requests to other hosts");
  }

  text(selector) {
    return this.tab.locator(selector).textContent();
  }

  button(name) {
    return this.tab.getByRole("button", { name, exact: true });
  }

  async toggleRun() {
    await this.tab.locator("#toggle").click();
  }

  /** Lets this many virtual seconds pass while the page is paused. */
  async step(seconds) {
    // Clicked in the page: a click by the mouse takes a frame each.
    await this.tab.locator("#step").evaluate((button, times) => {
      for (let time = 0; time < times; time += 1) button.click();
    }, seconds);
  }

  /** Moves a slider as a user does, and gives what it then says. */
  async slide(name, position) {
    const slider = this.tab.getByRole("slider", { name, exact: true });
    await slider.fill(String(position));
    return slider.getAttribute("aria-valuetext");
  }

  /** What `asdict()` of each worker shows. */
  async dicts() {
    const workers = await this.tab.locator("#dict-worker option").count();
    const dicts = [];
    for (let worker = 0; worker < workers; worker += 1) {
      await this.tab.locator("#dict-worker").selectOption(String(worker));
      dicts.push(JSON.parse(await this.text("#dict")));
    }
    return dicts;
  }

  /** A figure of `asdict()`, summed over the workers. */
  async total(figure) {
    return totals(await this.dicts(), (dict) => dict[figure]);
  }

  /** Records written, by the end offsets that the workers know. */
  async written() {
    const ends = (dict) => Object.values(dict.topic_end_offsets).flatMap((partitions) => Object.values(partitions));
    return totals(await this.dicts(), (dict) => totals(ends(dict), (end) => end));
  }

  /** A number of the strip. */
  async figure(id) {
    return Number((await this.text(`#figure-${id}`)).replaceAll(",", ""));
  }

  /** The virtual time on the clock, in seconds. */
  async clock() {
    const [hours, minutes, seconds] = (await this.text("#clock")).split(":").map(Number);
    return (hours * 60 + minutes) * 60 + seconds;
  }

  /** The cells of a table, row by row. */
  rows(table) {
    return this.tab.locator(`#${table} tbody tr`).evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
  }
}
