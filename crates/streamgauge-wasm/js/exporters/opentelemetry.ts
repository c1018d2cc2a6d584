/** `streamgauge/opentelemetry`: a monitor's figures for OpenTelemetry's JavaScript SDK. For Node and the browser. */

export type { SnapshotSource } from "./source.js";
export { StreamgaugeMetricProducer, type MetricProducerOptions } from "./opentelemetry/producer.js";
export type {
  CollectionResultLike,
  DataPointLike,
  EmptyResource,
  ExplicitHistogramLike,
  ExponentialHistogramLike,
  HrTime,
  MetricDataLike,
  MetricDescriptorLike,
  OpenTelemetryAttributes,
} from "./opentelemetry/types.js";
