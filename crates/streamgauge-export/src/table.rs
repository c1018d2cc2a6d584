//! The table of names: a row for every figure of the snapshot.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use streamgauge::{
    FigureOf, LIFE, PARTITION, RATE, SNAPSHOT, SnapshotFigure, SnapshotKind, SnapshotShape, TABLE,
};

use crate::metric::{Metric, MetricKind, Part, Source};
use crate::names::named;

/// What stands in a snapshot and is no metric, each with the reason.
pub static OMITTED: &[(&str, &str)] = &[
    ("worker", "the label `worker` of every sample"),
    ("merged.worker", "the label `worker`"),
    (
        "merged.unknownFields",
        "names of fields that a newer version wrote, no figures",
    ),
    (
        "health.reason",
        "a sentence; as a label it would begin a new series with every word that changes",
    ),
    (
        "consumer.busyNanoseconds",
        "consumer_busy_seconds_total says it",
    ),
    (
        "consumer.idleNanoseconds",
        "consumer_idle_seconds_total says it",
    ),
    ("partitions.topic", "the label `topic`"),
    ("partitions.partition", "the label `partition`"),
    ("partitions.worker", "the label `worker`"),
    (
        "partitions.at",
        "snapshot_time_seconds says it, or worker_snapshot_time_seconds",
    ),
    (
        "partitions.reason",
        "a sentence; as a label it would begin a new series with every word that changes",
    ),
];

/// Where each part of a histogram went that is no metric of its own.
pub static HISTOGRAM_PARTS: &[(&str, &str)] = &[
    ("count", "the histogram's `_count`"),
    ("mean", "`_sum` by `_count`"),
    ("min", "a metric of its own, `..._min_seconds`"),
    ("max", "a metric of its own, `..._max_seconds`"),
    (
        "p50",
        "histogram_quantile; of the last minute the summary's quantile",
    ),
    (
        "p90",
        "histogram_quantile; of the last minute the summary's quantile",
    ),
    (
        "p95",
        "histogram_quantile; of the last minute the summary's quantile",
    ),
    (
        "p99",
        "histogram_quantile; of the last minute the summary's quantile",
    ),
    (
        "p999",
        "histogram_quantile; of the last minute the summary's quantile",
    ),
    ("sum", "the histogram's `_sum`"),
    (
        "sumNanoseconds",
        "the histogram's `_sum`, to the nanosecond",
    ),
    ("scale", "classic buckets have none"),
    ("below", "in every bucket"),
    ("above", "in the bucket `+Inf`"),
    ("offset", "classic buckets have none"),
    ("buckets", "the histogram's `_bucket`"),
];

/// The row of every figure, in the order of the snapshot's table. Costs some hundred microseconds: who
/// renders often keeps what follows from it, as [`Renderer`](crate::Renderer) does.
pub fn metrics() -> Vec<Metric> {
    let mut rows = Vec::new();
    for figure in SNAPSHOT {
        match figure.shape {
            SnapshotShape::Rate => rates(&mut rows, figure),
            SnapshotShape::Latency | SnapshotShape::HistogramByLabel => {
                histograms(&mut rows, figure);
            }
            SnapshotShape::Tables => rows.extend(TABLE.iter().map(|count| {
                let path = format!("{}.{}", figure.path, count.key);
                let source = Source::Table(figure, count);
                metric(path, count, kind(count.kind), &["table"], source)
            })),
            SnapshotShape::Lives => rows.extend(LIFE.iter().filter_map(|field| {
                let path = format!("{}.{}", figure.path, field.key);
                let source = Source::Life(field);
                told(&path).then(|| metric(path, field, kind(field.kind), &[], source))
            })),
            SnapshotShape::Partitions => rows.extend(PARTITION.iter().filter_map(|field| {
                let path = format!("{}.{}", figure.path, field.key);
                let source = Source::Partition(field);
                told(&path).then(|| metric(path, field, state(field), figure.labels, source))
            })),
            _ if told(figure.path) => {
                let source = Source::Figure(figure);
                let path = figure.path.into();
                rows.push(metric(path, figure, state(figure), figure.labels, source));
            }
            _ => {}
        }
    }
    rows
}

