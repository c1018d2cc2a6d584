//! The core's `Figures` as JavaScript calls it: starting values, reading, look-ups.
//!
//! Exports take and give numbers and addresses. An address is that of what `figures_new` or `desk` made,
//! until `figures_free`; `js/core.ts` alone calls them, and sees to that.

pub mod hooks;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use streamgauge::{
    Anomaly, Figures as Core, HttpStatus, LabelFamily, LabelSlot, PartitionIndex, Start,
    TableCounts, decimal,
};

use crate::block;
use crate::desk::Desk;
use crate::limits;
use crate::log::{Before, LOG_LENGTH};

/// Stands for "no such partition", "no task", "no name".
const NONE: u32 = u32::MAX;

/// The families of labels, by the numbers that JavaScript has for them.
const FAMILIES: [LabelFamily; 11] = [
    LabelFamily::ReceivedTopics,
    LabelFamily::SentTopics,
    LabelFamily::BufferFullTopics,
    LabelFamily::ErrorKinds,
    LabelFamily::ErrorTopics,
    LabelFamily::RetryTopics,
    LabelFamily::DeadLetterTopics,
    LabelFamily::Streams,
    LabelFamily::Tasks,
    LabelFamily::Tables,
    LabelFamily::Metrics,
];

/// One monitor's figures.
///
/// `now` is the clock's reading, finite.
pub struct Figures {
    core: Core,
    block: Vec<f64>,
    log: Vec<f64>,
    before: Before,
}

/// A label that there need not be.
fn given(label: u32) -> Option<LabelSlot> {
    (label != NONE).then_some(LabelSlot::new(label))
}

/// Figures with the limits that the desk has, each as its row in the table of figures and its value;
/// the others have their defaults. 0 where one is refused.
#[unsafe(no_mangle)]
pub extern "C" fn figures_new(desk: &mut Desk) -> Option<Box<Figures>> {
    let core = Core::with_limits(limits::read(&desk.take_numbers())).ok()?;
    Some(Box::new(Figures {
        core,
        block: Vec::new(),
        log: vec![0.0; LOG_LENGTH],
        before: Before::NOTHING,
    }))
}

/// The address means nothing any more.
#[unsafe(no_mangle)]
pub extern "C" fn figures_free(_: Box<Figures>) {}

/// Who is monitored, in snapshots.
#[unsafe(no_mangle)]
pub extern "C" fn figures_set_worker(figures: &mut Figures, desk: &Desk, length: u32) {
    figures.core.set_worker(desk.text(length));
}

/// Time counts from `now` on. Once, after the starting values.
#[unsafe(no_mangle)]
pub extern "C" fn figures_begin(figures: &mut Figures, now: f64) {
    figures.core.begin(now);
}

/// A starting value, or one entry of it, for a row of the table of figures. False where the row takes
/// none of the kind. `length` is that of the label on the desk.
#[unsafe(no_mangle)]
pub extern "C" fn figures_start(
    figures: &mut Figures,
    desk: &mut Desk,
    row: u32,
    kind: u32,
    length: u32,
    first: f64,
    second: f64,
    third: f64,
) -> bool {
    let numbers = desk.take_numbers();
    let start = match kind {
        0 => Start::Whole(first as u64),
        1 => Start::Seconds(first),
        2 => Start::SecondsList(&numbers),
        3 => Start::Label(desk.text(length), first as i64),
        4 => {
            let counts = TableCounts {
                keys_retrieved: first as u64,
                keys_updated: second as u64,
                keys_deleted: third as u64,
            };
            Start::Table(desk.text(length), counts)
        }
        5 => match HttpStatus::new(first as u16) {
            Ok(status) => Start::Status(status, second as u64),
            Err(_) => return false,
        },
        _ => Start::Offset(desk.text(length), first as u32, second as u64),
    };
    figures.core.start(row as usize, start)
}

// Reading.

/// Where the block of `asdict()` lies; valid until the next call of any kind.
#[unsafe(no_mangle)]
pub extern "C" fn figures_asdict_block(figures: &mut Figures) -> *const f64 {
    block::write_asdict(&figures.core, &mut figures.block);
    figures.block.as_ptr()
}

/// Where the block of one row of the table of figures lies.
#[unsafe(no_mangle)]
pub extern "C" fn figures_figure_block(figures: &mut Figures, row: u32) -> *const f64 {
    block::write_figure(&figures.core, row as usize, &mut figures.block);
    figures.block.as_ptr()
}

