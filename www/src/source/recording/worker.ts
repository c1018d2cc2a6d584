/** Replays a trace in a thread of its own, and answers for its checkpoints. */

import type { AsDict, Snapshot } from "streamgauge";
import { Replay } from "streamgauge/replay";
import { decode, merge } from "streamgauge/snapshot";
import { linesOf } from "./lines.js";
import type { Read, Reply, Request } from "./protocol.js";
import { TraceGroups } from "./groups.js";

/** Milliseconds between two words on how far it is. */
const PROGRESS_EVERY = 100;
/** Moments told at once. */
const MOMENTS_AT_ONCE = 40;

const page = self as unknown as { postMessage(reply: Reply): void };
let trace: TraceGroups | undefined;
let file: { readonly name: string; readonly size: number };
/** The number of the group that is shown. */
let shown = 0;

self.onmessage = ({ data }: MessageEvent<Request>): void => {
  if (data.type === "read") {
    read(data.file).catch((error: unknown) => page.postMessage({ type: "failed", message: sentenceOf(error) }));
    return;
  }
  try {
    page.postMessage({ type: "answer", id: data.id, value: answer(data) });
  } catch (error) {
    page.postMessage({ type: "refused", id: data.id, message: sentenceOf(error) });
  }
};

function answer(data: Exclude<Request, { type: "read" }>): AsDict | Snapshot | Read {
  if (data.type === "group") {
    const group = trace!.numberOf(data.name);
    if (group < 0) throw new Error(`There is no group “${data.name}” in this recording.`);
    shown = group;
    return { summary: trace!.summary(group, file.name, file.size), moments: trace!.moments(group) };
  }
  const reader = trace!.reader(shown);
  return data.type === "asdict" ? reader.asdict(data.checkpoint, data.worker) : reader.snapshot(data.checkpoint, data.worker);
}

async function read(given: File): Promise<void> {
  file = given;
  trace = new TraceGroups({ Replay, merge, decode });
  let told = performance.now();
  for await (const { lines, bytes } of linesOf(given.stream())) {
    for (const line of lines) trace.line(line);
    if (performance.now() - told < PROGRESS_EVERY) continue;
    told = performance.now();
    page.postMessage({ type: "progress", bytes, lines: trace.lines });
  }
  trace.end();
  page.postMessage({ type: "progress", bytes: file.size, lines: trace.lines });
  const moments = trace.moments(shown);
  for (let place = 0; place < moments.length; place += MOMENTS_AT_ONCE) {
    page.postMessage({ type: "moments", moments: moments.slice(place, place + MOMENTS_AT_ONCE) });
  }
  page.postMessage({ type: "done", summary: trace.summary(shown, file.name, file.size) });
}

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

page.postMessage({ type: "ready" });
