/** The labels that tie the calls of one message or operation together in a trace. */

class Given {
  constructor(object: object) {
    return object;
  }
}

/** Writes a label on an object that a recorder was given or gave, where nobody sees it; nothing is held by it. */
class Stamp extends Given {
  #owner: object;
  #label: string;
  #time: unknown;
  #timestamp: number | undefined;

  private constructor(object: object, owner: object, label: string, time: unknown, timestamp: number | undefined) {
    super(object);
    this.#owner = owner;
    this.#label = label;
    this.#time = time;
    this.#timestamp = timestamp;
  }

  static put(object: object, owner: object, label: string, time: unknown, timestamp?: number): void {
    if (!(#owner in object)) {
      new Stamp(object, owner, label, time, timestamp);
      return;
    }
    object.#owner = owner;
    object.#label = label;
    object.#time = time;
    object.#timestamp = timestamp;
  }

  /** Its label, undefined where `owner` gave it none. */
  static labelOf(object: object, owner: object): string | undefined {
    return #owner in object && object.#owner === owner ? object.#label : undefined;
  }

  static isUnchanged(object: object, time: unknown, timestamp?: number): boolean {
    return #owner in object && object.#time === time && object.#timestamp === timestamp;
  }

  static takeOff(object: object): void {
    if (#owner in object) object.#owner = object;
  }
}

/** Bare times of one reading have a label each; so many are remembered, then all are forgotten, and ends say what they hold. */
const MOST_OPEN = 65_536;

/** What a token is called in the call that ends it, and what it holds where the trace does not tell. */
export interface Named {
  readonly label: string | null;
  readonly held?: Readonly<Record<string, number>>;
}

/** The labels of one recorder. */
export class Labels {
  #last = 0;
  readonly #open = new Map<number, string[]>();
  #openCount = 0;

  /** A label that stands for nothing yet. */
  next(): string {
    this.#last += 1;
    return String(this.#last);
  }

  /** A message that came in, or a token that was given. */
  start(object: object, time: unknown, timestamp?: number): string {
    const label = this.next();
    try {
      Stamp.put(object, this, label, time, timestamp);
    } catch {
      // It takes no stamp: its end will say what it holds.
    }
    return label;
  }

  /** A bare time that was given. */
  startNumber(time: number): string {
    const label = this.next();
    if (this.#openCount >= MOST_OPEN) {
      this.#open.clear();
      this.#openCount = 0;
    }
    const open = this.#open.get(time);
    if (open === undefined) this.#open.set(time, [label]);
    else open.push(label);
    this.#openCount += 1;
    return label;
  }

  /** A message that goes out. Once its label was used it has none, so that a replay may forget that. */
  endMessage(message: object, timeIn: unknown, timestamp: number | undefined): Named {
    const label = Stamp.labelOf(message, this);
    const isUnchanged = label !== undefined && Stamp.isUnchanged(message, timeIn, timestamp);
    Stamp.takeOff(message);
    if (isUnchanged) return { label };
    const held = {
      ...(typeof timeIn === "number" ? { time_in: timeIn } : {}),
      ...(timestamp === undefined ? {} : { timestamp }),
    };
    return Object.keys(held).length === 0 ? { label: this.next() } : { label: this.next(), held };
  }

  /** A token that ends; `key` is where it has its start. */
  endToken(token: object, key: string, time: number): Named {
    const label = Stamp.labelOf(token, this);
    if (label === undefined) return { label: this.next(), held: { [key]: time } };
    if (Stamp.isUnchanged(token, time)) return { label };
    Stamp.put(token, this, label, time);
    return { label, held: { [key]: time } };
  }

  /** A bare time that ends. */
  endNumber(time: number): Named {
    const open = this.#open.get(time);
    const label = open?.pop();
    if (label === undefined) return { label: this.next(), held: { time } };
    if (open?.length === 0) this.#open.delete(time);
    this.#openCount -= 1;
    return { label };
  }
}
