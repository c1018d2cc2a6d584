/** Snapshots as the metric data of OpenTelemetry's SDK. */

import { outOfRange, record, unknownOption, wrongType } from "../../checks.js";
import type { Histogram, Snapshot } from "../../snapshot-schema.js";
import { METRICS, type Metric } from "../metrics.js";
import { readMetrics, STATUSES, type MetricPoints, type Point } from "../points.js";
import { snapshotsOf, type SnapshotSource } from "../source.js";
import { openTelemetryMetric, type OpenTelemetryMetric } from "./conventions.js";
import { explicitHistogram, exponentialHistogram } from "./histograms.js";
import {
  PointType,
  Temporality,
  ValueType,
  type CollectionResultLike,
  type DataPointLike,
  type EmptyResource,
  type HrTime,
  type MetricDataLike,
  type OpenTelemetryAttributes,
} from "./types.js";

/** Options of `StreamgaugeMetricProducer`. */
export interface MetricProducerOptions {
  /** The attribute `messaging.system`. Default: `"kafka"`. */
  readonly system?: string | undefined;
  /** The attribute `messaging.consumer.group.name`. Default: none. */
  readonly group?: string | undefined;
  /** The attribute `messaging.client.id`. Default: none. */
  readonly clientId?: string | undefined;
  /** Whether the worker's name, where it has one, is the attribute `streamgauge.worker`. Default: true. */
  readonly worker?: boolean | undefined;
  /**
   * `"exponential"`: bucket by bucket ours. `"explicit"`: by powers of two, for an exporter that has no
   * exponential histograms, as that of `@opentelemetry/exporter-prometheus`. Default: `"exponential"`.
   */
  readonly histograms?: "exponential" | "explicit" | undefined;
  /** More attributes of every series. Default: none. */
  readonly attributes?: Readonly<OpenTelemetryAttributes> | undefined;
}

const OPTION_NAMES = ["system", "group", "clientId", "worker", "histograms", "attributes"] as const satisfies readonly (keyof MetricProducerOptions)[];

/** The quantiles of a `summary`, its least and its greatest, and how the attribute calls them. */
const QUANTILES = [
  ["min", "0"],
  ["p50", "0.5"],
  ["p90", "0.9"],
  ["p95", "0.95"],
  ["p99", "0.99"],
  ["p999", "0.999"],
  ["max", "1"],
] as const;

const NAMED = new Map(METRICS.map((metric) => [metric, openTelemetryMetric(metric)]));

const EMPTY_RESOURCE: EmptyResource = {
  attributes: {},
  merge: (other) => other ?? EMPTY_RESOURCE,
  getRawAttributes: () => [],
};

/**
 * Gives a monitor's figures to OpenTelemetry's SDK, whose reader asks for them and whose exporter, any of
 * them, sends them:
 *
 *     new PeriodicExportingMetricReader({ exporter, metricProducers: [new StreamgaugeMetricProducer(monitor)] });
 *
 * Names are those of the messaging conventions where they have one, else `streamgauge.*`. Sums and
 * histograms are cumulative since the monitor was made; latencies are exponential histograms, bucket by bucket
 * ours. A collection takes one snapshot.
 */
export class StreamgaugeMetricProducer {
  readonly #snapshot: () => Snapshot;
  readonly #everywhere: OpenTelemetryAttributes;
  readonly #messaging: OpenTelemetryAttributes;
  readonly #tellsWorker: boolean;
  readonly #isExplicit: boolean;

