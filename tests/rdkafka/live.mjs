// A real librdkafka that consumes now (`record.py --live`), its statistics applied as they come.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Monitor } from "streamgauge";
import { applyStatistics, StatisticsState } from "streamgauge/rdkafka";

const program = fileURLToPath(new URL("record.py", import.meta.url));
const inClone = fileURLToPath(new URL("../../.venv/bin/python", import.meta.url));

/** A monitor that is fed statistics, a second apart. */
export function applied() {
  let now = 100;
  const monitor = new Monitor({ time: () => now });
  const state = new StatisticsState();
  const apply = (statistics, options) => {
    now += 1;
    return applyStatistics(statistics, monitor, state, options);
  };
  return { monitor, apply };
}

const sum = (counts) => Object.values(counts).reduce((total, count) => total + count, 0);

/** Holds what statistics told against what the client itself knew at its end. `brokers`: those to use, else a cluster of its own. */
export async function followLiveClient(...brokers) {
  const child = spawn(process.env.PYTHON || inClone, [program, "--live", ...brokers], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  const { monitor, apply } = applied();
  let known;
  let lines = 0;
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith('{"known"')) known = JSON.parse(line).known;
    else {
      apply(line);
      lines += 1;
    }
  }
  assert.deepEqual(await closed, [0, null]);
  assert.ok(lines >= 5, `${lines} statistics`);
  const offsets = (name) => Object.fromEntries(monitor.snapshot().partitions.map((partition) => [partition.partition, partition[name]]));
  assert.deepEqual(offsets("end"), known.ends);
  const committed = Object.fromEntries(Object.entries(known.committed).map(([partition, offset]) => [partition, offset < 0 ? null : offset]));
  assert.deepEqual(offsets("committed"), committed);
  assert.equal(sum(known.taken), 300);
  assert.deepEqual(Object.values(known.ends), [100, 100, 100, 100]);
  const { lag, ownership, rebalances } = monitor.snapshot();
  const behind = Object.entries(known.committed).reduce((total, [partition, offset]) => total + (offset < 0 ? 0 : known.ends[partition] - offset), 0);
  assert.equal(lag.committedSum, behind);
  assert.deepEqual([ownership.owned, ownership.assigned, rebalances.count], [4, known.assigned, known.rebalances]);
  return monitor;
}
