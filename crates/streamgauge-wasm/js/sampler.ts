/** The once-a-second tick. */

const PERIOD_MILLISECONDS = 1000;

/** Ticks a monitor without holding it: one that was forgotten can still be collected. */
export class Sampler {
  readonly #monitor: WeakRef<{ sample(): void }>;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(monitor: { sample(): void }) {
    this.#monitor = new WeakRef(monitor);
  }

  start(): void {
    if (this.#timer !== undefined) return;
    const monitor = this.#monitor;
    const timer = setInterval(() => {
      const sampled = monitor.deref();
      if (sampled === undefined) return clearInterval(timer);
      try {
        sampled.sample();
      } catch (error) {
        // It was freed while it ticked: nobody else would hear of it here. A clock that failed may
        // work at the next tick, and throws out of the hooks.
        if ((error as { code?: unknown } | null)?.code === "ERR_MONITOR_FREED") clearInterval(timer);
      }
    }, PERIOD_MILLISECONDS);
    // In Node a timer keeps the process alive unless told not to; in a browser it is a number.
    if (typeof timer === "object") timer.unref();
    this.#timer = timer;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
