/** The lines of a trace out of a stream of bytes. */

import type { Readable } from "node:stream";
import { TraceError } from "./replay-node.js";

/** A file that is no trace may have no line end in gigabytes. */
const MOST_BYTES_A_LINE = 64 * 2 ** 20;
const LINE_END = 0x0a;

/** The lines of a stream of UTF-8, a chunk's at a time; `seen` hears the size of each chunk. @throws TraceError */
export async function* lines(input: Readable, seen: (bytes: number) => void = () => {}): AsyncGenerator<string[]> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  let line = 1;
  for await (const chunk of input as AsyncIterable<Buffer>) {
    seen(chunk.length);
    const end = chunk.lastIndexOf(LINE_END);
    if (end >= 0) {
      const whole = decoded(Buffer.concat([...rest, chunk.subarray(0, end)]), line);
      yield whole;
      line += whole.length;
      rest = [];
      restBytes = 0;
    }
    rest.push(chunk.subarray(end + 1));
    restBytes += chunk.length - end - 1;
    if (restBytes > MOST_BYTES_A_LINE) throw new TraceError(line, `longer than ${MOST_BYTES_A_LINE / 2 ** 20} MB: not a trace`);
  }
  if (restBytes > 0) yield decoded(Buffer.concat(rest), line);
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** The lines in whole bytes, the first of which has the number `first`. */
function decoded(bytes: Buffer, first: number): string[] {
  try {
    return UTF8.decode(bytes).split("\n");
  } catch (cause) {
    // Which of them it is: no line end lies within a character.
    for (let line = first, start = 0; ; line += 1) {
      const end = bytes.indexOf(LINE_END, start);
      try {
        UTF8.decode(bytes.subarray(start, end < 0 ? undefined : end));
      } catch {
        throw new TraceError(line, "not UTF-8", { cause });
      }
      start = end + 1;
    }
  }
}
