//! One test for each DIFFERENCE that the core makes (see `DESIGN.md`), with the answers written
//! out. The clock moves between any two hooks: one that stands still hides what is measured twice
//! or too late.

use std::fmt::Display;

use streamgauge::{
    Anomaly, EventState, Fanned, HttpStatus, ManualClock, Message, Monitor, Options, Ring, Sensor,
    SensorDelegate, SensorKey, Stream, TopicPartition, WebRequestState,
};

const ORDERS: TopicPartition<'static> = TopicPartition::new("orders", 0);
const TOTALS: Stream<'static> = Stream::new("totals", Some("totals.process"));

fn values(ring: &Ring) -> Vec<f64> {
    ring.iter().collect()
}

fn anomalies<C: streamgauge::Clock>(monitor: &Monitor<C>) -> Vec<(Anomaly, u64)> {
    monitor
        .anomalies()
        .iter()
        .filter(|(_, count)| *count > 0)
        .collect()
}

#[test]
fn d1_the_counter_families_given_to_the_constructor_are_kept() {
    let by = |label: &str, count| [(label.to_owned(), count)].into();
    let options = Options {
        messages_received_by_topic: by("orders", 11),
        events_by_stream: by("totals", 12),
        events_by_task: by("totals.process", 13),
        topic_buffer_full: by("orders", 14),
        http_response_codes: [(404, 15)].into(),
        ..Options::default()
    };
    let clock = ManualClock::new(1.0);
    let mut monitor = Monitor::with_options(&options, &clock).unwrap();
    monitor.on_message_in(ORDERS, 1, &mut Message::default());
    monitor.on_stream_event_in(ORDERS, 1, TOTALS);
    monitor.on_topic_buffer_full("orders");
    let mut request = monitor.on_web_request_start();
    clock.advance(0.5);
    monitor.on_web_request_end(HttpStatus::new(404).ok(), Some(&mut request));
    assert_eq!(
        monitor.messages_received_by_topic().get("orders"),
        Some(&12)
    );
    assert_eq!(monitor.events_by_stream().get("totals"), Some(&13));
    assert_eq!(monitor.events_by_task().get("totals.process"), Some(&14));
    assert_eq!(monitor.topic_buffer_full().get("orders"), Some(&15));
    assert_eq!(
        monitor.http_response_codes().iter().collect::<Vec<_>>(),
        [(404, 16)]
    );
}

#[test]
fn d4_statuses_from_100_to_599_count_and_others_are_refused() {
    let clock = ManualClock::new(1.0);
    let mut monitor = Monitor::new(&clock);
    // 299 and 599 are none of Python's.
    for status in [100, 299, 599] {
        let mut request = monitor.on_web_request_start();
        clock.advance(0.25);
        monitor.on_web_request_end(Some(HttpStatus::new(status).unwrap()), Some(&mut request));
        assert_eq!(request.status_code, Some(status));
    }
    let mut no_response = monitor.on_web_request_start();
    clock.advance(0.25);
    monitor.on_web_request_end(None, Some(&mut no_response));
    assert_eq!(no_response.status_code, Some(500));
    let codes: Vec<_> = monitor.http_response_codes().iter().collect();
    assert_eq!(codes, [(100, 1), (299, 1), (500, 1), (599, 1)]);

    let refused = HttpStatus::new(600).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "status must be a whole number in 100..=599, got 600"
    );
    assert!(HttpStatus::new(99).is_err());
    let options = Options {
        http_response_codes: [(99, 1)].into(),
        ..Options::default()
    };
    let refused = Monitor::with_options(&options, &clock).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "http_response_codes must be a whole number in 100..=599, got 99"
    );
}

