/** Names that already know their number in one monitor. */

/** What the hooks take for a topic-partition. */
export interface TopicPartitionLike {
  readonly topic: string;
  /** A whole number in 0..2^31-1. */
  readonly partition: number;
}

/** What the hooks take for a stream: its label, or label and task. */
export type StreamLike = string | { readonly label: string; readonly task?: string | null | undefined };

/** `NONE` of the wasm module: no room, no task. */
export const NONE = 0xffff_ffff;

/** What a handle says whose number is from before a fold: it has another now, or none. */
export const STALE = -1;

/** For as long as numbers keep their meaning in a monitor; what was looked up before is looked up again. */
export class Era {
  readonly owner: object;

  constructor(owner: object) {
    this.owner = owner;
  }
}

/** Of handles that know no number. */
export const NOBODYS = new Era({});

/** A call's kind in the log shares its first number with a partition's or a stream's: `number * KINDS + kind`. */
export const KINDS = 8;

/**
 * A topic-partition from `monitor.topicPartition()`. Serves any monitor; in the one that made it,
 * hooks skip the look-up.
 */
export class TopicPartition implements TopicPartitionLike {
  declare readonly topic: string;
  declare readonly partition: number;
  /** @internal Of which monitor its number is, and since when. */
  declare era: Era;
  /** @internal Its number there, as the log has it: times `KINDS`. */
  declare loggedPlace: number;
  /** Nothing but this class makes one. */
  readonly #isHandle = true;

  /** @internal Use `monitor.topicPartition()`. */
  constructor(topic: string, partition: number, era: Era, index: number) {
    // What is no property of a handle to its user is not enumerable.
    fix(this, { topic, partition }, { era: index === NONE ? NOBODYS : era, loggedPlace: index * KINDS });
  }

  /** @internal Its number in a monitor, `NONE` where it is not of that monitor, `STALE` from before a fold. */
  static indexIn(tp: object, era: Era): number {
    // The first is quick where it fails, the second never wrong.
    if (!(tp instanceof TopicPartition) || !(#isHandle in tp)) return NONE;
    if (tp.era === era) return tp.loggedPlace / KINDS;
    return tp.era.owner === era.owner ? STALE : NONE;
  }

  /** @internal Gives a stale handle its number of now. */
  static renew(tp: TopicPartition, era: Era, index: number): void {
    tp.era = era;
    tp.loggedPlace = index * KINDS;
  }
}

/**
 * A stream from `monitor.stream()`. Serves any monitor; in the one that made it, hooks skip the
 * look-up.
 */
export class Stream {
  declare readonly label: string;
  declare readonly task: string | null;
  /** @internal As a topic-partition's era; named apart, so that neither passes for the other. */
  declare streamEra: Era;
  /** @internal The numbers of label and task, as the log has them. */
  declare loggedNames: number;
  readonly #isHandle = true;

  /** @internal Use `monitor.stream()`. */
  constructor(label: string, task: string | null, era: Era, names: number) {
    fix(this, { label, task }, { streamEra: era, loggedNames: names * KINDS });
  }

  /** @internal The numbers of label and task in a monitor, NaN where it is not of that monitor, `STALE` from before a fold. */
  static namesIn(stream: object, era: Era): number {
    if (!(stream instanceof Stream) || !(#isHandle in stream)) return Number.NaN;
    if (stream.streamEra === era) return stream.loggedNames / KINDS;
    return stream.streamEra.owner === era.owner ? STALE : Number.NaN;
  }

  /** @internal Gives a stale handle its numbers of now. */
  static renew(stream: Stream, era: Era, names: number): void {
    stream.streamEra = era;
    stream.loggedNames = names * KINDS;
  }
}

/** Gives a handle its names, which nobody can change, and what only this package sees and changes. */
function fix(handle: object, names: object, numbers: object): void {
  for (const [key, value] of Object.entries(names)) Object.defineProperty(handle, key, { value, enumerable: true });
  for (const [key, value] of Object.entries(numbers)) Object.defineProperty(handle, key, { value, writable: true });
  Object.preventExtensions(handle);
}
