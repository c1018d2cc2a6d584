/** `streamgauge simulate`. */

import { once } from "node:events";
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Scenario, Simulation, SimulationCounts, Snapshot } from "./sim-node.js";

export const SIMULATE_USAGE = `Usage: streamgauge simulate SCENARIO [--seed N] [--seconds N] [--trace FILE] [--json]

Simulates stream traffic on a virtual clock and says what came of it.
SCENARIO is a preset's name or a JSON file; "list" prints the presets.

  --seed N      what all random numbers start from, instead of the scenario's
  --seconds N   how long, instead of the scenario's, up to 864,000
  --trace FILE  every hook call of every worker, for \`streamgauge replay\`; - for standard output
  --json        one JSON document: counts and snapshot, of each group too, and the journal
`;

/** Virtual seconds between two looks at the trace. */
const STEP = 10;
const MOST_SECONDS = 864_000;
const DEFAULT_SECONDS = 300;
const JOURNAL_LINES = 12;

/** What is wrong with the command line, or with what it names. */
class Problem extends Error {}

/** Runs the command; gives the exit code. */
export async function simulateCommand(args: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parsed(args);
    if (values.help) {
      process.stdout.write(SIMULATE_USAGE);
      return 0;
    }
    if (positionals.length !== 1) throw new Problem(positionals.length === 0 ? "no scenario" : "one scenario at a time");
    if (values.trace === "-" && values.json) throw new Problem("--json and --trace - both want standard output");
    // Its wasm module is read by those alone who simulate.
    const sim = await import("./sim-node.js");
    const presets = sim.presets();
    if (positionals[0] === "list") {
      for (const { name, title } of presets) process.stdout.write(`${name.padEnd(18)}${title}\n`);
      return 0;
    }
    const scenario = presets.find(({ name }) => name === positionals[0])?.scenario ?? read(positionals[0]!);
    const seed = values.seed === undefined ? undefined : wholeNumber("--seed", values.seed, Number.MAX_SAFE_INTEGER);
    const seconds = values.seconds === undefined ? scenario.seconds : wholeNumber("--seconds", values.seconds, MOST_SECONDS);
    let simulation: Simulation;
    try {
      simulation = sim.Simulation.of(scenario, { ...(seed === undefined ? {} : { seed }), record: values.trace !== undefined });
    } catch (error) {
      if ((error as { code?: unknown }).code !== "ERR_INVALID_SCENARIO") throw error;
      throw new Problem(`${positionals[0]}: ${(error as Error).message}`);
    }
    await run(simulation, seconds ?? DEFAULT_SECONDS, values.trace);
    const print = values.trace === "-" ? process.stderr : process.stdout;
    print.write(values.json ? `${JSON.stringify(everything(simulation))}\n` : summary(scenario, simulation));
    simulation.free();
    return 0;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    process.stderr.write(`streamgauge simulate: ${error.message}\n\n${SIMULATE_USAGE}`);
    return 2;
  }
}

function parsed(args: readonly string[]) {
  const options = {
    seed: { type: "string" },
    seconds: { type: "string" },
    trace: { type: "string" },
    json: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new Problem((error as Error).message);
  }
}

function wholeNumber(option: string, text: string, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= most) return number;
  throw new Problem(`${option} must be a whole number in 0..${most}, got ${JSON.stringify(text)}`);
}

function read(file: string): Scenario {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === "ENOENT" ? "no preset and no file of that name" : (error as Error).message;
    throw new Problem(`${file}: ${reason}; \`streamgauge simulate list\` prints the presets`);
  }
  try {
    return JSON.parse(text) as Scenario;
  } catch (error) {
    throw new Problem(`${file}: not JSON (${(error as Error).message})`);
  }
}

