//! A metric: what a figure of the snapshot is called outside, and where it is read.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use streamgauge::{FigureOf, Life, PartitionFigure, Rate, SnapshotFigure, TableCounts};

/// What kind of metric a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricKind {
    /// It only grows; samples are called `..._total`.
    Counter,
    /// It goes up and down.
    Gauge,
    /// Durations in buckets, since the monitor was made.
    Histogram,
    /// Quantiles of the last minute, its least (0) and its greatest (1) too.
    Summary,
    /// A gauge for each state, told by the last label: 1 for the one that holds, else 0.
    States,
    /// What holds is told by the last label; the value is 1.
    Info,
}

impl MetricKind {
    /// Its name in lower case: `"counter"`.
    pub const fn name(self) -> &'static str {
        match self {
            MetricKind::Counter => "counter",
            MetricKind::Gauge => "gauge",
            MetricKind::Histogram => "histogram",
            MetricKind::Summary => "summary",
            MetricKind::States => "states",
            MetricKind::Info => "info",
        }
    }
}

/// A row of the table of names: a figure, or a part of one, and what it is called.
#[derive(Debug, Clone)]
pub struct Metric {
    /// The place of the figure in a snapshot: `"messages.received"`, `"rates.events.oneMinute"`,
    /// `"messages.time.life"`, `"tables.keysRetrieved"`, `"partitions.lag"`, `"merged.at"`.
    pub path: String,
    /// What it is.
    pub kind: MetricKind,
    /// Prometheus's name of the family, without the prefix and without `_total` and `_info`:
    /// `"messages_received"`. Rows of one family are neighbours.
    pub name: String,
    /// OpenTelemetry's name: `"streamgauge.messages.received"`.
    pub open_telemetry: String,
    /// The unit in UCUM's spelling: `"s"`.
    pub ucum: &'static str,
    /// Prometheus's unit, with which the name ends: `"seconds"`, `"bytes"`, `"ratio"`; or none.
    pub unit: &'static str,
    /// The labels that it is split by. Those of the worker and of the options come on top.
    pub labels: Vec<&'static str>,
    /// A label that tells this row of the family from the others, and its value.
    pub fixed: Option<(&'static str, &'static str)>,
    /// What it says, in a sentence.
    pub help: Cow<'static, str>,
    pub(crate) source: Source,
}

/// Where a metric's samples are read.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Source {
    /// A figure that is a number, a state or a map of numbers.
    Figure(&'static SnapshotFigure),
    /// One of a rate's averages.
    Rate(&'static SnapshotFigure, &'static FigureOf<Rate>),
    /// A part of a latency, or of histograms by label.
    Histogram(&'static SnapshotFigure, Part),
    /// A count of each table.
    Table(&'static SnapshotFigure, &'static FigureOf<TableCounts>),
    /// A field of the newest life of each worker in a merged snapshot.
    Life(&'static FigureOf<Life>),
    /// A figure of each partition.
    Partition(&'static PartitionFigure),
}

/// A part of a latency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The histogram since the start.
    Life,
    /// Its least.
    Least,
    /// Its greatest.
    Greatest,
    /// The quantiles of the last minute.
    LastMinute,
}
