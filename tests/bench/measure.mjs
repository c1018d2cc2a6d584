// The timing. Rounds of all subjects take turns (A B C A B C ...), so that what slows the machine
// for a while slows them all, and a ratio of two is taken within one turn.

const warmUpTurns = 6;

const elapsed = () => process.hrtime.bigint();

/** What this process was given of the processors, in nanoseconds: on a busy machine steadier than the time that passed. */
export function processorTime() {
  const { user, system } = process.cpuUsage();
  return BigInt(user + system) * 1000n;
}

/**
 * Times `subjects`, each `{ name, times, work(times) }`, which may give a promise: nanoseconds an operation, a list of all
 * rounds by the subject's name. `now` reads nanoseconds.
 */
export async function timed(subjects, turns, now = elapsed) {
  const rounds = Object.fromEntries(subjects.map(({ name }) => [name, []]));
  for (let turn = -warmUpTurns; turn < turns; turn += 1) {
    for (const { name, times, work } of subjects) {
      // What one leaves behind, the next does not clean up.
      globalThis.gc?.({ type: "minor" });
      const start = now();
      await work(times);
      const nanoseconds = Number(now() - start) / times;
      if (turn >= 0) rounds[name].push(nanoseconds);
    }
  }
  return rounds;
}

export function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export const minimum = (values) => values.reduce((least, value) => Math.min(least, value), Infinity);

/** How many times as long one takes as the other: the median over the turns. */
export const ratio = (rounds, yardstick) => median(rounds.map((nanoseconds, turn) => nanoseconds / yardstick[turn]));
