//! One measurement on its way into a histogram, and what histograms keep beside their buckets.

use super::scale::{FINE, HIGHEST_EXPONENT, LOWEST_EXPONENT, MANTISSA_BITS, MANTISSAS};
use super::{Histogram, merge::dense};

/// Buckets between the lowest and the highest value, at the scale of a latency family.
const BUCKETS: usize = ((HIGHEST_EXPONENT - LOWEST_EXPONENT) as usize) << FINE;

/// Places of a latency family's counts: first what is below all buckets, then the buckets, then
/// what is above.
pub(super) const PLACES: usize = BUCKETS + 2;

const MANTISSA: u64 = (1 << MANTISSA_BITS) - 1;

/// How many of a mantissa's top bits choose a slot. Two bounds are at least 2^(1/32) - 1 apart,
/// more than a 64th: no slot has two of them.
const SLOT_BITS: u32 = 6;
const SLOT_SHIFT: u32 = MANTISSA_BITS - SLOT_BITS;

/// The bits of an `f64` over these, less those of [`LOWEST`], would be the place if the bounds
/// were as far apart as the steps of a mantissa are.
const PLACE_SHIFT: u32 = MANTISSA_BITS - FINE as u32;

/// What is added to the bits of an `f64` whose mantissa is in the slot, so that those over
/// [`PLACE_SHIFT`] are its place: the slot's one bound carries, and what is over it.
static SLOTS: [u64; 1 << SLOT_BITS] = slots();

const fn slots() -> [u64; 1 << SLOT_BITS] {
    let mut slots = [0; 1 << SLOT_BITS];
    let mut slot = 0;
    let mut under = 0;
    while slot < slots.len() {
        let start = (slot as u64) << SLOT_SHIFT;
        while under < MANTISSAS.len() && MANTISSAS[under] < start {
            under += 1;
        }
        let has_bound = under < MANTISSAS.len() && MANTISSAS[under] < start + (1 << SLOT_SHIFT);
        let added = if has_bound {
            ((under as u64 + 1) << PLACE_SHIFT) - (MANTISSAS[under] + 1)
        } else {
            ((under as u64) << PLACE_SHIFT) - start
        };
        slots[slot] = added.wrapping_sub(LOWEST.to_bits());
        slot += 1;
    }
    slots
}

/// 2^-20: whatever is not higher counts below all buckets.
const LOWEST: f64 = 1.0 / (1_u64 << -LOWEST_EXPONENT) as f64;

/// 2^10: the highest value that has a bucket.
const HIGHEST: f64 = (1_u64 << HIGHEST_EXPONENT) as f64;

/// One measurement.
#[derive(Clone, Copy)]
pub(crate) struct Measurement {
    /// Its place among a latency family's counts.
    pub(super) place: usize,
    nanoseconds: u64,
    pub(crate) seconds: f64,
}

impl Measurement {
    /// Without a branch but for what is over 2^10 s, negative or not a number, which gives `None`:
    /// then see [`long`](Self::long).
    #[inline(always)]
    pub(crate) fn new(seconds: f64) -> Option<Self> {
        // From 0 to infinity the bits rise with the value; those of all else are beyond.
        let bits = seconds.to_bits().max(LOWEST.to_bits());
        let slot = (bits >> SLOT_SHIFT) as usize % SLOTS.len();
        let place = (bits.wrapping_add(SLOTS[slot]) >> PLACE_SHIFT) as usize;
        (place < PLACES - 1).then(|| Self {
            place,
            nanoseconds: short_nanoseconds(seconds),
            seconds,
        })
    }

    /// One of any length; `None` for what is negative or not finite.
    pub(crate) fn any(seconds: f64) -> Option<Self> {
        Self::new(seconds).or_else(|| Self::long(seconds))
    }

    /// One over 2^10 s; `None` for what is negative or not finite, which no caller measures.
    pub(super) fn long(seconds: f64) -> Option<Self> {
        let long = seconds > HIGHEST && seconds.is_finite();
        let exact = seconds * 1e9;
        // From 2^52 on all are whole numbers.
        let whole = if exact < SHIFT {
            exact + SHIFT - SHIFT
        } else {
            exact
        };
        long.then_some(Self {
            place: PLACES - 1,
            nanoseconds: whole as u64,
            seconds,
        })
    }
}

/// Added to it a number loses its fraction, and its whole part is the sum's mantissa.
const SHIFT: f64 = (1_u64 << MANTISSA_BITS) as f64;

/// At most 2^10 s, in whole nanoseconds: the nearest, of two the even one.
#[inline(always)]
fn short_nanoseconds(seconds: f64) -> u64 {
    // A cast takes three times as long for the values it must guard against.
    (seconds * 1e9 + SHIFT).to_bits() & MANTISSA
}

/// What a histogram keeps of its measurements beside the counts.
#[derive(Clone, Copy)]
pub(super) struct Totals {
    /// The sum, less what `carries` says.
    nanoseconds: u64,
    /// How often `nanoseconds` began again from 0. Adding to 128 bits at once costs twice as much,
    /// and more in WebAssembly.
    carries: u64,
    /// The bits of the least seconds, and those of the greatest less these. While there are none,
    /// a least that no measurement has and that makes any of them seem to be out of the range.
    least: u64,
    range: u64,
}

