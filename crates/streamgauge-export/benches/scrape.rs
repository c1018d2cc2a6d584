//! What a scrape of some 3,000 lines costs: reading the snapshot's bytes, and writing the text.
//!
//! `cargo bench -p streamgauge-export` prints a table.

use std::hint::black_box;
use std::time::Instant;

use streamgauge::{ManualClock, Message, Monitor, Sensor, Snapshot, Stream, TopicPartition};
use streamgauge_export::{ExportOptions, Renderer, TextFormat};

const PARTITIONS: u32 = 166;
const ROUNDS: usize = 15;
const TIMES: u32 = 200;

/// A worker with many partitions and every latency of messages measured.
fn snapshot() -> Snapshot {
    const TOPICS: [&str; 4] = ["topic-0", "topic-1", "topic-2", "topic-3"];
    let mut monitor = Monitor::new(ManualClock::new(1.0));
    for partition in 0..PARTITIONS {
        let tp = TopicPartition::new(TOPICS[partition as usize % 4], partition);
        let stream = Stream::new("stream", None);
        for offset in 0..20 {
            let mut message = Message::default();
            monitor.on_message_in(tp, offset, &mut message);
            let mut state = monitor.on_stream_event_in(tp, offset, stream);
            monitor.clock().advance(1e-4 * (offset + 1) as f64);
            monitor.on_stream_event_out(tp, offset, stream, state.as_mut());
            monitor.on_message_out(tp, offset, &mut message);
        }
        monitor.track_tp_end_offset(tp, 30);
    }
    monitor.snapshot()
}

/// Times `work`: the fastest round and the middle one. Under `cargo test` it runs once.
fn row(timed: bool, name: &str, mut work: impl FnMut()) {
    if !timed {
        return work();
    }
    let mut rounds = [0.0; ROUNDS];
    for microseconds in &mut rounds {
        let start = Instant::now();
        for _ in 0..TIMES {
            work();
        }
        *microseconds = start.elapsed().as_secs_f64() * 1e6 / f64::from(TIMES);
    }
    rounds.sort_by(f64::total_cmp);
    let (fastest, middle) = (rounds[0], rounds[ROUNDS / 2]);
    println!("{name:<40} min {fastest:>8.1}  median {middle:>8.1} us");
}

fn main() {
    let timed = std::env::args().any(|argument| argument == "--bench");
    let renderer = Renderer::new(&ExportOptions::default()).expect("the default options are good");
    let snapshots = [snapshot()];
    let bytes = snapshots[0].to_cbor();
    let render = |format| {
        let text = renderer.render(format, &snapshots);
        text.expect("one snapshot needs no name")
    };
    let lines = render(TextFormat::OpenMetrics)
        .lines()
        .filter(|line| !line.starts_with('#'))
        .count();
    println!("{lines} lines, {} bytes of CBOR", bytes.len());
    row(timed, "made ready: Renderer::new", || {
        let renderer = Renderer::new(black_box(&ExportOptions::default()));
        let _ = black_box(renderer.expect("the default options are good"));
    });
    row(timed, "read: Snapshot::from_cbor", || {
        let snapshot = Snapshot::from_cbor(black_box(&bytes));
        drop(black_box(snapshot.expect("it is a snapshot")));
    });
    row(timed, "written as OpenMetrics", || {
        drop(black_box(render(TextFormat::OpenMetrics)));
    });
    row(timed, "written as classic text", || {
        drop(black_box(render(TextFormat::Prometheus)));
    });
}
