// A worker of a thread or of a cluster: receives as many messages as it is told, and ends the way it is told.
import cluster from "node:cluster";
import { parentPort, workerData } from "node:worker_threads";
import { Monitor } from "streamgauge";
import { reportTo } from "streamgauge/node";

const { messages, topic, end, worker } = workerData ?? JSON.parse(process.env.WORK);
const monitor = new Monitor(worker === undefined ? {} : { worker });
const channel = parentPort ?? process;
// Often while it lives; never, where only the report at its end shall count.
const attachment = reportTo(cluster.isWorker ? process : undefined, monitor, { intervalSeconds: end === "exit" ? 3600 : 0.02 });
for (let offset = 0; offset < messages; offset += 1) {
  const message = {};
  monitor.onMessageIn({ topic, partition: 0 }, offset, message);
  // The last one stays in flight.
  if (offset < messages - 1) monitor.onMessageOut({ topic, partition: 0 }, offset, message);
}
monitor.onPartitionsAssigned([{ topic, partition: 0 }]);
const tell = (message) => (channel.postMessage ? channel.postMessage(message) : channel.send(message));
tell({ type: "host's own", snapshot: 7 });
if (end === "exit") process.exit(0);
if (end === "detach") {
  attachment.detach();
  tell("detached");
}
setInterval(() => {}, 1000);
