//! The monitor's clock, watched: what it read in a call is what the trace says.

use core::cell::Cell;

use crate::clock::Clock;

#[derive(Debug)]
pub(super) struct WatchedClock<C> {
    inner: C,
    read: Cell<Option<f64>>,
    stands_still_at: Cell<Option<f64>>,
}

impl<C> WatchedClock<C> {
    pub(super) fn new(inner: C) -> Self {
        Self {
            inner,
            read: Cell::new(None),
            stands_still_at: Cell::new(None),
        }
    }

    pub(super) fn inner(&self) -> &C {
        &self.inner
    }

    /// What it read since the last take, as it came, finite or not.
    pub(super) fn take(&self) -> Option<f64> {
        self.read.take()
    }

    pub(super) fn was_read(&self) -> bool {
        self.read.get().is_some()
    }

    /// Readings that are no part of the trace.
    pub(super) fn stand_still_at(&self, seconds: Option<f64>) {
        self.stands_still_at.set(seconds);
    }
}

impl<C: Clock> Clock for WatchedClock<C> {
    fn now(&self) -> f64 {
        if let Some(seconds) = self.stands_still_at.get() {
            return seconds;
        }
        let seconds = self.inner.now();
        self.read.set(Some(seconds));
        seconds
    }

    fn epoch(&self) -> Option<f64> {
        self.inner.epoch()
    }
}
