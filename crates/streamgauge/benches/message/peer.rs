//! The `metrics` crate with the recorder of metrics-exporter-prometheus: a service's usual way to
//! have these figures.

use std::hint::black_box;

use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};
use metrics_exporter_prometheus::PrometheusBuilder;
use streamgauge::{Clock, ManualClock, Stream, TopicPartition};

use crate::measure::Bench;

/// What the recorder gave for the names once, so that no hook looks anything up.
struct Kept {
    received: Counter,
    active: Gauge,
    by_topic: Vec<Counter>,
    offsets: Vec<Gauge>,
    events: Counter,
    events_active: Gauge,
    by_stream: Vec<Counter>,
    by_task: Vec<Counter>,
    runtime: Histogram,
}

pub(crate) fn rows(
    bench: &mut Bench,
    (tps, streams): &(Vec<TopicPartition<'static>>, Vec<Stream<'static>>),
    messages: u64,
) {
    let buckets = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0];
    let builder = PrometheusBuilder::new().set_buckets(&buckets).unwrap();
    let recorder = builder.build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).unwrap();
    let clock = ManualClock::new(0.0);

    let kept = Kept {
        received: counter!("received"),
        active: gauge!("active"),
        by_topic: tps
            .iter()
            .map(|tp| counter!("by_topic", "topic" => tp.topic))
            .collect(),
        offsets: tps
            .iter()
            .map(
                |tp| gauge!("offset", "topic" => tp.topic, "partition" => tp.partition.to_string()),
            )
            .collect(),
        events: counter!("events"),
        events_active: gauge!("events_active"),
        by_stream: streams
            .iter()
            .map(|stream| counter!("by_stream", "stream" => stream.label))
            .collect(),
        by_task: streams
            .iter()
            .map(|stream| counter!("by_task", "task" => stream.task.unwrap()))
            .collect(),
        runtime: histogram!("runtime"),
    };
    // The recorder keeps every measurement until its upkeep, which a service runs in the
    // background: it is left out of the time, in the recorder's favour.
    let upkeep = || handle.run_upkeep();
    bench.row_between(
        "metrics + Prometheus recorder, its handles kept, manual clock",
        messages,
        upkeep,
        |n| {
            for offset in 0..n {
                let (tp, stream) = (offset as usize & 15, offset as usize & 3);
                kept.received.increment(1);
                kept.active.increment(1.0);
                kept.by_topic[tp].increment(1);
                kept.offsets[tp].set(offset as f64);
                let start = clock.now();
                kept.events.increment(1);
                kept.events_active.increment(1.0);
                kept.by_stream[stream].increment(1);
                kept.by_task[stream].increment(1);
                clock.advance(1e-6);
                kept.events_active.decrement(1.0);
                kept.runtime.record(black_box(clock.now() - start));
                kept.active.decrement(1.0);
            }
        },
    );
    // As the crate's documentation shows it. Partition numbers are text there: made beforehand.
    let partitions: Vec<String> = tps.iter().map(|tp| tp.partition.to_string()).collect();
    bench.row_between(
        "metrics + Prometheus recorder, its macros, manual clock",
        messages,
        upkeep,
        |n| {
            for offset in 0..n {
                let (tp, stream) = (&tps[offset as usize & 15], &streams[offset as usize & 3]);
                let partition = &partitions[offset as usize & 15];
                counter!("received").increment(1);
                gauge!("active").increment(1.0);
                counter!("by_topic", "topic" => tp.topic).increment(1);
                gauge!("offset", "topic" => tp.topic, "partition" => partition.clone())
                    .set(offset as f64);
                let start = clock.now();
                counter!("events").increment(1);
                gauge!("events_active").increment(1.0);
                counter!("by_stream", "stream" => stream.label).increment(1);
                counter!("by_task", "task" => stream.task.unwrap_or_default()).increment(1);
                clock.advance(1e-6);
                gauge!("events_active").decrement(1.0);
                histogram!("runtime").record(black_box(clock.now() - start));
                gauge!("active").decrement(1.0);
            }
        },
    );
}
