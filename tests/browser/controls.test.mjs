// Every control does what it says, in the figures of the simulation that it moves.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { presets } from "streamgauge/sim";
import { startListening } from "./listening.mjs";

// Positions of the sliders, see www/src/scales.ts.
const RATE_0 = 0;
const RATE_200 = 47;
const HANDLER_TIME_50_MS = 54;
const ERRORS_50_PERCENT = 100;

const json = (name, value) => ({ name, mimeType: "application/json", buffer: Buffer.from(typeof value === "string" ? value : JSON.stringify(value)) });

describe("the controls", { timeout: 300_000 }, () => {
  let site;
  before(async () => {
    site = await startListening();
  });
  after(() => site?.close());

  /** A test with a page of its own, paused at 0 unless `search` says otherwise. */
  const test = (name, search, work, options = {}) =>
    it(name, async () => {
      const page = await site.open({ search: search || "?paused", ...options });
      await page.tab.waitForFunction(() => globalThis.heard.frames > 0);
      await work(page);
      await page.close();
    });
  const press = (page, id) => page.tab.locator(`#${id}`).click();
  const open = (page, id) => page.tab.locator(`#${id}`).evaluate((details) => void (details.open = true));
  const began = (page, count) => page.tab.waitForFunction((wanted) => globalThis.heard.began >= wanted, count);
  const isDisabled = (page, id) => page.tab.locator(`#${id}`).getAttribute("aria-disabled");

  test("a scenario is chosen by its title, tells its lesson and begins", "", async (page) => {
    const select = page.tab.locator("#controls-scenario");
    assert.deepEqual(await select.locator("option").allTextContents(), presets().map(({ title }) => title));
    for (const [place, { name, lesson, claim, scenario }] of presets().entries()) {
      if (place === 0) continue;
      await page.pass(2);
      await select.selectOption(name);
      await began(page, place + 1);
      await page.tab.waitForFunction(() => globalThis.heard.moment.time === 0);
      assert.equal(await page.text("#controls-lesson"), lesson);
      assert.equal(await page.text("#controls-claim"), claim);
      const { partitions } = await page.heard("layout");
      assert.equal(partitions.length, scenario.topics.reduce((sum, topic) => sum + topic.partitions, 0));
      assert.equal(await page.clock(), 0);
    }
    assert.equal(await page.text("#transport-play"), "Play");
  });

  test("a scenario from a file begins; one that is none is refused in words, and the old one goes on", "?scenario=crash&paused", async (page) => {
    const file = page.tab.locator("#controls-file");
    const own = { title: "Mine", topics: [{ name: "<b>orders</b>", partitions: 7 }], group: { workers: 5, assignor: "range" }, producers: [{ pace: { perSecond: 20 } }] };
    await page.pass(3);
    await file.setInputFiles(json("wrong.json", { group: { wokers: 3 } }));
    await page.notice(/^wrong\.json is no scenario: scenario: group\.wokers must be left out \(known here are workers,.*got 3\.$/);
    await file.setInputFiles(json("wrong.json", { producers: [{ pace: { perSecond: -1 } }] }));
    await page.notice(/producers\[0\]\.pace\.perSecond must be a number in 0\.\.=1000000, got -1\.$/);
    await file.setInputFiles(json("broken.json", "{"));
    await page.notice(/^broken\.json is no scenario: .*JSON/);
    await file.setInputFiles(json("list.json", "[]"));
    await page.notice(/^list\.json is no scenario: it must be a JSON object/);
    assert.equal(await page.heard("began"), 1);
    await page.pass(2);
    assert.equal((await page.moment()).time, 5);
    await file.setInputFiles(json("mine.json", own));
    await began(page, 2);
    assert.equal((await page.heard("layout")).partitions.length, 7);
    const select = page.tab.locator("#controls-scenario");
    assert.equal(await select.locator("option:checked").textContent(), "Mine");
    assert.equal(await page.tab.locator("#controls-lesson").isVisible(), false);
    assert.match(await page.text("#controls-assignor"), /^Range/);
    await page.pass(2);
    assert.equal((await page.moment()).workers.length, 5);
    // And back.
    await select.selectOption("hot-key");
    await began(page, 3);
    assert.equal(await select.locator("option").count(), 8);
  });

  test("the seed is the traffic's", "?seed=5&paused", async (page) => {
    const seed = page.tab.locator("#controls-seed");
    const run = async (text, count) => {
      await seed.fill(text);
      await seed.press("Enter");
      await began(page, count);
      await page.tab.waitForFunction(() => globalThis.heard.moment.time === 0);
      await page.pass(5);
      return page.everything();
    };
    await page.pass(5);
    const five = await page.everything();
    assert.notEqual(await run("6", 2), five);
    assert.equal(await run("5", 3), five);
    await seed.fill("seven");
    await seed.press("Enter");
    assert.equal(await seed.getAttribute("aria-invalid"), "true");
    assert.match(await page.text("#controls-seed-error"), /whole number from 0/);
    assert.equal(await page.heard("began"), 3);
    await press(page, "controls-new-seed");
    await began(page, 4);
    const chance = (await page.heard("run")).seed;
    assert.equal(await seed.inputValue(), String(chance));
    assert.equal(await seed.getAttribute("aria-invalid"), "false");
  });

  test("records, handler time and errors are what their sliders say", "", async (page) => {
    assert.equal(await page.text("#controls-rate-value"), "120 /s");
    assert.equal(await page.text("#controls-handler-time-value"), "15.0 ms");
    assert.equal(await page.text("#controls-errors-value"), "1.0 %");
    await page.pass(20);
    const calm = await page.moment();
    assert.equal(calm.snapshot.messages.retried, 0);
    assert.equal(await page.slide("controls-rate", RATE_200), "200 /s");
    await page.commanded(1);
    await page.pass(20);
    const twice = await page.moment();
    const share = (twice.produced - calm.produced) / calm.produced;
    assert.ok(Math.abs(share - 200 / 120) < 0.15, `${share}`);

    assert.equal(await page.slide("controls-errors", ERRORS_50_PERCENT), "50.0 %");
    await page.commanded(2);
    await page.pass(10);
    const failing = await page.moment();
    const failed = (failing.snapshot.sends.errors - twice.snapshot.sends.errors) / (failing.snapshot.messages.sent - twice.snapshot.messages.sent);
    assert.ok(Math.abs(failed - 0.5) < 0.08, `${failed}`);

    assert.equal(await page.slide("controls-handler-errors", ERRORS_50_PERCENT), "50.0 %");
    await page.commanded(3);
    await page.pass(10);
    assert.ok((await page.moment()).snapshot.messages.retried > 200);
    await page.slide("controls-handler-errors", 0);

    assert.equal(await page.slide("controls-handler-time", HANDLER_TIME_50_MS), "50.0 ms");
    await page.commanded(5);
    await page.pass(60);
    // The median of a log-normal of sigma 0.5 is 0.88 of its mean.
    for (const { faustMedian } of (await page.moment()).workers) assert.ok(faustMedian > 0.034 && faustMedian < 0.056, `${faustMedian}`);

    assert.equal(await page.slide("controls-rate", RATE_0), "0 /s");
    await page.commanded(6);
    const before = (await page.moment()).produced;
    await page.pass(5);
    assert.equal((await page.moment()).produced, before);
    assert.equal(await page.text("#controls-by-hand"), "6 things done by hand");
  });

  test("a slow worker handles less, until it is as fast again", "?scenario=slow-consumer&paused", async (page) => {
    const slow = page.tab.locator("#controls-slow");
    await page.tab.locator("#controls-worker").selectOption("1");
    await page.tab.locator("#controls-factor").selectOption("20");
    await page.pass(10);
    await slow.click();
    await page.commanded(1);
    assert.deepEqual(await page.column("workers", "slowness"), [1, 20, 1]);
    assert.equal(await slow.getAttribute("aria-pressed"), "true");
    assert.equal(await page.text("#controls-worker-state"), "It takes 20 times as long for each record.");
    const before = await page.column("workers", "processed");
    await page.pass(20);
    const after = await page.column("workers", "processed");
    const handled = after.map((count, worker) => count - before[worker]);
    assert.ok(handled[1] < handled[0] / 4 && handled[1] < handled[2] / 4, `${handled}`);
    await slow.click();
    await page.commanded(2);
    assert.deepEqual(await page.column("workers", "slowness"), [1, 1, 1]);
    assert.equal(await slow.getAttribute("aria-pressed"), "false");
  });

  test("a worker is stalled, cut off, crashed, and nothing can be done to it then", "?scenario=crash&paused", async (page) => {
    await page.pass(5);
    await page.tab.locator("#controls-seconds").selectOption("5");
    const states = async () => (await page.moment()).workers.map(({ state }) => state);
    await press(page, "controls-stall");
    await page.commanded(1);
    assert.deepEqual(await states(), ["stalled", "running", "running"]);
    await page.tab.locator("#controls-worker").selectOption("1");
    await press(page, "controls-blip");
    await page.commanded(2);
    assert.deepEqual(await states(), ["stalled", "offline", "running"]);
    await page.tab.locator("#controls-worker").selectOption("2");
    await press(page, "controls-crash");
    await page.commanded(3);
    assert.deepEqual(await states(), ["stalled", "offline", "crashed"]);
    assert.match(await page.tab.locator("#controls-worker option:checked").textContent(), /^worker-2 · crashed$/);
    for (const id of ["controls-slow", "controls-stall", "controls-blip", "controls-crash", "controls-remove"]) assert.equal(await isDisabled(page, id), "true", id);
    assert.equal(await page.text("#controls-worker-state"), "worker-2 has crashed: nothing can be done to it now.");
    await page.tab.locator("#controls-stall").dispatchEvent("click");
    await page.notice(/^worker-2 has crashed: nothing can be done to it now\.$/);
    await page.pass(6);
    assert.deepEqual(await states(), ["running", "running", "running"]);
    assert.equal(await isDisabled(page, "controls-crash"), null);
    assert.equal(await page.heard("refused").then((refused) => refused.length), 0);
    assert.equal((await page.heard("entries")).filter(({ kind }) => kind === "workerCrashed").length, 1);
  });

  test("workers come and go, and a rebalance is one", "?paused", async (page) => {
    await page.pass(5);
    assert.match(await page.text("#controls-assignor"), /^Cooperative/);
    await press(page, "controls-add");
    await page.commanded(1);
    await page.pass(10);
    assert.equal((await page.moment()).workers.length, 4);
    assert.equal(await page.tab.locator("#controls-worker option").count(), 4);
    assert.ok((await page.column("workers", "owned"))[3] > 0);
    await page.tab.locator("#controls-worker").selectOption("0");
    await press(page, "controls-remove");
    await page.commanded(2);
    await page.pass(10);
    assert.equal((await page.moment()).workers[0].state, "left");
    assert.equal((await page.column("workers", "owned"))[0], 0);
    assert.equal(await isDisabled(page, "controls-slow"), "true");
    const { generation } = await page.moment();
    await press(page, "controls-rebalance");
    await page.commanded(3);
    assert.equal(await isDisabled(page, "controls-rebalance"), "true");
    await page.pass(5);
    assert.equal((await page.moment()).generation, generation + 1);
    assert.equal(await isDisabled(page, "controls-rebalance"), null);
  });

  test("a broker stalls, a key gets hot, records are poison", "?scenario=hot-key&paused", async (page) => {
    await open(page, "controls-data");
    await page.pass(10);
    await page.tab.locator("#controls-broker").selectOption("2");
    await page.tab.locator("#controls-broker-seconds").selectOption("10");
    await press(page, "controls-broker-stall");
    await page.commanded(1);
    assert.deepEqual(await page.column("brokers", "stalled"), [0, 0, 1]);
    await page.pass(11);
    assert.deepEqual(await page.column("brokers", "stalled"), [0, 0, 0]);

    assert.equal(await page.slide("controls-hot-key", 16), "80.0 %");
    await page.commanded(2);
    const before = await page.column("partitions", "end");
    await page.pass(20);
    const grown = (await page.column("partitions", "end")).map((end, place) => end - before[place]);
    const most = Math.max(...grown);
    assert.ok(most > 0.75 * grown.reduce((sum, one) => sum + one), `${grown}`);
    assert.equal(await page.text("#controls-hot-key-value"), "80.0 %");
    await page.slide("controls-hot-key", 0);
    await page.commanded(3);

    await page.tab.locator("#controls-poison-count").selectOption("3");
    await press(page, "controls-poison");
    await page.commanded(4);
    await page.pass(60);
    assert.equal((await page.moment()).snapshot.messages.deadLettered, 3);
  });

  test("sliders follow what the scenario does, and its hot key", "?scenario=hot-key&time=59&paused", async (page) => {
    assert.equal(await page.text("#controls-hot-key-value"), "0.0 %");
    await page.pass(2);
    assert.equal(await page.text("#controls-hot-key-value"), "50.0 %");
  });

  test("what is selected is what is meant", "?scenario=broker-stall&select=partition_4_orders&paused", async (page) => {
    const chosen = (id) => page.tab.locator(`#${id}`).inputValue();
    const place = (await page.heard("layout")).partitions.findIndex(({ partition }) => partition === 4);
    const owner = (await page.column("partitions", "owner"))[place];
    assert.notEqual(owner, 0);
    await page.tab.waitForFunction((wanted) => document.querySelector("#controls-worker").value === wanted, String(owner));
    assert.equal(await chosen("controls-broker"), String((await page.column("partitions", "broker"))[place]));
  });

  test("restart begins without what was done by hand, replay with it", "?scenario=crash&seed=3&paused", async (page) => {
    await page.pass(5);
    await press(page, "controls-crash");
    await page.commanded(1);
    await page.pass(20);
    const done = await page.everything();
    await press(page, "controls-replay");
    await began(page, 2);
    await page.pass(25);
    assert.equal(await page.everything(), done);
    await press(page, "transport-restart");
    await page.commanded(0);
    await page.pass(25);
    assert.ok(!(await page.kinds()).includes("workerCrashed"));
    assert.equal(await page.tab.locator("#controls-replay").isVisible(), false);
  });

  test("groups are folded where there is little room, and nothing is wider than the page", "?paused", async (page) => {
    const isOpen = (id) => page.tab.locator(`#${id}`).evaluate((details) => details.open);
    for (const id of ["controls-traffic", "controls-faults", "controls-data"]) assert.equal(await isOpen(id), false, id);
    for (const id of ["controls-traffic", "controls-faults", "controls-data"]) await open(page, id);
    assert.equal(await page.tab.evaluate(() => document.documentElement.scrollWidth), 360);
    const small = await page.tab.locator("#controls :is(button, select, input, summary):visible").evaluateAll((all) =>
      all.filter((one) => one.getBoundingClientRect().height < 24 || one.getBoundingClientRect().width < 24).map(({ id }) => id),
    );
    assert.deepEqual(small, []);
  }, { viewport: { width: 360, height: 740 } });
});
