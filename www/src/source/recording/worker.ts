/** Replays a trace in a thread of its own, and answers for its checkpoints. */

import { Replay } from "streamgauge/replay";
import { decode, merge } from "streamgauge/snapshot";
import type { Moment } from "../../model/moment.js";
import { linesOf } from "./lines.js";
import type { Reply, Request } from "./protocol.js";
import { TraceReader } from "./reader.js";

/** Milliseconds between two words on how far it is. */
const PROGRESS_EVERY = 100;
/** Moments told at once. */
const MOMENTS_AT_ONCE = 40;

const page = self as unknown as { postMessage(reply: Reply): void };
let reader: TraceReader | undefined;

self.onmessage = ({ data }: MessageEvent<Request>): void => {
  if (data.type === "read") {
    read(data.file).catch((error: unknown) => page.postMessage({ type: "failed", message: sentenceOf(error) }));
    return;
  }
  try {
    const value = data.type === "asdict" ? reader!.asdict(data.checkpoint, data.worker) : reader!.snapshot(data.checkpoint, data.worker);
    page.postMessage({ type: "answer", id: data.id, value });
  } catch (error) {
    page.postMessage({ type: "refused", id: data.id, message: sentenceOf(error) });
  }
};

async function read(file: File): Promise<void> {
  const trace = (reader = new TraceReader({ Replay, merge, decode }));
  let told = performance.now();
  for await (const { lines, bytes } of linesOf(file.stream())) {
    for (const line of lines) trace.line(line);
    if (performance.now() - told < PROGRESS_EVERY) continue;
    told = performance.now();
    page.postMessage({ type: "progress", bytes, lines: trace.lines });
  }
  trace.end();
  page.postMessage({ type: "progress", bytes: file.size, lines: trace.lines });
  const moments: Moment[] = [];
  for (let place = 0; place < trace.count; place += MOMENTS_AT_ONCE) {
    const some = Array.from({ length: Math.min(MOMENTS_AT_ONCE, trace.count - place) }, (_, more) => trace.moment(place + more));
    page.postMessage({ type: "moments", moments: some });
    moments.push(...some);
  }
  page.postMessage({ type: "done", summary: trace.summary(file.name, file.size, moments) });
}

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

page.postMessage({ type: "ready" });
