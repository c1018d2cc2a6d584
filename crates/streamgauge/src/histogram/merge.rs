//! Histograms from outside are checked, made coarser and merged.

use alloc::format;
use alloc::vec::Vec;

use super::Histogram;
use super::scale::{SCALES, indices};
use crate::error::Error;

impl Histogram {
    /// Whether the fields fit together, as they do in every histogram that this crate makes. For
    /// those that came from outside.
    ///
    /// # Errors
    /// Names the field that does not fit: `scale` must be in -4..=8, all buckets between 2^-20 and
    /// 2^10 s (so at most 30 * 2^scale), `count` the sum of `below`, `above` and the buckets
    /// (2^64 - 1 where that is more), `min` and `max` finite, not negative, in order, and there
    /// unless `count` is 0.
    pub fn check(&self) -> Result<(), Error> {
        if !SCALES.contains(&self.scale) {
            let got = format!("{}", self.scale);
            return Err(Error::text("scale", "a whole number in -4..=8", got));
        }
        let range = indices(self.scale);
        let most = range.end() - range.start() + 1;
        if self.buckets.len() as u64 > most.unsigned_abs() {
            let expected = "at most 30 * 2^scale counts";
            return Err(Error::whole("buckets", expected, self.buckets.len() as u64));
        }
        if let Some(last) = self.buckets.len().checked_sub(1)
            && !(range.contains(&self.index(0)) && range.contains(&self.index(last)))
        {
            let expected = "an index that keeps all buckets between 2^-20 and 2^10 s";
            return Err(Error::text("offset", expected, format!("{}", self.offset)));
        }
        let outside = self.below.saturating_add(self.above);
        let counted = self.buckets.iter();
        if self.count != counted.fold(outside, |sum, n| sum.saturating_add(*n)) {
            let expected = "the sum of below, above and the buckets";
            return Err(Error::whole("count", expected, self.count));
        }
        self.check_extremes()
    }

    fn check_extremes(&self) -> Result<(), Error> {
        for (field, value) in [("min", self.min), ("max", self.max)] {
            if value.is_some() != (self.count > 0) {
                let expected = "there where count is not 0, and only there";
                return Err(Error::optional_seconds(field, expected, value));
            }
            if !value.is_none_or(|value| value.is_finite() && value >= 0.0) {
                let expected = "a finite number of seconds, not negative";
                return Err(Error::optional_seconds(field, expected, value));
            }
        }
        if self.min > self.max {
            return Err(Error::optional_seconds("min", "at most max", self.min));
        }
        Ok(())
    }

    /// The same measurements in fewer, wider buckets, exactly as if they had been counted at that
    /// scale. `None` where it is finer than this one's, where it is not in -4..=8, and where
    /// [`check`](Self::check) refuses the histogram.
    pub fn to_scale(&self, scale: i32) -> Option<Histogram> {
        if scale > self.scale || !SCALES.contains(&scale) || self.check().is_err() {
            return None;
        }
        let (offset, buckets) = dense(self.counted(scale));
        Some(Self {
            scale,
            offset,
            buckets,
            ..*self
        })
    }

    /// Adds the measurements of another histogram: the result is what both would have given
    /// together, at the coarser of the two scales. The order of merges makes no difference. Counts
    /// stop at their type's maximum.
    ///
    /// Costs a walk over both and a new list of buckets.
    ///
    /// # Errors
    /// What [`check`](Self::check) refuses in either of the two. Nothing changed then.
    pub fn merge(&mut self, other: &Histogram) -> Result<(), Error> {
        self.check()?;
        other.check()?;
        let scale = self.scale.min(other.scale);
        let (offset, buckets) = dense(self.counted(scale).chain(other.counted(scale)));
        *self = Self {
            scale,
            count: self.count.saturating_add(other.count),
            sum_nanoseconds: self.sum_nanoseconds.saturating_add(other.sum_nanoseconds),
            min: either(self.min, other.min, f64::min),
            max: either(self.max, other.max, f64::max),
            below: self.below.saturating_add(other.below),
            above: self.above.saturating_add(other.above),
            offset,
            buckets,
        };
        Ok(())
    }

    /// The buckets that are not empty: their index at a scale that is not finer, and their count.
    fn counted(&self, scale: i32) -> impl Iterator<Item = (i32, u64)> + Clone {
        let coarser = self.scale - scale;
        let filled = self.buckets.iter().enumerate().filter(|(_, n)| **n > 0);
        filled.map(move |(place, n)| ((self.index(place) >> coarser) as i32, *n))
    }
}

/// The offset and the counts of buckets given as index and count. The indices must be those of a
/// checked histogram: they say how much room the counts take.
pub(super) fn dense(counted: impl Iterator<Item = (i32, u64)> + Clone) -> (i32, Vec<u64>) {
    let indices = counted.clone().map(|(index, _)| index);
    let (Some(first), Some(last)) = (indices.clone().min(), indices.max()) else {
        return (0, Vec::new());
    };
    let mut buckets = alloc::vec![0_u64; (last - first) as usize + 1];
    for (index, count) in counted {
        if let Some(bucket) = buckets.get_mut((index - first) as usize) {
            *bucket = bucket.saturating_add(count);
        }
    }
    (first, buckets)
}

fn either(one: Option<f64>, other: Option<f64>, both: fn(f64, f64) -> f64) -> Option<f64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(both(one, other)),
        _ => one.or(other),
    }
}
