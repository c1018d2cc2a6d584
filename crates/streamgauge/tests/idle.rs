//! Series that nobody feeds any more make room for others; and health told as an event.

use streamgauge::{ManualClock, Message, Monitor, Options, Sensor, Status, Stream, TopicPartition};

fn monitor(clock: &ManualClock, change: impl Fn(&mut Options)) -> Monitor<&ManualClock> {
    let mut options = Options::default();
    change(&mut options);
    Monitor::with_options(&options, clock).unwrap()
}

#[test]
fn names_that_come_and_go_never_fill_the_cap_and_no_count_is_lost() {
    let clock = ManualClock::new(0.0);
    let mut monitor = monitor(&clock, |options| {
        options.max_labels = 50;
        options.label_idle = 30.0;
    });
    for number in 0..5_000_u32 {
        let topic = format!("tenant-{number}");
        monitor.on_send_initiated(&topic, 0, 0);
        monitor.count(&topic, -2);
        monitor.on_table_set(&topic);
        clock.advance(1.0);
        monitor.sample();
    }
    let dict = monitor.asdict();
    assert_eq!(dict.messages_sent_by_topic.values().sum::<u64>(), 5_000);
    assert_eq!(dict.metric_counts.values().sum::<i64>(), -10_000);
    assert!(dict.messages_sent_by_topic.contains_key("tenant-4999"));
    assert!(dict.messages_sent_by_topic.len() < 50);
    let tables: u64 = dict.tables.values().map(|table| table.keys_updated).sum();
    assert_eq!(tables, 5_000);
}

#[test]
fn handles_to_what_was_folded_still_work() {
    let clock = ManualClock::new(0.0);
    let mut monitor = monitor(&clock, |options| options.label_idle = 10.0);
    let old = monitor.stream("old", Some("task")).unwrap();
    let tp = TopicPartition::new("orders", 0);
    let mut state = monitor.on_stream_event_in(tp, 1, old);
    monitor.on_stream_event_out(tp, 1, old, state.as_mut());
    for second in 1..=30 {
        clock.set(f64::from(second));
        monitor.sample();
    }
    assert_eq!(monitor.asdict().events_by_stream["(other)"], 1);
    // Another stream takes the place; the old handle must not count for it.
    monitor.on_stream_event_in(tp, 2, Stream::new("new", None));
    let mut state = monitor.on_stream_event_in(tp, 3, old);
    monitor.on_stream_event_out(tp, 3, old, state.as_mut());
    let dict = monitor.asdict();
    assert_eq!(
        (
            dict.events_by_stream["(other)"],
            dict.events_by_stream["new"],
            dict.events_by_stream["old"]
        ),
        (1, 1, 1)
    );
    assert_eq!(dict.events_by_task["task"], 1);
    let runtimes = monitor.snapshot().events.runtime_by_stream;
    assert_eq!((runtimes["(other)"].count, runtimes["old"].count), (1, 1));
    assert!(!runtimes.contains_key("new"));
}

#[test]
fn a_topic_that_folded_and_comes_back_counts_under_its_name() {
    let clock = ManualClock::new(0.0);
    let mut monitor = monitor(&clock, |options| options.label_idle = 10.0);
    let orders = monitor.topic_partition("orders", 3).unwrap();
    monitor.on_message_in(orders, 1, &mut Message::default());
    for second in 1..=30 {
        clock.set(f64::from(second));
        monitor.sample();
    }
    monitor.on_message_in(
        TopicPartition::new("payments", 0),
        1,
        &mut Message::default(),
    );
    monitor.on_message_in(orders, 2, &mut Message::default());
    let by_topic = monitor.asdict().messages_received_by_topic;
    assert_eq!(
        (
            by_topic["(other)"],
            by_topic["payments"],
            by_topic["orders"]
        ),
        (1, 1, 1)
    );
}

#[test]
fn partitions_that_were_revoked_make_room_and_handles_find_their_new_place() {
    let clock = ManualClock::new(0.0);
    let mut monitor = monitor(&clock, |options| {
        options.max_partitions = 2;
        options.partition_idle = 60.0;
    });
    let first = monitor.topic_partition("orders", 0).unwrap();
    monitor.on_partitions_assigned(&[first, TopicPartition::new("orders", 1)]);
    monitor.on_partitions_revoked(&[first]);
    for second in 1..=70 {
        clock.set(f64::from(second));
        monitor.sample();
    }
    let next = TopicPartition::new("orders", 2);
    monitor.on_partitions_assigned(&[next]);
    monitor.track_tp_end_offset(next, 77);
    assert_eq!(monitor.snapshot().ownership.owned, 2);
    // The old handle's place is taken: its end offset must not become the other's.
    monitor.track_tp_end_offset(first, 5);
    let snapshot = monitor.snapshot();
    let ends: Vec<_> = snapshot
        .partitions
        .iter()
        .map(|p| (p.partition, p.end))
        .collect();
    assert_eq!(ends, [(1, None), (2, Some(77))]);
}

#[test]
fn without_assignment_hooks_a_partition_goes_when_a_rebalance_left_it_silent() {
    let clock = ManualClock::new(0.0);
    let mut monitor = monitor(&clock, |options| options.partition_idle = 60.0);
    let read = |monitor: &mut Monitor<&ManualClock>, partition, offset| {
        monitor.on_message_in(
            TopicPartition::new("orders", partition),
            offset,
            &mut Message::default(),
        );
    };
    read(&mut monitor, 0, 1);
    read(&mut monitor, 1, 1);
    for second in 1..=100 {
        clock.set(f64::from(second));
        monitor.sample();
    }
    assert_eq!(
        monitor.snapshot().partitions.len(),
        2,
        "no rebalance: a stalled partition stays"
    );
    let mut state = monitor.on_rebalance_start(None);
    monitor.on_rebalance_end(Some(&mut state));
    for second in 101..=200 {
        clock.set(f64::from(second));
        read(&mut monitor, 1, 2);
        monitor.sample();
    }
    let left: Vec<_> = monitor
        .snapshot()
        .partitions
        .iter()
        .map(|p| p.partition)
        .collect();
    assert_eq!(left, [1]);
}

