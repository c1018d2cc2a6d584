//! Many monitors' figures as one: a cluster's.

mod combine;
mod lives;
mod partitions;
mod unknown;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use self::combine::combine;
use self::lives::{Input, Selection};
use crate::error::Error;
use crate::snapshot::parts::Life;
use crate::snapshot::table::{MergeRule, SnapshotFigure, each_row};
use crate::snapshot::value::{Place, SnapshotValue};
use crate::snapshot::{SNAPSHOT, Snapshot};

/// Why snapshots cannot be merged.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum MergeError {
    /// There is no snapshot.
    Nothing,
    /// Two snapshots of one life differ and carry the same number and time.
    Contradiction {
        /// The worker.
        worker: String,
        /// When the monitor was made, Unix time.
        since: f64,
    },
    /// A life is in a merged snapshot, and also in another or alone: it would count twice.
    Twice {
        /// The worker.
        worker: String,
        /// When the monitor was made, Unix time.
        since: f64,
    },
    /// A merged snapshot holds the gauges of a life that was not its worker's last.
    Outlived {
        /// The worker.
        worker: String,
        /// When the monitor was made whose gauges are in there, Unix time.
        since: f64,
        /// When the worker's newest monitor was made, Unix time.
        newest: f64,
    },
    /// A histogram cannot be added.
    Histogram {
        /// The figure, by its path in [`SNAPSHOT`].
        path: &'static str,
        /// Why.
        reason: Error,
    },
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MergeError::Nothing => f.write_str("there is no snapshot to merge"),
            MergeError::Contradiction { worker, since } => write!(
                f,
                "two snapshots of worker {worker:?} since {since} carry the same number and time \
                 but other figures"
            ),
            MergeError::Twice { worker, since } => write!(
                f,
                "worker {worker:?} since {since} is in a merged snapshot and comes again"
            ),
            MergeError::Outlived {
                worker,
                since,
                newest,
            } => write!(
                f,
                "worker {worker:?} started again at {newest}, and its gauges since {since} are in \
                 a merged snapshot"
            ),
            MergeError::Histogram { path, reason } => write!(f, "{path}: {reason}"),
        }
    }
}

impl core::error::Error for MergeError {}

/// Adds up the snapshots of many monitors. The order in which they come makes no difference.
///
/// A life is a monitor from its making on: worker and `since`. Of one life's snapshots the newest
/// counts (the highest `sequence`, then the latest `at`). A worker that started again has a further
/// life: counters and histograms of all its lives add up, gauges and partitions are those of its
/// newest. Workers without a name are different workers where `since` differs. How each figure
/// merges is its [`MergeRule`] in [`SNAPSHOT`].
///
/// A partition that several workers tell of is the owner's, else of who told last (`at`), else of
/// the worker whose name comes first. `lag` and `health` are computed from the merged partitions.
/// Of an unknown field the value of the newest snapshot stays.
///
/// Merged snapshots merge again, with others and in any grouping, as long as no life is in two of
/// them. So a thousand snapshots need not be in memory at once: merge some, then merge that with
/// the next. Counters that outgrow 64 bits stop there; so do metrics, whose sum is then no longer
/// exact.
///
/// # Errors
/// No snapshots, and what cannot be added up without counting something twice: see [`MergeError`].
pub fn merge(snapshots: &[Snapshot]) -> Result<Snapshot, MergeError> {
    let selection = Selection::of(snapshots)?;
    let mut merged = Snapshot::default();
    for input in &selection.inputs {
        add(&mut merged, input)?;
    }
    merged.partitions = partitions::chosen(&selection.inputs);
    merged.merged = selection.lives();
    unknown::union(&mut merged, &selection.inputs);
    frame(&mut merged);
    merged.summarize();
    Ok(merged)
}

/// What adding needs of a row.
struct Addend {
    path: &'static str,
    merge: MergeRule,
    read: for<'a> fn(&'a Snapshot) -> SnapshotValue<'a>,
    place: Option<for<'a> fn(&'a mut Snapshot) -> Place<'a>>,
}

impl Addend {
    const fn of(figure: &SnapshotFigure) -> Self {
        Self {
            path: figure.path,
            merge: figure.merge,
            read: figure.read,
            place: figure.place,
        }
    }
}

static ADDENDS: [Addend; SNAPSHOT.len()] = each_row!(SNAPSHOT, Addend::of);

fn add(merged: &mut Snapshot, input: &Input<'_>) -> Result<(), MergeError> {
    for figure in &ADDENDS {
        let gauge = matches!(
            figure.merge,
            MergeRule::Sum | MergeRule::Max | MergeRule::Min | MergeRule::Either
        );
        let Some(place) = figure.place.filter(|_| input.newest || !gauge) else {
            continue;
        };
        let value = (figure.read)(input.snapshot);
        combine(figure.merge, input.newest, place(merged), value).map_err(|error| {
            MergeError::Histogram {
                path: figure.path,
                reason: error,
            }
        })?;
    }
    Ok(())
}

/// What stands at the head of a merged snapshot follows from its lives.
fn frame(merged: &mut Snapshot) {
    let lives: &Vec<Life> = &merged.merged;
    let since = lives.iter().map(|life| life.since).min_by(f64::total_cmp);
    let at = lives.iter().map(|life| life.at).max_by(f64::total_cmp);
    merged.since = since.unwrap_or_default();
    merged.at = at.unwrap_or_default();
    merged.sequence = lives.len() as u64;
}
