/** Producers: node-rdkafka's `Producer` and `HighLevelProducer`, and the KafkaJS-like one. */

import { wrongType } from "../../checks.js";
import { Guard } from "../attachment.js";
import { methodsOf, whenSettled, wrapMethod, type AnyMonitor } from "../shared/attaching.js";
import { Client, kindOf, type EmitterLike, type RdkafkaAttachment, type RdkafkaOptions } from "./client.js";

/** A `Producer` or `HighLevelProducer` of node-rdkafka. */
export interface RdkafkaProducerLike extends EmitterLike {
  produce(...args: any[]): unknown;
  emit(event: string, ...args: any[]): boolean;
}

/** A producer of the KafkaJS-like API. */
export interface SendingProducerLike {
  send(record: any): Promise<unknown>;
}

const QUEUE_FULL = -184;

/** Goes with a message through librdkafka in the place of the host's opaque, and is taken out again before the host sees it. */
class Sent {
  constructor(
    readonly token: number | undefined,
    readonly opaque: unknown,
  ) {}
}

/**
 * Tells `monitor` of a producer, in place. node-rdkafka: a send lasts from `produce` to its delivery report (`dr_cb: true` in the configuration; without
 * it sends are counted and nothing is known of their end), of a `HighLevelProducer` to its callback. KafkaJS-like: until `send` settles.
 *
 * @throws TypeError for what is no producer, or options that do not serve.
 */
export function attachProducer(producer: RdkafkaProducerLike | SendingProducerLike, monitor: AnyMonitor, options: RdkafkaOptions = {}): RdkafkaAttachment {
  const { produce, send } = (producer ?? {}) as Partial<RdkafkaProducerLike & SendingProducerLike>;
  if (typeof produce !== "function" && typeof send !== "function") throw wrongType("producer", "a producer with produce() or send()", producer);
  const client = new Client(monitor, options);
  client.heard.sends = true;
  if (typeof produce === "function") attachProduce(producer as RdkafkaProducerLike, client);
  else attachSend(producer as SendingProducerLike, client);
  return client.attachment();
}

function attachProduce(producer: RdkafkaProducerLike, client: Client): void {
  const { guard, monitor } = client;
  client.listen(producer, "event.stats", (told) => client.statistics(told));
  client.listen(producer, "event.error", (error) => monitor.onError("other", kindOf(error)));
  const over = (token: number | undefined, error: unknown, report: unknown): void => {
    guard.run(() => (error == null ? monitor.onSendCompleted(producer, token, report) : monitor.onSendError(producer, kindOf(error), token)));
  };
  // Stays until the last report, also when detached: the host must never meet our opaque.
  const reports = new Guard();
  let outstanding = 0;
  const leave = (): void => {
    if (outstanding === 0 && guard.detached) reports.detach();
  };
  guard.onDetach(leave);
  wrapMethod(reports, methodsOf(producer), "emit", (original) =>
    function (this: unknown, ...args) {
      const [event, error, report] = args;
      const sent: unknown = event === "delivery-report" ? report?.opaque : undefined;
      if (sent instanceof Sent) {
        report.opaque = sent.opaque;
        outstanding -= 1;
        over(sent.token, error, report);
        leave();
      }
      return Reflect.apply(original, this, args);
    },
  );
  wrapMethod(guard, methodsOf(producer), "produce", (original) =>
    function (this: unknown, ...args) {
      if (guard.detached) return Reflect.apply(original, this, args);
      const [topic, , message, key] = args;
      const token = guard.run(() => monitor.onSendInitiated(producer, topic, undefined, sizeOf(key), sizeOf(message)));
      const callback: unknown = args.at(-1);
      if (isHighLevel(producer)) {
        if (typeof callback === "function") args[args.length - 1] = function (this: unknown, ...result: unknown[]): unknown {
          over(token, result[0], result[1]);
          return Reflect.apply(callback, this, result);
        };
      } else if (hasReports(producer)) {
        while (args.length < 6) args.push(undefined);
        args[5] = new Sent(token, args[5]);
        outstanding += 1;
      }
      try {
        return Reflect.apply(original, this, args);
      } catch (error) {
        if (args[5] instanceof Sent) outstanding -= 1;
        over(token, error ?? "unknown", undefined);
        if ((error as { code?: unknown } | null)?.code === QUEUE_FULL) guard.run(() => monitor.onTopicBufferFull(topic));
        throw error;
      }
    },
  );
}

/** Its own `produce` makes an opaque of its own. */
const isHighLevel = (producer: object): boolean => "_hl" in producer;

/** Without `dr_cb` no report brings an opaque back, and the client holds it for good. */
function hasReports(producer: object): boolean {
  const { _cb_configs: configured } = producer as { readonly _cb_configs?: { readonly event?: { readonly delivery_cb?: unknown } } };
  return configured?.event === undefined || configured.event.delivery_cb !== undefined;
}

function attachSend(producer: SendingProducerLike, client: Client): void {
  const { guard, monitor } = client;
  const begin = (topic: string, messages: readonly { key?: unknown; value?: unknown }[] = []): (number | undefined)[] =>
    messages.map(({ key, value }) => guard.run(() => monitor.onSendInitiated(producer, topic, undefined, sizeOf(key), sizeOf(value))));
  /** `sendBatch` sends by `send`. */
  let isInside = false;
  const wrap = (name: string, beginAll: (argument: any) => (number | undefined)[]): void => {
    if (typeof (producer as unknown as Record<string, unknown>)[name] !== "function") return;
    wrapMethod(guard, methodsOf(producer), name, (original) =>
      function (this: unknown, ...args) {
        if (guard.detached || isInside) return Reflect.apply(original, this, args);
        const tokens = guard.run(() => beginAll(args[0])) ?? [];
        const each = (work: (token: number | undefined) => void): void => tokens.forEach((token) => guard.run(() => work(token)));
        const completed = (metadata: unknown): void => each((token) => monitor.onSendCompleted(producer, token, metadata));
        const failed = (error: unknown): void => each((token) => monitor.onSendError(producer, error, token));
        let result: unknown;
        isInside = true;
        try {
          result = Reflect.apply(original, this, args);
        } catch (error) {
          failed(error);
          throw error;
        } finally {
          isInside = false;
        }
        return whenSettled(result, completed, failed);
      },
    );
  };
  wrap("send", ({ topic, messages }) => begin(topic, messages));
  wrap("sendBatch", ({ topicMessages = [] }) => topicMessages.flatMap(({ topic, messages }: any) => begin(topic, messages)));
}

function sizeOf(value: unknown): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  return ArrayBuffer.isView(value) ? value.byteLength : 0;
}
