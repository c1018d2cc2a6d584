//! The samples of a row, a line each.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use streamgauge::{Histogram, SnapshotValue, Status};

use crate::buckets::Bounds;
use crate::labelled::{Labelled, with};
use crate::metric::{Metric, MetricKind, Part, Source};
use crate::write::{label, line_end, number, seconds, whole};

/// The quantiles of a summary: its least and its greatest are known exactly.
const QUANTILES: [(&str, f64); 5] = [
    ("0.5", 0.5),
    ("0.9", 0.9),
    ("0.95", 0.95),
    ("0.99", 0.99),
    ("0.999", 0.999),
];

/// A label of one sample beside those that it has anyway.
type One<'a> = Option<(&'a str, &'a str)>;

/// The text as far as it is written.
pub(crate) struct Text<'a> {
    pub(crate) out: String,
    bounds: &'a Bounds,
    created: bool,
    /// The number written last: of all partitions the time is the same, of all counters the start.
    last: (f64, String),
}

impl<'a> Text<'a> {
    /// An empty text. `created` says whether counters tell since when they count.
    pub(crate) fn new(bounds: &'a Bounds, created: bool, expected_length: usize) -> Self {
        Self {
            out: String::with_capacity(expected_length),
            bounds,
            created,
            last: (0.0, String::from("0")),
        }
    }

    /// Every sample of a row. `sample` is what each starts with.
    pub(crate) fn row(&mut self, sample: &str, row: &Metric, source: &Labelled<'_>) {
        let snapshot = source.snapshot;
        let line = Line {
            sample,
            kind: row.kind,
            since: snapshot.since,
        };
        let mut labels = source.common.clone();
        if let Some((name, value)) = row.fixed {
            label(&mut labels, name, value);
        }
        match row.source {
            Source::Figure(figure) => self.value(line, row, &labels, (figure.read)(snapshot)),
            Source::Rate(figure, average) => {
                if let SnapshotValue::Rate(rate) = (figure.read)(snapshot) {
                    self.value(line, row, &labels, (average.read)(rate));
                }
            }
            Source::Histogram(figure, part) => match (figure.read)(snapshot) {
                SnapshotValue::Latency(latency) if part == Part::LastMinute => {
                    self.summary(line, &labels, latency.last_minute.as_ref());
                }
                SnapshotValue::Latency(latency) => {
                    self.histogram(line, part, &labels, latency.life.as_ref());
                }
                SnapshotValue::HistogramByLabel(map) => {
                    for (value, histogram) in map {
                        let labels = with(&labels, row, 0, value);
                        self.histogram(line, part, &labels, Some(histogram));
                    }
                }
                _ => {}
            },
            Source::Table(figure, count) => {
                if let SnapshotValue::Tables(tables) = (figure.read)(snapshot) {
                    for (table, counts) in tables {
                        let labels = with(&labels, row, 0, table);
                        self.value(line, row, &labels, (count.read)(counts));
                    }
                }
            }
            Source::Life(field) => {
                for life in source.newest_lives() {
                    let mut labels = labels.clone();
                    if !life.worker.is_empty() {
                        label(&mut labels, "worker", &life.worker);
                    }
                    let line = Line {
                        since: life.since,
                        ..line
                    };
                    self.value(line, row, &labels, (field.read)(life));
                }
            }
            Source::Partition(field) => {
                let states = states(row);
                for (partition, labels) in source.partitions() {
                    match (field.read)(partition) {
                        SnapshotValue::Status(status) => {
                            self.states(line, labels, &states, status);
                        }
                        value => self.value(line, row, labels, value),
                    }
                }
            }
        }
    }

    /// The samples of a figure that is no histogram.
    fn value(&mut self, line: Line<'_>, row: &Metric, labels: &str, value: SnapshotValue<'_>) {
        let last = row.labels.last().copied().unwrap_or_default();
        match value {
            SnapshotValue::Whole(count) | SnapshotValue::OptionalWhole(Some(count)) => {
                self.whole(line, labels, None, count);
            }
            SnapshotValue::Number(value) | SnapshotValue::OptionalNumber(Some(value)) => {
                self.number(line, labels, value);
            }
            SnapshotValue::Flag(flag) => self.whole(line, labels, None, flag.into()),
            SnapshotValue::Format(name) => self.whole(line, labels, Some((last, name)), 1),
            SnapshotValue::LagMethod(method) => {
                self.whole(line, labels, Some((last, method.name())), 1);
            }
            SnapshotValue::Status(status) => self.states(line, labels, &states(row), status),
            SnapshotValue::ByLabel(map) => {
                for (value, count) in map {
                    self.whole(line, labels, Some((last, value)), *count);
                }
            }
            SnapshotValue::ByStatus(map) => {
                let mut text = String::new();
                for (status, count) in map {
                    text.clear();
                    whole(&mut text, u64::from(*status));
                    self.whole(line, labels, Some((last, &text)), *count);
                }
            }
            SnapshotValue::SignedByLabel(map) => {
                for (value, count) in map {
                    self.begin(line.sample, labels, Some((last, value)));
                    self.out.push_str(if *count < 0 { "} -" } else { "} " });
                    line_end(&mut self.out, "", count.unsigned_abs());
                }
            }
            SnapshotValue::ByStage(map) => {
                for (stage, kinds) in map {
                    let labels = with(labels, row, 0, stage);
                    for (kind, count) in kinds {
                        self.whole(line, &labels, Some((last, kind)), *count);
                    }
                }
            }
            _ => {}
        }
    }

