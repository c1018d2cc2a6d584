// The picture in the page: what it says, and what mouse and keyboard do with it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startPage } from "./page.mjs";

let site;
before(async () => {
  site = await startPage();
});
after(() => site?.close());

/** Opens a run at a time, paused, and waits until the picture tells of it. */
async function openAt(search, options = {}) {
  const page = await site.open({ search: `${search}&paused`, ...options });
  const time = Number(new URLSearchParams(search).get("time") ?? 0);
  await page.tab.waitForFunction((wanted) => Number(document.querySelector("#topology").dataset.time) >= wanted - 1e-6, time);
  await page.tab.locator("#topology-lane-0").waitFor({ state: "attached" });
  return page;
}

const options = (page, kind) => page.tab.locator(`[id^="topology-${kind}-"]`).allTextContents();
const listed = (page, id, pattern) =>
  page.tab.waitForFunction(([id, source]) => new RegExp(source).test(document.getElementById(id)?.textContent ?? ""), [id, pattern.source]);
const activeOf = (page) => page.tab.locator("#topology-list").getAttribute("aria-activedescendant");
const selectedOf = (page) => page.tab.locator('#topology-list [aria-selected="true"]').evaluateAll((found) => found.map(({ id }) => id));
const selects = (page, ids) =>
  page.tab.waitForFunction((wanted) => JSON.stringify([...document.querySelectorAll('#topology-list [aria-selected="true"]')].map(({ id }) => id)) === wanted, JSON.stringify(ids));
/** How many of the canvas's pixels are of a colour, near enough. */
const inked = (page) =>
  page.tab.locator("#topology-canvas").evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let drawn = 0;
    for (let place = 3; place < data.length; place += 4) if (data[place] > 0) drawn += 1;
    return drawn;
  });

test("a hot key's picture: eight lanes, four workers, and one lane that the words single out", async () => {
  const page = await openAt("?scenario=hot-key&seed=1&time=100");
  await listed(page, "topology-lane-7", /[1-9]\d\d records waiting/);
  const lanes = await options(page, "lane");
  assert.equal(lanes.length, 8);
  assert.equal(lanes.filter((words) => /[1-9]\d\d records waiting/.test(words)).length, 1);
  const workers = await options(page, "worker");
  assert.equal(workers.length, 4);
  assert.match(workers[3], /^worker-3, running: 2 partitions, \d+% busy, \d+ records buffered, \d in flight$/);
  assert.match(await page.tab.locator("#topology-canvas").getAttribute("aria-label"), /^1 producer writes to 8 partitions of 1 topic, read by 4 workers; [\d,]+ records waiting\.$/);
  assert.ok((await inked(page)) > 20_000, "something is drawn");
  await page.close();
});

test("a crashed worker is shown as crashed, and its lanes as its own; once the group took them they are others'", async () => {
  const page = await openAt("?scenario=crash&seed=1&time=100");
  await listed(page, "topology-worker-1", /^worker-1, crashed: /);
  await listed(page, "topology-lane-1", /^orders 1, owned by worker-1 \(crashed\): /);
  await page.step(10);
  await listed(page, "topology-lane-1", /^orders 1, owned by worker-0: /);
  await listed(page, "topology-worker-1", /^worker-1, crashed: 0 partitions/);
  await page.close();
});

test("a click on a lane selects it, the picture and the inspector follow, and another click ends that", async () => {
  const page = await openAt("?scenario=steady-state&seed=1&time=20");
  const pad = page.tab.locator("#topology-list");
  const { width, height } = await pad.boundingBox();
  assert.equal(height, 368);
  // A worker's box lies in the middle of the height, between lanes and ends.
  const at = { x: Math.round(width * 0.72), y: Math.round(height / 2) };
  await pad.click({ position: at });
  await selects(page, ["topology-worker-1"]);
  assert.equal(await page.tab.locator("#inspector h2").textContent(), "worker-1");
  await pad.click({ position: at });
  await selects(page, []);
  await page.close();
});

test("hovering explains, and leaving ends it", async () => {
  const page = await openAt("?scenario=broker-stall&seed=1&time=100");
  const tooltip = page.tab.locator("#topology-tooltip");
  assert.equal(await tooltip.isVisible(), false);
  const { x, y, width, height } = await page.tab.locator("#topology-list").boundingBox();
  // Lanes lie from the left third to the middle: somewhere on the way down is the stalled one.
  for (let down = 30; down < height - 30 && !/answers nobody/.test(await tooltip.textContent()); down += 6) await page.tab.mouse.move(x + width * 0.4, y + down);
  await page.tab.waitForFunction(() => /^orders 1, owned by worker-0/.test(document.querySelector("#topology-tooltip strong").textContent));
  assert.match(await tooltip.textContent(), /held back by producers, broker 1 answers nobody$/);
  assert.equal(await tooltip.isVisible(), true);
  const box = await tooltip.boundingBox();
  assert.ok(box.x >= x && box.x + box.width <= x + width && box.y >= y && box.y + box.height <= y + height, "it stays inside");
  await page.tab.mouse.move(5, 5);
  await tooltip.waitFor({ state: "hidden" });
  await page.close();
});