  /**
   * @param source a monitor, or a function that gives a snapshot.
   *
   * Throws a `TypeError` or `RangeError` with a `code` for bad options.
   */
  constructor(source: SnapshotSource, options: MetricProducerOptions = {}) {
    for (const [name, value] of Object.entries(record("options", options))) {
      if (!(OPTION_NAMES as readonly string[]).includes(name)) throw unknownOption(name, OPTION_NAMES, value);
    }
    this.#snapshot = snapshotsOf("source", source);
    this.#everywhere = attributes(options.attributes ?? {});
    this.#messaging = {
      "messaging.system": text("system", options.system ?? "kafka"),
      ...(options.group === undefined ? {} : { "messaging.consumer.group.name": text("group", options.group) }),
      ...(options.clientId === undefined ? {} : { "messaging.client.id": text("clientId", options.clientId) }),
    };
    const worker: unknown = options.worker ?? true;
    if (typeof worker !== "boolean") throw wrongType("worker", "true or false", worker);
    this.#tellsWorker = worker;
    const histograms: unknown = options.histograms ?? "exponential";
    if (histograms !== "exponential" && histograms !== "explicit") throw outOfRange("histograms", '"exponential" or "explicit"', histograms);
    this.#isExplicit = histograms === "explicit";
  }

  /** All metrics at this moment. Never rejects: what went wrong is in `errors`. */
  collect(_options?: unknown): Promise<CollectionResultLike> {
    const result: CollectionResultLike = { resourceMetrics: { resource: EMPTY_RESOURCE, scopeMetrics: [] }, errors: [] };
    try {
      const metrics = this.metrics(this.#snapshot());
      result.resourceMetrics.scopeMetrics.push({ scope: { name: "streamgauge" }, metrics });
    } catch (error) {
      result.errors.push(error);
    }
    return Promise.resolve(result);
  }

  /** The metrics of a snapshot, in the order of its table; without those that have no value yet. */
  metrics(snapshot: Snapshot): MetricDataLike[] {
    const startTime = hrTime(snapshot.since);
    const endTime = hrTime(snapshot.at);
    const found = new Map<string, MetricDataLike>();
    for (const { metric, points } of readMetrics(snapshot)) {
      const named = NAMED.get(metric);
      if (named === undefined || points.length === 0 || isWithinHistogram(metric)) continue;
      let data = found.get(named.name);
      if (data === undefined) found.set(named.name, (data = emptyMetric(metric, named, this.#isExplicit)));
      const at = (point: Point, more: OpenTelemetryAttributes = {}): Omit<DataPointLike<never>, "value"> => ({
        startTime,
        endTime,
        attributes: this.#attributes(named, point, more),
      });
      addPoints(data, { metric, points }, named, at);
    }
    return [...found.values()].filter(({ dataPoints }) => dataPoints.length > 0);
  }

  #attributes(named: OpenTelemetryMetric, { labels, worker }: Point, more: OpenTelemetryAttributes): OpenTelemetryAttributes {
    const split = labels.map((value, place): [string, string | number] => {
      const name = named.labels[place] ?? "";
      return [name, name === "http.response.status_code" ? Number(value) : value];
    });
    return {
      ...this.#everywhere,
      ...(named.isMessaging ? this.#messaging : {}),
      ...(this.#tellsWorker && worker !== "" ? { "streamgauge.worker": worker } : {}),
      ...named.attributes,
      ...Object.fromEntries(split),
      ...more,
    };
  }
}

/** The least and the greatest are in the histogram itself. */
function isWithinHistogram({ path, kind }: Metric): boolean {
  return kind === "gauge" && /\.(life|runtimeByStream)\.(min|max)$/.test(path);
}

function emptyMetric(metric: Metric, { name, description, unit }: OpenTelemetryMetric, isExplicit: boolean): MetricDataLike {
  const isWhole = metric.kind === "states" || metric.kind === "info" || metric.path === "metrics" || /^(|By|\{\w+\})$/.test(unit);
  const descriptor = { name, description, unit, valueType: isWhole ? ValueType.INT : ValueType.DOUBLE };
  const aggregationTemporality = Temporality.CUMULATIVE;
  switch (metric.kind) {
    case "counter":
      return { descriptor, aggregationTemporality, dataPointType: PointType.SUM, isMonotonic: true, dataPoints: [] };
    case "histogram":
      if (isExplicit) return { descriptor, aggregationTemporality, dataPointType: PointType.HISTOGRAM, dataPoints: [] };
      return { descriptor, aggregationTemporality, dataPointType: PointType.EXPONENTIAL_HISTOGRAM, dataPoints: [] };
    default:
      return { descriptor, aggregationTemporality, dataPointType: PointType.GAUGE, dataPoints: [] };
  }
}

type PlaceOf = (point: Point, more?: OpenTelemetryAttributes) => Omit<DataPointLike<never>, "value">;

function addPoints(data: MetricDataLike, { metric, points }: MetricPoints, named: OpenTelemetryMetric, at: PlaceOf): void {
  if (data.dataPointType === PointType.EXPONENTIAL_HISTOGRAM) {
    for (const point of points) data.dataPoints.push({ ...at(point), value: exponentialHistogram(point.value as Histogram) });
    return;
  }
  if (data.dataPointType === PointType.HISTOGRAM) {
    for (const point of points) data.dataPoints.push({ ...at(point), value: explicitHistogram(point.value as Histogram) });
    return;
  }
  const state = named.labels.at(-1) ?? "";
  for (const point of points) {
    if (metric.kind === "states") {
      for (const status of STATUSES) data.dataPoints.push({ ...at(point, { [state]: status }), value: status === point.value ? 1 : 0 });
    } else if (metric.kind === "info") {
      data.dataPoints.push({ ...at(point, { [state]: point.value as string }), value: 1 });
    } else if (metric.kind === "summary") {
      for (const [key, quantile] of QUANTILES) {
        const value = (point.value as Histogram)[key];
        if (value !== null) data.dataPoints.push({ ...at(point, { "streamgauge.quantile": quantile }), value });
      }
    } else {
      data.dataPoints.push({ ...at(point), value: point.value as number });
    }
  }
}

/** Unix seconds as the SDK's two whole numbers. */
function hrTime(seconds: number): HrTime {
  const whole = Math.floor(seconds);
  const nanoseconds = Math.round((seconds - whole) * 1e9);
  return nanoseconds === 1e9 ? [whole + 1, 0] : [whole, nanoseconds];
}

function text(argument: string, value: unknown): string {
  if (typeof value !== "string" || value === "") throw wrongType(argument, "a string that is not empty", value);
  return value;
}

function attributes(value: unknown): OpenTelemetryAttributes {
  const given = record("attributes", value);
  for (const [name, one] of Object.entries(given)) {
    if (!["string", "number", "boolean"].includes(typeof one)) {
      throw wrongType(`attributes[${JSON.stringify(name.slice(0, 60))}]`, "a string, a number, true or false", one);
    }
  }
  return { ...given } as OpenTelemetryAttributes;
}
