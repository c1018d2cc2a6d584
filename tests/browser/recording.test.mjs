// Recordings in a real browser: traces that are dropped or chosen, and how one moves through them.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Recorder } from "streamgauge/replay";
import { presets, Simulation } from "streamgauge/sim";
import { startPage } from "./page.mjs";

/** Milliseconds. */
const LONG = 120_000;

const folder = mkdtempSync(join(tmpdir(), "streamgauge-recording-"));
after(() => rmSync(folder, { recursive: true }));

function fileOf(name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** A recorder's trace of a worker with a hostile name: a message each half second, and a rebalance from 10 s to 12 s. */
function recorded(seconds = 40, worker = "<b>w</b>") {
  const clock = { now: 1000 };
  const recorder = new Recorder({ time: () => clock.now, worker, epoch: 1.7e9 });
  const orders = recorder.topicPartition("<img src=x onerror=document.title=1>", 0);
  let rebalance;
  for (let half = 0; half < 2 * seconds; half += 1) {
    if (half === 20) rebalance = recorder.onRebalanceStart({ rebalancingCount: 1 });
    if (half === 24) recorder.onRebalanceEnd(undefined, rebalance);
    const message = {};
    recorder.onMessageIn(orders, half, message);
    clock.now += 0.5;
    recorder.onMessageOut(orders, half, message);
  }
  return recorder.trace();
}

describe("recordings", { timeout: 600_000 }, () => {
  let pages;
  before(async () => {
    pages = await startPage();
  });
  after(() => pages?.close());

  /** A page that may take its time: traces are replayed beside everything else that this machine does. */
  async function open(options) {
    const page = await pages.open(options);
    page.tab.setDefaultTimeout(LONG);
    return page;
  }

  const choose = (page, path) => page.tab.locator("#tools-file").setInputFiles(path);
  const shown = (page) => page.tab.locator('html[data-source="recording"]').waitFor();
  const notice = (page, words) => page.tab.locator("#notice-text", { hasText: words }).waitFor();
  /** Waits until the moment of this time is shown. */
  const at = (page, time) => page.tab.waitForFunction((wanted) => Math.abs(Number(document.querySelector("#topology").dataset.time) - wanted) < 1e-6, time);
  const scrub = (page, time) =>
    page.tab.locator("#transport-scrub").evaluate((slider, value) => {
      slider.value = String(value);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }, time);
  const facts = (page) => page.tab.locator("#recording dl").evaluate((list) => Object.fromEntries([...list.querySelectorAll("dt")].map((name) => [name.textContent, name.nextElementSibling.textContent])));

  /** What a text tab gives to be saved, of one worker or of all. */
  async function text(page, tab, worker, time) {
    await page.tab.locator("#tabs").getByRole("tab", { name: tab, exact: true }).click();
    const panel = page.tab.locator("#tabs .text-tab:visible");
    await panel.scrollIntoViewIfNeeded();
    await panel.getByLabel("Whose figures").selectOption(worker);
    await page.tab.waitForFunction((wanted) => [...document.querySelectorAll("#tabs .text-tab")].some((one) => one.checkVisibility() && Math.abs(Number(one.dataset.time) - wanted) < 1e-6), time);
    for (;;) {
      const [download] = await Promise.all([page.tab.waitForEvent("download"), panel.getByRole("button", { name: /^(Download|Saved)$/ }).click()]);
      const name = download.suggestedFilename();
      const value = JSON.parse(readFileSync(await download.path(), "utf8") || "null");
      // The text of the worker that was chosen before may still stand there.
      if (value !== null && name.includes(worker) && (tab !== "snapshot()" || worker === "merged" || value.worker === `worker-${worker}`)) return value;
    }
  }

  const unnumbered = ({ sequence, merged, ...snapshot }) => ({ ...snapshot, merged: merged.map(({ sequence: _, ...life }) => life) });

  it("end in the same asdict() and snapshot() as the run that was saved on the page, with a worker that crashed", async () => {
    const page = await open({ search: "?commands=3_crash_1_4&time=15&paused" });
    await at(page, 15);
    const [download] = await Promise.all([page.tab.waitForEvent("download"), page.tab.locator("#tools-trace").click()]);
    const path = join(folder, download.suggestedFilename());
    await download.saveAs(path);
    const merged = await text(page, "snapshot()", "merged", 15);
    const one = await text(page, "snapshot()", "1", 15);
    await choose(page, path);
    await shown(page);
    await at(page, 15);
    assert.deepEqual(unnumbered(await text(page, "snapshot()", "merged", 15)), unnumbered(merged));
    assert.deepEqual(unnumbered(await text(page, "snapshot()", "1", 15)), unnumbered(one));
    assert.equal(merged.merged.length, 4, "a life for each start");
    const { scenario } = presets().find(({ name }) => name === "steady-state");
    const simulation = Simulation.of({ ...scenario, seed: 1, commands: [{ at: 3, command: "crash", worker: 1, restart: 4 }] });
    simulation.advance(15);
    const dict = JSON.parse(JSON.stringify(simulation.workers[1].asdict()));
    const rebalances = simulation.journal().filter(({ kind }) => kind === "rebalanceStarted").length;
    simulation.free();
    const { Calls, Size, ...others } = await facts(page);
    assert.match(`${Calls} ${Size}`, /^\d+,\d+ \d+\.\d MB$/);
    assert.ok(rebalances > 0);
    assert.deepEqual(others, {
      File: "streamgauge-steady-state-1.jsonl",
      Length: "0:00:15.0",
      Workers: "3",
      Partitions: others.Partitions,
      Rebalances: String(rebalances),
      Readings: others.Readings,
    });
    assert.deepEqual(await text(page, "asdict()", "1", 15), dict);
    // Its first life, before it crashed.
    await scrub(page, 2.5);
    const first = await text(page, "snapshot()", "1", Number(await page.tab.locator("#scrub").getAttribute("data-shown")));
    assert.deepEqual([first.since - merged.since, one.since - merged.since], [0, 7]);
    await page.close();
  });

  it("are moved through: by slider, by step, by playing; and the moment at or before is named", async () => {
    const page = await open({ search: "?paused" });
    await choose(page, fileOf("recorder.jsonl", recorded()));
    await shown(page);
    await at(page, 40);
    assert.deepEqual(await facts(page), { File: "recorder.jsonl", Size: (await facts(page)).Size, Calls: "162", Length: "0:00:40.0", Workers: "1", Partitions: "1", Rebalances: "1", Readings: "81, every 0.25 s" });
    assert.equal(await page.tab.locator(".scrub-mark").count(), 1);
    assert.match(await page.tab.locator(".scrub-mark").getAttribute("style"), /left: 25%; width: 5%/);
    await scrub(page, 3.7);
    await at(page, 3.5);
    assert.equal(await page.text(".scrub-now"), "0:00:03.7");
    assert.equal(await page.text(".scrub-note"), "Figures as of 0:00:03.5");
    const slider = page.tab.getByRole("slider", { name: "Time", exact: true });
    assert.equal(await slider.getAttribute("aria-valuetext"), "0:00:03.7 of 0:00:40.0, figures of 0:00:03.5");
    await page.tab.locator("#transport-step").click();
    await at(page, 4.5);
    await slider.focus();
    await page.tab.keyboard.press("Home");
    await at(page, 0);
    await page.tab.keyboard.press("End");
    await at(page, 40);
    // At its end playing begins anew, and stops there.
    await page.tab.locator("#transport-speed").evaluate((one) => {
      one.value = one.max;
      one.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await page.tab.locator("#transport-play").click();
    await page.tab.locator("#transport-play", { hasText: "Play" }).waitFor();
    await at(page, 40);
    assert.equal(await page.tab.locator("#controls").isVisible(), false);
    assert.equal(await page.tab.locator("body img, main b, aside b, header b").count(), 0);
    assert.equal(await page.tab.title(), "streamgauge");
    await page.tab.locator("#recording-back").click();
    await page.tab.locator('html[data-source="simulation"]').waitFor();
    assert.equal(await page.tab.locator("#recording").isVisible(), false);
    assert.equal(await page.tab.locator("#scrub").isVisible(), false);
    assert.equal(await page.tab.locator("#controls").isVisible(), true);
    await page.close();
  });

  it("of several groups show one at a time, and the time stays", async () => {
    const simulation = Simulation.of("steady-state", { seed: 7, record: true });
    simulation.advance(5);
    simulation.command({ command: "addGroup", name: "group-2", workers: 2 });
    simulation.advance(15);
    const page = await open();
    await choose(page, fileOf("two.jsonl", simulation.takeTrace()));
    await shown(page);
    const select = page.tab.locator("#recording #groups-select");
    await select.waitFor();
    assert.deepEqual(await select.locator("option").allTextContents(), ["workers", "group-2"]);
    assert.equal((await facts(page)).Workers, "3");
    const shows = (name) => page.tab.waitForFunction((wanted) => document.querySelector(".groups-field")?.dataset.group === wanted, name);
    const time = () => page.text(".scrub-now");
    await scrub(page, 12);
    assert.equal(await time(), "0:00:12.0");
    for (const [name, workers] of [["group-2", "2"], ["workers", "3"]]) {
      await select.selectOption(name);
      await shows(name);
      assert.equal((await facts(page)).Workers, workers);
      assert.equal(await time(), "0:00:12.0");
      await scrub(page, 20);
      await at(page, 20);
      const { sequence, merged, ...figures } = await text(page, "snapshot()", "merged", 20);
      const { sequence: _, merged: __, ...simulated } = JSON.parse(JSON.stringify(simulation.snapshot(name)));
      assert.deepEqual(figures, simulated);
      await scrub(page, 12);
    }
    await page.close();
  });

  it("can be dropped anywhere, one after the other", async () => {
    const page = await open({ search: "?paused" });
    const drop = async (name, content, target) => {
      const data = await page.tab.evaluateHandle(([file, body]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([body], file));
        return transfer;
      }, [name, content]);
      for (const type of ["dragenter", "dragover"]) await page.tab.dispatchEvent(target, type, { dataTransfer: data });
      assert.equal(await page.tab.locator("html.takes-file").count(), 1);
      await page.tab.dispatchEvent(target, "drop", { dataTransfer: data });
      assert.equal(await page.tab.locator("html.takes-file").count(), 0);
    };
    await drop("one.jsonl", recorded(20), "#health");
    await at(page, 20);
    await drop("two.jsonl", recorded(30), "#topology");
    await at(page, 30);
    assert.equal((await facts(page)).File, "two.jsonl");
    await page.close();
  });

  it("are refused with the line where they break, and what was shown goes on", async () => {
    const page = await open({ search: "?time=5&paused" });
    await at(page, 5);
    const lines = recorded().split("\n");
    for (const [name, content, words] of [
      ["cut.jsonl", `${lines.slice(0, 9).join("\n")}\n{"at":1`, "cut.jsonl cannot be opened: line 10: not JSON"],
      ["empty.jsonl", "", 'empty.jsonl cannot be opened: line 1: no header: expected {"trace": "streamgauge/1", ...}'],
      ["picture.png", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe]), "picture.png cannot be opened: line 1: not UTF-8 text"],
      ["<b>bad</b>.jsonl", `${lines[0]}\n{"at":1,"call":"nothing"}\n`, '<b>bad</b>.jsonl cannot be opened: line 2: unknown call "nothing"'],
      ["wrong.json", '{"topics": 7}', "wrong.json cannot be opened: scenario: topics"],
    ]) {
      await page.tab.locator("#tools-file").setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(content) });
      await notice(page, words);
      assert.equal(await page.tab.getAttribute("html", "data-source"), "simulation", name);
      assert.equal(await page.tab.locator("#reading").isVisible(), false);
    }
    await page.step(1);
    assert.equal(await page.time(), 6);
    await page.close();
  });

  it("files that are refused leave a recording as it is, and able to answer", async () => {
    const page = await open({ search: "?paused" });
    await choose(page, fileOf("recorder.jsonl", recorded(10)));
    await shown(page);
    for (const [name, content, words] of [
      ["wrong.json", '{"brokers": "x"}', "wrong.json cannot be opened: scenario: brokers"],
      ["cut.jsonl", '{"trace":"streamgauge/1"}\n{"at":1', "cut.jsonl cannot be opened: line 2: not JSON"],
    ]) {
      await choose(page, fileOf(name, content));
      await notice(page, words);
      assert.equal(await page.tab.getAttribute("html", "data-source"), "recording", name);
    }
    await page.tab.locator("#tabs-tab-asdict").click();
    await page.tab.locator("#tabs-asdict-text", { hasText: "messages_received_total" }).waitFor();
    await page.close();
  });

  it("a scenario is simulated instead, from a recording too", async () => {
    const page = await open({ search: "?paused" });
    await choose(page, fileOf("recorder.jsonl", recorded(10)));
    await shown(page);
    await choose(page, fileOf("mine.json", JSON.stringify({ title: "Mine", seed: 5, topics: [{ name: "only-one", partitions: 2 }] })));
    await page.tab.locator('html[data-source="simulation"]').waitFor();
    await page.tab.locator('#controls[data-seed="5"]').waitFor({ state: "attached" });
    await page.close();
  });

  it("reading can be ended, and a large trace stays in bounded memory", async () => {
    const page = await open({ search: "?paused" });
    // 20 MB: some hundred thousand calls over an hour and more.
    const lines = recorded(4000).split("\n");
    const path = fileOf("large.jsonl", lines.join("\n"));
    const filler = lines.slice(0, 1).concat(Array.from({ length: 160_000 }, (_, at) => JSON.stringify({ at, call: "on_table_get", table: "t", key: "k".repeat(60) })));
    const larger = fileOf("larger.jsonl", filler.join("\n"));
    await choose(page, larger);
    await page.tab.locator("#reading").waitFor();
    await page.tab.locator("#reading-cancel").click();
    await page.tab.locator("#reading").waitFor({ state: "hidden" });
    assert.equal(await page.tab.getAttribute("html", "data-source"), "simulation");
    assert.equal(await page.tab.locator("#notice").isVisible(), false);
    await choose(page, larger);
    await shown(page);
    const { Readings, Calls } = await facts(page);
    assert.equal(Calls, "160,000");
    const [count, interval] = Readings.match(/\d+/g).map(Number);
    assert.ok(count > 250 && count <= 600 && interval >= 256, Readings);
    await choose(page, path);
    await at(page, 4000);
    await page.close();
  });

  for (const colorScheme of ["light", "dark"]) {
    it(`fit narrow and wide windows, in ${colorScheme} colours`, async () => {
      const path = fileOf(`${"long-name-".repeat(12)}.jsonl`, recorded(20, "worker-".repeat(30)));
      for (const width of [360, 860, 1440, 2560]) {
        const page = await open({ search: "?paused", viewport: { width, height: 900 }, colorScheme });
        await choose(page, path);
        await shown(page);
        await at(page, 20);
        assert.equal(await page.tab.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `it scrolls sideways at ${width}`);
        await page.close();
      }
    });
  }
});
