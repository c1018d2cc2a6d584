/** A run as a trace: simulated once more, with every hook call written down. */

import { loadRecorder, Simulation, type Scenario } from "streamgauge/sim";
import { breath } from "./breath.js";
import { advanceTo, milliseconds, Pacer, secondsOf } from "./clock.js";

/** Milliseconds that one slice may take: frames come in between. */
const SLICE = 8;

/** @param tell how much of it is done, 0..1. */
export async function traceOf(scenario: Scenario, until: number, tell: (share: number) => void): Promise<Blob> {
  await loadRecorder();
  const again = Simulation.of(scenario, { record: true });
  const pacer = new Pacer();
  // A blob of each part: the browser may keep those on disk.
  const parts: Blob[] = [];
  try {
    while (again.now < until) {
      const from = milliseconds(again.now);
      const to = from + pacer.slice(SLICE);
      const started = performance.now();
      advanceTo(again, Math.min(until, secondsOf(to)));
      pacer.took(to - from, performance.now() - started);
      parts.push(new Blob([again.takeTrace()]));
      tell(again.now / until);
      await breath();
    }
    // The trace ends when the run does: with what those say who are up.
    for (const worker of again.workers) if (worker.state !== "crashed" && worker.state !== "left") worker.snapshotBytes();
    parts.push(new Blob([again.takeTrace()]));
  } finally {
    again.free();
  }
  return new Blob(parts, { type: "application/jsonl" });
}
