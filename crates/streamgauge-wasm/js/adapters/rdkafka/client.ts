/** What the attachments to consumers and producers share. */

import type { Sensor } from "../../sensor.js";
import { Guard, type Attachment, type AttachmentOptions } from "../attachment.js";
import { asAttachment, checkMonitor, checkNames, type AnyMonitor } from "../shared/attaching.js";
import { applyStatistics, StatisticsState, type StatisticsFigures, type StatisticsOptions } from "./statistics.js";

/** What attachments take. */
export interface RdkafkaOptions extends AttachmentOptions {
  /** The label of what handles messages in `events.byStream`; the message's topic. */
  readonly stream?: string | undefined;
  /** The client's `queued.min.messages`; 100,000. */
  readonly queuedMinMessages?: number | undefined;
}

/** An attachment that also hears statistics. */
export interface RdkafkaAttachment extends Attachment {
  /**
   * Hears statistics that no event brings: JSON, the object it stands for, or `{ message: json }`, so that it serves as the `stats_cb` of
   * @confluentinc/kafka-javascript. Never throws.
   */
  readonly statistics: (statistics: unknown) => void;
  /** What the newest statistics said; null before the first. */
  readonly lastStatistics: StatisticsFigures | null;
}

/** An emitter of node-rdkafka's. */
export interface EmitterLike {
  on(event: string, listener: (...args: any[]) => void): unknown;
  removeListener(event: string, listener: (...args: any[]) => void): unknown;
}

/** The kind of an error of librdkafka's: its name where the client gives one, else its number. */
export function kindOf(error: unknown): unknown {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return typeof code === "number" && (name === undefined || name === "Error") ? `librdkafka ${code}` : error;
}

/** Statistics and listeners of one client. */
export class Client {
  readonly guard: Guard;
  readonly monitor: Sensor;
  readonly options: RdkafkaOptions;
  readonly #state = new StatisticsState();
  /** What events or wrappers tell, and statistics therefore do not. */
  readonly heard: { polls?: boolean; sends?: boolean; commits?: boolean; rebalances?: boolean } = {};
  lastStatistics: StatisticsFigures | null = null;

  constructor(monitor: AnyMonitor, options: RdkafkaOptions) {
    this.monitor = checkMonitor(monitor);
    checkNames(options, ["stream", "queuedMinMessages", "onFault"]);
    this.guard = new Guard(options);
    this.options = options;
  }

  /** Hears an event until detached, and never throws into who emits it. */
  listen(emitter: EmitterLike, event: string, hear: (...args: any[]) => void): void {
    const listener = (...args: unknown[]): void => {
      this.guard.run(() => hear(...args));
    };
    emitter.on(event, listener);
    this.guard.onDetach(() => emitter.removeListener(event, listener));
  }

  statistics(told: unknown): void {
    if (this.guard.detached) return;
    this.guard.run(() => {
      const message = (told as { message?: unknown } | null)?.message;
      const { heard, options } = this;
      const leave = { polls: !heard.polls, sends: !heard.sends, commits: !heard.commits, rebalances: !heard.rebalances };
      const statistics = (typeof message === "string" ? message : told) as string | object;
      this.lastStatistics = applyStatistics(statistics, this.monitor, this.#state, { ...leave, queuedMinMessages: options.queuedMinMessages });
    });
  }

  /** The attachment that the user gets. */
  attachment(): RdkafkaAttachment {
    const attached = { statistics: (told: unknown) => this.statistics(told) };
    Object.defineProperty(attached, "lastStatistics", { get: () => this.lastStatistics });
    return asAttachment(attached, this.guard) as unknown as RdkafkaAttachment;
  }
}
