// What the README shows is run: its JavaScript prints what the comments say, its asdict() is a monitor's.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { Monitor } from "streamgauge";

const root = fileURLToPath(new URL("../../", import.meta.url));
const readme = readFileSync(`${root}/README.md`, "utf8");
const blocks = (language) => [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(([, code]) => code);

test("the ten lines run, print what they say, and let the process end", () => {
  const snippets = blocks("js");
  assert.equal(snippets.length, 2, "the other one is run by kafkajs.test.mjs");
  const code = snippets[0].replace("console.log(", "console.log('printed', ");
  const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", code], { cwd: root, encoding: "utf8", timeout: 20_000 });
  assert.match(code, /\/\/ \{ orders: \{ '3': 41 \} \}\n/);
  assert.equal(printed, "printed { orders: { '3': 41 } }\n");
  assert.equal(snippets[0].split("\n").filter((line) => line.trim() !== "" && !line.startsWith("//")).length <= 10, true, "ten lines at most");
});

test("the asdict() is what a monitor gives after a few calls", () => {
  let now = 0;
  const monitor = new Monitor({ time: () => now });
  const tp = monitor.topicPartition("orders", 3);
  const stream = monitor.stream("order-totals", "totals.process");
  for (const [offset, seconds] of [[41, 0.125], [42, 0.25], [43, undefined]]) {
    const message = {};
    monitor.onMessageIn(tp, offset, message);
    if (seconds === undefined) continue;
    const event = monitor.onStreamEventIn(tp, offset, stream, message);
    monitor.onTableGet("totals", "key");
    now += seconds;
    monitor.onTableSet("totals", "key", 1);
    monitor.onStreamEventOut(tp, offset, stream, message, event);
    monitor.onMessageOut(tp, offset, message);
  }
  const commit = monitor.onCommitInitiated();
  now += 0.0625;
  monitor.onCommitCompleted(undefined, commit);
  monitor.onTpCommit([[tp, 42]]);
  const send = monitor.onSendInitiated(undefined, "totals");
  now += 0.03125;
  monitor.onSendCompleted(undefined, send);
  monitor.count("orders.large");
  monitor.trackTpEndOffset(tp, 50);
  const request = monitor.onWebRequestStart();
  now += 0.0078125;
  monitor.onWebRequestEnd(undefined, undefined, { status: 200 }, request);
  monitor.sample();
  const shown = JSON.parse(blocks("json")[0]);
  assert.deepEqual(monitor.asdict(), shown);
  assert.deepEqual(Object.keys(monitor.asdict()), Object.keys(shown), "in this order");
});

/** What is shown of a value: the same, with keys left out. */
function shownOf(whole, shown, path = "") {
  if (Array.isArray(shown)) return shown.map((entry, place) => shownOf(whole[place], entry, `${path}[${place}]`));
  if (typeof shown !== "object" || shown === null) return whole;
  return Object.fromEntries(
    Object.keys(shown).map((key) => {
      assert.ok(Object.hasOwn(whole, key), `${path}.${key} is in a snapshot`);
      return [key, shownOf(whole[key], shown[key], `${path}.${key}`)];
    }),
  );
}

/** The paths of all that a value holds, without places in lists. */
function pathsOf(value, path = "") {
  if (Array.isArray(value)) return value.flatMap((entry) => pathsOf(entry, path));
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, entry]) => pathsOf(entry, `${path}.${key}`))];
}

test("the snapshot() is what a monitor gives that reads slower than its topic is written", () => {
  let now = 0;
  const epoch = 1_700_000_000;
  const monitor = new Monitor({ time: () => now, epoch, worker: "worker-1" });
  const tp = monitor.topicPartition("orders", 3);
  monitor.onPartitionsAssigned([tp]);
  monitor.trackTpEndOffset(tp, 1000);
  for (let offset = 0; offset < 240; offset += 1) {
    // Written one and a half seconds before.
    const message = { timestamp: String((epoch + now - 1.5) * 1000) };
    monitor.onMessageIn(tp, offset, message);
    const event = monitor.onStreamEventIn(tp, offset, "order-totals", message);
    now += offset % 40 === 39 ? 1 : 0.125;
    monitor.onStreamEventOut(tp, offset, "order-totals", message, event);
    monitor.onMessageOut(tp, offset, message);
    if (offset % 40 !== 39) continue;
    monitor.onTpCommit([[tp, offset + 1]]);
    monitor.trackTpEndOffset(tp, 1000 + 2 * offset);
    monitor.sample();
  }
  monitor.onError("process", new TypeError("no price"), tp);
  const snapshot = monitor.snapshot();
  const shown = JSON.parse(blocks("json")[1]);
  assert.deepEqual(shownOf(snapshot, shown), shown);
  assert.deepEqual(JSON.parse(JSON.stringify(snapshot)), snapshot, "plain data");

  // The figures that the table names are figures.
  const names = new Set(pathsOf(snapshot).flatMap((path) => path.split(".").flatMap((_, from, keys) => keys.slice(from).join("."))));
  const answers = readme.slice(readme.indexOf("| question | figure |")).split("\n\n")[0];
  const named = [...answers.matchAll(/`([a-zA-Z][a-zA-Z.[\]]*)`/g)].map(([, name]) => name.replace("[]", ""));
  const statuses = ["ok", "warn", "stop", "stall", "rewind", "message.timestamp"];
  assert.ok(named.length > 20);
  for (const name of named.filter((name) => !statuses.includes(name))) assert.ok(names.has(name), name);
});

test("every file and folder that it names is there", () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, path]) => path);
  const rooms = [...readme.matchAll(/^\| `([^`]+)` \|/gm)].map(([, path]) => path);
  for (const path of [...links, ...rooms]) assert.ok(existsSync(`${root}/${path}`), path);
});
