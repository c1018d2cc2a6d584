// Worker processes, and what each told last.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("worker.mjs", import.meta.url));

/** A worker process: `{ name, url, latest, exited, order(), next(), kill() }`. `onHandled(topic, partition, offset)` hears of every record. */
export async function startWorker(name, { brokers, group, onHandled }) {
  const child = fork(program, [`--name=${name}`, `--brokers=${brokers.join(",")}`, `--group=${group}`], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (errors += text));
  const exited = new Promise((resolve) => child.once("close", (code, signal) => resolve(signal ?? code)));
  const waiting = [];
  const worker = {
    name,
    /** The newest report. */
    latest: undefined,
    exited,
    /** How it ended: an exit code or a signal; undefined while it lives. */
    ended: undefined,
    errors: () => errors,
    order: (message) => child.send(message),
    /** The next message that has `key`. */
    next: (key) =>
      new Promise((resolve, reject) => {
        waiting.push({ key, resolve });
        exited.then((how) => reject(new Error(`${name} ended (${how}) before it told "${key}":\n${errors}`)));
      }),
    kill: () => child.kill("SIGKILL"),
  };
  void exited.then((how) => (worker.ended = how));
  child.on("message", (message) => {
    if (message.handled) return onHandled(...message.handled);
    if (message.report) worker.latest = message.report;
    for (const one of [...waiting]) {
      if (message[one.key] === undefined) continue;
      waiting.splice(waiting.indexOf(one), 1);
      one.resolve(message[one.key]);
    }
  });
  worker.url = await worker.next("ready");
  return worker;
}

/** A report that was asked for now. */
export function freshReport(worker) {
  const report = worker.next("report");
  worker.order({ report: true });
  return report;
}
