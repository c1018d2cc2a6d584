// A host that blocks its event loop when it is told to, for as long as a file is there.
import { existsSync } from "node:fs";
import { Monitor } from "streamgauge";
import { serve } from "streamgauge/server";

const [file] = process.argv.slice(2);
const monitor = new Monitor({ worker: "busy" });
const tp = monitor.topicPartition("orders", 0);
monitor.onPartitionsAssigned([tp]);
let reads = 0;
const source = {
  snapshot() {
    reads += 1;
    return monitor.snapshotBytes();
  },
  asdict: () => monitor.asdict(),
};
const server = await serve(source, { intervalSeconds: 0.1, keepAlive: true });
const cell = new Int32Array(new SharedArrayBuffer(4));
process.on("message", () => {
  const before = reads;
  process.send({ blocked: true });
  // Not in the turn in which it is sent.
  setImmediate(() => {
    while (existsSync(file)) Atomics.wait(cell, 0, 0, 20);
    monitor.onMessageIn(tp, 0, {});
    // All that came in the meantime is heard before this.
    setTimeout(() => process.send({ readsWhenBack: reads - before }), 0);
  });
});
process.send({ url: server.url });
