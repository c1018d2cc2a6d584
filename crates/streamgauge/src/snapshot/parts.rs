//! What stands in a snapshot more than once: partitions, lives, rates, latencies.

use alloc::string::String;
use alloc::vec::Vec;

use crate::health::Status;
use crate::histogram::Histogram;
use crate::snapshot::any::Unknown;
#[cfg(feature = "serde")]
use crate::snapshot::table::{Entry, Record, Row, each_row};
use crate::snapshot::table::{FigureOf, MergeRule, SnapshotKind, record, rows};
use crate::snapshot::value::{Shaped, SnapshotValue};
use crate::tables::TableCounts;

/// The form that this version reads and writes.
pub(crate) const FORMAT: &str = "streamgauge/1";

/// The name of the form. There is one, so that a snapshot of another cannot be held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Format;

impl Format {
    /// `"streamgauge/1"`
    pub const fn name(self) -> &'static str {
        FORMAT
    }
}

/// How a partition's lag in seconds was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LagMethod {
    /// There is no lag, so that there was nothing to find.
    None,
    /// It is the age of the last record read, by its timestamp.
    Timestamp,
    /// Between two end offsets that were seen, a straight line.
    Interpolated,
    /// The record is older than anything that was seen: it is at least so much.
    AtLeast,
    /// It is not known.
    #[default]
    Unknown,
}

impl LagMethod {
    /// Every method.
    pub const ALL: [LagMethod; 5] = [
        LagMethod::None,
        LagMethod::Timestamp,
        LagMethod::Interpolated,
        LagMethod::AtLeast,
        LagMethod::Unknown,
    ];

    /// Its name in a snapshot: `"atLeast"`.
    pub const fn name(self) -> &'static str {
        match self {
            LagMethod::None => "none",
            LagMethod::Timestamp => "timestamp",
            LagMethod::Interpolated => "interpolated",
            LagMethod::AtLeast => "atLeast",
            LagMethod::Unknown => "unknown",
        }
    }

    /// The method of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }
}

record! {
    /// One life of a monitor, from its making to its end.
    Life,
    /// The fields of a [`Life`], in the order of the forms.
    LIFE;
    worker "worker": String, State, "", Own, "The worker's name.";
    since "since": f64, Gauge, "s", Own, "The Unix time at which the monitor was made.";
    at "at": f64, Gauge, "s", Own, "The Unix time of the snapshot that was counted.";
    sequence "sequence": u64, Counter, "{snapshot}", Own, "That snapshot's number.";
    unknown_fields "unknownFields": Vec<String>, State, "", Own, "Paths of the unknown fields that this life gave to the sum.";
    /// Fields that this version does not know.
    unknown; required ["worker", "since"];
}

record! {
    /// How fast something happens, per second. Where many are merged, each is rounded to a
    /// millionth (2^-20 exactly) first and all add up to at most 2^31, so that no order of adding makes a
    /// difference.
    Rate,
    /// The fields of a [`Rate`], in the order of the forms.
    RATE;
    now "now": Option<f64>, Gauge, "1/s", Sum, "Between the last two samples.";
    one_minute "oneMinute": Option<f64>, Gauge, "1/s", Sum, "Moving average of one minute.";
    five_minutes "fiveMinutes": Option<f64>, Gauge, "1/s", Sum, "Moving average of five minutes.";
    fifteen_minutes "fifteenMinutes": Option<f64>, Gauge, "1/s", Sum, "Moving average of fifteen minutes.";
}

record! {
    /// How long something takes. Both are none where the monitor was built without histograms.
    Latency,
    /// The fields of a [`Latency`], in the order of the forms.
    LATENCY;
    life "life": Option<Histogram>, Histogram, "s", Add, "Since the monitor was made.";
    last_minute "lastMinute": Option<Histogram>, Histogram, "s", Sum, "In the last minute.";
}

record! {
    /// The figures of a partition.
    PartitionFigures,
    /// The fields of [`PartitionFigures`], in the order of the forms.
    PARTITION;
    topic "topic": String, State, "", Own, "The topic's name.";
    partition "partition": u32, State, "", Own, "The partition's number.";
    worker "worker": String, State, "", Own, "The worker that says this.";
    at "at": f64, Gauge, "s", Own, "The Unix time at which it said so.";
    owned "owned": bool, State, "", Own, "Whether the partition is the worker's.";
    paused "paused": bool, State, "", Own, "Whether fetching from it is paused.";
    position "position": Option<u64>, Gauge, "{offset}", Own, "Offset of the next message to be read.";
    committed "committed": Option<u64>, Gauge, "{offset}", Own, "Offset committed last: that of the next message to be processed.";
    end "end": Option<u64>, Gauge, "{offset}", Own, "End offset, the high watermark: that of the next message to be written.";
    lag "lag": Option<u64>, Gauge, "{message}", Own, "Messages from position to end.";
    committed_lag "committedLag": Option<u64>, Gauge, "{message}", Own, "Messages from committed to end.";
    lag_seconds "lagSeconds": Option<f64>, Gauge, "s", Own, "Age of the oldest unprocessed message.";
    lag_method "lagMethod": LagMethod, State, "", Own, "How lagSeconds was found.";
    slope "slope": Option<f64>, Gauge, "{message}/s", Own, "How fast the lag grows; negative where it shrinks.";
    catch_up_seconds "catchUpSeconds": Option<f64>, Gauge, "s", Own, "Seconds until there is no lag, at this slope.";
    status "status": Status, State, "", Own, "How it is doing.";
    reason "reason": String, State, "", Own, "Why it is said to do so, in a sentence.";
    /// Fields that this version does not know.
    unknown; required ["topic", "partition"];
}

