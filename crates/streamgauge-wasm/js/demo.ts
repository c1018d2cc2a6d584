/** Made-up traffic into a real monitor: something to look at before there is anything of one's own. */

import { Monitor } from "./entry-node.js";

/** Milliseconds. */
const STEP = 100;
const TOPICS = ["orders", "payments"];
const PARTITIONS = 4;
/** Messages a second, per partition. */
const ARRIVING = 25;
/** A slow time comes each so many seconds, and takes half of them. */
const SLOW_EVERY = 60;
const REBALANCE_EVERY = 150;
const COMMIT_EVERY = 1;

interface Partition {
  readonly tp: ReturnType<Monitor["topicPartition"]>;
  written: number;
  read: number;
  /** The part of a message that is written or read next. */
  arriving: number;
  handling: number;
}

/** The same numbers in every run (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What is called at a moment, in seconds of the monitor's clock. */
interface Call {
  readonly at: number;
  readonly make: () => void;
}

/** Starts it; `stop` ends it. */
export function startDemo(): { readonly monitor: Monitor; stop(): void } {
  const random = chance(7);
  const real = (): number => performance.now() / 1000;
  // A step makes the calls of the time since the last, each at its own reading.
  let during: number | undefined;
  const monitor = new Monitor({ time: () => during ?? real(), worker: "demo", epoch: performance.timeOrigin / 1000 }).start();
  const partitions: Partition[] = TOPICS.flatMap((topic) =>
    Array.from({ length: PARTITIONS }, (_, partition) => ({ tp: monitor.topicPartition(topic, partition), written: 0, read: 0, arriving: 0, handling: 0 })),
  );
  monitor.onPartitionsAssigned(partitions.map(({ tp }) => tp));
  const started = real();
  let calls: Call[] = [];
  let told = started;
  let committed = started;
  let rebalanced = started;

  const handle = ({ tp }: Partition, offset: number, at: number): void => {
    const message = { timestamp: performance.timeOrigin + at * 1000 - 20 };
    const end = at + 0.002 + 0.03 * random() ** 3;
    const fails = random() < 0.004;
    calls.push({
      at,
      make: () => {
        monitor.onMessageIn(tp, offset, message);
        const event = monitor.onStreamEventIn(tp, offset, tp.topic);
        const send = monitor.onSendInitiated(undefined, `${tp.topic}-done`, undefined, 12, 180);
        calls.push({
          at: end,
          make: () => {
            if (fails) monitor.onError("process", "TimeoutError", tp);
            monitor.onSendCompleted(undefined, send);
            monitor.onStreamEventOut(tp, offset, tp.topic, undefined, event);
            monitor.onMessageOut(tp, offset, message);
          },
        });
      },
    });
  };

  const commit = (at: number): void => {
    const begun = monitor.onCommitInitiated();
    const offsets = partitions.map(({ tp, read }) => [tp, read] as const);
    calls.push({
      at: at + 0.003 + 0.004 * random(),
      make: () => {
        monitor.onTpCommit(offsets);
        monitor.onCommitCompleted(undefined, begun);
      },
    });
  };

  const rebalance = (at: number): void => {
    const begun = monitor.onRebalanceStart();
    calls.push({ at: at + 0.4, make: () => monitor.onRebalanceReturn(undefined, begun) });
    calls.push({ at: at + 0.6, make: () => monitor.onRebalanceEnd(undefined, begun) });
  };

  const step = (): void => {
    const until = real();
    const seconds = Math.min(until - told, 1);
    const isSlow = (until - started) % SLOW_EVERY > SLOW_EVERY / 2;
    let handled = 0;
    for (const [place, partition] of partitions.entries()) {
      partition.arriving += ARRIVING * seconds * 2 * random();
      const arrived = Math.floor(partition.arriving);
      partition.arriving -= arrived;
      partition.written += arrived;
      const speed = isSlow && place === 2 ? 0.5 : 1.5;
      partition.handling = Math.min(partition.handling + ARRIVING * seconds * speed, 1 + ARRIVING * speed);
      const count = Math.min(Math.floor(partition.handling), partition.written - partition.read);
      // In the order of their offsets, as a partition is read.
      for (let one = 0; one < count; one += 1) handle(partition, partition.read + one, until - seconds * (1 - (one + random()) / count));
      partition.handling -= count;
      partition.read += count;
      handled += count;
    }
    makeCalls(until);
    // All of a step is at its own moment: what begins here ends soon, and on a loaded machine the step takes longer than that.
    during = until;
    for (const { tp, written } of partitions) monitor.trackTpEndOffset(tp, written);
    monitor.onPoll(handled, handled * 200);
    monitor.onHeartbeat();
    if (until - committed >= COMMIT_EVERY) {
      committed = until;
      commit(until);
    }
    if (until - rebalanced >= REBALANCE_EVERY) {
      rebalanced = until;
      rebalance(until);
    }
    told = until;
    during = undefined;
  };

  /** Makes the calls up to a moment in the order of time; a call may bring others. */
  const makeCalls = (until: number): void => {
    for (;;) {
      const due = calls.filter(({ at }) => at <= until).sort((one, other) => one.at - other.at);
      const next = due[0];
      if (next === undefined) break;
      calls = calls.filter((call) => call !== next);
      during = next.at;
      next.make();
    }
    during = undefined;
  };

  step();
  const timer = setInterval(step, STEP);
  return {
    monitor,
    stop(): void {
      clearInterval(timer);
      monitor.free();
    },
  };
}
