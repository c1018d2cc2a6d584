/** Snapshots into StatsD's packets: bytes alone, no sockets and no clock. */

import type { Histogram, Snapshot } from "../../snapshot-schema.js";
import type { Metric } from "../metrics.js";
import { readMetrics, STATUSES, type Point } from "../points.js";
import { LifeDeltas } from "./deltas.js";
import { byWeight, thinned, valuesOf } from "./durations.js";
import { LineWriter, plainNumber, rateOf, type Series } from "./lines.js";
import { checkOptions, type CheckedOptions, type StatsdRendererOptions } from "./options.js";
import { Packer, type StatsdPacket } from "./packets.js";

export type { StatsdDurations, StatsdRendererOptions } from "./options.js";

const OURS = "streamgauge.";
const QUANTILES = ["p50", "p90", "p95", "p99", "p999", "min", "max", "mean"] as const;
/** Digits of a duration: a bucket knows two. */
const DIGITS = 6;
/** Lives that are remembered: one monitor is one, a few restarts are a few. */
const MOST_LIVES = 256;
/** Merged snapshots are one life, whoever is in them. */
const MERGED = "merged";

interface LifeState {
  readonly deltas: LifeDeltas;
  /** What tells older snapshots from newer. */
  newest: number;
}

/**
 * Turns one snapshot after the other into packets: counters as what they grew by, gauges as they are.
 *
 * Growth is told from the snapshots of the same life of a monitor (`worker` and `since`): a
 * monitor that was made anew starts at 0, and never gives a negative growth. The same snapshot again gives no
 * growth, an older one gives no packets at all. Names that fold into `(other)` are not counted there again.
 */
export class StatsdRenderer {
  readonly #options: CheckedOptions;
  readonly #writer: LineWriter;
  readonly #lives = new Map<string, LifeState>();
  #tooLong = 0;

  /** Throws a `TypeError` or `RangeError` with a `code` for bad options. */
  constructor(options: StatsdRendererOptions = {}) {
    this.#options = checkOptions(options);
    const { dialect, prefix, tags } = this.#options;
    this.#writer = new LineWriter(dialect, prefix, tags);
  }

  /** Lines that were left out since the renderer was made, for they were longer than a packet. */
  get tooLong(): number {
    return this.#tooLong;
  }

  /** The packets of a snapshot. */
  render(snapshot: Snapshot): StatsdPacket[] {
    const isMerged = snapshot.merged.length > 0;
    const order = isMerged ? snapshot.at : snapshot.sequence;
    const key = isMerged ? MERGED : JSON.stringify([snapshot.worker, snapshot.since]);
    let life = this.#lives.get(key);
    const isFirst = life === undefined;
    if (life !== undefined && order < life.newest) return [];
    life ??= { deltas: new LifeDeltas(!isMerged), newest: order };
    life.newest = order;
    // The life seen last stands last, the one at the front is forgotten first.
    this.#lives.delete(key);
    this.#lives.set(key, life);
    for (const [oldest] of this.#lives) {
      if (this.#lives.size <= MOST_LIVES) break;
      this.#lives.delete(oldest);
    }
    const packer = new Packer(this.#options.maxPacketBytes);
    const tellsGrowth = !isFirst || this.#options.countedBefore === "send";
    for (const { metric, points } of readMetrics(snapshot)) {
      if (this.#options.include(metric.path)) this.#render(packer, metric, points, life.deltas, tellsGrowth);
    }
    this.#tooLong += packer.tooLong;
    return packer.finish();
  }

  #render(packer: Packer, metric: Metric, points: readonly Point[], deltas: LifeDeltas, tellsGrowth: boolean): void {
    switch (metric.kind) {
      case "counter": {
        const grown = deltas.counters(
          metric.path,
          points.map(({ labels, worker, value }) => [[...this.#workerOf(metric, worker), ...labels], value as number]),
        );
        points.forEach((point, place) => {
          const delta = grown[place] ?? 0;
          if (tellsGrowth && delta > 0) packer.add(this.#writer.counter(this.#series(metric, point), delta));
        });
        return;
      }
      case "histogram":
        this.#durations(packer, metric, points, deltas, tellsGrowth);
        return;
      case "summary":
        if (this.#options.durations === "quantiles") {
          for (const point of points) this.#quantiles(packer, metric, point, point.value as Histogram);
        }
        return;
      case "states":
        for (const point of points) {
          for (const status of STATUSES) {
            const series = this.#series(metric, point, [["status", status]]);
            packer.add(this.#writer.gauge(series, status === point.value ? 1 : 0));
          }
        }
        return;
      case "info":
        // Without tags the name that held before would stay at 1.
        if (this.#options.dialect === "statsd") return;
        for (const point of points) {
          packer.add(this.#writer.gauge(this.#series(metric, point, [[metric.labels.at(-1) ?? "", point.value as string]]), 1));
        }
        return;
      default:
        for (const point of points) packer.add(this.#writer.gauge(this.#series(metric, point), point.value as number));
    }
  }

  #quantiles(packer: Packer, metric: Metric, point: Point, histogram: Histogram): void {
    for (const quantile of QUANTILES) {
      const seconds = histogram[quantile];
      if (seconds !== null) packer.add(this.#writer.gauge(this.#series(metric, point, [], `.${quantile}`), seconds));
    }
  }

  #durations(packer: Packer, metric: Metric, points: readonly Point[], deltas: LifeDeltas, tellsGrowth: boolean): void {
    const grown = deltas.histograms(
      metric.path,
      points.map(({ labels, value }) => [labels, value as Histogram]),
    );
    if (!tellsGrowth) return;
    points.forEach((point, place) => {
      const counts = grown[place] ?? new Map<number, number>();
      if (counts.size === 0) return;
      const { durations, sampleRate, maxSamples, maxPacketBytes } = this.#options;
      if (durations === "quantiles") {
        const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
        packer.add(this.#writer.counter(this.#series(metric, point, [], ".count"), total));
        return;
      }
      const isSampled = durations === "samples";
      let values = valuesOf(point.value as Histogram, counts);
      if (isSampled) {
        const total = values.reduce((sum, { weight }) => sum + weight, 0);
        values = thinned(values, Math.min(Math.ceil(total * sampleRate), maxSamples));
      }
      const series = this.#series(metric, point);
      for (const [weight, seconds] of byWeight(values)) {
        const texts = seconds.map((value) => plainNumber(Number((isSampled ? value * 1000 : value).toPrecision(DIGITS))));
        this.#writer.samples(series, isSampled ? "ms" : "d", texts, rateOf(weight), maxPacketBytes).forEach((line) => packer.add(line));
      }
    });
  }

  /** Lives of many workers have one name, and tell each their own. */
  #workerOf(metric: Metric, worker: string): string[] {
    return metric.path.startsWith("merged.") ? [worker] : [];
  }

  #series(metric: Metric, point: Point, more: readonly (readonly [string, string])[] = [], suffix = ""): Series {
    const isDatadog = this.#options.dialect === "dogstatsd";
    const workers = isDatadog && this.#options.workerTag && point.worker !== "" ? [point.worker] : this.#workerOf(metric, point.worker);
    const labels = [
      ...workers.map((worker) => ["worker", worker] as const),
      ...(metric.fixed === null ? [] : [metric.fixed]),
      ...point.labels.map((value, place) => [metric.labels[place] ?? "", value] as const),
      ...more,
    ];
    return this.#writer.series(metric.openTelemetry.slice(OURS.length), labels, suffix);
  }
}