/** Simulates; the trace goes out as it comes. */
async function run(simulation: Simulation, seconds: number, trace: string | undefined): Promise<void> {
  const file = trace === undefined || trace === "-" ? undefined : open(trace);
  const write = async (text: string): Promise<void> => {
    if (file !== undefined) writeAll(file, trace!, text);
    // A pipe is as fast as its reader.
    else if (trace === "-" && !process.stdout.write(text)) await once(process.stdout, "drain");
  };
  try {
    for (let left = seconds; left > 0; left -= STEP) {
      simulation.advance(Math.min(STEP, left));
      await write(simulation.takeTrace());
    }
    if (trace === undefined) return;
    // The end of the trace is what each worker says then.
    for (const worker of simulation.workers) worker.snapshotBytes();
    await write(simulation.takeTrace());
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function open(path: string): number {
  try {
    return openSync(path, "w");
  } catch (error) {
    throw new Problem(`${path}: ${(error as Error).message}`);
  }
}

function writeAll(file: number, path: string, text: string): void {
  const bytes = Buffer.from(text);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
  } catch (error) {
    throw new Problem(`${path}: ${(error as Error).message}`);
  }
}

/** A group's snapshot; null where no worker of it is up. */
function snapshotOf(simulation: Simulation, group: string): Snapshot | null {
  try {
    return simulation.snapshot(group);
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_NO_WORKER") return null;
    throw error;
  }
}

function everything(simulation: Simulation): unknown {
  const workers = simulation.workers.map((worker) => {
    const { name, state, life, buffered, inFlight, busySeconds } = worker;
    const group = simulation.groups[worker.group];
    return { name, group, state, life, buffered, inFlight, busySeconds, asdict: worker.asdict() };
  });
  const groups = simulation.groups.map((name) => ({ name, counts: simulation.countsOf(name), snapshot: snapshotOf(simulation, name) }));
  return { seconds: simulation.now, counts: simulation.counts, groups, workers, journal: simulation.journal(), deadLetters: simulation.deadLetters(), snapshot: groups[0]!.snapshot };
}

function summary(scenario: Scenario, simulation: Simulation): string {
  const { groups } = simulation;
  const lines: string[] = [];
  if (scenario.title) lines.push(scenario.title, "");
  lines.push(`${simulation.now} s of virtual time`);
  for (const [number, group] of groups.entries()) lines.push(...(groups.length > 1 ? ["", `group ${group}`] : []), ...groupLines(simulation, number));
  const journal = simulation.journal();
  if (journal.length > 0) lines.push("", ...journal.slice(-JOURNAL_LINES).map(({ at, text }) => `${at.toFixed(1).padStart(9)} s  ${text}`));
  return `${lines.join("\n")}\n`;
}

/** What came of one group, and its workers. */
function groupLines(simulation: Simulation, number: number): string[] {
  const group = simulation.groups[number]!;
  const lines = [...recordLines(simulation.countsOf(group)), ""];
  const snapshot = snapshotOf(simulation, group);
  if (snapshot !== null) {
    const { endToEnd } = snapshot.messages;
    const milliseconds = (seconds: number | null | undefined): string => (seconds == null ? "-" : `${(seconds * 1000).toFixed(1)} ms`);
    const { life } = endToEnd;
    lines.push(`end to end   p50 ${milliseconds(life?.p50)}, p95 ${milliseconds(life?.p95)}, p99 ${milliseconds(life?.p99)}`);
    lines.push(`lag          ${snapshot.lag.committedSum ?? "-"} records not committed, at most ${snapshot.lag.committedMax ?? "-"} in a partition`);
    lines.push(`rebalances   ${snapshot.rebalances.appCount}, errors ${snapshot.errors.total}`);
    lines.push(`health       ${snapshot.health.status}${snapshot.health.reason === "" ? "" : `: ${snapshot.health.reason}`}`, "");
  }
  for (const worker of simulation.workers.filter((one) => one.group === number)) {
    const busy = simulation.now === 0 ? 0 : (100 * worker.busySeconds) / simulation.now;
    lines.push(`${worker.name.padEnd(12)} ${worker.state}, ${worker.owned.length} partitions, busy ${busy.toFixed(0)}% of a handler's time`);
  }
  return lines;
}

function recordLines(counts: SimulationCounts): string[] {
  const { produced, waiting, buffered, inFlight, processed, deadLetters, repeated, readAgain, lost, held, refused } = counts;
  return [
    `records      ${produced} produced, ${processed} processed, ${deadLetters} dead letters`,
    `             ${waiting} waiting, ${buffered} buffered, ${inFlight} in flight, ${held} held back, ${lost + refused} lost`,
    `             ${readAgain} read again, ${repeated} done twice`,
  ];
}