#[test]
fn d5_an_out_without_an_in_stops_at_zero() {
    let clock = ManualClock::new(1.0);
    let mut monitor = Monitor::new(&clock);
    let mut message = Message {
        time_in: Some(0.75),
        ..Message::default()
    };
    monitor.on_message_out(ORDERS, 1, &mut message);
    assert_eq!(monitor.messages_active(), 0);
    assert_eq!(
        (message.time_out, message.time_total),
        (Some(1.0), Some(0.25))
    );
    // One that never came in has no duration; what it says of itself stays.
    let mut unknown = Message {
        time_total: Some(3.0),
        ..Message::default()
    };
    monitor.on_message_out(ORDERS, 2, &mut unknown);
    assert_eq!(
        (unknown.time_out, unknown.time_total),
        (Some(1.0), Some(3.0))
    );
    monitor.on_stream_event_out(ORDERS, 1, TOTALS, Some(&mut EventState::new(0.5)));
    assert_eq!(monitor.events_active(), 0);
    assert_eq!(
        values(monitor.events_runtime()),
        [0.5],
        "its run time counts all the same"
    );
    let expected = [
        (Anomaly::MessageOutWithoutIn, 2),
        (Anomaly::EventOutWithoutIn, 1),
    ];
    assert_eq!(anomalies(&monitor), expected);
}

#[test]
fn d6_the_second_completion_of_a_token_changes_nothing() {
    let clock = ManualClock::new(1.0);
    let mut monitor = Monitor::new(&clock);
    let mut event = monitor.on_stream_event_in(ORDERS, 1, TOTALS).unwrap();
    monitor.on_stream_event_in(ORDERS, 2, TOTALS);
    clock.advance(0.5);
    monitor.on_stream_event_out(ORDERS, 1, TOTALS, Some(&mut event));
    clock.advance(0.5);
    monitor.on_stream_event_out(ORDERS, 1, TOTALS, Some(&mut event));
    assert_eq!((event.time_out, event.time_total), (Some(1.5), Some(0.5)));
    assert_eq!(
        (monitor.events_active(), values(monitor.events_runtime())),
        (1, vec![0.5])
    );

    let mut assignment = monitor.on_assignment_start();
    clock.advance(0.5);
    monitor.on_assignment_completed(Some(&mut assignment));
    monitor.on_assignment_error(Some(&mut assignment), &"too late");
    assert_eq!(
        (
            monitor.assignments_completed(),
            monitor.assignments_failed()
        ),
        (1, 0)
    );

    let mut rebalance = monitor.on_rebalance_start(Some(1));
    for _ in 0..2 {
        clock.advance(0.5);
        monitor.on_rebalance_return(Some(&mut rebalance));
        clock.advance(0.5);
        monitor.on_rebalance_end(Some(&mut rebalance));
    }
    assert_eq!(
        (rebalance.latency_return, rebalance.latency_end),
        (Some(0.5), Some(1.0))
    );
    assert_eq!(values(monitor.rebalance_return_latency()), [0.5]);
    assert_eq!(values(monitor.rebalance_end_latency()), [1.0]);

    let mut request = monitor.on_web_request_start();
    for status in [200, 404] {
        clock.advance(0.5);
        monitor.on_web_request_end(HttpStatus::new(status).ok(), Some(&mut request));
    }
    assert_eq!(
        (request.status_code, request.latency_end),
        (Some(200), Some(0.5))
    );
    assert_eq!(values(monitor.http_response_latency()), [0.5]);
    assert_eq!(anomalies(&monitor), [(Anomaly::TokenCompletedTwice, 5)]);
}

#[test]
fn d6_numbers_and_tokens_made_by_hand_or_by_others_serve_each_time() {
    let clock = ManualClock::new(1.0);
    let mut monitor = Monitor::new(&clock);
    let mut other = Monitor::new(&clock);
    let mut by_hand = WebRequestState::new(0.5);
    let mut of_another = other.on_web_request_start();
    let commit = monitor.on_commit_initiated();
    for _ in 0..2 {
        clock.advance(1.0);
        monitor.on_web_request_end(None, Some(&mut by_hand));
        monitor.on_web_request_end(None, Some(&mut of_another));
        monitor.on_commit_completed(commit);
    }
    assert_eq!(
        values(monitor.http_response_latency()),
        [1.5, 1.0, 2.5, 2.0]
    );
    assert_eq!(values(monitor.commit_latency()), [1.0, 2.0]);
    assert_eq!(anomalies(&monitor), []);
    // The other monitor still takes its own, once.
    other.on_web_request_end(None, Some(&mut of_another));
    other.on_web_request_end(None, Some(&mut of_another));
    assert_eq!(values(other.http_response_latency()), [2.0]);
    assert_eq!(anomalies(&other), [(Anomaly::TokenCompletedTwice, 1)]);
}

