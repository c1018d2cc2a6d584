/** What may stand in a StatsD line, and how it is written there. Pure text: no sockets, no snapshots. */

/** The two forms: Etsy's StatsD, which has names only, and Datadog's, which has tags. */
export type Dialect = "statsd" | "dogstatsd";

/**
 * A number without an exponent, which StatsD's own server does not read in a sampling rate. What is
 * smaller than 10^-80 is 0.
 */
export function plainNumber(value: number): string {
  const text = String(value);
  if (!text.includes("e")) return text;
  if (Math.abs(value) >= 1) return BigInt(value).toString();
  if (Math.abs(value) < 1e-80) return "0";
  // 17 digits that count.
  const places = 16 - Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(places).replace(/0+$/, "");
}

/**
 * A part of a name between two points: letters and digits of ASCII, `_` and `-`. Any other ASCII
 * character becomes `_`; one beyond ASCII becomes its code point in hexadecimal between two `_`, for
 * servers drop it, and two topics would be one.
 */
export function nameSegment(label: string): string {
  const safe = label.replace(/[^A-Za-z0-9_-]/gu, (character) => {
    const point = character.codePointAt(0) ?? 0;
    return point < 0x80 ? "_" : `_${point.toString(16)}_`;
  });
  return safe === "" ? "_" : safe;
}

/**
 * A tag's value. Letters and digits of any script stay, and `_ - . /`; all else becomes `_`: what ends a
 * tag, a line or a field (`,` `|` newline), what begins one (`#` `@` `:`), spaces and controls.
 */
export function tagValue(value: string): string {
  const safe = value.replace(/[^\p{L}\p{M}\p{N}_\-./]/gu, "_");
  return safe === "" ? "_" : safe;
}

/** Tags as they stand in a line: `topic:orders,partition:3`. */
export function tagList(tags: Iterable<readonly [string, string]>): string {
  return Array.from(tags, ([key, value]) => `${nameSegment(key)}:${tagValue(value)}`).join(",");
}

/** `messages.receivedByTopic` -> `messages.received_by_topic`. */
export function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}

/** Writes the lines of one dialect. */
export class LineWriter {
  readonly #dialect: Dialect;
  readonly #prefix: string;
  readonly #constantTags: string;

  /** `prefix` stands before every name as it is; `tags` are added to every line of DogStatsD. */
  constructor(dialect: Dialect, prefix: string, tags: Iterable<readonly [string, string]> = []) {
    this.#dialect = dialect;
    this.#prefix = prefix;
    this.#constantTags = tagList(tags);
  }

  /** Name and tags of a series: labels are segments after the name, or tags. */
  series(name: string, labels: readonly (readonly [string, string])[], suffix = ""): Series {
    if (this.#dialect === "dogstatsd") {
      const tags = [this.#constantTags, tagList(labels)].filter((list) => list !== "").join(",");
      return { name: `${this.#prefix}${name}${suffix}`, tags: tags === "" ? "" : `|#${tags}` };
    }
    const segments = labels.map(([, value]) => `.${nameSegment(value)}`).join("");
    return { name: `${this.#prefix}${name}${segments}${suffix}`, tags: "" };
  }

  counter({ name, tags }: Series, delta: number): string {
    return `${name}:${plainNumber(delta)}|c${tags}`;
  }

  /**
   * A gauge's line. StatsD takes a sign for a change of the gauge, so there a negative one is set to 0
   * first: two lines that must go in one packet. Datadog takes it as it is.
   */
  gauge({ name, tags }: Series, value: number): string {
    const text = plainNumber(value);
    if (this.#dialect === "dogstatsd" || !text.startsWith("-")) return `${name}:${text}|g${tags}`;
    return `${name}:0|g\n${name}:${text}|g`;
  }

  /** Values that stand for 1/rate measurements each; several in one line where the dialect packs them. */
  samples({ name, tags }: Series, type: "ms" | "d", values: readonly string[], rate: string, maxBytes: number): string[] {
    const tail = `|${type}${rate === "1" ? "" : `|@${rate}`}${tags}`;
    if (this.#dialect === "statsd") return values.map((value) => `${name}:${value}${tail}`);
    // All of it may be beyond ASCII in a prefix or a tag alone: measured once.
    const fixed = byteLength(name) + byteLength(tail);
    const lines: string[] = [];
    let packed = "";
    for (const value of values) {
      if (packed !== "" && fixed + packed.length + 1 + value.length > maxBytes) {
        lines.push(`${name}${packed}${tail}`);
        packed = "";
      }
      packed += `:${value}`;
    }
    if (packed !== "") lines.push(`${name}${packed}${tail}`);
    return lines;
  }
}

/** What a line says before its value, and after. */
export interface Series {
  readonly name: string;
  readonly tags: string;
}

const encoder = new TextEncoder();

/** Length in UTF-8. */
export function byteLength(text: string): number {
  // Most are ASCII, and need no copy to be measured.
  for (let place = 0; place < text.length; place += 1) {
    if (text.charCodeAt(place) > 0x7f) return encoder.encode(text).length;
  }
  return text.length;
}

/**
 * The decimal rate that makes a server count each value `weight` times: 1/weight, a trace less,
 * for servers that cut 1/rate down to a whole number and would else arrive at `weight - 1`.
 */
export function rateOf(weight: number): string {
  return weight <= 1 ? "1" : plainNumber(1 / (weight * (1 + 1e-12)));
}
