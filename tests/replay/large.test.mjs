// A large trace streams: memory stays flat, and a terminal shows how far it is.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../../dist/cli.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "streamgauge-large-"));
after(() => rmSync(folder, { recursive: true }));

const large = join(folder, "large.jsonl");
const small = join(folder, "small.jsonl");

/** A trace of at least so many bytes, every message and token with a label of its own. */
function write(path, bytes) {
  const file = openSync(path, "w");
  let written = writeSync(file, '{"trace": "streamgauge/1", "options": {}}\n');
  let message = 0;
  while (written < bytes) {
    const lines = [];
    for (let end = message + 1000; message < end; message += 1) {
      const at = message / 1000;
      const tp = [`topic-${message % 4}`, message % 16];
      const call = { tp, offset: message, message: `message-${message}` };
      const event = { tp, offset: message, stream: "totals", task: null, state: `event-${message}` };
      lines.push({ at, call: "on_message_in", ...call, after: { time_in: at } }, { at, call: "on_stream_event_in", ...event });
      lines.push({ at, call: "on_stream_event_out", ...event }, { at, call: "on_message_out", ...call });
    }
    written += writeSync(file, `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`);
  }
  closeSync(file);
}

before(() => {
  write(small, 15e6);
  write(large, 100e6);
});

/** Replays a file; gives the most memory that the process had, in MB. */
async function peakOf(path) {
  const child = spawn(process.execPath, [command, "replay", path], { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  child.stdout.on("data", (chunk) => (printed += chunk));
  let peak = 0;
  const look = setInterval(() => {
    try {
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0) / 1024);
    } catch {
      // It ended between two looks.
    }
  }, 20);
  const [code] = await once(child, "close");
  clearInterval(look);
  assert.equal(code, 0);
  assert.match(printed, /0 differences/);
  return peak;
}

test("100 MB take no more memory than 15 MB do", { timeout: 120_000 }, async (context) => {
  assert.ok(statSync(large).size >= 100e6);
  const [first, second] = [await peakOf(small), await peakOf(large)];
  context.diagnostic(`peak memory ${first.toFixed(0)} MB and ${second.toFixed(0)} MB`);
  assert.ok(first > 20, "it was looked at");
  // What Node leaves for its collector to find varies by some 50 MB; the file alone has 100.
  assert.ok(second < first + 90, `${second} MB after ${first} MB`);
  assert.ok(second < 250, `${second} MB`);
});

/** What the command writes on a terminal, the overwritten included. */
function onTerminal(path) {
  const program = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
  return spawnSync("python3", ["-c", program, process.execPath, command, "replay", path], { encoding: "utf8", input: "" });
}

/** The lines that stay on a terminal. */
const staying = (text) => text.split("\r\n").map((line) => line.slice(line.lastIndexOf("\r\x1b[K") + 1).replace("\x1b[K", ""));

test("progress is shown on a terminal, and only there", { timeout: 120_000 }, () => {
  const piped = spawnSync(process.execPath, [command, "replay", small], { encoding: "utf8" });
  assert.equal(piped.stderr, "");
  assert.equal(piped.stdout.split("\n").length, 2);
  const terminal = onTerminal(small);
  assert.equal(terminal.status, 0, terminal.stderr);
  assert.match(terminal.stdout, /small\.jsonl: \d+% \d+ MB, \d+ lines/);
  const lines = staying(terminal.stdout);
  assert.equal(lines.length, 2, "the progress goes when the work is done");
  assert.match(lines[0], /^.*small\.jsonl: \d+ calls, .* 0 differences in /);
});

test("a difference found on the way has a line of its own on a terminal", { timeout: 120_000 }, () => {
  appendFileSync(small, '{"at": 1, "call": "on_commit_initiated", "state": "c", "after": 2}\n');
  const { status, stdout } = onTerminal(small);
  assert.equal(status, 1);
  assert.match(stdout, /small\.jsonl: \d+% \d+ MB, \d+ lines/);
  const lines = staying(stdout);
  assert.equal(lines.length, 3);
  assert.match(lines[0], /^.*small\.jsonl:\d+: after: expected 2, actual 1$/);
});
