//! Lag: in records and in seconds, by every method, and who holds the partition.

use proptest::prelude::*;
use streamgauge::{
    LagMethod, ManualClock, Message, Monitor, Options, PartitionFigures, Sensor, TopicPartition,
};

const EPOCH: f64 = 1_700_000_000.0;

fn monitor(clock: &ManualClock) -> Monitor<&ManualClock> {
    let options = Options {
        epoch: EPOCH,
        ..Options::default()
    };
    Monitor::with_options(&options, clock).unwrap()
}

fn tp(partition: u32) -> TopicPartition<'static> {
    TopicPartition::new("orders", partition)
}

/// Reads a record that was written at this second of the clock.
fn read(monitor: &mut Monitor<&ManualClock>, partition: u32, offset: u64, written: Option<f64>) {
    let timestamp = written.map(|second| ((EPOCH + second) * 1000.0) as i64);
    let mut message = Message {
        timestamp,
        ..Message::default()
    };
    monitor.on_message_in(tp(partition), offset, &mut message);
    monitor.on_message_out(tp(partition), offset, &mut message);
}

fn partition(monitor: &mut Monitor<&ManualClock>, number: u32) -> PartitionFigures {
    let partitions = monitor.snapshot().partitions;
    let found = partitions.into_iter().find(|p| p.partition == number);
    found.expect("the partition is known")
}

#[test]
fn records_are_counted_from_the_position_and_from_the_committed_offset() {
    let clock = ManualClock::new(10.0);
    let mut monitor = monitor(&clock);
    read(&mut monitor, 0, 41, None);
    monitor.on_tp_commit(&[(tp(0), 30)]);
    monitor.track_tp_end_offset(tp(0), 100);
    let of = partition(&mut monitor, 0);
    assert_eq!(
        (of.position, of.committed, of.end),
        (Some(42), Some(30), Some(100))
    );
    assert_eq!((of.lag, of.committed_lag), (Some(58), Some(70)));
}

#[test]
fn an_end_offset_that_is_not_known_makes_the_lag_unknown() {
    let clock = ManualClock::new(10.0);
    let mut monitor = monitor(&clock);
    read(&mut monitor, 0, 41, Some(9.0));
    let of = partition(&mut monitor, 0);
    assert_eq!(
        (of.lag, of.committed_lag, of.lag_seconds),
        (None, None, None)
    );
    assert_eq!(of.lag_method, LagMethod::Unknown);
    let lag = monitor.snapshot().lag;
    assert_eq!(
        (lag.records_max, lag.records_sum, lag.seconds_max),
        (None, None, None)
    );
    assert_eq!((lag.partitions_known, lag.partitions_unknown), (0, 1));
}

#[test]
fn an_end_offset_alone_says_no_lag_either() {
    let clock = ManualClock::new(10.0);
    let mut monitor = monitor(&clock);
    monitor.track_tp_end_offset(tp(0), 100);
    let of = partition(&mut monitor, 0);
    assert_eq!((of.lag, of.lag_seconds), (None, None));
}

#[test]
fn what_was_committed_is_the_position_before_the_first_read() {
    let clock = ManualClock::new(10.0);
    let mut monitor = monitor(&clock);
    monitor.on_tp_commit(&[(tp(0), 30)]);
    monitor.track_tp_end_offset(tp(0), 100);
    assert_eq!(partition(&mut monitor, 0).lag, Some(70));
}

