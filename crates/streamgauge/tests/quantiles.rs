//! Histograms from outside: quantiles, buckets, scales, merges, and what `check` refuses.

#[path = "../src/histogram/model.rs"]
mod model;

use model::{SPREADS, histogram_of, nearest_rank, spread};
use proptest::collection::vec;
use proptest::prelude::*;
use streamgauge::Histogram;

const SCALES: std::ops::RangeInclusive<i32> = -4..=8;

fn values() -> impl Strategy<Value = Vec<f64>> {
    let seconds = prop_oneof![
        12 => (-7.0_f64..4.0).prop_map(|exponent| 10_f64.powf(exponent)),
        1 => (-22_i32..=12).prop_map(|exponent| 2_f64.powi(exponent)),
        1 => prop::sample::select(&[0.0, 5e-324, 1_024.1, 1e300][..]),
    ];
    vec(seconds, 0..60)
}

/// Counts so large that sums of them stop at the maximum, now and then.
fn large() -> impl Strategy<Value = Histogram> {
    (values(), SCALES, prop_oneof![Just(1), Just(u64::MAX / 3)]).prop_map(
        |(values, scale, times)| {
            let mut histogram = histogram_of(&values, scale);
            let mut counts = vec![&mut histogram.below, &mut histogram.above];
            counts.extend(&mut histogram.buckets);
            let mut sum = 0_u64;
            for count in counts {
                *count = count.saturating_mul(times);
                sum = sum.saturating_add(*count);
            }
            histogram.count = sum;
            histogram.sum_nanoseconds = histogram
                .sum_nanoseconds
                .saturating_mul(u128::from(times).pow(2));
            histogram
        },
    )
}

fn merged(one: &Histogram, other: &Histogram) -> Histogram {
    let mut sum = one.clone();
    sum.merge(other).unwrap();
    sum
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_merge_is_the_histogram_of_all_values(one in values(), other in values(), scale in SCALES, other_scale in SCALES) {
        let sum = merged(&histogram_of(&one, scale), &histogram_of(&other, other_scale));
        prop_assert_eq!(sum.check(), Ok(()));
        prop_assert_eq!(sum, histogram_of(&[one, other].concat(), scale.min(other_scale)));
    }

    #[test]
    fn the_order_of_merges_makes_no_difference(one in large(), other in large(), third in large()) {
        let sum = merged(&merged(&one, &other), &third);
        prop_assert_eq!(sum.check(), Ok(()));
        prop_assert_eq!(&sum, &merged(&one, &merged(&other, &third)));
        prop_assert_eq!(&sum, &merged(&third, &merged(&other, &one)));
    }

    #[test]
    fn a_coarser_scale_is_as_if_counted_there(values in values(), scale in SCALES, coarser in -6_i32..=10) {
        let expected = (SCALES.contains(&coarser) && coarser <= scale).then(|| histogram_of(&values, coarser));
        prop_assert_eq!(histogram_of(&values, scale).to_scale(coarser), expected);
    }

    #[test]
    fn quantiles_are_as_near_as_the_scale_allows(seed in any::<u64>(), place in 0..SPREADS.len(), scale in SCALES) {
        let values = spread(SPREADS[place], seed, 500);
        let histogram = histogram_of(&values, scale);
        let base = 2_f64.powf(2_f64.powi(-scale));
        let most = (base - 1.0) / (base + 1.0) + 1e-12;
        for thousandths in (0..=1000).step_by(7).chain([990, 999, 1000]) {
            let exact = nearest_rank(&values, thousandths);
            let estimate = histogram.quantile(thousandths as f64 / 1e3).unwrap();
            prop_assert!((estimate / exact - 1.0).abs() <= most, "{thousandths}: {estimate}, not {exact}");
        }
    }

    #[test]
    fn counts_at_powers_of_two_are_those_of_the_values(values in values(), scale in SCALES) {
        let rows = histogram_of(&values, scale).cumulative_at_powers_of_two();
        let bounds: Vec<f64> = rows.iter().map(|(bound, _)| *bound).collect();
        let apart = 1 << (-scale).max(0);
        let ends = (-20..=10).filter(|n| n % apart == 0 || [-20, 10].contains(n));
        prop_assert_eq!(bounds, ends.map(|n| 2_f64.powi(n)).collect::<Vec<_>>());
        for (bound, count) in rows {
            prop_assert_eq!(count, values.iter().filter(|v| **v <= bound).count() as u64, "{}", bound);
        }
    }

    #[test]
    fn no_fields_panic(
        scale in prop_oneof![SCALES, any::<i32>()],
        count in any::<u64>(),
        sum_nanoseconds in any::<u128>(),
        extremes in any::<[Option<f64>; 2]>(),
        outside in any::<[u64; 2]>(),
        offset in prop_oneof![-700..400_i32, any::<i32>(), Just(i32::MAX), Just(i32::MIN)],
        buckets in vec(any::<u64>(), 0..40),
        q in any::<f64>(),
        to in any::<i32>(),
    ) {
        let histogram = Histogram {
            scale, count, sum_nanoseconds, offset, buckets,
            min: extremes[0], max: extremes[1], below: outside[0], above: outside[1],
        };
        let fit = histogram.check().is_ok();
        prop_assert_eq!(histogram.clone().merge(&Histogram::default()).is_ok(), fit);
        prop_assert_eq!(Histogram::default().merge(&histogram).is_ok(), fit);
        prop_assert!(fit || histogram.to_scale(to).is_none());
        histogram.sum();
        histogram.mean();
        histogram.quantile(q);
        histogram.quantile(0.5);
        histogram.bucket_bounds(usize::MAX);
        histogram.bucket_bounds(0);
        histogram.cumulative_at_powers_of_two();
    }
}

