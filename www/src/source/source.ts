/** Where figures come from: a simulation, a recorded trace, or a live server. */

import type { AsDict, Snapshot } from "streamgauge";
import type { Layout, LogEntry, Moment, SimulationState } from "../model/moment.js";

export type SourceKind = "simulation" | "recording" | "live";

/** What a source tells, as it happens. Nothing is told before `start`. */
export interface SourceEvents {
  /** It began, or began anew: what was shown before is of another run. */
  begin(layout: Layout): void;
  /** A frame to draw, once an animation frame while time passes; from a simulation alone. */
  frame(state: SimulationState): void;
  moment(moment: Moment): void;
  /** Every moment that there is, in the order of time: from a recording, which is known to its end. Which of them is looked at, `moment` tells. */
  whole(moments: readonly Moment[]): void;
  log(entries: readonly LogEntry[]): void;
  /** Playing, speed or what is reached changed. */
  progress(progress: Progress): void;
  /** How a live connection goes; empty text where all is well. */
  connection(state: ConnectionState): void;
  /** It cannot go on, or something asked for failed; in a sentence. */
  failed(message: string): void;
}

/** How time passes. */
export interface Progress {
  readonly isPlaying: boolean;
  /** Virtual seconds per second. */
  readonly speed: number;
  /** What the machine manages of it, over the last second; equals `speed` unless that is too much. */
  readonly reachedSpeed: number;
  /** Seconds since the source began. */
  readonly time: number;
  /** The animation frame for which that is the time, in milliseconds; only where time passes with them. */
  readonly frameAt?: number;
  /** Where a recording ends; null where there is no end. */
  readonly end: number | null;
  /** Where the time goes, in seconds, that passes at once: there only meanwhile. */
  readonly forwardTo?: number;
}

/** How a live connection goes. */
export interface ConnectionState {
  readonly phase: "connecting" | "live" | "failing" | "stale" | "reconnecting" | "unauthorized" | "closed";
  /** In a sentence without an end; empty while all is well. While live it may say which workers are away. */
  readonly reason: string;
  /** Seconds since the newest snapshot came, when this was told; null before the first. It is told when something changed, not as time passes. */
  readonly ageSeconds: number | null;
  /** When it came, as `Date.now()` gives it; null before the first. */
  readonly asOf: number | null;
}

/** A source of figures. What it cannot do, it does not have. */
export interface Source {
  readonly kind: SourceKind;
  start(): void;
  close(): void;
  /** Time passes, stops, passes by hand: simulations and recordings. */
  readonly player?: Player;
  /** The dictionary that Faust's own clients know, of one worker. Rejects where there is none. */
  asdict(worker: number): Promise<AsDict>;
  /** Of one worker, or of all (undefined). */
  snapshot(worker: number | undefined): Promise<Snapshot>;
  /** Shows another of several groups, by its name; it begins anew at the time where it is. */
  showGroup?(name: string): void;
  /** What the origin itself tells Prometheus, in the form that `accept` names; only where the figures come from an origin that does. */
  metrics?(accept: string): Promise<string>;
}

/** How a user moves through time. */
export interface Player {
  play(): void;
  pause(): void;
  /** Lets exactly these seconds pass at once; paused. */
  step(seconds: number): void;
  setSpeed(speed: number): void;
  /** Begins again from 0. */
  restart?(): void;
  /** Ends time that passes at once: it stands where it came to. */
  halt?(): void;
  /** Goes to a time of a recording. */
  seek?(time: number): void;
}