#[test]
fn a_transactions_marker_is_no_lag_once_it_is_committed() {
    let clock = ManualClock::new(10.0);
    let mut monitor = monitor(&clock);
    monitor.on_tp_commit(&[(tp(0), 40)]);
    // Two records and their marker, which no client hands over.
    monitor.track_tp_end_offset(tp(0), 43);
    read(&mut monitor, 0, 40, Some(9.0));
    read(&mut monitor, 0, 41, Some(9.0));
    assert_eq!(partition(&mut monitor, 0).lag, Some(1));
    monitor.on_tp_commit(&[(tp(0), 43)]);
    let of = partition(&mut monitor, 0);
    assert_eq!((of.position, of.committed), (Some(43), Some(43)));
    assert_eq!((of.lag, of.lag_seconds), (Some(0), Some(0.0)));
    assert_eq!(of.lag_method, LagMethod::None);
    // Faust's own maps keep to what they were told.
    let dict = monitor.asdict();
    assert_eq!(dict.topic_read_offsets["orders"][&0], 41);
    assert_eq!(dict.topic_committed_offsets["orders"][&0], 43);
    // Who goes back reads again what was committed.
    read(&mut monitor, 0, 19, None);
    let of = partition(&mut monitor, 0);
    assert_eq!((of.position, of.lag), (Some(20), Some(23)));
    // A commit that comes late says nothing of records beyond it.
    monitor.on_tp_commit(&[(tp(0), 15)]);
    assert_eq!(partition(&mut monitor, 0).position, Some(20));
}

proptest! {
    #[test]
    fn the_position_is_beyond_the_last_read_and_the_commits_since(
        calls in proptest::collection::vec((any::<bool>(), 0_u64..50), 1..60),
    ) {
        let clock = ManualClock::new(10.0);
        let mut monitor = monitor(&clock);
        monitor.track_tp_end_offset(tp(0), 60);
        let mut last_read = None;
        for (place, (is_read, offset)) in calls.iter().enumerate() {
            if *is_read {
                last_read = Some(place);
                read(&mut monitor, 0, *offset, None);
            } else {
                monitor.on_tp_commit(&[(tp(0), *offset)]);
            }
            let wanted = match last_read {
                Some(at) => calls[at + 1..=place].iter().map(|(_, offset)| *offset).fold(calls[at].1 + 1, u64::max),
                None => *offset,
            };
            let of = partition(&mut monitor, 0);
            prop_assert_eq!((of.position, of.lag), (Some(wanted), Some(60 - wanted)));
        }
    }
}

#[test]
fn an_end_offset_older_than_the_last_read_is_no_negative_lag() {
    let clock = ManualClock::new(10.0);
    let mut monitor = monitor(&clock);
    monitor.track_tp_end_offset(tp(0), 10);
    read(&mut monitor, 0, 41, None);
    let of = partition(&mut monitor, 0);
    assert_eq!((of.lag, of.lag_seconds), (Some(0), Some(0.0)));
    assert_eq!(of.lag_method, LagMethod::None);
}

#[test]
fn seconds_are_the_age_of_the_last_record_read_where_it_has_a_timestamp() {
    let clock = ManualClock::new(100.0);
    let mut monitor = monitor(&clock);
    read(&mut monitor, 0, 41, Some(93.5));
    monitor.track_tp_end_offset(tp(0), 100);
    clock.advance(3.0);
    let of = partition(&mut monitor, 0);
    assert_eq!(of.lag_method, LagMethod::Timestamp);
    assert_eq!(of.lag_seconds, Some(9.5));
    assert_eq!(monitor.snapshot().lag.seconds_max, Some(9.5));
}

#[test]
fn a_record_after_an_idle_day_does_not_make_a_day_of_lag() {
    let clock = ManualClock::new(0.0);
    let mut monitor = monitor(&clock);
    read(&mut monitor, 0, 41, Some(0.0));
    // All was read, and an adapter looks at the end offset every 5 seconds for a day.
    for _ in 0..17_280 {
        clock.advance(5.0);
        monitor.track_tp_end_offset(tp(0), 42);
    }
    clock.advance(2.0);
    monitor.track_tp_end_offset(tp(0), 43);
    let of = partition(&mut monitor, 0);
    assert_eq!(of.lag, Some(1));
    assert_eq!(of.lag_method, LagMethod::Interpolated);
    let seconds = of.lag_seconds.unwrap();
    assert!((0.0..=2.0).contains(&seconds), "{seconds}");
}

