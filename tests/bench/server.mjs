// What the live server costs its host: the longest that its event loop stands still, with busy partitions, for none, one
// and ten readers of /events and a scraper. Each case is a host process of its own; its readers are another. What other
// processes take of the processor meanwhile is left out. A table, and JSON in target/bench/server.json. Nothing fails
// because a machine is slow.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { median } from "./measure.mjs";

const seconds = Number(process.argv[2] ?? 12);
const file = (name) => fileURLToPath(new URL(name, import.meta.url));
/** Milliseconds that the loop of the host may stand still, by partitions. */
const GOALS = { 1000: 2, 10_000: 10 };

async function message(child) {
  const [told] = await Promise.race([once(child, "message"), once(child, "exit").then(([code]) => Promise.reject(new Error(`ended with ${code}`)))]);
  return told;
}

/** One host, and who reads from it. */
async function measured({ partitions, readers, scraper, thread }) {
  const host = fork(file("server-host.mjs"), [String(partitions), String(thread)], { execArgv: ["--expose-gc"] });
  const { url } = await message(host);
  const clients = fork(file("server-readers.mjs"), [url, String(readers), String(scraper)]);
  await message(clients);
  host.send({ seconds });
  const told = await message(host);
  clients.send("report");
  const heard = await message(clients);
  for (const child of [clients, host]) {
    child.kill();
    await once(child, "exit");
  }
  return { partitions, readers, scraper, thread, ...told, ...heard };
}

const cases = [100, 1000, 10_000].flatMap((partitions) => [
  { partitions, readers: 0, scraper: false, thread: true },
  { partitions, readers: 1, scraper: false, thread: true },
  { partitions, readers: 10, scraper: true, thread: true },
  { partitions, readers: 1, scraper: false, thread: false },
]);

const widths = [10, 9, 9, 8, 12, 12, 12, 12, 13];
const row = (...cells) => console.log(cells.map((cell, place) => String(cell).padStart(widths[place])).join(""));
const milliseconds = (value) => value.toFixed(2);
console.log("the longest that the host's loop stands still in a second, ms: the median of the seconds, and the worst of them\n");
row("partitions", "readers", "scraper", "thread", "no server", "median", "worst", "as passed", "goal");
const results = [];
for (const one of cases) {
  const result = await measured(one);
  results.push(result);
  const { partitions, readers, scraper, thread, without, served } = result;
  const goal = thread && readers > 0 ? GOALS[partitions] : undefined;
  const middle = median(served.blocks);
  const judged = goal === undefined ? "" : `${goal}: ${middle <= goal ? "met" : "not met"}`;
  const numbers = [median(without.blocks), middle, Math.max(...served.blocks), median(served.passed)];
  row(partitions, readers, scraper ? "yes" : "no", thread ? "own" : "host's", ...numbers.map(milliseconds), judged);
}
const report = { machine: { cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length }, node: process.version, seconds, goals: GOALS, results };
const folder = fileURLToPath(new URL("../../target/bench/", import.meta.url));
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}server.json`, `${JSON.stringify(report, null, 2)}\n`);
console.log("written to target/bench/server.json");
process.exit(0);