fn told(path: &str) -> bool {
    OMITTED.iter().all(|(omitted, _)| *omitted != path)
}

fn kind(kind: SnapshotKind) -> MetricKind {
    match kind {
        SnapshotKind::Counter => MetricKind::Counter,
        SnapshotKind::Histogram => MetricKind::Histogram,
        SnapshotKind::Gauge | SnapshotKind::State => MetricKind::Gauge,
    }
}

fn state<T>(figure: &FigureOf<T>) -> MetricKind {
    match figure.shape {
        SnapshotShape::Format | SnapshotShape::LagMethod => MetricKind::Info,
        SnapshotShape::Status => MetricKind::States,
        _ => kind(figure.kind),
    }
}

fn metric<T>(
    path: String,
    figure: &FigureOf<T>,
    kind: MetricKind,
    labels: &[&'static str],
    source: Source,
) -> Metric {
    let named = named(&path, "", figure.unit, figure.help);
    let mut labels = labels.to_vec();
    labels.extend(match figure.shape {
        SnapshotShape::Format => Some("format"),
        SnapshotShape::Status => Some("status"),
        SnapshotShape::LagMethod => Some("method"),
        _ => None,
    });
    // The counts of health are one family: a figure for each status.
    let counts_status = named.name == "health_partitions";
    Metric {
        path,
        kind,
        name: named.name,
        open_telemetry: named.open_telemetry,
        ucum: figure.unit,
        unit: named.unit,
        labels,
        fixed: counts_status.then_some(("status", figure.key)),
        help: named.help,
        source,
    }
}

fn rates(rows: &mut Vec<Metric>, figure: &'static SnapshotFigure) {
    rows.extend(RATE.iter().map(|average| {
        let named = named(figure.path, "", "", figure.help);
        let name = named.name.strip_prefix("rates_").unwrap_or(&named.name);
        let window = match average.key {
            "oneMinute" => "1m",
            "fiveMinutes" => "5m",
            "fifteenMinutes" => "15m",
            now => now,
        };
        let what = named.help.trim_end_matches('.');
        Metric {
            path: format!("{}.{}", figure.path, average.key),
            kind: MetricKind::Gauge,
            name: format!("{name}_per_second"),
            open_telemetry: named.open_telemetry,
            ucum: figure.unit,
            unit: "",
            labels: Vec::new(),
            fixed: Some(("window", window)),
            help: format!(
                "{what}, per second: between the last two samples (now), and as a moving average."
            )
            .into(),
            source: Source::Rate(figure, average),
        }
    }));
}

fn histograms(rows: &mut Vec<Metric>, figure: &'static SnapshotFigure) {
    let is_latency = figure.shape == SnapshotShape::Latency;
    let parts = [
        (Part::Life, ".life", "", MetricKind::Histogram, ""),
        (
            Part::Least,
            ".life.min",
            "min",
            MetricKind::Gauge,
            " The shortest.",
        ),
        (
            Part::Greatest,
            ".life.max",
            "max",
            MetricKind::Gauge,
            " The longest.",
        ),
        (
            Part::LastMinute,
            ".lastMinute",
            "last_minute",
            MetricKind::Summary,
            " In the last minute.",
        ),
    ];
    for (part, place, name, kind, says) in parts {
        if part == Part::LastMinute && !is_latency {
            continue;
        }
        let place = if is_latency {
            place
        } else {
            place.strip_prefix(".life").unwrap_or(place)
        };
        let named = named(figure.path, name, figure.unit, figure.help);
        rows.push(Metric {
            path: format!("{}{place}", figure.path),
            kind,
            name: named.name,
            open_telemetry: named.open_telemetry,
            ucum: figure.unit,
            unit: named.unit,
            labels: figure.labels.to_vec(),
            fixed: None,
            help: if says.is_empty() {
                named.help
            } else {
                Cow::Owned(format!("{}{says}", named.help))
            },
            source: Source::Histogram(figure, part),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_exception_is_of_a_figure_that_is_gone() {
        let rows = metrics();
        for path in crate::names::excepted() {
            assert!(rows.iter().any(|row| row.path.starts_with(path)), "{path}");
        }
    }
}
