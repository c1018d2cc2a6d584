//! The naive model that histograms are held against: every value is compared with bounds that
//! `powf` gives. The crate's other tests use this file too.

use std::collections::BTreeMap;
use std::vec::Vec;

use super::Histogram;

/// The histogram of these values.
pub(crate) fn histogram_of(values: &[f64], scale: i32) -> Histogram {
    let mut histogram = Histogram {
        scale,
        count: values.len() as u64,
        ..Histogram::default()
    };
    let mut buckets = BTreeMap::new();
    for value in values {
        histogram.sum_nanoseconds += u128::from((value * 1e9).round_ties_even() as u64);
        histogram.min = Some(histogram.min.map_or(*value, |min| min.min(*value)));
        histogram.max = Some(histogram.max.map_or(*value, |max| max.max(*value)));
        if *value <= 2_f64.powi(-20) {
            histogram.below += 1;
        } else if *value > 1_024.0 {
            histogram.above += 1;
        } else {
            *buckets.entry(index_of(*value, scale)).or_default() += 1;
        }
    }
    if let (Some(first), Some(last)) = (buckets.keys().min(), buckets.keys().max()) {
        histogram.offset = *first;
        let indices = *first..=*last;
        histogram.buckets = indices
            .map(|index| buckets.get(&index).copied().unwrap_or(0))
            .collect();
    }
    histogram
}

/// The first index whose upper bound is not under the value.
fn index_of(value: f64, scale: i32) -> i32 {
    let width = 2_f64.powi(-scale);
    let mut index = (value.log2() / width) as i32 - 3;
    while 2_f64.powf(f64::from(index + 1) * width) < value {
        index += 1;
    }
    index
}

/// The value at rank ceil(thousandths / 1000 * n), at least 1, of values in rising order.
pub(crate) fn nearest_rank(sorted: &[f64], thousandths: usize) -> f64 {
    let rank = (sorted.len() * thousandths).div_ceil(1000).max(1);
    sorted[rank - 1]
}

/// How latencies are spread.
pub(crate) const SPREADS: [&str; 4] = ["uniform", "log-normal", "bimodal", "heavy tail"];

/// `count` values between 1 us and 1,000 s in rising order, spread as one of [`SPREADS`].
pub(crate) fn spread(name: &str, seed: u64, count: usize) -> Vec<f64> {
    let mut state = seed;
    // A number in (0, 1], by SplitMix64.
    let mut random = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (((z ^ (z >> 31)) >> 11) as f64 + 1.0) / 2_f64.powi(53)
    };
    let typical = 1e-5 * 1e6_f64.powf(random());
    let value = || match name {
        "uniform" => 2.0 * typical * random(),
        "bimodal" if random() < 0.8 => typical * (1.0 + 0.1 * random()),
        "bimodal" => 50.0 * typical * (1.0 + random()),
        "heavy tail" => typical * random().powf(-1.0 / 1.1),
        _ => {
            let angle = 2.0 * std::f64::consts::PI * random();
            typical * ((-2.0 * random().ln()).sqrt() * angle.cos()).exp()
        }
    };
    let values = std::iter::repeat_with(value);
    let values = values.take(count).map(|value| value.clamp(1e-6, 1e3));
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}
