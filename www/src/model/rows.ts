/** The rows of the tables of topics and tables, summed over the workers. */

import { sum, type Sample } from "./sample.js";

export interface TopicRow {
  readonly topic: string;
  readonly received: number;
  readonly sent: number;
  readonly bufferFull: number;
  /** Unknown for a topic that is only sent to, and during a rebalance. */
  readonly lag: number | undefined;
}

export interface TableRow {
  readonly table: string;
  readonly retrieved: number;
  readonly updated: number;
  readonly deleted: number;
}

type Counts = Record<string, number>;

const countOf = (counts: Counts, name: string): number => (Object.hasOwn(counts, name) ? (counts[name] ?? 0) : 0);

function namesIn(records: readonly Record<string, unknown>[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))].sort();
}

/** The topics that are consumed, then those that are only sent to. */
export function topicRows({ workers, partitions }: Sample): TopicRow[] {
  const dicts = workers.map(({ dict }) => dict);
  const consumed = [...new Set(partitions.map(({ topic }) => topic))];
  const others = namesIn(dicts.map((dict) => dict.messages_sent_by_topic)).filter((topic) => !consumed.includes(topic));
  return [...consumed, ...others].map((topic) => {
    const lags = partitions.filter((partition) => partition.topic === topic).map(({ lag }) => lag);
    const known = lags.filter((lag) => lag !== undefined);
    return {
      topic,
      received: sum(dicts, (dict) => countOf(dict.messages_received_by_topic, topic)),
      sent: sum(dicts, (dict) => countOf(dict.messages_sent_by_topic, topic)),
      bufferFull: sum(dicts, (dict) => countOf(dict.topic_buffer_full, topic)),
      lag: lags.length > 0 && known.length === lags.length ? sum(known, (lag) => lag) : undefined,
    };
  });
}

export function tableRows({ workers }: Sample): TableRow[] {
  const tables = workers.map(({ dict }) => dict.tables);
  return namesIn(tables).map((table) => {
    const counts = tables.flatMap((one) => (Object.hasOwn(one, table) ? [one[table]!] : []));
    return {
      table,
      retrieved: sum(counts, (count) => count.keys_retrieved),
      updated: sum(counts, (count) => count.keys_updated),
      deleted: sum(counts, (count) => count.keys_deleted),
    };
  });
}
