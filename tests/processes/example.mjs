// Two worker threads that count for themselves, gathered by who started them; and how busy the event loop was meanwhile.
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { Monitor } from "streamgauge";
import { gather, reportTo, watchEventLoop } from "streamgauge/node";

const monitor = new Monitor({ worker: isMainThread ? "main" : workerData.name });
if (isMainThread) {
  const watch = watchEventLoop(monitor);
  const gathering = gather({ monitor });
  const workers = ["first", "second"].map((name) => new Worker(fileURLToPath(import.meta.url), { workerData: { name } }));
  for (const worker of workers) gathering.add(worker);
  await Promise.all(workers.map((worker) => once(worker, "exit")));
  const { utilization } = watch.take();
  watch.detach();
  const { merged, messages } = gathering.snapshot();
  console.log(JSON.stringify({ workers: merged.map(({ worker }) => worker).sort(), received: messages.received, isBusy: utilization > 0 }));
} else {
  reportTo(null, monitor);
  monitor.onMessageIn({ topic: "orders", partition: 0 }, 1, {});
}
