/** What the parts of one attached consumer share. */

import type { Sensor } from "../../sensor.js";
import type { Guard } from "../attachment.js";
import type { Flow } from "../shared/flow.js";
import type { Membership } from "../shared/membership.js";
import type { Partitions } from "../shared/partitions.js";
import type { Positions } from "./positions.js";
import type { KafkaConsumerLike } from "./types.js";

export interface Context {
  readonly guard: Guard;
  readonly monitor: Sensor;
  readonly consumer: KafkaConsumerLike;
  readonly partitions: Partitions;
  readonly membership: Membership;
  readonly positions: Positions;
  readonly flow: Flow;
  /** Errors that were told already: of a commit in a handler, which then comes out of the handler as well. */
  readonly told: WeakSet<object>;
  /** The consumer may be pausing other partitions than before. */
  readonly lookAtPaused: (byHost: boolean) => void;
  readonly pauses: Pauses;
}

type Pause = () => () => void;

/** The `pause` of handlers, and the resume that it gives, in a form that is heard. KafkaJS gives all messages of a batch the same one. */
export class Pauses {
  readonly #heard: () => void;
  #pause: Pause | undefined;
  #watched: Pause | undefined;

  constructor(heard: () => void) {
    this.#heard = heard;
  }

  watched(pause: Pause): Pause {
    if (pause !== this.#pause || this.#watched === undefined) {
      this.#pause = pause;
      this.#watched = () => {
        const resume = pause();
        this.#heard();
        return () => {
          resume();
          this.#heard();
        };
      };
    }
    return this.#watched;
  }
}

const GROUP_ERRORS: readonly unknown[] = ["REBALANCE_IN_PROGRESS", "NOT_COORDINATOR_FOR_GROUP", "ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID"];

/** The group rebalances, of which a heartbeat or a commit in a handler hears first. Not the handler's failure. */
export function isOfGroup(error: unknown): boolean {
  return typeof error === "object" && error !== null && GROUP_ERRORS.includes((error as { readonly type?: unknown }).type);
}

/** A handler failed. */
export function tellFailure({ monitor, told }: Context, error: unknown, tp: { readonly topic: string; readonly partition: number }): void {
  if (isOfGroup(error)) return;
  if (typeof error === "object" && error !== null && told.has(error)) return;
  monitor.onError("process", error, tp);
}

/** A commit failed; KafkaJS's errors are objects. */
export function tellCommitFailure({ monitor, told }: Context, error: unknown): void {
  if (typeof error === "object" && error !== null) told.add(error);
  if (!isOfGroup(error)) monitor.onError("commit", error);
}

/** A commit that the host asked for: its failure is told, and goes on to the host. */
export async function watchedCommit(context: Context, commit: () => Promise<void>): Promise<void> {
  try {
    return await commit();
  } catch (error) {
    context.guard.run(() => tellCommitFailure(context, error));
    throw error;
  }
}
