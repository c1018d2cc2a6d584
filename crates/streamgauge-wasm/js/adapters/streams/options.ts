/** What all attachments to streams take. */

import { record, unknownOption, wellFormedName, wholeNumber, wrongType } from "../../checks.js";
import { MAX_PARTITION } from "../../checks.js";
import type { TopicPartitionLike } from "../../handles.js";
import type { AttachmentOptions } from "../attachment.js";

/** What a stream is called in the figures. */
export interface StreamOptions extends AttachmentOptions {
  /** The topic that its chunks count for. */
  readonly topic: string;
  /** The partition of that topic; 0. Streams that run side by side have one each, for each counts its offsets from 0. */
  readonly partition?: number | undefined;
  /** The stream's label in `events.byStream`; the topic. */
  readonly stream?: string | undefined;
  /** The task's in `events.byTask`; none. */
  readonly task?: string | null | undefined;
  /** When a chunk was written, Unix milliseconds, for figures from end to end; not known. */
  readonly timestamp?: ((chunk: never) => unknown) | undefined;
}

/** The same, checked. */
export interface StreamNames {
  readonly tp: TopicPartitionLike;
  readonly stream: { readonly label: string; readonly task: string | null };
  readonly timestamp: ((chunk: unknown) => unknown) | undefined;
}

const KNOWN = ["topic", "partition", "stream", "task", "timestamp", "onFault"];

/** Checks the options that all have; `more` are those of one kind alone. */
export function streamNames(options: unknown, more: readonly string[] = []): StreamNames {
  const given = record("options", options, "an object with a topic");
  const known = [...KNOWN, ...more];
  for (const name of Object.keys(given)) if (!known.includes(name)) throw unknownOption(name, known, given[name]);
  const { partition, stream, task, timestamp, onFault } = given;
  const topic = wellFormedName("topic", given["topic"]);
  const number = partition === undefined ? 0 : wholeNumber("partition", partition, 0, MAX_PARTITION);
  const label = stream === undefined ? topic : wellFormedName("stream", stream);
  const taskName = task == null ? null : wellFormedName("task", task);
  if (timestamp !== undefined && typeof timestamp !== "function") throw wrongType("timestamp", "a function of a chunk", timestamp);
  if (onFault !== undefined && typeof onFault !== "function") throw wrongType("onFault", "a function", onFault);
  return {
    tp: Object.freeze({ topic, partition: number }),
    stream: Object.freeze({ label, task: taskName }),
    timestamp: timestamp as StreamNames["timestamp"],
  };
}
