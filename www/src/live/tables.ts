/** The tables of the live page. */

import type { PartitionFigures, Snapshot, WorkerState } from "streamgauge/live";
import { count, rate, secondsText, UNKNOWN } from "../format.js";
import { byId, setText } from "../view/dom.js";
import { Table } from "../view/table.js";
import {
  age,
  errorRows,
  latencyRows,
  MOST_ROWS,
  partitionRows,
  throughputRows,
  workerRows,
  type ErrorRow,
  type LatencyRow,
  type ThroughputRow,
  type WorkerRow,
} from "./model.js";

const table = (id: string): HTMLTableElement => byId<HTMLTableElement>(id);
const ageText = (seconds: number | null): string => (seconds === null ? UNKNOWN : age(seconds));

export class LiveTables {
  readonly #partitions = new Table<PartitionFigures>(
    table("partitions"),
    [
      { title: "Topic", text: ({ topic }) => topic },
      { title: "Partition", number: true, text: ({ partition }) => String(partition) },
      { title: "Lag", number: true, text: ({ lag }) => count(lag ?? undefined), className: ({ lag }) => ((lag ?? 0) > 0 ? "some" : "") },
      { title: "Behind", number: true, text: ({ lagSeconds }) => secondsText(lagSeconds ?? undefined) },
      { title: "Status", text: ({ status }) => status, className: ({ status }) => `pill is-${status}` },
      { title: "Why", text: ({ reason }) => reason, className: () => "why" },
      { title: "Position", number: true, text: ({ position }) => count(position ?? undefined) },
      { title: "Committed", number: true, text: ({ committed }) => count(committed ?? undefined) },
      { title: "End", number: true, text: ({ end }) => count(end ?? undefined) },
      { title: "Worker", text: ({ worker }) => worker || UNKNOWN },
    ],
    ({ topic, partition }) => `${partition} ${topic}`,
  );

  readonly #latency = new Table<LatencyRow>(
    table("latency"),
    [
      { title: "What", text: ({ what }) => what },
      { title: "Count", number: true, text: ({ figures }) => count(figures?.count ?? 0) },
      ...(["p50", "p95", "p99", "max"] as const).map((key) => ({
        title: key,
        number: true,
        text: ({ figures }: LatencyRow) => secondsText(figures?.[key] ?? undefined),
      })),
    ],
    ({ what }) => what,
  );

  readonly #throughput = new Table<ThroughputRow>(
    table("throughput"),
    [
      { title: "What", text: ({ what }) => what },
      { title: "Now", number: true, text: ({ now }) => rate(now ?? undefined) },
      { title: "1 min", number: true, text: ({ oneMinute }) => rate(oneMinute ?? undefined) },
      { title: "5 min", number: true, text: ({ fiveMinutes }) => rate(fiveMinutes ?? undefined) },
      { title: "15 min", number: true, text: ({ fifteenMinutes }) => rate(fifteenMinutes ?? undefined) },
      { title: "Since start", number: true, text: ({ total }) => count(total) },
    ],
    ({ what }) => what,
  );

  readonly #workers = new Table<WorkerRow>(
    table("workers"),
    [
      { title: "Worker", text: ({ worker }) => worker || UNKNOWN },
      { title: "From", text: ({ source }) => source || UNKNOWN },
      { title: "State", text: ({ state }) => state || UNKNOWN, className: ({ state }) => (/^(stale|missing)/.test(state) ? "away" : "") },
      { title: "Up", number: true, text: ({ up }) => ageText(up) },
      { title: "Older by", number: true, text: ({ behind }) => ageText(behind) },
      { title: "Partitions", number: true, text: ({ partitions }) => count(partitions) },
    ],
    ({ key }) => key,
  );

  readonly #errors = new Table<ErrorRow>(
    table("errors"),
    [
      { title: "Stage", text: ({ stage }) => stage },
      { title: "Kind", text: ({ kind }) => kind },
      { title: "Count", number: true, text: ({ count: errors }) => count(errors) },
    ],
    ({ stage, kind }) => `${stage} ${kind}`,
  );

  show(snapshot: Snapshot, followed: readonly WorkerState[]): void {
    const all = snapshot.partitions.length;
    setText(byId("partitions-note"), all > MOST_ROWS ? `the ${MOST_ROWS} furthest behind of ${count(all)}` : `${count(all)}, the furthest behind first`);
    this.#partitions.show(partitionRows(snapshot));
    this.#latency.show(latencyRows(snapshot));
    this.#throughput.show(throughputRows(snapshot));
    this.#workers.show(workerRows(snapshot, followed));
    const errors = errorRows(snapshot);
    setText(byId("errors-note"), errors.length === 0 ? "none" : "by stage and kind");
    table("errors").hidden = errors.length === 0;
    this.#errors.show(errors);
  }
}
