// What is sent: known to the workers and to the test.

export const topics = ["orders", "payments", "shipments", "refunds"];
export const partitionsPerTopic = 4;

/** The record of a number: half a kilobyte at most, spread over the partitions by its key. */
export const recordOf = (number) => ({ key: `key-${number}`, value: JSON.stringify({ number, amount: 1 + (number % 7) }) });

/** A worker fails on it once; KafkaJS then brings it again. */
export const isPoison = (key) => key === "key-11111" || key === "key-77777";