test("the keyboard goes over lanes and workers, selects and unselects", async () => {
  const page = await openAt("?scenario=steady-state&seed=1&time=20");
  const list = page.tab.locator("#topology-list");
  await list.focus();
  await page.tab.keyboard.press("Home");
  assert.equal(await activeOf(page), "topology-lane-0");
  await page.tab.keyboard.press("ArrowDown");
  assert.equal(await activeOf(page), "topology-lane-1");
  await page.tab.keyboard.press("ArrowRight");
  assert.equal(await activeOf(page), "topology-worker-1", "the lane's owner");
  await page.tab.keyboard.press("Enter");
  await selects(page, ["topology-worker-1"]);
  await page.tab.keyboard.press("ArrowLeft");
  assert.equal(await activeOf(page), "topology-lane-1", "its first lane");
  await page.tab.keyboard.press("Enter");
  await selects(page, ["topology-lane-1"]);
  await page.tab.keyboard.press("End");
  assert.equal(await activeOf(page), "topology-worker-2");
  await page.tab.keyboard.press("ArrowDown");
  assert.equal(await activeOf(page), "topology-worker-2", "there is no more");
  await page.tab.keyboard.press("Escape");
  await selects(page, []);
  assert.deepEqual(await selectedOf(page), []);
  const active = await page.tab.evaluate(() => {
    const option = document.getElementById(document.activeElement.getAttribute("aria-activedescendant"));
    return [document.activeElement.id, option.getAttribute("role"), option.closest('[role="group"]').getAttribute("aria-label")];
  });
  assert.deepEqual(active, ["topology-list", "option", "Workers"]);
  assert.equal(await page.time(), 20, "none of these keys moved the time");
  await page.close();
});

/** Counts the pictures that the canvas shows, by what each begins with. */
const countDraws = () => {
  window.draws = 0;
  const clear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function (...rect) {
    if (this.canvas.id === "topology-canvas") window.draws += 1;
    return clear.apply(this, rect);
  };
};

test("under reduced motion the picture is drawn at most once a second, and still follows", async () => {
  const page = await site.open({ search: "?scenario=steady-state&seed=1", reducedMotion: "reduce" });
  await page.tab.locator("#topology-lane-0").waitFor({ state: "attached" });
  await page.tab.evaluate(countDraws);
  const began = performance.now();
  await page.tab.waitForFunction(() => window.draws >= 3, undefined, { timeout: 60_000 });
  const draws = await page.tab.evaluate(() => window.draws);
  const seconds = (performance.now() - began) / 1000;
  assert.ok(draws <= seconds + 2, `${draws} pictures in ${seconds} s`);
  await page.close();
});

test("a paused picture is not drawn again and again", async () => {
  const page = await openAt("?scenario=steady-state&seed=1&time=5");
  await page.tab.evaluate(countDraws);
  const frames = (count) => page.tab.evaluate((wanted) => new Promise((done) => {
    const next = (left) => (left === 0 ? done() : requestAnimationFrame(() => next(left - 1)));
    next(wanted);
  }), count);
  // What came late, such as the font, may still draw it; then it rests.
  let drawn;
  for (let tries = 0; tries < 40 && drawn !== 0; tries += 1) {
    const before = await page.tab.evaluate(() => window.draws);
    await frames(30);
    drawn = (await page.tab.evaluate(() => window.draws)) - before;
  }
  assert.equal(drawn, 0);
  await page.close();
});

test("from a phone to a wall nothing scrolls sideways, and the canvas is as sharp as the screen", async () => {
  for (const [width, deviceScaleFactor] of [[360, 2], [860, 1], [2560, 1.5]]) {
    const page = await openAt("?scenario=steady-state&seed=1&time=5", { viewport: { width, height: 900 }, deviceScaleFactor });
    const measured = await page.tab.evaluate(() => {
      const canvas = document.querySelector("#topology-canvas");
      const stage = canvas.parentElement;
      return { over: document.documentElement.scrollWidth - innerWidth, ratio: canvas.width / stage.clientWidth, heights: [stage.clientHeight, canvas.clientHeight] };
    });
    assert.ok(measured.over <= 0, `${width}: ${measured.over} pixels over`);
    assert.ok(Math.abs(measured.ratio - deviceScaleFactor) < 0.01, `${width}: ${measured.ratio}`);
    assert.deepEqual(measured.heights, width < 1000 ? [540, 540] : [368, 368]);
    await page.close();
  }
});

test("a thousand partitions of hostile names and fifty workers are a list and a picture, too", async () => {
  const page = await site.open();
  await page.tab.addInitScript((scenario) => {
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message, ...rest) {
      return post.call(this, message.type === "start" ? { ...message, run: { ...message.run, scenario } } : message, ...rest);
    };
  }, {
    topics: [{ name: "<img src=x onerror=alert(1)>".repeat(6), partitions: 600 }, { name: "b", partitions: 400 }],
    producers: [{ name: "\u202Eshop", pace: { perSecond: 500 } }],
    group: { workers: 50, assignor: "range" },
    handler: { time: { mean: 0.01 } },
  });
  await page.tab.goto(`${site.url}?time=2&paused`);
  await page.tab.locator("#topology-lane-999").waitFor({ state: "attached", timeout: 60_000 });
  assert.equal((await options(page, "lane")).length, 1000);
  assert.equal((await options(page, "worker")).length, 50);
  assert.equal(await page.tab.locator("img").count(), 0);
  assert.ok((await inked(page)) > 20_000);
  assert.equal((await page.tab.locator("#topology-list").boundingBox()).height, 560);
  await page.close();
});
