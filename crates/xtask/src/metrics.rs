//! The exporters' table of names: for TypeScript, and for readers.

use std::fmt::Write;

use streamgauge_export::{HISTOGRAM_PARTS, Metric, MetricKind, OMITTED, metrics};

const HEADER: &str = "\
// Generated from crates/streamgauge-export/src/table.rs by `cargo run -p xtask -- generate`. Do not edit.

/**
 * What kind of metric a figure is. `states`: a gauge for each state that the last label tells, 1 for
 * the one that holds, else 0. `info`: what holds is told by the last label, the value is 1.
 */
export type MetricKind = \"counter\" | \"gauge\" | \"histogram\" | \"summary\" | \"states\" | \"info\";

/** A figure, or a part of one, and what it is called outside. */
export interface Metric {
  /** Its place in a snapshot: `messages.received`, `rates.events.oneMinute`, `partitions.lag`. */
  readonly path: string;
  /** What it is. */
  readonly kind: MetricKind;
  /** Prometheus's name, as it is asked for in PromQL; of a histogram without `_bucket` and the like. */
  readonly prometheus: string;
  /** OpenTelemetry's name. */
  readonly openTelemetry: string;
  /** Its unit in UCUM's spelling: `s`, `{message}`. */
  readonly unit: string;
  /** The labels that it is split by. */
  readonly labels: readonly string[];
  /** A label, and its value, that tells this row from others of the same name. */
  readonly fixed: readonly [label: string, value: string] | null;
  /** What it says, in a sentence. */
  readonly help: string;
}

/** Every figure that is a metric, in the order of the snapshot; rows of one name are neighbours. */
export const METRICS: readonly Metric[] = [
";

pub(crate) fn typescript() -> String {
    let mut text = String::from(HEADER);
    for metric in metrics() {
        let fixed = metric.fixed.map_or("null".into(), |(label, value)| {
            format!("[{label:?}, {value:?}]")
        });
        let _ = writeln!(
            text,
            "  {{ path: {:?}, kind: {:?}, prometheus: {:?}, openTelemetry: {:?}, unit: {:?}, labels: {:?}, fixed: {fixed}, help: {:?} }},",
            metric.path,
            metric.kind.name(),
            prometheus(&metric),
            metric.open_telemetry,
            metric.ucum,
            metric.labels,
            metric.help,
        );
    }
    text.push_str("];\n");
    text
}

/// The name of what PromQL finds.
fn prometheus(metric: &Metric) -> String {
    let ending = match metric.kind {
        MetricKind::Counter => "_total",
        MetricKind::Info => "_info",
        _ => "",
    };
    format!("streamgauge_{}{ending}", metric.name)
}

const PAGE: &str = "\
<!-- Generated from src/table.rs by `cargo run -p xtask -- generate`. Do not edit. -->
# Metrics

Each figure of a snapshot and what it is called: in Prometheus, with the default prefix, and in
OpenTelemetry. Every sample also has the labels `worker`, where the worker has a name, and those of
the options (`group`, `client`, constant labels). A figure that is not known has no sample.

| figure | kind | Prometheus | OpenTelemetry | unit | labels | what it says |
|---|---|---|---|---|---|---|
";

pub(crate) fn page() -> String {
    let mut text = String::from(PAGE);
    for metric in metrics() {
        let mut labels: Vec<String> = metric
            .labels
            .iter()
            .map(|label| format!("`{label}`"))
            .collect();
        labels.extend(
            metric
                .fixed
                .map(|(label, value)| format!("`{label}=\"{value}\"`")),
        );
        let _ = writeln!(
            text,
            "| `{}` | {} | `{}` | `{}` | {} | {} | {} |",
            metric.path,
            metric.kind.name(),
            prometheus(&metric),
            metric.open_telemetry,
            match metric.ucum {
                "" => String::new(),
                unit => format!("`{unit}`"),
            },
            labels.join(", "),
            metric.help,
        );
    }
    text.push_str("\n## What is no metric of its own, and why\n\n");
    for (path, reason) in OMITTED {
        let _ = writeln!(text, "- `{path}`: {reason}.");
    }
    text.push_str("\nOf a histogram:\n\n");
    for (key, reason) in HISTOGRAM_PARTS {
        let _ = writeln!(text, "- `{key}`: {reason}.");
    }
    text
}
