//! Snapshots become text, a family at a time.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use streamgauge::Snapshot;

use crate::buckets::Bounds;
use crate::error::ExportError;
use crate::format::TextFormat;
use crate::labelled::Labelled;
use crate::metric::{Metric, MetricKind};
use crate::options::{ExportOptions, check_labels, check_prefix};
use crate::samples::Text;
use crate::table::metrics;
use crate::write::label;

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
    /// What a sample that is not one of several of a histogram starts with: its name and a brace.
    sample: String,
    open_metrics: String,
    classic: String,
}

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
        let created = self.created && format == TextFormat::OpenMetrics;
        let length = self.expected_length(snapshots);
        let mut text = Text::new(&self.bounds, created, length);
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
                    text.row(&family.sample, row, source);
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
            sample: format!("{name}{}{{", ending(metric.kind)),
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
