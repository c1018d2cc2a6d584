//! What a figure is called: derived from its row, but for a few.

use alloc::borrow::Cow;
use alloc::string::String;

/// A figure whose name or help does not follow from its row.
struct Exception {
    path: &'static str,
    /// Prometheus's name without its unit; empty where it is the derived one.
    name: &'static str,
    /// OpenTelemetry's name after `streamgauge.`; empty where it is the derived one.
    open_telemetry: &'static str,
    /// The unit that Prometheus's name ends with, where it is not the row's.
    unit: Option<&'static str>,
    /// Empty where it is the row's.
    help: &'static str,
}

macro_rules! exceptions {
    (@or) => { "" };
    (@or $value:literal) => { $value };
    (@some) => { None };
    (@some $value:literal) => { Some($value) };
    ($($path:literal $(, name $name:literal)? $(, open_telemetry $otel:literal)? $(, unit $unit:literal)? $(, help $help:literal)?;)+) => {
        &[$(Exception {
            path: $path,
            name: exceptions!(@or $($name)?),
            open_telemetry: exceptions!(@or $($otel)?),
            unit: exceptions!(@some $($unit)?),
            help: exceptions!(@or $($help)?),
        },)+]
    };
}

#[rustfmt::skip] // A row a figure.
static EXCEPTIONS: &[Exception] = exceptions! {
    "snapshot", name "snapshot", open_telemetry "snapshot.info";
    "since", name "start_time", open_telemetry "start_time";
    "at", name "snapshot_time", open_telemetry "snapshot.time";
    "sequence", name "snapshots", open_telemetry "snapshots";
    "merged.since", name "worker_start_time", open_telemetry "worker.start_time", help "The Unix time at which the newest monitor of a worker was made, where many workers are merged.";
    "merged.at", name "worker_snapshot_time", open_telemetry "worker.snapshot.time", help "The Unix time of the newest snapshot of a worker, where many workers are merged.";
    "merged.sequence", name "worker_snapshots", open_telemetry "worker.snapshots", help "The number of a worker's newest snapshot, where many workers are merged.";
    "messages.bytesReceived", name "messages_received";
    "messages.bytesSent", name "messages_sent";
    "messages.stuck", help "Messages in flight for longer than messages_stuck_after_seconds.";
    // No name begins or ends with `total`, and only histograms' samples end with `_sum` and `_count`.
    "events.total", name "events", open_telemetry "events.count";
    "errors.total", name "errors", open_telemetry "errors.count";
    "rebalances.count", name "rebalances";
    "rebalances.appCount", name "rebalances_app";
    "rates.busy", help "Seconds spent processing.";
    "lag.recordsSum", name "lag_records";
    "lag.committedSum", name "lag_committed";
    "lag.secondsMax", name "lag_max";
    "health.ok", name "health_partitions", open_telemetry "health.partitions", help "Partitions by their status.";
    "health.warn", name "health_partitions", open_telemetry "health.partitions", help "Partitions by their status.";
    "health.stop", name "health_partitions", open_telemetry "health.partitions", help "Partitions by their status.";
    "health.stall", name "health_partitions", open_telemetry "health.partitions", help "Partitions by their status.";
    "health.rewind", name "health_partitions", open_telemetry "health.partitions", help "Partitions by their status.";
    "rebalances.recent", help "Rebalances within rebalances_storm_window_seconds; at most 64, or rebalances_storm_rebalances where that is more.";
    "rebalances.storm", help "1 where rebalances_recent reached rebalances_storm_rebalances, else 0.";
    "consumer.busyShare", name "consumer_busy", unit "ratio";
    "tables.keysRetrieved", name "table_keys_retrieved", open_telemetry "table.keys_retrieved";
    "tables.keysUpdated", name "table_keys_updated", open_telemetry "table.keys_updated";
    "tables.keysDeleted", name "table_keys_deleted", open_telemetry "table.keys_deleted";
    "metrics", name "program_metric", open_telemetry "program.metric";
    "partitions.owned", help "1 where the partition is the worker's, else 0.";
    "partitions.paused", help "1 where fetching from the partition is paused, else 0.";
    "partitions.lagSeconds", open_telemetry "partition.lag_age";
    "partitions.lagMethod", help "How partition_lag_seconds was found.";
    "partitions.slope", name "partition_lag_slope";
    "partitions.status", help "1 for the status that the partition has, else 0.";
    "health.status", help "1 for the status of the partition that does worst, else 0.";
};

/// What a metric is called.
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) open_telemetry: String,
    pub(crate) unit: &'static str,
    pub(crate) help: Cow<'static, str>,
}

/// The names of the figure at `path`. Exceptions have theirs under `path` without the `part`, which
/// stands behind: `"last_minute"`.
pub(crate) fn named(path: &str, part: &str, ucum: &str, help: &'static str) -> Named {
    let exception = EXCEPTIONS.iter().find(|row| row.path == path);
    let unit = exception.and_then(|row| row.unit).unwrap_or(match ucum {
        "s" => "seconds",
        "By" => "bytes",
        _ => "",
    });
    let words = |given: &'static str, separator: &str| match given {
        "" => derived(path, separator),
        given => given.into(),
    };
    let mut name = words(exception.map_or("", |row| row.name), "_");
    let mut open_telemetry = words(exception.map_or("", |row| row.open_telemetry), ".");
    // OpenTelemetry tells the unit beside the name, Prometheus at its end.
    if let Some(without) = open_telemetry.strip_suffix("_seconds") {
        open_telemetry.truncate(without.len());
    }
    if !part.is_empty() {
        open_telemetry.extend([".", part]);
        name.extend(["_", part]);
    }
    if !unit.is_empty() && !name.ends_with(unit) {
        name.extend(["_", unit]);
    }
    open_telemetry.insert_str(0, "streamgauge.");
    Named {
        name,
        open_telemetry,
        unit,
        help: match exception {
            Some(row) if !row.help.is_empty() => row.help.into(),
            _ => help.into(),
        },
    }
}

/// `"messages.receivedByTopic"` as `"messages_received_by_topic"`; what is said of a partition
/// begins with `partition`.
fn derived(path: &str, separator: &str) -> String {
    let mut name = String::new();
    let rest = match path.strip_prefix("partitions.") {
        Some(key) => {
            name.extend(["partition", separator]);
            key
        }
        None => path,
    };
    for letter in rest.chars() {
        match letter {
            '.' => name.push_str(separator),
            'A'..='Z' => name.extend(['_', letter.to_ascii_lowercase()]),
            _ => name.push(letter),
        }
    }
    name
}

#[cfg(test)]
pub(crate) fn excepted() -> impl Iterator<Item = &'static str> {
    EXCEPTIONS.iter().map(|row| row.path)
}
