// A user's program, which a test compiles.
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { MeterProvider, PeriodicExportingMetricReader, type MetricProducer } from "@opentelemetry/sdk-metrics";
import { Monitor } from "streamgauge";
import { StreamgaugeMetricProducer } from "streamgauge/opentelemetry";

const monitor = new Monitor().start();
const producer: MetricProducer = new StreamgaugeMetricProducer(monitor, { group: "totals", attributes: { region: "north" } });
const exporter = new OTLPMetricExporter({ url: "http://127.0.0.1:4318/v1/metrics" });
const reader = new PeriodicExportingMetricReader({ exporter, metricProducers: [producer] });
export const provider = new MeterProvider({ readers: [reader] });
