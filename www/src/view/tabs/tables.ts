/** The tables of the data tabs: partitions, workers, latencies. */

import type { Histogram, LagMethod, PartitionFigures } from "streamgauge";
import type { Session } from "../../app/session.js";
import { count, percent, secondsText, UNKNOWN } from "../../format.js";
import { byTrouble, keyOf, severity } from "../../model/health.js";
import { latenciesOf, type LatencyPeriod, type LatencyRow } from "../../model/latencies.js";
import type { Moment, WorkerMoment } from "../../model/moment.js";
import { element, workerClass } from "../dom.js";
import { StatusPill } from "../health/status.js";
import { SortableTable, type SortableColumn } from "./sortable.js";

/** What a tab with a table can do. */
export interface TablePanel {
  readonly root: HTMLElement;
  show(moment: Moment): void;
  select(): void;
}

/** How a lag in seconds was found: a sign in front, and a sentence for who points at it. */
const METHODS: Readonly<Record<LagMethod, readonly [sign: string, sentence: string]>> = {
  none: ["", "There is no lag."],
  timestamp: ["", "By the timestamp of the oldest record that waits."],
  interpolated: ["≈ ", "Interpolated between two end offsets that were seen."],
  atLeast: ["≥ ", "At least so much: what was seen does not go further back."],
  unknown: ["", "Not known."],
};

const offset = (value: number | null): string => count(value ?? undefined);

export function partitionsPanel(session: Session): TablePanel {
  const ids = new Map<string, number>();
  const columns: SortableColumn<PartitionFigures>[] = [
    { title: "Topic", text: ({ topic }) => topic, label: ({ topic, partition }) => `${topic}, partition ${partition}` },
    { title: "Partition", number: true, text: ({ partition }) => String(partition), value: ({ partition }) => partition },
    {
      title: "Owner",
      text: ({ owned, worker }) => (owned ? worker : UNKNOWN),
      className: ({ owned, worker }) => (owned && ids.has(worker) ? `owner ${workerClass(ids.get(worker)!)}` : ""),
    },
    {
      title: "Status",
      text: ({ status }) => status,
      value: ({ status }) => -severity(status),
      make: (cell) => {
        const pill = new StatusPill();
        cell.append(pill.root);
        return ({ status, reason }) => {
          pill.show(status);
          cell.title = reason;
        };
      },
    },
    { title: "Position", number: true, text: ({ position }) => offset(position), value: ({ position }) => position },
    { title: "Committed", number: true, text: ({ committed }) => offset(committed), value: ({ committed }) => committed },
    { title: "End", number: true, text: ({ end }) => offset(end), value: ({ end }) => end },
    { title: "Lag", number: true, text: ({ lag }) => offset(lag), value: ({ lag }) => lag },
    { title: "Lag, time", number: true, text: lagSecondsText, value: ({ lagSeconds }) => lagSeconds, hint: ({ lagMethod }) => METHODS[lagMethod][1] },
    { title: "Slope", number: true, text: ({ slope }) => slopeText(slope), value: ({ slope }) => slope },
    { title: "Catch-up", number: true, text: ({ catchUpSeconds }) => (catchUpSeconds === null ? UNKNOWN : secondsText(catchUpSeconds)), value: ({ catchUpSeconds }) => catchUpSeconds },
  ];
  const table = new SortableTable<PartitionFigures>({
    name: "tabs-partitions",
    caption: "Partitions",
    columns,
    key: keyOf,
    compare: byTrouble,
    compareName: "the worst first",
    noun: "partitions",
    remark: "Lag in time is by timestamps; ≈ interpolated between end offsets, ≥ at least so much.",
    filterText: ({ topic, partition, worker, status }) => `${topic}-${partition} ${worker} ${status}`,
    onSelect: ({ topic, partition }) => session.select({ kind: "partition", topic, partition }),
    isSelected: ({ topic, partition }) => {
      const { selection } = session;
      return selection?.kind === "partition" && selection.topic === topic && selection.partition === partition;
    },
  });
  return {
    root: table.root,
    show: ({ snapshot, workers }) => {
      ids.clear();
      for (const { id, name } of workers) ids.set(name, id);
      table.show(snapshot?.partitions ?? []);
    },
    select: () => table.select(),
  };
}

function lagSecondsText({ lagSeconds, lagMethod }: PartitionFigures): string {
  if (lagSeconds === null) return UNKNOWN;
  return METHODS[lagMethod][0] + secondsText(lagSeconds);
}

