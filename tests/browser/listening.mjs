// What the simulation's thread says to the page, heard beside it: exact figures, whatever is drawn of them.
import assert from "node:assert/strict";
import { startPage } from "./page.mjs";

/** Runs in the page before its own scripts. */
function listen() {
  const heard = { began: 0, moments: 0, frames: 0, forwards: 0, entries: [], refused: [] };
  globalThis.heard = heard;
  globalThis.Worker = class extends Worker {
    constructor(...passed) {
      super(...passed);
      heard.worker = this;
      this.addEventListener("message", ({ data }) => {
        if (data.type === "began") Object.assign(heard, { began: heard.began + 1, layout: data.layout, run: data.run, entries: [], moments: 0 });
        if (data.type === "moment") Object.assign(heard, { moment: data.moment, moments: heard.moments + 1 });
        if (data.type === "frame") Object.assign(heard, { frame: data.state, frames: heard.frames + 1 });
        if (data.type === "forward") heard.forwards += 1;
        if (data.type === "log") heard.entries.push(...data.entries);
        // A command and a start are answered by a number, and a frame follows.
        if (data.type === "answer" && typeof data.value === "number") heard.isSettled = false;
        if (data.type === "frame") heard.isSettled = true;
        if (data.type === "answer") heard.answers?.get(data.id)?.(data.value);
        if (data.type === "refused") heard.refused.push(data.message);
      });
    }
  };
}

/** The page, and what its simulation says. */
export async function startListening() {
  const site = await startPage();
  return {
    ...site,
    async open(options = {}) {
      const page = await site.open({ ...options, script: listen });
      return Object.assign(page, new Heard(page.tab));
    },
    /** An address, once its first frame is there. */
    async opened(search, options = {}) {
      const page = await this.open({ search, ...options });
      await page.tab.waitForFunction(() => globalThis.heard.frames > 0);
      return page;
    },
  };
}

class Heard {
  constructor(tab) {
    /** The newest moment, as plain data. */
    this.moment = () => tab.evaluate(() => JSON.parse(JSON.stringify(globalThis.heard.moment)));
    /** One of the counts, or what the run began with. */
    this.heard = (name) => tab.evaluate((key) => JSON.parse(JSON.stringify(globalThis.heard[key])), name);
    /** A column of the newest frame. */
    this.column = (table, name) => tab.evaluate(([one, other]) => [...globalThis.heard.frame[one][other]], [table, name]);
    this.kinds = () => tab.evaluate(() => globalThis.heard.entries.map(({ kind }) => kind));
    /** Every worker's dictionary, and snapshots without the count of their readings: all that can be known. */
    this.everything = () =>
      tab.evaluate(async () => {
        const { heard } = globalThis;
        heard.answers = new Map();
        let id = 1e9;
        const ask = (request) =>
          new Promise((resolve) => {
            id += 1;
            heard.answers.set(id, resolve);
            heard.worker.postMessage({ ...request, id });
          });
        const workers = [];
        for (const { id: worker } of heard.moment.workers) workers.push([await ask({ type: "asdict", worker }), await ask({ type: "snapshot", worker })]);
        const all = { time: heard.moment.time, produced: heard.moment.produced, entries: heard.entries, workers, cluster: await ask({ type: "snapshot" }) };
        return JSON.stringify(all, (key, value) => (key === "sequence" ? undefined : value));
      });
    /** Waits until so many commands are in the run, and their figures are there. */
    this.commanded = (count) =>
      tab.waitForFunction((wanted) => document.querySelector("#controls").dataset.commands === String(wanted) && globalThis.heard.isSettled, count);
    /** Lets whole seconds pass while the page is paused, in as few steps as there can be, and waits until they are shown. */
    this.pass = async (seconds) => {
      const end = await tab.evaluate((wanted) => {
        const to = Math.round((globalThis.heard.frame.now + wanted) * 1000) / 1000;
        for (let ten = 0; ten < Math.floor(wanted / 10); ten += 1) {
          document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", shiftKey: true, bubbles: true }));
        }
        for (let one = 0; one < wanted % 10; one += 1) document.querySelector("#transport-step").click();
        return to;
      }, seconds);
      await tab.waitForFunction((time) => globalThis.heard.frame.now === time && document.querySelector("#controls").dataset.time === String(time), end);
    };
    /** Moves a slider to a position, as a user lets it go there. */
    this.slide = async (id, position) => {
      await tab.locator(`#${id}`).evaluate((slider, value) => {
        slider.value = String(value);
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        slider.dispatchEvent(new Event("change", { bubbles: true }));
      }, position);
      return tab.locator(`#${id}-value`).textContent();
    };
    this.clock = async () => {
      const [hours, minutes, seconds] = (await tab.locator("#transport-clock").textContent()).split(":").map(Number);
      return hours * 3600 + minutes * 60 + seconds;
    };
    this.notice = async (expected) => {
      await tab.waitForFunction((text) => new RegExp(text).test(document.querySelector("#notice-text").textContent), expected.source);
      assert.equal(await tab.locator("#notice").isVisible(), true);
    };
  }
}
