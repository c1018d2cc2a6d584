//! Starting values, figure by figure: the reverse of reading them through the table of figures.

use crate::anomaly::Anomaly;
use crate::counters::{Family, LabelSlot};
use crate::figures::{Figures, counted, started};
use crate::http::{HttpStatus, ResponseCodes};
use crate::names::too_long;
use crate::options::MAX_COUNT;
use crate::partitions::{OffsetKind, Partitions};
use crate::ring::Ring;
use crate::schema::FIGURES;
use crate::tables::TableCounts;

/// A starting value, or one entry of it, as `asdict()` has it.
#[derive(Debug, Clone, Copy)]
pub enum Start<'a> {
    /// A whole number.
    Whole(u64),
    /// Seconds.
    Seconds(f64),
    /// Seconds, oldest first; the newest stay.
    SecondsList(&'a [f64]),
    /// What was counted under a label.
    Label(&'a str, i64),
    /// What was done to a table.
    Table(&'a str, TableCounts),
    /// Responses with a status.
    Status(HttpStatus, u64),
    /// The offset of a topic-partition.
    Offset(&'a str, u32, u64),
}

impl Start<'_> {
    /// Whether a monitor can have it, whatever the figure: what [`Options::check`] asks.
    ///
    /// [`Options::check`]: crate::Options::check
    fn is_possible(&self) -> bool {
        let is_duration = |seconds: &f64| seconds.is_finite() && *seconds >= 0.0;
        match self {
            Start::Whole(count) | Start::Status(_, count) => *count <= MAX_COUNT,
            Start::Seconds(seconds) => is_duration(seconds),
            Start::SecondsList(values) => values.iter().all(is_duration),
            Start::Label(name, _) | Start::Offset(name, ..) => too_long(name).is_none(),
            Start::Table(name, counts) => {
                too_long(name).is_none() && counts.each().iter().all(|count| **count <= MAX_COUNT)
            }
        }
    }
}

/// Where a figure is kept.
pub(crate) enum Place<'a> {
    Whole(&'a mut u64),
    Seconds(&'a mut f64),
    SecondsList(&'a mut Ring),
    WholeByLabel(&'a mut Family<u64>),
    SignedByLabel(&'a mut Family<i64>),
    Tables(&'a mut Family<TableCounts>),
    WholeByStatus(&'a mut ResponseCodes),
    OffsetByPartition(OffsetKind, &'a mut Partitions),
    /// It has no starting value.
    None,
}

/// Where the figure of each row is kept: all that starting needs of the table. Alone, so that a
/// small module does not carry the table's words.
static PLACES: [fn(&mut Figures) -> Place<'_>; FIGURES.len()] = {
    let mut places = [FIGURES[0].place; FIGURES.len()];
    let mut row = 1;
    while row < places.len() {
        places[row] = FIGURES[row].place;
        row += 1;
    }
    places
};

impl Figures {
    /// Gives the figure in one row of [`FIGURES`] a starting value, or adds an entry to it. Before
    /// the first hook. False, and nothing changed, where the figure takes none of this shape, a
    /// count is over [`MAX_COUNT`], seconds are negative or not finite, or the name is too long. A
    /// label without room counts under `(other)`, a topic-partition without
    /// room is left out; both count as an anomaly.
    pub fn start(&mut self, row: usize, value: Start<'_>) -> bool {
        let Some(place) = PLACES.get(row) else {
            return false;
        };
        if !value.is_possible() {
            return false;
        }
        let overflow = match (place(self), value) {
            (Place::Whole(total), Start::Whole(start)) => {
                *total = start;
                None
            }
            (Place::Seconds(seconds), Start::Seconds(start)) => {
                *seconds = start;
                None
            }
            (Place::SecondsList(ring), Start::SecondsList(values)) => {
                ring.extend(values);
                None
            }
            (Place::WholeByLabel(family), Start::Label(label, count)) => {
                let Some(count) = u64::try_from(count)
                    .ok()
                    .filter(|count| *count <= MAX_COUNT)
                else {
                    return false;
                };
                add(family, label, |total| *total = started(*total, count))
            }
            (Place::SignedByLabel(family), Start::Label(label, count)) => {
                add(family, label, |total| *total = counted(*total, count))
            }
            (Place::Tables(family), Start::Table(table, counts)) => {
                add(family, table, |total| total.add(&counts))
            }
            (Place::WholeByStatus(codes), Start::Status(status, count)) => {
                codes.add(status, count);
                None
            }
            (
                Place::OffsetByPartition(kind, partitions),
                Start::Offset(topic, partition, offset),
            ) => match partitions.index(topic, partition) {
                Some(index) => {
                    if let Some(partition) = partitions.at(index) {
                        partition.set_offset(kind, offset);
                    }
                    None
                }
                None => Some(Anomaly::PartitionOverLimit),
            },
            _ => return false,
        };
        if let Some(kind) = overflow {
            self.note(kind);
        }
        // The next sample measures growth from here.
        self.restart_sampler();
        true
    }
}

fn add<T: Default>(
    family: &mut Family<T>,
    label: &str,
    add: impl FnOnce(&mut T),
) -> Option<Anomaly> {
    let slot = family.slot(label);
    if let Some(value) = family.at(slot.unwrap_or(LabelSlot::OTHER)) {
        add(value);
    }
    slot.is_none().then_some(Anomaly::LabelOverLimit)
}
