// sample(), start(), stop().
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { effectOf, monitored, orders, runProgram } from "./support.mjs";

function oneEvent({ clock, monitor }, seconds) {
  const state = monitor.onStreamEventIn(orders, 1, "totals");
  clock.advance(seconds);
  monitor.onStreamEventOut(orders, 1, "totals", {}, state);
}

describe("sample()", () => {
  it("takes the median of every deque, the mean of the middle two for an even count", () => {
    const both = monitored();
    const { clock, monitor } = both;
    for (const seconds of [8, 1, 2]) oneEvent(both, seconds);
    for (const seconds of [4, 1, 0.5, 3]) {
      const web = monitor.onWebRequestStart();
      const rebalance = monitor.onRebalanceStart();
      clock.advance(seconds);
      monitor.onWebRequestEnd({}, {}, null, web);
      monitor.onRebalanceReturn({}, rebalance);
      clock.advance(1);
      monitor.onRebalanceEnd({}, rebalance);
    }
    assert.deepStrictEqual([monitor.eventsRuntimeAvg, monitor.httpResponseLatencyAvg], [0, 0], "only the sampler refreshes them");
    monitor.sample();
    assert.equal(monitor.eventsRuntimeAvg, 2);
    assert.equal(monitor.httpResponseLatencyAvg, 2);
    assert.equal(monitor.rebalanceReturnAvg, 2);
    assert.equal(monitor.rebalanceEndAvg, 3);
    assert.deepStrictEqual(monitor.eventsRuntime, [8, 1, 2], "the deque keeps its order");
  });

  it("leaves the average of an empty deque as it is", () => {
    const { monitor } = monitored({ eventsRuntimeAvg: 7, httpResponseLatencyAvg: 8, rebalanceReturnAvg: 9, rebalanceEndAvg: 10 });
    assert.deepStrictEqual(effectOf(monitor, () => monitor.sample()), {});
  });

  it("gives the growth since the sample before, whatever time passed", () => {
    const both = monitored({ messagesReceivedTotal: 1000, eventsTotal: 500 });
    const { clock, monitor } = both;
    for (let offset = 0; offset < 5; offset += 1) monitor.onMessageIn(orders, offset, {});
    for (let event = 0; event < 3; event += 1) oneEvent(both, 0.25);
    clock.advance(10);
    monitor.sample();
    assert.deepStrictEqual([monitor.messagesS, monitor.eventsS], [5, 3]);
    monitor.onMessageIn(orders, 6, {});
    monitor.sample();
    assert.deepStrictEqual([monitor.messagesS, monitor.eventsS], [1, 0]);
    monitor.sample();
    assert.deepStrictEqual([monitor.messagesS, monitor.eventsS], [0, 0]);
  });
});

describe("start() and stop()", () => {
  it("sample once a second, and no more after stop()", (t) => {
    t.mock.timers.enable({ apis: ["setInterval"] });
    const { monitor } = monitored();
    assert.equal(monitor.start(), monitor);
    assert.equal(monitor.start(), monitor, "started twice ticks once");
    monitor.onMessageIn(orders, 1, {});
    t.mock.timers.tick(999);
    assert.equal(monitor.messagesS, 0);
    t.mock.timers.tick(1);
    assert.equal(monitor.messagesS, 1);
    monitor.onMessageIn(orders, 2, {});
    monitor.onMessageIn(orders, 3, {});
    t.mock.timers.tick(1000);
    assert.equal(monitor.messagesS, 2);
    assert.equal(monitor.stop(), monitor);
    monitor.stop();
    t.mock.timers.tick(10_000);
    assert.equal(monitor.messagesS, 2);
    monitor.start();
    t.mock.timers.tick(1000);
    assert.equal(monitor.messagesS, 0);
    monitor.free();
    t.mock.timers.tick(10_000);
  });

  it("free() stops the sampler", (t) => {
    t.mock.timers.enable({ apis: ["setInterval"] });
    const { monitor } = monitored();
    monitor.start();
    monitor.free();
    t.mock.timers.tick(10_000);
    assert.throws(() => monitor.start(), { code: "ERR_MONITOR_FREED" });
  });

  it("never keep a process alive", async () => {
    const program = `
      import { Monitor } from "streamgauge";
      const monitor = new Monitor().start();
      process.on("exit", () => console.log(monitor.asdict().messages_s));`;
    assert.equal(await runProgram(program), "0\n");
  });

  it("tick on a real timer while something else keeps the process alive", async () => {
    const program = `
      import { Monitor } from "streamgauge";
      const monitor = new Monitor().start();
      monitor.onMessageIn({ topic: "orders", partition: 0 }, 1, {});
      const deadline = performance.now() + 15_000;
      const wait = setInterval(() => {
        if (monitor.messagesS === 0 && performance.now() < deadline) return;
        clearInterval(wait);
        console.log(monitor.messagesS);
      }, 20);`;
    assert.equal(await runProgram(program), "1\n");
  });
});
