//! Where a consumer is, told without a message.

use proptest::prelude::*;
use streamgauge::{
    LagMethod, ManualClock, Message, Monitor, Options, PartitionFigures, Sensor, TopicPartition,
};

const EPOCH: f64 = 1_700_000_000.0;
const ORDERS: TopicPartition<'static> = TopicPartition::new("orders", 3);

fn monitor(clock: &ManualClock) -> Monitor<&ManualClock> {
    let options = Options {
        epoch: EPOCH,
        ..Options::default()
    };
    Monitor::with_options(&options, clock).unwrap()
}

/// Reads a record that was written at this second of the clock.
fn read(monitor: &mut Monitor<&ManualClock>, offset: u64, written: f64) {
    let timestamp = Some(((EPOCH + written) * 1000.0) as i64);
    let mut message = Message {
        timestamp,
        ..Message::default()
    };
    monitor.on_message_in(ORDERS, offset, &mut message);
    monitor.on_message_out(ORDERS, offset, &mut message);
}

fn orders(monitor: &mut Monitor<&ManualClock>) -> PartitionFigures {
    let mut partitions = monitor.snapshot().partitions;
    assert_eq!(partitions.len(), 1);
    partitions.remove(0)
}

#[test]
fn a_marker_at_the_end_is_no_lag_though_nothing_is_committed() {
    let clock = ManualClock::new(100.0);
    let mut monitor = monitor(&clock);
    read(&mut monitor, 40, 98.0);
    read(&mut monitor, 41, 99.0);
    monitor.track_tp_end_offset(ORDERS, 43);
    assert_eq!(orders(&mut monitor).lag, Some(1));
    let (dict, received) = (monitor.asdict(), monitor.snapshot().messages.received);
    monitor.on_position(ORDERS, 43);
    let of = orders(&mut monitor);
    assert_eq!((of.position, of.lag), (Some(43), Some(0)));
    assert_eq!(
        (of.lag_seconds, of.lag_method),
        (Some(0.0), LagMethod::None)
    );
    assert_eq!((of.committed, of.committed_lag), (None, None));
    assert_eq!(monitor.asdict(), dict);
    assert_eq!(monitor.asdict().topic_read_offsets["orders"][&3], 41);
    assert_eq!((received, monitor.snapshot().messages.received), (2, 2));
    // The next transaction's record lies behind the marker.
    monitor.track_tp_end_offset(ORDERS, 45);
    assert_eq!(orders(&mut monitor).lag, Some(2));
    read(&mut monitor, 43, 100.0);
    assert_eq!(orders(&mut monitor).lag, Some(1));
}

#[test]
fn it_goes_forward_and_back_and_a_read_decides_again() {
    let clock = ManualClock::new(100.0);
    let mut monitor = monitor(&clock);
    monitor.track_tp_end_offset(ORDERS, 100);
    monitor.on_position(ORDERS, 10);
    assert_eq!(orders(&mut monitor).lag, Some(90));
    read(&mut monitor, 41, 99.0);
    assert_eq!(orders(&mut monitor).lag, Some(58));
    monitor.on_position(ORDERS, 70);
    assert_eq!(orders(&mut monitor).lag, Some(30));
    monitor.on_position(ORDERS, 5);
    assert_eq!(orders(&mut monitor).lag, Some(95));
    read(&mut monitor, 5, 99.0);
    assert_eq!(orders(&mut monitor).lag, Some(94));
    monitor.on_tp_commit(&[(ORDERS, 20)]);
    monitor.on_position(ORDERS, 12);
    let of = orders(&mut monitor);
    assert_eq!((of.position, of.committed), (Some(12), Some(20)));
    assert_eq!((of.lag, of.committed_lag), (Some(88), Some(80)));
    // What stands for no offset says nothing.
    monitor.on_position(ORDERS, u64::MAX);
    assert_eq!(orders(&mut monitor).position, Some(12));
    // Beyond the end is no negative lag.
    monitor.on_position(ORDERS, 104);
    let of = orders(&mut monitor);
    assert_eq!((of.position, of.lag), (Some(104), Some(0)));
}

