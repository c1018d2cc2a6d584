//! Every figure of the snapshot has a metric with a good name, or a reason to have none.

use std::collections::{BTreeMap, BTreeSet};

use streamgauge::{
    HISTOGRAM, LIFE, PARTITION, RATE, SECTIONS, SNAPSHOT, SnapshotShape, Status, TABLE,
};
use streamgauge_export::{HISTOGRAM_PARTS, Metric, MetricKind, OMITTED, metrics};

/// The path of every figure, by the tables of the snapshot alone.
fn paths() -> Vec<String> {
    let mut paths = Vec::new();
    for figure in SNAPSHOT {
        let keys: Vec<&str> = match figure.shape {
            SnapshotShape::Rate => RATE.iter().map(|row| row.key).collect(),
            SnapshotShape::Latency => vec!["life", "life.min", "life.max", "lastMinute"],
            SnapshotShape::HistogramByLabel => vec!["", "min", "max"],
            SnapshotShape::Tables => TABLE.iter().map(|row| row.key).collect(),
            SnapshotShape::Lives => LIFE.iter().map(|row| row.key).collect(),
            SnapshotShape::Partitions => PARTITION.iter().map(|row| row.key).collect(),
            _ => vec![""],
        };
        paths.extend(keys.into_iter().map(|key| match key {
            "" => figure.path.to_string(),
            key => format!("{}.{key}", figure.path),
        }));
    }
    paths
}

fn families() -> BTreeMap<String, Vec<Metric>> {
    let mut families = BTreeMap::<_, Vec<Metric>>::new();
    for metric in metrics() {
        families
            .entry(metric.name.clone())
            .or_default()
            .push(metric);
    }
    families
}

#[test]
fn every_figure_has_a_row_or_a_reason() {
    let rows: Vec<String> = metrics().into_iter().map(|metric| metric.path).collect();
    let omitted: Vec<&str> = OMITTED.iter().map(|(path, _)| *path).collect();
    for path in paths() {
        let has_row = rows.contains(&path);
        let has_reason = omitted.contains(&&*path);
        assert!(
            has_row != has_reason,
            "{path}: row {has_row}, reason {has_reason}"
        );
    }
    // And nothing else: neither a row nor a reason of a figure that is gone.
    let known: BTreeSet<String> = paths().into_iter().collect();
    for path in rows.iter().map(String::as_str).chain(omitted) {
        assert!(known.contains(path), "{path}");
    }
    assert_eq!(rows.len(), rows.iter().collect::<BTreeSet<_>>().len());
}

#[test]
fn every_part_of_a_histogram_is_told_or_follows() {
    let parts: Vec<&str> = HISTOGRAM_PARTS.iter().map(|(key, _)| *key).collect();
    let keys: Vec<&str> = HISTOGRAM.iter().map(|row| row.key).collect();
    assert_eq!(parts, keys);
}

#[test]
fn names_are_as_prometheus_wants_them() {
    let sections: Vec<&str> = SECTIONS.iter().map(|section| section.key).collect();
    assert!(sections.contains(&"messages"));
    for metric in metrics() {
        let name = &metric.name;
        let words: Vec<&str> = name.split('_').collect();
        let good = |word: &&str| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        assert!(words.iter().all(good), "{name}");
        let reserved = [
            "total", "created", "count", "sum", "bucket", "info", "gsum", "gcount",
        ];
        assert!(!reserved.contains(words.last().unwrap()), "{name}");
        assert_ne!(words[0], "total", "{name}");
        for kind in ["counter", "gauge", "histogram", "summary"] {
            assert!(!words.contains(&kind), "{name}");
        }
        assert!(name.ends_with(metric.unit), "{name}: {}", metric.unit);
        assert_eq!(metric.unit == "seconds", metric.ucum == "s", "{name}");
        assert_eq!(metric.unit == "bytes", metric.ucum == "By", "{name}");
        assert!(
            metric.help.ends_with('.') && !metric.help.contains('\n'),
            "{name}"
        );
        assert!(metric.open_telemetry.starts_with("streamgauge."), "{name}");
        for ending in ["_seconds", "_total", ".total", "_bytes"] {
            let otel = &metric.open_telemetry;
            assert!(
                !otel.ends_with(ending) || otel.ends_with("last_minute"),
                "{otel}"
            );
        }
    }
}

