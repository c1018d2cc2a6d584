/** The strip of figures. */

import { count, percent, rate, seconds, secondsText, UNKNOWN } from "../format.js";
import type { Summary } from "../model/summary.js";
import { byId, element, setText } from "./dom.js";

interface Shown {
  readonly value: string;
  readonly unit: string;
  readonly beside: string;
}

interface Figure {
  readonly id: string;
  readonly label: string;
  readonly show: (summary: Summary) => Shown;
}

const FIGURES: readonly Figure[] = [
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

export class Strip {
  readonly #nodes = FIGURES.map(({ id, label }) => {
    const value = element("output", { className: "value", text: UNKNOWN });
    value.id = `figure-${id}`;
    value.setAttribute("aria-label", label);
    value.setAttribute("aria-live", "off");
    return { value, unit: element("span", { className: "unit" }), beside: element("span", { className: "beside" }) };
  });

  constructor() {
    const tiles = this.#nodes.map(({ value, unit, beside }, place) => {
      const tile = element("div", { className: `figure figure-${FIGURES[place]!.id}` });
      const number = element("p", { className: "number" });
      number.append(value, unit);
      tile.append(element("h2", { text: FIGURES[place]!.label }), number, beside);
      return tile;
    });
    byId("figures").append(...tiles);
  }

  show(summary: Summary): void {
    for (const [place, { value, unit, beside }] of this.#nodes.entries()) {
      const shown = FIGURES[place]!.show(summary);
      setText(value, shown.value);
      setText(unit, shown.unit);
      setText(beside, shown.beside);
    }
  }
}
