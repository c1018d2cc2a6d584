/** What is going on, in a sentence. */

import type { Summary } from "./summary.js";
import type { Sample } from "./sample.js";

/** Lag that grows by less than this share of the traffic is noise. */
const NOTICEABLE = 0.05;

export function status(sample: Sample | undefined, summary: Summary | undefined, running: boolean): string {
  if (sample === undefined || summary === undefined || sample.time === 0) return "Press Start to let the traffic flow.";
  if (!running) return "Paused. Virtual time stands still.";
  if (sample.isRebalancing) return "Rebalancing: nobody reads, so records pile up; offsets are unknown.";
  const slow = sample.workers.findIndex((worker) => worker.isSlow);
  const trend = lagTrend(summary);
  if (slow >= 0) {
    return trend === "grows"
      ? `Worker ${slow + 1} is slow: it handles less than arrives, and its lag grows.`
      : `Worker ${slow + 1} is slow, but it still keeps up with what arrives.`;
  }
  if (trend === "grows") return "More arrives than the workers can handle: lag grows.";
  if (trend === "shrinks") return "The workers catch up: lag shrinks.";
  return "The workers keep up: what arrives is read at once.";
}

function lagTrend({ lag, lagGrowth, arriving }: Summary): "grows" | "shrinks" | "steady" {
  if (lagGrowth === undefined || lag === undefined) return "steady";
  const noticeable = Math.max(1, NOTICEABLE * (arriving ?? 0));
  if (lagGrowth > noticeable && lag > noticeable) return "grows";
  return lagGrowth < -noticeable ? "shrinks" : "steady";
}
