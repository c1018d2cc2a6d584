/** The figures of the strip: one number each for the whole group. */

import { growth, spanStart } from "./rates.js";
import { sum, type Sample } from "./sample.js";

export interface Summary {
  /** Records appended per second. */
  readonly arriving: number | undefined;
  /** Events handled per second. */
  readonly handled: number | undefined;
  readonly inFlight: number;
  readonly lag: number | undefined;
  /** By how much the lag grows per second; negative while it shrinks. */
  readonly lagGrowth: number | undefined;
  /** The largest of the workers' medians. */
  readonly slowestMedian: number | undefined;
  readonly slowestWorker: number | undefined;
  readonly sendErrors: number;
  /** The share of all sends that failed. */
  readonly sendErrorShare: number | undefined;
  /** The newest commit's latency, the slowest worker's. */
  readonly commitLatency: number | undefined;
  readonly rebalances: number;
  /** How long the last rebalance took. */
  readonly lastRebalance: number | undefined;
  readonly bufferFull: number;
}

export function summarise(samples: readonly Sample[]): Summary | undefined {
  const last = samples.at(-1);
  if (last === undefined) return undefined;
  const from = spanStart(samples);
  const dicts = last.workers.map((worker) => worker.dict);
  const medians = dicts.map((dict) => dict.events_runtime_avg);
  const slowestMedian = Math.max(...medians);
  const sent = sum(dicts, (dict) => dict.messages_sent);
  const sendErrors = sum(dicts, (dict) => dict.send_errors);
  return {
    arriving: growth(from, last, (sample) => sample.counts.produced),
    handled: growth(from, last, (sample) => sample.handled),
    inFlight: sum(dicts, (dict) => dict.messages_active),
    lag: last.lag,
    lagGrowth: from?.lag === undefined || last.lag === undefined ? undefined : growth(from, last, (sample) => sample.lag ?? 0),
    slowestMedian: slowestMedian > 0 ? slowestMedian : undefined,
    slowestWorker: slowestMedian > 0 ? medians.indexOf(slowestMedian) : undefined,
    sendErrors,
    sendErrorShare: sent > 0 ? sendErrors / sent : undefined,
    commitLatency: largest(dicts.map((dict) => dict.commit_latency.at(-1))),
    rebalances: Math.max(...dicts.map((dict) => dict.rebalances)),
    lastRebalance: largest(dicts.map((dict) => dict.rebalance_end_latency.at(-1))),
    bufferFull: sum(dicts, (dict) => sum(Object.values<number>(dict.topic_buffer_full), (count) => count)),
  };
}

function largest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
