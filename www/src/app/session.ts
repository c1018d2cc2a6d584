/** The page's heart: one source at a time, what it said so far, and what the user looks at. */

import { History } from "../model/history.js";
import type { Layout, LogEntry, Moment, Selection, SimulationState } from "../model/moment.js";
import type { ConnectionState, Progress, Source, SourceEvents } from "../source/source.js";
import { Hub } from "./hub.js";

/** What views listen to. */
export type SessionEvents = {
  /** Another source, or the same one from its beginning: forget what was shown. */
  begin: [layout: Layout];
  frame: [state: SimulationState];
  moment: [moment: Moment];
  /** The history was filled at once, with a recording's moments. */
  history: [moments: readonly Moment[]];
  log: [entries: readonly LogEntry[]];
  progress: [progress: Progress];
  connection: [state: ConnectionState];
  /** A sentence for the user. */
  notice: [message: string];
  selection: [selection: Selection];
};

const AT_REST: Progress = { isPlaying: false, speed: 1, reachedSpeed: 1, time: 0, end: null };
const NOTHING: Layout = { partitions: [], producers: [], brokers: 0 };
/** Log entries kept. */
const MOST_ENTRIES = 1000;

export class Session extends Hub<SessionEvents> {
  /** Every moment of the run that is kept for the charts. */
  readonly history = new History();
  layout: Layout = NOTHING;
  /** The newest of each. */
  moment: Moment | undefined;
  frame: SimulationState | undefined;
  progress: Progress = AT_REST;
  connection: ConnectionState | undefined;
  entries: LogEntry[] = [];
  #source: Source | undefined;
  #selection: Selection;
  /** Whether the history is all that there is, so that moments are only looked at. */
  #isWhole = false;

  get source(): Source | undefined {
    return this.#source;
  }

  get selection(): Selection {
    return this.#selection;
  }

  /** Looks at something else; at nothing where it is looked at already. */
  select(selection: Selection): void {
    this.#selection = selection !== undefined && JSON.stringify(selection) === JSON.stringify(this.#selection) ? undefined : selection;
    this.emit("selection", this.#selection);
  }

  /** Ends the source that there is, and starts the next. `make` gets what the source has to tell its news to. */
  open(make: (events: SourceEvents) => Source): Source {
    this.#source?.close();
    const source = make(this.#events(() => this.#source === source));
    this.#source = source;
    // A number or a name means something else in another source.
    if (this.#selection !== undefined) this.select(undefined);
    this.connection = undefined;
    this.#begin(NOTHING);
    source.start();
    return source;
  }

  #begin(layout: Layout): void {
    this.layout = layout;
    this.moment = undefined;
    this.frame = undefined;
    this.entries = [];
    this.history.clear(layout.partitions);
    this.#isWhole = false;
    this.emit("begin", layout);
  }

  /** @param isCurrent whether the source is still the one that is shown: the last words of another are passed over. */
  #events(isCurrent: () => boolean): SourceEvents {
    const only =
      <A extends unknown[]>(tell: (...args: A) => void) =>
      (...args: A): void => {
        if (isCurrent()) tell(...args);
      };
    return {
      begin: only((layout) => this.#begin(layout)),
      frame: only((state) => {
        this.frame = state;
        this.emit("frame", state);
      }),
      moment: only((moment) => {
        this.moment = moment;
        if (this.#isWhole) this.history.lookAt(moment.time);
        else this.history.add(moment);
        this.emit("moment", moment);
      }),
      whole: only((moments) => {
        this.#isWhole = true;
        this.history.fill(moments);
        this.emit("history", moments);
      }),
      log: only((entries) => {
        this.entries = [...this.entries, ...entries].slice(-MOST_ENTRIES);
        this.emit("log", entries);
      }),
      progress: only((progress) => {
        this.progress = progress;
        this.emit("progress", progress);
      }),
      connection: only((state) => {
        this.connection = state;
        this.emit("connection", state);
      }),
      failed: only((message) => this.emit("notice", message)),
    };
  }
}
