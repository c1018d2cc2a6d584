/** Messages that a consumer works on. */

import type { EventState, MessageTimes } from "../../tokens.js";
import type { TopicPartitionLike } from "../../handles.js";
import { whenSettled } from "../shared/attaching.js";
import type { Client } from "./client.js";

/** A message of node-rdkafka's, or of the KafkaJS-like API with its place added. */
export interface MessageLike extends TopicPartitionLike {
  readonly offset: number | string;
  readonly size?: number;
  readonly timestamp?: unknown;
}

/** One message under work; not the host's own object. */
export interface Work {
  readonly tp: TopicPartitionLike;
  readonly offset: number | string;
  readonly stream: string;
  readonly message: MessageTimes;
  state: EventState | undefined;
}

/** Tells of messages in and out. */
export class Flow {
  readonly #client: Client;
  readonly #open = new Set<Work>();

  constructor(client: Client) {
    this.#client = client;
    client.guard.onDetach(() => this.endAll());
  }

  /** Messages came, together. */
  begin(messages: readonly MessageLike[]): Work[] {
    const { guard, monitor, options, heard } = this.#client;
    if (guard.detached) return [];
    heard.polls = true;
    guard.run(() => monitor.onPoll(messages.length, bytesOf(messages)));
    return messages.map(({ topic, partition, offset, timestamp }) => {
      const message = timestamp === undefined ? {} : { timestamp };
      const work: Work = { tp: { topic, partition }, offset, stream: options.stream ?? topic, message, state: undefined };
      guard.run(() => {
        monitor.onMessageIn(work.tp, offset, message);
        this.#open.add(work);
        work.state = monitor.onStreamEventIn(work.tp, offset, work.stream);
      });
      return work;
    });
  }

  /** One is done with; a second time changes nothing. */
  end(work: Work): void {
    if (!this.#open.delete(work)) return;
    const { guard, monitor } = this.#client;
    guard.run(() => monitor.onStreamEventOut(work.tp, work.offset, work.stream, undefined, work.state));
    guard.run(() => monitor.onMessageOut(work.tp, work.offset, work.message));
  }

  endAll(): void {
    for (const work of this.#open) this.end(work);
  }

  /** Those are being worked on until `handle` has returned, or its promise has settled; what it gives and throws is passed on. */
  during<T>(works: readonly Work[], handle: () => T): T {
    const { guard, monitor } = this.#client;
    const over = (): void => works.forEach((work) => this.end(work));
    const failed = (error: unknown): void => {
      if (!guard.detached) guard.run(() => monitor.onError("process", error, works[0]?.tp));
      over();
    };
    let result: T;
    try {
      result = handle();
    } catch (error) {
      failed(error);
      throw error;
    }
    return whenSettled(result, over, failed);
  }
}

function bytesOf(messages: readonly MessageLike[]): number | null {
  let bytes = 0;
  for (const { size } of messages) {
    if (typeof size !== "number") return null;
    bytes += size;
  }
  return bytes;
}
