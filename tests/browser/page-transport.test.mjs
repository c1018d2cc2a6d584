// Time passes, stands still and goes on as the transport, the keys and the tools say.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { Replay } from "streamgauge/replay";
import { startListening } from "./listening.mjs";

const SPEED_1000 = 80;

describe("the transport", { timeout: 300_000 }, () => {
  let site;
  before(async () => {
    site = await startListening();
  });
  after(() => site?.close());

  const test = (name, search, work, options = {}) =>
    it(name, async () => {
      const page = await site.open({ search: search || "?paused", ...options });
      await page.tab.waitForFunction(() => globalThis.heard.frames > 0);
      await work(page);
      await page.close();
    });
  const timeIs = (page, time) => page.tab.waitForFunction((wanted) => globalThis.heard.frame.now === wanted && globalThis.heard.moment.time === wanted, time);
  const goes = (page) => page.tab.waitForFunction((from) => globalThis.heard.frame.now > from, page.from);
  const isPlaying = async (page) => (await page.text("#transport-play")) === "Pause";

  test("plays, and stands still with the figures of where it stands", "?scenario=crash", async (page) => {
    assert.equal(await isPlaying(page), true);
    await page.tab.waitForFunction(() => globalThis.heard.moment.time > 1);
    await page.tab.locator("#transport-play").click();
    await page.tab.waitForFunction(() => globalThis.heard.frame.now === globalThis.heard.moment.time);
    const { time } = await page.moment();
    assert.equal(await page.clock(), Math.floor(time * 10 + 1e-6) / 10);
    // Nothing more comes, while the page draws on.
    await page.tab.evaluate(async () => {
      for (let frame = 0; frame < 20; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    });
    assert.equal((await page.moment()).time, time);
    await page.tab.locator("#transport-step").click();
    await timeIs(page, Math.round((time + 1) * 1000) / 1000);
    await page.tab.locator("#transport-play").click();
    page.from = time + 1;
    await goes(page);
    // A step stops what plays.
    await page.tab.locator("#transport-step").click();
    await page.tab.waitForFunction(() => document.querySelector("#transport-play").textContent === "Play");
    await page.tab.locator("#transport-restart").click();
    await timeIs(page, 0);
  });

  test("a frame brings its part of the speed, and never more than a tenth of a second of it", "?scenario=crash", async (page) => {
    /** The largest step between two frames, and how far they came. */
    const steps = (frames) =>
      page.tab.evaluate(async (wanted) => {
        const { heard } = globalThis;
        const next = async () => {
          const seen = heard.frames;
          while (heard.frames === seen) await new Promise((resolve) => requestAnimationFrame(resolve));
          return heard.frame.now;
        };
        await next();
        let last = await next();
        const from = last;
        let largest = 0;
        for (let frame = 0; frame < wanted; frame += 1) {
          const now = await next();
          largest = Math.max(largest, now - last);
          last = now;
        }
        return [largest, last - from];
      }, frames);
    assert.equal(await page.text("#transport-speed-value"), "1×");
    assert.equal(await page.slide("transport-speed", 0), "0.1×");
    const [slowest, little] = await steps(20);
    // Two frames may have come between two looks.
    assert.ok(slowest <= 0.0201 && little > 0, `${slowest} ${little}`);
    assert.equal(await page.slide("transport-speed", SPEED_1000), "1,000×");
    const [fastest, much] = await steps(20);
    assert.ok(fastest > 0.1 && fastest <= 200.001 && much > 20 * little, `${fastest} ${much}`);
  });

  test("says how fast it can where it cannot do what it is asked", "?speed=1000", async (page) => {
    // A second of so many records takes longer than a thousandth of a second on any machine.
    await page.tab.locator("#controls-file").setInputFiles({
      name: "much.json",
      mimeType: "application/json",
      buffer: Buffer.from(JSON.stringify({ producers: [{ pace: { perSecond: 200_000 } }], group: { workers: 8, concurrency: 1000 } })),
    });
    await page.tab.waitForFunction(() => /^as fast as this machine can: [\d,.]+×$/.test(document.querySelector("#transport-beside").textContent));
    const moments = await page.heard("moments");
    await page.tab.waitForFunction((before) => globalThis.heard.moments > before + 2, moments);
  });

  test("obeys the keys", "?scenario=crash&paused", async (page) => {
    const { keyboard } = page.tab;
    await keyboard.press("ArrowRight");
    await timeIs(page, 1);
    await keyboard.press("Shift+ArrowRight");
    await timeIs(page, 11);
    await keyboard.press(".");
    await timeIs(page, 11.1);
    await keyboard.press("Space");
    await page.tab.waitForFunction(() => document.querySelector("#transport-play").textContent === "Pause");
    page.from = 11.1;
    await goes(page);
    await keyboard.press("Space");
    assert.equal(await isPlaying(page), false);
    await keyboard.press("+");
    assert.equal(await page.text("#transport-speed-value"), "2×");
    for (const key of ["-", "-"]) await keyboard.press(key);
    assert.equal(await page.text("#transport-speed-value"), "0.5×");
    await keyboard.press("f");
    assert.equal(await page.tab.evaluate(() => document.activeElement.id), "controls-worker");
    // Letters choose in a select, and are text in a field.
    await keyboard.press("1");
    await page.tab.locator("#controls-seed").focus();
    await keyboard.press("2");
    await keyboard.press("Escape");
    await page.tab.locator("#controls-seed").fill("1");
    assert.equal(await page.heard("began"), 1);
    await page.tab.locator("#controls-crash").focus();
    // Space presses what has the focus, and only that.
    await keyboard.press("Space");
    await page.commanded(1);
    assert.equal(await isPlaying(page), false);
    await keyboard.press("R");
    await page.tab.waitForFunction(() => globalThis.heard.began === 2);
    assert.equal((await page.heard("run")).commands.length, 1);
    await keyboard.press("r");
    await page.tab.waitForFunction(() => globalThis.heard.began === 3);
    assert.equal((await page.heard("run")).commands.length, 0);
    await keyboard.press("2");
    await page.tab.waitForFunction(() => globalThis.heard.run.scenario === "hot-key");
    await keyboard.press("n");
    await page.tab.waitForFunction(() => globalThis.heard.began === 5);
    assert.equal((await page.heard("run")).scenario, "hot-key");
    // The browser's own keys stay its own.
    await keyboard.press("Control+3");
    assert.equal(await page.heard("began"), 5);
  });

  test("lists the keys, and leaves them off where they are not wanted", "?paused", async (page) => {
    const { keyboard } = page.tab;
    const dialog = page.tab.getByRole("dialog", { name: "Keys" });
    await keyboard.press("?");
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /play or pause/);
    // Not while it is open.
    await keyboard.press("3");
    await keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    await page.tab.locator("#tools-keys").click();
    await dialog.getByRole("checkbox", { name: "Keys do something on this page" }).uncheck();
    await dialog.getByRole("button", { name: "Close" }).click();
    await page.tab.evaluate(() => document.activeElement.blur());
    await keyboard.press("ArrowRight");
    await keyboard.press("4");
    await page.tab.locator("#transport-step").click();
    await timeIs(page, 1);
    assert.equal(await page.heard("began"), 1);
    await page.tab.reload();
    await page.tab.waitForFunction(() => globalThis.heard.frames > 0);
    await keyboard.press("4");
    await page.tab.locator("#tools-keys").click();
    await dialog.getByRole("checkbox").check();
    await keyboard.press("Escape");
    await page.tab.evaluate(() => document.activeElement.blur());
    await keyboard.press("4");
    await page.tab.waitForFunction(() => globalThis.heard.run.scenario === "burst");
    assert.equal(await page.heard("began"), 2);
  });

  test("saves a trace that replays to the same figures", "?scenario=crash&seed=6&time=60&paused", async (page) => {
    await page.tab.locator("#controls-crash").click();
    await page.commanded(1);
    await page.pass(20);
    const { workers } = JSON.parse(await page.everything());
    const [download] = await Promise.all([page.tab.waitForEvent("download"), page.tab.locator("#tools-trace").click()]);
    assert.equal(download.suggestedFilename(), "streamgauge-crash-6.jsonl");
    await page.notice(/^Saved streamgauge-crash-6\.jsonl, \d+(\.\d)? MB: every hook call/);
    assert.equal(await page.text("#tools-trace"), "Save trace");
    const differences = [];
    const replay = new Replay((difference) => differences.push(difference));
    for (const line of (await readFile(await download.path(), "utf8")).trimEnd().split("\n")) replay.line(line);
    replay.end();
    assert.deepEqual(differences, []);
    // The one that crashed began another life.
    assert.deepEqual([...replay.monitors.keys()].sort(), ["worker-0", "worker-0 (life 2)", "worker-1", "worker-2"]);
    for (const [worker, name] of ["worker-0 (life 2)", "worker-1", "worker-2"].entries()) {
      assert.deepEqual(JSON.parse(JSON.stringify(replay.monitors.get(name).asdict())), workers[worker][0]);
    }
  });

  test("fits into any width, and moves nothing when it speaks", "?paused", async (page) => {
    for (const width of [360, 620, 860, 1100, 1440, 3000]) {
      await page.tab.setViewportSize({ width, height: 900 });
      // Charts take their new width in the frame after.
      await page.tab.waitForFunction((wanted) => document.documentElement.scrollWidth === wanted, width);
      const heights = await page.tab.evaluate(() => {
        const bar = document.querySelector(".bar");
        const before = bar.getBoundingClientRect().height;
        const beside = document.querySelector("#transport-beside");
        beside.textContent = "as fast as this machine can: 1,412×";
        const after = bar.getBoundingClientRect().height;
        beside.textContent = "";
        return [before, after];
      });
      assert.equal(heights[0], heights[1], `at ${width}`);
      if (width >= 1440) assert.ok(heights[0] < 60, `${heights[0]} at ${width}`);
    }
  });
});
