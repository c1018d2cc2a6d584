// Memory, measured in processes of their own: what is forgotten comes back, what is bounded stays so.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runProgram } from "./support.mjs";

/** Makes `memory` the WebAssembly memory of the package, and imports Monitor. */
const watched = `
  import { setTimeout as sleep } from "node:timers/promises";
  let memory;
  const Instance = WebAssembly.Instance;
  WebAssembly.Instance = function (...args) {
    const instance = new Instance(...args);
    memory = instance.exports.memory;
    return instance;
  };
  const { Monitor } = await import("streamgauge");
  const megabytes = () => memory.buffer.byteLength / 2 ** 20;
  const heap = () => (gc(), process.memoryUsage().heapUsed / 2 ** 20);
  const report = (figures) => console.log(JSON.stringify(figures));
`;

const measure = async (program) => JSON.parse(await runProgram(watched + program, "--expose-gc"));

describe("memory", () => {
  it("of 30,000 forgotten monitors is reclaimed, started ones included", async () => {
    const { most, freed } = await measure(`
      let most = 0;
      for (let batch = 0; batch < 60; batch += 1) {
        for (let count = 0; count < 500; count += 1) {
          const monitor = new Monitor();
          if (count % 50 === 0) monitor.start();
          const tp = monitor.topicPartition("orders", 1);
          const state = monitor.onStreamEventIn(tp, 1, "totals");
          monitor.onStreamEventOut(tp, 1, "totals", {}, state);
        }
        gc();
        await sleep(0);
        most = Math.max(most, megabytes());
      }
      // Those that are kept show that the measure can fail.
      const kept = Array.from({ length: 5000 }, () => new Monitor());
      report({ most, freed: megabytes() - most });
      process.exit(kept.length === 5000 ? 0 : 1);
    `);
    assert.ok(most < 64, `${most} MB for 500 at a time`);
    assert.ok(freed > 50, "monitors that are kept take memory");
  });

  it("of monitors that are freed at once never grows", async () => {
    const { before, after } = await measure(`
      const use = () => {
        const monitor = new Monitor();
        monitor.onMessageIn({ topic: "orders", partition: 1 }, 1, {});
        monitor.asdict();
        monitor.free();
      };
      for (let count = 0; count < 100; count += 1) use();
      const before = megabytes();
      for (let count = 0; count < 20_000; count += 1) use();
      report({ before, after: megabytes() });
    `);
    assert.equal(after, before);
  });

  it("does not grow by a page in an hour's traffic after warm-up", async () => {
    const { pages, heapGrowth, received, sampled } = await measure(`
      let now = 0;
      const monitor = new Monitor({ time: () => now });
      const topics = ["orders", "payments", "audit"];
      const handles = topics.map((topic) => monitor.topicPartition(topic, 0));
      const stream = monitor.stream("totals", "agent");
      let sampled = 0;
      function minute(messages) {
        const rebalance = monitor.onRebalanceStart();
        for (let count = 0; count < messages; count += 1) {
          now += 60 / messages;
          const topic = topics[count % 3];
          const tp = count % 2 === 0 ? handles[count % 3] : { topic, partition: count % 16 };
          const name = count % 4 === 0 ? stream : { label: "audit", task: "task " + (count % 50) };
          const message = {};
          monitor.onMessageIn(tp, count, message);
          const state = monitor.onStreamEventIn(tp, count, name, message);
          const send = monitor.onSendInitiated(null, "results", message, 8, 100);
          if (count % 100 === 0) monitor.onSendError(null, new Error("lost"), send);
          else monitor.onSendCompleted(null, send);
          monitor.onStreamEventOut(tp, count, name, message, state);
          monitor.onMessageOut(tp, count, message);
          if (count % 10 === 0) {
            monitor.onTableSet("counts", count, count);
            monitor.trackTpEndOffset(tp, count + 10);
            monitor.count("bytes", count);
          }
          if (count % 500 === 0) {
            const commit = monitor.onCommitInitiated();
            monitor.onTpCommit([[tp, count], [handles[0], count]]);
            monitor.onCommitCompleted(null, commit);
            monitor.onTopicBufferFull(topic);
            monitor.onWebRequestEnd(null, null, { status: 200 + (count % 7) }, monitor.onWebRequestStart());
            monitor.onAssignmentCompleted(null, monitor.onAssignmentStart());
            monitor.asdict();
          }
          if (count % Math.floor(messages / 60) === 0) {
            monitor.sample();
            sampled += 1;
          }
        }
        monitor.onRebalanceReturn(null, rebalance);
        monitor.onRebalanceEnd(null, rebalance);
      }
      minute(33_000);
      const before = memory.buffer.byteLength;
      const heapBefore = heap();
      for (let count = 0; count < 60; count += 1) minute(33_000);
      report({
        pages: (memory.buffer.byteLength - before) / 65536,
        heapGrowth: heap() - heapBefore,
        received: monitor.messagesReceivedTotal,
        sampled,
      });
    `);
    assert.equal(received, 61 * 33_000);
    assert.ok(sampled >= 3600);
    assert.equal(pages, 0);
    assert.ok(heapGrowth < 1, `the heap grew by ${heapGrowth} MB`);
  });

  it("stays bounded under a million distinct names (D9)", async () => {
    const { pages, heapGrowth, labels, partitions } = await measure(`
      const monitor = new Monitor({ maxLabels: 100, maxPartitions: 100, time: () => 1 });
      const hooks = [
        (name, number) => monitor.onMessageIn({ topic: name, partition: number }, 1, {}),
        (name, number) => monitor.onStreamEventIn({ topic: "orders", partition: number }, 1, { label: name, task: name }),
        (name) => monitor.onSendInitiated(null, name),
        (name) => monitor.onTopicBufferFull(name),
        (name) => monitor.onTableSet({ name }),
        (name) => monitor.count(name),
        (name, number) => monitor.onTpCommit([[{ topic: name, partition: number }, 1]]),
        (name, number) => monitor.trackTpEndOffset({ topic: name, partition: number }, 1),
        (name, number) => monitor.topicPartition(name, number),
        (name) => monitor.stream(name, name),
      ];
      const use = (number) => hooks[number % hooks.length]("a name that is seen once, number " + number, number);
      for (let number = 0; number < 20_000; number += 1) use(number);
      monitor.asdict();
      const before = memory.buffer.byteLength;
      const heapBefore = heap();
      for (let number = 20_000; number < 1_000_000; number += 1) use(number);
      const dict = monitor.asdict();
      report({
        pages: (memory.buffer.byteLength - before) / 65536,
        heapGrowth: heap() - heapBefore,
        labels: Object.keys(dict.metric_counts).length,
        partitions: Object.keys(dict.topic_committed_offsets).length,
      });
    `);
    assert.equal(labels, 101);
    assert.ok(partitions <= 100);
    assert.equal(pages, 0);
    // One map of a million such names takes a hundred times this.
    assert.ok(heapGrowth < 1, `the heap grew by ${heapGrowth} MB`);
  });
});