/// Over 1 s up to 2 s: 2; over 2 s up to 4 s: 0; over 4 s up to 8 s: 1; one below all and one above.
fn five() -> Histogram {
    histogram_of(&[2.0, 0.0, 1.25, 2_000.0, 5.0], 0)
}

#[test]
fn the_fields_are_what_they_say() {
    let expected = Histogram {
        scale: 0,
        count: 5,
        sum_nanoseconds: 2_008_250_000_000,
        min: Some(0.0),
        max: Some(2_000.0),
        below: 1,
        above: 1,
        offset: 0,
        buckets: vec![2, 0, 1],
    };
    assert_eq!(five(), expected);
    assert_eq!(five().check(), Ok(()));
    assert_eq!(five().sum(), 2_008.25);
    assert_eq!(five().mean(), Some(401.65));
    let bounds = [0, 1, 2].map(|place| five().bucket_bounds(place));
    assert_eq!(bounds, [(1.0, 2.0), (2.0, 4.0), (4.0, 8.0)]);
}

#[test]
fn quantiles_go_by_nearest_rank() {
    let quantiles = [0.0, 0.2, 0.21, 0.4, 0.6, 0.61, 0.8, 0.81, 1.0].map(|q| five().quantile(q));
    let [below, low, high, above] = [0.0, 4.0 / 3.0, 16.0 / 3.0, 2_000.0].map(Some);
    let expected = [below, below, low, low, low, high, high, above, above];
    assert_eq!(quantiles, expected);
    for q in [-0.01, 1.01, f64::NAN, f64::INFINITY] {
        assert_eq!(five().quantile(q), None);
    }
    assert_eq!(Histogram::default().quantile(0.5), None);
    assert_eq!(Histogram::default().mean(), None);
}

#[test]
fn a_fraction_that_binary_cannot_hold_is_still_that_fraction() {
    // 0.07 as an f64 is a little more, and 0.07 of 100 would be rank 8.
    let values: Vec<f64> = (1..=100).map(f64::from).collect();
    let histogram = histogram_of(&values, 8);
    for hundredths in 1..=100 {
        let estimate = histogram.quantile(hundredths as f64 / 100.0).unwrap();
        let exact = values[hundredths - 1];
        assert!((estimate / exact - 1.0).abs() < 0.002, "{hundredths}");
    }
}

#[test]
fn an_estimate_is_never_outside_of_what_was_measured() {
    let histogram = histogram_of(&[1.9, 1.95], 0);
    assert_eq!(histogram.quantile(0.5), Some(1.9));
    let histogram = histogram_of(&[1.1, 1.2], 0);
    assert_eq!(histogram.quantile(0.5), Some(1.2));
}

#[test]
fn the_least_quantile_is_the_first_rank() {
    let histogram = histogram_of(&[1.25, 2.0], 0);
    assert_eq!(histogram.quantile(0.0), Some(4.0 / 3.0));
    assert_eq!(histogram.quantile(0.5), Some(4.0 / 3.0));
}

#[test]
fn powers_of_two_end_their_bucket() {
    for exponent in -19..=10 {
        for scale in 0..=8 {
            let histogram = histogram_of(&[2_f64.powi(exponent)], scale);
            assert_eq!(histogram.offset, (exponent << scale) - 1);
            assert_eq!(histogram.bucket_bounds(0).1, 2_f64.powi(exponent));
        }
    }
}

