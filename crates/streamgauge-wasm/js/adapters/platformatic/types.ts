/** What of @platformatic/kafka is used, so that nobody needs its types to have ours. Its own objects fit. */

/* eslint-disable @typescript-eslint/no-explicit-any -- its overloads fit nothing narrower */

import type { TopicPartitions } from "../shared/membership.js";

/** A `Consumer` of @platformatic/kafka 2. */
export interface PlatformaticConsumerLike {
  consume(...args: any[]): any;
  on(eventName: any, listener: (...args: any[]) => void): unknown;
  off(eventName: any, listener: (...args: any[]) => void): unknown;
  readonly assignments: readonly TopicPartitions[] | null;
  readonly memberId: string | null;
  readonly topics: { readonly current: readonly string[] };
  readonly currentMetadata: { readonly topics: ReadonlyMap<string, { readonly id: string }> } | undefined;
}

/** A `Producer` of @platformatic/kafka 2. */
export interface PlatformaticProducerLike {
  send(...args: any[]): any;
}

/** A message as a stream gives it. */
export interface PlatformaticMessageLike {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly timestamp: bigint;
}

/** A `MessagesStream`, which `consumer.consume()` gives. */
export interface PlatformaticStreamLike {
  [Symbol.asyncIterator](): AsyncIterator<any, any, any>;
  readonly readableLength: number;
  readonly readableHighWaterMark: number;
  readonly destroyed: boolean;
  readonly closed: boolean;
  /** Its own, by which its fetches are known. */
  readonly connections?: object;
}

/** What the diagnostics channels publish: the same object from start to end. */
export interface Traced<Options = unknown, Result = unknown> {
  readonly client: unknown;
  readonly operation: string;
  readonly options: Options;
  readonly result?: Result;
  readonly error?: unknown;
}

export interface Commit {
  readonly offsets: readonly { readonly topic: string; readonly partition: number; readonly offset: bigint }[];
}
export interface Fetch {
  readonly connectionPool?: object;
}
export interface RecordBatch {
  readonly attributes: number;
  readonly firstOffset: bigint;
  readonly lastOffsetDelta: number;
  readonly records: readonly unknown[];
}
export interface FetchResponse {
  readonly responses: readonly {
    readonly topicId: string;
    readonly partitions: readonly {
      readonly partitionIndex: number;
      readonly highWatermark: bigint;
      readonly records?: readonly RecordBatch[] | null;
    }[];
  }[];
}
export interface Send {
  readonly messages: readonly { readonly topic: string; readonly key?: unknown; readonly value?: unknown }[];
}
