//! What a family keeps, for its life and for a minute, is held against the naive model.

use super::super::model::{SPREADS, histogram_of, nearest_rank, spread};
use super::*;
use proptest::prelude::*;
use std::vec::Vec;

/// Anything that a duration may be, from 0 to beyond what has a bucket.
fn seconds() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => (-9.0_f64..9.0).prop_map(|exponent| 10_f64.powf(exponent)),
        1 => (-22_i32..=12).prop_map(|exponent| 2_f64.powi(exponent)),
        1 => prop::sample::select(&[0.0, 5e-324, 1e-300, 1_024.1, 1e300, f64::MAX][..]),
    ]
}

fn recorded(values: &[f64]) -> LatencyHistogram {
    let mut histogram = LatencyHistogram::default();
    values.iter().for_each(|value| histogram.record(*value));
    histogram
}

fn counts(histogram: &LatencyHistogram, now: f64) -> (u64, u64) {
    let minute = histogram.last_minute(now).unwrap();
    (histogram.life().unwrap().count, minute.count)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn life_and_minute_are_the_histogram_of_what_was_recorded(values in prop::collection::vec(seconds(), 0..200)) {
        let histogram = recorded(&values);
        let expected = histogram_of(&values, 5);
        prop_assert_eq!(expected.check(), Ok(()));
        prop_assert_eq!(histogram.last_minute(0.0).unwrap(), expected.clone());
        prop_assert_eq!(histogram.life().unwrap(), expected);
    }

    #[test]
    fn quantiles_are_within_eleven_thousandths(seed in any::<u64>(), place in 0..SPREADS.len()) {
        let values = spread(SPREADS[place], seed, 3_000);
        let life = recorded(&values).life().unwrap();
        for thousandths in [1, 10, 250, 500, 750, 900, 950, 990, 999, 1000] {
            let exact = nearest_rank(&values, thousandths);
            let estimate = life.quantile(thousandths as f64 / 1e3).unwrap();
            prop_assert!((estimate / exact - 1.0).abs() <= 0.011, "{} {thousandths}: {estimate}, not {exact}", SPREADS[place]);
        }
    }

    /// Ticks up to a second apart, measurements between them.
    #[test]
    fn the_minute_is_the_newest_fifty_to_sixty_seconds(
        start in -1e6_f64..1e6,
        steps in prop::collection::vec((0.0_f64..=1.0, any::<bool>(), seconds()), 0..200),
    ) {
        let mut histogram = LatencyHistogram::default();
        let (mut now, mut times, mut values, mut last) = (start, Vec::new(), Vec::new(), None);
        for (step, measured, value) in steps {
            histogram.rotate(now);
            if measured {
                histogram.record(value);
                times.push(now);
                values.push(value);
            }
            now += step;
            let minute = histogram.last_minute(now).unwrap();
            let first = values.len() - minute.count as usize;
            prop_assert!(times[..first].last().is_none_or(|time| now - time >= 49.0));
            prop_assert!(times[first..].first().is_none_or(|time| now - time < 60.001));
            last = Some((minute, first));
        }
        if let Some((minute, first)) = last {
            prop_assert_eq!(minute, histogram_of(&values[first..], 5));
        }
        prop_assert_eq!(histogram.life().unwrap(), histogram_of(&values, 5));
    }

    #[test]
    fn no_clock_and_no_number_loses_what_the_life_has(calls in prop::collection::vec((any::<f64>(), any::<f64>()), 0..100)) {
        let mut histogram = LatencyHistogram::default();
        let mut values = Vec::new();
        for (seconds, now) in calls {
            histogram.record(seconds);
            if seconds.is_finite() && seconds.is_sign_positive() {
                values.push(seconds);
            }
            histogram.rotate(now);
            histogram.last_minute(seconds);
        }
        prop_assert_eq!(histogram.life().unwrap(), histogram_of(&values, 5));
    }
}

