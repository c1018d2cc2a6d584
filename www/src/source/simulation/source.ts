/** A simulation in a Web Worker, as a source: driven by animation frames. */

import type { AsDict, Snapshot } from "streamgauge";
import type { Command, Scenario, TimedCommand } from "streamgauge/sim";
import type { Player, Progress, Source, SourceEvents } from "../source.js";
import type { Answer, Reply, Request, Run, Vocabulary } from "./protocol.js";

/** A tab that was hidden does not catch up with what it missed. */
const LONGEST_FRAME = 0.1;
/** Milliseconds of a frame that the simulation may take: it has a thread of its own, and should answer in time for the next. */
const FRAME_BUDGET = 13;
/** Moments read in a second of real time. */
const MOMENTS_PER_SECOND = 4;
/** Virtual seconds between moments, at least: the monitors sample once a second. */
const LEAST_INTERVAL = 0.25;
/** Milliseconds over which the speed that is reached is measured. */
const REACHED_OVER = 1000;

interface Asked {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** What a simulation tells beside what every source does. */
export interface SimulationEvents extends SourceEvents {
  /** Once: what scenarios there are, and what numbers stand for. */
  vocabulary(vocabulary: Vocabulary): void;
  /** It began with this scenario, all defaults left out. */
  scenario(scenario: Scenario): void;
  /** The run is now this one: for a link that shows the same. */
  run(run: Run): void;
}

export class SimulationSource implements Source, Player {
  readonly kind = "simulation";
  readonly #events: SimulationEvents;
  readonly #worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "streamgauge simulation" });
  readonly #asked = new Map<number, Asked>();
  #nextId = 1;
  #run: Run;
  #until: number;
  #speed = 1;
  #isPlaying = false;
  /** Frames that the worker owes: time does not pass on before they came. */
  #owed = 0;
  /** A worker hears nothing while it still waits for its module: what is said before it is ready. */
  #unsent: Request[] | undefined = [];
  #request = 0;
  #lastFrame: number | undefined;
  #time = 0;
  #reachedSpeed: number | undefined;
  #measuredFrom = { real: 0, virtual: 0 };

  /** @param until virtual seconds that pass at once at the start. */
  constructor(events: SimulationEvents, run: Run, until = 0) {
    this.#events = events;
    this.#run = run;
    this.#until = until;
    this.#worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#hear(data);
    this.#worker.onerror = (event) => events.failed(`The simulation stopped: ${event.message || "its program could not be loaded"}.`);
  }

  get player(): Player {
    return this;
  }

  get run(): Run {
    return this.#run;
  }

