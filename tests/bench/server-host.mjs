// A host for tests/bench/server.mjs: partitions that all move every second, a few at a time, and a timer that tells how
// long the event loop stands still.
import { openSync, readSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { Monitor } from "streamgauge";
import { serve } from "streamgauge/server";

const [partitions, thread] = [Number(process.argv[2]), process.argv[3] === "true"];
const monitor = new Monitor({ worker: "busy" });
const tps = Array.from({ length: partitions }, (_, place) => monitor.topicPartition(`topic-${place % 10}`, Math.floor(place / 10)));
monitor.onPartitionsAssigned(tps);
monitor.start();

/** Milliseconds. All partitions in a second, so many at a time that no step is long itself. */
const STEP = 10;
const inStep = Math.ceil((partitions * STEP) / 1000);
let next = 0;
function step() {
  for (let count = 0; count < inStep; count += 1, next += 1) {
    const tp = tps[next % partitions];
    const offset = Math.floor(next / partitions);
    const message = {};
    monitor.onMessageIn(tp, offset, message);
    const event = monitor.onStreamEventIn(tp, offset, "totals", message);
    monitor.onStreamEventOut(tp, offset, "totals", message, event);
    monitor.onMessageOut(tp, offset, message);
    monitor.trackTpEndOffset(tp, offset + 5);
    if (offset % 5 === 0) monitor.onTpCommit([[tp, offset]]);
  }
}
setInterval(step, STEP);

/** Nanoseconds that this thread waited for a processor so far, where the system tells (Linux); 0 where not. */
const waited = (() => {
  try {
    const file = openSync(`/proc/${process.pid}/task/${process.pid}/schedstat`);
    const bytes = Buffer.alloc(96);
    return () => Number(bytes.latin1Slice(0, readSync(file, bytes, 0, bytes.length, 0)).split(" ")[1]);
  } catch {
    return () => 0;
  }
})();

/**
 * Each second's longest time between two turns of a loop that never waits, in milliseconds: as it passed, and without
 * the time in which other processes had the processor.
 */
function watch(seconds) {
  return new Promise((resolve) => {
    const told = { passed: [], blocks: [] };
    let longest = { passed: 0, block: 0 };
    let [last, lastWaited] = [performance.now(), waited()];
    let second = last;
    const turn = () => {
      const [now, nowWaited] = [performance.now(), waited()];
      const passed = now - last;
      const block = passed - (nowWaited - lastWaited) / 1e6;
      longest = { passed: Math.max(longest.passed, passed), block: Math.max(longest.block, block) };
      [last, lastWaited] = [now, nowWaited];
      if (now - second >= 1000) {
        told.passed.push(longest.passed);
        told.blocks.push(longest.block);
        longest = { passed: 0, block: 0 };
        second = now;
      }
      if (told.blocks.length < seconds) setImmediate(turn);
      else resolve(told);
    };
    setImmediate(turn);
  });
}

// What the machine and the host do without a server.
await watch(2);
globalThis.gc?.();
const without = await watch(4);
const server = await serve(monitor, { worker: thread, keepAlive: true, page: false });
process.send({ url: server.url });
process.on("message", async ({ seconds }) => {
  // Past what is loaded and compiled at the first reading.
  await watch(4);
  globalThis.gc?.();
  process.send({ without, served: await watch(seconds) });
});
