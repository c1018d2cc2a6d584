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
 * on the plain object itself. It costs 3 ns where V8 inlines it; a WeakSet costs 90 ns.
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

/** Who gives events' tokens, and what stands on a token of its own that was completed. */
export interface TokenOwner {
  readonly ended: object;
}

/** What the end of an event's token is. */
export const NOT_OURS = 0;
export const ENDS = 1;
export const ENDED_BEFORE = 2;
export type Ending = typeof NOT_OURS | typeof ENDS | typeof ENDED_BEFORE;

/** The same for the tokens of events, as short as it can be: V8 inlines no more of a message's hooks. */
export class EventMark extends Given {
  /** The owner's while the event is under way, then what it has for those that ended. */
  #holder: object;

  /** Marks a new token; the mark is the token itself. */
  constructor(token: EventState, owner: TokenOwner) {
    super(token);
    this.#holder = owner;
  }

  /** Whether it is `owner`'s, and under way. Throws for a token that is nobody's. */
  static isHeld(token: object, owner: TokenOwner): boolean {
    return (token as EventMark).#holder === owner;
  }

  /** Marks the end; false where it is not `owner`'s, or ended before. Throws as above. */
  static close(token: object, owner: TokenOwner): object | false {
    return (token as EventMark).#holder === owner && ((token as EventMark).#holder = owner.ended);
  }

  /** What its end would be. */
  static ending(token: object, owner: TokenOwner): Ending {
    if (!(#holder in token)) return NOT_OURS;
    if (token.#holder === owner) return ENDS;
    return token.#holder === owner.ended ? ENDED_BEFORE : NOT_OURS;
  }

  /** Takes the end back. */
  static reopen(token: object, owner: TokenOwner): void {
    if (#holder in token && token.#holder === owner.ended) token.#holder = owner;
  }
}
