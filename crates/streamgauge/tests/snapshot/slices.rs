//! A snapshot in slices is the whole one.

use streamgauge::{Figures, Options, Snapshot, Taken};

/// Figures of 20 partitions, which came in an order that is not theirs.
fn figures() -> Figures {
    let mut figures = Figures::new(&Options::default()).unwrap();
    figures.begin(0.0);
    for number in 0..20_u32 {
        let topic = ["orders", "payments", "audit"][number as usize % 3];
        let index = figures.partition_index(topic, 100 - number).unwrap();
        figures.partition_assigned(index, 1.0);
        figures.end_offset_seen(index, u64::from(number) * 10, 2.0);
        figures.offset_committed(index, u64::from(number), 2.0);
    }
    figures
}

#[test]
fn the_slices_of_any_length_make_the_whole() {
    let mut whole = figures().snapshot(5.0);
    assert_eq!(whole.partitions.len(), 20);
    assert_eq!(whole.lag.records_sum, Some(9 * 190));
    for length in [1, 7, 20, 1000] {
        let mut figures = figures();
        let mut bytes = figures.snapshot_without_partitions(5.0).to_cbor();
        // The list that is empty stands last, and is opened for what follows.
        assert_eq!(bytes.pop(), Some(0x80));
        bytes.push(0x9F);
        let end = figures.partitions().index_count();
        assert_eq!(end, 20);
        for from in (0..end).step_by(length) {
            bytes.extend(figures.partitions_to_cbor(5.0, from, from + length as u32));
        }
        bytes.push(0xFF);
        let read = Snapshot::from_cbor(&bytes).unwrap();
        whole.sequence = read.sequence;
        assert_eq!(read, whole);
    }
}

#[test]
fn no_slice_has_what_is_not_there() {
    let mut figures = figures();
    assert!(figures.partitions_to_cbor(5.0, 20, 40).is_empty());
    assert!(figures.partitions_to_cbor(5.0, 9, 3).is_empty());
    assert!(
        figures
            .partitions_to_cbor(5.0, u32::MAX, u32::MAX)
            .is_empty()
    );
    let index = figures.partition_index("orders", 100).unwrap();
    figures.partition_taken(index, Taken::Revoked, 6.0);
    assert!(
        figures
            .partitions_to_cbor(6.0, index.number(), index.number() + 1)
            .is_empty()
    );
    assert!(!figures.partitions_to_cbor(6.0, 1, 2).is_empty());
}
