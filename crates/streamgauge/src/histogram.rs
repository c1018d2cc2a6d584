//! How measurements in seconds are spread: exponential histograms that merge exactly.

#[cfg(feature = "histograms")]
mod latency;
#[cfg(feature = "histograms")]
mod measurement;
mod merge;
#[cfg(all(test, feature = "histograms"))]
mod model;
#[cfg(not(feature = "histograms"))]
mod off;
mod scale;
#[cfg(feature = "histograms")]
mod stream;

use alloc::vec::Vec;

#[cfg(feature = "histograms")]
pub(crate) use latency::LatencyHistogram;
#[cfg(feature = "histograms")]
pub(crate) use measurement::Measurement;
#[cfg(not(feature = "histograms"))]
pub(crate) use off::{LatencyHistogram, Measurement};
#[cfg(feature = "histograms")]
pub(crate) use stream::StreamHistogram;

use scale::{HIGHEST_EXPONENT, LOWEST_EXPONENT, power_of_two};

/// Measurements in seconds, counted in buckets whose width grows with the value.
///
/// Buckets are those of OpenTelemetry's exponential histogram: with base = 2^(2^-scale), bucket `i`
/// holds the values over base^i and up to base^(i+1), that bound included. Buckets stand for values
/// over 2^-20 s (about 1 us) and up to 2^10 s (1,024 s); what lies outside is counted too, without
/// a bucket.
///
/// Two histograms [`merge`](Self::merge) into what the measurements of both would have given.
///
/// The fields are plain data and may come from outside: [`check`](Self::check) says whether they
/// fit together. No method panics where they do not.
///
/// ```
/// use streamgauge::Histogram;
/// let histogram = Histogram {
///     scale: 0, // a bucket for each doubling
///     count: 4,
///     sum_nanoseconds: 11_000_000_000,
///     min: Some(1.5),
///     max: Some(4.0),
///     offset: 0, // the first bucket: over 1 s, up to 2 s
///     buckets: vec![1, 3],
///     ..Histogram::default()
/// };
/// histogram.check()?;
/// assert_eq!(histogram.mean(), Some(2.75));
/// assert_eq!(histogram.quantile(0.5), Some(8.0 / 3.0)); // somewhere over 2 s, up to 4 s
/// # Ok::<(), streamgauge::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// How fine the buckets are: 2^scale of them for each doubling. -4 to 8; the default is 5,
    /// whose quantiles are within 1.1 percent.
    pub scale: i32,
    /// All measurements, those without a bucket too.
    pub count: u64,
    /// Their sum in nanoseconds, each rounded to a whole one.
    pub sum_nanoseconds: u128,
    /// The least of them in seconds, as it was measured. `None` where there are none.
    pub min: Option<f64>,
    /// The greatest of them in seconds, as it was measured. `None` where there are none.
    pub max: Option<f64>,
    /// Measurements up to 2^-20 s, 0 included.
    pub below: u64,
    /// Measurements over 2^10 s.
    pub above: u64,
    /// OpenTelemetry's index of the first of `buckets`; 0 where there are none. (The index of a
    /// Prometheus native histogram is greater by one.)
    pub offset: i32,
    /// Counts by bucket, from the first to the last that is not 0.
    pub buckets: Vec<u64>,
}

impl Default for Histogram {
    /// No measurements, scale 5.
    fn default() -> Self {
        Self {
            scale: scale::FINE,
            count: 0,
            sum_nanoseconds: 0,
            min: None,
            max: None,
            below: 0,
            above: 0,
            offset: 0,
            buckets: Vec::new(),
        }
    }
}

impl Histogram {
    /// The sum of all measurements, in seconds.
    pub fn sum(&self) -> f64 {
        self.sum_nanoseconds as f64 / 1e9
    }

    /// The mean of all measurements, in seconds; `None` where there are none.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum() / self.count as f64)
    }

    /// An estimate of the nearest-rank quantile, in seconds: of the measurement at rank
    /// ceil(q * count), at least 1. `None` where there are no measurements or `q` is not in 0..=1.
    ///
    /// The estimate is the point of that measurement's bucket with the least relative error to
    /// either side, 2 * lower * upper / (lower + upper), within `min` and `max`. The error is at most
    /// (base - 1) / (base + 1): 1.1 percent at scale 5, 4.4 percent at scale 3. A rank in `below`
    /// gives `min`, one in `above` gives `max`: there it may be any.
    ///
    /// Costs a walk over the buckets.
    pub fn quantile(&self, q: f64) -> Option<f64> {
        if !(0.0..=1.0).contains(&q) || self.count == 0 {
            return None;
        }
        let (min, max) = (self.min?, self.max?);
        let rank = nearest_rank(q, self.count);
        let mut reached = self.below;
        if rank <= reached {
            return Some(min);
        }
        for (place, count) in self.buckets.iter().enumerate() {
            reached = reached.saturating_add(*count);
            if rank <= reached {
                let (lower, upper) = self.bucket_bounds(place);
                let point = 2.0 * lower * upper / (lower + upper);
                return Some(point.max(min).min(max));
            }
        }
        Some(max)
    }

    /// The bounds in seconds of the bucket at this place of `buckets`: its values are over the
    /// first and up to the second. Right to the last bit of an `f64` up to scale 5, and to the last
    /// but one above; powers of two always are.
    pub fn bucket_bounds(&self, place: usize) -> (f64, f64) {
        let index = self.index(place);
        (
            scale::bound(self.scale, index),
            scale::bound(self.scale, index.saturating_add(1)),
        )
    }

    /// How many measurements are at most each power of two: pairs of an upper bound in seconds and
    /// a count, both rising, as classic Prometheus buckets have them (their `+Inf` is `count`).
    ///
    /// Every bound is one at which a bucket ends, so the counts are exact: 2^-20, 2^-19 and so on up to
    /// 2^10 s; below scale 0, only the powers where buckets end, and both ends.
    pub fn cumulative_at_powers_of_two(&self) -> Vec<(f64, u64)> {
        let mut reached = self.below;
        let mut next = 0;
        (LOWEST_EXPONENT..=HIGHEST_EXPONENT)
            .filter_map(|exponent| {
                let end = scale::end_at(self.scale, exponent)?;
                let first = next;
                while next < self.buckets.len() && self.index(next) < end {
                    next += 1;
                }
                let passed = self.buckets.get(first..next).unwrap_or_default();
                reached = passed.iter().fold(reached, |sum, n| sum.saturating_add(*n));
                Some((power_of_two(exponent), reached))
            })
            .collect()
    }

    /// OpenTelemetry's index of the bucket at a place; wide enough for any field's value.
    fn index(&self, place: usize) -> i64 {
        i64::from(self.offset).saturating_add_unsigned(place as u64)
    }
}

/// ceil(q * count), at least 1.
///
/// Most fractions have no exact f64: 0.07 is a little more than seven hundredths, and 0.07 of 100
/// would be rank 8. What exceeds a whole number by no more than that rounding is that number.
fn nearest_rank(q: f64, count: u64) -> u64 {
    let product = q * count as f64;
    let whole = product as u64;
    let rest = product - whole as f64;
    let rank = whole.saturating_add(u64::from(rest > product * f64::EPSILON));
    rank.clamp(1, count)
}