#[test]
fn a_status_is_told_once_it_has_held() {
    let clock = ManualClock::new(0.0);
    let mut monitor = monitor(&clock, |options| {
        options.health_hold = 5.0;
        options.health_commits = 3;
    });
    let tp = TopicPartition::new("orders", 0);
    monitor.track_tp_end_offset(tp, 1000);
    let mut told = Vec::new();
    for second in 0..60_u32 {
        clock.set(f64::from(second));
        // Commits that do not move, until second 30; then they do, and catch up.
        if second % 2 == 0 {
            let offset = if second < 30 { 10 } else { 1000 };
            monitor.on_tp_commit(&[(tp, offset)]);
        }
        monitor.sample();
        monitor.health_changes(|change| {
            let whose = change
                .partition
                .map(|(topic, number)| format!("{topic}/{number}"));
            told.push((second, whose, change.before, change.after));
        });
    }
    let orders = || Some(String::from("orders/0"));
    assert_eq!(
        told,
        [
            (7, orders(), Status::Ok, Status::Stall),
            (7, None, Status::Ok, Status::Stall),
            (35, orders(), Status::Stall, Status::Ok),
            (35, None, Status::Stall, Status::Ok),
        ]
    );
}

#[test]
fn an_alarm_ends_when_its_partition_is_taken_and_counts_from_there() {
    let clock = ManualClock::new(0.0);
    let mut monitor = monitor(&clock, |options| options.health_hold = 2.0);
    let tp = TopicPartition::new("orders", 0);
    let mut told = Vec::new();
    for second in 0..40_u32 {
        clock.set(f64::from(second));
        match second {
            0 | 25 => monitor.on_partitions_assigned(&[tp]),
            15 => monitor.on_partitions_lost(&[tp]),
            _ => {}
        }
        monitor.track_tp_end_offset(tp, 1000);
        monitor.on_tp_commit(&[(tp, 10)]);
        monitor.sample();
        monitor.health_changes(|change| {
            if change.partition.is_some() {
                told.push((
                    second,
                    change.before,
                    change.after,
                    change.reason.to_string(),
                ));
            }
        });
    }
    let told: Vec<_> = told
        .iter()
        .map(|(second, before, after, reason)| (*second, *before, *after, reason.as_str()))
        .collect();
    assert_eq!(told.len(), 3);
    assert_eq!((told[0].1, told[0].2), (Status::Ok, Status::Stall));
    assert_eq!(
        told[1],
        (
            17,
            Status::Stall,
            Status::Ok,
            "no partition is held here any more"
        )
    );
    assert_eq!((told[2].1, told[2].2), (Status::Ok, Status::Stall));
}

#[test]
fn a_stopped_partition_is_not_let_go_while_its_end_offset_is_looked_at() {
    let clock = ManualClock::new(0.0);
    let mut monitor = monitor(&clock, |options| options.partition_idle = 60.0);
    let tp = TopicPartition::new("orders", 0);
    monitor.on_message_in(tp, 9, &mut Message::default());
    monitor.on_tp_commit(&[(tp, 10)]);
    clock.set(5.0);
    monitor.on_tp_commit(&[(tp, 11)]);
    let mut state = monitor.on_rebalance_start(None);
    monitor.on_rebalance_end(Some(&mut state));
    for second in 6..1000_u32 {
        clock.set(f64::from(second));
        monitor.track_tp_end_offset(tp, u64::from(second) * 10);
        monitor.sample();
    }
    let partitions = monitor.snapshot().partitions;
    assert_eq!(partitions.len(), 1);
    assert_eq!(partitions[0].status, Status::Stop);
}

#[test]
fn a_metric_that_stands_still_is_folded_only_for_room() {
    let clock = ManualClock::new(0.0);
    let mut monitor = monitor(&clock, |options| {
        options.max_labels = 3;
        options.label_idle = 10.0;
    });
    monitor.count("pool.size", 4);
    for second in 1..=60_u32 {
        clock.set(f64::from(second));
        monitor.sample();
    }
    assert_eq!(monitor.asdict().metric_counts["pool.size"], 4);
    for name in ["a", "b"] {
        monitor.count(name, 1);
    }
    for second in 61..=120_u32 {
        clock.set(f64::from(second));
        monitor.sample();
    }
    assert_eq!(monitor.asdict().metric_counts["(other)"], 6);
}

#[test]
fn a_run_time_whose_stream_folded_meanwhile_goes_where_the_stream_went() {
    let clock = ManualClock::new(0.0);
    let mut monitor = monitor(&clock, |options| options.label_idle = 10.0);
    let tp = TopicPartition::new("orders", 0);
    let old = Stream::new("old", None);
    let mut state = monitor.on_stream_event_in(tp, 1, old);
    for second in 1..=30_u32 {
        clock.set(f64::from(second));
        monitor.sample();
    }
    monitor.on_stream_event_out(tp, 1, old, state.as_mut());
    let runtimes = monitor.snapshot().events.runtime_by_stream;
    assert_eq!(runtimes["(other)"].count, 1);
}
