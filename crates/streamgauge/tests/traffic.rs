//! Rates, errors, messages in flight, what the consumer does, rebalances: literal figures.

use streamgauge::{
    HttpStatus, ManualClock, Message, Monitor, Options, Sensor, Stage, Stream, TopicPartition,
};

fn tp() -> TopicPartition<'static> {
    TopicPartition::new("orders", 0)
}

#[test]
fn rates_divide_by_the_time_that_passed() {
    let clock = ManualClock::new(5.0);
    let mut monitor = Monitor::new(&clock);
    assert_eq!(monitor.snapshot().rates.messages_received.now, None);
    let mut message = Message::default();
    for offset in 0..30 {
        monitor.on_message_in(tp(), offset, &mut message);
    }
    for _ in 0..15 {
        monitor.on_send_initiated("out", 1, 2);
    }
    monitor.on_error(Stage::Process, "TypeError", None);
    clock.advance(1.5);
    monitor.sample();
    let rates = monitor.snapshot().rates;
    assert_eq!(rates.interval_seconds, Some(1.5));
    assert_eq!(rates.messages_received.now, Some(20.0));
    assert_eq!(rates.messages_sent.now, Some(10.0));
    assert_eq!(rates.events.now, Some(0.0));
    assert_eq!(rates.errors.now, Some(1.0 / 1.5));
    assert!((rates.messages_received.one_minute.unwrap() - 20.0).abs() < 1e-9);
    assert_eq!(
        monitor.messages_s(),
        30,
        "Faust's figure is growth per tick"
    );
}

#[test]
fn busy_is_the_time_with_a_message_in_flight() {
    let clock = ManualClock::new(0.0);
    let mut monitor = Monitor::new(&clock);
    let (mut one, mut other) = (Message::default(), Message::default());
    clock.set(1.0);
    monitor.on_message_in(tp(), 1, &mut one);
    clock.set(2.0);
    monitor.on_message_in(tp(), 2, &mut other);
    clock.set(3.0);
    monitor.on_message_out(tp(), 1, &mut one);
    clock.set(4.0);
    monitor.on_message_out(tp(), 2, &mut other);
    clock.set(10.0);
    let consumer = monitor.snapshot().consumer;
    assert_eq!((consumer.busy_seconds, consumer.idle_seconds), (3.0, 7.0));
    assert_eq!(consumer.busy_share, Some(0.3));
    monitor.sample();
    let busy = monitor.snapshot().rates.busy.now.unwrap();
    assert!((busy - 0.3).abs() < 1e-12, "{busy}");
}

#[test]
fn a_message_that_never_comes_out_is_seen() {
    let clock = ManualClock::new(0.0);
    let options = Options {
        stuck_after: 30.0,
        ..Options::default()
    };
    let mut monitor = Monitor::with_options(&options, &clock).unwrap();
    let mut stuck = Message::default();
    monitor.on_message_in(tp(), 0, &mut stuck);
    for offset in 1..1000 {
        clock.set(offset as f64 / 10.0);
        let mut message = Message::default();
        monitor.on_message_in(tp(), offset, &mut message);
        monitor.on_message_out(tp(), offset, &mut message);
    }
    clock.set(100.0);
    let messages = monitor.snapshot().messages;
    assert_eq!((messages.active, messages.stuck), (1, 1));
    assert_eq!(messages.oldest_seconds, Some(100.0));
    assert_eq!(messages.stuck_after_seconds, 30.0);
    monitor.on_message_out(tp(), 0, &mut stuck);
    let messages = monitor.snapshot().messages;
    assert_eq!(
        (messages.active, messages.stuck, messages.oldest_seconds),
        (0, 0, None)
    );
}

#[test]
fn errors_count_by_stage_and_kind_whoever_tells() {
    let clock = ManualClock::new(0.0);
    let mut monitor = Monitor::new(&clock);
    monitor.on_error(Stage::Process, "TypeError", Some(tp()));
    monitor.on_error(Stage::Process, "TypeError", None);
    monitor.on_error(Stage::Deserialize, "SyntaxError", Some(tp()));
    let state = monitor.on_send_initiated("out", 0, 0);
    clock.advance(0.25);
    monitor.on_send_error(&"refused", state);
    let mut request = monitor.on_web_request_start();
    monitor.on_web_request_end(Some(HttpStatus::new(503).unwrap()), Some(&mut request));
    let mut request = monitor.on_web_request_start();
    monitor.on_web_request_end(Some(HttpStatus::new(404).unwrap()), Some(&mut request));
    let snapshot = monitor.snapshot();
    let mut found = Vec::new();
    for (stage, kinds) in &snapshot.errors.by_stage {
        for (kind, count) in kinds {
            found.push((stage.as_str(), kind.as_str(), *count));
        }
    }
    assert_eq!(
        found,
        [
            ("deserialize", "SyntaxError", 1),
            ("http", "503", 1),
            ("process", "TypeError", 2),
            ("send", "unknown", 1),
        ]
    );
    assert_eq!(snapshot.errors.total, 5);
    assert_eq!(snapshot.errors.by_topic["orders"], 2);
    let failed = snapshot.sends.error_latency.life.unwrap();
    assert_eq!((failed.count, failed.max), (1, Some(0.25)));
}

