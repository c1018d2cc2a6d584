/** The charts of the whole group: throughput, runtimes, their spread, errors. */

import { count, mark, rate, secondsMark, secondsText } from "../../format.js";
import { errors, runtime, throughput, type Columns } from "../../model/columns.js";
import { heatmapOf, rowBound, type Heatmap } from "../../model/heatmap.js";
import { STAGES } from "../../model/point.js";
import type { Entry, Kind, Look, Picture } from "./picture.js";

type Line = Look & { readonly label: string };

const entriesOf = (lines: readonly Line[], columns: Columns, format: (value: number | null) => string): Entry[] =>
  lines.map(({ label, colour, dash }, line) => ({
    label,
    colour,
    shape: dash === undefined ? "line" : "dashed",
    text: (row) => format(columns[line + 1]?.[row] ?? null),
  }));

/** Two lines often lie on each other: those that are drawn first are broad, so that all can be seen. */
const FLOWS: readonly Line[] = [
  { label: "produced", colour: "arriving", width: 5, alpha: 0.45 },
  { label: "received", colour: "partition-6", width: 1.75 },
  { label: "events", colour: "handled", width: 1.75 },
  { label: "sent", colour: "partition-7", width: 1.5, dash: [5, 4] },
];

const THROUGHPUT: Kind = {
  id: "throughput",
  title: "Throughput",
  lines: FLOWS.length,
  axis: "amount",
  top: 10,
  mark,
  picture: ({ rows }) => {
    const columns = throughput(rows);
    return { unit: "records per second", columns, looks: FLOWS, entries: entriesOf(FLOWS, columns, rate) };
  },
};

const QUANTILES: readonly Line[] = [
  { label: "p50", colour: "quantile-1" },
  { label: "p95", colour: "quantile-2" },
  { label: "p99", colour: "quantile-3" },
  { label: "Faust’s median", colour: "worker-2", width: 1.5, dash: [5, 4] },
];

const RUNTIME: Kind = {
  id: "runtime",
  title: "Event runtime",
  lines: QUANTILES.length,
  axis: "log",
  top: 0,
  mark: secondsMark,
  picture: ({ rows }) => {
    const columns = runtime(rows);
    return { unit: "quantiles, log scale", columns, looks: QUANTILES, entries: entriesOf(QUANTILES, columns, secondsText) };
  },
};

const HEATMAP: Kind = {
  id: "heatmap",
  title: "Spread of event runtimes",
  // uPlot wants a line; this one has no values.
  lines: 1,
  axis: "log",
  top: 0,
  mark: secondsMark,
  picture: ({ rows, points }) => {
    const heatmap = heatmapOf(points);
    const columns: Columns = [rows.map(({ time }) => time), rows.map(() => null)];
    return { unit: "histogram buckets, log scale", columns, looks: [], entries: heatEntries(heatmap, columns[0]), heatmap };
  },
};

function heatEntries(heatmap: Heatmap, times: readonly number[]): Entry[] {
  const columnAt = (row: number): Float64Array | undefined => {
    const time = times[row];
    return heatmap.columns.find(({ to }) => to === time)?.rates;
  };
  const between = (row: number, choose: (filled: number[], rates: Float64Array) => number | undefined): string => {
    const rates = columnAt(row) ?? new Float64Array();
    const chosen = choose([...rates.keys()].filter((place) => rates[place]! > 0), rates);
    return chosen === undefined ? secondsText(null) : `${secondsText(rowBound(chosen))} to ${secondsText(rowBound(chosen + 1))}`;
  };
  return [
    { label: `up to ${count(heatmap.most)} events /s`, colour: "heat-8", shape: "ramp", text: () => "" },
    { label: "most", colour: "heat-7", shape: "area", text: (row) => between(row, (filled, rates) => filled.sort((a, b) => rates[b]! - rates[a]!)[0]) },
    { label: "slowest", colour: "heat-2", shape: "area", text: (row) => between(row, (filled) => filled.at(-1)) },
  ];
}

/** Stages share a colour seldom: only those with errors are in the legend. */
const TROUBLES: readonly Line[] = [
  ...STAGES.map((stage, place): Line => ({ label: `${stage} errors`, colour: `partition-${[5, 1, 3, 4, 6, 7, 8][place]!}` })),
  { label: "retries", colour: "worker-2", width: 1.5, dash: [5, 4] },
  { label: "dead letters", colour: "alarm", width: 2.25 },
];

const ERRORS: Kind = {
  id: "errors",
  title: "Errors, retries, dead letters",
  lines: TROUBLES.length,
  axis: "amount",
  top: 1,
  mark,
  picture: ({ rows }): Picture => {
    const columns = errors(rows);
    const entries = entriesOf(TROUBLES, columns, rate);
    // Retries and dead letters are always named: that there are none is worth saying.
    const happened = TROUBLES.map((_, line) => columns[line + 1]!.some((value) => value !== null && value > 0));
    // A line that lies on zero all the time would only hide others that sometimes do.
    const shown = columns.map((column, place) => (place === 0 || happened[place - 1] ? column : column.map(() => null))) as Columns;
    return { unit: "per second", columns: shown, looks: TROUBLES, entries: entries.filter((_, line) => line >= STAGES.length || happened[line]) };
  },
};

export const GROUP_KINDS = { THROUGHPUT, RUNTIME, HEATMAP, ERRORS };
