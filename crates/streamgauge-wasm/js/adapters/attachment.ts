/** What all adapters share: nothing of theirs throws into its host, and all of it can be undone. */

/** What every adapter gives: how it goes, and how it ends. */
export interface Attachment {
  /**
   * Ends the adapter: listeners and timers go, and what was wrapped is as it was before. What is in
   * flight is told to its end. A second call does nothing. Never throws.
   */
  detach(): void;
  /** How many faults were caught that would else have come up in the host; 0 where all is well. */
  readonly faults: number;
  /** The newest of them; undefined where there was none. */
  readonly lastFault: unknown;
}

/** What every adapter takes. */
export interface AttachmentOptions {
  /** Told of every fault that was caught. What it throws itself is passed over. */
  readonly onFault?: ((fault: unknown) => void) | undefined;
}

/** Catches what an adapter's work throws, and keeps what has to be undone. */
export class Guard implements Attachment {
  #faults = 0;
  #lastFault: unknown;
  #undo: (() => void)[] = [];
  #detached = false;
  readonly #onFault: ((fault: unknown) => void) | undefined;

  constructor(options: AttachmentOptions = {}) {
    this.#onFault = options.onFault;
  }

  get faults(): number {
    return this.#faults;
  }

  get lastFault(): unknown {
    return this.#lastFault;
  }

  /** Whether `detach` was called: wrapped functions that the host still holds then only pass through. */
  get detached(): boolean {
    return this.#detached;
  }

  /** Does `work`; undefined where it threw. */
  run<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (fault) {
      this.note(fault);
      return undefined;
    }
  }

  /** Counts a fault that was caught elsewhere: that of a promise. */
  note(fault: unknown): void {
    this.#faults += 1;
    this.#lastFault = fault;
    try {
      this.#onFault?.(fault);
    } catch {
      // Whoever listens to faults must not make new ones in the host.
    }
  }

  /** Keeps what `detach` is to undo, the newest first; at once where it was called already. */
  onDetach(undo: () => void): void {
    if (this.#detached) this.run(undo);
    else this.#undo.push(undo);
  }

  detach(): void {
    this.#detached = true;
    for (let undo = this.#undo.pop(); undo !== undefined; undo = this.#undo.pop()) this.run(undo);
  }
}
