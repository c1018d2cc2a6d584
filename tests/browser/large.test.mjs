// What a thousand partitions and fifty workers cost the page, counted in calls and elements: a time would be the machine's.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { large } from "../bench/hook-calls.mjs";
import { load } from "./modules.mjs";
import { startPage } from "./page.mjs";

const { packPlan } = await load("app/address/plan.ts");
const PARTITIONS = 1000;
const WORKERS = 50;
/** Moments that are watched. */
const MOMENTS = 4;

/** Runs in the page before its own scripts: what is called of each canvas, and when the ones beside the document are emptied. */
function countCalls() {
  const counted = { texts: 0, pictures: 0, laid: 0, held: [], states: 0, bytes: 0 };
  globalThis.counted = counted;
  const { prototype } = CanvasRenderingContext2D;
  const count = (name, note) => {
    const original = prototype[name];
    prototype[name] = function (...passed) {
      if (this.canvas.id === "topology-canvas") note();
      return original.apply(this, passed);
    };
  };
  count("fillText", () => (counted.texts += 1));
  count("clearRect", () => (counted.pictures += 1));
  count("drawImage", () => (counted.laid += 1));
  const { setTransform } = prototype;
  prototype.setTransform = function (...passed) {
    if (!this.canvas.isConnected) counted.held.push(document.timeline.currentTime);
    return setTransform.apply(this, passed);
  };
  globalThis.Worker = class extends Worker {
    constructor(...passed) {
      super(...passed);
      this.addEventListener("message", ({ data }) => {
        if (data.type !== "frame") return;
        counted.states += 1;
        counted.bytes = Math.max(counted.bytes, data.state.buffer.byteLength);
      });
    }
  };
}

/** In the page: how much changes in a region in one piece, at most, and in all while some moments pass. */
async function watchChanges([selector, region, moments]) {
  const root = document.querySelector(selector);
  let most = 0;
  let all = 0;
  const observer = new MutationObserver((records) => {
    most = Math.max(most, records.length);
    all += records.length;
  });
  observer.observe(root, { childList: true, subtree: true, characterData: true });
  const time = () => document.querySelector(region).dataset.time;
  for (let moment = 0; moment < moments; moment += 1) {
    const before = time();
    while (time() === before) await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  observer.disconnect();
  return { most, all };
}

describe("a thousand partitions and fifty workers", { timeout: 600_000 }, () => {
  let site;
  let page;
  before(async () => {
    site = await startPage();
    page = await site.open({ search: `?plan=${await packPlan(large)}&time=2`, script: countCalls });
    await page.tab.locator(`#topology-lane-${PARTITIONS - 1}`).waitFor({ state: "attached" });
  });
  after(() => site?.close());

  it("draw no text on the picture itself: names and figures are held, and drawn at most ten times a second", async () => {
    await page.tab.evaluate(() => document.fonts.ready.then(() => {}));
    await page.tab.waitForFunction(() => globalThis.counted.pictures > 0);
    const from = await page.tab.evaluate(() => ({ ...globalThis.counted, held: globalThis.counted.held.length }));
    await page.tab.waitForFunction(({ pictures, held }) => globalThis.counted.pictures >= pictures + 30 && globalThis.counted.held.length >= held + 3, from);
    await page.button("Pause").click();
    const { texts, pictures, laid, held, states, bytes } = await page.tab.evaluate(() => globalThis.counted);
    assert.equal(texts - from.texts, 0);
    assert.equal(laid - from.laid, pictures - from.pictures);
    const pauses = held.slice(from.held).map((at, place) => at - held[from.held + place - 1]);
    assert.ok(pauses.every((pause) => pause >= 100), `${pauses}`);
    // Ninety bytes for each partition: columns of numbers, which are handed over and not copied.
    assert.ok(states > 0 && bytes <= 100 * (PARTITIONS + WORKERS), `${bytes} bytes`);
    await page.button("Play").click();
  });

  it("change some of the list's texts at a time, and all of them in the end", async () => {
    const { most, all } = await page.tab.evaluate(watchChanges, ["#topology-list", "#topology", MOMENTS]);
    // Those of one turn, and of the one that the keyboard is at.
    assert.ok(all > 0 && most <= 70, `${most} at once`);
    await page.button("Pause").click();
    const words = await page.tab.locator("#topology-list [role=option]").allTextContents();
    assert.equal(words.length, PARTITIONS + WORKERS);
    await page.step(20);
    // Paused: nothing but this step changes them.
    await page.tab.waitForFunction(
      (texts) => [...document.querySelectorAll("#topology-list [role=option]")].slice(0, texts.length).every(({ textContent }, place) => textContent !== texts[place]),
      words.slice(0, PARTITIONS),
    );
    await page.button("Play").click();
  });

  it("keep a table's rows where they are, whichever partitions come first", async () => {
    const { tab } = page;
    await tab.locator("#tabs").scrollIntoViewIfNeeded();
    await tab.mouse.move(0, 0);
    await tab.waitForFunction((rows) => document.querySelectorAll("#tabs-partitions-table tbody tr").length === rows, 40);
    // Of a thousand alike, those with the highest offsets change all the time.
    await tab.locator("#tabs-partitions-table thead button", { hasText: /^Committed$/ }).press("Enter");
    const { rows, order } = await tab.evaluate(async (moments) => {
      const body = document.querySelector("#tabs-partitions-table tbody");
      const before = [...body.rows];
      const order = () => before.map((row) => row.querySelector("button").ariaLabel).join();
      const first = order();
      const tabs = document.querySelector("#tabs");
      for (let moment = 0; moment < moments || order() === first; moment += 1) {
        const { time } = tabs.dataset;
        while (tabs.dataset.time === time) await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      return { rows: [...body.rows].filter((row, place) => row === before[place]).length, order: order() === first };
    }, MOMENTS);
    assert.deepEqual({ rows, order }, { rows: 40, order: false });
    await page.close();
  });
});