    /// A gauge for each state.
    fn states(&mut self, line: Line<'_>, labels: &str, states: &[State], status: Status) {
        // The first label has no comma before it.
        let start = usize::from(labels.is_empty());
        for (one, label) in states {
            self.out.push_str(line.sample);
            self.out.push_str(labels);
            self.out.push_str(label.get(start..).unwrap_or_default());
            self.out
                .push_str(if *one == status { "1\n" } else { "0\n" });
        }
    }

    fn whole(&mut self, line: Line<'_>, labels: &str, one: One<'_>, value: u64) {
        let close = self.begin(line.sample, labels, one);
        line_end(&mut self.out, close, value);
        if line.kind == MetricKind::Counter {
            self.created(line, labels, one);
        }
    }

    /// What is not finite is not known.
    fn number(&mut self, line: Line<'_>, labels: &str, value: f64) {
        if !value.is_finite() {
            return;
        }
        self.number_line(line.sample, labels, None, value);
        if line.kind == MetricKind::Counter {
            self.created(line, labels, None);
        }
    }

    fn number_line(&mut self, sample: &str, labels: &str, one: One<'_>, value: f64) {
        let close = self.begin(sample, labels, one);
        self.out.push_str(close);
        let (last, text) = &mut self.last;
        if last.to_bits() != value.to_bits() {
            *last = value;
            text.clear();
            number(text, value);
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// One of a histogram's own metrics; nothing of one whose fields do not fit together.
    fn histogram(
        &mut self,
        line: Line<'_>,
        part: Part,
        labels: &str,
        histogram: Option<&Histogram>,
    ) {
        let Some(histogram) = histogram.filter(|histogram| histogram.check().is_ok()) else {
            return;
        };
        let least_or_greatest = match part {
            Part::Least => histogram.min,
            Part::Greatest => histogram.max,
            Part::Life | Part::LastMinute => return self.buckets(line, labels, histogram),
        };
        if let Some(value) = least_or_greatest {
            self.number(line, labels, value);
        }
    }

    fn buckets(&mut self, line: Line<'_>, labels: &str, histogram: &Histogram) {
        let name = line.name();
        let comma = if labels.is_empty() { "" } else { "," };
        let bucket = format!("{name}_bucket{{{labels}{comma}le=\"");
        let infinite = core::iter::once(("+Inf", histogram.count));
        for (bound, count) in self.bounds.counted(histogram).chain(infinite) {
            self.out.push_str(&bucket);
            self.out.push_str(bound);
            line_end(&mut self.out, "\"} ", count);
        }
        let close = self.begin(&format!("{name}_sum{{"), labels, None);
        self.out.push_str(close);
        seconds(&mut self.out, histogram.sum_nanoseconds);
        self.out.push('\n');
        let close = self.begin(&format!("{name}_count{{"), labels, None);
        line_end(&mut self.out, close, histogram.count);
        self.created(line, labels, None);
    }

    /// Quantiles alone: a count and a sum would have to grow, and those of a minute do not.
    fn summary(&mut self, line: Line<'_>, labels: &str, histogram: Option<&Histogram>) {
        let Some(histogram) = histogram.filter(|histogram| histogram.check().is_ok()) else {
            return;
        };
        let between = QUANTILES.map(|(text, q)| (text, histogram.quantile(q)));
        let least = [("0", histogram.min)];
        let greatest = [("1", histogram.max)];
        for (text, value) in least.into_iter().chain(between).chain(greatest) {
            if let Some(value) = value {
                self.number_line(line.sample, labels, Some(("quantile", text)), value);
            }
        }
    }

    fn created(&mut self, line: Line<'_>, labels: &str, one: One<'_>) {
        if self.created && line.since.is_finite() {
            let sample = format!("{}_created{{", line.name());
            self.number_line(&sample, labels, one, line.since);
        }
    }

    /// A sample up to what stands before its value, which it gives. `sample` ends with a brace, which
    /// a sample without labels has not.
    fn begin(&mut self, sample: &str, labels: &str, one: One<'_>) -> &'static str {
        let out = &mut self.out;
        out.push_str(sample);
        out.push_str(labels);
        if let Some((name, value)) = one {
            label(out, name, value);
        } else if labels.is_empty() {
            out.pop();
            return " ";
        }
        "} "
    }
}

/// A state, and its label with all that stands around it: the comma before, the brace behind.
type State = (Status, String);

/// Those of a row that has any.
fn states(row: &Metric) -> Vec<State> {
    let name = match row.kind {
        MetricKind::States => row.labels.last().copied().unwrap_or_default(),
        _ => return Vec::new(),
    };
    let state = |one: &Status| (*one, format!(",{name}=\"{}\"}} ", one.name()));
    Status::ALL.iter().map(state).collect()
}

/// What the samples of a row have in common.
#[derive(Clone, Copy)]
struct Line<'a> {
    /// What a sample that is not one of several of a histogram starts with: its name and a brace.
    sample: &'a str,
    kind: MetricKind,
    since: f64,
}

impl<'a> Line<'a> {
    /// The family's name: without what a counter's samples end with.
    fn name(&self) -> &'a str {
        let name = self.sample.trim_end_matches('{');
        match self.kind {
            MetricKind::Counter => name.strip_suffix("_total").unwrap_or(name),
            _ => name,
        }
    }
}