#[test]
fn classic_buckets_are_cumulative() {
    let rows = five().cumulative_at_powers_of_two();
    assert_eq!(rows.len(), 31);
    assert_eq!(rows[0], (1.0 / 1_048_576.0, 1));
    let around: Vec<_> = rows[20..24].to_vec();
    assert_eq!(around, [(1.0, 1), (2.0, 3), (4.0, 3), (8.0, 4)]);
    assert_eq!(rows[30], (1_024.0, 4));
    let coarse = five().to_scale(-4).unwrap().cumulative_at_powers_of_two();
    let bounds = [1.0 / 1_048_576.0, 1.0 / 65_536.0, 1.0, 1_024.0];
    assert_eq!(
        coarse,
        [
            (bounds[0], 1),
            (bounds[1], 1),
            (bounds[2], 1),
            (bounds[3], 4)
        ]
    );
}

#[test]
fn check_names_the_field_that_does_not_fit() {
    let refused = |change: fn(&mut Histogram), text: &str| {
        let mut histogram = five();
        change(&mut histogram);
        assert_eq!(histogram.check().unwrap_err().to_string(), text);
        assert_eq!(histogram.to_scale(-1), None);
        let mut sum = five();
        assert_eq!(sum.merge(&histogram).unwrap_err().to_string(), text);
        assert_eq!(sum, five());
        assert_eq!(histogram.merge(&five()).unwrap_err().to_string(), text);
    };
    let scale = |got| format!("scale must be a whole number in -4..=8, got {got}");
    refused(|h| h.scale = 9, &scale(9));
    refused(|h| h.scale = -5, &scale(-5));
    let buckets = "buckets must be at most 30 * 2^scale counts, got 31";
    refused(|h| h.buckets = vec![0; 31], buckets);
    let offset = "offset must be an index that keeps all buckets between 2^-20 and 2^10 s, got";
    refused(|h| h.offset = -21, &format!("{offset} -21"));
    refused(|h| h.offset = 8, &format!("{offset} 8"));
    refused(|h| h.offset = i32::MIN, &format!("{offset} -2147483648"));
    let count = "count must be the sum of below, above and the buckets, got";
    refused(|h| h.count = 4, &format!("{count} 4"));
    refused(|h| h.buckets[1] = 1, &format!("{count} 5"));
    refused(|h| h.below = 0, &format!("{count} 5"));
    refused(|h| h.above = 0, &format!("{count} 5"));
    let there = "must be there where count is not 0, and only there, got none";
    refused(|h| h.min = None, &format!("min {there}"));
    refused(|h| h.max = None, &format!("max {there}"));
    let finite = "must be a finite number of seconds, not negative, got";
    refused(|h| h.min = Some(f64::NAN), &format!("min {finite} NaN"));
    refused(
        |h| h.max = Some(f64::INFINITY),
        &format!("max {finite} inf"),
    );
    refused(|h| h.min = Some(-1.0), &format!("min {finite} -1"));
    refused(
        |h| h.min = Some(2_000.5),
        "min must be at most max, got 2000.5",
    );
}

#[test]
fn the_widest_histogram_fits() {
    for (scale, offset, length) in [
        (8, -5_120, 7_680),
        (5, -640, 960),
        (0, -20, 30),
        (-4, -2, 3),
    ] {
        let widest = Histogram {
            scale,
            count: length as u64,
            min: Some(1e-6),
            max: Some(1_024.0),
            offset,
            buckets: vec![1; length],
            ..Histogram::default()
        };
        assert_eq!(widest.check(), Ok(()), "{scale}");
        assert_eq!(merged(&widest, &widest).buckets, vec![2; length]);
    }
}

#[test]
fn a_histogram_that_holds_nothing_still_has_its_scale() {
    let mut sum = Histogram::default();
    assert_eq!((sum.scale, sum.check()), (5, Ok(())));
    sum.merge(&Histogram {
        scale: 2,
        ..Histogram::default()
    })
    .unwrap();
    assert_eq!(
        sum,
        Histogram {
            scale: 2,
            ..Histogram::default()
        }
    );
    sum.min = Some(1.0);
    let text = "min must be there where count is not 0, and only there, got 1";
    assert_eq!(sum.check().unwrap_err().to_string(), text);
}

#[test]
fn zeros_around_the_buckets_are_no_defect_and_go_in_a_merge() {
    let mut padded = five();
    padded.offset = -2;
    padded.buckets = vec![0, 0, 2, 0, 1, 0];
    assert_eq!(padded.check(), Ok(()));
    assert_eq!(padded.quantile(0.5), five().quantile(0.5));
    assert_eq!(
        padded.cumulative_at_powers_of_two(),
        five().cumulative_at_powers_of_two()
    );
    assert_eq!(padded.to_scale(0), Some(five()));
    assert_eq!(
        merged(
            &padded,
            &Histogram {
                scale: 0,
                ..Histogram::default()
            }
        ),
        five()
    );
}
