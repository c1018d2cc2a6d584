/** Calls of the monitors' hooks, read from a snapshot's figures. */
export function hookCalls({ messages, events, tables, commits, consumer }) {
  const ofTables = Object.values(tables).reduce((sum, table) => sum + table.keysRetrieved + table.keysUpdated + table.keysDeleted, 0);
  return messages.received * 2 + events.total * 2 + ofTables + messages.sent * 2 + commits.completed * 3 + consumer.polls + consumer.heartbeats;
}

/** A thousand partitions and fifty workers, busy. */
export const large = {
  title: "A thousand partitions",
  topics: Array.from({ length: 10 }, (_, number) => ({ name: `topic-${number}`, partitions: 100 })),
  producers: [{ pace: { perSecond: 20_000 } }],
  group: { workers: 50, concurrency: 8, buffer: 1000 },
};
