// The data tabs in Chromium: tables, and texts that say what the same moment's figures say.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { openMetrics } from "streamgauge/export";
import { Simulation } from "streamgauge/sim";
import { simulateInstead } from "./hostile.mjs";
import { startPage } from "./page.mjs";

const SECONDS = 75;
const SEARCH = `?scenario=hot-key&seed=1&time=${SECONDS}&paused`;
const NAMES = ["partitions", "workers", "latencies", "asdict", "snapshot", "openmetrics", "prometheus", "statsd"];

/** Waits until the region has shown this virtual time. */
const reached = (page, time) => page.tab.waitForFunction((wanted) => Number(document.querySelector("#tabs").dataset.time) >= wanted, time);

/** Opens a tab with a text, and waits until the text is of this time. */
async function openText(page, name, time = SECONDS) {
  await page.tab.locator(`#tabs-tab-${name}`).click();
  await page.tab.waitForFunction(([id, wanted]) => Number(document.querySelector(`#tabs-panel-${id} .text-tab`)?.dataset.time) >= wanted, [name, time]);
}

/** The whole text, as Copy gives it. */
async function copied(page, name) {
  await page.tab.evaluate(() => {
    window.copied = undefined;
    navigator.clipboard.writeText = async (text) => {
      window.copied = text;
    };
  });
  const copy = page.tab.locator(`#tabs-panel-${name}`).getByRole("button", { name: "Copy" });
  await copy.click();
  await page.tab.locator(`#tabs-panel-${name}`).getByRole("button", { name: "Copied" }).waitFor();
  return page.tab.evaluate(() => window.copied);
}

const plain = (value) => JSON.parse(JSON.stringify(value));