#[test]
fn without_timestamps_seconds_are_interpolated_between_end_offsets() {
    let clock = ManualClock::new(0.0);
    let mut monitor = monitor(&clock);
    for (at, end) in [(0.0, 0), (10.0, 100), (20.0, 300)] {
        clock.set(at);
        monitor.track_tp_end_offset(tp(0), end);
    }
    clock.set(26.0);
    // The end went from 100 to 300 between 10 and 20: it became 201, with the record at 200, at
    // 15.05.
    read(&mut monitor, 0, 199, None);
    let of = partition(&mut monitor, 0);
    assert_eq!(of.lag, Some(100));
    assert_eq!(
        (of.lag_seconds, of.lag_method),
        (Some(10.95), LagMethod::Interpolated)
    );
}

#[test]
fn a_lag_from_before_the_first_end_offset_is_at_least_so_old() {
    let clock = ManualClock::new(50.0);
    let mut monitor = monitor(&clock);
    read(&mut monitor, 0, 9, None);
    monitor.track_tp_end_offset(tp(0), 1000);
    clock.advance(7.0);
    let of = partition(&mut monitor, 0);
    assert_eq!(
        (of.lag_seconds, of.lag_method),
        (Some(7.0), LagMethod::AtLeast)
    );
}

#[test]
fn maximum_and_sum_are_over_the_partitions_whose_lag_is_known() {
    let clock = ManualClock::new(10.0);
    let mut monitor = monitor(&clock);
    for (number, end) in [(0, Some(15)), (1, Some(45)), (2, None)] {
        read(&mut monitor, number, 9, None);
        if let Some(end) = end {
            monitor.track_tp_end_offset(tp(number), end);
        }
    }
    let lag = monitor.snapshot().lag;
    assert_eq!((lag.records_max, lag.records_sum), (Some(35), Some(40)));
    assert_eq!((lag.partitions_known, lag.partitions_unknown), (2, 1));
}

#[test]
fn slope_and_time_to_catch_up() {
    let clock = ManualClock::new(0.0);
    let mut monitor = monitor(&clock);
    monitor.track_tp_end_offset(tp(0), 1000);
    read(&mut monitor, 0, 99, None);
    monitor.sample();
    // 900 of lag, ten records a second are read and none is written.
    for second in 1..=30 {
        clock.set(f64::from(second));
        read(&mut monitor, 0, 99 + 10 * u64::from(second as u32), None);
        monitor.sample();
    }
    let of = partition(&mut monitor, 0);
    assert_eq!(of.lag, Some(600));
    assert_eq!(of.slope, Some(-10.0));
    assert_eq!(of.catch_up_seconds, Some(60.0));
    // It grows: there is no such time.
    for second in 31..=200 {
        clock.set(f64::from(second));
        monitor.track_tp_end_offset(tp(0), 1000 + 5 * (second as u64 - 30));
        monitor.sample();
    }
    let of = partition(&mut monitor, 0);
    assert_eq!((of.slope, of.catch_up_seconds), (Some(5.0), None));
}

#[test]
fn faust_forgets_at_a_rebalance_and_the_snapshot_does_not() {
    let clock = ManualClock::new(10.0);
    let mut monitor = monitor(&clock);
    monitor.on_partitions_assigned(&[tp(0), tp(1)]);
    for number in [0, 1] {
        read(&mut monitor, number, 41, None);
        monitor.track_tp_end_offset(tp(number), 50);
    }
    let mut state = monitor.on_rebalance_start(None);
    monitor.on_partitions_revoked(&[tp(1)]);
    monitor.on_rebalance_end(Some(&mut state));
    assert!(monitor.asdict().topic_read_offsets.is_empty());
    let snapshot = monitor.snapshot();
    let known: Vec<_> = snapshot
        .partitions
        .iter()
        .map(|p| (p.partition, p.lag))
        .collect();
    assert_eq!(known, [(0, Some(8))]);
    let ownership = &snapshot.ownership;
    assert_eq!(
        (
            ownership.owned,
            ownership.assigned,
            ownership.revoked,
            ownership.lost
        ),
        (1, 2, 1, 0)
    );
}