macro_rules! computed {
    ($key:literal, $unit:literal, $help:literal, $read:expr) => {
        FigureOf {
            section: "",
            key: $key,
            path: $key,
            shape: crate::snapshot::value::SnapshotShape::OptionalNumber,
            kind: SnapshotKind::Gauge,
            unit: $unit,
            labels: &[],
            help: $help,
            merge: MergeRule::Derived,
            read: $read,
            place: None,
        }
    };
}

/// The fields of a [`Histogram`], in the order of the forms, with what follows from them.
#[rustfmt::skip] // A row a field: a table is read by its columns.
pub static HISTOGRAM: &[FigureOf<Histogram>] = &[
    rows!(@row "" (count) "count" u64, Counter, "1", [], Add, "Durations."),
    computed!("mean", "s", "Their mean.", |h| SnapshotValue::OptionalNumber(h.mean())),
    rows!(@row "" (min) "min" Option<f64>, Gauge, "s", [], Min, "The shortest."),
    rows!(@row "" (max) "max" Option<f64>, Gauge, "s", [], Max, "The longest."),
    computed!("p50", "s", "The median.", |h| SnapshotValue::OptionalNumber(h.quantile(0.5))),
    computed!("p90", "s", "90 in 100 are at most as long.", |h| SnapshotValue::OptionalNumber(h.quantile(0.9))),
    computed!("p95", "s", "95 in 100 are at most as long.", |h| SnapshotValue::OptionalNumber(h.quantile(0.95))),
    computed!("p99", "s", "99 in 100 are at most as long.", |h| SnapshotValue::OptionalNumber(h.quantile(0.99))),
    computed!("p999", "s", "999 in 1,000 are at most as long.", |h| SnapshotValue::OptionalNumber(h.quantile(0.999))),
    computed!("sum", "s", "Their sum.", |h| SnapshotValue::OptionalNumber(Some(h.sum()))),
    rows!(@row "" (sum_nanoseconds) "sumNanoseconds" u128, Counter, "ns", [], Add, "Their sum in nanoseconds, exactly."),
    rows!(@row "" (scale) "scale" i32, Gauge, "1", [], Own, "OpenTelemetry's scale: a bucket's bounds are 2^(2^-scale) apart."),
    rows!(@row "" (below) "below" u64, Counter, "1", [], Add, "Durations too short for a bucket."),
    rows!(@row "" (above) "above" u64, Counter, "1", [], Add, "Durations too long for a bucket."),
    rows!(@row "" (offset) "offset" i32, Gauge, "1", [], Own, "Index of the first bucket, OpenTelemetry's."),
    rows!(@row "" (buckets) "buckets" Vec<u64>, Counter, "1", [], Add, "Durations in each bucket."),
];

#[cfg(feature = "serde")]
impl Record for Histogram {
    fn entries() -> &'static [Entry<Self>] {
        static ENTRIES: [Entry<Histogram>; HISTOGRAM.len()] = each_row!(HISTOGRAM, Entry::of);
        &ENTRIES
    }

    fn rows() -> &'static [Row<Self>] {
        static ROWS: [Row<Histogram>; HISTOGRAM.len()] = each_row!(HISTOGRAM, Row::of);
        &ROWS
    }
}

/// The counts of a table, in the order of the forms.
#[rustfmt::skip] // As above.
pub static TABLE: &[FigureOf<TableCounts>] = &[
    rows!(@row "" (keys_retrieved) "keysRetrieved" u64, Counter, "{call}", [], Add, "Keys that were got."),
    rows!(@row "" (keys_updated) "keysUpdated" u64, Counter, "{call}", [], Add, "Keys that were set."),
    rows!(@row "" (keys_deleted) "keysDeleted" u64, Counter, "{call}", [], Add, "Keys that were deleted."),
];

#[cfg(feature = "serde")]
impl Record for TableCounts {
    fn entries() -> &'static [Entry<Self>] {
        static ENTRIES: [Entry<TableCounts>; TABLE.len()] = each_row!(TABLE, Entry::of);
        &ENTRIES
    }

    fn rows() -> &'static [Row<Self>] {
        static ROWS: [Row<TableCounts>; TABLE.len()] = each_row!(TABLE, Row::of);
        &ROWS
    }
}
