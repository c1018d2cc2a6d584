// Monitors with a clock that the test moves, and a strict reader of StatsD's lines.
import assert from "node:assert/strict";
import { Monitor } from "streamgauge";

/** `{ monitor, clock, message(topic, partition, seconds) }`: a message that takes so long. */
export function worker(options = {}) {
  const clock = { at: 0 };
  const monitor = new Monitor({ time: () => clock.at, epoch: 1_700_000_000, worker: "worker-1", ...options });
  let offset = 0;
  const message = (topic, partition = 0, seconds = 0.25) => {
    const tp = { topic, partition };
    const one = {};
    monitor.onMessageIn(tp, offset, one);
    const state = monitor.onStreamEventIn(tp, offset, "totals", one);
    clock.at += seconds;
    monitor.onStreamEventOut(tp, offset, "totals", one, state);
    monitor.onMessageOut(tp, offset, one);
    offset += 1;
  };
  return { monitor, clock, message };
}

export const textsOf = (packets) => packets.map(({ bytes }) => Buffer.from(bytes).toString());
export const linesOf = (packets) => textsOf(packets).flatMap((text) => text.split("\n"));

const number = String.raw`-?\d+(?:\.\d+)?`;
const statsd = new RegExp(String.raw`^(?<name>[A-Za-z0-9_.-]+):(?<values>${number})\|(?<type>c|g|ms)(?:\|@(?<rate>\d+(?:\.\d+)?))?$`);
const tag = String.raw`[\p{L}\p{N}_.-]+:[\p{L}\p{M}\p{N}_./-]+`;
const dogstatsd = new RegExp(
  String.raw`^(?<name>[A-Za-z0-9_.-]+):(?<values>${number}(?::${number})*)\|(?<type>c|g|ms|d)(?:\|@(?<rate>\d+(?:\.\d+)?))?(?:\|#(?<tags>${tag}(?:,${tag})*))?$`,
  "u",
);

/** `{ name, values, type, rate, tags }` of each line, by Datadog's and StatsD's grammar; one that is not in it fails. */
export function read(packets, dialect = "statsd") {
  return linesOf(packets).map((line) => {
    const found = (dialect === "statsd" ? statsd : dogstatsd).exec(line);
    assert.ok(found, `not a line of ${dialect}: ${JSON.stringify(line)}`);
    const { name, values, type, rate = "1", tags = "" } = found.groups;
    return { name, values: values.split(":").map(Number), type, rate: Number(rate), tags };
  });
}

/** Sums of all counters by name, or by name and tags. */
export function countersOf(lines) {
  const sums = {};
  for (const { name, values, type, tags } of lines) {
    const key = tags === "" ? name : `${name} ${tags}`;
    if (type === "c") sums[key] = (sums[key] ?? 0) + values[0];
  }
  return sums;
}