#[test]
fn late_messages_and_commits_of_a_revoked_partition_do_not_bring_it_back() {
    let clock = ManualClock::new(10.0);
    let mut monitor = monitor(&clock);
    monitor.on_partitions_assigned(&[tp(0)]);
    read(&mut monitor, 0, 41, None);
    monitor.on_partitions_lost(&[tp(0)]);
    read(&mut monitor, 0, 42, None);
    monitor.on_tp_commit(&[(tp(0), 43)]);
    monitor.track_tp_end_offset(tp(0), 50);
    let snapshot = monitor.snapshot();
    assert_eq!(snapshot.partitions, []);
    assert_eq!((snapshot.ownership.owned, snapshot.ownership.lost), (0, 1));
    assert_eq!(snapshot.messages.received, 2, "counters go on");
    // It comes back with nothing of what was known before.
    monitor.on_partitions_assigned(&[tp(0)]);
    let of = partition(&mut monitor, 0);
    assert_eq!((of.position, of.committed, of.end), (None, None, None));
    assert!(of.owned);
}

#[test]
fn assigning_or_revoking_twice_counts_once() {
    let clock = ManualClock::new(10.0);
    let mut monitor = monitor(&clock);
    monitor.on_partitions_assigned(&[tp(0)]);
    monitor.on_partitions_assigned(&[tp(0)]);
    monitor.on_partitions_revoked(&[tp(0)]);
    monitor.on_partitions_revoked(&[tp(0)]);
    let ownership = monitor.snapshot().ownership;
    assert_eq!(
        (ownership.owned, ownership.assigned, ownership.revoked),
        (0, 1, 1)
    );
}

#[test]
fn pauses_are_counted_and_end_with_the_partition() {
    let clock = ManualClock::new(10.0);
    let mut monitor = monitor(&clock);
    monitor.on_partitions_assigned(&[tp(0), tp(1)]);
    monitor.on_pause(&[tp(0), tp(1)]);
    monitor.on_pause(&[tp(0)]);
    monitor.on_resume(&[tp(1)]);
    let consumer = monitor.snapshot().consumer;
    assert_eq!(
        (
            consumer.pauses,
            consumer.resumes,
            consumer.paused_partitions
        ),
        (2, 1, 1)
    );
    assert!(partition(&mut monitor, 0).paused);
    monitor.on_partitions_revoked(&[tp(0)]);
    assert_eq!(monitor.snapshot().consumer.paused_partitions, 0);
}

#[cfg(all(feature = "std", feature = "histograms"))]
#[test]
fn the_operating_systems_clock_knows_its_epoch() {
    let clock = streamgauge::StdClock::new();
    let mut monitor = Monitor::new(clock);
    let hour_ago = (clock.epoch() - 3600.0) * 1000.0;
    let mut message = Message {
        timestamp: Some(hour_ago as i64),
        ..Message::default()
    };
    monitor.on_message_in(tp(0), 1, &mut message);
    monitor.on_message_out(tp(0), 1, &mut message);
    monitor.track_tp_end_offset(tp(0), 1000);
    let snapshot = monitor.snapshot();
    let near = |seconds: f64, wanted: f64| (seconds - wanted).abs() < 60.0;
    assert!(near(snapshot.at, clock.epoch()), "{}", snapshot.at);
    let lag = snapshot.partitions[0].lag_seconds.unwrap();
    assert!(near(lag, 3600.0), "{lag}");
    let end_to_end = snapshot.messages.end_to_end.life.unwrap();
    assert!(near(end_to_end.max.unwrap(), 3600.0));
}

#[test]
fn a_timestamp_that_cannot_be_is_not_believed() {
    let clock = ManualClock::new(100.0);
    let mut monitor = monitor(&clock);
    monitor.track_tp_end_offset(tp(0), 500);
    // Microseconds, taken for milliseconds.
    read(&mut monitor, 0, 0, Some(EPOCH * 1000.0));
    clock.advance(400.0);
    let of = partition(&mut monitor, 0);
    assert_eq!(
        (of.lag_seconds, of.lag_method),
        (Some(400.0), LagMethod::AtLeast)
    );
    #[cfg(feature = "histograms")]
    {
        let end_to_end = monitor.snapshot().messages.end_to_end.life.unwrap();
        assert_eq!(end_to_end.count, 0);
    }
}

