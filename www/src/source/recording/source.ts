/** A recorded trace as a source: all of it is known, and one may stand anywhere in it. */

import type { AsDict, Snapshot } from "streamgauge";
import type { Player, Source, SourceEvents } from "../source.js";
import type { Recording } from "./recording.js";

/** A tab that was hidden does not catch up with what it missed. Seconds. */
const LONGEST_FRAME = 0.1;

export class RecordingSource implements Source, Player {
  readonly kind = "recording";
  readonly recording: Recording;
  readonly #events: SourceEvents;
  #time = 0;
  /** The checkpoint that is shown. */
  #shown = -1;
  #speed = 1;
  #isPlaying = false;
  #request = 0;
  #lastFrame: number | undefined;

  constructor(events: SourceEvents, recording: Recording) {
    this.#events = events;
    this.recording = recording;
  }

  get player(): Player {
    return this;
  }

  /** Seconds from the recording's beginning to its end. */
  get end(): number {
    return this.recording.summary.seconds;
  }

  /** The time of the checkpoint that is shown: at or before the time that is looked at. */
  get shownTime(): number {
    return this.recording.moments[this.#shown]?.time ?? 0;
  }

  /** It begins at its end: what came of it all. */
  start(): void {
    this.#begin(this.end);
  }

  showGroup(name: string): void {
    this.recording.choose(name).then(
      () => this.#begin(this.#time),
      (error: Error) => this.#events.failed(error.message),
    );
  }

  #begin(time: number): void {
    const { partitions, entries } = this.recording.summary;
    this.#shown = -1;
    this.#events.begin({ partitions, producers: [], brokers: 0 });
    this.#events.whole(this.recording.moments);
    this.#events.log(entries);
    this.seek(time);
  }

  close(): void {
    cancelAnimationFrame(this.#request);
    this.recording.close();
  }

  /** From the beginning, where it stands at its end. */
  play(): void {
    if (this.#isPlaying) return;
    if (this.#time >= this.end) this.#goTo(0);
    this.#isPlaying = true;
    this.#lastFrame = undefined;
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
    this.seek(this.#time + seconds);
  }

  setSpeed(speed: number): void {
    this.#speed = speed;
    this.#tellProgress();
  }

  seek(time: number): void {
    this.#goTo(Math.min(Math.max(time, 0), this.end));
    this.#tellProgress();
  }

  asdict(worker: number): Promise<AsDict> {
    return this.recording.asdict(this.#shown, worker);
  }

  snapshot(worker: number | undefined): Promise<Snapshot> {
    if (worker !== undefined) return this.recording.snapshot(this.#shown, worker);
    const snapshot = this.recording.moments[this.#shown]?.snapshot;
    return snapshot === undefined ? Promise.reject(new Error("no worker is up at this time of the recording")) : Promise.resolve(snapshot);
  }

  readonly #frame = (milliseconds: number): void => {
    const elapsed = Math.min((milliseconds - (this.#lastFrame ?? milliseconds)) / 1000, LONGEST_FRAME);
    this.#lastFrame = milliseconds;
    this.#goTo(Math.min(this.#time + elapsed * this.#speed, this.end));
    if (this.#time >= this.end) this.#isPlaying = false;
    else this.#request = requestAnimationFrame(this.#frame);
    this.#tellProgress();
  };

  #goTo(time: number): void {
    this.#time = time;
    const place = this.#placeAt(time);
    if (place === this.#shown) return;
    this.#shown = place;
    this.#events.moment(this.recording.moments[place]!);
  }

  /** The last checkpoint at or before a time. */
  #placeAt(time: number): number {
    const { moments } = this.recording;
    let [low, high] = [0, moments.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (moments[middle]!.time <= time) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #tellProgress(): void {
    this.#events.progress({ isPlaying: this.#isPlaying, speed: this.#speed, reachedSpeed: this.#speed, time: this.#time, end: this.end });
  }
}
