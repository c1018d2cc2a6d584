/** The hooks of what has a start and an end, messages and events apart. */

import { statusOf } from "./arguments.js";
import { reading, wholeNumber } from "./checks.js";
import { ending, isGiven, setFields } from "./completions.js";
import { kindOf, UNKNOWN_KIND } from "./errors.js";
import type { Families } from "./families.js";
import { NONE } from "./handles.js";
import type { MessageHooks } from "./messages.js";
import type { RebalancingApp, ResponseLike } from "./sensor.js";
import { ENDED, Mark, RETURNED, type AssignmentState, type RebalanceState, type WebRequestState } from "./tokens.js";

/** Asks the hooks for the figures each time: a clock or a getter may have freed them. */
export class SpanHooks {
  readonly #hooks: MessageHooks;
  readonly #families: Families;

  constructor(hooks: MessageHooks, families: Families) {
    this.#hooks = hooks;
    this.#families = families;
  }

  /** The token of what starts now. */
  start(): { timeStart: number } {
    return Mark.issue({ timeStart: this.#hooks.now() }, this.#hooks);
  }

  commitCompleted(state: number | null | undefined): void {
    const started = this.#started(state);
    if (started === undefined) return;
    const now = this.#hooks.now();
    this.#hooks.figures.commitCompleted(started, now);
    this.#hooks.tell();
  }

  sendInitiated(topic: string, keysize: number, valsize: number): number {
    wholeNumber("keysize", keysize, 0, Number.MAX_SAFE_INTEGER);
    wholeNumber("valsize", valsize, 0, Number.MAX_SAFE_INTEGER);
    this.#families.sentTopics.check(topic);
    const now = this.#hooks.now();
    const sent = this.#families.sentTopics.of(topic);
    this.#hooks.figures.sendInitiated(sent, keysize + valsize, now);
    return now;
  }

  sendCompleted(state: number | null | undefined): void {
    const started = this.#started(state);
    if (started === undefined) return;
    const now = this.#hooks.now();
    this.#hooks.figures.sendCompleted(started, now);
    this.#hooks.tell();
  }

  sendError(error: unknown, state: number | null | undefined): void {
    const started = this.#started(state);
    if (started === undefined) return;
    const kind = kindOf(error);
    const now = this.#hooks.now();
    const kindNumber = kind === UNKNOWN_KIND ? NONE : this.#families.errorKinds.of(kind);
    this.#hooks.figures.sendError(kindNumber, started, now);
    this.#hooks.tell();
  }

  assignmentOver(state: AssignmentState | null | undefined, completed: boolean): void {
    const end = ending(this.#hooks, state, ENDED);
    if (end === undefined) return;
    this.#hooks.figures.assignmentOver(end.started, end.now, completed);
    this.#hooks.tell();
  }

  rebalanceStart(app: RebalancingApp): RebalanceState {
    const count = app?.rebalancingCount;
    const rebalances = count == null ? Number.NaN : wholeNumber("app.rebalancingCount", count, 0, Number.MAX_SAFE_INTEGER);
    const now = this.#hooks.now();
    // What came before the rebalance must be forgotten by it.
    this.#hooks.apply();
    this.#hooks.figures.rebalanceStarted(rebalances, now);
    return Mark.issue({ timeStart: now }, this.#hooks);
  }

  rebalanceReturn(state: RebalanceState | null | undefined): void {
    const end = ending(this.#hooks, state, RETURNED);
    if (end === undefined) return;
    setFields(this.#hooks, end.token, RETURNED, { timeReturn: end.now, latencyReturn: end.duration });
    this.#hooks.figures.rebalanceReturned(end.started, end.now);
    this.#hooks.tell();
  }

  rebalanceEnd(state: RebalanceState | null | undefined): void {
    const end = ending(this.#hooks, state, ENDED);
    if (end === undefined) return;
    setFields(this.#hooks, end.token, ENDED, { timeEnd: end.now, latencyEnd: end.duration });
    this.#hooks.apply();
    this.#hooks.figures.rebalanceEnded(end.started, end.now);
    this.#hooks.tell();
  }

  webRequestEnd(response: ResponseLike, state: WebRequestState | null | undefined): void {
    const status = statusOf(response);
    const end = ending(this.#hooks, state, ENDED);
    if (end === undefined) return;
    setFields(this.#hooks, end.token, ENDED, { timeEnd: end.now, latencyEnd: end.duration, statusCode: status });
    this.#hooks.figures.webRequestEnded(status, end.started, end.now);
    this.#hooks.tell();
  }

  /** The start that a bare number stands for; none is an anomaly. */
  #started(state: number | null | undefined): number | undefined {
    return isGiven(this.#hooks, state) ? reading("state", state) : undefined;
  }
}