/// The number in a row of the shapes whole and seconds.
#[unsafe(no_mangle)]
pub extern "C" fn figures_number(figures: &Figures, row: u32) -> f64 {
    block::number(&figures.core, row as usize)
}

/// Puts the names behind a row's numbers on the desk, from number `from` on.
#[unsafe(no_mangle)]
pub extern "C" fn figures_names(figures: &Figures, desk: &mut Desk, row: u32, from: u32) {
    desk.clear();
    block::names(&figures.core, row as usize, from, &mut |name| {
        desk.add_text(name);
    });
}

/// How often an anomaly was seen; 0 for a kind that is none.
#[unsafe(no_mangle)]
pub extern "C" fn figures_anomaly(figures: &Figures, kind: u32) -> f64 {
    let kind = Anomaly::ALL.get(kind as usize);
    kind.map_or(0.0, |kind| figures.core.anomalies().count(*kind) as f64)
}

/// Counts an anomaly that JavaScript saw.
#[unsafe(no_mangle)]
pub extern "C" fn figures_note(figures: &mut Figures, kind: u32) {
    if let Some(kind) = Anomaly::ALL.get(kind as usize) {
        figures.core.note(*kind);
    }
}

/// The kinds of anomaly seen for the first time since the last call, as bits.
#[unsafe(no_mangle)]
pub extern "C" fn figures_take_unreported(figures: &mut Figures) -> u32 {
    figures.core.take_unreported()
}

/// Changes whenever the number of a label or partition may have got another meaning.
#[unsafe(no_mangle)]
pub extern "C" fn figures_revision(figures: &Figures) -> u32 {
    figures.core.revision()
}

/// Puts every figure on the desk, in the snapshot's CBOR form.
#[unsafe(no_mangle)]
pub extern "C" fn figures_snapshot(figures: &mut Figures, desk: &mut Desk, now: f64) {
    desk.give(figures.core.snapshot(now).to_cbor());
}

/// The same without the partitions, whose list is empty and stands last.
#[unsafe(no_mangle)]
pub extern "C" fn figures_snapshot_without_partitions(
    figures: &mut Figures,
    desk: &mut Desk,
    now: f64,
) {
    desk.give(figures.core.snapshot_without_partitions(now).to_cbor());
}

/// Puts on the desk what stands in that list, of the partitions whose numbers are in `from..to`.
#[unsafe(no_mangle)]
pub extern "C" fn figures_partition_rows(
    figures: &mut Figures,
    desk: &mut Desk,
    now: f64,
    from: u32,
    to: u32,
) {
    desk.give(figures.core.partitions_to_cbor(now, from, to));
}

/// The end of the partitions' numbers.
#[unsafe(no_mangle)]
pub extern "C" fn figures_partition_numbers(figures: &Figures) -> u32 {
    figures.core.partitions().index_count()
}

/// Puts what changed in health on the desk, five texts each: topic, partition, status before, after,
/// reason. Of the group the first two are empty, and the reason begins with its worst partition.
#[unsafe(no_mangle)]
pub extern "C" fn figures_health_changes(figures: &mut Figures, desk: &mut Desk, now: f64) {
    desk.clear();
    figures.core.health_changes(now, |change| {
        let (topic, partition) = match change.partition {
            Some((topic, partition)) => (topic, decimal(partition.into())),
            None => ("", String::new()),
        };
        let mut reason = String::new();
        if let Some((topic, partition)) = change.worst {
            for part in [topic, "/", &decimal(partition.into()), ": "] {
                reason.push_str(part);
            }
        }
        reason.push_str(&change.reason.words());
        let (before, after) = (change.before.name(), change.after.name());
        for text in [topic, &partition, before, after, &reason] {
            desk.add_text(text);
        }
    });
}

// Look-ups.

/// The number of a topic-partition, `NONE` where there is no room.
#[unsafe(no_mangle)]
pub extern "C" fn figures_partition(
    figures: &mut Figures,
    desk: &Desk,
    length: u32,
    partition: u32,
) -> u32 {
    let index = figures.core.partition_index(desk.text(length), partition);
    index.map_or(NONE, PartitionIndex::number)
}

/// The number of a label in one of the families, `NONE` where it has none.
#[unsafe(no_mangle)]
pub extern "C" fn figures_label(
    figures: &mut Figures,
    desk: &Desk,
    length: u32,
    family: u32,
) -> u32 {
    let Some(family) = FAMILIES.get(family as usize) else {
        return NONE;
    };
    let slot = figures.core.label_slot(*family, desk.text(length));
    slot.map_or(NONE, LabelSlot::number)
}
