/** Lets virtual time pass at the speed asked for, and reads the figures as it does. */

import { Simulation, type SimulationOptions } from "streamgauge/sim";
import { read, type Sample } from "./model/sample.js";

/** Samples per second of real time. */
const SAMPLES_PER_SECOND = 10;
/** A tab that was hidden does not catch up with what it missed. */
const LONGEST_FRAME = 0.1;
/** Milliseconds of a frame that simulating may take: the rest is for drawing. */
const FRAME_BUDGET = 10;
/** A frame is simulated in slices, so that the budget is looked at in between. */
const SLICES_PER_SAMPLE = 16;
/** The share of virtual time that may be missing before anyone is told. */
const NOTICEABLE = 0.05;

export class Runner {
  speed = 1;
  /** Whether the last second fell short of the speed. */
  behind = false;
  readonly #onSample: (sample: Sample) => void;
  readonly #onFrame: () => void;
  #simulation: Simulation;
  #lastFrame: number | undefined;
  #request = 0;
  #sampledAt = 0;
  /** Virtual seconds that were asked for, and those of them that there was no time for. */
  #asked = 0;
  #missed = 0;

  constructor(options: SimulationOptions, onSample: (sample: Sample) => void, onFrame: () => void) {
    this.#onSample = onSample;
    this.#onFrame = onFrame;
    this.#simulation = new Simulation(options);
  }

  get simulation(): Simulation {
    return this.#simulation;
  }

  get running(): boolean {
    return this.#request !== 0;
  }

  start(): void {
    if (this.running) return;
    this.#lastFrame = undefined;
    this.#request = requestAnimationFrame(this.#frame);
  }

  pause(): void {
    cancelAnimationFrame(this.#request);
    this.#request = 0;
    this.behind = false;
    this.sample();
  }

  /** Lets exactly these seconds pass at once. */
  step(seconds: number): void {
    this.#simulation.advance(seconds);
    this.sample();
  }

  /** Starts over, at virtual time 0. */
  reset(options: SimulationOptions): void {
    const next = new Simulation(options);
    this.#simulation.free();
    this.#simulation = next;
    this.sample();
  }

  /** Reads the figures now: after a command, so that its effect is seen at once. */
  sample(): void {
    this.#onSample(read(this.#simulation));
  }

  /** Virtual seconds between two samples. */
  get interval(): number {
    return this.speed / SAMPLES_PER_SECOND;
  }

  readonly #frame = (milliseconds: number): void => {
    this.#request = requestAnimationFrame(this.#frame);
    const last = this.#lastFrame ?? milliseconds;
    this.#lastFrame = milliseconds;
    const seconds = Math.min((milliseconds - last) / 1000, LONGEST_FRAME);
    this.#pass(seconds * this.speed);
    this.#onFrame();
  };

  #pass(seconds: number): void {
    const deadline = performance.now() + FRAME_BUDGET;
    const slice = this.interval / SLICES_PER_SAMPLE;
    let left = seconds;
    while (left > 0 && performance.now() < deadline) {
      const step = Math.min(left, slice);
      this.#simulation.advance(step);
      left -= step;
      if (Math.abs(this.#simulation.now - this.#sampledAt) >= this.interval) {
        this.#sampledAt = this.#simulation.now;
        this.sample();
      }
    }
    this.#asked += seconds;
    this.#missed += left;
    // Looked at about once a second: one late frame is a hiccup.
    if (this.#asked > this.speed) {
      this.behind = this.#missed > this.#asked * NOTICEABLE;
      this.#asked = 0;
      this.#missed = 0;
    }
  }
}
