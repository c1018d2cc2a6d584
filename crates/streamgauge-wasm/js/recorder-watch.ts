/** When a call of a recorder happened. */

import { readingText } from "./recorder-tape.js";

/** The monitor's clock, watched: what it read in a call is what the trace says. */
export class Watch {
  /** What was read in this call, as it came; undefined where nothing was. */
  read: { readonly seconds: unknown } | undefined;
  last = 0;
  readonly time: () => number;

  constructor(time: () => number) {
    this.time = () => {
      const seconds = time();
      this.read = { seconds };
      if (Number.isFinite(seconds)) this.last = seconds;
      return seconds;
    };
  }

  /** When this call happened: one that read no clock did so at some time all the same. */
  get at(): string {
    return readingText(this.read === undefined ? this.last : this.read.seconds);
  }
}
