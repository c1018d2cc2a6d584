//! What a stream keeps is held against the naive model.

use super::super::model::{SPREADS, histogram_of, nearest_rank, spread};
use super::*;
use proptest::prelude::*;

fn record(histogram: &mut StreamHistogram, seconds: f64) {
    if let Some(measurement) = Measurement::any(seconds) {
        histogram.count(measurement);
    }
}

fn recorded(values: &[f64]) -> StreamHistogram {
    let mut histogram = StreamHistogram::default();
    values
        .iter()
        .for_each(|value| record(&mut histogram, *value));
    histogram
}

fn values() -> impl Strategy<Value = Vec<f64>> {
    let seconds = prop_oneof![
        8 => (-9.0_f64..9.0).prop_map(|exponent| 10_f64.powf(exponent)),
        1 => (-22_i32..=12).prop_map(|exponent| 2_f64.powi(exponent)),
        1 => prop::sample::select(&[0.0, 1_024.1, 1e300][..]),
    ];
    prop::collection::vec(seconds, 0..200)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn figures_are_the_histogram_of_what_was_recorded(one in values(), other in values()) {
        let mut histogram = recorded(&one);
        prop_assert_eq!(histogram.figures(), histogram_of(&one, 3));
        histogram.add(&recorded(&other));
        prop_assert_eq!(histogram.figures(), histogram_of(&[one, other].concat(), 3));
    }

    #[test]
    fn quantiles_are_within_forty_four_thousandths(seed in any::<u64>(), place in 0..SPREADS.len()) {
        let values = spread(SPREADS[place], seed, 3_000);
        let figures = recorded(&values).figures();
        for thousandths in [500, 750, 900, 950, 990, 999] {
            let exact = nearest_rank(&values, thousandths);
            let estimate = figures.quantile(thousandths as f64 / 1e3).unwrap();
            prop_assert!((estimate / exact - 1.0).abs() <= 0.044, "{} {thousandths}: {estimate}, not {exact}", SPREADS[place]);
        }
    }

    #[test]
    fn no_number_panics(seconds in any::<f64>()) {
        let counted = seconds.is_finite() && seconds.is_sign_positive();
        prop_assert_eq!(recorded(&[seconds]).figures().count, u64::from(counted));
    }
}

/// One whose bucket of 1 s has a count that no test could reach by recording.
fn nearly_full(count: u32) -> StreamHistogram {
    let mut histogram = recorded(&[1.0]);
    *histogram.counts.iter_mut().find(|n| **n > 0).unwrap() = count;
    histogram
}

#[test]
fn a_bucket_counts_on_past_its_32_bits() {
    let mut histogram = nearly_full(u32::MAX - 1);
    for count in [4_294_967_295, 4_294_967_296, 4_294_967_297] {
        record(&mut histogram, 1.0);
        assert_eq!(histogram.figures().buckets, [count]);
        assert_eq!(histogram.figures().count, count);
    }
    histogram.counts = nearly_full(u32::MAX).counts;
    record(&mut histogram, 1.0);
    record(&mut histogram, 2.0);
    let buckets = histogram.figures().buckets;
    assert_eq!((buckets[0], buckets[8]), (8_589_934_592, 1));
    assert_eq!(histogram.carries.len(), 1, "one for each bucket");
}

#[test]
fn sums_of_two_carry() {
    let mut histogram = nearly_full(u32::MAX);
    record(&mut histogram, 1.0);
    let mut sum = nearly_full(u32::MAX);
    sum.add(&nearly_full(u32::MAX));
    assert_eq!(sum.figures().buckets, [8_589_934_590]);
    sum.add(&histogram);
    assert_eq!(sum.figures().buckets, [12_884_901_886]);
    assert_eq!(sum.figures().check(), Ok(()));
}

#[test]
fn it_takes_a_kilobyte() {
    assert_eq!(size_of::<StreamHistogram>(), 1_024);
    assert_eq!(StreamHistogram::default().carries.capacity(), 0);
    assert_eq!(COARSE_PLACES, 242);
    let empty = Histogram {
        scale: 3,
        ..Histogram::default()
    };
    assert_eq!(StreamHistogram::new().figures(), empty);
}
