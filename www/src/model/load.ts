/** Whether the workers can handle what comes. */

export interface Load {
  /** Records per second that come. */
  readonly demand: number;
  /** Records per second that all workers together can handle. */
  readonly capacity: number;
  /** The share of the workers' time that is asked for; over 1 the lag grows without end. */
  readonly share: number;
}

/** `slowness` of each worker: how many times longer its handler takes. Each worker gets an equal part of the records. */
export function load(messageRate: number, handlerLatency: number, slowness: readonly number[]): Load {
  const slowest = Math.max(...slowness);
  const capacity = slowness.reduce((sum, factor) => sum + 1 / (handlerLatency * factor), 0);
  const share = (messageRate / slowness.length) * handlerLatency * slowest;
  return { demand: messageRate, capacity, share };
}
