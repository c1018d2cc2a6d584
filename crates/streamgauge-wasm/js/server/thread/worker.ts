/** The thread that serves: a file of its own, which `serve` starts. */

import { parentPort, workerData } from "node:worker_threads";
import { listen } from "../listen.js";
import { HostReader } from "./host-reader.js";
import { passError, type Beginning, type FromHost, type FromServer } from "./messages.js";

const host = parentPort!;
const { options, hasStats, clients } = workerData as Beginning;
const count = new Int32Array(clients);
const tell = (message: FromServer): void => host.postMessage(message);
const reader = new HostReader(hasStats, (wanted) => tell({ kind: "ask", wanted }));

const listeners = {
  warn: (message: string) => tell({ kind: "warn", message }),
  onCount: (readers: number) => void Atomics.store(count, 0, readers),
};

// What keeps this thread alive is its server: whether that keeps the process alive is the host's to say.
listen(reader, { ...options, keepAlive: true }, listeners).then(
  ({ address, close }) => {
    host.on("message", (message: FromHost) => {
      if (message.kind !== "close") reader.take(message);
      else void close().then(() => host.close());
    });
    tell({ kind: "listening", address });
  },
  (error: unknown) => {
    tell({ kind: "refused", error: passError(error) });
    host.close();
  },
);
