/** Every latency of a snapshot, as rows of a table. */

import type { Histogram, Latency, Snapshot } from "streamgauge";

/** Over which time. */
export type LatencyPeriod = "life" | "lastMinute";

export interface LatencyRow {
  /** Its place in the snapshot: `messages.time`. */
  readonly path: string;
  /** In words; the path where it has none. */
  readonly title: string;
  /** Null where nothing was measured. */
  readonly histogram: Histogram | null;
}

const TITLES: Readonly<Record<string, string>> = {
  "messages.time": "Message, in to out",
  "messages.endToEnd": "Message, timestamp to out",
  "events.runtime": "Event in its stream",
  "sends.latency": "Send, acknowledged",
  "sends.errorLatency": "Send, failed",
  "commits.latency": "Commit",
  "assignments.latency": "Assignment",
  "rebalances.returnLatency": "Rebalance, until return",
  "rebalances.endLatency": "Rebalance, until end",
  "http.latency": "Web request",
};

/** In the order of the snapshot, streams last. By stream there is no last minute. */
export function latenciesOf(snapshot: Snapshot, period: LatencyPeriod): LatencyRow[] {
  const rows: LatencyRow[] = [];
  for (const [part, figures] of Object.entries(snapshot)) {
    if (typeof figures !== "object" || figures === null || Array.isArray(figures)) continue;
    for (const [name, value] of Object.entries(figures as Record<string, unknown>)) {
      if (!isLatency(value)) continue;
      const path = `${part}.${name}`;
      rows.push({ path, title: TITLES[path] ?? path, histogram: value[period] });
    }
  }
  for (const [stream, histogram] of Object.entries(snapshot.events.runtimeByStream)) {
    rows.push({ path: `events.runtimeByStream.${stream}`, title: `Event in ${stream}`, histogram: period === "life" ? histogram : null });
  }
  return rows;
}

const isLatency = (value: unknown): value is Latency => typeof value === "object" && value !== null && "life" in value && "lastMinute" in value;
