//! What stands for the histograms where the feature `histograms` is off.

use super::Histogram;

/// Records nothing, knows nothing and takes no room.
#[derive(Debug, Clone, Default)]
pub(crate) struct LatencyHistogram;

impl LatencyHistogram {
    pub(crate) const fn new() -> Self {
        Self
    }

    #[inline]
    pub(crate) fn record(&mut self, _seconds: f64) {}

    #[inline]
    pub(crate) fn rotate(&mut self, _now: f64) {}

    pub(crate) fn life(&self) -> Option<Histogram> {
        None
    }

    pub(crate) fn last_minute(&self, _now: f64) -> Option<Histogram> {
        None
    }
}
