/** Consumers: node-rdkafka's `KafkaConsumer` (that of @confluentinc/kafka-javascript's older API alike), and the KafkaJS-like one. */

import { wrongType } from "../../checks.js";
import type { TopicPartitionLike } from "../../handles.js";
import type { RebalanceState } from "../../tokens.js";
import { methodsOf, wrapMethod, type AnyMonitor } from "../shared/attaching.js";
import { Client, kindOf, type EmitterLike, type RdkafkaAttachment, type RdkafkaOptions } from "./client.js";
import { Flow, type MessageLike } from "./flow.js";

/** A `KafkaConsumer` of node-rdkafka. */
export interface RdkafkaConsumerLike extends EmitterLike {
  consume(...args: any[]): unknown;
  emit(event: string, ...args: any[]): boolean;
}

/** A consumer of the KafkaJS-like API: its `run` takes `eachMessage` or `eachBatch`. */
export interface RunningConsumerLike {
  run(config?: any): Promise<void>;
}

const ASSIGN = -175;
const REVOKE = -174;
/** What `commit` began and no event ended, at most: without `offset_commit_cb` none comes. */
const MOST_COMMITS = 100;

/**
 * Tells `monitor` of a consumer, in place; before `connect` and `run`, to miss nothing.
 *
 * node-rdkafka: `consume(n, callback)`: messages come in together and go out when the callback has returned, or its promise has settled.
 * Flowing: out when the `data` listeners have returned. `rebalance_cb`, `offset_commit_cb` and `statistics.interval.ms` in the client's
 * configuration bring the rest; what only statistics tell is taken from them.
 *
 * KafkaJS-like: `eachMessage`, `eachBatch`, from call to settling; statistics by its `stats_cb`.
 *
 * @throws TypeError for what is no consumer, or options that do not serve.
 */
export function attachConsumer(consumer: RdkafkaConsumerLike | RunningConsumerLike, monitor: AnyMonitor, options: RdkafkaOptions = {}): RdkafkaAttachment {
  const { consume, run } = (consumer ?? {}) as Partial<RdkafkaConsumerLike & RunningConsumerLike>;
  if (typeof consume !== "function" && typeof run !== "function") throw wrongType("consumer", "a consumer with consume() or run()", consumer);
  const client = new Client(monitor, options);
  const flow = new Flow(client);
  if (typeof consume === "function") {
    attachEvents(consumer as RdkafkaConsumerLike, client);
    attachConsume(consumer as RdkafkaConsumerLike, client, flow);
  } else attachRun(consumer as RunningConsumerLike, client, flow);
  attachPauses(consumer, client);
  return client.attachment();
}

function attachConsume(consumer: RdkafkaConsumerLike, client: Client, flow: Flow): void {
  let isFlowing = false;
  wrapMethod(client.guard, methodsOf(consumer), "consume", (original) =>
    function (this: unknown, ...args) {
      const [count, callback] = args;
      isFlowing = typeof count !== "number";
      if (isFlowing || client.guard.detached || typeof callback !== "function") return Reflect.apply(original, this, args);
      const heard = function (this: unknown, ...result: unknown[]): unknown {
        const messages = (result[1] ?? []) as readonly MessageLike[];
        if (result[0] != null) client.guard.run(() => client.monitor.onError("fetch", kindOf(result[0])));
        return flow.during(flow.begin(messages), () => Reflect.apply(callback, this, result));
      };
      return Reflect.apply(original, this, [count, heard, ...args.slice(2)]);
    },
  );
  wrapMethod(client.guard, methodsOf(consumer), "emit", (original) =>
    function (this: unknown, ...args) {
      if (args[0] !== "data" || !isFlowing || client.guard.detached) return Reflect.apply(original, this, args);
      return flow.during(flow.begin([args[1] as MessageLike]), () => Reflect.apply(original, this, args));
    },
  );
}

