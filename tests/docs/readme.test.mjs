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
  assert.equal(snippets.length, 1);
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

test("every file and folder that it names is there", () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, path]) => path);
  const rooms = [...readme.matchAll(/^\| `([^`]+)` \|/gm)].map(([, path]) => path);
  for (const path of [...links, ...rooms]) assert.ok(existsSync(`${root}/${path}`), path);
});
