/** Names of OpenTelemetry's semantic conventions, where they have one for a figure. */

import type { Metric } from "../metrics.js";
import type { OpenTelemetryAttributes } from "./types.js";

/** What a convention says of a figure. */
interface Convention {
  readonly name: string;
  readonly help: string;
  readonly attributes: OpenTelemetryAttributes;
}

const OPERATION = {
  name: "messaging.client.operation.duration",
  help: "Duration of messaging operation initiated by a producer or consumer client.",
};

/**
 * Messaging conventions by the figure's path. What failed has the error type that they prescribe where it is not
 * known: which kind it was is in `streamgauge.errors.by_stage`.
 */
const CONVENTIONS: Readonly<Record<string, Convention>> = {
  "messages.receivedByTopic": {
    name: "messaging.client.consumed.messages",
    help: "Number of messages that were delivered to the application.",
    attributes: { "messaging.operation.name": "poll" },
  },
  "messages.sentByTopic": {
    name: "messaging.client.sent.messages",
    help: "Number of messages producer attempted to send to the broker.",
    attributes: { "messaging.operation.name": "send" },
  },
  "events.runtime.life": {
    name: "messaging.process.duration",
    help: "Duration of processing operation.",
    attributes: { "messaging.operation.name": "process", "messaging.operation.type": "process" },
  },
  "sends.latency.life": { ...OPERATION, attributes: { "messaging.operation.name": "send", "messaging.operation.type": "send" } },
  "sends.errorLatency.life": {
    ...OPERATION,
    attributes: { "messaging.operation.name": "send", "messaging.operation.type": "send", "error.type": "_OTHER" },
  },
  "commits.latency.life": { ...OPERATION, attributes: { "messaging.operation.name": "commit", "messaging.operation.type": "settle" } },
};

/** Parts of a snapshot that have nothing to do with messages. */
const NOT_MESSAGING = /^(http|tables|metrics)(\.|$)/;

/** What a metric is called in OpenTelemetry, and how its labels are. */
export interface OpenTelemetryMetric {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly isMessaging: boolean;
  /** The same for all its series. */
  readonly attributes: OpenTelemetryAttributes;
  /** Names for its labels, in their order. */
  readonly labels: readonly string[];
}

/** Names and attributes of a row of the table. */
export function openTelemetryMetric(metric: Metric): OpenTelemetryMetric {
  const convention = Object.hasOwn(CONVENTIONS, metric.path) ? CONVENTIONS[metric.path] : undefined;
  return {
    name: convention?.name ?? metric.openTelemetry,
    description: convention?.help ?? metric.help,
    unit: metric.unit,
    isMessaging: !NOT_MESSAGING.test(metric.path),
    attributes: {
      ...convention?.attributes,
      ...(metric.fixed === null ? {} : { [attributeName(metric.path, metric.fixed[0])]: metric.fixed[1] }),
    },
    labels: metric.labels.map((label) => attributeName(metric.path, label)),
  };
}

function attributeName(path: string, label: string): string {
  if (label === "topic") return "messaging.destination.name";
  if (label === "partition") return "messaging.destination.partition.id";
  if (label === "kind" && path.startsWith("errors.")) return "error.type";
  if (label === "status" && path.startsWith("http.")) return "http.response.status_code";
  return `streamgauge.${label}`;
}
