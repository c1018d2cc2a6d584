/** Server-sent events out of a stream of bytes, as the HTML standard reads them. */

/** One event. */
export interface ServerEvent {
  /** Its `event` field; "message" where it has none. */
  readonly type: string;
  /** Its `data` lines, joined. */
  readonly data: string;
  /** The last `id` that was seen so far. */
  readonly id: string;
}

/** Takes text in pieces and gives whole events. */
export class EventStreamParser {
  readonly #onEvent: (event: ServerEvent) => void;
  readonly #most: number;
  #rest = "";
  #data: string[] = [];
  #held = 0;
  #type = "";
  #id = "";
  #retryMilliseconds: number | undefined;
  #afterReturn = false;

  /** @param most how many characters an event may have: what is longer throws a RangeError. */
  constructor(onEvent: (event: ServerEvent) => void, most: number) {
    this.#onEvent = onEvent;
    this.#most = most;
  }

  /** What the newest `retry` field asked for. */
  get retryMilliseconds(): number | undefined {
    return this.#retryMilliseconds;
  }

  push(text: string): void {
    // A line that ends with \r\n may come in two pieces.
    let piece = this.#afterReturn && text.startsWith("\n") ? text.slice(1) : text;
    if (text !== "") this.#afterReturn = text.endsWith("\r");
    if (!/[\r\n]/.test(piece)) {
      this.#rest += piece;
      this.#limit(this.#rest.length);
      return;
    }
    piece = this.#rest + piece;
    const lines = piece.split(/\r\n|\n|\r/);
    this.#rest = lines.pop()!;
    for (const line of lines) this.#line(line);
    this.#limit(this.#rest.length);
  }

  #limit(more: number): void {
    if (this.#held + more > this.#most) throw new RangeError(`an event has more than ${this.#most} characters`);
  }

  #line(line: string): void {
    if (line === "") {
      this.#end();
      return;
    }
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    switch (field) {
      case "data":
        // With its end: empty lines take memory, too.
        this.#limit(value.length + 1);
        this.#held += value.length + 1;
        this.#data.push(value);
        break;
      case "event":
        this.#type = value;
        break;
      case "id":
        if (!value.includes("\0")) this.#id = value;
        break;
      case "retry":
        if (/^\d{1,9}$/.test(value)) this.#retryMilliseconds = Number(value);
    }
  }

  #end(): void {
    const data = this.#data;
    const type = this.#type || "message";
    this.#data = [];
    this.#held = 0;
    this.#type = "";
    if (data.length > 0) this.#onEvent({ type, data: data.join("\n"), id: this.#id });
  }
}