function attachEvents(consumer: RdkafkaConsumerLike, client: Client): void {
  const { monitor, heard } = client;
  let rebalance: RebalanceState | undefined;
  const commits: (number | undefined)[] = [];
  const rebalanceOver = (): void => {
    const token = rebalance;
    if (token === undefined) return;
    rebalance = undefined;
    monitor.onRebalanceReturn(consumer, token);
    monitor.onRebalanceEnd(consumer, token);
  };
  client.listen(consumer, "event.stats", (told) => client.statistics(told));
  client.listen(consumer, "event.error", (error) => monitor.onError("fetch", kindOf(error)));
  client.listen(consumer, "rebalance", (error: { code?: number } | undefined, given: readonly TopicPartitionLike[] = []) => {
    heard.rebalances = true;
    if (error?.code === ASSIGN) {
      // The first comes without a revocation before it.
      rebalance ??= monitor.onRebalanceStart();
      monitor.onPartitionsAssigned(given);
      rebalanceOver();
    } else if (error?.code === REVOKE) {
      rebalance ??= monitor.onRebalanceStart();
      monitor.onPartitionsRevoked(given);
    } else monitor.onError("other", kindOf(error));
  });
  client.listen(consumer, "rebalance.error", (error) => monitor.onError("other", kindOf(error)));
  // What was revoked on leaving comes back to nobody here.
  for (const event of ["unsubscribed", "disconnected"]) client.listen(consumer, event, rebalanceOver);
  client.listen(consumer, "offset.commit", (error: unknown, offsets: readonly (TopicPartitionLike & { offset: number })[] = []) => {
    heard.commits = true;
    const token = commits.shift();
    if (error != null) return monitor.onError("commit", kindOf(error));
    if (token !== undefined) monitor.onCommitCompleted(consumer, token);
    monitor.onTpCommit(offsets.filter(({ offset }) => offset >= 0).map(({ topic, partition, offset }) => [{ topic, partition }, offset]));
  });
  for (const name of ["commit", "commitMessage", "commitSync", "commitMessageSync"]) {
    if (typeof (consumer as unknown as Record<string, unknown>)[name] !== "function") continue;
    const isSync = name.endsWith("Sync");
    wrapMethod(client.guard, methodsOf(consumer), name, (original) =>
      function (this: unknown, ...args) {
        if (client.guard.detached) return Reflect.apply(original, this, args);
        const token = client.guard.run(() => monitor.onCommitInitiated(consumer));
        if (!isSync && commits.length < MOST_COMMITS) commits.push(token);
        try {
          const result: unknown = Reflect.apply(original, this, args);
          if (isSync) client.guard.run(() => monitor.onCommitCompleted(consumer, token));
          return result;
        } catch (error) {
          if (!isSync) commits.pop();
          client.guard.run(() => monitor.onError("commit", kindOf(error)));
          throw error;
        }
      },
    );
  }
}

function attachRun(consumer: RunningConsumerLike, client: Client, flow: Flow): void {
  wrapMethod(client.guard, methodsOf(consumer), "run", (original) =>
    function (this: unknown, config, ...rest) {
      // What is no configuration is the client's to refuse.
      if (client.guard.detached || typeof config !== "object" || config === null) return Reflect.apply(original, this, [config, ...rest]);
      const wrapped = { ...config };
      const { eachMessage, eachBatch } = wrapped as Record<string, unknown>;
      if (typeof eachMessage === "function") {
        wrapped.eachMessage = function (this: unknown, payload: any) {
          const { topic, partition, message } = payload;
          const { offset, timestamp } = message;
          const works = flow.begin([{ topic, partition, offset, timestamp, size: sizeOf(message) }]);
          return flow.during(works, () => Reflect.apply(eachMessage, this, [payload]));
        };
      }
      if (typeof eachBatch === "function") {
        wrapped.eachBatch = function (this: unknown, payload: any) {
          const { topic, partition, highWatermark, messages } = payload.batch;
          client.guard.run(() => {
            if (!client.guard.detached && Number(highWatermark) >= 0) client.monitor.trackTpEndOffset({ topic, partition }, highWatermark);
          });
          const all = messages.map((message: any) => ({ topic, partition, offset: message.offset, timestamp: message.timestamp, size: sizeOf(message) }));
          return flow.during(flow.begin(all), () => Reflect.apply(eachBatch, this, [payload]));
        };
      }
      return Reflect.apply(original, this, [wrapped, ...rest]);
    },
  );
}

const sizeOf = ({ key, value }: { key?: { length: number } | null; value?: { length: number } | null }): number => (key?.length ?? 0) + (value?.length ?? 0);

/** Topic-partitions of either API: `{topic, partition}`, or `{topic, partitions}`. */
function attachPauses(consumer: object, client: Client): void {
  for (const [name, hook] of [["pause", "onPause"], ["resume", "onResume"]] as const) {
    if (typeof (consumer as Record<string, unknown>)[name] !== "function") continue;
    wrapMethod(client.guard, methodsOf(consumer), name, (original) =>
      function (this: unknown, ...args) {
        const result: unknown = Reflect.apply(original, this, args);
        if (client.guard.detached) return result;
        client.guard.run(() => {
          const given = (args[0] ?? []) as readonly { topic: string; partition?: number; partitions?: readonly number[] }[];
          const tps = given.flatMap(({ topic, partition, partitions = [] }) => (partition === undefined ? [...partitions] : [partition]).map((number) => ({ topic, partition: number })));
          client.monitor[hook](tps);
        });
        return result;
      },
    );
  }
}