#[test]
fn kinds_over_the_cap_count_under_other() {
    let clock = ManualClock::new(0.0);
    let options = Options {
        max_labels: 2,
        ..Options::default()
    };
    let mut monitor = Monitor::with_options(&options, &clock).unwrap();
    for kind in ["a", "b", "c", "d", "a"] {
        monitor.on_error(Stage::Commit, kind, None);
    }
    let errors = monitor.snapshot().errors;
    let kinds: Vec<_> = errors.by_stage["commit"].iter().collect();
    let expected = [("(other)", 2), ("a", 2), ("b", 1)];
    assert_eq!(kinds.len(), expected.len());
    for ((kind, count), (label, wanted)) in kinds.into_iter().zip(expected) {
        assert_eq!((kind.as_str(), *count), (label, wanted));
    }
    assert_eq!(errors.total, 5);
}

#[test]
fn retries_dead_letters_bytes_polls_and_heartbeats() {
    let clock = ManualClock::new(7.0);
    let mut monitor = Monitor::new(&clock);
    monitor.on_retry(Some(tp()));
    monitor.on_retry(None);
    monitor.on_dead_letter(Some(tp()));
    monitor.on_send_initiated("out", 8, 100);
    monitor.on_poll(10, Some(2048));
    monitor.on_poll(0, None);
    monitor.on_heartbeat();
    clock.advance(2.5);
    let snapshot = monitor.snapshot();
    assert_eq!(
        (snapshot.messages.retried, snapshot.messages.dead_lettered),
        (2, 1)
    );
    assert_eq!(snapshot.messages.retried_by_topic["orders"], 1);
    assert_eq!(snapshot.messages.dead_lettered_by_topic["orders"], 1);
    assert_eq!(
        (
            snapshot.messages.bytes_received,
            snapshot.messages.bytes_sent
        ),
        (2048, 108)
    );
    let consumer = snapshot.consumer;
    assert_eq!(
        (
            consumer.polls,
            consumer.empty_polls,
            consumer.polled_records
        ),
        (2, 1, 10)
    );
    assert_eq!(
        (consumer.heartbeats, consumer.heartbeat_age_seconds),
        (1, Some(2.5))
    );
}

#[test]
fn end_to_end_is_from_the_records_timestamp_to_the_way_out() {
    let clock = ManualClock::new(100.0);
    let options = Options {
        epoch: 1_700_000_000.0,
        ..Options::default()
    };
    let mut monitor = Monitor::with_options(&options, &clock).unwrap();
    // From the future, without a time, and with Kafka's "none".
    for timestamp in [
        Some(1_700_000_098_500),
        Some(1_700_000_999_000),
        None,
        Some(-1),
    ] {
        let mut message = Message {
            timestamp,
            ..Message::default()
        };
        monitor.on_message_in(tp(), 1, &mut message);
        clock.advance(0.5);
        monitor.on_message_out(tp(), 1, &mut message);
        clock.set(100.0);
    }
    let end_to_end = monitor.snapshot().messages.end_to_end.life.unwrap();
    assert_eq!(
        (end_to_end.count, end_to_end.min, end_to_end.max),
        (2, Some(0.0), Some(2.0))
    );
}

#[test]
fn event_run_times_have_percentiles_in_all_and_by_stream() {
    let clock = ManualClock::new(0.0);
    let mut monitor = Monitor::new(&clock);
    for (label, milliseconds) in [("fast", 1.0), ("slow", 100.0)] {
        let stream = Stream::new(label, None);
        for step in 1..=100 {
            let mut state = monitor.on_stream_event_in(tp(), 1, stream);
            clock.advance(milliseconds * f64::from(step) / 1000.0);
            monitor.on_stream_event_out(tp(), 1, stream, state.as_mut());
        }
    }
    let events = monitor.snapshot().events;
    let slow = &events.runtime_by_stream["slow"];
    assert_eq!(slow.count, 100);
    let close = |found: f64, wanted: f64, error: f64| {
        assert!(
            (found / wanted - 1.0).abs() <= error,
            "{found} is not {wanted}"
        );
    };
    close(slow.quantile(0.5).unwrap(), 5.0, 0.05);
    close(
        events.runtime_by_stream["fast"].quantile(0.99).unwrap(),
        0.099,
        0.05,
    );
    let all = events.runtime.life.unwrap();
    assert_eq!(all.count, 200);
    close(all.quantile(0.99).unwrap(), 9.8, 0.011);
    close(all.mean().unwrap(), (0.0505 + 5.05) / 2.0, 1e-9);
    assert_eq!(events.runtime.last_minute.unwrap().count, 200);
}

