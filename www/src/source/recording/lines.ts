/** A file's lines, read piece by piece. */

/** A longer line is no line of a trace, and would be kept whole. Characters. */
const LONGEST_LINE = 16_000_000;

/** What came of a piece of the file. */
export interface Piece {
  readonly lines: readonly string[];
  /** Bytes read so far. */
  readonly bytes: number;
}

/** @throws Error in a sentence for what is no UTF-8, and for a line without an end. */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Piece> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const reader = stream.getReader();
  let bytes = 0;
  let lines = 0;
  let rest = "";
  const decoded = (value: Uint8Array | undefined): string => {
    try {
      return value === undefined ? decoder.decode() : decoder.decode(value, { stream: true });
    } catch {
      throw new Error(`line ${lines + 1}: not UTF-8 text: expected JSON, one object a line`);
    }
  };
  for (;;) {
    const { done, value } = await reader.read();
    bytes += value?.byteLength ?? 0;
    const text = rest + decoded(value);
    const found = text.split("\n");
    rest = done ? "" : found.pop()!;
    if (done && found.at(-1) === "") found.pop();
    lines += found.length;
    if (rest.length > LONGEST_LINE) throw new Error(`line ${lines + 1}: over ${LONGEST_LINE / 1e6} million characters: expected one call`);
    yield { lines: found, bytes };
    if (done) return;
  }
}
