/** The strip's figures: one number each for the whole group, with what stands beside it. */

import type { LagMethod, Latency, Rate, Snapshot } from "streamgauge";
import { count, percent, rate, seconds, secondsText, UNKNOWN, type Quantity } from "../format.js";
import { busyShare, middle } from "./columns.js";
import type { History } from "./history.js";
import { isUp, type Moment } from "./moment.js";
import { STAGES } from "./point.js";

export interface Figure {
  readonly value: string;
  readonly unit: string;
  /** One line: what the value means, or why it is not known. */
  readonly beside: string;
  /** Something that should not be. */
  readonly isAlarming?: boolean;
}

/** In the order in which records pass; the labels never change. */
export const LABELS = {
  received: "Records in",
  events: "Events",
  lag: "Lag",
  age: "Lag in time",
  p50: "Runtime p50",
  p99: "Runtime p99",
  inFlight: "In flight",
  busy: "Busy",
  endToEnd: "End to end p99",
  commit: "Commit p99",
  errors: "Errors",
  rebalances: "Rebalances",
} as const;

/** What they are, for whoever asks. */
export const MEANINGS: Record<FigureName, string> = {
  received: "Messages that came in per second, between the last two samples of the monitors",
  events: "Events that came into a stream per second, between the last two samples of the monitors",
  lag: "Records from the position to the end offset, of all partitions whose lag is known",
  age: "Age of the oldest record that waits, of the partition where it is highest",
  p50: "Half of the last minute’s events took at most as long. Beside it: the middle of the workers’ medians as Faust computes them",
  p99: "99 in 100 of the last minute’s events took at most as long",
  inFlight: "Messages that came in and did not go out yet, and the age of the oldest",
  busy: "Share of the time that workers spent processing, over the last second",
  endToEnd: "From a message’s timestamp to its going out: 99 in 100 of the last minute’s took at most as long",
  commit: "99 in 100 of the last minute’s commits took at most as long",
  errors: "Errors of every stage since the monitors were made",
  rebalances: "Rebalances that the workers saw, added up: one of the group counts for each of them. A storm is many in a short time",
};

export type FigureName = keyof typeof LABELS;

const METHODS: Record<LagMethod, string> = {
  none: "nothing waits",
  timestamp: "by timestamps",
  interpolated: "interpolated",
  atLeast: "at least",
  unknown: "not known",
};

export function figuresOf(moment: Moment, history: History): Record<FigureName, Figure> {
  const { snapshot } = moment;
  if (snapshot === undefined) {
    const reason = moment.workers.length > 0 ? "no worker is up" : "no snapshot yet";
    return mapped(() => ({ value: UNKNOWN, unit: "", beside: reason }));
  }
  const { messages, events, rates, errors, rebalances, commits, consumer } = snapshot;
  return {
    received: perSecond(rates.messagesReceived, producedText(history)),
    events: perSecond(rates.events, `sent on ${rate(rates.messagesSent.now)} /s`),
    lag: lagOf(snapshot, history),
    age: ageOf(snapshot, history),
    p50: quantileOf(events.runtime, "p50", `Faust: ${secondsText(faustMedian(moment))}`),
    p99: quantileOf(events.runtime, "p99", "of the last minute"),
    inFlight: {
      value: count(messages.active),
      unit: "",
      beside: messages.stuck > 0 ? `${count(messages.stuck)} stuck` : messages.oldestSeconds === null ? "none is open" : `oldest ${secondsText(messages.oldestSeconds)}`,
      isAlarming: messages.stuck > 0,
    },
    busy: busyOf(history, moment, consumer.busyShare),
    endToEnd: quantileOf(messages.endToEnd, "p99", "since timestamp"),
    commit: quantileOf(commits.latency, "p99", `${count(commits.completed)} commits`),
    errors: { value: count(errors.total), unit: "", beside: stagesText(snapshot) },
    rebalances: {
      value: count(rebalances.count),
      unit: "",
      beside: rebalances.storm ? `storm: ${rebalances.recent} lately` : rebalancesText(rebalances, moment),
      isAlarming: rebalances.storm || moment.isRebalancing,
    },
  };
}

const mapped = (make: (name: FigureName) => Figure): Record<FigureName, Figure> =>
  Object.fromEntries((Object.keys(LABELS) as FigureName[]).map((name) => [name, make(name)])) as Record<FigureName, Figure>;

