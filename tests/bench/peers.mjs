// What a Node developer would install instead, keeping the figures that a message's hooks keep.
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import prometheus from "prom-client";

/** prom-client, the clock read where a duration needs it. */
export function promClient({ tps, streams }) {
  const registers = [new prometheus.Registry()];
  const counter = (name, labelNames = []) => new prometheus.Counter({ name, help: name, labelNames, registers });
  const gauge = (name, labelNames = []) => new prometheus.Gauge({ name, help: name, labelNames, registers });
  const received = counter("messages_received_total");
  const receivedByTopic = counter("messages_received_by_topic_total", ["topic"]);
  const active = gauge("messages_active");
  const readOffset = gauge("read_offset", ["topic", "partition"]);
  const events = counter("events_total");
  const eventsByStream = counter("events_by_stream_total", ["stream"]);
  const eventsByTask = counter("events_by_task_total", ["task"]);
  const eventsActive = gauge("events_active");
  const runtime = new prometheus.Histogram({ name: "events_runtime_seconds", help: "events_runtime_seconds", registers });
  return (count) => {
    for (let offset = 0; offset < count; offset += 1) {
      const { topic, partition } = tps[offset & 15];
      const { label, task } = streams[offset & 3];
      received.inc();
      active.inc();
      receivedByTopic.inc({ topic });
      readOffset.set({ topic, partition }, offset);
      const start = performance.now();
      events.inc();
      eventsActive.inc();
      eventsByStream.inc({ stream: label });
      eventsByTask.inc({ task });
      const end = performance.now();
      eventsActive.dec();
      runtime.observe((end - start) / 1000);
      active.dec();
    }
  };
}

/** OpenTelemetry's SDK, with a reader that never reads within the benchmark. */
export function openTelemetry({ tps, streams }) {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e8 });
  const meter = new MeterProvider({ readers: [reader] }).getMeter("bench");
  const received = meter.createCounter("messages.received");
  const active = meter.createUpDownCounter("messages.active");
  const readOffset = meter.createGauge("read.offset");
  const events = meter.createCounter("events");
  const eventsByTask = meter.createCounter("events.by_task");
  const eventsActive = meter.createUpDownCounter("events.active");
  const runtime = meter.createHistogram("events.runtime");
  return (count) => {
    for (let offset = 0; offset < count; offset += 1) {
      const tp = tps[offset & 15];
      const { label, task } = streams[offset & 3];
      received.add(1, { topic: tp.topic });
      active.add(1);
      readOffset.record(offset, { topic: tp.topic, partition: tp.partition });
      const start = performance.now();
      events.add(1, { stream: label });
      eventsActive.add(1);
      eventsByTask.add(1, { task });
      const end = performance.now();
      eventsActive.add(-1);
      runtime.record((end - start) / 1000);
      active.add(-1);
    }
  };
}
