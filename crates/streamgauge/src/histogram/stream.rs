//! The histogram of one stream's life, small enough to have hundreds.

#[cfg(test)]
mod tests;

use alloc::vec::Vec;
use core::fmt;

use super::Histogram;
use super::measurement::{Measurement, PLACES, Totals};
use super::scale::FINE;

/// Eight buckets for each doubling.
const SCALE: i32 = 3;

const COARSER: i32 = FINE - SCALE;

const COARSE_PLACES: usize = coarse(PLACES - 1) + 1;

/// The place here of a measurement at a place of the finer histogram. The first and the last place
/// are not buckets: they stay apart.
const fn coarse(place: usize) -> usize {
    (place + (1 << COARSER) - 1) >> COARSER
}

/// The durations of one stream, within 4.4 percent. 1 KB.
#[derive(Clone)]
pub(crate) struct StreamHistogram {
    totals: Totals,
    counts: [u32; COARSE_PLACES],
    /// Counts that began again from 0: each has a few bytes here, once.
    carries: Vec<Carry>,
}

#[derive(Clone, Copy)]
struct Carry {
    place: u16,
    /// How often 2^32 was reached.
    times: u32,
}

impl StreamHistogram {
    /// Nothing recorded.
    pub(crate) const fn new() -> Self {
        Self {
            totals: Totals::NONE,
            counts: [0; COARSE_PLACES],
            carries: Vec::new(),
        }
    }

    /// Counts a duration. Allocates nothing until a bucket has 2^32.
    #[cfg_attr(target_arch = "wasm32", inline(always))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    pub(crate) fn count(&mut self, measurement: Measurement) {
        // `Measurement` has no other places; this spares the check that it has not.
        let place = coarse(measurement.place).min(COARSE_PLACES - 1);
        let count = &mut self.counts[place];
        *count = count.wrapping_add(1);
        if *count == 0 {
            self.carry(place, 1);
        }
        self.totals.add(measurement);
    }

    #[cold]
    #[inline(never)]
    fn carry(&mut self, place: usize, times: u32) {
        let place = place as u16;
        match self.carries.iter_mut().find(|carry| carry.place == place) {
            Some(carry) => carry.times = carry.times.saturating_add(times),
            None => self.carries.push(Carry { place, times }),
        }
    }

    /// Adds what another stream recorded.
    pub(crate) fn add(&mut self, other: &StreamHistogram) {
        for place in 0..COARSE_PLACES {
            let (sum, over) = self.counts[place].overflowing_add(other.counts[place]);
            self.counts[place] = sum;
            if over {
                self.carry(place, 1);
            }
        }
        for carry in &other.carries {
            self.carry(usize::from(carry.place), carry.times);
        }
        self.totals.merge(&other.totals);
    }

    /// Everything that was recorded, at scale 3.
    pub(crate) fn figures(&self) -> Histogram {
        let mut counts = self.counts.map(u64::from);
        for carry in &self.carries {
            if let Some(count) = counts.get_mut(usize::from(carry.place)) {
                *count += u64::from(carry.times) << u32::BITS;
            }
        }
        self.totals.histogram(SCALE, &counts)
    }
}

impl Default for StreamHistogram {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for StreamHistogram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StreamHistogram")
            .field(&self.figures())
            .finish()
    }
}
