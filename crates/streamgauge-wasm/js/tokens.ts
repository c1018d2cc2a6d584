/** What the start hooks give and the end hooks take back: plain objects with Faust's fields. */

/** The times that `onMessageIn` and `onMessageOut` set on the message, seconds of the monitor's clock; and what they read. */
export interface MessageTimes {
  /**
   * When the record was written, Unix MILLISECONDS as Kafka clients have it: a number, of which
   * whole milliseconds count, a bigint or decimal digits. Read by both hooks, for lag in seconds and
   * end-to-end latency. It comes from the wire: what is absent, negative (Kafka's "none" is -1),
   * anything else or cannot be read is unknown, never refused.
   */
  readonly timestamp?: unknown;
  /** When it came in. */
  timeIn?: number | null;
  /** When it went out. */
  timeOut?: number | null;
  /** Seconds in between, where `timeIn` is known. */
  timeTotal?: number | null;
}

/** The token of `onStreamEventIn`. */
export interface EventState {
  timeIn: number;
  timeOut: number | null;
  timeTotal: number | null;
}

/** The token of `onAssignmentStart`. */
export interface AssignmentState {
  timeStart: number;
}

/** The token of `onRebalanceStart`. */
export interface RebalanceState {
  timeStart: number;
  timeReturn?: number;
  latencyReturn?: number;
  timeEnd?: number;
  latencyEnd?: number;
}

/** The token of `onWebRequestStart`. */
export interface WebRequestState {
  timeStart: number;
  timeEnd?: number;
  latencyEnd?: number;
  statusCode?: number;
}

/** The seconds that the wasm module will count from `start` to `now`: what cannot be is 0. */
export function durationOf(start: number, now: number): number {
  const seconds = now - start;
  return seconds > 0 && seconds < Infinity ? seconds : 0;
}

/** The ways in which a token can be completed, once each. */
export const ENDED = 1;
export const RETURNED = 2;

class Given {
  constructor(object: object) {
    return object;
  }
}

/**
 * Writes on a token whose it is, and how it was completed, where nobody sees it: a private field
 * on the plain object itself. It costs nothing that can be measured; a WeakSet costs 700 ns.
 */
export class Mark extends Given {
  #owner: object;
  #completed = 0;

  private constructor(token: object, owner: object) {
    super(token);
    this.#owner = owner;
  }

  /** Marks a new token as `owner`'s. */
  static issue<T extends object>(token: T, owner: object): T {
    new Mark(token, owner);
    return token;
  }

  /** Whether `owner` gave this token and saw it completed that way. */
  static isCompleted(token: object, owner: object, how: number): boolean {
    return #owner in token && token.#owner === owner && (token.#completed & how) !== 0;
  }

  /** Marks a completion; false where `owner` gave this token and saw it completed that way before. */
  static complete(token: object, owner: object, how: number): boolean {
    if (!(#owner in token) || token.#owner !== owner) return true;
    if ((token.#completed & how) !== 0) return false;
    token.#completed |= how;
    return true;
  }

  /** Takes a completion back. */
  static reopen(token: object, owner: object, how: number): void {
    if (#owner in token && token.#owner === owner) token.#completed &= ~how;
  }
}
