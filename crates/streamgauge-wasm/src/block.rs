//! Figures as one flat block of f64, which crosses the boundary at once.
//!
//! The block starts with its own length, in numbers, that one included. Each figure follows in the
//! order of the table of figures, by its shape:
//!
//! | shape | numbers |
//! |---|---|
//! | whole, seconds | the value |
//! | list of seconds | how many, the values |
//! | by label | how many, then for each: label's number, value |
//! | tables | how many, then for each: label's number, retrieved, updated, deleted |
//! | by status | how many, then for each: status, value |
//! | by partition | how many, then for each: topic's number, partition, value |
//!
//! A whole number over 2^53 loses its last bits. Labels and topics keep their numbers for as long as
//! `Figures::revision` stays, so until then the other side asks for a name ([`names`]) only when it
//! meets a new number.

use alloc::vec::Vec;

use streamgauge::{FIGURES, Family, Figure, Figures, LabelSlot, OffsetKind, PartitionIndex, Value};

/// What a block needs of a row of the table of figures.
#[derive(Clone, Copy)]
struct Row {
    in_asdict: bool,
    read: fn(&Figures) -> Value<'_>,
}

/// All rows. Alone, so that the module does not carry the table's words.
static ROWS: [Row; FIGURES.len()] = {
    const fn of(figure: &Figure) -> Row {
        Row {
            in_asdict: figure.asdict.is_some(),
            read: figure.read,
        }
    }
    let mut rows = [of(&FIGURES[0]); FIGURES.len()];
    let mut place = 1;
    while place < rows.len() {
        rows[place] = of(&FIGURES[place]);
        place += 1;
    }
    rows
};

/// Fills `block` with every figure of `asdict()`.
pub(crate) fn write_asdict(figures: &Figures, block: &mut Vec<f64>) {
    start(block);
    for row in ROWS.iter().filter(|row| row.in_asdict) {
        write_value(figures, (row.read)(figures), block);
    }
    finish(block);
}

/// Fills `block` with the figure in one row of the table, with nothing where there is no such row.
pub(crate) fn write_figure(figures: &Figures, row: usize, block: &mut Vec<f64>) {
    start(block);
    if let Some(row) = ROWS.get(row) {
        write_value(figures, (row.read)(figures), block);
    }
    finish(block);
}

/// The number that a row of the shapes whole and seconds holds, NaN for any other.
pub(crate) fn number(figures: &Figures, row: usize) -> f64 {
    match ROWS.get(row).map(|row| (row.read)(figures)) {
        Some(Value::Whole(value)) => value as f64,
        Some(Value::Seconds(value)) => value,
        _ => f64::NAN,
    }
}

/// Tells the names behind the numbers in a row's block, from number `from` on: labels, or topics.
pub(crate) fn names(figures: &Figures, row: usize, from: u32, tell: &mut dyn FnMut(&str)) {
    fn label<T: Default>(family: &Family<T>, number: u32) -> Option<&str> {
        let slot = LabelSlot::new(number);
        ((number as usize) < family.slot_count()).then(|| family.label(slot))
    }
    let value = ROWS.get(row).map(|row| (row.read)(figures));
    for number in from.. {
        let name = match value {
            Some(Value::WholeByLabel(family)) => label(family, number),
            Some(Value::SignedByLabel(family)) => label(family, number),
            Some(Value::Tables(family)) => label(family, number),
            Some(Value::OffsetByPartition(_) | Value::SecondsByPartition) => {
                let partitions = figures.partitions();
                ((number as usize) < partitions.topic_number_count())
                    .then(|| partitions.topic(number))
            }
            _ => None,
        };
        match name {
            Some(name) => tell(name),
            None => return,
        }
    }
}

fn start(block: &mut Vec<f64>) {
    block.clear();
    block.push(0.0);
}

fn finish(block: &mut [f64]) {
    block[0] = block.len() as f64;
}

fn write_value(figures: &Figures, value: Value<'_>, block: &mut Vec<f64>) {
    match value {
        Value::Whole(value) => block.push(value as f64),
        Value::Seconds(value) => block.push(value),
        Value::SecondsList(ring) => {
            let (older, newer) = ring.as_slices();
            block.push(ring.len() as f64);
            block.extend_from_slice(older);
            block.extend_from_slice(newer);
        }
        Value::WholeByLabel(family) => counted(block, 2, |block| {
            for (slot, value) in family.slots() {
                block.extend([f64::from(slot.number()), *value as f64]);
            }
        }),
        Value::SignedByLabel(family) => counted(block, 2, |block| {
            for (slot, value) in family.slots() {
                block.extend([f64::from(slot.number()), *value as f64]);
            }
        }),
        Value::Tables(family) => counted(block, 4, |block| {
            for (slot, counts) in family.slots() {
                block.extend([
                    f64::from(slot.number()),
                    counts.keys_retrieved as f64,
                    counts.keys_updated as f64,
                    counts.keys_deleted as f64,
                ]);
            }
        }),
        Value::WholeByStatus(codes) => {
            block.push(codes.iter().len() as f64);
            for (status, count) in codes.iter() {
                block.extend([f64::from(status), count as f64]);
            }
        }
        Value::OffsetByPartition(kind) => write_offsets(figures, kind, block),
        Value::SecondsByPartition => counted(block, 3, |block| {
            for (index, seconds) in figures.partitions().inbound_times() {
                write_partition(figures, index, seconds, block);
            }
        }),
    }
}

