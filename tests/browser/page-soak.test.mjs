// Ten simulated hours in the page, in flat memory: the page's heap, its nodes, and the simulator's own memory.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { load } from "./modules.mjs";
import { startPage } from "./page.mjs";

const HOURS = 10;
/** Ten seconds each; as many as after which the history of moments is at the same fill again, see www/src/model/history.ts. */
const STEPS = 300;
const ROUNDS = (HOURS * 3600) / (STEPS * 10);
/** From then on everything that is bounded has been full. */
const WARM = 5;

/** Light, so that the hours are short; and with a rebalance now and then, so that things happen. */
const scenario = {
  title: "Ten hours",
  topics: [{ name: "orders", partitions: 4 }],
  producers: [{ pace: { perSecond: 2 } }],
  group: { workers: 2, commitInterval: 30 },
  web: { perSecond: 0.05 },
  commands: Array.from({ length: 60 }, (_, place) => ({ at: place * 600 + 300, command: "stall", worker: place % 2, seconds: 20 })),
};

/** Before the worker's own program: keeps the simulator's memory where a test finds it. */
const keepMemory = `for (const name of ["instantiate", "instantiateStreaming"]) {
  const original = WebAssembly[name];
  WebAssembly[name] = async (...passed) => {
    const made = await original.apply(WebAssembly, passed);
    self.simulatorMemory = (made.instance ?? made).exports.memory;
    return made;
  };
}
`;

describe("ten simulated hours", { timeout: 600_000 }, () => {
  let site;
  before(async () => {
    site = await startPage();
  });
  after(() => site?.close());

  it("leave the page's memory as it was", async (context) => {
    const { packPlan } = await load("app/address/plan.ts");
    const page = await site.open({ search: `?plan=${await packPlan(scenario)}&speed=1000&paused` });
    const { tab } = page;
    await tab.route("**/assets/worker-*.js", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: keepMemory + (await response.text()) });
    });
    await tab.reload();
    await tab.locator("#controls[data-time]").waitFor();
    const devtools = await tab.context().newCDPSession(tab);
    const measure = async () => {
      await devtools.send("HeapProfiler.collectGarbage");
      const { usedSize } = await devtools.send("Runtime.getHeapUsage");
      const { nodes, jsEventListeners } = await devtools.send("Memory.getDOMCounters");
      const wasm = await tab.workers()[0].evaluate(() => self.simulatorMemory.buffer.byteLength);
      return { heap: usedSize, nodes, listeners: jsEventListeners, wasm };
    };
    const readings = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      await tab.evaluate((times) => {
        for (let time = 0; time < times; time += 1) document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", shiftKey: true, bubbles: true }));
      }, STEPS);
      await tab.waitForFunction((wanted) => Number(document.querySelector("#controls").dataset.time) >= wanted, round * STEPS * 10);
      readings.push(await measure());
    }
    assert.equal(await tab.locator("#transport-clock").textContent(), "10:00:00.0");
    for (const { heap, nodes, listeners, wasm } of readings) context.diagnostic(`heap ${(heap / 1e6).toFixed(2)} MB, ${nodes} nodes, ${listeners} listeners, simulator ${(wasm / 1e6).toFixed(2)} MB`);
    const warm = readings[WARM - 1];
    const last = readings.at(-1);
    assert.ok(last.heap < warm.heap * 1.1 + 5e5, `the heap grew from ${warm.heap} to ${last.heap} bytes`);
    assert.ok(last.nodes < warm.nodes * 1.1 + 100, `${warm.nodes} nodes became ${last.nodes}`);
    assert.ok(last.listeners < warm.listeners * 1.1 + 20, `${warm.listeners} listeners became ${last.listeners}`);
    // Pages of 64 KiB: rarer values fill further buckets, ever more slowly.
    assert.ok(last.wasm <= warm.wasm + 4 * 65_536, `the simulator's memory grew from ${warm.wasm} to ${last.wasm} bytes`);
    await page.close();
  });
});
