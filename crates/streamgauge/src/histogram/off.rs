//! What stands for the histograms where the feature `histograms` is off.

use super::Histogram;

/// A duration, finite and not negative.
#[derive(Clone, Copy)]
pub(crate) struct Measurement;

impl Measurement {
    #[inline]
    pub(crate) fn new(seconds: f64) -> Option<Self> {
        // The bits rise with the value from 0 on; those of all else are beyond.
        (seconds.to_bits() < f64::INFINITY.to_bits()).then_some(Self)
    }
}

/// Records nothing, knows nothing and takes no room.
#[derive(Debug, Clone, Default)]
pub(crate) struct LatencyHistogram;

impl LatencyHistogram {
    #[inline]
    pub(crate) fn record(&mut self, _seconds: f64) {}

    #[inline]
    pub(crate) fn count(&mut self, _measurement: Measurement) {}

    #[inline]
    pub(crate) fn rotate(&mut self, _now: f64) {}

    pub(crate) fn life(&self) -> Option<Histogram> {
        None
    }

    pub(crate) fn last_minute(&self, _now: f64) -> Option<Histogram> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_takes_no_room_and_knows_nothing() {
        let mut histogram = LatencyHistogram;
        histogram.record(1.0);
        histogram.rotate(60.0);
        assert_eq!(size_of::<LatencyHistogram>(), 0);
        assert_eq!(histogram.life(), None);
        assert_eq!(histogram.last_minute(60.0), None);
    }
}
