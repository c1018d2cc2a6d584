/** `streamgauge replay`. */

import { createReadStream, statSync } from "node:fs";
import type { Readable } from "node:stream";
import type { Monitor } from "./monitor.js";
import { Replay, TraceError, type TraceDifference } from "./replay-node.js";
import { lines } from "./trace-lines.js";

/** Differences printed per file; all are counted. */
const DIFFERENCES_PRINTED = 20;
const PROGRESS_EVERY_MILLISECONDS = 200;
/** Characters of a value that are shown. */
const LONGEST_VALUE = 200;

type ExitCode = 0 | 1 | 2;

/** What is printed of each trace beside the report: nothing, or one JSON document; or one of them all. */
type Printed = "nothing" | "asdict" | "snapshot" | "merged";

/** The last snapshots of a file's workers. */
interface Final {
  readonly file: string;
  readonly isNamed: boolean;
  readonly snapshots: readonly Uint8Array[];
}

/** Prints the sum over all workers; false where they cannot be one. */
async function printMerged(finals: readonly Final[]): Promise<boolean> {
  const unnamed = finals.find(({ isNamed }) => !isNamed);
  if (unnamed !== undefined && finals.length > 1) {
    process.stderr.write(`${unnamed.file}: names no worker: in a sum over several files each needs a name\n`);
    return false;
  }
  try {
    // Its wasm module is read by those alone who want a sum.
    const { merge } = await import("./snapshot-node.js");
    process.stdout.write(`${JSON.stringify(merge(finals.flatMap(({ snapshots }) => snapshots)))}\n`);
    return true;
  } catch (error) {
    process.stderr.write(`streamgauge replay: ${(error as Error).message}\n`);
    return false;
  }
}

/** Replays the files that `args` names; gives the exit code. */
export async function replayCommand(args: readonly string[], usage: string): Promise<number> {
  const files: string[] = [];
  const given = new Set<string>();
  let onlyFiles = false;
  let problem: string | undefined;
  for (const arg of args) {
    if (onlyFiles || arg === "-" || !arg.startsWith("-")) files.push(arg);
    else if (arg === "--") onlyFiles = true;
    else if (arg === "--json" || arg === "--snapshot" || arg === "--merge") given.add(arg);
    else if (arg === "--help" || arg === "-h") {
      process.stdout.write(usage);
      return 0;
    } else problem ??= `unknown option ${JSON.stringify(arg)}`;
  }
  if (given.has("--json") && given.has("--snapshot")) problem ??= "--json and --snapshot: one of them";
  if (given.has("--merge") && !given.has("--snapshot")) problem ??= "--merge is for --snapshot";
  if (files.length === 0) problem ??= "no file to replay";
  if (problem !== undefined) {
    process.stderr.write(`streamgauge replay: ${problem}\n\n${usage}`);
    return 2;
  }
  let printed: Printed = given.has("--json") ? "asdict" : "nothing";
  if (given.has("--snapshot")) printed = given.has("--merge") ? "merged" : "snapshot";
  let exitCode: ExitCode = 0;
  const finals: Final[] = [];
  for (const file of files) exitCode = Math.max(exitCode, await replayFile(file, printed, finals)) as ExitCode;
  // A sum that lacks some would pass for the sum of all.
  if (printed === "merged" && finals.length === files.length && !(await printMerged(finals))) return 2;
  return exitCode;
}

async function replayFile(file: string, print: Printed, finals: Final[]): Promise<ExitCode> {
  // The report goes to standard error where standard output is JSON.
  const report = (text: string): unknown => (print === "nothing" ? process.stdout : process.stderr).write(`${text}\n`);
  const name = file === "-" ? "(standard input)" : file;
  const started = performance.now();
  const progress = new Progress(name, file === "-" ? undefined : sizeOf(file));
  let printed = 0;
  const replay = new Replay((difference) => {
    printed += 1;
    if (printed > DIFFERENCES_PRINTED) return;
    progress.clear();
    report(describe(name, difference));
  });
  try {
    const input: Readable = file === "-" ? process.stdin : createReadStream(file, { highWaterMark: 1 << 20 });
    for await (const batch of lines(input, (bytes) => progress.seen(bytes, replay.counts.lines))) {
      for (const line of batch) replay.line(line);
    }
    replay.end();
  } catch (error) {
    progress.clear();
    process.stderr.write(`${name}:${broken(error)}\n`);
    return 2;
  }
  progress.clear();
  const { calls, checks, differences } = replay.counts;
  if (differences > DIFFERENCES_PRINTED) report(`${name}: ... and ${counted(differences - DIFFERENCES_PRINTED, "more difference")}`);
  const seconds = (performance.now() - started) / 1000;
  const counts = [counted(calls, "call"), counted(checks, "check"), counted(differences, "difference")];
  report(`${name}: ${counts.join(", ")} in ${seconds.toFixed(1)} s`);
  const monitors = [...replay.monitors.values()];
  if (print === "merged") finals.push({ file: name, isNamed: monitors.every(({ worker }) => worker !== ""), snapshots: monitors.map((monitor) => monitor.snapshotBytes()) });
  else if (print !== "nothing") process.stdout.write(`${JSON.stringify(final(replay, print))}\n`);
  for (const monitor of monitors) monitor.free();
  return differences === 0 ? 0 : 1;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** What is wrong with a file, after its name and a colon. */
export function broken(error: unknown): string {
  if (error instanceof TraceError) return `${error.line}: ${error.message.replace(/^line \d+: /, "")}`;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  // Node names the call and the file, too.
  return ` ${message.replace(/, \w+( '.*')?$/, "")}`;
}

function describe(name: string, { line, path, expected, actual }: TraceDifference): string {
  return `${name}:${line}: ${path}: expected ${shown(expected)}, actual ${shown(actual)}`;
}

/** A value on one line of a terminal. */
function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  try {
    const text = JSON.stringify(value);
    return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
  } catch {
    return "something nested too deeply to show";
  }
}

/** What the monitors say at the end: of the one that there is, or of each by worker. */
function final(replay: Replay, print: Printed): unknown {
  const monitors = [...replay.monitors];
  const says = (monitor: Monitor): unknown => (print === "asdict" ? monitor.asdict() : monitor.snapshot());
  const only = monitors[0];
  if (monitors.length === 1 && only !== undefined && only[0] === "") return says(only[1]);
  return Object.fromEntries(monitors.map(([worker, monitor]) => [worker, says(monitor)]));
}

function sizeOf(file: string): number | undefined {
  try {
    // A pipe or a device has no size to speak of.
    const found = statSync(file);
    return found.isFile() ? found.size : undefined;
  } catch {
    // Reading it says what is wrong with it.
    return undefined;
  }
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
    this.#shown = false;
  }
}