#[test]
fn an_end_without_a_token_changes_nothing_and_counts_except_for_events() {
    let clock = ManualClock::new(1.0);
    let mut monitor = Monitor::new(&clock);
    let before = monitor.asdict();
    monitor.on_stream_event_out(ORDERS, 1, TOTALS, None);
    assert_eq!(anomalies(&monitor), []);
    monitor.on_commit_completed(None);
    monitor.on_send_completed(None);
    monitor.on_send_error(&"refused", None);
    monitor.on_assignment_completed(None);
    monitor.on_assignment_error(None, &"failed");
    monitor.on_rebalance_return(None);
    monitor.on_rebalance_end(None);
    monitor.on_web_request_end(None, None);
    assert_eq!(monitor.asdict(), before);
    assert_eq!(anomalies(&monitor), [(Anomaly::TokenMissing, 8)]);
}

#[test]
fn d7_inbound_times_read_the_same_clock_as_everything_else() {
    let clock = ManualClock::new(1_000.0);
    let mut monitor = Monitor::new(&clock);
    let first = monitor.on_stream_event_in(ORDERS, 1, TOTALS).unwrap();
    clock.advance(0.5);
    let second = monitor.on_stream_event_in(ORDERS, 2, TOTALS).unwrap();
    assert_eq!((first.time_in, second.time_in), (1_000.0, 1_000.5));
    let inbound: Vec<_> = monitor.stream_inbound_time().collect();
    assert_eq!(inbound, [("orders", 0, 1_000.5)]);
}

#[test]
fn d8_a_clock_that_steps_back_gives_durations_of_zero() {
    let clock = ManualClock::new(10.0);
    let mut monitor = Monitor::new(&clock);
    let mut message = Message::default();
    monitor.on_message_in(ORDERS, 1, &mut message);
    let mut event = monitor.on_stream_event_in(ORDERS, 1, TOTALS).unwrap();
    let send = monitor.on_send_initiated("totals", 3, 5);
    clock.advance(-4.0);
    monitor.on_stream_event_out(ORDERS, 1, TOTALS, Some(&mut event));
    monitor.on_message_out(ORDERS, 1, &mut message);
    monitor.on_send_completed(send);
    assert_eq!(
        (event.time_in, event.time_out, event.time_total),
        (10.0, Some(6.0), Some(0.0))
    );
    let times = (message.time_in, message.time_out, message.time_total);
    assert_eq!(times, (Some(10.0), Some(6.0), Some(0.0)));
    assert_eq!(values(monitor.events_runtime()), [0.0]);
    assert_eq!(values(monitor.send_latency()), [0.0]);
    assert_eq!(
        (monitor.secs_since(6.5), monitor.secs_since(5.5)),
        (0.0, 0.5)
    );
    assert_eq!(anomalies(&monitor), [(Anomaly::ClockWentBack, 4)]);
}

#[test]
fn d8_a_reading_that_is_not_finite_is_the_last_finite_one() {
    let clock = ManualClock::new(f64::NAN);
    let mut monitor = Monitor::new(&clock);
    assert_eq!(
        monitor.on_commit_initiated(),
        Some(0.0),
        "before the first there is none"
    );
    clock.set(4.0);
    let commit = monitor.on_commit_initiated();
    for nonsense in [f64::INFINITY, f64::NEG_INFINITY] {
        clock.set(nonsense);
        assert_eq!(monitor.on_commit_initiated(), Some(4.0));
    }
    clock.set(4.5);
    monitor.on_commit_completed(commit);
    clock.set(f64::NAN);
    monitor.on_commit_completed(commit);
    assert_eq!(values(monitor.commit_latency()), [0.5, 0.5]);
    assert_eq!(anomalies(&monitor), [(Anomaly::ClockNotFinite, 4)]);
}

