/** Which partitions the consumer pauses. */

import type { TopicPartitionLike } from "../../handles.js";
import type { Sensor } from "../../sensor.js";
import type { Guard } from "../attachment.js";
import type { Partitions } from "../shared/partitions.js";
import type { KafkaConsumerLike } from "./types.js";

/**
 * Compares the partitions that the consumer says are paused with those of before: a topic paused as a
 * whole, or one that comes back from a rebalance still paused, needs no book-keeping of our own.
 */
export function pausedWatch(guard: Guard, monitor: Sensor, consumer: KafkaConsumerLike, partitions: Partitions): (byHost: boolean) => void {
  let before = new Set<TopicPartitionLike>();
  return (byHost) => {
    if (guard.detached) return;
    guard.run(() => {
      const now = new Set(consumer.paused().flatMap(({ topic, partitions: all }) => all.map((one) => partitions.of(topic, one).tp)));
      const paused = [...now].filter((tp) => !before.has(tp));
      const resumed = [...before].filter((tp) => !now.has(tp));
      before = now;
      if (paused.length > 0) monitor.onPause(paused);
      if (resumed.length > 0) monitor.onResume(resumed);
      // Whoever pauses has as much as it can hold; a rebalance that brings a paused partition says nothing of that.
      if (byHost) for (const tp of paused) monitor.onTopicBufferFull(tp);
    });
  };
}
