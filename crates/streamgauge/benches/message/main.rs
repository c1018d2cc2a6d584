//! What one message costs: its four hooks, on 16 topic-partitions and 4 streams, beside the
//! `metrics` crate with its Prometheus recorder keeping the same figures in the same process.
//!
//! `cargo bench -p streamgauge --bench message` prints a table and writes `target/bench/rust.json`.

mod measure;
mod peer;

use std::hint::black_box;

use measure::Bench;
use streamgauge::{
    Clock, ManualClock, Message, Monitor, Options, Sensor, Snapshot, StdClock, Stream,
    TopicPartition, merge,
};

const MESSAGES: u64 = 1_000_000;

/// The topic-partitions and streams of the benchmark, by name.
fn names() -> (Vec<TopicPartition<'static>>, Vec<Stream<'static>>) {
    const TOPICS: [&str; 4] = ["topic-0", "topic-1", "topic-2", "topic-3"];
    const STREAMS: [&str; 4] = ["stream-0", "stream-1", "stream-2", "stream-3"];
    const TASKS: [&str; 4] = ["task-0", "task-1", "task-2", "task-3"];
    let tps = (0..16).map(|n| TopicPartition::new(TOPICS[n % 4], n as u32));
    let streams = (0..4).map(|n| Stream::new(STREAMS[n], Some(TASKS[n])));
    (tps.collect(), streams.collect())
}

/// The same as handles of a monitor.
fn handles<C: Clock>(
    monitor: &mut Monitor<C>,
) -> (Vec<TopicPartition<'static>>, Vec<Stream<'static>>) {
    let (tps, streams) = names();
    let tps = tps
        .iter()
        .map(|tp| monitor.topic_partition(tp.topic, tp.partition).unwrap());
    let tps = tps.collect();
    let streams = streams
        .iter()
        .map(|stream| monitor.stream(stream.label, stream.task).unwrap());
    (tps, streams.collect())
}

/// The four hooks of each of `n` messages. The monitor's memory is looked at between any two, as
/// it would be were there work between them: no two hooks become one.
fn messages<C: Clock>(
    monitor: &mut Monitor<C>,
    (tps, streams): &(Vec<TopicPartition<'static>>, Vec<Stream<'static>>),
    n: u64,
    step: impl Fn(&C),
) {
    for offset in 0..n {
        let (tp, stream) = (tps[offset as usize & 15], streams[offset as usize & 3]);
        let mut message = Message::default();
        monitor.on_message_in(tp, offset, black_box(&mut message));
        let mut state = black_box(&mut *monitor).on_stream_event_in(tp, offset, stream);
        step(monitor.clock());
        let state = black_box(state.as_mut());
        black_box(&mut *monitor).on_stream_event_out(tp, offset, stream, state);
        black_box(&mut *monitor).on_message_out(tp, offset, black_box(&mut message));
    }
}

fn tick(clock: &ManualClock) {
    clock.advance(1e-6);
}

fn main() {
    let mut bench = Bench::from_arguments();

    let clock = StdClock::new();
    bench.row(
        "four bare readings of the std clock (the floor)",
        MESSAGES,
        |n| {
            for _ in 0..4 * n {
                black_box(clock.now());
            }
        },
    );

    let mut monitor = Monitor::new(ManualClock::new(0.0));
    let by_handle = handles(&mut monitor);
    bench.row("one message, handles, manual clock", MESSAGES, |n| {
        messages(&mut monitor, &by_handle, n, tick);
    });
    let mut monitor = Monitor::new(ManualClock::new(0.0));
    bench.row("one message, plain names, manual clock", MESSAGES, |n| {
        messages(&mut monitor, &names(), n, tick);
    });
    let mut monitor = Monitor::new(StdClock::new());
    let by_handle = handles(&mut monitor);
    bench.row("one message, handles, std clock", MESSAGES, |n| {
        messages(&mut monitor, &by_handle, n, |_| ());
    });
    let mut monitor = Monitor::new(StdClock::new());
    bench.row("one message, plain names, std clock", MESSAGES, |n| {
        messages(&mut monitor, &names(), n, |_| ());
    });

    // 16 partitions with all three offsets, every deque full.
    let mut full = Monitor::new(ManualClock::new(0.0));
    fill(&mut full);
    bench.row("asdict(), 16 partitions, full deques", 20_000, |n| {
        for _ in 0..n {
            black_box(full.asdict());
        }
    });
    bench.row("sample(), full deques", 20_000, |n| {
        for _ in 0..n {
            full.sample();
            black_box(&mut full);
        }
    });

    bench.row("snapshot(), 16 partitions, every latency", 2_000, |n| {
        for _ in 0..n {
            black_box(full.snapshot());
        }
    });
    let workers = snapshots(1_000, 100);
    bench.row("merge of 1,000 workers, 100 partitions each", 1, |n| {
        for _ in 0..n {
            black_box(merge(&workers).is_ok());
        }
    });

    peer::rows(&mut bench, &names(), MESSAGES / 4);
    bench.finish();
}

/// The snapshots of a group, each of whose workers owns partitions of its own.
fn snapshots(workers: u32, partitions: u32) -> Vec<Snapshot> {
    let snapshot = |worker| {
        let options = Options {
            worker: format!("worker-{worker}"),
            ..Options::default()
        };
        let clock = ManualClock::new(1.0);
        let mut monitor = Monitor::with_options(&options, clock).expect("options within limits");
        for partition in 0..partitions {
            let tp = TopicPartition::new("orders", worker * partitions + partition);
            let mut message = Message::default();
            monitor.on_partitions_assigned(&[tp]);
            monitor.on_message_in(tp, 41, &mut message);
            monitor.clock().advance(0.001 * f64::from(1 + partition));
            monitor.on_message_out(tp, 41, &mut message);
            monitor.track_tp_end_offset(tp, 50);
            monitor.on_tp_commit(&[(tp, 42)]);
        }
        monitor.snapshot()
    };
    (0..workers).map(snapshot).collect()
}

/// Fills every deque, table and offset.
fn fill(monitor: &mut Monitor<ManualClock>) {
    let by_name = names();
    let mut rebalances: Vec<_> = (0..100)
        .map(|n| monitor.on_rebalance_start(Some(n)))
        .collect();
    for state in &mut rebalances {
        tick(monitor.clock());
        monitor.on_rebalance_return(Some(state));
        monitor.on_rebalance_end(Some(state));
    }
    messages(monitor, &by_name, 1_000, tick);
    for (place, tp) in by_name.0.iter().enumerate() {
        monitor.on_tp_commit(&[(*tp, place as u64)]);
        monitor.track_tp_end_offset(*tp, 2 * place as u64);
        monitor.on_topic_buffer_full(tp.topic);
        monitor.on_table_set(tp.topic);
        monitor.count(tp.topic, 1);
    }
    for _ in 0..100 {
        let commit = monitor.on_commit_initiated();
        let send = monitor.on_send_initiated("topic-0", 3, 5);
        let mut assignment = monitor.on_assignment_start();
        let mut request = monitor.on_web_request_start();
        tick(monitor.clock());
        monitor.on_commit_completed(commit);
        monitor.on_send_completed(send);
        monitor.on_assignment_completed(Some(&mut assignment));
        monitor.on_web_request_end(None, Some(&mut request));
    }
}
