/** Reads a snapshot by the table of metrics: what every exporter does first. */

import type { Histogram, Life, Snapshot } from "../snapshot-schema.js";
import { METRICS, type Metric } from "./metrics.js";

/** A number, a histogram (of kinds `histogram` and `summary`), a state's name (of `states` and `info`). */
export type PointValue = number | Histogram | string;

/** One series of a metric. */
export interface Point {
  /** A value for each of the metric's labels, less the last one of `states` and `info`: that is `value`. */
  readonly labels: readonly string[];
  /** The worker that says it; empty where many do. */
  readonly worker: string;
  readonly value: PointValue;
}

/** A metric and its series in one snapshot. */
export interface MetricPoints {
  readonly metric: Metric;
  readonly points: readonly Point[];
}

/** Every status, from well to worst. */
export const STATUSES: readonly string[] = METRICS.flatMap(({ fixed }) => (fixed?.[0] === "status" ? [fixed[1]] : []));

/** What stands in the document itself; all else stands in a section. */
const TOP_LEVEL = ["snapshot", "since", "at", "sequence", "tables", "metrics", "anomalies"];

/** A metric, and how it is found. */
interface Reader {
  readonly metric: Metric;
  readonly read: (snapshot: Snapshot) => Point[];
}

const READERS: readonly Reader[] = METRICS.map((metric) => ({ metric, read: reader(metric) }));

/** Every metric of the table, in its order; one that is not known has no points. */
export function readMetrics(snapshot: Snapshot): MetricPoints[] {
  return READERS.map(({ metric, read }) => ({ metric, points: read(snapshot) }));
}

function reader({ path, kind, labels }: Metric): (snapshot: Snapshot) => Point[] {
  const [head = "", ...rest] = path.split(".");
  if (head === "partitions") {
    return ({ partitions }) => partitions.flatMap((one) => pointsOf([one.topic, String(one.partition)], one.worker, field(one, rest)));
  }
  if (head === "merged") return ({ merged }) => newestLives(merged).flatMap((life) => pointsOf([], life.worker, field(life, rest)));
  const depth = TOP_LEVEL.includes(head) ? 0 : 1;
  const within = rest.slice(depth);
  const isState = kind === "states" || kind === "info";
  const splits = labels.length - (isState ? 1 : 0);
  return (snapshot) => {
    const figure = field(snapshot, [head, ...rest.slice(0, depth)]);
    return split(figure, splits).flatMap(([names, value]) => pointsOf(names, snapshot.worker, field(value, within)));
  };
}

/** What stands at a path; undefined where something on the way is not known. */
function field(value: unknown, path: readonly string[]): unknown {
  return path.reduce((at: unknown, key) => (typeof at === "object" && at !== null ? (at as Record<string, unknown>)[key] : undefined), value);
}

/** A record of records as its values with their names. */
function split(value: unknown, levels: number): (readonly [names: readonly string[], value: unknown])[] {
  if (levels === 0) return [[[], value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => split(inner, levels - 1).map(([names, leaf]) => [[name, ...names], leaf] as const));
}

function pointsOf(labels: readonly string[], worker: string, value: unknown): Point[] {
  if (typeof value === "boolean") return [{ labels, worker, value: value ? 1 : 0 }];
  if (typeof value === "number") return Number.isFinite(value) ? [{ labels, worker, value }] : [];
  if (typeof value === "string") return [{ labels, worker, value }];
  return value === null || value === undefined ? [] : [{ labels, worker, value: value as Histogram }];
}

/** The last life of each worker: they are ordered by worker and time. */
function newestLives(lives: readonly Life[]): Life[] {
  return lives.filter(({ worker }, place) => lives[place + 1]?.worker !== worker);
}
