/** What the admin client is asked: end offsets of partitions that nothing is fetched from, and where a group stands. */

import type { TopicPartitionLike } from "../../handles.js";
import type { Context } from "./context.js";
import type { KafkaAdminLike } from "./types.js";

/** Asks every `seconds`, never twice at once, and never keeps the process alive. A request that fails is a fault. */
export function askAdmin(context: Context, admin: KafkaAdminLike, seconds: number): { assigned: (given: readonly TopicPartitionLike[], groupId: string) => void } {
  const { guard, partitions, membership } = context;
  let isAsking = false;

  const askForEnds = async (): Promise<void> => {
    if (isAsking || guard.detached) return;
    isAsking = true;
    try {
      for (const [topic, numbers] of byTopic(membership.owned)) {
        const answer = await admin.fetchTopicOffsets(topic);
        if (guard.detached) return;
        for (const { partition, high } of answer) if (numbers.has(partition)) partitions.endAnswered(topic, partition, high);
      }
    } catch (error) {
      guard.note(error);
    } finally {
      isAsking = false;
    }
  };

  const askForCommitted = async (given: readonly TopicPartitionLike[], groupId: string): Promise<void> => {
    try {
      const asked = byTopic(given);
      const { commits } = partitions;
      const answer = await admin.fetchOffsets({ groupId, topics: [...asked.keys()] });
      if (guard.detached) return;
      const offsets = answer.flatMap(({ topic, partitions: all }) => all.map((one) => ({ topic, ...one })));
      partitions.committedAsOf(commits, offsets.filter(({ topic, partition }) => asked.get(topic)?.has(partition)));
    } catch (error) {
      guard.note(error);
    }
  };

  const timer = setInterval(() => void askForEnds(), seconds * 1000);
  timer.unref();
  guard.onDetach(() => clearInterval(timer));
  return {
    assigned: (given, groupId) => {
      void askForCommitted(given, groupId);
      void askForEnds();
    },
  };
}

function byTopic(tps: readonly TopicPartitionLike[]): Map<string, Set<number>> {
  const topics = new Map<string, Set<number>>();
  for (const { topic, partition } of tps) topics.set(topic, (topics.get(topic) ?? new Set()).add(partition));
  return topics;
}
