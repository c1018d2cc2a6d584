/** The ends of what object tokens stand for. */

import { startOf } from "./arguments.js";
import { TOKEN_COMPLETED_TWICE, TOKEN_MISSING } from "./lookups.js";
import type { MessageHooks } from "./messages.js";
import { durationOf, Mark } from "./tokens.js";

/** An end that is happening now. */
export interface Ending<T> {
  readonly token: T;
  readonly started: number;
  readonly now: number;
  readonly duration: number;
}

/** Whether there is a token; none is an anomaly. */
export function isGiven<T>(hooks: MessageHooks, token: T | null | undefined): token is T {
  if (token != null) return true;
  hooks.note(TOKEN_MISSING);
  return false;
}

/** Completes a token; undefined, and an anomaly, where there is none or it was completed before. */
export function ending<T extends { readonly timeStart: number }>(
  hooks: MessageHooks,
  token: T | null | undefined,
  how: number,
): Ending<T> | undefined {
  if (!isGiven(hooks, token)) return undefined;
  const started = startOf(token);
  if (!Mark.complete(token, hooks, how)) {
    hooks.note(TOKEN_COMPLETED_TWICE);
    return undefined;
  }
  let now = Number.NaN;
  try {
    now = hooks.now();
  } catch (cause) {
    throw hooks.reopened(token, how, now, cause);
  }
  return { token, started, now, duration: durationOf(started, now) };
}

/** Writes into a token what its end left there. */
export function setFields<T extends object>(hooks: MessageHooks, token: T, how: number, fields: Partial<T>): void {
  try {
    Object.assign(token, fields);
  } catch (cause) {
    // Any reading but NaN: it was not the clock that failed.
    throw hooks.reopened(token, how, 0, cause);
  }
}