#[test]
fn d8_no_time_made_by_hand_puts_nonsense_into_a_deque() {
    let clock = ManualClock::new(1.0);
    let mut monitor = Monitor::new(&clock);
    for start in [f64::NAN, f64::NEG_INFINITY, f64::INFINITY] {
        monitor.on_commit_completed(Some(start));
    }
    assert_eq!(values(monitor.commit_latency()), [0.0; 3]);
    let expected = [(Anomaly::ClockWentBack, 1), (Anomaly::ClockNotFinite, 2)];
    assert_eq!(anomalies(&monitor), expected);
}

#[test]
fn d8_no_time_between_the_two_zeros_is_no_anomaly() {
    let clock = ManualClock::new(-0.0);
    let mut monitor = Monitor::new(&clock);
    let since = monitor.secs_since(0.0);
    assert_eq!(since.to_bits(), 0.0_f64.to_bits(), "0, not -0");
    assert_eq!(anomalies(&monitor), []);
}

#[test]
fn d9_a_full_family_counts_the_rest_under_other() {
    let options = Options {
        max_labels: 2,
        ..Options::default()
    };
    let clock = ManualClock::new(1.0);
    let mut monitor = Monitor::with_options(&options, &clock).unwrap();
    for metric in ["a", "b", "c", "d", "a", "c"] {
        monitor.count(metric, 10);
    }
    let counts: Vec<_> = monitor
        .metric_counts()
        .iter()
        .map(|(name, n)| (name.to_owned(), *n))
        .collect();
    let expected = [("(other)", 30), ("a", 20), ("b", 10)];
    assert_eq!(counts, expected.map(|(name, n)| (name.to_owned(), n)));
    assert_eq!(anomalies(&monitor), [(Anomaly::LabelOverLimit, 3)]);
    // Each family has room of its own.
    monitor.on_table_set("e");
    assert_eq!(monitor.asdict().tables["e"].keys_updated, 1);
}

#[test]
fn d9_past_the_cap_on_partitions_messages_count_and_offsets_are_not_kept() {
    let options = Options {
        max_partitions: 1,
        ..Options::default()
    };
    let clock = ManualClock::new(1.0);
    let mut monitor = Monitor::with_options(&options, &clock).unwrap();
    let second = TopicPartition::new("orders", 1);
    let mut message = Message::default();
    for tp in [ORDERS, second] {
        monitor.on_message_in(tp, 5, &mut message);
        clock.advance(0.5);
        monitor.on_tp_commit(&[(tp, 6)]);
        monitor.track_tp_end_offset(tp, 9);
        monitor.on_stream_event_in(tp, 5, TOTALS);
    }
    assert_eq!(message.time_in, Some(1.5));
    assert_eq!(monitor.messages_received_by_topic().get("orders"), Some(&2));
    assert_eq!(monitor.events_by_stream().get("totals"), Some(&2));
    assert_eq!(
        monitor.tp_read_offsets().collect::<Vec<_>>(),
        [("orders", 0, 5)]
    );
    assert_eq!(
        monitor.tp_committed_offsets().collect::<Vec<_>>(),
        [("orders", 0, 6)]
    );
    assert_eq!(
        monitor.tp_end_offsets().collect::<Vec<_>>(),
        [("orders", 0, 9)]
    );
    assert_eq!(monitor.stream_inbound_time().count(), 1);
    assert_eq!(anomalies(&monitor), [(Anomaly::PartitionOverLimit, 4)]);
}

