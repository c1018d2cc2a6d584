/** `streamgauge replay`. */

import { createReadStream, statSync } from "node:fs";
import type { Readable } from "node:stream";
import { Replay, TraceError, type TraceDifference } from "./replay-node.js";

/** Differences printed per file; all are counted. */
const DIFFERENCES_PRINTED = 20;
const PROGRESS_EVERY_MILLISECONDS = 200;

interface Outcome {
  readonly exitCode: 0 | 1 | 2;
}

/** Replays the files that `args` names; gives the exit code. */
export async function replayCommand(args: readonly string[], usage: string): Promise<number> {
  const json = args.includes("--json");
  const unknown = args.find((arg) => arg.startsWith("-") && arg !== "-" && arg !== "--json");
  const files = args.filter((arg) => arg !== "--json");
  if (unknown !== undefined || files.length === 0) {
    const problem = unknown === undefined ? "no file to replay" : `unknown option ${JSON.stringify(unknown)}`;
    process.stderr.write(`streamgauge replay: ${problem}\n\n${usage}`);
    return 2;
  }
  let exitCode = 0;
  for (const file of files) exitCode = Math.max(exitCode, (await replayFile(file, json)).exitCode);
  return exitCode;
}

async function replayFile(file: string, json: boolean): Promise<Outcome> {
  // The report goes to standard error where standard output is JSON.
  const report = (text: string): unknown => (json ? process.stderr : process.stdout).write(`${text}\n`);
  const name = file === "-" ? "(standard input)" : file;
  let printed = 0;
  const replay = new Replay((difference) => {
    printed += 1;
    if (printed <= DIFFERENCES_PRINTED) report(describe(name, difference));
  });
  const started = performance.now();
  const progress = new Progress(name, file === "-" ? undefined : sizeOf(file));
  try {
    const input: Readable = file === "-" ? process.stdin : createReadStream(file, { highWaterMark: 1 << 20 });
    for await (const batch of lines(input, (bytes) => progress.seen(bytes, replay.counts.lines))) {
      for (const line of batch) replay.line(line);
    }
    replay.end();
  } catch (error) {
    progress.clear();
    process.stderr.write(`${name}:${broken(error)}\n`);
    return { exitCode: 2 };
  }
  progress.clear();
  const { calls, checks, differences } = replay.counts;
  if (differences > DIFFERENCES_PRINTED) report(`${name}: ... and ${differences - DIFFERENCES_PRINTED} more differences`);
  const seconds = (performance.now() - started) / 1000;
  report(`${name}: ${calls} calls, ${checks} checks, ${differences} ${differences === 1 ? "difference" : "differences"} in ${seconds.toFixed(1)} s`);
  if (json) process.stdout.write(`${JSON.stringify(finalDicts(replay))}\n`);
  for (const monitor of replay.monitors.values()) monitor.free();
  return { exitCode: differences === 0 ? 0 : 1 };
}

function broken(error: unknown): string {
  if (error instanceof TraceError) return `${error.line}: ${error.message.replace(/^line \d+: /, "")}`;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return ` ${message}`;
}

function describe(name: string, { line, path, expected, actual }: TraceDifference): string {
  const show = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));
  return `${name}:${line}: ${path}: expected ${show(expected)}, actual ${show(actual)}`;
}

function finalDicts(replay: Replay): unknown {
  const monitors = [...replay.monitors];
  const only = monitors[0];
  if (monitors.length === 1 && only !== undefined && only[0] === "") return only[1].asdict();
  return Object.fromEntries(monitors.map(([worker, monitor]) => [worker, monitor.asdict()]));
}

function sizeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.size;
}

/** The lines of a stream of UTF-8, a chunk's at a time; `seen` hears the size of each chunk. */
async function* lines(input: Readable, seen: (bytes: number) => void): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of input as AsyncIterable<Buffer>) {
    seen(chunk.length);
    const parts = decoder.decode(chunk, { stream: true }).split("\n");
    parts[0] = rest + parts[0];
    rest = parts.pop() ?? "";
    yield parts;
  }
  rest += decoder.decode();
  if (rest !== "") yield [rest];
}

/** A line that is written again and again, on a terminal only. */
class Progress {
  readonly #name: string;
  readonly #total: number | undefined;
  #bytes = 0;
  #shownAt = performance.now();
  #shown = false;

  constructor(name: string, total: number | undefined) {
    this.#name = name;
    this.#total = total;
  }

  seen(bytes: number, lines: number): void {
    this.#bytes += bytes;
    const now = performance.now();
    if (!process.stderr.isTTY || now - this.#shownAt < PROGRESS_EVERY_MILLISECONDS) return;
    this.#shownAt = now;
    this.#shown = true;
    const share = this.#total === undefined ? "" : ` ${Math.floor((100 * this.#bytes) / Math.max(this.#total, 1))}%`;
    process.stderr.write(`\r\x1b[K${this.#name}:${share} ${(this.#bytes / 1e6).toFixed(0)} MB, ${lines} lines`);
  }

  clear(): void {
    if (this.#shown) process.stderr.write("\r\x1b[K");
  }
}
