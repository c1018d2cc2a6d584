// Every control of the page does what it says, measured in the figures.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { startPage } from "./page.mjs";

// Positions of the sliders, see www/src/scales.ts.
const RATE_100 = 41;
const RATE_200 = 47;
const LATENCY_50_MS = 54;
const ERRORS_50 = 100;
const SPEED_10 = 40;
const SPEED_100 = 60;

describe("the page's controls", () => {
  let site;
  before(async () => {
    site = await startPage();
  });
  after(() => site?.close());

  /** A test with a page of its own. */
  const test = (name, search, work) =>
    it(name, async () => {
      const page = await site.open({ search });
      await work(page);
      await page.close();
    });

  test("start moves the figures, pause freezes them", "", async (page) => {
    assert.equal(await page.clock(), 0);
    await page.slide("Speed", SPEED_10);
    await page.button("Start").click();
    await page.tab.waitForFunction(() => document.querySelector("#clock").textContent > "0:00:05");
    await page.button("Pause").click();
    const frozen = [await page.clock(), await page.dicts(), await page.rows("partitions")];
    assert.ok((await page.figure("arriving")) > 50);
    assert.ok((await page.figure("handled")) > 50);
    assert.ok((await page.total("messages_received_total")) > 300);
    await wait(500);
    assert.deepEqual([await page.clock(), await page.dicts(), await page.rows("partitions")], frozen);
    await page.button("Start").click();
    await page.tab.waitForFunction((before) => document.querySelector("#clock").textContent !== before, await page.text("#clock"));
  });

  test("speed is virtual time by real time", "", async (page) => {
    /** Virtual seconds per real second, both read in the page within one frame. */
    const speed = async () => {
      const read = () =>
        page.tab.evaluate(() => new Promise((resolve) => requestAnimationFrame((now) => resolve([now / 1000, document.querySelector("#clock").textContent]))));
      const seconds = (text) => text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
      const [start, from] = await read();
      await wait(1500);
      const [end, to] = await read();
      return (seconds(to) - seconds(from)) / (end - start);
    };
    await page.toggleRun();
    const once = await speed();
    assert.equal(await page.slide("Speed", SPEED_10), "10×");
    const tenfold = await speed();
    // A busy machine may lose frames, and with them virtual time, but gains none.
    assert.ok(once > 0.4 && once < 1.2, `${once} instead of 1`);
    assert.ok(tenfold > 4 && tenfold < 11, `${tenfold} instead of 10`);
  });

  test("twice the message rate is twice the throughput", "?seed=5", async (page) => {
    assert.equal(await page.slide("Message rate", RATE_100), "100 /s");
    await page.step(60);
    const first = await page.written();
    const received = await page.total("messages_received_total");
    assert.equal(await page.slide("Message rate", RATE_200), "200 /s");
    // Handlers of half the time, or the workers would not keep up.
    await page.slide("Handler latency", 34);
    await page.step(60);
    const ratio = ((await page.written()) - first) / first;
    assert.ok(Math.abs(ratio - 2) < 0.1, `written: ${ratio} times as many`);
    const ratioReceived = ((await page.total("messages_received_total")) - received) / received;
    assert.ok(Math.abs(ratioReceived - 2) < 0.1, `received: ${ratioReceived} times as many`);
  });

  test("no messages, no throughput", "", async (page) => {
    assert.equal(await page.slide("Message rate", 0), "0 /s");
    await page.step(20);
    assert.equal(await page.written(), 0);
    assert.equal(await page.figure("arriving"), 0);
  });

  test("handler latency is what events take", "", async (page) => {
    assert.equal(await page.slide("Handler latency", LATENCY_50_MS), "50.0 ms");
    await page.slide("Message rate", 27);
    await page.step(60);
    for (const { events_runtime_avg: median } of await page.dicts()) {
      // The median of a log-normal of shape 0.5 is 0.88 of its mean.
      assert.ok(median > 0.034 && median < 0.056, `${median}`);
    }
    assert.ok(Math.abs((await page.figure("runtime")) - 44) < 12);
  });

  test("error rate is the share of sends that fail", "", async (page) => {
    assert.equal(await page.slide("Error rate", 0), "0.0 %");
    await page.step(30);
    assert.equal(await page.total("send_errors"), 0);
    const sentBefore = await page.total("messages_sent");
    assert.equal(await page.slide("Error rate", ERRORS_50), "50.0 %");
    await page.step(30);
    const share = (await page.total("send_errors")) / ((await page.total("messages_sent")) - sentBefore);
    assert.ok(Math.abs(share - 0.5) < 0.05, `${share}`);
    const codes = (await page.dicts()).map((dict) => dict.http_response_codes);
    assert.ok(codes.every((code) => code["500"] > 5));
  });

  test("a slow consumer's lag grows, the other's does not, and it catches up", "", async (page) => {
    await page.step(20);
    assert.ok((await page.figure("lag")) < 20);
    const slow = page.button("Slow consumer");
    await slow.click();
    assert.equal(await slow.getAttribute("aria-pressed"), "true");
    const lags = async (owner) => {
      const rows = await page.rows("partitions");
      return rows.filter((row) => row[2] === owner).reduce((sum, row) => sum + Number(row[3].replaceAll(",", "")), 0);
    };
    await page.step(30);
    const half = await page.figure("lag");
    await page.step(30);
    const whole = await page.figure("lag");
    // It gets 50 a second and handles 10; its buffers take up to 200.
    assert.ok(half > 700 && whole > half + 900, `${half}, then ${whole}`);
    assert.ok((await lags("worker 2")) > 1700);
    assert.ok((await lags("worker 1")) < 20);
    assert.ok((await page.dicts())[1].events_runtime_avg > 0.05);
    await slow.click();
    assert.equal(await slow.getAttribute("aria-pressed"), "false");
    await page.step(90);
    assert.ok((await page.figure("lag")) < 20);
  });

  test("a rebalance is counted, empties the offsets and moves the partitions", "", async (page) => {
    await page.step(20);
    const before = await page.rows("partitions");
    assert.ok((await page.dicts()).every((dict) => Object.keys(dict.topic_read_offsets).length === 2));
    await page.button("Rebalance").click();
    for (const dict of await page.dicts()) {
      assert.equal(dict.rebalances, 1);
      assert.deepEqual([dict.topic_read_offsets, dict.topic_committed_offsets, dict.topic_end_offsets], [{}, {}, {}]);
    }
    assert.equal(await page.figure("rebalances"), 1);
    assert.equal(await page.text("#figure-lag"), "–");
    // Pressed again while it is under way, it does nothing.
    await page.tab.locator("#rebalance").dispatchEvent("click");
    await page.step(10);
    const after = await page.rows("partitions");
    for (const [place, row] of after.entries()) {
      assert.notEqual(row[2], before[place][2], "each partition has another owner");
      assert.ok(Number(row[5].replaceAll(",", "")) > Number(before[place][5].replaceAll(",", "")), "and is read on");
    }
    const dicts = await page.dicts();
    assert.deepEqual(dicts.map((dict) => dict.rebalances), [1, 1]);
    assert.ok(dicts.every((dict) => dict.rebalance_end_latency.length === 1));
  });

  test("the same seed gives the same figures", "", async (page) => {
    const run = async (seed) => {
      await page.tab.locator("#seed").fill(String(seed));
      await page.button("Reset to it").click();
      await page.step(15);
      await page.button("Rebalance").click();
      await page.step(15);
      return JSON.stringify(await page.dicts());
    };
    const first = await run(7);
    assert.notEqual(await run(8), first);
    assert.equal(await run(7), first);
    assert.ok(page.tab.url().endsWith("?seed=7"));
    const linked = await site.open({ search: "?seed=7" });
    await linked.step(15);
    await linked.button("Rebalance").click();
    await linked.step(15);
    assert.equal(JSON.stringify(await linked.dicts()), first);
    await linked.close();
  });

  test("reset starts over and keeps the settings", "", async (page) => {
    await page.slide("Message rate", RATE_200);
    await page.step(5);
    await page.button("Reset").click();
    assert.equal(await page.clock(), 0);
    assert.equal(await page.total("messages_received_total"), 0);
    await page.step(30);
    assert.ok(Math.abs((await page.figure("arriving")) - 200) < 60);
  });

  test("a seed that is none is refused", "", async (page) => {
    await page.step(3);
    await page.tab.locator("#seed").fill("seven");
    await page.tab.locator("#seed").press("Enter");
    assert.equal(await page.clock(), 3);
    assert.equal(await page.tab.locator("#seed").getAttribute("aria-invalid"), "true");
    await page.tab.locator("#seed").fill("12");
    await page.tab.locator("#seed").press("Enter");
    assert.equal(await page.clock(), 0);
    assert.equal(await page.tab.locator("#seed").getAttribute("aria-invalid"), "false");
  });

  test("at full speed and full rate it stays usable", "", async (page) => {
    await page.slide("Speed", SPEED_100);
    await page.slide("Message rate", 75);
    await page.slide("Handler latency", 0);
    await page.toggleRun();
    await wait(1500);
    await page.button("Pause").click();
    assert.ok((await page.clock()) > 5);
    assert.equal(await page.text("#toggle"), "Start");
  });

  test("asdict() can be copied as it is shown", "", async (page) => {
    await page.tab.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.step(5);
    await page.tab.locator("#dict-worker").selectOption("1");
    await page.button("Copy").click();
    await page.tab.getByText("Copied", { exact: true }).waitFor();
    const copied = await page.tab.evaluate(() => navigator.clipboard.readText());
    assert.deepEqual(JSON.parse(copied), (await page.dicts())[1]);
  });

  test("the tables add up what the workers tell", "", async (page) => {
    await page.step(30);
    const dicts = await page.dicts();
    const shown = (text) => Number(text.replaceAll(",", ""));
    const topics = await page.rows("topics");
    assert.deepEqual(topics.map(([topic]) => topic), ["orders", "payments", "orders-results", "payments-results"]);
    const received = dicts.reduce((sum, dict) => sum + dict.messages_received_by_topic.orders, 0);
    assert.equal(shown(topics[0][1]), received);
    const [table, retrieved, updated, deleted] = (await page.rows("tables"))[0];
    assert.equal(table, "orders-table");
    const counts = (key) => dicts.reduce((sum, dict) => sum + dict.tables["orders-table"][key], 0);
    assert.deepEqual([retrieved, updated, deleted].map(shown), ["keys_retrieved", "keys_updated", "keys_deleted"].map(counts));
    for (const [topic, partition, owner, lag, , read, end] of await page.rows("partitions")) {
      const dict = dicts[Number(owner.slice("worker ".length)) - 1];
      assert.equal(shown(read), dict.topic_read_offsets[topic][partition]);
      assert.equal(shown(lag), shown(end) - shown(read) - 1);
    }
  });
});
