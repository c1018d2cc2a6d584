// A worker process of the dashboard's test: it handles what it is told to and serves its figures.
import { Monitor } from "streamgauge";
import { serve } from "streamgauge/server";

const [worker, partition, port] = process.argv.slice(2);
const monitor = new Monitor({ worker }).start();
const tp = monitor.topicPartition("orders", Number(partition));
monitor.onPartitionsAssigned([tp]);
const server = await serve(monitor, { port: Number(port ?? 0), intervalSeconds: 0.1, token: process.env.WORKER_TOKEN, keepAlive: true });
let offset = 0;
process.on("message", (count) => {
  for (let left = count; left > 0; left -= 1, offset += 1) {
    const message = {};
    monitor.onMessageIn(tp, offset, message);
    monitor.onMessageOut(tp, offset, message);
  }
  monitor.trackTpEndOffset(tp, offset + 5);
});
process.send(server.url);
