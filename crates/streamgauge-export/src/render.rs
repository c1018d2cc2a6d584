//! Snapshots become text, a family at a time.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use streamgauge::{Histogram, Life, PartitionFigures, Snapshot, SnapshotValue, Status};

use crate::buckets::Bounds;
use crate::error::ExportError;
use crate::format::TextFormat;
use crate::metric::{Metric, MetricKind, Part, Source};
use crate::options::{ExportOptions, check_labels, check_prefix};
use crate::table::metrics;
use crate::write::{label, number, seconds, whole};

/// Writes snapshots as text. Made once, used for every scrape: names and headers are ready in it.
///
/// ```
/// use streamgauge::{ManualClock, Monitor};
/// use streamgauge_export::{ExportOptions, Renderer, TextFormat};
///
/// let renderer = Renderer::new(&ExportOptions::default())?;
/// let snapshot = Monitor::new(ManualClock::new(0.0)).snapshot();
/// let text = renderer.render(TextFormat::OpenMetrics, &[snapshot])?;
/// assert!(text.contains("\nstreamgauge_messages_received_total 0\n"));
/// assert!(text.ends_with("\n# EOF\n"));
/// # Ok::<(), streamgauge_export::ExportError>(())
/// ```
#[derive(Debug)]
pub struct Renderer {
    families: Vec<Family>,
    /// The labels that every sample has.
    constant: String,
    bounds: Bounds,
    created: bool,
}

/// Rows of one name.
#[derive(Debug)]
struct Family {
    rows: Vec<Metric>,
    /// The name with its prefix, without what a sample's name ends with.
    name: String,
    open_metrics: String,
    classic: String,
}

/// The quantiles of a summary: its least and its greatest are known exactly.
const QUANTILES: [(&str, f64); 5] = [
    ("0.5", 0.5),
    ("0.9", 0.9),
    ("0.95", 0.95),
    ("0.99", 0.99),
    ("0.999", 0.999),
];

impl Renderer {
    /// Costs some hundred microseconds: more than a small scrape.
    ///
    /// # Errors
    /// A prefix or a label's name that Prometheus would not take, a label that figures have
    /// themselves or that is given twice, and buckets outside their range.
    pub fn new(options: &ExportOptions) -> Result<Self, ExportError> {
        let metrics = metrics();
        check_prefix(&options.prefix)?;
        check_labels(&options.labels, &metrics)?;
        let mut constant = String::new();
        for (name, value) in options.labels.iter().filter(|(_, value)| !value.is_empty()) {
            label(&mut constant, name, value);
        }
        let mut families = Vec::<Family>::new();
        for metric in metrics {
            match families.last_mut() {
                Some(family) if family.is_of(&metric) => family.rows.push(metric),
                _ => families.push(Family::of(metric, &options.prefix)),
            }
        }
        Ok(Self {
            families,
            constant,
            bounds: Bounds::of(options.buckets)?,
            created: options.created,
        })
    }

    /// About as long as the text will be, so that it is not copied as it grows.
    fn expected_length(&self, snapshots: &[Snapshot]) -> usize {
        const SNAPSHOT: usize = 48 << 10;
        const PARTITION: usize = 17 * 100;
        let of_one = |one: &Snapshot| SNAPSHOT + PARTITION * one.partitions.len();
        snapshots.iter().map(of_one).sum()
    }

    /// The text of one snapshot, of one worker or merged, or of one of each of several workers.
    ///
    /// Families stand in the order of the table, samples of one in the order of the snapshots, labels in
    /// theirs: the same snapshots give the same text. What is not known has no sample.
    ///
    /// # Errors
    /// Of several snapshots each must have a worker's name of its own: without, samples of one would be
    /// taken for another's. Nothing is written then.
    pub fn render(
        &self,
        format: TextFormat,
        snapshots: &[Snapshot],
    ) -> Result<String, ExportError> {
        check_workers(snapshots)?;
        let mut text = Text {
            out: String::with_capacity(self.expected_length(snapshots)),
            renderer: self,
            created: self.created && format == TextFormat::OpenMetrics,
        };
        let sources: Vec<_> = snapshots
            .iter()
            .map(|one| Labelled::of(one, &self.constant))
            .collect();
        for family in &self.families {
            let header = match format {
                TextFormat::OpenMetrics => &family.open_metrics,
                TextFormat::Prometheus => &family.classic,
            };
            let before = text.out.len();
            text.out.push_str(header);
            let headed = text.out.len();
            for source in &sources {
                for row in &family.rows {
                    text.row(&family.name, row, source);
                }
            }
            if text.out.len() == headed {
                text.out.truncate(before);
            }
        }
        if format == TextFormat::OpenMetrics {
            text.out.push_str("# EOF\n");
        }
        Ok(text.out)
    }
}

