/** Obeys the page, one request after the other: time passes only when it asks. */

import { PARTICLE_STAGES, presets, Simulation, WORKER_STATES, type Scenario } from "streamgauge/sim";
import { breath } from "./breath.js";
import { advanceTo, milliseconds, Pacer, secondsOf } from "./clock.js";
import type { Answer, Reply, Request, Run } from "./protocol.js";
import type { Layout } from "../../model/moment.js";
import { entriesOf, layoutOf, momentOf, workersOf } from "./reading.js";
import { traceOf } from "./trace.js";

/** Milliseconds of a slice: the clock is looked at in between. */
const SLICE = 2;
/** Milliseconds until what passes at once lets the page say something. */
const BREATH = 40;
/** Moments of a run that passes at once, at most. */
const MOST_MOMENTS = 300;
/** Milliseconds between two moments, at least, where a frame's time is all there is. */
const MOMENT_REST = 250;
/** Virtual seconds between two moments, at least: the monitors sample once a second. */
const LEAST_INTERVAL = 0.25;
/** A moment may take a fifth of the time. */
const MOMENT_SHARE = 5;

type Tell = (reply: Reply, transfer?: Transferable[]) => void;

export class Simulator {
  readonly #tell: Tell;
  readonly #broken: (error: unknown) => void;
  readonly #presets = presets();
  readonly #pacer = new Pacer();
  #run: Run | undefined;
  #simulation: Simulation | undefined;
  /** The name of the group that is asked for, empty for the first; and the number of the one that is shown. */
  #wanted = "";
  #group = 0;
  #layout: Layout = { partitions: [], producers: [], brokers: 0 };
  #interval = LEAST_INTERVAL;
  #momentAt = 0;
  /** Of real time, in milliseconds: when the last moment was read, and how long that took. */
  #momentDone = 0;
  #momentTook = 0;
  #journalFrom = 0;
  /** The part of a virtual millisecond that was asked for and did not pass yet. */
  #carried = 0;
  #queue: Promise<void> = Promise.resolve();
  /** Starts that wait: what passes at once ends for them. */
  #startsWaiting = 0;
  #isHalted = false;

  /** @param broken told what the simulation died of. */
  constructor(tell: Tell, broken: (error: unknown) => void) {
    this.#tell = tell;
    this.#broken = broken;
  }

  begin(): void {
    this.#tell({ type: "ready", vocabulary: { presets: this.#presets, workerStates: WORKER_STATES, particleStages: PARTICLE_STAGES } });
  }

  hear(request: Request): void {
    if (request.type === "halt") {
      this.#isHalted = true;
      return;
    }
    if (request.type === "start") this.#startsWaiting += 1;
    this.#queue = this.#queue.then(() => this.#obey(request)).catch((error: unknown) => this.#refuse(request, error));
  }