#[test]
fn a_family_is_one_thing() {
    let mut finished = BTreeSet::new();
    let all = metrics();
    for pair in all.windows(2) {
        if pair[0].name != pair[1].name {
            assert!(
                finished.insert(pair[0].name.clone()),
                "{} twice",
                pair[0].name
            );
            assert!(!finished.contains(&pair[1].name), "{} again", pair[1].name);
        }
    }
    let mut open_telemetry = BTreeMap::new();
    for (name, rows) in families() {
        let first = &rows[0];
        for row in &rows {
            assert_eq!(
                (row.kind, row.unit, &row.help),
                (first.kind, first.unit, &first.help),
                "{name}"
            );
            assert_eq!(
                (&row.labels, &row.open_telemetry),
                (&first.labels, &first.open_telemetry),
                "{name}"
            );
            assert_eq!(row.fixed.is_some(), rows.len() > 1, "{name}");
        }
        let told: BTreeSet<_> = rows.iter().map(|row| row.fixed).collect();
        assert_eq!(told.len(), rows.len(), "{name}");
        assert_eq!(
            open_telemetry.insert(first.open_telemetry.clone(), name.clone()),
            None,
            "{name}"
        );
    }
}

#[test]
fn no_samples_name_is_another_familys() {
    let families = families();
    let mut samples = BTreeMap::new();
    for (name, rows) in &families {
        let endings: &[&str] = match rows[0].kind {
            MetricKind::Counter => &["_total", "_created"],
            MetricKind::Histogram => &["_bucket", "_sum", "_count", "_created"],
            MetricKind::Info => &["_info"],
            _ => &[""],
        };
        for ending in endings {
            let sample = format!("{name}{ending}");
            assert_eq!(samples.insert(sample, name), None, "{name}");
        }
    }
    // The classic text's families, whose counters end in `_total`, are as different.
    let classic = families.keys().map(|name| name.trim_end_matches("_total"));
    assert_eq!(classic.collect::<BTreeSet<_>>().len(), families.len());
}

#[test]
fn some_names_are_these() {
    let all = metrics();
    let of = |path: &str| {
        let row = all.iter().find(|metric| metric.path == path).unwrap();
        (
            row.kind.name(),
            row.name.clone(),
            row.open_telemetry.clone(),
            row.labels.clone(),
        )
    };
    let row = |kind: &'static str, name: &str, otel: &str, labels: &[&'static str]| {
        (
            kind,
            name.to_string(),
            format!("streamgauge.{otel}"),
            labels.to_vec(),
        )
    };
    assert_eq!(
        of("messages.received"),
        row("counter", "messages_received", "messages.received", &[])
    );
    assert_eq!(
        of("messages.receivedByTopic"),
        row(
            "counter",
            "messages_received_by_topic",
            "messages.received_by_topic",
            &["topic"]
        )
    );
    assert_eq!(
        of("messages.bytesReceived"),
        row(
            "counter",
            "messages_received_bytes",
            "messages.bytes_received",
            &[]
        )
    );
    assert_eq!(
        of("messages.oldestSeconds"),
        row("gauge", "messages_oldest_seconds", "messages.oldest", &[])
    );
    assert_eq!(
        of("messages.time.life"),
        row("histogram", "messages_time_seconds", "messages.time", &[])
    );
    assert_eq!(
        of("messages.time.lastMinute"),
        row(
            "summary",
            "messages_time_last_minute_seconds",
            "messages.time.last_minute",
            &[]
        )
    );
    assert_eq!(
        of("events.runtimeByStream"),
        row(
            "histogram",
            "events_runtime_by_stream_seconds",
            "events.runtime_by_stream",
            &["stream"]
        )
    );
    assert_eq!(
        of("rates.messagesReceived.oneMinute"),
        row(
            "gauge",
            "messages_received_per_second",
            "rates.messages_received",
            &[]
        )
    );
    assert_eq!(
        of("errors.byStage"),
        row(
            "counter",
            "errors_by_stage",
            "errors.by_stage",
            &["stage", "kind"]
        )
    );
    assert_eq!(
        of("errors.total"),
        row("counter", "errors", "errors.count", &[])
    );
    assert_eq!(
        of("consumer.busySeconds"),
        row("counter", "consumer_busy_seconds", "consumer.busy", &[])
    );
    assert_eq!(
        of("consumer.busyShare"),
        row("gauge", "consumer_busy_ratio", "consumer.busy_share", &[])
    );
    assert_eq!(
        of("partitions.lag"),
        row(
            "gauge",
            "partition_lag",
            "partition.lag",
            &["topic", "partition"]
        )
    );
    assert_eq!(
        of("partitions.lagSeconds"),
        row(
            "gauge",
            "partition_lag_seconds",
            "partition.lag_age",
            &["topic", "partition"]
        )
    );
    assert_eq!(
        of("partitions.status"),
        row(
            "states",
            "partition_status",
            "partition.status",
            &["topic", "partition", "status"]
        )
    );
    assert_eq!(
        of("at"),
        row("gauge", "snapshot_time_seconds", "snapshot.time", &[])
    );
    let statuses: Vec<_> = all
        .iter()
        .filter(|metric| metric.name == "health_partitions")
        .map(|metric| metric.fixed.unwrap().1)
        .collect();
    assert_eq!(
        statuses,
        Status::ALL
            .iter()
            .map(|status| status.name())
            .collect::<Vec<_>>()
    );
}