#[test]
fn the_last_minute_forgets_and_the_life_does_not() {
    let clock = ManualClock::new(0.0);
    let mut monitor = Monitor::new(&clock);
    let state = monitor.on_commit_initiated();
    clock.advance(0.5);
    monitor.on_commit_completed(state);
    for second in 1..=70 {
        clock.set(f64::from(second));
        monitor.sample();
    }
    let commits = monitor.snapshot().commits;
    assert_eq!(commits.latency.life.unwrap().count, 1);
    assert_eq!(commits.latency.last_minute.unwrap().count, 0);
    assert_eq!(commits.completed, 1);
}

#[test]
fn many_rebalances_within_the_window_are_a_storm() {
    let clock = ManualClock::new(0.0);
    let options = Options {
        storm_rebalances: 3,
        storm_window: 60.0,
        ..Options::default()
    };
    let mut monitor = Monitor::with_options(&options, &clock).unwrap();
    for at in [0.0, 50.0, 59.0] {
        clock.set(at);
        let mut state = monitor.on_rebalance_start(None);
        clock.advance(0.5);
        monitor.on_rebalance_return(Some(&mut state));
        clock.advance(0.25);
        monitor.on_rebalance_end(Some(&mut state));
    }
    let rebalances = monitor.snapshot().rebalances;
    assert_eq!(
        (rebalances.count, rebalances.recent, rebalances.in_progress),
        (3, 3, 0)
    );
    assert!(rebalances.storm);
    assert_eq!(rebalances.last_age_seconds, Some(0.75));
    let ends = rebalances.end_latency.life.unwrap();
    assert_eq!((ends.count, ends.sum_nanoseconds), (3, 2_250_000_000));
    clock.set(61.0);
    monitor.on_rebalance_start(None);
    let rebalances = monitor.snapshot().rebalances;
    assert_eq!(
        (rebalances.recent, rebalances.in_progress),
        (3, 1),
        "the first is over a minute ago"
    );
    clock.set(200.0);
    let rebalances = monitor.snapshot().rebalances;
    assert!(!rebalances.storm);
    assert_eq!((rebalances.count, rebalances.recent), (4, 0));
}

#[test]
fn full_buffers_count_for_life() {
    let clock = ManualClock::new(0.0);
    let mut monitor = Monitor::new(&clock);
    monitor.on_topic_buffer_full("orders");
    let mut state = monitor.on_rebalance_start(None);
    monitor.on_rebalance_end(Some(&mut state));
    monitor.on_topic_buffer_full("orders");
    monitor.on_topic_buffer_full("payments");
    assert_eq!(monitor.asdict().topic_buffer_full["orders"], 1);
    let full = monitor.snapshot().consumer.buffer_full_by_topic;
    assert_eq!((full["orders"], full["payments"]), (2, 1));
}

#[test]
fn a_snapshot_says_who_since_when_when_and_which() {
    let clock = ManualClock::new(5.0);
    let options = Options {
        worker: "w1".into(),
        epoch: 1000.0,
        ..Options::default()
    };
    let mut monitor = Monitor::with_options(&options, &clock).unwrap();
    clock.advance(2.0);
    let first = monitor.snapshot();
    assert_eq!(
        (first.worker.as_str(), first.since, first.at, first.sequence),
        ("w1", 1005.0, 1007.0, 1)
    );
    assert_eq!(monitor.snapshot().sequence, 2);
}

#[test]
fn messages_that_two_monitors_share_do_not_pile_up_in_flight() {
    // The second reads its clock a moment later and writes over the message's time. One message of
    // the first bucket's end cannot be told from those of the next.
    let (first_clock, second_clock) = (ManualClock::new(0.0), ManualClock::new(0.0));
    let mut first = Monitor::new(&first_clock);
    let mut second = Monitor::new(&second_clock);
    let mut waiting: std::collections::VecDeque<Message> = std::collections::VecDeque::new();
    for step in 0..200_000_u64 {
        let now = step as f64 * 1e-3 + 0.0009;
        let mut message = Message::default();
        first_clock.set(now);
        first.on_message_in(tp(), step, &mut message);
        second_clock.set(now + 0.0003);
        second.on_message_in(tp(), step, &mut message);
        waiting.push_back(message);
        if waiting.len() > 5 {
            let mut message = waiting.pop_front().unwrap();
            first.on_message_out(tp(), step, &mut message);
            second.on_message_out(tp(), step, &mut message);
        }
    }
    let messages = first.snapshot().messages;
    assert_eq!(messages.active, 5);
    assert!(messages.stuck <= 1, "{}", messages.stuck);
}

