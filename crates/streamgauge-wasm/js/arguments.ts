/** Arguments of hooks that take more than a line to check. */

import { offsetNumber, reading, wholeNumber, wrongType } from "./checks.js";
import { TopicPartition, type TopicPartitionLike } from "./handles.js";
import type { Offset, ResponseLike } from "./sensor.js";

/** When what a token stands for started. */
export function startOf(state: { readonly timeStart: number }): number {
  if (typeof state !== "object") throw wrongType("state", "the token of the start hook, an object with timeStart", state);
  return reading("state.timeStart", state.timeStart);
}

/** Pairs of topic-partition and offset, all of them checked. */
export function committed(
  offsets: Iterable<readonly [TopicPartitionLike, Offset]>,
  check: (tp: TopicPartitionLike) => void,
): [TopicPartitionLike, number][] {
  if (typeof offsets !== "object" || offsets === null || typeof offsets[Symbol.iterator] !== "function") {
    throw wrongType("offsets", "an iterable of [tp, offset]", offsets);
  }
  const checked: [TopicPartitionLike, number][] = [];
  for (const pair of offsets) {
    if (!Array.isArray(pair)) throw wrongType(`offsets[${checked.length}]`, "a pair [tp, offset]", pair);
    const [given, offset] = pair as readonly [TopicPartitionLike, Offset];
    const tp = settled(given);
    check(tp);
    checked.push([tp, offsetNumber(`offsets[${checked.length}] offset`, offset)]);
  }
  return checked;
}

/** Topic-partitions, all of them checked. */
export function partitionsOf(tps: Iterable<TopicPartitionLike>, check: (tp: TopicPartitionLike) => void): TopicPartitionLike[] {
  if (typeof tps !== "object" || tps === null || typeof tps[Symbol.iterator] !== "function") {
    throw wrongType("tps", "an iterable of {topic, partition}", tps);
  }
  const checked: TopicPartitionLike[] = [];
  for (const given of tps) {
    const tp = settled(given);
    check(tp);
    checked.push(tp);
  }
  return checked;
}

/** One whose getters have been asked: what was checked is what is used. */
function settled(tp: TopicPartitionLike): TopicPartitionLike {
  if (typeof tp !== "object" || tp === null || tp instanceof TopicPartition) return tp;
  return { topic: tp.topic, partition: tp.partition };
}

/** A response's status, 500 where there is none. Express and Fastify have a method `status` beside the number. */
export function statusOf(response: ResponseLike): number {
  if (response == null) return 500;
  if (typeof response !== "object") throw wrongType("response", "an object with status or statusCode", response);
  const { status, statusCode } = response as { status?: unknown; statusCode?: unknown };
  if (status === undefined && statusCode === undefined) throw wrongType("response", "an object with status or statusCode", response);
  const isNodes = statusCode !== undefined && typeof status !== "number";
  return isNodes ? wholeNumber("response.statusCode", statusCode, 100, 599) : wholeNumber("response.status", status, 100, 599);
}
