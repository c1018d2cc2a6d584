// A link shows the same run: what one page did, another page shows, bit for bit.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startListening } from "./listening.mjs";

describe("the page's address", { timeout: 300_000 }, () => {
  let site;
  before(async () => {
    site = await startListening();
  });
  after(() => site?.close());

  const opened = (search, options) => site.opened(search, options);
  const query = (page) => new URL(page.tab.url()).search;
  /** The address after it followed what was done. */
  const follows = (page, expected) => page.tab.waitForFunction((wanted) => location.search === wanted, expected);
  const copied = async (page) => {
    await page.tab.locator("#tools-link").click();
    await page.notice(/^The link is copied/);
    return page.tab.evaluate(() => navigator.clipboard.readText());
  };
  const mayCopy = { permissions: ["clipboard-read", "clipboard-write"] };

  it("follows what is done, and leaves the time out", async () => {
    const page = await opened("?scenario=crash&seed=9&time=5.5&paused&foreign=1", mayCopy);
    assert.equal(await page.clock(), 5.5);
    await page.tab.locator("#controls-crash").click();
    await follows(page, "?scenario=crash&seed=9&commands=5.5_crash_0_15&foreign=1");
    await page.pass(2);
    await page.tab.locator("#controls-add").click();
    await page.slide("transport-speed", 40);
    await follows(page, "?scenario=crash&seed=9&commands=5.5_crash_0_15~7.5_addWorker&speed=10&foreign=1");
    // A page that is opened anew does the same, from the beginning.
    await page.tab.reload();
    await page.tab.waitForFunction(() => globalThis.heard.moment?.time > 8);
    assert.deepEqual((await page.kinds()).filter((kind) => ["workerCrashed", "workerJoined"].includes(kind)), ["workerCrashed", "workerJoined"]);
    await page.tab.locator("#controls-scenario").selectOption("steady-state");
    await follows(page, "?seed=9&speed=10&foreign=1");
    await page.close();
  });

  it("is a link to this very moment: the same figures in another page", async () => {
    const first = await opened("?scenario=slow-consumer&seed=11&select=worker_1", mayCopy);
    // Played, not stepped: at whatever times it happens.
    await first.slide("transport-speed", 50);
    const passes = (seconds) => first.tab.waitForFunction((wanted) => globalThis.heard.moment.time > wanted, seconds);
    await passes(20);
    await first.tab.locator("#controls-slow").click();
    await first.commanded(1);
    await passes(50);
    await first.tab.locator("#controls-worker").selectOption("2");
    await first.tab.locator("#controls-crash").click();
    await first.commanded(2);
    await first.slide("controls-rate", 47);
    await first.commanded(3);
    await first.tab.locator("#controls-add").click();
    await first.commanded(4);
    await passes(130);
    await first.tab.locator("#transport-play").click();
    await first.tab.waitForFunction(() => document.querySelector("#transport-play").textContent === "Play" && globalThis.heard.frame.now === globalThis.heard.moment.time);
    const link = await copied(first);
    const { time, produced } = await first.moment();
    assert.ok(time > 130 && produced > 10_000);
    assert.equal(new URL(link).searchParams.get("time"), String(time));
    assert.equal(new URL(link).searchParams.get("select"), "worker_1");
    assert.match(String(time), /^\d+(\.\d{1,3})?$/);

    const second = await opened(new URL(link).search);
    await second.tab.waitForFunction((wanted) => globalThis.heard.frame?.now === wanted, time);
    assert.equal(await second.text("#transport-play"), "Play");
    assert.equal(await second.text("#transport-speed-value"), await first.text("#transport-speed-value"));
    assert.equal(await second.everything(), await first.everything());
    // And they go on alike.
    for (const page of [first, second]) await page.pass(30);
    assert.equal(await second.everything(), await first.everything());
    // Each may look at another worker; what is done to the traffic is the same.
    for (const id of ["controls-traffic", "controls-by-hand", "controls-lesson"]) {
      assert.equal(await second.tab.locator(`#${id}`).innerText(), await first.tab.locator(`#${id}`).innerText());
    }
    await first.close();
    await second.close();
  });

  it("holds a scenario of one's own, and plays on where it was played", async () => {
    const first = await opened("?paused", mayCopy);
    const own = { title: "Mine ~ 100%", topics: [{ name: "a_b~c%", partitions: 3 }], group: { workers: 2 }, producers: [{ pace: { perSecond: 30 } }] };
    await first.tab.locator("#controls-file").setInputFiles({ name: "mine.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(own)) });
    await first.tab.waitForFunction(() => globalThis.heard.began === 2);
    await first.pass(4);
    await first.tab.locator("#controls-data").evaluate((details) => void (details.open = true));
    await first.slide("controls-hot-key", 10);
    await first.commanded(1);
    await first.pass(4);
    const figures = await first.everything();
    const link = await copied(first);
    assert.match(new URL(link).search, /^\?plan=[\w-]+&commands=4_hotKey_0\.5_a_b%257Ec%2525&time=8&paused$/);
    const second = await opened(new URL(link).search);
    await second.tab.waitForFunction(() => globalThis.heard.frame?.now === 8);
    assert.equal(await second.everything(), figures);
    assert.equal(await second.tab.locator("#controls-scenario option:checked").textContent(), "Mine ~ 100%");
    await second.tab.locator("#transport-play").click();
    const playing = await opened(new URL(await (async () => {
      await second.tab.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      return copied(second);
    })()).search);
    assert.equal(await playing.text("#transport-play"), "Pause");
    await playing.tab.waitForFunction(() => globalThis.heard.moment.time > 8.2);
    for (const page of [first, second, playing]) await page.close();
  });

  it("passes garbage over, and says so", async () => {
    const page = await opened("?scenario=%3Cimg%3E&seed=x&commands=5_fly~6_addWorker&speed=fast&paused");
    await page.notice(/^“scenario” must be the name of a scenario, not “<img>”\. “5_fly” is no command\. “seed” must be.*“speed” must be/);
    assert.deepEqual((await page.heard("run")), { scenario: "steady-state", seed: 1, commands: [{ at: 6, command: "addWorker" }] });
    await page.close();
  });

  it("shows what it can where a run makes no sense", async () => {
    const noWorker = await opened("?scenario=crash&seed=4&commands=5_crash_77&paused");
    await noWorker.notice(/^scenario: commands\[1\]\.worker must be a whole number in 0\.\.=2, got 77\.$/);
    assert.deepEqual(await noWorker.heard("run"), { scenario: "crash", seed: 4, commands: [] });
    await noWorker.close();
    const noScenario = await opened("?scenario=nowhere&paused");
    await noScenario.notice(/^there is no scenario "nowhere": choose among steady-state, hot-key,/);
    assert.deepEqual(await noScenario.heard("run"), { scenario: "steady-state", seed: 1, commands: [] });
    await noScenario.close();
    const noPartition = await opened("?select=partition_99_orders&paused");
    await noPartition.tab.waitForFunction(() => location.search === "");
    await noPartition.close();
  });

  it("goes far at once with a bounded number of moments, tells how far, and can be stopped", async () => {
    const far = await opened("?time=1200&paused");
    await far.tab.waitForFunction(() => globalThis.heard.frame.now === 1200);
    const moments = await far.heard("moments");
    assert.ok(moments > 100 && moments <= 302, `${moments} moments`);
    await far.close();

    const page = await site.open({ search: "?time=1000000&paused" });
    const halt = page.tab.locator("#transport-halt");
    await halt.waitFor();
    assert.match(await page.text("#transport-beside"), /^on to 277:46:40\.0$/);
    assert.ok((await page.tab.locator("#transport-forward").getAttribute("value")) < 1);
    // The page is not held up meanwhile.
    await page.tab.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    await halt.click();
    await page.tab.waitForFunction(() => globalThis.heard.frames > 0);
    assert.equal(await halt.isVisible(), false);
    const { time } = await page.moment();
    assert.ok(time > 0 && time < 1_000_000, `${time}`);
    assert.equal(await page.tab.evaluate(() => document.activeElement.id), "transport-play");
    // Another scenario ends it, too.
    await page.tab.goto(`${site.url}?time=900000&paused`);
    await halt.waitFor();
    await page.tab.locator("#controls-scenario").selectOption("burst");
    await page.tab.waitForFunction(() => globalThis.heard.began === 2 && globalThis.heard.moment.time === 0);
    assert.equal(await page.clock(), 0);
    await page.close();
  });
});
