//! The histogram of a latency family: for its life and for the last minute.

#[cfg(test)]
mod tests;

use alloc::boxed::Box;
use core::{fmt, iter, mem};

use super::Histogram;
use super::measurement::{Measurement, PLACES, Totals};
use super::scale::FINE;

/// How long a window is recorded into.
const WINDOW_SECONDS: f64 = 10.0;

/// Windows kept beside the one that is recorded into.
const PAST: usize = 5;

/// The durations of one latency family: all of them, and those of the last minute.
///
/// A measurement is counted once, in the current window of ten seconds. A window that ends is added
/// to the counts of the life and kept until it is a minute old. It takes 80 bytes, and 31 KB more
/// with the first measurement.
#[derive(Clone, Default)]
pub(crate) struct LatencyHistogram {
    recorded: Option<Recorded>,
    /// When the current window began. Before the first tick that is not known.
    began: Option<f64>,
}

#[derive(Clone)]
struct Recorded {
    current: Window,
    older: Box<Older>,
}

/// What was recorded in ten seconds.
#[derive(Clone)]
struct Window {
    counts: Box<[u32; PLACES]>,
    totals: Totals,
}

#[derive(Clone)]
struct Older {
    past: [Window; PAST],
    /// The place in `past` of the oldest, where the next goes.
    oldest: usize,
    /// The life, without the current window.
    life: Life,
}

#[derive(Clone)]
struct Life {
    counts: Box<[u64; PLACES]>,
    totals: Totals,
}

impl LatencyHistogram {
    /// Counts a duration, finite and not negative; what is not is ignored. Allocates the first time,
    /// never again.
    #[inline]
    pub(crate) fn record(&mut self, seconds: f64) {
        match Measurement::new(seconds) {
            Some(measurement) => self.count(measurement),
            None => self.record_rarely(seconds),
        }
    }

    /// Counts a duration that was looked at before. Allocates the first time, never again.
    #[cfg_attr(target_arch = "wasm32", inline(always))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    pub(crate) fn count(&mut self, measurement: Measurement) {
        match &mut self.recorded {
            Some(recorded) => recorded.add(measurement),
            // Looks at it again: handing over more than a number would cost every call.
            None => self.record_rarely(measurement.seconds),
        }
    }

    /// The first one, and those that have no bucket.
    #[cold]
    #[inline(never)]
    fn record_rarely(&mut self, seconds: f64) {
        if let Some(measurement) = Measurement::any(seconds) {
            self.recorded
                .get_or_insert_with(Recorded::new)
                .add(measurement);
        }
    }

    /// The sampler's tick. Begins a new window where the current one began ten seconds ago, or as
    /// many as have passed; where a tick is late, what came since the last one counts as old as the
    /// window's beginning. A clock that went back makes the current window longer.
    pub(crate) fn rotate(&mut self, now: f64) {
        if !now.is_finite() {
            return;
        }
        let windows = self.windows_passed(now);
        self.began = match self.began {
            Some(began) if now >= began && windows <= PAST => {
                Some(began + windows as f64 * WINDOW_SECONDS)
            }
            _ => Some(now),
        };
        if let Some(recorded) = &mut self.recorded {
            (0..windows).for_each(|_| recorded.finish_window());
        }
    }

    /// Everything that was recorded.
    pub(crate) fn life(&self) -> Option<Histogram> {
        let Some(recorded) = &self.recorded else {
            return Some(Histogram::default());
        };
        let mut life = recorded.older.life.clone();
        life.add(&recorded.current);
        Some(life.histogram())
    }

    /// What was recorded in the last 50 to 60 seconds, where the ticks are on time: in the current
    /// window and the five before it.
    pub(crate) fn last_minute(&self, now: f64) -> Option<Histogram> {
        let Some(recorded) = &self.recorded else {
            return Some(Histogram::default());
        };
        let older = &recorded.older;
        let (newer, older_still) = older.past.split_at(older.oldest);
        let newest_first = newer.iter().rev().chain(older_still.iter().rev());
        let windows = iter::once(&recorded.current).chain(newest_first);
        let young = (PAST + 1).saturating_sub(self.windows_passed(now));
        let mut minute = Life::new();
        windows.take(young).for_each(|window| minute.add(window));
        Some(minute.histogram())
    }

    /// How many windows have ended since the current one began: at most all.
    fn windows_passed(&self, now: f64) -> usize {
        let began = self.began.unwrap_or(now);
        // Negative numbers and NaN become 0.
        (((now - began) / WINDOW_SECONDS) as usize).min(PAST + 1)
    }
}

impl fmt::Debug for LatencyHistogram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LatencyHistogram")
            .field(&self.life())
            .finish()
    }
}

impl Recorded {
    fn new() -> Self {
        Self {
            current: Window::new(),
            older: Box::new(Older {
                past: core::array::from_fn(|_| Window::new()),
                oldest: 0,
                life: Life::new(),
            }),
        }
    }

    #[cfg_attr(target_arch = "wasm32", inline(always))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    fn add(&mut self, measurement: Measurement) {
        // `Measurement` has no other places; this spares the check that it has not.
        let place = measurement.place.min(PLACES - 1);
        let count = &mut self.current.counts[place];
        *count = count.wrapping_add(1);
        if *count == 0 {
            return self.add_to_full(place, measurement.seconds);
        }
        self.current.totals.add(measurement);
    }

    /// One that the current window has no room for: four billion in a bucket, which takes a host
    /// that never ticks.
    #[cold]
    #[inline(never)]
    fn add_to_full(&mut self, place: usize, seconds: f64) {
        if let Some(count) = self.current.counts.get_mut(place) {
            *count = u32::MAX;
        }
        self.older.life.add_one(place, seconds);
    }

    fn finish_window(&mut self) {
        self.older.life.add(&self.current);
        if let Some(oldest) = self.older.past.get_mut(self.older.oldest) {
            mem::swap(oldest, &mut self.current);
        }
        self.older.oldest = (self.older.oldest + 1) % PAST;
        self.current.counts.fill(0);
        self.current.totals = Totals::NONE;
    }
}

impl Window {
    fn new() -> Self {
        Self {
            counts: Box::new([0; PLACES]),
            totals: Totals::NONE,
        }
    }
}

impl Life {
    fn new() -> Self {
        Self {
            counts: Box::new([0; PLACES]),
            totals: Totals::NONE,
        }
    }

    fn add(&mut self, window: &Window) {
        for (sum, count) in self.counts.iter_mut().zip(window.counts.iter()) {
            *sum = sum.saturating_add(u64::from(*count));
        }
        self.totals.merge(&window.totals);
    }

    fn add_one(&mut self, place: usize, seconds: f64) {
        if let (Some(sum), Some(measurement)) =
            (self.counts.get_mut(place), Measurement::any(seconds))
        {
            *sum = sum.saturating_add(1);
            self.totals.add(measurement);
        }
    }

    fn histogram(&self) -> Histogram {
        self.totals.histogram(FINE, self.counts.as_slice())
    }
}