#[test]
fn a_minute_is_forgotten_and_the_life_is_not() {
    let mut histogram = LatencyHistogram::default();
    histogram.rotate(100.0);
    histogram.record(0.25);
    for second in 101..160 {
        histogram.rotate(f64::from(second));
    }
    assert_eq!(counts(&histogram, 159.9), (1, 1));
    assert_eq!(counts(&histogram, 160.0), (1, 0), "before that tick, too");
    histogram.rotate(160.0);
    assert_eq!(counts(&histogram, 160.0), (1, 0));
    assert_eq!(histogram.last_minute(160.0), Some(Histogram::default()));
    histogram.record(0.5);
    assert_eq!(counts(&histogram, 160.0), (2, 1));
    assert_eq!(
        histogram.last_minute(160.0).unwrap(),
        histogram_of(&[0.5], 5)
    );
    assert_eq!(histogram.life().unwrap(), histogram_of(&[0.25, 0.5], 5));
}

#[test]
fn a_late_tick_passes_all_windows_that_ended() {
    let mut histogram = LatencyHistogram::default();
    histogram.rotate(0.0);
    histogram.record(1.0);
    histogram.rotate(35.0);
    histogram.record(2.0);
    assert_eq!(counts(&histogram, 59.0), (2, 2));
    assert_eq!(counts(&histogram, 60.0), (2, 1));
    assert_eq!(counts(&histogram, 89.0), (2, 1));
    assert_eq!(counts(&histogram, 90.0), (2, 0));
    histogram.rotate(1e300);
    assert_eq!(counts(&histogram, 1e300), (2, 0));
    histogram.record(3.0);
    assert_eq!(counts(&histogram, 1e300), (3, 1));
}

#[test]
fn a_clock_that_goes_back_makes_the_window_longer() {
    let mut histogram = LatencyHistogram::default();
    histogram.rotate(1_000.0);
    histogram.record(1.0);
    histogram.rotate(0.0);
    histogram.record(2.0);
    histogram.rotate(f64::NAN);
    assert_eq!(counts(&histogram, 59.0), (2, 2));
    assert_eq!(counts(&histogram, f64::NAN), (2, 2));
    assert_eq!(counts(&histogram, 60.0), (2, 0));
}

#[test]
fn the_first_tick_may_come_after_the_first_measurement() {
    let mut histogram = recorded(&[1.0]);
    histogram.rotate(5_000.0);
    assert_eq!(counts(&histogram, 5_059.0), (1, 1));
    assert_eq!(counts(&histogram, 5_060.0), (1, 0));
}

#[test]
fn a_window_that_is_full_counts_on_in_the_life() {
    let mut histogram = recorded(&[1.0]);
    let window = &mut histogram.recorded.as_mut().unwrap().current;
    let count = window.counts.iter_mut().find(|count| **count > 0).unwrap();
    *count = u32::MAX - 1;
    (0..3).for_each(|_| histogram.record(1.0));
    assert_eq!(counts(&histogram, 0.0), (4_294_967_297, 4_294_967_295));
    let life = histogram.life().unwrap();
    assert_eq!(life.buckets, [4_294_967_297]);
    assert_eq!(life.sum_nanoseconds, 4_000_000_000, "of the four recorded");
}

#[test]
fn it_takes_the_room_it_may_and_none_before_it_is_used() {
    const { assert!(size_of::<LatencyHistogram>() <= 80) };
    assert!(LatencyHistogram::default().recorded.is_none());
    let life = size_of::<Life>() + PLACES * size_of::<u64>();
    let minute = (PAST + 1) * (size_of::<Window>() + PLACES * size_of::<u32>());
    assert!(life <= 8_192, "{life}");
    assert!(minute <= 24_000, "{minute}");
    let unused = LatencyHistogram::default();
    assert_eq!(unused.life(), Some(Histogram::default()));
    assert_eq!(unused.last_minute(1.0), Some(Histogram::default()));
}
