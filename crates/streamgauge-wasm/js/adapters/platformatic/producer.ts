/** A producer of @platformatic/kafka, told to a monitor. */

import type { Sensor } from "../../sensor.js";
import { Guard, type Attachment, type AttachmentOptions } from "../attachment.js";
import { checkHost, checkMonitor, checkNames, claim, type AnyMonitor } from "../shared/attaching.js";
import { Partitions } from "../shared/partitions.js";
import { Sends, TRANSACTIONS_ABORTED, TRANSACTIONS_COMMITTED } from "../shared/sends.js";
import { trace } from "./tracing.js";
import type { PlatformaticMessageLike, PlatformaticProducerLike, Send, Traced } from "./types.js";

/** An operation of a transaction. */
interface InTransaction extends Traced {
  readonly transaction?: object;
  /** Of `addOffset`: a message that was consumed. */
  readonly message?: PlatformaticMessageLike;
}

/**
 * Tells `monitor` of every message that the producer sends, its streams and transactions too, until `detach()`, from
 * its diagnostics channels: nothing is wrapped. A request of many messages is a send for each of them; one that fails
 * is an error of each. Sizes are those of strings and bytes; what a serializer makes of other values is not known. The
 * metric `transactions.committed` counts transactions, `transactions.aborted` those given up; offsets added to
 * a transaction are told as committed with it.
 *
 * Throws a `TypeError` or `RangeError` with a `code` for what is no producer, monitor or option, and for a
 * producer that is attached already.
 */
export function attachProducer(producer: PlatformaticProducerLike, monitor: AnyMonitor, options: AttachmentOptions = {}): Attachment {
  checkHost("producer", producer, "a producer of @platformatic/kafka", ["send"]);
  const sensor = checkMonitor(monitor);
  checkNames(options, ["onFault"]);
  const guard = new Guard(options);
  claim(guard, "producer", producer);
  trace<Traced<Send>, Sends>(guard, producer, "producer:sends", {
    started: ({ options: { messages } }) => {
      const sends = new Sends(guard, sensor, producer);
      for (const message of messages) sends.initiated(message.topic, message);
      return sends;
    },
    done: (sends, { result }) => sends.completed(result),
    failed: (sends, error) => sends.failed(error),
  });
  listenToTransactions(guard, sensor, producer);
  return guard;
}

function listenToTransactions(guard: Guard, monitor: Sensor, producer: PlatformaticProducerLike): void {
  const partitions = new Partitions(monitor, {});
  const added = new WeakMap<object, { topic: string; partition: number; offset: bigint }[]>();
  const offsetsOf = ({ transaction }: InTransaction) => (transaction === undefined ? undefined : added.get(transaction)) ?? [];
  trace<InTransaction, number | undefined>(guard, producer, "producer:transactions", {
    started: (context) => (context.operation === "commit" && offsetsOf(context).length > 0 ? monitor.onCommitInitiated(producer) : undefined),
    done: (state, context) => {
      const { operation, transaction, message } = context;
      if (operation === "commitOffset" && transaction !== undefined && message !== undefined) {
        const { topic, partition, offset } = message;
        added.set(transaction, [...offsetsOf(context), { topic, partition, offset: offset + 1n }]);
      } else if (operation === "abort") {
        monitor.count(TRANSACTIONS_ABORTED);
      } else if (operation === "commit") {
        monitor.count(TRANSACTIONS_COMMITTED);
        const offsets = offsetsOf(context);
        if (offsets.length === 0) return;
        monitor.onCommitCompleted(producer, state);
        partitions.committed(offsets);
      }
    },
    failed: (_, error, { operation }) => {
      if (operation === "commit") monitor.onError("commit", error);
      else if (operation === "abort") monitor.onError("other", error);
    },
  });
}
