/** Tokens whose start lies before the hook that gave them. Tokens are plain, so it is written into them. */

import type { Sensor } from "../../sensor.js";
import type { EventState, RebalanceState } from "../../tokens.js";

/** Applies `change` to a token, or to each of those that a `SensorDelegate` gave. */
function each<T>(given: T, change: (token: T, sensor?: unknown) => T): T {
  if (!(given instanceof Map)) return change(given);
  return new Map(Array.from(given as Map<Sensor, T>, ([sensor, token]) => [sensor, change(token, sensor)])) as T;
}

/** The bare time of a start hook, so many seconds before. */
export function earlier<T extends number | undefined>(given: T, seconds: number): T {
  return each(given, (time) => (typeof time === "number" ? ((time - seconds) as T) : time));
}

/** A token with `timeStart`, so many seconds before. */
export function startedEarlier<T extends Pick<RebalanceState, "timeStart"> | undefined>(given: T, seconds: number): T {
  return each(given, (token) => {
    if (typeof token?.timeStart === "number") token.timeStart -= seconds;
    return token;
  });
}

/** The token of an event that began when another did. */
export function beganWith(given: EventState | undefined, other: EventState | undefined): void {
  each(given, (token, sensor) => {
    const first = sensor === undefined ? other : (other as unknown as Map<unknown, EventState> | undefined)?.get(sensor);
    if (token !== undefined && token !== null && typeof first?.timeIn === "number") token.timeIn = first.timeIn;
    return token;
  });
}

/** Seconds of milliseconds that were measured by a wall clock, which may have been set back meanwhile. */
export function secondsOf(milliseconds: unknown): number {
  return typeof milliseconds === "number" && milliseconds > 0 && milliseconds < Infinity ? milliseconds / 1000 : 0;
}