  #refuse(request: Request, error: unknown): void {
    // What failed inside has no figures any more that could be trusted.
    if (error instanceof WebAssembly.RuntimeError || !("id" in request)) {
      this.#simulation = undefined;
      return this.#broken(error);
    }
    const message = error instanceof Error ? error.message : String(error);
    this.#tell({ type: "refused", id: request.id, message, owedFrame: request.type === "start" || request.type === "command" });
  }

  async #obey(request: Request): Promise<void> {
    switch (request.type) {
      case "start":
        this.#startsWaiting -= 1;
        this.#start(request.run, request.group);
        this.#answer(request.id, 0);
        await this.#forward(milliseconds(request.until));
        return this.#frame();
      case "advance":
        this.#advance(request.seconds, performance.now() + request.budget);
        return this.#frame();
      case "step":
        this.#carried = 0;
        await this.#forward(this.#now + milliseconds(request.seconds));
        return this.#frame();
      case "group":
        this.#wanted = request.name;
        this.#moment();
        this.#log();
        return this.#frame();
      case "moment":
        return this.#moment();
      case "interval":
        this.#interval = request.seconds;
        return;
      case "command": {
        const { now } = this.#running;
        this.#running.command(request.command);
        this.#run = { ...this.#run!, commands: [...this.#run!.commands, { ...request.command, at: now }] };
        this.#answer(request.id, now);
        this.#log();
        this.#moment();
        return this.#frame();
      }
      case "asdict":
        return this.#answer(request.id, this.#worker(request.worker).asdict());
      case "snapshot":
        return this.#answer(request.id, request.worker === undefined ? this.#running.snapshot(this.#running.groups[this.#group]) : this.#worker(request.worker).snapshot());
      case "trace":
        // Not waited for: time goes on meanwhile.
        void this.#trace(request);
        return;
      case "halt":
    }
  }

  get #running(): Simulation {
    if (this.#simulation === undefined) throw new Error("nothing is simulated yet");
    return this.#simulation;
  }

  /** The virtual time, in milliseconds. */
  get #now(): number {
    return milliseconds(this.#running.now);
  }

  #worker(id: number): Simulation["workers"][number] {
    const found = workersOf(this.#running, this.#group)[id];
    if (found === undefined) throw new RangeError(`there is no worker ${id}`);
    return found;
  }

  #answer(id: number, value: Answer): void {
    this.#tell({ type: "answer", id, value });
  }

  /** The scenario with what the user did in it: the same run again, whenever it is asked for. */
  #scenarioOf({ scenario, seed, commands }: Run): Scenario {
    const plan = typeof scenario === "string" ? this.#presets.find(({ name }) => name === scenario)?.scenario : scenario;
    if (plan === undefined) throw new RangeError(`there is no scenario "${String(scenario)}": choose among ${this.#presets.map(({ name }) => name).join(", ")}`);
    if (commands.length === 0) return { ...plan, seed };
    return { ...plan, seed, commands: [...(plan.commands ?? []), ...commands] };
  }

  #start(run: Run, wanted: string): void {
    const scenario = this.#scenarioOf(run);
    const made = Simulation.of(scenario);
    this.#simulation?.free();
    this.#simulation = made;
    this.#run = run;
    this.#momentAt = this.#carried = 0;
    const names = [...made.groups, ...(scenario.commands ?? []).map((command) => (command.command === "addGroup" ? command.name : ""))];
    this.#wanted = names.includes(wanted) ? wanted : "";
    this.#begin();
    this.#moment();
  }

  /** The number of the group that is asked for; of the first, as long as there is none of that name. */
  get #asked(): number {
    return Math.max(this.#running.groups.indexOf(this.#wanted), 0);
  }

  /** The page is told of the group that is asked for, from here on and as if of a new run. */
  #begin(): void {
    this.#group = this.#asked;
    this.#journalFrom = 0;
    this.#layout = layoutOf(this.#running, this.#scenarioOf(this.#run!), this.#group, this.#wanted);
    this.#tell({ type: "began", layout: this.#layout, run: this.#run! });
  }

  /** Up to `seconds` pass, and no more of them after the deadline. */
  #advance(seconds: number, deadline: number): void {
    const wanted = this.#now + seconds * 1000 + this.#carried;
    const end = Math.floor(wanted + 1e-6);
    this.#carried = Math.max(wanted - end, 0);
    while (this.#now < end) {
      const left = deadline - performance.now();
      if (left <= 0) {
        this.#carried = 0;
        break;
      }
      this.#pass(Math.min(end, this.#momentAfter(this.#interval)), Math.min(SLICE, left));
      if (this.#isMomentDue()) this.#moment();
    }
    this.#log();
  }

  /** A slice: a virtual millisecond passes at least, and as many as fit into `real` ones; none after `end`. */
  #pass(end: number, real: number): void {
    const from = this.#now;
    const to = from + Math.max(Math.min(end - from, this.#pacer.slice(real)), 1);
    const started = performance.now();
    advanceTo(this.#running, secondsOf(to));
    this.#pacer.took(to - from, performance.now() - started);
  }

  /** The time, in virtual milliseconds, at which so many seconds have passed since the last moment. */
  #momentAfter(seconds: number): number {
    return milliseconds(this.#momentAt + seconds);
  }

  /** By virtual time; by real time where virtual time passes more slowly than it was asked to. */
  #isMomentDue(): boolean {
    const rest = performance.now() - this.#momentDone;
    if (rest < this.#momentTook * MOMENT_SHARE) return false;
    return this.#now >= this.#momentAfter(this.#interval) || (rest >= MOMENT_REST && this.#now >= this.#momentAfter(LEAST_INTERVAL));
  }

  /** Time passes at once up to a virtual millisecond, however long it takes: the page hears of it, and may end it. */
  async #forward(until: number): Promise<void> {
    const spacing = Math.max(this.#interval, secondsOf(until - this.#now) / MOST_MOMENTS);
    let breathed = performance.now();
    this.#isHalted = false;
    while (this.#now < until) {
      this.#pass(Math.min(until, this.#momentAfter(spacing)), SLICE * 5);
      if (this.#now >= this.#momentAfter(spacing)) this.#moment();
      if (performance.now() - breathed < BREATH) continue;
      this.#log();
      this.#tell({ type: "forward", time: this.#running.now, until: secondsOf(until) });
      await breath();
      if (this.#startsWaiting > 0 || this.#isHalted) break;
      breathed = performance.now();
    }
    this.#log();
    if (this.#momentAt < this.#running.now) this.#moment();
  }

  async #frame(): Promise<void> {
    const { groups } = this.#running;
    // Few runs have several groups.
    const narrow = groups.length > 1 ? (await import("./one-group.js")).stateOfGroup : undefined;
    const all = this.#running.state();
    const state = narrow?.(all, this.#group) ?? all;
    this.#tell({ type: "frame", state }, [state.buffer]);
  }

  #moment(): void {
    const started = performance.now();
    if (this.#group !== this.#asked) this.#begin();
    const moment = momentOf(this.#running, this.#group, this.#layout);
    this.#tell({ type: "moment", moment });
    this.#momentAt = moment.time;
    this.#momentDone = performance.now();
    this.#momentTook = this.#momentDone - started;
  }

  #log(): void {
    const entries = this.#running.journal(this.#journalFrom);
    if (entries.length === 0) return;
    this.#journalFrom = entries.at(-1)!.number + 1;
    this.#tell({ type: "log", entries: entriesOf(this.#running, entries, this.#group) });
  }

  async #trace(request: Request & { type: "trace" }): Promise<void> {
    try {
      const { id } = request;
      const trace = await traceOf(this.#scenarioOf(this.#run!), this.#running.now, (share) => this.#tell({ type: "tracing", id, share }));
      this.#answer(id, trace);
    } catch (error) {
      this.#refuse(request, error);
    }
  }
}
