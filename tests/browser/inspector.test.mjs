// What is selected, in full.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startPage } from "./page.mjs";

let site;
before(async () => {
  site = await startPage();
});
after(() => site?.close());

async function openAt(search, options = {}) {
  const page = await site.open({ search: `${search}&paused`, ...options });
  const time = Number(new URLSearchParams(search).get("time") ?? 0);
  await page.tab.waitForFunction((wanted) => Number(document.querySelector("#inspector").dataset.time) >= wanted - 1e-6, time);
  await page.tab.locator("#topology-lane-0").waitFor({ state: "attached" });
  return page;
}

/** Term by term: the value, without its note. */
const factsOf = (page) =>
  page.tab.locator("#inspector dl").evaluate((list) => Object.fromEntries([...list.querySelectorAll("dt")].map((term) => [term.textContent, term.nextElementSibling.querySelector(".inspector-value, .inspector-link").textContent])));

/** By the keyboard: so many lanes down from the first. */
async function selectLane(page, place) {
  await page.tab.locator("#topology-list").focus();
  await page.tab.keyboard.press("Home");
  for (let down = 0; down < place; down += 1) await page.tab.keyboard.press("ArrowDown");
  await page.tab.keyboard.press("Enter");
  await page.tab.locator('#inspector[data-kind="partition"]').waitFor();
}

test("nothing selected: how to select, the group in short, and its worst partition, which a button selects", async () => {
  const page = await openAt("?scenario=hot-key&seed=1&time=100");
  assert.match(await page.text(".inspector-words"), /^Click a lane or a worker/);
  const facts = await factsOf(page);
  assert.equal(facts["Workers up"], "4 of 4");
  assert.equal(facts["Partitions owned"], "8");
  assert.equal(facts["Generation"], "0");
  assert.match(await page.text("#inspector-worst"), /^Worst: orders \d, warn, \d+ waiting$/);
  const number = (await page.text("#inspector-worst")).match(/orders (\d)/)[1];
  await page.tab.locator("#inspector-worst").click();
  assert.equal(await page.text("#inspector h2"), `orders ${number}`);
  assert.equal(await page.tab.locator("#inspector .pill").textContent(), "warn");
  await page.tab.locator("#inspector-close").click();
  assert.equal(await page.text("#inspector h2"), "Consumer group");
  assert.equal(await page.tab.evaluate(() => document.activeElement.id), "topology-list");
  await page.close();
});

test("a partition: its offsets add up, and they follow the time", async () => {
  const page = await openAt("?scenario=slow-consumer&seed=1&time=100");
  await selectLane(page, 2);
  const facts = await factsOf(page);
  const number = (text) => Number(text.replace(/[^\d]/g, ""));
  assert.equal(facts["Owner"], "worker-2");
  assert.equal(facts["Broker"], "2");
  assert.ok(number(facts["Lag"]) > 100);
  assert.equal(number(facts["Lag"]), number(facts["High watermark"]) - number(facts["Position"]));
  assert.equal(number(facts["Committed lag"]), number(facts["High watermark"]) - number(facts["Committed"]));
  assert.match(facts["Lag in time"], /^\d+ s$/);
  assert.match(facts["Trend"], /^\+\d\.\d records\/s$/);
  await page.step(5);
  const later = await factsOf(page);
  assert.ok(number(later["High watermark"]) > number(facts["High watermark"]));
  await page.close();
});

test("a partition whose owner died still has its offsets, and says who does not answer", async () => {
  const page = await openAt("?scenario=crash&seed=1&time=100");
  await selectLane(page, 1);
  const facts = await factsOf(page);
  assert.equal(facts["Owner"], "worker-1");
  assert.match(facts["Lag"], /^\d+ records$/);
  assert.equal(await page.tab.locator("#inspector dd").first().textContent(), "worker-1crashed");
  assert.equal(await page.text(".inspector-words"), "No worker that is up says anything about it.");
  assert.equal(await page.tab.locator("#inspector .pill").textContent(), "unknown");
  await page.close();
});

test("a worker, reached by its name: its own monitor's figures", async () => {
  const page = await openAt("?scenario=slow-consumer&seed=1&time=100");
  await selectLane(page, 2);
  await page.tab.locator("#inspector .inspector-link").click();
  assert.equal(await page.text("#inspector h2"), "worker-2");
  await page.tab.waitForFunction(() => [...document.querySelectorAll("#inspector dt")].some((term) => term.textContent === "Event runtime, p50" && / ms$/.test(term.nextElementSibling.querySelector(".inspector-value").textContent)));
  const facts = await factsOf(page);
  assert.equal(facts["State"], "running");
  assert.equal(facts["Partitions"], "3");
  assert.equal(facts["Busy"], "100%");
  const [p50, p95, p99] = ["p50", "p95", "p99"].map((name) => Number(facts[`Event runtime, ${name}`].replace(" ms", "")));
  assert.ok(p50 <= p95 && p95 <= p99, `${p50} ${p95} ${p99}`);
  assert.ok(p95 > 50, "eight times a hundredth of a second");
  assert.match(facts["Last heartbeat"], / ago$/);
  assert.match(await page.tab.locator("#inspector dl").textContent(), /orders 2, 5, 8/);
  await page.close();
});

test("it never overflows, and keeps its height while others are selected", async () => {
  for (const width of [360, 1440]) {
    const page = await openAt("?scenario=crash&seed=1&time=100", { viewport: { width, height: 900 } });
    const size = () => page.tab.locator("#inspector").evaluate((root) => ({ height: root.offsetHeight, over: root.scrollWidth - root.clientWidth }));
    const empty = await size();
    assert.equal(empty.over, 0);
    await selectLane(page, 1);
    assert.deepEqual(await size(), empty);
    await page.tab.locator("#inspector .inspector-link").click();
    await page.tab.locator('#inspector[data-kind="worker"]').waitFor();
    assert.deepEqual(await size(), empty);
    await page.close();
  }
});