describe("the data tabs", { timeout: 1_200_000 }, () => {
  let site;
  let simulation;
  before(async () => {
    site = await startPage();
    // The same scenario and seed give the same figures here as on the page.
    simulation = Simulation.of("hot-key", { seed: 1 });
    simulation.advance(SECONDS);
  });
  after(async () => {
    simulation?.free();
    await site?.close();
  });

  it("follow the pattern of tabs: arrows, Home and End, one panel, one stop of the Tab key", async () => {
    const page = await site.open({ search: SEARCH });
    const focused = () => page.tab.evaluate(() => document.activeElement.id);
    const open = () => page.tab.locator("#tabs [role=tabpanel]:visible").evaluateAll((panels) => panels.map(({ id }) => id));
    await page.tab.locator("#tabs-tab-partitions").focus();
    for (const name of [...NAMES.slice(1), "partitions"]) {
      await page.tab.keyboard.press("ArrowRight");
      assert.equal(await focused(), `tabs-tab-${name}`);
      assert.deepEqual(await open(), [`tabs-panel-${name}`]);
    }
    await page.tab.keyboard.press("ArrowLeft");
    assert.equal(await focused(), "tabs-tab-statsd");
    await page.tab.keyboard.press("Home");
    assert.equal(await focused(), "tabs-tab-partitions");
    await page.tab.keyboard.press("End");
    assert.equal(await focused(), "tabs-tab-statsd");
    assert.equal(await page.tab.locator("#tabs [role=tab][tabindex='0']").count(), 1);
    for (const name of NAMES) {
      assert.equal(await page.tab.locator(`#tabs-tab-${name}`).getAttribute("aria-controls"), `tabs-panel-${name}`);
      assert.equal(await page.tab.locator(`#tabs-panel-${name}`).getAttribute("aria-labelledby"), `tabs-tab-${name}`);
    }
    await page.close();
  });

  it("show every partition's figures, the worst first", async () => {
    const page = await site.open({ search: SEARCH });
    await reached(page, SECONDS);
    const rows = await page.rows("tabs-partitions-table");
    const whole = (value) => value.toLocaleString("en-US");
    const expected = simulation.snapshot().partitions.map(({ topic, partition, worker, status, position, committed, end, lag }) => [topic, String(partition), worker, status, whole(position), whole(committed), whole(end), whole(lag)]);
    assert.deepEqual(rows.map((row) => row.slice(0, 8)).toSorted(), expected.toSorted());
    assert.deepEqual(rows[0].slice(0, 4), ["orders", "7", "worker-3", "ok"]);
    assert.match(rows[0][8], /^(≈ )?\d\.\d\d s$/);
    assert.match(rows[0][9], /^\+\d+\.\d \/s$/);
    assert.match(await page.text("#tabs-partitions-line"), /^8 partitions\. Lag in time is by timestamps/);
    await page.close();
  });

  it("sort by a header: its own order, the other one, and the worst first again", async () => {
    const page = await site.open({ search: SEARCH });
    await reached(page, SECONDS);
    const header = page.tab.locator("#tabs-partitions-table thead button", { hasText: /^Committed$/ });
    const column = async () => (await page.rows("tabs-partitions-table")).map((row) => Number(row[5].replaceAll(",", "")));
    const sign = () => header.locator("..").getAttribute("aria-sort");
    const worst = await column();
    await header.press("Enter");
    assert.equal(await sign(), "descending");
    assert.deepEqual(await column(), worst.toSorted((one, other) => other - one));
    await header.click();
    assert.equal(await sign(), "ascending");
    assert.deepEqual(await column(), worst.toSorted((one, other) => one - other));
    await header.click();
    assert.equal(await sign(), null);
    assert.deepEqual(await column(), worst);
    await page.close();
  });

  it("filter, and select a row by mouse and by keyboard", async () => {
    const page = await site.open({ search: SEARCH });
    await reached(page, SECONDS);
    await page.tab.getByRole("textbox", { name: "Filter partitions" }).fill("WORKER-1");
    const partitions = (await page.rows("tabs-partitions-table")).map((row) => row[1]);
    assert.deepEqual(partitions.toSorted(), ["2", "3"]);
    assert.match(await page.text("#tabs-partitions-line"), /^2 of 8 partitions\./);
    const selected = () => page.tab.locator("#tabs-partitions-table tr[aria-current]").evaluateAll((rows) => rows.map((row) => row.cells[1].textContent));
    const second = page.tab.getByRole("button", { name: "orders, partition 2" });
    await second.press("Enter");
    assert.deepEqual(await selected(), ["2"]);
    await page.tab.locator("#tabs-partitions-table tr", { has: page.tab.getByRole("button", { name: "orders, partition 3" }) }).locator("td").nth(3).click();
    assert.deepEqual(await selected(), ["3"]);
    await page.tab.getByRole("textbox", { name: "Filter partitions" }).fill("nobody");
    assert.match(await page.text("#tabs-partitions-line"), /^None of 8 partitions fits\./);
    await page.close();
  });

  it("show the workers, and every latency since the start or of the last minute", async () => {
    const page = await site.open({ search: SEARCH });
    await page.tab.locator("#tabs-tab-workers").click();
    await reached(page, SECONDS);
    const workers = await page.rows("tabs-workers-table");
    assert.deepEqual(workers.map(([name, state, owned]) => [name, state, owned]), simulation.workers.map(({ name, state, owned }) => [name, state, String(owned.length)]));
    assert.equal(workers[3][5], "100.0 %");
    await page.tab.locator("#tabs-tab-latencies").click();
    const { life, lastMinute } = simulation.snapshot().messages.time;
    const first = async () => (await page.rows("tabs-latencies-table"))[0].slice(0, 2);
    assert.deepEqual(await first(), ["Message, in to out", life.count.toLocaleString("en-US")]);
    await page.tab.getByRole("radio", { name: "Last minute" }).check();
    assert.deepEqual(await first(), ["Message, in to out", lastMinute.count.toLocaleString("en-US")]);
    assert.notEqual(life.count, lastMinute.count);
    await page.close();
  });

  it("give asdict() of a chosen worker", async () => {
    const page = await site.open({ search: SEARCH });
    await openText(page, "asdict");
    assert.deepEqual(JSON.parse(await copied(page, "asdict")), plain(simulation.workers[0].asdict()));
    await page.tab.locator("#tabs-asdict-worker").selectOption({ label: "worker-3" });
    await page.tab.locator("#tabs-asdict-text", { hasText: `"messages_received_total": ${simulation.workers[3].messagesReceivedTotal},` }).waitFor();
    const text = await copied(page, "asdict");
    assert.deepEqual(JSON.parse(text), plain(simulation.workers[3].asdict()));
    // What is seen is what is copied, as long as it is short.
    assert.equal((await page.text("#tabs-asdict-text")).trimEnd(), text);
    await page.close();
  });

  it("give snapshot(), merged and of one worker", async () => {
    const page = await site.open({ search: SEARCH });
    await openText(page, "snapshot");
    // How often a snapshot was taken is counted in it.
    const uncounted = ({ sequence, merged, ...rest }) => plain({ ...rest, merged: merged?.map(({ sequence: one, ...life }) => life) });
    assert.deepEqual(uncounted(JSON.parse(await copied(page, "snapshot"))), uncounted(simulation.snapshot()));
    await page.tab.locator("#tabs-snapshot-worker").selectOption({ label: "worker-3" });
    await page.tab.locator("#tabs-snapshot-text", { hasText: '"worker": "worker-3",\n  "since"' }).waitFor();
    assert.deepEqual(uncounted(JSON.parse(await copied(page, "snapshot"))), uncounted(simulation.workers[3].snapshot()));
    await page.close();
  });

  it("give OpenMetrics and Prometheus text with the same counts, loaded only then", async () => {
    const page = await site.open({ search: SEARCH });
    const asked = [];
    page.tab.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await openText(page, "asdict");
    assert.deepEqual(asked.filter((path) => path.endsWith(".wasm")), []);
    await openText(page, "openmetrics");
    assert.equal(asked.filter((path) => path.endsWith(".wasm")).length, 1);
    const text = await copied(page, "openmetrics");
    // But for the number of snapshots that were taken.
    const lines = (all) => all.split("\n").filter((line) => !/^streamgauge_(worker_)?snapshots_total/.test(line));
    assert.deepEqual(lines(text), lines(openMetrics(simulation.snapshot())));
    assert.ok(text.includes(`\nstreamgauge_messages_received_by_topic_total{topic="orders"} ${simulation.snapshot().messages.received}\n`), "the count of messages");
    assert.ok(text.endsWith("# EOF\n"));
    await openText(page, "prometheus");
    const classic = await copied(page, "prometheus");
    assert.ok(classic.includes(`\nstreamgauge_messages_received_total ${simulation.snapshot().messages.received}\n`) && !classic.includes("# EOF"));
    await page.close();
  });

  it("give the lines of a StatsD sender, in both dialects", async () => {
    const page = await site.open({ search: SEARCH });
    await openText(page, "statsd");
    const { messages, partitions } = simulation.snapshot();
    const lines = (await copied(page, "statsd")).split("\n");
    assert.ok(lines.includes(`streamgauge.messages.received_by_topic.orders:${messages.received}|c`), "StatsD's counter");
    assert.ok(lines.every((line) => /^[\w.()-]+:-?[\d.]+\|(c|g|ms)(\|@[\d.]+)?$/.test(line)), "a line that is none of StatsD's");
    await page.tab.locator("#tabs-statsd-option").selectOption("dogstatsd");
    await page.tab.locator("#tabs-statsd-text", { hasText: "|#" }).waitFor();
    const tagged = (await copied(page, "statsd")).split("\n");
    assert.ok(tagged.includes(`streamgauge.messages.received_by_topic:${messages.received}|c|#topic:orders`), "DogStatsD's counter");
    assert.ok(tagged.some((line) => line.startsWith(`streamgauge.partition.lag:${partitions[7].lag}|g|#`) && line.includes("partition:7")), "a partition's lag");
    await page.close();
  });

  it("search a text: matches are marked and counted, and one goes from one to the next", async () => {
    const page = await site.open({ search: SEARCH });
    await openText(page, "asdict");
    const field = page.tab.locator("#tabs-asdict-search");
    const count = () => page.text("#tabs-asdict-matches");
    const marks = page.tab.locator("#tabs-asdict-text mark");
    const expected = JSON.stringify(simulation.workers[0].asdict()).match(/orders/gi).length;
    await field.fill("ORDERS");
    assert.equal(await count(), `1 of ${expected}`);
    assert.equal(await marks.count(), expected);
    assert.deepEqual(new Set(await marks.allTextContents()), new Set(["orders"]));
    await field.press("Enter");
    assert.equal(await count(), `2 of ${expected}`);
    assert.equal(await page.tab.locator("#tabs-asdict-text mark.current").count(), 1);
    await field.press("Shift+Enter");
    await page.tab.locator("#tabs-panel-asdict").getByRole("button", { name: "Previous match" }).click();
    assert.equal(await count(), `${expected} of ${expected}`);
    const isSeen = await page.tab.locator("#tabs-asdict-text mark.current").evaluate((mark) => {
      const { top, bottom } = document.querySelector("#tabs-asdict-text").getBoundingClientRect();
      const { top: from, bottom: to } = mark.getBoundingClientRect();
      return from >= top && to <= bottom;
    });
    assert.ok(isSeen, "the match is out of sight");
    await field.fill("no such thing");
    assert.equal(await count(), "none");
    await field.press("Escape");
    assert.equal(await count(), "");
    assert.equal(await marks.count(), 0);
    await page.close();
  });

  it("hold a frozen text still while time passes", async () => {
    const page = await site.open({ search: SEARCH });
    await openText(page, "asdict");
    const text = () => page.text("#tabs-asdict-text");
    const frozen = await text();
    const freeze = page.tab.locator("#tabs-panel-asdict").getByRole("button", { name: "Freeze" });
    await freeze.click();
    assert.equal(await freeze.getAttribute("aria-pressed"), "true");
    await page.step(5);
    await reached(page, SECONDS + 5);
    assert.equal(await text(), frozen);
    await freeze.click();
    await openText(page, "asdict", SECONDS + 5);
    assert.notEqual(await text(), frozen);
    await page.close();
  });

  it("copy where there is no clipboard, and download", async () => {
    const page = await site.open({ search: SEARCH });
    await openText(page, "asdict");
    await page.tab.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed"));
      document.execCommand = (command) => {
        window.copied = command === "copy" ? document.activeElement.value : undefined;
        return true;
      };
    });
    await page.tab.locator("#tabs-panel-asdict").getByRole("button", { name: "Copy" }).click();
    await page.tab.getByRole("button", { name: "Copied" }).waitFor();
    assert.deepEqual(JSON.parse(await page.tab.evaluate(() => window.copied)), plain(simulation.workers[0].asdict()));
    await page.tab.evaluate(() => {
      document.execCommand = () => false;
    });
    await page.tab.getByRole("button", { name: "Copied" }).click();
    await page.tab.locator("#notice-text", { hasText: "Copy failed: the browser refused to copy." }).waitFor();

    const downloading = page.tab.waitForEvent("download");
    await page.tab.locator("#tabs-panel-asdict").getByRole("button", { name: "Download" }).click();
    const download = await downloading;
    assert.equal(download.suggestedFilename(), "asdict-worker-0.json");
    assert.deepEqual(JSON.parse(readFileSync(await download.path(), "utf8")), plain(simulation.workers[0].asdict()));
    await page.close();
  });

  it("stay usable with a thousand partitions: bounded rows, bounded text, and the rest is found", async () => {
    const page = await site.open({ search: "?time=4&paused" });
    const scenario = { topics: [{ name: "orders", partitions: 1000 }], producers: [{ name: "shop", pace: { perSecond: 2000 } }], group: { workers: 10 } };
    await simulateInstead(page, scenario);
    await reached(page, 4);
    const rows = async () => (await page.rows("tabs-partitions-table")).map((row) => row[1]);
    const first = await rows();
    assert.equal(first.length, 40);
    assert.match(await page.text("#tabs-partitions-line"), /^1,000 partitions, the worst first\./);
    // Whoever scrolls comes by all of them.
    const scroller = page.tab.locator("#tabs-panel-partitions .data-scroll");
    await scroller.evaluate((box) => {
      box.scrollTop = box.scrollHeight;
    });
    const bottom = page.tab.locator("#tabs-partitions-table tr[aria-rowindex='1001']");
    await bottom.waitFor();
    assert.equal((await rows()).length, 40);
    assert.deepEqual((await rows()).filter((one) => first.includes(one)), []);
    const [box, row] = [await scroller.boundingBox(), await bottom.boundingBox()];
    assert.ok(row.y + row.height <= box.y + box.height + 1 && row.y > box.y, "the last row is seen");
    await page.tab.getByRole("textbox", { name: "Filter partitions" }).fill("orders-777");
    assert.deepEqual((await page.rows("tabs-partitions-table")).map((row) => row[1]), ["777"]);

    await openText(page, "openmetrics", 4);
    const all = (await copied(page, "openmetrics")).split("\n");
    const shown = (await page.text("#tabs-openmetrics-text")).split("\n");
    assert.ok(all.length > 10_000 && shown.length <= 801, `${shown.length} of ${all.length} lines`);
    // The last match is far away from what was shown.
    await page.tab.locator("#tabs-openmetrics-search").fill('partition="999"');
    await page.tab.locator("#tabs-openmetrics-search").press("Shift+Enter");
    const last = all.findLast((line) => line.includes('partition="999"'));
    await page.tab.waitForFunction((line) => document.querySelector("#tabs-openmetrics-text").textContent.includes(line), last);
    assert.equal(await page.tab.locator("#tabs-openmetrics-text mark.current").textContent(), 'partition="999"');
    // To the end by scrolling, too.
    await page.tab.locator("#tabs-openmetrics-text").evaluate((box) => {
      box.scrollTop = box.scrollHeight;
    });
    await page.tab.locator("#tabs-openmetrics-text", { hasText: "# EOF" }).waitFor();
    await page.close();
  });
});
