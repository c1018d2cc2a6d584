//! Histograms in classic buckets.

use proptest::prelude::*;
use streamgauge::{Histogram, ManualClock, Monitor, Sensor, TopicPartition};
use streamgauge_export::TextFormat::{OpenMetrics, Prometheus};
use streamgauge_export::{Buckets, ExportOptions, Renderer};

use crate::{named, parsed, samples};

#[test]
fn powers_of_two_are_the_cores_own() {
    let mut monitor = Monitor::new(ManualClock::new(0.0));
    let tp = TopicPartition::new("t", 0);
    for offset in 0..2_000_u64 {
        let mut message = streamgauge::Message::default();
        monitor.on_message_in(tp, offset, &mut message);
        monitor.clock().advance(1e-6 * (offset * offset) as f64);
        monitor.on_message_out(tp, offset, &mut message);
    }
    let snapshot = monitor.snapshot();
    let expected: Vec<(f64, u64)> = snapshot
        .messages
        .time
        .life
        .as_ref()
        .unwrap()
        .cumulative_at_powers_of_two();
    let buckets = Buckets {
        scale: 0,
        from: 1.0 / 1_048_576.0,
        to: 1_024.0,
    };
    let renderer = Renderer::new(&ExportOptions {
        buckets,
        ..ExportOptions::default()
    })
    .unwrap();
    let text = renderer.render(Prometheus, &[snapshot]).unwrap();
    let found: Vec<(f64, u64)> = samples(&text, "messages_time_seconds_bucket")
        .iter()
        .map(|line| {
            let (_, rest) = line.split_once("le=\"").unwrap();
            let (bound, count) = rest.split_once("\"} ").unwrap();
            (bound.parse().unwrap(), count.parse().unwrap())
        })
        .collect();
    let (infinite, finite) = found.split_last().unwrap();
    assert_eq!(finite, expected);
    assert_eq!(*infinite, (f64::INFINITY, 2_000));
}

/// The histogram of `values` at a scale, by the core's own arithmetic.
fn histogram(values: &[f64], scale: i32) -> Histogram {
    let mut sum = Histogram {
        scale,
        ..Histogram::default()
    };
    for value in values {
        let index = (0..30 << scale)
            .map(|place| place - (20 << scale))
            .find(|index| {
                let bucket = Histogram {
                    scale,
                    offset: *index,
                    ..Histogram::default()
                };
                let (lower, upper) = bucket.bucket_bounds(0);
                lower < *value && *value <= upper
            });
        let one = Histogram {
            scale,
            count: 1,
            min: Some(*value),
            max: Some(*value),
            offset: index.unwrap(),
            buckets: vec![1],
            ..Histogram::default()
        };
        sum.merge(&one).unwrap();
    }
    sum
}

proptest! {
    #[test]
    fn every_bound_counts_what_is_at_most_it(
        values in proptest::collection::vec((1e-6_f64..1_000.0).prop_map(|value| value.max(1.0 / 1_048_576.0 * 1.01)), 0..40),
        histograms_scale in 0..=5_i32,
        scale in -3..=3_i32,
    ) {
        let mut one = named("w");
        one.messages.time.life = Some(histogram(&values, histograms_scale));
        let buckets = Buckets { scale, from: 1.0 / 1_048_576.0, to: 1_024.0 };
        let renderer = Renderer::new(&ExportOptions { buckets, ..ExportOptions::default() }).unwrap();
        let text = renderer.render(OpenMetrics, &[one]).unwrap();
        let lines = samples(&text, "messages_time_seconds_bucket");
        // Finer bounds than the histogram's own lie within its buckets.
        let bounds = if scale >= 0 { (30 << scale.min(histograms_scale)) + 1 } else { (10 >> -scale) - ((-20_i32 + (1 << -scale) - 1) >> -scale) + 1 };
        prop_assert_eq!(lines.len() as i32, bounds + 1);
        for line in lines {
            let (_, labels, count) = parsed(line);
            let bound = match &*labels.last().unwrap().1 { "+Inf" => f64::INFINITY, bound => bound.parse().unwrap() };
            let expected = values.iter().filter(|value| **value <= bound).count();
            prop_assert_eq!(count, expected as f64, "{}", line);
        }
    }
}
