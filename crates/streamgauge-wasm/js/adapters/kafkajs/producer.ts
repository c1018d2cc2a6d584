/** A KafkaJS producer, told to a monitor. */

import type { Sensor } from "../../sensor.js";
import { Guard, type Attachment, type AttachmentOptions } from "../attachment.js";
import { checkHost, checkMonitor, checkNames, claim, wrapMethod, type AnyMonitor } from "../shared/attaching.js";
import { Sends, TRANSACTIONS_ABORTED, TRANSACTIONS_COMMITTED } from "../shared/sends.js";
import { Partitions } from "../shared/partitions.js";
import type { KafkaProducerLike } from "./types.js";

interface TopicMessages {
  readonly topic: string;
  readonly messages: readonly { readonly key?: unknown; readonly value?: unknown }[];
}

interface Transaction {
  send(request: TopicMessages): Promise<unknown>;
  sendBatch(request: { readonly topicMessages?: readonly TopicMessages[] }): Promise<unknown>;
  commit(): Promise<unknown>;
  abort(): Promise<unknown>;
  sendOffsets(request: SentOffsets): Promise<unknown>;
}

interface SentOffsets {
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly { readonly partition: number; readonly offset: unknown }[] }[];
}

type Undone = Pick<Guard, "onDetach">;
/** A transaction is soon over, and passes through once detached: remembering how to undo each would only fill the memory. */
const KEPT: Undone = { onDetach: () => {} };

interface Context {
  readonly guard: Guard;
  readonly monitor: Sensor;
  readonly producer: KafkaProducerLike;
}

/**
 * Tells `monitor` of every message that the producer sends, in transactions too, until `detach()`.
 * A request of many messages is a send for each of them; one that fails is an error of each. The
 * metric `transactions.committed` counts transactions, `transactions.aborted` those given up; offsets sent in
 * a transaction are told as committed with it.
 *
 * Throws a `TypeError` or `RangeError` with a `code` for what is no producer, monitor or option, and for a
 * producer that is attached already.
 */
export function attachProducer(producer: KafkaProducerLike, monitor: AnyMonitor, options: AttachmentOptions = {}): Attachment {
  checkHost("producer", producer, "a KafkaJS producer", ["send", "sendBatch", "transaction"]);
  const sensor = checkMonitor(monitor);
  checkNames(options, ["onFault"]);
  const guard = new Guard(options);
  claim(guard, "producer", producer);
  const context = { guard, monitor: sensor, producer };
  wrapSends(context, guard, producer);
  wrapMethod(guard, producer, "transaction", (begin) => async function (this: unknown) {
    const transaction = await begin.call(this as KafkaProducerLike);
    if (!guard.detached) guard.run(() => wrapTransaction(context, transaction as Transaction));
    return transaction;
  });
  return guard;
}

/** The methods by which a producer and a transaction send. */
function wrapSends(context: Context, undone: Undone, host: Pick<Transaction, "send" | "sendBatch">): void {
  wrapMethod(undone, host, "send", (send) => function (this: unknown, request) {
    return watched(context, () => [request], () => send.call(this as Transaction, request));
  });
  wrapMethod(undone, host, "sendBatch", (sendBatch) => function (this: unknown, request) {
    return watched(context, () => request.topicMessages ?? [], () => sendBatch.call(this as Transaction, request));
  });
}

async function watched(context: Context, requests: () => readonly TopicMessages[], send: () => Promise<unknown>): Promise<unknown> {
  const { guard, monitor, producer } = context;
  if (guard.detached) return send();
  const sends = new Sends(guard, monitor, producer);
  // What is no request is KafkaJS's to refuse.
  guard.run(() => {
    for (const { topic, messages } of requests()) {
      if (typeof topic !== "string" || !Array.isArray(messages)) continue;
      for (const message of messages) sends.initiated(topic, message);
    }
  });
  try {
    const metadata = await send();
    sends.completed(metadata);
    return metadata;
  } catch (error) {
    sends.failed(error);
    throw error;
  }
}

function wrapTransaction(context: Context, transaction: Transaction): void {
  const { guard, monitor, producer } = context;
  const offsets: { topic: string; partition: number; offset: unknown }[] = [];
  wrapSends(context, KEPT, transaction);
  wrapMethod(KEPT, transaction, "sendOffsets", (sendOffsets) => async function (this: unknown, request) {
    const given = await sendOffsets.call(this as Transaction, request);
    guard.run(() => {
      for (const { topic, partitions } of request.topics) for (const one of partitions) offsets.push({ topic, ...one });
    });
    return given;
  });
  const ended = (name: "commit" | "abort", done: (state: number | undefined) => void): void => {
    wrapMethod(KEPT, transaction, name, (end) => async function (this: unknown) {
      if (guard.detached) return end.call(this as Transaction);
      const state = guard.run(() => (name === "commit" && offsets.length > 0 ? monitor.onCommitInitiated(producer) : undefined));
      try {
        const given = await end.call(this as Transaction);
        guard.run(() => done(state));
        return given;
      } catch (error) {
        guard.run(() => monitor.onError(name === "commit" ? "commit" : "other", error));
        throw error;
      }
    });
  };
  ended("commit", (state) => {
    monitor.count(TRANSACTIONS_COMMITTED);
    if (offsets.length === 0) return;
    monitor.onCommitCompleted(producer, state);
    new Partitions(monitor, {}).committed(offsets);
  });
  ended("abort", () => monitor.count(TRANSACTIONS_ABORTED));
}
