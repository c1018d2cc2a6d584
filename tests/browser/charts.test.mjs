// The charts in a browser, against the same simulation here.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { presets, Simulation } from "streamgauge/sim";
import { load } from "./modules.mjs";
import { startPage } from "./page.mjs";

const format = await load("format.ts");

let browser;
before(async () => {
  browser = await startPage();
});
after(() => browser.close());

const simulate = (name) => Simulation.of({ ...presets().find((preset) => preset.name === name).scenario, seed: 1 });

/** A preset at a time, paused, with its charts drawn. */
async function open(name, time, options = {}) {
  const page = await browser.open({ search: `?scenario=${name}&seed=1&time=${time}&paused`, viewport: { width: 1440, height: 2600 }, ...options });
  // As long as it takes on a machine that has much else to do.
  page.tab.setDefaultTimeout(180_000);
  await shown(page, time);
  return page;
}

/** All charts that are in view show this time: those of a tall window are. */
const shown = (page, time) => page.tab.waitForFunction((wanted) => Number(document.querySelector("#charts").dataset.time) >= wanted - 1e-6, time);

/** A chart's legend: what it says of each line. */
const legend = (page, chart) =>
  page.tab.locator(`#charts-${chart}-legend li:not([hidden])`).evaluateAll((items) => Object.fromEntries(items.map((item) => [item.querySelector(".label").textContent, item.querySelector(".value").textContent])));

const waitForLegend = (page, chart, label, value) =>
  page.tab.waitForFunction(
    ([id, name, wanted]) => [...document.querySelectorAll(`#charts-${id}-legend li:not([hidden])`)].some((item) => item.querySelector(".label").textContent === name && item.querySelector(".value").textContent === wanted),
    [chart, label, value],
  );

