/** A simulation in a Web Worker, as a source: driven by animation frames. */

import type { AsDict, Snapshot } from "streamgauge";
import type { Command, TimedCommand } from "streamgauge/sim";
import type { Player, Progress, Source, SourceEvents } from "../source.js";
import type { Reply, Run, Vocabulary } from "./protocol.js";
import { Thread } from "./thread.js";

/** A tab that was hidden does not catch up with what it missed. */
const LONGEST_FRAME = 0.1;
/**
 * Milliseconds of a frame that the simulation may take: it has a thread of its own, and should answer in time for the next.
 * Where frames come late all the same, the machine has too much to do: it takes less, and more again bit by bit.
 */
const FRAME_BUDGET = { least: 4, most: 13, less: 0.8, more: 0.2 };
/** A frame that comes so many milliseconds after the one before is late. */
const LATE = 25;
/** Moments read in a second of real time. */
const MOMENTS_PER_SECOND = 4;
/** Virtual seconds between moments, at least: the monitors sample once a second. */
const LEAST_INTERVAL = 0.25;
/** Milliseconds over which the speed that is reached is measured. */
const REACHED_OVER = 1000;
/** As many as a scenario may have. */
const MOST_COMMANDS = 10_000;

/** What a simulation tells beside what every source does. */
export interface SimulationEvents extends SourceEvents {
  /** What scenarios there are, and what numbers stand for: once for each thread, which is once unless one fails. */
  vocabulary(vocabulary: Vocabulary): void;
  /** The run that it was made for makes no sense, in a sentence: nothing is simulated yet. */
  refused(message: string): void;
  /** The run is now this one: for a link that shows the same. */
  run(run: Run): void;
}

export class SimulationSource implements Source, Player {
  readonly kind = "simulation";
  readonly #events: SimulationEvents;
  #thread: Thread;
  #run: Run;
  readonly #until: number;
  /** The name of the group that is asked for; empty for the first. */
  #group: string;
  #speed = 1;
  #isPlaying = false;
  #isClosed = false;
  #hasBegun = false;
  /** Frames that the thread owes: time does not pass on before they came. */
  #owed = 0;
  /** Where the time goes that passes at once. */
  #forwardTo: number | undefined;
  #request = 0;
  #budget = FRAME_BUDGET.most;
  #frameAt = 0;
  /** The newest animation frame whose time was asked for; undefined after a rest. */
  #lastFrame: number | undefined;
  #time = 0;
  #reachedSpeed: number | undefined;
  #measuredFrom = { real: 0, virtual: 0 };