function perSecond({ now, oneMinute }: Rate, beside: string): Figure {
  if (now === null) return { value: UNKNOWN, unit: "/s", beside: "no sample yet" };
  return { value: rate(now), unit: "/s", beside: beside === "" ? `${rate(oneMinute)} in a minute` : beside };
}

/** Produced per second, over the newest point that knows. */
function producedText(history: History): string {
  const produced = history.last?.produced;
  return produced == null || produced.seconds <= 0 ? "" : `produced ${rate(produced.count / produced.seconds)} /s`;
}

function lagOf({ lag, partitions }: Snapshot, history: History): Figure {
  const missing = Math.max(history.partitions.length - partitions.length, 0) + lag.partitionsUnknown;
  if (lag.recordsSum === null) return { value: UNKNOWN, unit: "", beside: partitions.length === 0 ? "no partition" : "no end offset yet" };
  const isIncomplete = history.newest?.lagTotal == null && missing > 0;
  const trend = lag.slope === null || Math.abs(lag.slope) < 0.05 ? "steady" : lag.slope > 0 ? `grows ${rate(lag.slope)} /s` : `falls ${rate(-lag.slope)} /s`;
  return {
    ...compact(lag.recordsSum, isIncomplete),
    beside: isIncomplete ? `of ${count(missing)} unknown` : trend,
    isAlarming: isIncomplete,
  };
}

function ageOf({ lag, partitions }: Snapshot, history: History): Figure {
  const worst = partitions.reduce<Snapshot["partitions"][number] | undefined>((most, one) => ((one.lagSeconds ?? -1) > (most?.lagSeconds ?? -1) ? one : most), undefined);
  if (lag.secondsMax === null || worst === undefined) return { value: UNKNOWN, unit: "s", beside: "no timestamps yet" };
  const { value, unit } = seconds(lag.secondsMax);
  const isAtLeast = worst.lagMethod === "atLeast" || history.newest?.lagSecondsMost == null;
  return { value: isAtLeast ? `≥ ${value}` : value, unit, beside: lag.secondsMax === 0 && !isAtLeast ? METHODS.none : METHODS[isAtLeast ? "atLeast" : worst.lagMethod] };
}

function quantileOf({ lastMinute }: Latency, share: "p50" | "p99", beside: string): Figure {
  const value = lastMinute?.[share] ?? null;
  return { ...seconds(value), beside: value === null ? "none this minute" : beside };
}

function faustMedian({ workers }: Moment): number | null {
  return middle(Float64Array.from(workers.filter(isUp), ({ faustMedian }) => faustMedian || NaN));
}

/** Of the newest second; where nobody tells, of the monitors' lives. */
function busyOf(history: History, { workers }: Moment, ofLife: number | null): Figure {
  const last = history.last;
  const share = (last === undefined ? null : busyShare(last)) ?? ofLife;
  if (share === null) return { value: UNKNOWN, unit: "", beside: "not measured" };
  const up = workers.filter(isUp).length;
  return { value: percent(share).replace(" %", ""), unit: "%", beside: up === 1 ? "of one worker" : `of ${count(up)} workers` };
}

function stagesText({ errors }: Snapshot): string {
  const stages = STAGES.map((stage) => ({ stage, total: Object.values(errors.byStage[stage] ?? {}).reduce((sum, one) => sum + one, 0) }))
    .filter(({ total }) => total > 0)
    .sort((a, b) => b.total - a.total);
  return stages.length === 0 ? "of any stage" : stages.map(({ stage, total }) => `${stage} ${count(total)}`).join(", ");
}

function rebalancesText({ lastAgeSeconds }: Snapshot["rebalances"], { isRebalancing, round }: Moment): string {
  if (isRebalancing) return round ? `round ${round} goes on` : "one goes on";
  return lastAgeSeconds === null ? "seen by workers" : `last ${agoText(lastAgeSeconds)} ago`;
}

function agoText(age: number): string {
  return age < 120 ? `${Math.round(age)} s` : age < 7200 ? `${Math.round(age / 60)} min` : `${Math.round(age / 3600)} h`;
}

/** `2,147`, `12.3 M` */
function compact(value: number, isAtLeast: boolean): Quantity {
  const prefix = isAtLeast ? "≥ " : "";
  if (value < 1e6) return { value: prefix + count(value), unit: "" };
  return value < 1e9 ? { value: prefix + rate(value / 1e6), unit: "M" } : { value: prefix + rate(value / 1e9), unit: "G" };
}