impl Totals {
    pub(super) const NONE: Self = Self {
        nanoseconds: 0,
        carries: 0,
        least: u64::MAX,
        range: 0,
    };

    #[inline(always)]
    pub(super) fn add(&mut self, measurement: Measurement) {
        let (sum, over) = self.nanoseconds.overflowing_add(measurement.nanoseconds);
        self.nanoseconds = sum;
        // Branches that are as good as never taken. Storing the least and the greatest every time
        // would make each call wait for the one before.
        if over {
            self.carry();
        }
        let bits = measurement.seconds.to_bits();
        if bits.wrapping_sub(self.least) > self.range {
            self.widen(bits, bits);
        }
    }

    #[cold]
    #[inline(never)]
    fn carry(&mut self) {
        // 2^64 measurements of 2^64 nanoseconds have room: it never wraps.
        self.carries = self.carries.wrapping_add(1);
    }

    #[cold]
    #[inline(never)]
    fn widen(&mut self, least: u64, greatest: u64) {
        let greatest = match self.greatest() {
            Some(before) => before.max(greatest),
            None => greatest,
        };
        self.least = self.least.min(least);
        self.range = greatest - self.least;
    }

    /// The bits of the greatest.
    fn greatest(&self) -> Option<u64> {
        (self.least < u64::MAX).then(|| self.least + self.range)
    }

    fn sum_nanoseconds(&self) -> u128 {
        u128::from(self.carries) << u64::BITS | u128::from(self.nanoseconds)
    }

    pub(super) fn merge(&mut self, other: &Self) {
        let sum = self
            .sum_nanoseconds()
            .saturating_add(other.sum_nanoseconds());
        self.nanoseconds = sum as u64;
        self.carries = (sum >> u64::BITS) as u64;
        if let Some(greatest) = other.greatest() {
            self.widen(other.least, greatest);
        }
    }

    /// The histogram of these totals and the counts by place, from `below` to `above`. `counts`
    /// must be all places of the range at that scale.
    pub(super) fn histogram(&self, scale: i32, counts: &[u64]) -> Histogram {
        let (below, buckets, above) = match counts {
            [below, buckets @ .., above] => (*below, buckets, *above),
            _ => (0, counts, 0),
        };
        let first = LOWEST_EXPONENT << scale;
        let filled = buckets.iter().enumerate().filter(|(_, n)| **n > 0);
        let (offset, buckets) = dense(filled.map(|(place, n)| (first + place as i32, *n)));
        let greatest = self.greatest();
        Histogram {
            scale,
            count: counts.iter().fold(0, |sum, n| sum.saturating_add(*n)),
            sum_nanoseconds: self.sum_nanoseconds(),
            min: greatest.map(|_| f64::from_bits(self.least)),
            max: greatest.map(f64::from_bits),
            below,
            above,
            offset,
            buckets,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(seconds: f64) -> usize {
        Measurement::any(seconds).unwrap().place
    }

    #[test]
    fn every_bound_ends_a_bucket_and_the_next_number_begins_one() {
        for index in 0..=BUCKETS {
            let bound = super::super::scale::bound(FINE, index as i64 - 640);
            assert_eq!(place(bound), index, "{bound}");
            assert_eq!(place(bound.next_up()), index + 1, "after {bound}");
        }
    }

    #[test]
    fn what_is_outside_has_the_first_place_and_the_last() {
        for seconds in [0.0, 5e-324, f64::MIN_POSITIVE, 9e-7, 1.0 / 1_048_576.0] {
            assert_eq!(place(seconds), 0, "{seconds}");
        }
        for seconds in [1_024.1, 1e9, f64::MAX] {
            assert_eq!(place(seconds), 961, "{seconds}");
        }
        for seconds in [-0.0, -1.0, f64::NEG_INFINITY, f64::INFINITY, f64::NAN] {
            assert!(Measurement::any(seconds).is_none(), "{seconds}");
        }
    }

    #[test]
    fn nanoseconds_are_the_nearest() {
        for (seconds, nanoseconds) in [
            (0.0, 0),
            (0.49e-9, 0),
            (0.5e-9, 0),
            (1.5e-9, 2),
            (1.0 / 1024.0, 976_562),   // 976,562.5
            (3.0 / 1024.0, 2_929_688), // 2,929,687.5
            (0.1, 100_000_000),
            (1_024.0, 1_024_000_000_000),
            (1_025.000_000_000_5, 1_025_000_000_000),
            (1_025.000_000_001_5, 1_025_000_000_002),
            (4_503_599.627_370_497, 4_503_599_627_370_497), // 2^52 + 1
            (1e300, u64::MAX),
        ] {
            let measurement = Measurement::any(seconds).unwrap();
            assert_eq!(measurement.nanoseconds, nanoseconds, "{seconds}");
        }
    }
}
