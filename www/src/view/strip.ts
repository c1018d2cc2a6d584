/** The strip of figures. */

import { count, percent, rate, seconds, secondsText } from "../format.js";
import type { Summary } from "../model/summary.js";
import { FigureStrip, type Figure } from "./figure-strip.js";

const FIGURES: readonly Figure<Summary>[] = [
  {
    id: "arriving",
    label: "Arriving",
    show: ({ arriving }) => ({ value: rate(arriving), unit: "/s", beside: "by producers" }),
  },
  {
    id: "handled",
    label: "Handled",
    show: ({ handled }) => ({ value: rate(handled), unit: "/s", beside: "by all workers" }),
  },
  {
    id: "lag",
    label: "Lag",
    show: ({ lag, lagGrowth }) => ({ value: count(lag), unit: "", beside: trend(lagGrowth) }),
  },
  {
    id: "in-flight",
    label: "In flight",
    show: ({ inFlight, bufferFull }) => ({ value: count(inFlight), unit: "", beside: `buffer full ${count(bufferFull)}×` }),
  },
  {
    id: "runtime",
    label: "Event runtime",
    show: ({ slowestMedian, slowestWorker }) => ({
      ...seconds(slowestMedian),
      beside: slowestWorker === undefined ? "median" : `median, worker ${slowestWorker + 1}`,
    }),
  },
  {
    id: "send-errors",
    label: "Send errors",
    show: ({ sendErrors, sendErrorShare }) => ({ value: count(sendErrors), unit: "", beside: `${percent(sendErrorShare)} of sends` }),
  },
  {
    id: "commit",
    label: "Commit",
    show: ({ commitLatency }) => ({ ...seconds(commitLatency), beside: "the newest" }),
  },
  {
    id: "rebalances",
    label: "Rebalances",
    show: ({ rebalances, lastRebalance }) => ({
      value: count(rebalances),
      unit: "",
      beside: lastRebalance === undefined ? "none so far" : `last: ${secondsText(lastRebalance)}`,
    }),
  },
];

function trend(growth: number | undefined): string {
  if (growth === undefined) return "not yet read";
  if (Math.abs(growth) < 1) return "steady";
  return `${growth > 0 ? "+" : "−"}${rate(Math.abs(growth))} a second`;
}

export class Strip extends FigureStrip<Summary> {
  constructor() {
    super(FIGURES);
  }
}