#[test]
fn one_lower_end_offset_is_an_old_answer_and_two_are_a_new_topic() {
    let clock = ManualClock::new(0.0);
    let mut monitor = monitor(&clock);
    monitor.on_tp_commit(&[(tp(0), 100)]);
    for second in 1..=100_u32 {
        clock.set(f64::from(second));
        let end = 1000 + 10 * u64::from(second);
        monitor.track_tp_end_offset(tp(0), end);
        monitor.track_tp_end_offset(tp(0), end - 3);
    }
    let of = partition(&mut monitor, 0);
    assert_eq!((of.end, of.lag), (Some(2000), Some(1900)));
    assert_eq!(of.lag_seconds, Some(99.0), "since the first sighting");
    monitor.track_tp_end_offset(tp(0), 49);
    monitor.track_tp_end_offset(tp(0), 50);
    let of = partition(&mut monitor, 0);
    assert_eq!(
        (of.end, of.position, of.committed, of.lag),
        (Some(50), None, None, None)
    );
    for offset in [20, 25] {
        clock.advance(5.0);
        monitor.on_tp_commit(&[(tp(0), offset)]);
    }
    let of = partition(&mut monitor, 0);
    assert_ne!(of.status, streamgauge::Status::Rewind, "{}", of.reason);
}

#[test]
fn kafkas_none_is_no_offset() {
    let clock = ManualClock::new(0.0);
    let mut monitor = monitor(&clock);
    monitor.on_tp_commit(&[(tp(0), u64::MAX)]);
    monitor.track_tp_end_offset(tp(0), u64::MAX);
    for offset in [10, 11] {
        clock.advance(5.0);
        monitor.track_tp_end_offset(tp(0), 20);
        monitor.on_tp_commit(&[(tp(0), offset)]);
    }
    let of = partition(&mut monitor, 0);
    assert_eq!((of.committed, of.end), (Some(11), Some(20)));
    assert_eq!(of.status, streamgauge::Status::Ok, "{}", of.reason);
}

#[test]
fn lag_grows_though_end_offsets_are_seen_less_often_than_commits() {
    let clock = ManualClock::new(0.0);
    let mut monitor = monitor(&clock);
    let mut warned = 0;
    for second in 0..3600_u32 {
        clock.set(f64::from(second));
        if second % 30 == 0 {
            monitor.track_tp_end_offset(tp(0), 110 * u64::from(second) + 5000);
        }
        if second % 5 == 0 {
            monitor.on_tp_commit(&[(tp(0), 100 * u64::from(second))]);
        }
        let status = partition(&mut monitor, 0).status;
        warned += u32::from(status == streamgauge::Status::Warn);
    }
    assert!(warned > 600, "{warned} of 3,600 seconds");
}

#[test]
fn an_end_offset_alone_is_anybodys_where_assignments_are_told() {
    let clock = ManualClock::new(0.0);
    let mut monitor = monitor(&clock);
    monitor.on_partitions_assigned(&[tp(0)]);
    for number in 0..8 {
        monitor.track_tp_end_offset(tp(number), 100);
    }
    let snapshot = monitor.snapshot();
    assert_eq!(snapshot.partitions.len(), 1);
    assert_eq!(snapshot.lag.partitions_unknown, 1);
    // One that was taken does not come back with the end offsets of others, however long.
    monitor.on_partitions_revoked(&[tp(0)]);
    for second in 1..=1300_u32 {
        clock.set(f64::from(second));
        monitor.track_tp_end_offset(tp(0), 100 + u64::from(second));
        monitor.sample();
        assert_eq!(monitor.snapshot().partitions, [], "at {second}");
    }
}
