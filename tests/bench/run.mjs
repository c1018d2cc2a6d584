// `npm run bench`, the JavaScript half: each scenario in a process of its own, a table against the
// project's goals, and JSON in target/bench/javascript.json. Nothing fails because a machine is slow.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { median, minimum, ratio } from "./measure.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const child = fileURLToPath(new URL("child.mjs", import.meta.url));
const turns = Number(process.argv[2] ?? 21);

function measured(scenario) {
  const args = ["--expose-gc", child, scenario, String(turns)];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 }));
}

/** What is shown: scenario, subject, what it is compared with, the most that the ratio should be. */
const rows = [
  ["fake clock, handles", "plain"],
  ["fake clock, handles", "ours", "plain", 0.75],
  ["fake clock, plain objects", "ours", "plain", 1.25],
  ["fake clock, fresh objects", "ours", "plain"],
  ["peers", "four clock reads"],
  ["real clock, handles", "plain"],
  ["real clock, handles", "ours", "plain", 1.05],
  ["real clock, plain objects", "ours", "plain"],
  ["peers", "prom-client"],
  ["peers", "OpenTelemetry"],
  ["peers", "ours", "prom-client", 1 / 6],
  ["mixed", "ours, fake clock, handles", "plain"],
  ["mixed", "ours, fake clock, plain objects", "plain"],
  ["reading", "deep copy"],
  ["reading", "asdict()", "deep copy", 1],
  ["reading", "sample()"],
  ["reading", "snapshot()"],
  ["reading", "snapshotBytes()"],
  ["a scrape of 3,000 lines", "prom-client"],
  ["a scrape of 3,000 lines", "prom-client, to bytes"],
  ["a scrape of 3,000 lines", "ours, to bytes", "prom-client, to bytes", 1 / 10],
  ["a scrape of 3,000 lines", "ours, a string to bytes", "prom-client, to bytes"],
  ["a scrape of 3,000 lines", "ours, a string", "prom-client", 1 / 10],
  ["a scrape of 3,000 lines", "ours, classic text", "prom-client"],
  ["a scrape of 3,000 lines", "ours, from an object", "prom-client"],
  ["a scrape of 3,000 lines", "ours, in prom-client's registry", "prom-client"],
];

const scenarios = new Map();
for (const [name] of rows) {
  if (scenarios.has(name)) continue;
  process.stderr.write(`measuring: ${name}\n`);
  scenarios.set(name, measured(name));
}
process.stderr.write("measuring: memory\n");
const memory = measured("memory");

const results = rows.map(([scenario, subject, yardstick, goal]) => {
  const all = scenarios.get(scenario);
  const rounds = all[subject];
  const times = yardstick === undefined ? null : ratio(rounds, all[yardstick]);
  return { scenario, subject, minimum: minimum(rounds), median: median(rounds), yardstick: yardstick ?? null, ratio: times, goal: goal ?? null };
});

const files = ["streamgauge.wasm", "browser.js", "node.cjs"].map((name) => {
  const bytes = readFileSync(`${root}/dist/${name}`);
  return { name, bytes: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
});

const nanoseconds = (value) => (value < 1000 ? `${value.toFixed(1)} ns` : `${(value / 1000).toFixed(2)} us`);
function line(scenario, subject, least, middle, share, goal) {
  console.log(`${scenario.padEnd(27)}${subject.padEnd(33)}${least.padStart(10)}${middle.padStart(11)}  ${share.padEnd(30)}${goal}`);
}
line("scenario", "one operation", "minimum", "median", "ratio", "goal");
for (const { scenario, subject, minimum, median, yardstick, ratio, goal } of results) {
  const share = ratio === null ? "" : `${ratio.toFixed(2)} of ${yardstick}`;
  const judged = goal === null ? "" : `${goal.toFixed(2)}: ${ratio <= goal ? "met" : "not met"}`;
  line(scenario, subject, nanoseconds(minimum), nanoseconds(median), share, judged);
}
const [wasm] = files;
console.log(`\nwasm ${wasm.bytes} bytes, ${wasm.gzip} with gzip; goal 40 KB: ${wasm.gzip <= 40 * 1024 ? "met" : "not met"}`);
for (const { name, bytes, gzip } of files.slice(1)) console.log(`${name} ${bytes} bytes, ${gzip} with gzip`);
const grown = memory.after - memory.before;
console.log(`wasm memory after an hour's traffic (${memory.messages} messages): ${grown} bytes more; goal 0: ${grown === 0 ? "met" : "not met"}`);
console.log("For comparison, not measured here: Faust's Monitor on Python 3.11 takes about 4,500 ns a message.");

const git = (...args) => {
  try {
    return execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return null;
  }
};
const version = (name) => JSON.parse(readFileSync(`${root}/node_modules/${name}/package.json`, "utf8")).version;
const report = {
  date: new Date().toISOString(),
  machine: { cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length, platform: `${process.platform} ${process.arch}` },
  versions: {
    node: process.version,
    v8: process.versions.v8,
    streamgauge: JSON.parse(readFileSync(`${root}/package.json`, "utf8")).version,
    "prom-client": version("prom-client"),
    "@opentelemetry/sdk-metrics": version("@opentelemetry/sdk-metrics"),
  },
  commit: git("rev-parse", "HEAD"),
  changed: git("status", "--porcelain") !== "",
  turns,
  results,
  files,
  memory,
};
mkdirSync(`${root}/target/bench`, { recursive: true });
writeFileSync(`${root}/target/bench/javascript.json`, `${JSON.stringify(report, null, 2)}\n`);
console.log("written to target/bench/javascript.json");
