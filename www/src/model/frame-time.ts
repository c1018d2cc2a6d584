/** The virtual time of a picture: while the next state is late, records go on with what is known of them. */

/** Milliseconds of an animation frame: after one, a state comes in time. */
const FRAME = 1000 / 60;
/** Milliseconds for which a late one is not waited for. */
export const MOST_LATE = 200;

export class FrameTime {
  #shown = 0;

  clear(): void {
    this.#shown = 0;
  }

  /**
   * @param known the newest state's, in virtual seconds; `pace` of them pass in a second.
   * @param clock milliseconds, and `frameAt` those of the frame that asked for the state; undefined where time stands still.
   */
  at(known: number, pace: number, clock: number, frameAt: number | undefined): number {
    if (frameAt === undefined) return (this.#shown = known);
    const ahead = (late: number): number => known + (Math.min(Math.max(late, 0), MOST_LATE) / 1000) * pace;
    return (this.#shown = Math.min(Math.max(ahead(clock - frameAt - FRAME), this.#shown), ahead(MOST_LATE)));
  }
}
