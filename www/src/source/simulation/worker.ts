/** Simulates in a thread of its own: time passes only when the page asks. */

import { PARTICLE_STAGES, presets, Simulation, WORKER_STATES, type Scenario } from "streamgauge/sim";
import type { LogEntry, Moment, WorkerMoment } from "../../model/moment.js";
import type { Reply, Request, Run } from "./protocol.js";

/** A frame is simulated in slices, so that the clock is looked at in between. */
const SLICES_PER_MOMENT = 16;
/** The longest that a simulation may advance in one call. */
const LONGEST_ADVANCE = 86_400;
/** Virtual seconds recorded between two looks at the trace, which lies in memory until it is taken. */
const TRACE_SLICE = 5;

const page = self as unknown as { postMessage(reply: Reply, transfer?: Transferable[]): void };
const known = presets();

let run: Run | undefined;
let simulation: Simulation | undefined;
let interval = 0.25;
let momentAt = 0;
let journalFrom = 0;

self.onmessage = ({ data }: MessageEvent<Request>): void => {
  const id = "id" in data ? data.id : undefined;
  try {
    obey(data);
  } catch (error) {
    const owedFrame = ["start", "advance", "step", "command"].includes(data.type);
    page.postMessage({ type: "refused", id, message: error instanceof Error ? error.message : String(error), owedFrame });
  }
};

function obey(request: Request): void {
  switch (request.type) {
    case "start":
      return start(request.run, request.until);
    case "advance":
      advance(request.seconds, performance.now() + request.budget);
      return frame();
    case "step":
      advance(request.seconds, Infinity);
      moment();
      return frame();
    case "interval":
      interval = request.seconds;
      return;
    case "command": {
      const { now } = running();
      running().command(request.command);
      run = { ...run!, commands: [...run!.commands, { ...request.command, at: now }] };
      page.postMessage({ type: "answer", id: request.id, value: now });
      log();
      moment();
      return frame();
    }
    case "asdict":
      page.postMessage({ type: "answer", id: request.id, value: worker(request.worker).asdict() });
      return;
    case "snapshot":
      page.postMessage({ type: "answer", id: request.id, value: request.worker === undefined ? running().snapshot() : worker(request.worker).snapshot() });
      return;
    case "trace":
      page.postMessage({ type: "answer", id: request.id, value: traceOf(run!, running().now) });
  }
}

function running(): Simulation {
  if (simulation === undefined) throw new Error("nothing is simulated yet");
  return simulation;
}

function worker(id: number): Simulation["workers"][number] {
  const found = running().workers[id];
  if (found === undefined) throw new RangeError(`there is no worker ${id}`);
  return found;
}

/** The scenario with what the user did in it: the same run again, whenever it is asked for. */
function scenarioOf({ scenario, seed, commands }: Run): Scenario {
  const plan = typeof scenario === "string" ? known.find(({ name }) => name === scenario)?.scenario : scenario;
  if (plan === undefined) throw new RangeError(`there is no scenario "${String(scenario)}"`);
  return { ...plan, seed, commands: [...(plan.commands ?? []), ...commands] };
}

function start(next: Run, until: number): void {
  const scenario = scenarioOf(next);
  const made = Simulation.of(scenario);
  simulation?.free();
  simulation = made;
  run = next;
  momentAt = journalFrom = 0;
  page.postMessage({ type: "began", layout: { partitions: made.partitions, producers: made.producers, brokers: scenario.brokers?.count ?? 3 }, scenario });
  moment();
  if (until > 0) {
    advance(until, Infinity);
    moment();
  }
  frame();
}

/** Up to `seconds` pass, and no more of them after the deadline. */
function advance(seconds: number, deadline: number): void {
  const running = simulation;
  if (running === undefined) return;
  let left = seconds;
  while (left > 0 && performance.now() < deadline) {
    const untilMoment = Math.max(momentAt + interval - running.now, 0);
    const slice = Math.min(left, Math.max(untilMoment, interval / SLICES_PER_MOMENT), deadline === Infinity ? LONGEST_ADVANCE : interval / SLICES_PER_MOMENT);
    running.advance(slice);
    left -= slice;
    if (running.now >= momentAt + interval) moment();
  }
  log();
}

function frame(): void {
  const state = running().state();
  page.postMessage({ type: "frame", state }, [state.buffer]);
}

function moment(): void {
  const reading = readingOf(running());
  momentAt = reading.time;
  page.postMessage({ type: "moment", moment: reading });
}

function readingOf(read: Simulation): Moment {
  const state = read.state();
  const workers = read.workers.map((one): WorkerMoment => ({
    id: one.id,
    name: one.name,
    state: one.state,
    inFlight: one.inFlight,
    buffered: one.buffered,
    utilization: one.utilization,
    owned: state.workers.owned[one.id] ?? 0,
    faustMedian: one.eventsRuntimeAvg,
  }));
  const isAnyUp = workers.some(({ state: at }) => at !== "crashed" && at !== "left");
  return {
    time: read.now,
    snapshot: isAnyUp ? read.snapshot() : undefined,
    workers,
    isRebalancing: read.isRebalancing,
    generation: state.generation,
    produced: read.counts.produced,
  };
}

function log(): void {
  const entries = running().journal(journalFrom);
  if (entries.length === 0) return;
  journalFrom = entries.at(-1)!.number + 1;
  page.postMessage({ type: "log", entries: entries.map(({ number, at, kind, worker: id, text }): LogEntry => ({ number, time: at, kind, worker: id, text })) });
}

/** Simulates the same run once more, with every hook call written down. */
function traceOf(recorded: Run, until: number): Blob {
  const again = Simulation.of(scenarioOf(recorded), { record: true });
  const parts: string[] = [];
  try {
    while (again.now < until) {
      again.advance(Math.min(until - again.now, TRACE_SLICE));
      parts.push(again.takeTrace());
    }
    // The trace ends when the run does: with what those say who are up.
    for (const { id, state } of again.workers) if (state !== "crashed" && state !== "left") again.workers[id]!.snapshotBytes();
    parts.push(again.takeTrace());
  } finally {
    again.free();
  }
  return new Blob(parts, { type: "application/jsonl" });
}

page.postMessage({ type: "ready", vocabulary: { presets: known, workerStates: WORKER_STATES, particleStages: PARTICLE_STAGES } });
