/** The large figures of the live page. */

import type { Snapshot } from "streamgauge/live";
import { count, percent, rate, seconds, secondsText } from "../format.js";
import { FigureStrip, type Figure } from "../view/figure-strip.js";
import { age } from "./model.js";

const known = (value: number | null): number | undefined => value ?? undefined;

const FIGURES: readonly Figure<Snapshot>[] = [
  {
    id: "received",
    label: "Received",
    show: ({ rates }) => ({ value: rate(known(rates.messagesReceived.now)), unit: "/s", beside: `${rate(known(rates.messagesReceived.oneMinute))} /s over 1 min` }),
  },
  {
    id: "sent",
    label: "Sent",
    show: ({ rates }) => ({ value: rate(known(rates.messagesSent.now)), unit: "/s", beside: `${rate(known(rates.messagesSent.oneMinute))} /s over 1 min` }),
  },
  {
    id: "lag",
    label: "Lag",
    show: ({ lag }) => ({ value: count(known(lag.recordsSum)), unit: "", beside: lag.secondsMax === null ? "messages" : `at most ${secondsText(lag.secondsMax)} behind` }),
  },
  {
    id: "in-flight",
    label: "In flight",
    show: ({ messages: { active, oldestSeconds, stuck } }) => ({
      value: count(active),
      unit: "",
      beside: inFlight(active, stuck, known(oldestSeconds)),
    }),
  },
  {
    id: "time",
    label: "Message time, p95",
    show: ({ messages: { time } }) => ({ ...seconds(known(time.lastMinute?.p95 ?? null)), beside: `p99 ${secondsText(known(time.lastMinute?.p99 ?? null))}` }),
  },
  {
    id: "errors",
    label: "Errors",
    show: ({ errors, rates }) => ({ value: count(errors.total), unit: "", beside: `${rate(known(rates.errors.oneMinute))} /s over 1 min` }),
  },
  {
    id: "rebalances",
    label: "Rebalances",
    show: ({ rebalances }) => ({ value: count(rebalances.count), unit: "", beside: rebalancing(rebalances) }),
  },
  {
    id: "busy",
    label: "Busy",
    show: ({ consumer }) => {
      const [value = "", unit = ""] = percent(known(consumer.busyShare)).split(" ");
      return { value, unit, beside: consumer.heartbeatAgeSeconds === null ? "no heartbeat" : `heartbeat ${secondsText(consumer.heartbeatAgeSeconds)} ago` };
    },
  },
];

function inFlight(active: number, stuck: number, oldest: number | undefined): string {
  if (active === 0) return "messages";
  const age = `oldest ${secondsText(oldest)}`;
  return stuck > 0 ? `${count(stuck)} stuck, ${age}` : age;
}

function rebalancing({ inProgress, storm, recent, lastAgeSeconds }: Snapshot["rebalances"]): string {
  if (storm) return `a storm: ${recent} of late`;
  if (inProgress > 0) return "one goes on";
  return lastAgeSeconds === null ? "none so far" : `the last ${age(lastAgeSeconds)} ago`;
}

export const figureStrip = (): FigureStrip<Snapshot> => new FigureStrip(FIGURES);
