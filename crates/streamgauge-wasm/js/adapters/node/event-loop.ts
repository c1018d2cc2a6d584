/** How late the event loop is, and how busy. */

import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { outOfRange, unknownOption, wholeNumber, wrongType } from "../../checks.js";
import { Guard, type Attachment, type AttachmentOptions } from "../attachment.js";
import { asAttachment, checkMonitor, type AnyMonitor } from "../shared/attaching.js";

/** How the event loop did in a stretch of time. Times are seconds. */
export interface EventLoopFigures {
  /** How long the stretch was. */
  readonly seconds: number;
  /** The part of it that the loop was busy rather than waiting for something to do, 0 to 1. */
  readonly utilization: number;
  /** How late timers were. Of a loop that was blocked throughout there is no measurement: all are 0 then, and `utilization` is 1. */
  readonly delay: { readonly count: number; readonly mean: number; readonly p50: number; readonly p99: number; readonly max: number };
}

/** What `watchEventLoop` takes. */
export interface EventLoopOptions extends AttachmentOptions {
  /** How often the figures are taken, seconds; 10. */
  readonly intervalSeconds?: number | undefined;
  /** How often the delay is measured, whole milliseconds; 20. */
  readonly resolutionMilliseconds?: number | undefined;
}

/** What `watchEventLoop` gives. */
export interface EventLoopWatch extends Attachment {
  /** The figures of the last interval that is over; null before the first is. */
  readonly lastInterval: EventLoopFigures | null;
  /** Ends the interval now, and gives its figures. Also called by a timer. */
  take(): EventLoopFigures;
}

const NANOSECONDS = 1e9;

/**
 * Watches this thread's event loop. `monitor.count` gets, every interval, microseconds that only grow, so that merged snapshots and rates
 * make sense of them: `event_loop.active_us`, `event_loop.idle_us` (utilization is the first through the sum of both),
 * `event_loop.delay_us` and `event_loop.delays` (their quotient is the mean delay). Quantiles are in `lastInterval`.
 *
 * Never keeps a process alive.
 */
export function watchEventLoop(monitor: AnyMonitor, options: EventLoopOptions = {}): EventLoopWatch {
  const sensor = checkMonitor(monitor);
  const known = ["intervalSeconds", "resolutionMilliseconds", "onFault"];
  for (const [name, value] of Object.entries(options)) if (!known.includes(name)) throw unknownOption(name, known, value);
  const interval = seconds("intervalSeconds", options.intervalSeconds ?? 10);
  const resolution = wholeNumber("resolutionMilliseconds", options.resolutionMilliseconds ?? 20, 1, 60_000);
  const guard = new Guard(options);
  const delays = monitorEventLoopDelay({ resolution });
  let before = performance.eventLoopUtilization();
  let lastInterval: EventLoopFigures | null = null;

  const take = (): EventLoopFigures => {
    const now = performance.eventLoopUtilization();
    const { active, idle, utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    const { count } = delays;
    // What is measured is from one timer to the next, so the wait that was asked for is in it.
    const late = (nanoseconds: number): number => (count === 0 ? 0 : Math.max(0, nanoseconds / NANOSECONDS - resolution / 1000));
    const delay = { count, mean: late(delays.mean), p50: late(delays.percentile(50)), p99: late(delays.percentile(99)), max: late(delays.max) };
    delays.reset();
    lastInterval = Object.freeze({ seconds: (active + idle) / 1000, utilization, delay: Object.freeze(delay) });
    const counts = { active_us: active * 1000, idle_us: idle * 1000, delay_us: delay.mean * count * 1e6, delays: count };
    if (guard.detached) return lastInterval;
    for (const [name, value] of Object.entries(counts)) guard.run(() => sensor.count(`event_loop.${name}`, Math.round(value)));
    return lastInterval;
  };

  delays.enable();
  const timer = setInterval(() => guard.run(take), interval * 1000);
  timer.unref();
  guard.onDetach(() => {
    clearInterval(timer);
    delays.disable();
  });
  const watch = { take: () => (guard.detached && lastInterval !== null ? lastInterval : take()) };
  Object.defineProperty(watch, "lastInterval", { get: () => lastInterval });
  return asAttachment(watch, guard) as EventLoopWatch;
}

/** An interval in seconds that a timer can have. */
export function seconds(argument: string, value: unknown): number {
  if (typeof value !== "number") throw wrongType(argument, "a number of seconds", value);
  if (!(value >= 0.001 && value <= 2_000_000)) throw outOfRange(argument, "0.001 to 2,000,000 seconds", value);
  return value;
}