impl Family {
    fn of(metric: Metric, prefix: &str) -> Self {
        let name = format!("{prefix}{}", metric.name);
        let (open_metrics, classic) = match metric.kind {
            MetricKind::Counter => ("counter", "counter"),
            MetricKind::Gauge | MetricKind::States => ("gauge", "gauge"),
            MetricKind::Histogram => ("histogram", "histogram"),
            MetricKind::Summary => ("summary", "summary"),
            MetricKind::Info => ("info", "gauge"),
        };
        let help = &metric.help;
        let unit = match metric.unit {
            "" => String::new(),
            unit => format!("# UNIT {name} {unit}\n"),
        };
        let mut family = Self {
            open_metrics: format!("# TYPE {name} {open_metrics}\n{unit}# HELP {name} {help}\n"),
            classic: String::new(),
            rows: alloc::vec![metric],
            name,
        };
        // In classic text the family is called as its samples are.
        let (name, ending) = (&family.name, family.ending());
        let help = family.rows.first().map_or("", |row| &row.help);
        family.classic = format!("# HELP {name}{ending} {help}\n# TYPE {name}{ending} {classic}\n");
        family
    }

    fn is_of(&self, metric: &Metric) -> bool {
        self.rows.first().is_some_and(|row| row.name == metric.name)
    }

    /// What its samples' names end with.
    fn ending(&self) -> &'static str {
        self.rows.first().map_or("", |row| ending(row.kind))
    }
}

const fn ending(kind: MetricKind) -> &'static str {
    match kind {
        MetricKind::Counter => "_total",
        MetricKind::Info => "_info",
        _ => "",
    }
}

fn check_workers(snapshots: &[Snapshot]) -> Result<(), ExportError> {
    if snapshots.len() < 2 {
        return Ok(());
    }
    let mut names: Vec<_> = snapshots.iter().map(|snapshot| &*snapshot.worker).collect();
    names.sort_unstable();
    if names.first().is_some_and(|first| first.is_empty()) {
        let expected = "of workers with names where there are several";
        return Err(ExportError::new("snapshots", expected, ""));
    }
    for two in names.windows(2) {
        if let [name, same] = two
            && name == same
        {
            let expected = "of different workers where there are several";
            return Err(ExportError::new("snapshots", expected, *name));
        }
    }
    Ok(())
}

/// A snapshot, and the labels that its samples have as text.
struct Labelled<'a> {
    snapshot: &'a Snapshot,
    /// Of every sample.
    common: String,
    /// Of each partition's samples, with `common`, one behind the other, and where each ends.
    partitions: (String, Vec<usize>),
}

impl<'a> Labelled<'a> {
    fn of(snapshot: &'a Snapshot, constant: &str) -> Self {
        let mut common = String::from(constant);
        if !snapshot.worker.is_empty() {
            label(&mut common, "worker", &snapshot.worker);
        }
        let mut text = String::new();
        let mut ends = Vec::with_capacity(snapshot.partitions.len());
        let mut labels = String::new();
        for partition in &snapshot.partitions {
            labels.clear();
            labels.push_str(&common);
            // A merged snapshot has no worker's name; its partitions have those of their owners.
            if snapshot.worker.is_empty() && !partition.worker.is_empty() {
                label(&mut labels, "worker", &partition.worker);
            }
            label(&mut labels, "topic", &partition.topic);
            labels.push_str(",partition=\"");
            whole(&mut labels, partition.partition.into());
            labels.push('"');
            text.push_str(&labels);
            ends.push(text.len());
        }
        Self {
            snapshot,
            common,
            partitions: (text, ends),
        }
    }

    /// Every partition and its labels.
    fn partitions(&self) -> impl Iterator<Item = (&'a PartitionFigures, &str)> {
        let (text, ends) = &self.partitions;
        let mut start = 0;
        self.snapshot
            .partitions
            .iter()
            .zip(ends)
            .map(move |(partition, end)| {
                let labels: Range<usize> = start..*end;
                start = *end;
                (partition, text.get(labels).unwrap_or_default())
            })
    }

