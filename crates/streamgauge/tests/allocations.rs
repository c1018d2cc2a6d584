//! After warm-up (rings full, names known) no hook allocates, and the sampler neither: counted by
//! the allocator itself.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use streamgauge::{
    HttpStatus, ManualClock, Message, Monitor, Options, Sensor, SensorDelegate, Stage, Stream,
    TopicPartition,
};

struct Counting;

thread_local! {
    /// Of this thread alone: the test runner allocates on its own.
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

fn note() {
    ALLOCATIONS.set(ALLOCATIONS.get() + 1);
}

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note();
        // SAFETY: the caller keeps the promises of this method, which are the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note();
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note();
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Names the hook that allocated, once it is told that the warm-up is over.
#[derive(Default)]
struct Watch {
    warm: bool,
    seen: u64,
    hooks: u64,
}

impl Watch {
    fn start(&mut self) {
        self.seen = ALLOCATIONS.get();
    }

    fn after(&mut self, hook: &str) {
        let now = ALLOCATIONS.get();
        assert!(
            !self.warm || now == self.seen,
            "{hook} allocated {} times",
            now - self.seen
        );
        self.hooks += 1;
        // The message of an assertion that held costs nothing, so nothing came in between.
        self.seen = now;
    }
}

/// More rounds than the longest ring has places.
const WARM_UP: u64 = 150;
const ROUNDS: u64 = 500;
const STATUSES: [Option<u16>; 3] = [Some(200), Some(404), None];

/// Every hook of one sensor.
fn round(
    monitor: &mut Monitor<&ManualClock>,
    (tp, stream): (TopicPartition<'_>, Stream<'_>),
    n: u64,
    watch: &mut Watch,
) {
    monitor.clock().advance(0.001);
    watch.start();
    let mut message = Message {
        timestamp: Some(1_700_000_000_000),
        ..Message::default()
    };
    monitor.on_message_in(tp, n, &mut message);
    watch.after("on_message_in");
    let mut event = monitor.on_stream_event_in(tp, n, stream);
    watch.after("on_stream_event_in");
    monitor.on_stream_event_out(tp, n, stream, event.as_mut());
    watch.after("on_stream_event_out");
    monitor.on_stream_event_out(tp, n, stream, event.as_mut());
    watch.after("on_stream_event_out, a second time");
    monitor.on_message_out(tp, n, &mut message);
    watch.after("on_message_out");
    monitor.on_topic_buffer_full(tp.topic);
    watch.after("on_topic_buffer_full");
    monitor.on_table_get("counts");
    watch.after("on_table_get");
    monitor.on_table_set("counts");
    watch.after("on_table_set");
    monitor.on_table_del("counts");
    watch.after("on_table_del");
    let commit = monitor.on_commit_initiated();
    watch.after("on_commit_initiated");
    monitor.on_commit_completed(commit);
    watch.after("on_commit_completed");
    let send = monitor.on_send_initiated(tp.topic, 3, 5);
    watch.after("on_send_initiated");
    monitor.on_send_completed(send);
    watch.after("on_send_completed");
    monitor.on_send_error(&"refused", send);
    watch.after("on_send_error");
    monitor.count("retries", 1);
    watch.after("count");
    monitor.on_tp_commit(&[(tp, n), (tp, n + 1)]);
    watch.after("on_tp_commit");
    monitor.track_tp_end_offset(tp, n);
    watch.after("track_tp_end_offset");
    let mut assignment = monitor.on_assignment_start();
    watch.after("on_assignment_start");
    monitor.on_assignment_completed(Some(&mut assignment));
    watch.after("on_assignment_completed");
    monitor.on_assignment_error(Some(&mut assignment), &"failed");
    watch.after("on_assignment_error");
    let mut rebalance = monitor.on_rebalance_start(Some(n));
    watch.after("on_rebalance_start");
    monitor.on_rebalance_return(Some(&mut rebalance));
    watch.after("on_rebalance_return");
    monitor.on_rebalance_end(Some(&mut rebalance));
    watch.after("on_rebalance_end");
    let mut request = monitor.on_web_request_start();
    watch.after("on_web_request_start");
    let status = STATUSES[n as usize % 3].and_then(|status| HttpStatus::new(status).ok());
    monitor.on_web_request_end(status, Some(&mut request));
    watch.after("on_web_request_end");
    monitor.on_partitions_assigned(&[tp]);
    watch.after("on_partitions_assigned");
    monitor.on_error(Stage::Process, "TypeError", Some(tp));
    watch.after("on_error");
    monitor.on_retry(Some(tp));
    watch.after("on_retry");
    monitor.on_dead_letter(Some(tp));
    watch.after("on_dead_letter");
    monitor.on_position(tp, n + 3);
    watch.after("on_position");
    monitor.on_heartbeat();
    watch.after("on_heartbeat");
    monitor.on_pause(&[tp]);
    watch.after("on_pause");
    monitor.on_resume(&[tp]);
    watch.after("on_resume");
    monitor.on_poll(n, Some(100));
    watch.after("on_poll");
    monitor.on_partitions_revoked(&[tp]);
    watch.after("on_partitions_revoked");
    monitor.on_partitions_lost(&[tp]);
    watch.after("on_partitions_lost");
    monitor.on_threaded_producer_buffer_processed(9);
    watch.after("on_threaded_producer_buffer_processed");
    monitor.sample();
    watch.after("sample");
    monitor.health_changes(|_| ());
    watch.after("health_changes");
}

/// The same of a delegate, each hook for all its sensors.
fn delegate_round(
    sensors: &mut SensorDelegate<'_>,
    (tp, stream): (TopicPartition<'_>, Stream<'_>),
    n: u64,
    watch: &mut Watch,
) {
    watch.start();
    let mut message = Message::default();
    sensors.on_message_in(tp, n, &mut message);
    watch.after("on_message_in");
    let mut event = sensors.on_stream_event_in(tp, n, stream);
    watch.after("on_stream_event_in");
    sensors.on_stream_event_out(tp, n, stream, Some(&mut event));
    watch.after("on_stream_event_out");
    sensors.on_message_out(tp, n, &mut message);
    watch.after("on_message_out");
    sensors.on_topic_buffer_full(tp.topic);
    watch.after("on_topic_buffer_full");
    sensors.on_table_get("counts");
    watch.after("on_table_get");
    sensors.on_table_set("counts");
    watch.after("on_table_set");
    sensors.on_table_del("counts");
    watch.after("on_table_del");
    let mut commit = sensors.on_commit_initiated();
    watch.after("on_commit_initiated");
    sensors.on_commit_completed(Some(&mut commit));
    watch.after("on_commit_completed");
    let mut send = sensors.on_send_initiated(tp.topic, 3, 5);
    watch.after("on_send_initiated");
    sensors.on_send_completed(Some(&mut send));
    watch.after("on_send_completed");
    sensors.on_send_error(&"refused", Some(&mut send));
    watch.after("on_send_error");
    sensors.count("retries", 1);
    watch.after("count");
    sensors.on_tp_commit(&[(tp, n), (tp, n + 1)]);
    watch.after("on_tp_commit");
    sensors.track_tp_end_offset(tp, n);
    watch.after("track_tp_end_offset");
    let mut assignment = sensors.on_assignment_start();
    watch.after("on_assignment_start");
    sensors.on_assignment_completed(Some(&mut assignment));
    watch.after("on_assignment_completed");
    sensors.on_assignment_error(Some(&mut assignment), &"failed");
    watch.after("on_assignment_error");
    let mut rebalance = sensors.on_rebalance_start(Some(n));
    watch.after("on_rebalance_start");
    sensors.on_rebalance_return(Some(&mut rebalance));
    watch.after("on_rebalance_return");
    sensors.on_rebalance_end(Some(&mut rebalance));
    watch.after("on_rebalance_end");
    let mut request = sensors.on_web_request_start();
    watch.after("on_web_request_start");
    let status = STATUSES[n as usize % 3].and_then(|status| HttpStatus::new(status).ok());
    sensors.on_web_request_end(status, Some(&mut request));
    watch.after("on_web_request_end");
    sensors.on_partitions_assigned(&[tp]);
    watch.after("on_partitions_assigned");
    sensors.on_error(Stage::Process, "TypeError", Some(tp));
    watch.after("on_error");
    sensors.on_retry(Some(tp));
    watch.after("on_retry");
    sensors.on_dead_letter(Some(tp));
    watch.after("on_dead_letter");
    sensors.on_position(tp, n + 3);
    watch.after("on_position");
    sensors.on_heartbeat();
    watch.after("on_heartbeat");
    sensors.on_pause(&[tp]);
    watch.after("on_pause");
    sensors.on_resume(&[tp]);
    watch.after("on_resume");
    sensors.on_poll(n, Some(100));
    watch.after("on_poll");
    sensors.on_partitions_revoked(&[tp]);
    watch.after("on_partitions_revoked");
    sensors.on_partitions_lost(&[tp]);
    watch.after("on_partitions_lost");
    sensors.on_threaded_producer_buffer_processed(9);
    watch.after("on_threaded_producer_buffer_processed");
}

const TOPICS: [&str; 4] = [
    "orders",
    "payments",
    "clicks",
    "a name that is not so short",
];

fn plain(n: u64) -> (TopicPartition<'static>, Stream<'static>) {
    let topic = TOPICS[n as usize % 4];
    (
        TopicPartition::new(topic, (n % 16) as u32),
        Stream::new(topic, Some("totals.process")),
    )
}

fn rounds(
    monitor: &mut Monitor<&ManualClock>,
    each: impl Fn(u64) -> (TopicPartition<'static>, Stream<'static>),
) -> u64 {
    let mut watch = Watch::default();
    for n in 0..WARM_UP + ROUNDS {
        watch.warm = n >= WARM_UP;
        round(monitor, each(n), n, &mut watch);
    }
    watch.hooks
}

#[test]
fn no_hook_allocates_with_plain_names() {
    let clock = ManualClock::new(1.0);
    let hooks = rounds(&mut Monitor::new(&clock), plain);
    assert_eq!(hooks, 39 * (WARM_UP + ROUNDS));
}

#[test]
fn no_hook_allocates_with_handles() {
    let clock = ManualClock::new(1.0);
    let mut monitor = Monitor::new(&clock);
    let handles: Vec<_> = (0..16)
        .map(|n| {
            let (tp, stream) = plain(n);
            let tp = monitor.topic_partition(tp.topic, tp.partition).unwrap();
            (tp, monitor.stream(stream.label, stream.task).unwrap())
        })
        .collect();
    rounds(&mut monitor, |n| handles[n as usize % 16]);
}

#[test]
fn no_hook_allocates_when_families_and_partitions_are_full() {
    let clock = ManualClock::new(1.0);
    let options = Options {
        max_labels: 2,
        max_partitions: 3,
        ..Options::default()
    };
    rounds(&mut Monitor::with_options(&options, &clock).unwrap(), plain);
}

#[test]
fn letting_idle_series_go_does_not_allocate() {
    let clock = ManualClock::new(1.0);
    let options = Options {
        label_idle: 0.02,
        partition_idle: 0.02,
        ..Options::default()
    };
    let mut monitor = Monitor::with_options(&options, &clock).unwrap();
    let mut watch = Watch::default();
    let mut folded = 0;
    for n in 0..WARM_UP + ROUNDS {
        watch.warm = n >= WARM_UP;
        let tp = TopicPartition::new(TOPICS[n as usize % 4], 0);
        // Making a name allocates; letting it go does not.
        monitor.on_partitions_assigned(&[tp]);
        monitor.on_send_initiated(tp.topic, 1, 1);
        monitor.on_partitions_revoked(&[tp]);
        clock.advance(6.0);
        watch.start();
        monitor.sample();
        watch.after("sample");
        folded += u64::from(monitor.messages_sent_by_topic().get("(other)").is_some());
    }
    assert!(folded > ROUNDS, "labels did fold");
}

#[test]
fn no_hook_of_a_delegate_with_four_sensors_allocates() {
    let clock = ManualClock::new(1.0);
    let mut sensors = SensorDelegate::default();
    for _ in 0..4 {
        sensors.add(Monitor::new(&clock));
    }
    let mut watch = Watch::default();
    for n in 0..WARM_UP + ROUNDS {
        watch.warm = n >= WARM_UP;
        clock.advance(0.001);
        delegate_round(&mut sensors, plain(n), n, &mut watch);
    }
    assert_eq!(watch.hooks, 36 * (WARM_UP + ROUNDS));
}

#[test]
fn an_allocation_is_noticed() {
    let mut watch = Watch {
        warm: true,
        ..Watch::default()
    };
    watch.start();
    let text = std::hint::black_box(String::from("a name"));
    let noticed = std::panic::catch_unwind(move || watch.after("making a name")).unwrap_err();
    assert_eq!(
        noticed.downcast_ref::<String>().unwrap(),
        "making a name allocated 1 times"
    );
    drop(text);
}
