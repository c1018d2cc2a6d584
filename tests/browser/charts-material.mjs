// Moments with what the charts read, made by hand.
import { load } from "./modules.mjs";

const { pointOf } = await load("model/point.ts");
const { Places } = await load("model/places.ts");

/** The bucket of a duration, by its definition. */
export const bucketOf = (seconds) => Math.ceil(Math.log2(seconds) * 32) - 1;
/** A histogram as a snapshot has it. */
export function histogram(durations, { below = 0, above = 0 } = {}) {
  const places = durations.map(bucketOf);
  const offset = Math.min(...places, 0);
  const buckets = new Array(places.length === 0 ? 0 : Math.max(...places) - offset + 1).fill(0);
  for (const place of places) buckets[place - offset] += 1;
  return { count: durations.length + below + above, scale: 5, below, above, offset, buckets };
}

export const registry = () => ({ partitions: new Places(), workers: new Places() });
const none = { life: null, lastMinute: null };
/** A snapshot with what the charts read. */
export const snapshot = ({ worker = "a", since = 1000, at = 1000, merged = [], received = 0, sent = 0, errors = {}, runtime = null, busy = 0, idle = 0, partitions = [], lag = null, ...more } = {}) => ({
  worker,
  since,
  at,
  merged,
  messages: { received, sent, active: 0, retried: 0, deadLettered: 0, endToEnd: none, ...more.messages },
  events: { total: received, runtime: { life: runtime, lastMinute: null } },
  errors: { byStage: errors },
  consumer: { busyNanoseconds: busy * 1e9, idleNanoseconds: idle * 1e9 },
  lag: { recordsSum: lag, secondsMax: null },
  partitions: partitions.map(([partition, records, seconds = null]) => ({ topic: "t", partition, lag: records, lagSeconds: seconds })),
});
export const moment = (time, shown, more = {}) => ({ time, snapshot: shown, workers: [], isRebalancing: false, generation: 0, produced: null, ...more });
export const worker = (id, more = {}) => ({ id, name: `w${id}`, state: "running", inFlight: null, buffered: null, utilization: null, owned: 0, faustMedian: null, ...more });

/** Each with the one before it. */
export const pointsOf = (moments, seen = registry()) => moments.map((one, place) => pointOf(one, moments[place - 1], seen));