/** `+12.3 /s` */
function slopeText(slope: number | null): string {
  if (slope === null) return UNKNOWN;
  const value = Math.abs(slope).toFixed(1);
  if (value === "0.0") return "0 /s";
  return `${slope < 0 ? "−" : "+"}${value} /s`;
}

/** A worker with what its partitions have behind. */
interface WorkerRow extends WorkerMoment {
  readonly lag: number | null;
}

export function workersPanel(session: Session): TablePanel {
  const table = new SortableTable<WorkerRow>({
    name: "tabs-workers",
    caption: "Workers",
    columns: [
      { title: "Worker", text: ({ name }) => name, className: ({ id }) => `owner ${workerClass(id)}`, value: ({ id }) => id },
      { title: "State", text: ({ state }) => state ?? UNKNOWN },
      { title: "Partitions", number: true, text: ({ owned }) => count(owned), value: ({ owned }) => owned },
      { title: "In flight", number: true, text: ({ inFlight }) => offset(inFlight), value: ({ inFlight }) => inFlight },
      { title: "Buffered", number: true, text: ({ buffered }) => offset(buffered), value: ({ buffered }) => buffered },
      { title: "Busy", number: true, text: ({ utilization }) => percent(utilization ?? undefined), value: ({ utilization }) => utilization },
      { title: "Lag", number: true, text: ({ lag }) => offset(lag), value: ({ lag }) => lag },
      { title: "Faust’s median", number: true, text: ({ faustMedian }) => secondsText(faustMedian ?? undefined), value: ({ faustMedian }) => faustMedian },
    ],
    key: ({ id }) => String(id),
    noun: "workers",
    onSelect: ({ id, name }) => session.select({ kind: "worker", id, name }),
    isSelected: ({ id }) => session.selection?.kind === "worker" && session.selection.id === id,
  });
  return { root: table.root, show: (moment) => table.show(workerRows(moment)), select: () => table.select() };
}

function workerRows({ snapshot, workers }: Moment): WorkerRow[] {
  const lags = new Map<string, number>();
  for (const { worker, owned, lag } of snapshot?.partitions ?? []) {
    if (owned && lag !== null) lags.set(worker, (lags.get(worker) ?? 0) + lag);
  }
  return workers.map((worker) => ({ ...worker, lag: lags.get(worker.name) ?? null }));
}

const QUANTILES = [
  ["Mean", "mean"],
  ["p50", "p50"],
  ["p90", "p90"],
  ["p95", "p95"],
  ["p99", "p99"],
  ["p99.9", "p999"],
  ["Max", "max"],
] as const satisfies readonly (readonly [string, keyof Histogram])[];

export function latenciesPanel(): TablePanel {
  let period: LatencyPeriod = "life";
  let moment: Moment | undefined;
  const table = new SortableTable<LatencyRow>({
    name: "tabs-latencies",
    caption: "Latencies",
    columns: [
      { title: "Latency", text: ({ title }) => title },
      { title: "Count", number: true, text: ({ histogram }) => count(histogram?.count ?? 0), value: ({ histogram }) => histogram?.count ?? 0 },
      ...QUANTILES.map(([title, name]): SortableColumn<LatencyRow> => ({
        title,
        number: true,
        text: ({ histogram }) => secondsText(histogram?.[name] ?? undefined),
        value: ({ histogram }) => histogram?.[name] ?? null,
      })),
    ],
    key: ({ path }) => path,
    noun: "latencies",
  });
  const show = (next: Moment): void => {
    moment = next;
    table.show(next.snapshot === undefined ? [] : latenciesOf(next.snapshot, period));
  };
  const choice = element("div", { className: "choice" });
  choice.setAttribute("role", "radiogroup");
  choice.setAttribute("aria-label", "Over which time");
  for (const [value, title] of [["life", "Since the start"], ["lastMinute", "Last minute"]] as const) {
    const label = element("label");
    const input = element("input");
    input.type = "radio";
    input.name = "tabs-latencies-period";
    input.value = value;
    input.checked = value === period;
    input.addEventListener("change", () => {
      period = value;
      if (moment !== undefined) show(moment);
    });
    label.append(input, element("span", { text: title }));
    choice.append(label);
  }
  table.bar.append(choice);
  return { root: table.root, show, select: () => {} };
}