    /// The newest life of each worker that is merged in here. Of a sum that was given a name there are
    /// none: no sample can have two labels `worker`.
    fn newest_lives(&self) -> impl Iterator<Item = &'a Life> {
        let lives: &[Life] = match &*self.snapshot.worker {
            "" => &self.snapshot.merged,
            _ => &[],
        };
        lives.iter().enumerate().filter_map(|(place, life)| {
            let next = lives.get(place + 1);
            next.is_none_or(|next| next.worker != life.worker)
                .then_some(life)
        })
    }
}

/// A label of one sample beside those that it has anyway.
type One<'a> = Option<(&'a str, &'a str)>;

/// The text as far as it is written.
struct Text<'a> {
    out: String,
    renderer: &'a Renderer,
    created: bool,
}

impl Text<'_> {
    /// Every sample of a row.
    fn row(&mut self, name: &str, row: &Metric, source: &Labelled<'_>) {
        let snapshot = source.snapshot;
        let line = Line {
            name,
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
                for (partition, labels) in source.partitions() {
                    self.value(line, row, labels, (field.read)(partition));
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
            SnapshotValue::Status(status) => {
                for one in Status::ALL {
                    let is = u64::from(*one == status);
                    self.whole(line, labels, Some((last, one.name())), is);
                }
            }
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
                    self.begin(line, "", labels, Some((last, value)));
                    if *count < 0 {
                        self.out.push('-');
                    }
                    whole(&mut self.out, count.unsigned_abs());
                    self.out.push('\n');
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

    fn whole(&mut self, line: Line<'_>, labels: &str, one: One<'_>, value: u64) {
        self.begin(line, ending(line.kind), labels, one);
        whole(&mut self.out, value);
        self.out.push('\n');
        if line.kind == MetricKind::Counter {
            self.created(line, labels, one);
        }
    }

    /// What is not finite is not known.
    fn number(&mut self, line: Line<'_>, labels: &str, value: f64) {
        if !value.is_finite() {
            return;
        }
        self.begin(line, ending(line.kind), labels, None);
        number(&mut self.out, value);
        self.out.push('\n');
        if line.kind == MetricKind::Counter {
            self.created(line, labels, None);
        }
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
        let renderer = self.renderer;
        let infinite = core::iter::once(("+Inf", histogram.count));
        for (bound, count) in renderer.bounds.counted(histogram).chain(infinite) {
            self.begin(line, "_bucket", labels, Some(("le", bound)));
            whole(&mut self.out, count);
            self.out.push('\n');
        }
        self.begin(line, "_sum", labels, None);
        seconds(&mut self.out, histogram.sum_nanoseconds);
        self.out.push('\n');
        self.begin(line, "_count", labels, None);
        whole(&mut self.out, histogram.count);
        self.out.push('\n');
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
                self.begin(line, "", labels, Some(("quantile", text)));
                number(&mut self.out, value);
                self.out.push('\n');
            }
        }
    }

    fn created(&mut self, line: Line<'_>, labels: &str, one: One<'_>) {
        if self.created && line.since.is_finite() {
            self.begin(line, "_created", labels, one);
            number(&mut self.out, line.since);
            self.out.push('\n');
        }
    }

    /// A sample up to its value.
    fn begin(&mut self, line: Line<'_>, ending: &str, labels: &str, one: One<'_>) {
        let out = &mut self.out;
        out.push_str(line.name);
        out.push_str(ending);
        if !labels.is_empty() || one.is_some() {
            out.push('{');
            out.push_str(labels);
            if let Some((name, value)) = one {
                label(out, name, value);
            }
            out.push('}');
        }
        out.push(' ');
    }
}

/// What the samples of a row have in common.
#[derive(Clone, Copy)]
struct Line<'a> {
    name: &'a str,
    kind: MetricKind,
    since: f64,
}

/// `labels` with one more, the row's at `place`.
fn with(labels: &str, row: &Metric, place: usize, value: &str) -> String {
    let mut text = String::from(labels);
    label(
        &mut text,
        row.labels.get(place).copied().unwrap_or_default(),
        value,
    );
    text
}