#[test]
fn a_clock_that_once_jumped_does_not_spoil_ages() {
    let clock = ManualClock::new(3e7);
    let mut monitor = Monitor::new(&clock);
    let mut message = Message::default();
    monitor.on_message_in(tp(), 0, &mut message);
    clock.set(10.0);
    monitor.on_message_out(tp(), 0, &mut message);
    let mut stuck = Message::default();
    monitor.on_message_in(tp(), 1, &mut stuck);
    clock.advance(3600.0);
    for offset in 2..11 {
        monitor.on_message_in(tp(), offset, &mut Message::default());
    }
    let messages = monitor.snapshot().messages;
    assert_eq!((messages.active, messages.stuck), (10, 1));
    assert_eq!(messages.oldest_seconds, Some(3600.0));
}

#[test]
fn a_rebalance_that_starts_while_another_goes_on_is_the_same() {
    let clock = ManualClock::new(0.0);
    let mut monitor = Monitor::new(&clock);
    monitor.on_rebalance_start(None);
    let mut state = monitor.on_rebalance_start(None);
    assert_eq!(monitor.snapshot().rebalances.in_progress, 1);
    monitor.on_rebalance_end(Some(&mut state));
    let rebalances = monitor.snapshot().rebalances;
    assert_eq!((rebalances.count, rebalances.in_progress), (2, 0));
}

#[test]
fn full_buffers_never_count_back_when_labels_fold() {
    let clock = ManualClock::new(0.0);
    let options = Options {
        label_idle: 100.0,
        ..Options::default()
    };
    let mut monitor = Monitor::with_options(&options, &clock).unwrap();
    monitor.on_topic_buffer_full("orders");
    let mut state = monitor.on_rebalance_start(None);
    monitor.on_rebalance_end(Some(&mut state));
    for second in 1..=400_u64 {
        clock.set(second as f64);
        monitor.on_topic_buffer_full("orders");
        monitor.sample();
        let full = monitor.snapshot().consumer.buffer_full_by_topic;
        assert_eq!(full["orders"], 1 + second);
    }
}

#[test]
fn a_failed_send_has_a_kind_where_it_is_told() {
    let clock = ManualClock::new(0.0);
    let mut monitor = Monitor::new(&clock);
    let state = monitor.on_send_initiated("out", 0, 0);
    monitor.send_failed(Some("NOT_LEADER"), state);
    let errors = monitor.snapshot().errors;
    assert_eq!(errors.by_stage["send"]["NOT_LEADER"], 1);
    assert_eq!(monitor.send_errors(), 1);
}

#[test]
fn samples_at_one_moment_make_no_rate() {
    let clock = ManualClock::new(0.0);
    let mut monitor = Monitor::new(&clock);
    for step in [5e-324, 1e-9, 1e-6] {
        monitor.on_message_in(tp(), 0, &mut Message::default());
        clock.advance(step);
        monitor.sample();
    }
    assert_eq!(monitor.snapshot().rates.messages_received.now, None);
    clock.set(2.0);
    monitor.sample();
    assert_eq!(monitor.snapshot().rates.messages_received.now, Some(1.5));
}

#[test]
fn busy_time_never_counts_back() {
    let clock = ManualClock::new(0.0);
    let mut monitor = Monitor::new(&clock);
    monitor.on_message_in(tp(), 0, &mut Message::default());
    clock.set(10.0);
    assert_eq!(monitor.snapshot().consumer.busy_seconds, 10.0);
    clock.set(4.0);
    let consumer = monitor.snapshot().consumer;
    assert_eq!((consumer.busy_seconds, consumer.idle_seconds), (10.0, 0.0));
}

#[test]
fn anomalies_have_their_names_in_camel_case() {
    let clock = ManualClock::new(0.0);
    let mut monitor = Monitor::new(&clock);
    monitor.on_message_out(tp(), 0, &mut Message::default());
    let anomalies = monitor.snapshot().anomalies;
    assert_eq!(
        anomalies.into_iter().collect::<Vec<_>>(),
        [("messageOutWithoutIn".into(), 1)]
    );
}