fn write_offsets(figures: &Figures, kind: OffsetKind, block: &mut Vec<f64>) {
    counted(block, 3, |block| {
        for (index, offset) in figures.partitions().offsets(kind) {
            write_partition(figures, index, offset as f64, block);
        }
    });
}

fn write_partition(figures: &Figures, index: PartitionIndex, value: f64, block: &mut Vec<f64>) {
    if let Some((topic, partition)) = figures.partitions().topic_and_partition(index) {
        block.extend([f64::from(topic), f64::from(partition), value]);
    }
}

/// Writes entries of `size` numbers behind their count.
fn counted(block: &mut Vec<f64>, size: usize, write: impl FnOnce(&mut Vec<f64>)) {
    let count_at = block.len();
    block.push(0.0);
    write(block);
    block[count_at] = ((block.len() - count_at - 1) / size) as f64;
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec;

    use super::*;
    use streamgauge::{LabelFamily, Limits, Start, TableCall};
    use wasm_bindgen_test::wasm_bindgen_test;

    fn row(name: &str) -> usize {
        FIGURES
            .iter()
            .position(|figure| figure.name == name)
            .unwrap()
    }

    fn names(figures: &Figures, row: usize, from: u32) -> Vec<String> {
        let mut names = Vec::new();
        super::names(figures, row, from, &mut |name| names.push(name.into()));
        names
    }

    fn block_of(figures: &Figures, name: &str) -> Vec<f64> {
        let mut block = vec![9.0; 3];
        write_figure(figures, row(name), &mut block);
        block
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn each_shape_is_written_behind_the_length_of_the_block() {
        let limits = Limits {
            max_avg_history: 2,
            ..Limits::default()
        };
        let mut figures = Figures::with_limits(limits).unwrap();
        assert!(figures.start(row("events_runtime"), Start::SecondsList(&[1.0, 2.0, 3.0])));
        assert_eq!(block_of(&figures, "events_runtime"), [4.0, 2.0, 2.0, 3.0]);

        let second = figures.partition_index("b", 7).unwrap();
        figures.message_in(second, 40, f64::NAN, 1.0);
        figures.partition_index("a", 0);
        assert_eq!(block_of(&figures, "messages_active"), [2.0, 1.0]);
        assert_eq!(
            block_of(&figures, "tp_read_offsets"),
            [5.0, 1.0, 0.0, 7.0, 40.0]
        );
        assert_eq!(names(&figures, row("tp_read_offsets"), 0), ["b", "a"]);
        assert_eq!(names(&figures, row("tp_end_offsets"), 1), ["a"]);

        let metric = figures.label_slot(LabelFamily::Metrics, "credits").unwrap();
        figures.count(metric, -3);
        assert_eq!(block_of(&figures, "metric_counts"), [4.0, 1.0, 1.0, -3.0]);
        assert_eq!(
            names(&figures, row("metric_counts"), 0),
            ["(other)", "credits"]
        );

        let table = figures.label_slot(LabelFamily::Tables, "users").unwrap();
        figures.table_call(table, TableCall::Set);
        assert_eq!(block_of(&figures, "tables"), [6.0, 1.0, 1.0, 0.0, 1.0, 0.0]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_block_of_asdict_is_its_figures_one_after_the_other() {
        let mut figures = Figures::with_limits(Limits::default()).unwrap();
        let partition = figures.partition_index("orders", 3).unwrap();
        figures.message_in(partition, 41, f64::NAN, 1.0);
        figures.commit_completed(1.0, 1.5);
        let metric = figures.label_slot(LabelFamily::Metrics, "credits").unwrap();
        figures.count(metric, 7);

        let mut whole = Vec::new();
        write_asdict(&figures, &mut whole);
        assert_eq!(whole[0], whole.len() as f64);
        let in_asdict = FIGURES.iter().filter(|figure| figure.asdict.is_some());
        let parts = in_asdict.flat_map(|figure| block_of(&figures, figure.name).split_off(1));
        assert_eq!(whole[1..], parts.collect::<Vec<_>>());
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_row_that_is_none_is_an_empty_block() {
        let figures = Figures::with_limits(Limits::default()).unwrap();
        let mut block = Vec::new();
        write_figure(&figures, FIGURES.len(), &mut block);
        assert_eq!(block, [1.0]);
        assert!(number(&figures, FIGURES.len()).is_nan());
        assert!(names(&figures, FIGURES.len(), 0).is_empty());
        assert_eq!(number(&figures, row("max_labels")), 2000.0);
    }
}
