/** `streamgauge serve`: a trace replayed in real time, or traffic made up for a look at it. */

import { createReadStream } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { broken } from "./cli-replay.js";
import { numberOf, SERVER_OPTIONS, SERVER_OPTIONS_HELP, serveOptionsOf, serveUntilTold, understood, UsageError } from "./cli-options.js";
import { startDemo } from "./demo.js";
import { Replay } from "./replay-node.js";
import type { ServeOptions, SnapshotSource } from "./server/index.js";
import { lines } from "./trace-lines.js";

const USUAL_PORT = 8912;

export const SERVE_USAGE = `Usage: streamgauge serve [--speed N] [options] [TRACE]

Serves live figures over HTTP: the page at /, and /snapshot, /metrics, /events, /healthz, /stats/.
They are those of TRACE, a trace of hook calls that is replayed as fast as it happened; without
one, of traffic that is made up. A program serves its own monitor with streamgauge/server.

  --speed N            replays N times as fast
${SERVER_OPTIONS_HELP}  --help               this text

Listens on port ${USUAL_PORT}. Exits with 0 when it was told to end, 2 where the command or the trace
is broken.
`;

export async function serveCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = understood(() => parseArgs({ args: [...args], options: { ...SERVER_OPTIONS, speed: { type: "string" } }, allowPositionals: true }));
  if (values.help === true) {
    process.stdout.write(SERVE_USAGE);
    return 0;
  }
  if (positionals.length > 1) throw new UsageError("more than one trace: replay them merged with `streamgauge replay`");
  const speed = numberOf("speed", values.speed, 0.001, 1000);
  const [trace] = positionals;
  if (trace === undefined && speed !== undefined) throw new UsageError("--speed is for a trace");
  const options = serveOptionsOf(values, USUAL_PORT);
  if (trace === undefined) {
    const { monitor, stop } = startDemo();
    return serveUntilTold("made-up traffic", monitor, options).finally(stop);
  }
  return serveTrace(trace, speed ?? 1, options);
}

async function serveTrace(file: string, speed: number, options: ServeOptions): Promise<number> {
  const ending = new AbortController();
  const replay = new Replay();
  let exitCode = 0;
  const broke = new Promise<void>((resolve) => {
    replayInTime(file, speed, replay, ending.signal).then(
      () => process.stderr.write(`${file}: replayed to its end, whose figures stay\n`),
      (error: unknown) => {
        if (ending.signal.aborted) return;
        exitCode = 2;
        process.stderr.write(`${file}:${textOf(error)}\n`);
        resolve();
      },
    );
  });
  try {
    return Math.max(await serveUntilTold(file, sourceOf(replay), options, broke), exitCode);
  } finally {
    ending.abort();
  }
}

/** A fault of ours is told with where it happened. */
function textOf(error: unknown): string {
  try {
    return broken(error);
  } catch {
    return ` ${(error as Error).stack}`;
  }
}

/** Tells the trace line by line, each when it is due. */
async function replayInTime(file: string, speed: number, replay: Replay, signal: AbortSignal): Promise<void> {
  const started = performance.now();
  let first: number | undefined;
  for await (const batch of lines(createReadStream(file, { signal }))) {
    for (const line of batch) {
      const at = timeOf(line);
      if (at !== undefined) {
        first ??= at;
        const due = started + ((at - first) * 1000) / speed;
        const early = due - performance.now();
        if (early > 1) await wait(early, undefined, { signal });
      }
      replay.line(line);
    }
  }
  replay.end();
}

/** When a call was made; undefined for a line that says nothing of it, which the replay judges. */
function timeOf(line: string): number | undefined {
  try {
    const { at, call } = JSON.parse(line) as { at?: unknown; call?: unknown };
    return typeof at === "number" && call !== undefined ? at : undefined;
  } catch {
    return undefined;
  }
}

/** Of several workers the sum. */
function sourceOf(replay: Replay): SnapshotSource {
  const monitors = () => [...replay.monitors.values()];
  return {
    snapshot: async () => {
      const [first, ...more] = monitors();
      if (first === undefined) throw new Error("the trace has told nothing yet");
      if (more.length === 0) return first.snapshot();
      const { merge } = await import("./snapshot-node.js");
      return merge([first, ...more].map((monitor) => monitor.snapshotBytes()));
    },
    asdict: () => {
      const [first, ...more] = monitors();
      if (first === undefined || more.length > 0) throw new Error("asdict() is of one worker, and the trace has none yet, or several");
      return first.asdict();
    },
  };
}