describe("charts", () => {
  it("say what the simulation's figures are", async () => {
    const page = await open("hot-key", 150);
    const simulation = simulate("hot-key");
    simulation.advance(149);
    const [before, produced] = [simulation.snapshot(), simulation.counts.produced];
    simulation.advance(1);
    const snapshot = simulation.snapshot();
    const { workers } = simulation;

    const lag = await legend(page, "lag");
    assert.equal(lag.total, format.count(snapshot.lag.recordsSum));
    for (const { partition, lag: records } of snapshot.partitions) assert.equal(lag[`partition ${partition}`], format.count(records));
    assert.ok(snapshot.lag.recordsSum > 1000);

    assert.deepEqual(await legend(page, "throughput"), {
      produced: format.rate(simulation.counts.produced - produced),
      received: format.rate(snapshot.messages.received - before.messages.received),
      events: format.rate(snapshot.events.total - before.events.total),
      sent: format.rate(snapshot.messages.sent - before.messages.sent),
    });
    const held = await legend(page, "held");
    const busy = await legend(page, "busy");
    for (const { name, inFlight, buffered, utilization } of workers) {
      assert.equal(held[name], `${inFlight} + ${buffered}`);
      assert.equal(busy[name], format.percent(utilization));
    }
    const medians = workers.map(({ eventsRuntimeAvg }) => eventsRuntimeAvg).sort((a, b) => a - b);
    assert.equal((await legend(page, "runtime"))["Faust’s median"], format.secondsText((medians[1] + medians[2]) / 2));
    assert.equal((await legend(page, "errors"))["dead letters"], "0");
    simulation.free();
    await page.close();
  });

  it("show the hot key's partition above all others", async () => {
    const page = await open("hot-key", 120);
    const { total, ...partitions } = await legend(page, "lag");
    const records = Object.values(partitions).map((text) => Number(text.replace(",", "")));
    const most = Math.max(...records);
    assert.ok(most > 0.9 * Number(total.replace(",", "")), JSON.stringify(partitions));
    assert.ok(records.filter((lag) => lag > most / 10).length === 1, JSON.stringify(partitions));
    await page.close();
  });

  it("have one cursor, by mouse and by keyboard", async () => {
    const page = await open("steady-state", 60);
    const { tab } = page;
    const simulation = simulate("steady-state");
    const produced = [0];
    for (let second = 1; second <= 60; second += 1) {
      simulation.advance(1);
      produced.push(simulation.counts.produced);
    }
    const inSecond = (second) => format.rate(produced[second] - produced[second - 1]);
    simulation.free();

    // In the middle of what the errors' chart shows, which is 0 to 60 s.
    const over = await tab.locator("#charts-errors .u-over").boundingBox();
    await tab.mouse.move(over.x + over.width / 2, over.y + over.height / 2);
    await waitForLegend(page, "throughput", "produced", inSecond(30));
    const places = () => tab.locator("#charts .u-over").evaluateAll((all) => all.map((one) => Math.round((one.querySelector(".u-cursor-x").getBoundingClientRect().left - one.getBoundingClientRect().left) / one.clientWidth * 60)));
    assert.deepEqual(await places(), [30, 30, 30, 30, 30, 30, 30]);
    await tab.mouse.move(0, 0);
    await waitForLegend(page, "throughput", "produced", inSecond(60));

    const plot = tab.getByRole("group", { name: "Busy", exact: true });
    await plot.focus();
    await tab.keyboard.press("End");
    await tab.keyboard.press("ArrowLeft");
    await waitForLegend(page, "throughput", "produced", inSecond(59));
    await tab.keyboard.press("Shift+ArrowLeft");
    await waitForLegend(page, "throughput", "produced", inSecond(49));
    assert.match(await page.text("#charts-told"), /^At 0:49, share of time spent processing: together [\d.]+ %, worker-0 [\d.]+ %/);
    await tab.keyboard.press("ArrowRight");
    await waitForLegend(page, "throughput", "produced", inSecond(50));
    assert.deepEqual(await places(), [50, 50, 50, 50, 50, 50, 50]);
    await tab.keyboard.press("Escape");
    await waitForLegend(page, "throughput", "produced", inSecond(60));
    await page.close();
  });

  it("show the lag in seconds too", async () => {
    const page = await open("hot-key", 100);
    const simulation = simulate("hot-key");
    simulation.advance(100);
    const { secondsMax, recordsSum } = simulation.snapshot().lag;
    simulation.free();
    assert.equal((await legend(page, "lag")).total, format.count(recordsSum));
    await page.tab.getByRole("radio", { name: "seconds" }).check({ force: true });
    await waitForLegend(page, "lag", "longest", format.secondsText(secondsMax));
    assert.equal(await page.text("#charts-lag .unit"), "age of the oldest record that waits");
    await page.tab.getByRole("radio", { name: "records" }).check({ force: true });
    await waitForLegend(page, "lag", "total", format.count(recordsSum));
    await page.close();
  });

  it("mark rebalances in all charts, and leave gaps where partitions have nobody", async () => {
    const page = await open("crash", 150);
    const simulation = simulate("crash");
    const rebalances = [];
    for (let tick = 1; tick <= 150 * 4; tick += 1) {
      simulation.advance(0.25);
      if (simulation.isRebalancing && rebalances.at(-1) !== tick - 1) rebalances.push(tick);
      else if (simulation.isRebalancing) rebalances[rebalances.length - 1] = tick;
    }
    simulation.free();
    assert.equal(rebalances.length, 2);
    // Seen by columns of pixels: the shade alone is half transparent, from top to bottom.
    const marks = await page.tab.locator("#charts .chart").evaluateAll((charts) =>
      charts.map((chart) => {
        const canvas = chart.querySelector("canvas");
        const over = chart.querySelector(".u-over").getBoundingClientRect();
        const outer = canvas.getBoundingClientRect();
        const scale = canvas.width / outer.width;
        const width = Math.floor(over.width * scale);
        const height = Math.floor(over.height * 0.45 * scale);
        // At once: reading a canvas again and again earns a warning.
        const { data } = canvas.getContext("2d").getImageData((over.left - outer.left) * scale, (over.top - outer.top) * scale, width, height);
        const rows = [0.06, 0.25, 0.43, 0.75, 0.92].map((share) => data.subarray(4 * width * Math.floor(height * share)));
        const isShaded = Array.from({ length: width }, (_, pixel) => rows.filter((row) => row[4 * pixel + 3] > 20 && row[4 * pixel + 3] < 120).length >= 3);
        const starts = [...isShaded.keys()].filter((pixel) => isShaded[pixel] && !isShaded[pixel - 1] && !isShaded[pixel - 2]);
        return starts.map((pixel) => (pixel / isShaded.length) * 150);
      }),
    );
    assert.equal(marks.length, 7);
    for (const starts of marks) {
      assert.equal(starts.length, 2, JSON.stringify(marks));
      for (const [place, start] of starts.entries()) assert.ok(Math.abs(start - rebalances[place] / 4) < 3, `${start} is not about ${rebalances[place] / 4}`);
    }
    const plot = page.tab.getByRole("group", { name: "Lag", exact: true });
    await plot.focus();
    await page.tab.keyboard.press("Home");
    for (let second = 0; second < 100; second += 10) await page.tab.keyboard.press("Shift+ArrowRight");
    await page.tab.waitForFunction(() => document.querySelector("#charts-told").textContent.startsWith("At 1:40, "));
    const lag = await legend(page, "lag");
    assert.equal(lag.total, "–", "nobody knows while a worker is dead");
    assert.equal(Object.values(lag).filter((text) => text === "–").length, 3, JSON.stringify(lag));
    await page.close();
  });

  it("zoom by dragging and by keyboard, and go back", async () => {
    const page = await open("burst", 75);
    const { tab } = page;
    const reset = tab.locator("#charts-reset");
    await reset.waitFor({ state: "hidden" });
    const over = await tab.locator("#charts-runtime .u-over").boundingBox();
    await tab.mouse.move(over.x + over.width / 3, over.y + 40);
    await tab.mouse.down();
    await tab.mouse.move(over.x + (over.width * 2) / 3, over.y + 40, { steps: 5 });
    await tab.mouse.up();
    await reset.waitFor({ state: "visible" });
    // The cursor at the left edge of another chart is now at 25 s.
    const told = async (wanted) => {
      const plot = tab.getByRole("group", { name: "Throughput", exact: true });
      await plot.focus();
      await tab.keyboard.press("Home");
      await tab.waitForFunction((start) => new RegExp(`^At ${start}, `).test(document.querySelector("#charts-told").textContent), wanted);
      await tab.keyboard.press("Escape");
    };
    await told("0:2[345]");
    await tab.mouse.dblclick(over.x + over.width / 2, over.y + 40);
    await reset.waitFor({ state: "hidden" });
    await told("0:00");
    await tab.keyboard.press("+");
    await reset.waitFor({ state: "visible" });
    await told("0:37");
    await reset.click();
    await reset.waitFor({ state: "hidden" });
    await tab.getByRole("radio", { name: "1 min" }).check({ force: true });
    await told("0:14");
    await page.close();
  });

  it("fit into every width, and keep their height from the first moment on", async () => {
    const context = { viewport: { width: 360, height: 4000 } };
    const page = await open("rebalance-storm", 120, context);
    const heights = () => page.tab.locator("#figures, #charts .chart").evaluateAll((boxes) => boxes.map((box) => box.offsetHeight));
    for (const width of [360, 860, 1280, 1440, 2560, 3000]) {
      await page.tab.setViewportSize({ width, height: 4000 });
      await page.tab.waitForFunction(() => [...document.querySelectorAll("#charts .plot")].every((plot) => Math.abs(plot.querySelector(".uplot").offsetWidth - plot.clientWidth) <= 1));
      const wide = await page.tab.locator("#figures, #charts, #charts .card, #charts .legend").evaluateAll((boxes) => boxes.filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.id));
      assert.deepEqual(wide, [], `too wide at ${width}`);
    }
    const then = await heights();
    await page.step(5);
    await shown(page, 125);
    assert.deepEqual(await heights(), then);
    await page.tab.reload();
    await page.tab.locator("#charts-errors").waitFor({ state: "attached" });
    assert.deepEqual(await heights(), then, "before anything is known");
    await page.close();
  });

  it("have names and newest values for who does not see them", async () => {
    const page = await open("steady-state", 30);
    for (const name of ["Lag", "Throughput", "Event runtime", "Spread of event runtimes", "In flight and buffered", "Busy", "Errors, retries, dead letters"]) {
      assert.equal(await page.tab.getByRole("group", { name, exact: true }).count(), 1, name);
    }
    await page.tab.waitForFunction(() => /^At 0:30, records per second: produced [\d.]+, received [\d.]+, events [\d.]+, sent [\d.]+\.$/.test(document.querySelector("#charts-throughput-summary").textContent), undefined);
    await page.close();
  });

  it("rest while they are out of view", async () => {
    const page = await open("steady-state", 30, { viewport: { width: 1440, height: 500 }, isWhole: false });
    await page.step(5);
    await shown(page, 35);
    const isEmpty = (await page.text("#charts-errors-legend")) === "";
    assert.ok(isEmpty, "nothing was drawn far below");
    await page.tab.locator("#charts-errors").scrollIntoViewIfNeeded();
    await waitForLegend(page, "errors", "dead letters", "0");
    await page.close();
  });
});