/// The lag once the next record is at `offset`.
fn at(monitor: &mut Monitor<&ManualClock>, offset: u64) -> (Option<u64>, Option<f64>, LagMethod) {
    monitor.on_position(ORDERS, offset);
    let of = orders(monitor);
    (of.lag, of.lag_seconds, of.lag_method)
}

#[test]
fn the_age_of_the_last_record_read_counts_until_one_from_before_it_is_next() {
    let clock = ManualClock::new(100.0);
    let mut monitor = monitor(&clock);
    read(&mut monitor, 41, 93.5);
    monitor.track_tp_end_offset(ORDERS, 100);
    clock.advance(3.0);
    let by_record = LagMethod::Timestamp;
    assert_eq!(at(&mut monitor, 60), (Some(40), Some(9.5), by_record));
    assert_eq!(at(&mut monitor, 100), (Some(0), Some(0.0), LagMethod::None));
    assert_eq!(at(&mut monitor, 99), (Some(1), Some(9.5), by_record));
    // What comes next may be older than the last one read. Then what was seen of the end decides,
    // which is kept with the health.
    let (seconds, method) = match cfg!(feature = "health") {
        true => (Some(3.0), LagMethod::AtLeast),
        false => (None, LagMethod::Unknown),
    };
    assert_eq!(at(&mut monitor, 42), (Some(58), seconds, method));
    read(&mut monitor, 41, 93.5);
    // The record itself comes again.
    assert_eq!(at(&mut monitor, 41), (Some(59), Some(9.5), by_record));
    assert_eq!(at(&mut monitor, 39), (Some(61), seconds, method));
    read(&mut monitor, 39, 92.0);
    let of = orders(&mut monitor);
    assert_eq!((of.lag_seconds, of.lag_method), (Some(11.0), by_record));
}

#[test]
fn of_a_partition_that_was_taken_it_is_believed_as_a_record_is() {
    let clock = ManualClock::new(100.0);
    let mut told = monitor(&clock);
    told.on_partitions_assigned(&[ORDERS]);
    told.on_partitions_revoked(&[ORDERS]);
    told.on_position(ORDERS, 50);
    assert_eq!(told.snapshot().partitions.len(), 0);
    told.on_partitions_assigned(&[ORDERS]);
    assert_eq!(orders(&mut told).position, None);
    told.on_position(ORDERS, 50);
    assert_eq!(orders(&mut told).position, Some(50));

    // Where nobody tells of assignments, it comes back.
    let mut untold = monitor(&clock);
    untold.on_position(ORDERS, 50);
    untold.on_partitions_revoked(&[ORDERS]);
    assert_eq!(untold.snapshot().partitions.len(), 0);
    untold.on_position(ORDERS, 60);
    let of = orders(&mut untold);
    assert_eq!((of.position, of.owned), (Some(60), true));
}

proptest! {
    #[test]
    fn it_is_what_was_said_last_or_a_commit_beyond_that(
        calls in proptest::collection::vec((0_usize..3, 0_u64..50), 1..60),
    ) {
        let clock = ManualClock::new(100.0);
        let mut monitor = monitor(&clock);
        monitor.track_tp_end_offset(ORDERS, 60);
        let mut said = None;
        let mut committed = None;
        for (kind, offset) in calls {
            match kind {
                0 => {
                    read(&mut monitor, offset, 99.0);
                    said = Some(offset + 1);
                }
                1 => {
                    monitor.on_position(ORDERS, offset);
                    said = Some(offset);
                }
                _ => {
                    monitor.on_tp_commit(&[(ORDERS, offset)]);
                    said = said.map(|said: u64| offset.max(said));
                    committed = Some(offset);
                }
            }
            let wanted = said.or(committed);
            let of = orders(&mut monitor);
            prop_assert_eq!((of.position, of.lag), (wanted, wanted.map(|at| 60 - at)));
        }
    }
}
