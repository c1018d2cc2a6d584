//! What stands for the streams' histograms where the feature `histograms` is off.

use crate::counters::LabelSlot;
use crate::histogram::{Histogram, LatencyHistogram, Measurement};

/// Records nothing and takes no room.
#[derive(Debug, Clone, Default)]
pub(crate) struct EventRuntimes;

impl EventRuntimes {
    #[inline]
    pub(crate) fn record_rarely(&mut self, _: Option<LabelSlot>, _slots: usize, _seconds: f64) {}

    #[inline]
    pub(crate) fn count(&mut self, _: Option<LabelSlot>, _slots: usize, _: Measurement) {}

    pub(crate) fn rotate(&mut self, _now: f64) {}

    pub(crate) fn all(&self) -> &LatencyHistogram {
        &LatencyHistogram
    }

    pub(crate) fn fold(&mut self, _stream: LabelSlot) {}

    pub(crate) fn each(&self) -> impl Iterator<Item = (LabelSlot, Histogram)> {
        core::iter::empty()
    }
}
