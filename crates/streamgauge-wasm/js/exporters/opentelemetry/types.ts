/**
 * What OpenTelemetry's JavaScript SDK (`@opentelemetry/sdk-metrics` 2.x) takes from a `MetricProducer`, by its
 * shape: whoever has the SDK can hand ours to it, and nobody needs the SDK to compile.
 */

/** Seconds and nanoseconds. */
export type HrTime = [number, number];

/** Attributes of a series. */
export type OpenTelemetryAttributes = Record<string, string | number | boolean>;

/** `ValueType` of `@opentelemetry/api`. */
export const ValueType = { INT: 0, DOUBLE: 1 } as const;
/** `AggregationTemporality` of the SDK. */
export const Temporality = { CUMULATIVE: 1 } as const;
/** `DataPointType` of the SDK. */
export const PointType = { HISTOGRAM: 0, EXPONENTIAL_HISTOGRAM: 1, GAUGE: 2, SUM: 3 } as const;

/** What a metric is called, and what it says. */
export interface MetricDescriptorLike {
  readonly name: string;
  readonly description: string;
  /** UCUM. */
  readonly unit: string;
  /** 0: whole numbers, 1: doubles. */
  readonly valueType: 0 | 1;
}

/** One series at one moment. */
export interface DataPointLike<T> {
  /** When counting began. */
  readonly startTime: HrTime;
  /** When the snapshot was taken. */
  readonly endTime: HrTime;
  readonly attributes: OpenTelemetryAttributes;
  readonly value: T;
}

/** Durations in seconds by buckets whose bounds are 2^(2^-scale) apart. */
export interface ExponentialHistogramLike {
  count: number;
  sum?: number;
  scale: number;
  zeroCount: number;
  positive: { offset: number; bucketCounts: number[] };
  negative: { offset: number; bucketCounts: number[] };
  min?: number;
  max?: number;
}

/** Durations in seconds by buckets with given bounds: one more than there are bounds, each with its upper bound. */
export interface ExplicitHistogramLike {
  buckets: { boundaries: number[]; counts: number[] };
  count: number;
  sum?: number;
  min?: number;
  max?: number;
}

/** A metric with all its series. Temporality is cumulative throughout. */
export type MetricDataLike =
  | {
      readonly descriptor: MetricDescriptorLike;
      readonly aggregationTemporality: 1;
      readonly dataPointType: 3;
      readonly isMonotonic: true;
      readonly dataPoints: DataPointLike<number>[];
    }
  | {
      readonly descriptor: MetricDescriptorLike;
      readonly aggregationTemporality: 1;
      readonly dataPointType: 2;
      readonly dataPoints: DataPointLike<number>[];
    }
  | {
      readonly descriptor: MetricDescriptorLike;
      readonly aggregationTemporality: 1;
      readonly dataPointType: 1;
      readonly dataPoints: DataPointLike<ExponentialHistogramLike>[];
    }
  | {
      readonly descriptor: MetricDescriptorLike;
      readonly aggregationTemporality: 1;
      readonly dataPointType: 0;
      readonly dataPoints: DataPointLike<ExplicitHistogramLike>[];
    };

/** A resource without attributes: a reader takes that of its own SDK. */
export interface EmptyResource {
  readonly attributes: Record<string, never>;
  // The other's type is the SDK's own, which cannot be told here.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  merge(other: any): any;
  getRawAttributes(): [];
}

/** What one collection gives. */
export interface CollectionResultLike {
  resourceMetrics: {
    resource: EmptyResource;
    scopeMetrics: { scope: { readonly name: string }; metrics: MetricDataLike[] }[];
  };
  /** What went wrong: the snapshot could not be taken. */
  errors: unknown[];
}
