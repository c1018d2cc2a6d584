// Workers that crash again and again: their counts stay, what is kept of them does not grow.
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { it } from "node:test";
import { Monitor } from "streamgauge";
import { gather } from "streamgauge/node";

/** A worker as `gather` sees it: it counts `messages`, reports, and ends. */
function livesAndEnds(gathering, name, messages) {
  const worker = new EventEmitter();
  gathering.add(worker);
  const monitor = new Monitor({ worker: name });
  for (let offset = 0; offset < messages; offset += 1) monitor.onMessageIn({ topic: "orders", partition: 0 }, offset, {});
  worker.emit("message", { type: "streamgauge/report", snapshot: Buffer.from(monitor.snapshotBytes()).toString("base64") });
  worker.emit("exit", 1);
  monitor.free();
  return worker;
}

it("a hundred ends of workers are 33 lives, with every message counted", () => {
  const gathering = gather();
  const workers = Array.from({ length: 100 }, (_, place) => livesAndEnds(gathering, `worker-${place % 5}`, place + 1));
  const { messages, merged, partitions } = gathering.snapshot();
  assert.deepEqual([messages.received, messages.receivedByTopic], [5050, { orders: 5050 }]);
  assert.deepEqual([messages.active, partitions], [0, []]);
  assert.equal(merged.length, 33);
  assert.equal(gathering.faults, 0);
  // Those that are one life by now are heard no more, the others may still tell.
  assert.deepEqual([workers[67].listenerCount("message"), workers[68].listenerCount("message")], [0, 1]);
  gathering.detach();
  assert.equal(workers[99].listenerCount("message"), 0);
});

it("one that ends twice ended once", () => {
  const gathering = gather();
  livesAndEnds(gathering, "worker-1", 3).emit("exit", 1);
  assert.equal(gathering.snapshot().messages.received, 3);
});
