import { fork } from "node:child_process";
import cluster from "node:cluster";
import { MessageChannel, parentPort, Worker } from "node:worker_threads";
import { Monitor, type Snapshot } from "streamgauge";
import { gather, reportTo, watchEventLoop, type Attachment, type EventLoopFigures, type Gathering } from "streamgauge/node";

const monitor = new Monitor();
const gathering: Gathering = gather({ monitor });
export const added = (): void => {
  gathering.add(new Worker("worker.mjs"));
  gathering.add(fork("worker.mjs"));
  cluster.on("fork", (worker) => gathering.add(worker));
};
export const merged: Snapshot | null = gathering.snapshot();
export const reports = (): Attachment[] => [
  reportTo(parentPort, monitor),
  reportTo(process, monitor, { intervalSeconds: 5 }),
  reportTo(new MessageChannel().port1, monitor),
  reportTo(undefined, monitor),
];
export const last: EventLoopFigures | null = watchEventLoop(monitor).lastInterval;