  start(): void {
    this.restart(this.#run, this.#until);
  }

  close(): void {
    cancelAnimationFrame(this.#request);
    this.#worker.terminate();
    for (const { reject } of this.#asked.values()) reject(new Error("the simulation was closed"));
    this.#asked.clear();
  }

  /** Begins this run, and lets `until` virtual seconds pass at once. It goes on playing if it did. */
  restart(run: Run, until = 0): void {
    this.#run = run;
    this.#send({ type: "interval", seconds: this.#interval });
    this.#sendForFrame({ type: "start", run, until });
    this.#events.run(run);
  }

  play(): void {
    if (this.#isPlaying) return;
    this.#isPlaying = true;
    this.#lastFrame = undefined;
    this.#reachedSpeed = undefined;
    this.#measuredFrom = { real: performance.now(), virtual: this.#time };
    this.#request = requestAnimationFrame(this.#frame);
    this.#tellProgress();
  }

  pause(): void {
    if (!this.#isPlaying) return;
    this.#isPlaying = false;
    cancelAnimationFrame(this.#request);
    this.#tellProgress();
  }

  step(seconds: number): void {
    this.pause();
    this.#sendForFrame({ type: "step", seconds });
  }

  setSpeed(speed: number): void {
    this.#speed = speed;
    this.#reachedSpeed = undefined;
    this.#measuredFrom = { real: performance.now(), virtual: this.#time };
    this.#send({ type: "interval", seconds: this.#interval });
    this.#tellProgress();
  }

  /** Does something to what is simulated, now. Rejects with a sentence where that makes no sense. */
  async command(command: Command): Promise<void> {
    this.#owed += 1;
    const at = await this.#ask<number>((id) => ({ type: "command", id, command }));
    const commands: TimedCommand[] = [...this.#run.commands, { ...command, at }];
    this.#run = { ...this.#run, commands };
    this.#events.run(this.#run);
  }

  asdict(worker: number): Promise<AsDict> {
    return this.#ask<AsDict>((id) => ({ type: "asdict", id, worker }));
  }

  snapshot(worker: number | undefined): Promise<Snapshot> {
    return this.#ask<Snapshot>((id) => ({ type: "snapshot", id, worker }));
  }

  /** The whole run up to now as a trace, which `streamgauge/replay` and `npx streamgauge replay` read. Takes as long as simulating it again. */
  trace(): Promise<Blob> {
    return this.#ask<Blob>((id) => ({ type: "trace", id }));
  }

  get #interval(): number {
    return Math.max(LEAST_INTERVAL, this.#speed / MOMENTS_PER_SECOND);
  }

  #send(request: Request): void {
    if (this.#unsent === undefined) this.#worker.postMessage(request);
    else this.#unsent.push(request);
  }

  #sendForFrame(request: Request): void {
    this.#owed += 1;
    this.#send(request);
  }

  #ask<A extends Answer>(request: (id: number) => Request): Promise<A> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#send(request(id));
    });
  }

  readonly #frame = (milliseconds: number): void => {
    this.#request = requestAnimationFrame(this.#frame);
    // While the worker owes a frame the time goes on: the next one asks for all of it.
    if (this.#owed > 0) return;
    const elapsed = Math.min((milliseconds - (this.#lastFrame ?? milliseconds)) / 1000, LONGEST_FRAME);
    this.#lastFrame = milliseconds;
    this.#sendForFrame({ type: "advance", seconds: elapsed * this.#speed, budget: FRAME_BUDGET });
  };

  #hear(reply: Reply): void {
    switch (reply.type) {
      case "ready":
        this.#events.vocabulary(reply.vocabulary);
        for (const request of this.#unsent ?? []) this.#worker.postMessage(request);
        this.#unsent = undefined;
        return;
      case "began":
        this.#time = 0;
        this.#events.begin(reply.layout);
        return this.#events.scenario(reply.scenario);
      case "frame":
        this.#owed -= 1;
        this.#time = reply.state.now;
        this.#measure();
        this.#events.frame(reply.state);
        return this.#tellProgress();
      case "moment":
        return this.#events.moment(reply.moment);
      case "log":
        return this.#events.log(reply.entries);
      case "answer":
        this.#asked.get(reply.id)?.resolve(reply.value as never);
        this.#asked.delete(reply.id);
        return;
      case "refused":
        if (reply.owedFrame) this.#owed -= 1;
        if (reply.id === undefined) return this.#events.failed(reply.message);
        this.#asked.get(reply.id)?.reject(new Error(reply.message));
        this.#asked.delete(reply.id);
    }
  }

  #measure(): void {
    const now = performance.now();
    const { real, virtual } = this.#measuredFrom;
    if (!this.#isPlaying || now - real < REACHED_OVER) return;
    this.#reachedSpeed = (this.#time - virtual) / ((now - real) / 1000);
    this.#measuredFrom = { real: now, virtual: this.#time };
  }

  #tellProgress(): void {
    const progress: Progress = {
      isPlaying: this.#isPlaying,
      speed: this.#speed,
      reachedSpeed: this.#reachedSpeed ?? this.#speed,
      time: this.#time,
      end: null,
    };
    this.#events.progress(progress);
  }
}
