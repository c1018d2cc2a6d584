/** Health as an event. */

import { wrongType } from "./checks.js";
import type { TopicPartitionLike } from "./handles.js";
import type { Logger } from "./options.js";
import type { Status } from "./snapshot-schema.js";

/** A partition's health, or the whole monitor's, is another now, and has been for `healthHold` seconds. */
export interface HealthChange {
  /** Whose; null for all partitions of the monitor together, which are as bad as the worst of them. */
  readonly partition: TopicPartitionLike | null;
  /** What was told last; at first it is taken to be ok. */
  readonly before: Status;
  /** What it is. */
  readonly after: Status;
  /** Why, in words. Of the whole: that of its worst partition. */
  readonly reason: string;
}

/** Hears of changes in health. */
export type HealthListener = (change: HealthChange) => unknown;

/** Texts that stand for one change. */
const TEXTS = 5;

/** Those who listen to one monitor. */
export class HealthListeners {
  /** Each registration is its own, so that one function may listen twice. */
  readonly #listeners = new Set<{ readonly hear: HealthListener }>();
  readonly #logger: Logger | undefined;
  #hasFailed = false;

  constructor(logger: Logger | undefined) {
    this.#logger = logger;
  }

  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  /** Gives how to stop. */
  add(hear: unknown): () => void {
    if (typeof hear !== "function") throw wrongType("listener", "a function", hear);
    const listener = { hear: hear as HealthListener };
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Nobody listens any more. */
  clear(): void {
    this.#listeners.clear();
  }

  /** Tells all of every change, which the wasm module gives in five texts. */
  tell(texts: readonly string[]): void {
    for (let place = 0; place < texts.length; place += TEXTS) {
      const [topic, partition, before, after, reason] = texts.slice(place, place + TEXTS) as [string, string, Status, Status, string];
      const whose = partition === "" ? null : { topic, partition: Number(partition) };
      for (const listener of [...this.#listeners]) {
        // Another listener may have stopped this one, or freed the monitor.
        if (!this.#listeners.has(listener)) continue;
        try {
          const heard = listener.hear({ partition: whose && { ...whose }, before, after, reason });
          if (heard instanceof Promise) heard.catch((error: unknown) => this.#failed(error));
        } catch (error) {
          this.#failed(error);
        }
      }
    }
  }

  /** A listener that fails, now or later, must not make the sampler fail; nor must the logger. */
  #failed(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    try {
      const told: unknown = this.#logger?.warn(`streamgauge: a listener of onHealthChange failed (told once): ${String(error)}`);
      if (told instanceof Promise) told.catch(() => {});
    } catch {
      // Nobody is left to be told.
    }
  }
}