#[test]
fn a_name_over_4096_characters_changes_nothing_and_counts_once_a_call() {
    let clock = ManualClock::new(1.0);
    let mut monitor = Monitor::new(&clock);
    let before = monitor.asdict();
    let long = "n".repeat(4097);
    let tp = TopicPartition::new(&long, 0);
    let mut message = Message::default();
    monitor.on_message_in(tp, 1, &mut message);
    assert_eq!(message, Message::default());
    assert_eq!(monitor.on_stream_event_in(tp, 1, TOTALS), None);
    assert_eq!(
        monitor.on_stream_event_in(ORDERS, 1, Stream::new(&long, None)),
        None
    );
    assert_eq!(
        monitor.on_stream_event_in(ORDERS, 1, Stream::new("totals", Some(&long))),
        None
    );
    assert_eq!(monitor.on_send_initiated(&long, 3, 5), None);
    monitor.on_tp_commit(&[(ORDERS, 1), (tp, 1)]);
    monitor.track_tp_end_offset(tp, 1);
    monitor.on_topic_buffer_full(&long);
    monitor.on_table_get(&long);
    monitor.count(&long, 1);
    assert_eq!(monitor.asdict(), before);
    assert_eq!(anomalies(&monitor), [(Anomaly::NameTooLong, 10)]);
    let refused = monitor.topic_partition(&long, 0).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "topic must be a name of at most 4096 characters, got one of 4097 characters"
    );
    assert_eq!(
        monitor
            .stream("totals", Some(&long))
            .unwrap_err()
            .argument(),
        "task"
    );
}

#[test]
fn d13_a_stream_without_a_task_counts_in_no_task() {
    let clock = ManualClock::new(1.0);
    let mut monitor = Monitor::new(&clock);
    monitor.on_stream_event_in(ORDERS, 1, Stream::new("totals", None));
    assert_eq!(monitor.events_by_stream().get("totals"), Some(&1));
    assert_eq!(monitor.events_by_task().iter().count(), 0);
}

