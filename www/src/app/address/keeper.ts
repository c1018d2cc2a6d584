/** Keeps the page's address at what the page shows. */

import type { Run } from "../../source/simulation/protocol.js";
import type { SimulationSource } from "../../source/simulation/source.js";
import { prepareForCommands, writeAddress, type Place } from "../address.js";
import type { Session } from "../session.js";
import type { SettingsHub } from "../settings.js";

/** Milliseconds between two changes: browsers take only so many. */
const REST = 500;

export class AddressKeeper {
  readonly #session: Session;
  readonly #settings: SettingsHub;
  readonly #source: SimulationSource;
  #run: Run;
  /** What the address says without a time: one that was opened keeps its time until something changes. */
  #written: Promise<string>;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param place what the address said when the page was opened */
  constructor(session: Session, settings: SettingsHub, source: SimulationSource, place: Place) {
    this.#session = session;
    this.#settings = settings;
    this.#source = source;
    this.#run = place.run;
    this.#written = writeAddress({ ...place, time: 0, isPaused: false }, location.search);
    const leaving = (): void => void this.#keep();
    addEventListener("pagehide", leaving);
    for (const touched of ["pointerdown", "keydown"]) addEventListener(touched, prepareForCommands, { once: true, passive: true });
    const ends = [
      settings.on("change", () => this.#later()),
      session.on("selection", () => this.#later()),
      // Another source took over: the address is no longer this one's.
      session.on("begin", () => {
        if (session.source === source) return;
        for (const end of ends) end();
        removeEventListener("pagehide", leaving);
        clearTimeout(this.#timer);
      }),
    ];
  }

  /** The run is another. */
  change(run: Run): void {
    this.#run = run;
    this.#later();
  }

  /** An address of this very moment, playing or paused as it is now. */
  async link(): Promise<string> {
    const place = { ...this.#place, time: this.#source.time, isPaused: !this.#source.isPlaying };
    return `${location.origin}${location.pathname}${await writeAddress(place, location.search)}`;
  }

  get #place(): Place {
    return { run: this.#run, settings: { ...this.#settings.values }, selection: this.#session.selection, time: 0, isPaused: false };
  }

  #later(): void {
    this.#timer ??= setTimeout(() => void this.#keep(), REST);
  }

  async #keep(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#session.source !== this.#source) return;
    const before = this.#written;
    const now = writeAddress(this.#place, location.search);
    this.#written = now;
    if ((await before) === (await now) || this.#written !== now) return;
    try {
      history.replaceState(history.state, "", `${location.pathname}${await now}${location.hash}`);
    } catch {
      // Some browsers refuse it where a page is no site of its own; "Copy link" still works.
    }
  }
}