  /**
   * @param until virtual seconds that pass at once at the start
   * @param group the name of the group to show, as soon as there is one of that name
   */
  constructor(events: SimulationEvents, run: Run, until = 0, group = "") {
    this.#events = events;
    this.#run = run;
    this.#until = until;
    this.#group = group;
    this.#thread = this.#newThread();
    document.addEventListener("visibilitychange", this.#onVisibility);
    addEventListener("pageshow", this.#onVisibility);
  }

  get player(): Player {
    return this;
  }

  get run(): Run {
    return this.#run;
  }

  /** The virtual time of the newest frame, in seconds: a whole number of milliseconds. */
  get time(): number {
    return this.#time;
  }

  get isPlaying(): boolean {
    return this.#isPlaying;
  }

  start(): void {
    this.begin(this.#run, this.#until).catch((error: Error) => {
      if (!this.#thread.isBroken) this.#events.refused(error.message);
    });
  }

  close(): void {
    this.#isClosed = true;
    cancelAnimationFrame(this.#request);
    document.removeEventListener("visibilitychange", this.#onVisibility);
    removeEventListener("pageshow", this.#onVisibility);
    this.#thread.close();
  }

  /**
   * Begins this run, and lets `until` virtual seconds pass at once. It goes on playing if it did.
   * Rejects with a sentence where the run makes no sense; then everything stays as it was.
   */
  async begin(run: Run, until = 0): Promise<void> {
    // A thread that was made now would never end.
    if (this.#isClosed) throw new Error("the simulation was closed");
    if (this.#thread.isBroken) {
      this.#thread = this.#newThread();
      this.#owed = 0;
    }
    this.#thread.send({ type: "interval", seconds: this.#interval });
    this.#owed += 1;
    await this.#thread.ask<number>((id) => ({ type: "start", id, run, until, group: this.#group }));
  }

  /** As `begin`: by default the same scenario and seed, and nothing done by hand. What is refused is told as a failure. */
  restart(run: Run = { ...this.#run, commands: [] }, until = 0): void {
    this.begin(run, until).catch((error: Error) => this.#events.failed(error.message));
  }

  play(): void {
    if (this.#isPlaying) return;
    this.#isPlaying = true;
    this.#measureAnew();
    this.#request = requestAnimationFrame(this.#frame);
    this.#tellProgress();
  }

  pause(): void {
    if (!this.#isPlaying) return;
    this.#isPlaying = false;
    cancelAnimationFrame(this.#request);
    // So that the figures are those of the time at which it stands.
    if (this.#hasBegun) this.#thread.send({ type: "moment" });
    this.#tellProgress();
  }

  step(seconds: number): void {
    this.pause();
    if (this.#hasBegun) this.#sendForFrame({ type: "step", seconds });
  }

  /** Ends time that passes at once: it stands where it came to. */
  halt(): void {
    this.#thread.send({ type: "halt" });
  }

  showGroup(name: string): void {
    this.#group = name;
    if (this.#hasBegun) this.#sendForFrame({ type: "group", name });
  }

  setSpeed(speed: number): void {
    this.#speed = speed;
    this.#measureAnew();
    this.#thread.send({ type: "interval", seconds: this.#interval });
    this.#tellProgress();
  }

  /** Does something to what is simulated, now. Rejects with a sentence where that makes no sense. */
  async command(command: Command): Promise<void> {
    if (this.#run.commands.length >= MOST_COMMANDS) throw new Error(`no more than ${MOST_COMMANDS} things can be done in a run: begin again`);
    this.#owed += 1;
    const at = await this.#thread.ask<number>((id) => ({ type: "command", id, command }));
    const commands: TimedCommand[] = [...this.#run.commands, { ...command, at }];
    this.#run = { ...this.#run, commands };
    this.#events.run(this.#run);
  }

  asdict(worker: number): Promise<AsDict> {
    return this.#thread.ask<AsDict>((id) => ({ type: "asdict", id, worker }));
  }

  snapshot(worker: number | undefined): Promise<Snapshot> {
    return this.#thread.ask<Snapshot>((id) => ({ type: "snapshot", id, worker }));
  }

  /**
   * The whole run up to now as a trace, which `streamgauge/replay` and `npx streamgauge replay` read. Takes as long as
   * simulating it again, while time may pass.
   *
   * @param onShare told how much of it is done, 0..1
   */
  trace(onShare?: (share: number) => void): Promise<Blob> {
    return this.#thread.ask<Blob>((id) => ({ type: "trace", id }), onShare);
  }

  get #interval(): number {
    return Math.max(LEAST_INTERVAL, this.#speed / MOMENTS_PER_SECOND);
  }

  #newThread(): Thread {
    const thread: Thread = new Thread(
      (reply) => {
        if (thread === this.#thread) this.#hear(reply);
      },
      (message) => {
        this.#hasBegun = false;
        this.#forwardTo = undefined;
        this.#events.failed(`The simulation stopped: ${message}. Restart begins it again.`);
        this.pause();
      },
    );
    return thread;
  }

  #sendForFrame(request: Parameters<Thread["send"]>[0]): void {
    this.#owed += 1;
    this.#thread.send(request);
  }

  readonly #frame = (milliseconds: number): void => {
    this.#request = requestAnimationFrame(this.#frame);
    const { least, most, less, more } = FRAME_BUDGET;
    this.#budget = milliseconds - this.#frameAt > LATE ? Math.max(this.#budget * less, least) : Math.min(this.#budget + more, most);
    this.#frameAt = milliseconds;
    // While the thread owes a frame the time goes on: the next one asks for all of it.
    if (this.#owed > 0 || !this.#hasBegun) return;
    const elapsed = Math.min((milliseconds - (this.#lastFrame ?? milliseconds)) / 1000, LONGEST_FRAME);
    this.#lastFrame = milliseconds;
    this.#sendForFrame({ type: "advance", seconds: elapsed * this.#speed, budget: this.#budget });
  };

  /** No animation frames come in a hidden tab: time stands still there, and what is reached is measured anew. */
  readonly #onVisibility = (): void => this.#measureAnew();

  #hear(reply: Reply): void {
    switch (reply.type) {
      case "ready":
        return this.#events.vocabulary(reply.vocabulary);
      case "began":
        this.#hasBegun = true;
        this.#run = reply.run;
        this.#time = 0;
        this.#measureAnew();
        if (reply.layout.group !== this.#group) this.#events.failed(`There is no group “${this.#group}” in this run.`);
        this.#group = reply.layout.group!;
        this.#events.begin(reply.layout);
        return this.#events.run(reply.run);
      case "frame":
        this.#owed -= 1;
        this.#time = reply.state.now;
        if (this.#forwardTo !== undefined) this.#measureAnew();
        this.#forwardTo = undefined;
        this.#measure();
        this.#events.frame(reply.state);
        return this.#tellProgress();
      case "moment":
        return this.#events.moment(reply.moment);
      case "log":
        return this.#events.log(reply.entries);
      case "forward":
        this.#forwardTo = reply.until;
        this.#time = reply.time;
        return this.#tellProgress();
      case "refused":
        if (reply.owedFrame) this.#owed -= 1;
    }
  }

  #measureAnew(): void {
    this.#lastFrame = undefined;
    this.#reachedSpeed = undefined;
    this.#measuredFrom = { real: performance.now(), virtual: this.#time };
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
      ...(this.#forwardTo === undefined ? {} : { forwardTo: this.#forwardTo }),
      ...(this.#lastFrame === undefined || !this.#isPlaying ? {} : { frameAt: this.#lastFrame }),
    };
    this.#events.progress(progress);
  }
}