/// Notes the names of the hooks that it hears; gives no tokens where it need not.
#[derive(Default)]
struct Heard(Vec<&'static str>);

impl Sensor for Heard {
    fn on_message_in(&mut self, _: TopicPartition<'_>, _: u64, _: &mut Message) {
        self.0.push("on_message_in");
    }
    fn on_stream_event_in(
        &mut self,
        _: TopicPartition<'_>,
        _: u64,
        _: Stream<'_>,
    ) -> Option<EventState> {
        self.0.push("on_stream_event_in");
        None
    }
    fn on_stream_event_out(
        &mut self,
        _: TopicPartition<'_>,
        _: u64,
        _: Stream<'_>,
        state: Option<&mut EventState>,
    ) {
        assert_eq!(state, None);
        self.0.push("on_stream_event_out");
    }
    fn on_message_out(&mut self, _: TopicPartition<'_>, _: u64, _: &mut Message) {
        self.0.push("on_message_out");
    }
    fn on_topic_buffer_full(&mut self, _: &str) {
        self.0.push("on_topic_buffer_full");
    }
    fn on_table_get(&mut self, _: &str) {
        self.0.push("on_table_get");
    }
    fn on_table_set(&mut self, _: &str) {
        self.0.push("on_table_set");
    }
    fn on_table_del(&mut self, _: &str) {
        self.0.push("on_table_del");
    }
    fn on_commit_initiated(&mut self) -> Option<f64> {
        self.0.push("on_commit_initiated");
        None
    }
    fn on_commit_completed(&mut self, _: Option<f64>) {
        self.0.push("on_commit_completed");
    }
    fn on_send_initiated(&mut self, _: &str, _: usize, _: usize) -> Option<f64> {
        self.0.push("on_send_initiated");
        None
    }
    fn on_send_completed(&mut self, _: Option<f64>) {
        self.0.push("on_send_completed");
    }
    fn on_send_error(&mut self, _: &dyn Display, _: Option<f64>) {
        self.0.push("on_send_error");
    }
    fn count(&mut self, _: &str, _: i64) {
        self.0.push("count");
    }
    fn on_tp_commit(&mut self, _: &[(TopicPartition<'_>, u64)]) {
        self.0.push("on_tp_commit");
    }
    fn track_tp_end_offset(&mut self, _: TopicPartition<'_>, _: u64) {
        self.0.push("track_tp_end_offset");
    }
    fn on_assignment_completed(&mut self, _: Option<&mut streamgauge::AssignmentState>) {
        self.0.push("on_assignment_completed");
    }
    fn on_assignment_error(
        &mut self,
        _: Option<&mut streamgauge::AssignmentState>,
        _: &dyn Display,
    ) {
        self.0.push("on_assignment_error");
    }
    fn on_rebalance_return(&mut self, _: Option<&mut streamgauge::RebalanceState>) {
        self.0.push("on_rebalance_return");
    }
    fn on_rebalance_end(&mut self, _: Option<&mut streamgauge::RebalanceState>) {
        self.0.push("on_rebalance_end");
    }
    fn on_web_request_end(&mut self, _: Option<HttpStatus>, _: Option<&mut WebRequestState>) {
        self.0.push("on_web_request_end");
    }
    fn on_position(&mut self, _: TopicPartition<'_>, _: u64) {
        self.0.push("on_position");
    }
    fn on_threaded_producer_buffer_processed(&mut self, _: usize) {
        self.0.push("on_threaded_producer_buffer_processed");
    }
}

/// Every hook of a delegate once, the clock moving before each end.
fn every_hook(sensors: &mut SensorDelegate<'_>, clock: &ManualClock) {
    let mut message = Message::default();
    sensors.on_message_in(ORDERS, 41, &mut message);
    let mut event = sensors.on_stream_event_in(ORDERS, 41, TOTALS);
    clock.advance(0.25);
    sensors.on_stream_event_out(ORDERS, 41, TOTALS, Some(&mut event));
    clock.advance(0.25);
    sensors.on_message_out(ORDERS, 41, &mut message);
    sensors.on_topic_buffer_full("orders");
    sensors.on_table_get("counts");
    sensors.on_table_set("counts");
    sensors.on_table_del("counts");
    let mut commit = sensors.on_commit_initiated();
    clock.advance(0.25);
    sensors.on_commit_completed(Some(&mut commit));
    let mut send = sensors.on_send_initiated("totals", 3, 5);
    clock.advance(0.25);
    sensors.on_send_completed(Some(&mut send));
    sensors.on_send_error(&"refused", Some(&mut send));
    sensors.count("retries", 7);
    let mut assignment = sensors.on_assignment_start();
    clock.advance(0.25);
    sensors.on_assignment_completed(Some(&mut assignment));
    let mut failed = sensors.on_assignment_start();
    sensors.on_assignment_error(Some(&mut failed), &"failed");
    let mut rebalance = sensors.on_rebalance_start(Some(3));
    clock.advance(0.25);
    sensors.on_rebalance_return(Some(&mut rebalance));
    clock.advance(0.25);
    sensors.on_rebalance_end(Some(&mut rebalance));
    let mut request = sensors.on_web_request_start();
    clock.advance(0.25);
    sensors.on_web_request_end(HttpStatus::new(200).ok(), Some(&mut request));
    sensors.on_tp_commit(&[(ORDERS, 42)]);
    sensors.track_tp_end_offset(ORDERS, 50);
    sensors.on_position(ORDERS, 43);
    sensors.on_threaded_producer_buffer_processed(9);
}

#[test]
fn d14_a_delegate_passes_every_hook_on_to_every_sensor() {
    let clock = ManualClock::new(1.0);
    let mut heard = Heard::default();
    let (mut one, mut other) = (Monitor::new(&clock), Monitor::new(&clock));
    let mut sensors = SensorDelegate::default();
    sensors.add(&mut one);
    sensors.add(&mut heard);
    sensors.add(&mut other);
    assert_eq!(sensors.len(), 3);
    every_hook(&mut sensors, &clock);
    drop(sensors);

    let hooks = [
        "on_message_in",
        "on_stream_event_in",
        "on_stream_event_out",
        "on_message_out",
        "on_topic_buffer_full",
        "on_table_get",
        "on_table_set",
        "on_table_del",
        "on_commit_initiated",
        "on_commit_completed",
        "on_send_initiated",
        "on_send_completed",
        "on_send_error",
        "count",
        "on_assignment_completed",
        "on_assignment_error",
        "on_rebalance_return",
        "on_rebalance_end",
        "on_web_request_end",
        "on_tp_commit",
        "track_tp_end_offset",
        "on_position",
        "on_threaded_producer_buffer_processed",
    ];
    assert_eq!(heard.0, hooks);
    assert_eq!(one.asdict(), other.asdict());
    assert_eq!(one.metric_counts().get("retries"), Some(&7));
    assert_eq!(
        one.tp_committed_offsets().collect::<Vec<_>>(),
        [("orders", 0, 42)]
    );
    assert_eq!(
        one.tp_end_offsets().collect::<Vec<_>>(),
        [("orders", 0, 50)]
    );
    assert_eq!(values(one.events_runtime()), [0.25]);
    assert_eq!(values(one.assignment_latency()), [0.25, 0.0]);
    assert_eq!(values(one.rebalance_return_latency()), [0.25]);
    assert_eq!(values(one.rebalance_end_latency()), [0.5]);
    assert_eq!(values(one.http_response_latency()), [0.25]);
    assert_eq!(one.send_errors(), 1);
    assert_eq!(anomalies(&one), []);
    assert_eq!(anomalies(&other), []);
}

#[test]
fn a_delegate_keeps_tokens_apart_when_sensors_come_and_go() {
    let clock = ManualClock::new(1.0);
    let shared = || std::rc::Rc::new(std::cell::RefCell::new(Monitor::new(&clock)));
    let (first, second, third) = (shared(), shared(), shared());
    let mut sensors = SensorDelegate::default();
    let first_key = sensors.add(first.clone());
    let second_key = sensors.add(second.clone());
    let mut started: Fanned<WebRequestState> = sensors.on_web_request_start();
    assert_eq!(
        started.get(second_key).map(|state| state.time_start),
        Some(1.0)
    );
    assert!(sensors.remove(first_key).is_some());
    assert!(sensors.remove(first_key).is_none());
    let third_key: SensorKey = sensors.add(third.clone());
    clock.advance(0.5);
    sensors.on_web_request_end(None, Some(&mut started));
    assert_eq!(
        values(first.borrow().http_response_latency()),
        [0.0; 0],
        "removed: it hears nothing"
    );
    assert_eq!(values(second.borrow().http_response_latency()), [0.5]);
    assert_eq!(
        values(third.borrow().http_response_latency()),
        [0.0; 0],
        "it did not hear the start"
    );
    assert_eq!(anomalies(&third.borrow()), []);
    assert_eq!(started.get(third_key), None);
    // Without what the start gave, none of them has a token.
    sensors.on_web_request_end(None, None);
    assert_eq!(anomalies(&second.borrow()), [(Anomaly::TokenMissing, 1)]);
}

#[test]
fn a_base_sensor_gives_the_time_in_the_tokens_that_fausts_gives() {
    struct Base;
    impl Sensor for Base {
        fn time(&mut self) -> f64 {
            7.5
        }
    }
    assert_eq!(Base.on_assignment_start().time_start, 7.5);
    assert_eq!(Base.on_rebalance_start(None).time_start, 7.5);
    assert_eq!(Base.on_web_request_start().time_start, 7.5);
    assert_eq!(Base.on_stream_event_in(ORDERS, 1, TOTALS), None);
    assert_eq!(Base.on_commit_initiated(), None);
    assert_eq!(Base.on_send_initiated("totals", 3, 5), None);
}

#[test]
fn handles_of_a_clone_are_looked_up_again_by_the_original() {
    let clock = ManualClock::new(1.0);
    let mut original = Monitor::new(&clock);
    let mut clone = original.clone();
    let payments = clone.topic_partition("payments", 0).unwrap();
    original.on_message_in(ORDERS, 1, &mut Message::default());
    original.on_message_in(payments, 2, &mut Message::default());
    let read: Vec<_> = original.tp_read_offsets().collect();
    assert_eq!(read, [("orders", 0, 1), ("payments", 0, 2)]);
}

#[test]
fn starting_counts_that_share_the_overflow_label_leave_room_to_count_on() {
    let most = streamgauge::MAX_COUNT;
    let counts = (0..3_000).map(|n| (format!("topic-{n}"), most)).collect();
    let options = Options {
        max_labels: 0,
        messages_received_by_topic: counts,
        ..Options::default()
    };
    let mut monitor = Monitor::with_options(&options, || 1.0).unwrap();
    let tp = TopicPartition::new("topic-0", 0);
    monitor.on_message_in(tp, 1, &mut Message::default());
    let received = &monitor.asdict().messages_received_by_topic;
    assert_eq!(received["(other)"], most + 1);
}
