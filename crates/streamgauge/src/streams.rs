//! Event run times: all of them together, and by stream, each with a coarse histogram of its own.

use alloc::vec::Vec;

use crate::counters::LabelSlot;
use crate::histogram::{Histogram, LatencyHistogram, Measurement, StreamHistogram};

/// Streams that have a histogram of their own; what more there are share that of `(other)`.
pub(crate) const MAX_STREAM_HISTOGRAMS: usize = 200;

/// Marks a stream that has no histogram yet.
const NONE: u32 = u32::MAX;

/// The histograms of event run times.
#[derive(Debug, Clone, Default)]
pub(crate) struct EventRuntimes {
    all: LatencyHistogram,
    streams: Streams,
}

impl EventRuntimes {
    /// An event took so many seconds, for which there is no short [`Measurement`].
    #[cold]
    #[inline(never)]
    pub(crate) fn record_rarely(&mut self, stream: Option<LabelSlot>, slots: usize, seconds: f64) {
        if let Some(measurement) = Measurement::any(seconds) {
            self.count(stream, slots, measurement);
        }
    }

    /// An event took so long; its stream may be unknown. `slots` is how many streams may have: one
    /// that came from elsewhere must not make room for every number below it.
    #[cfg_attr(target_arch = "wasm32", inline(always))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    pub(crate) fn count(
        &mut self,
        stream: Option<LabelSlot>,
        slots: usize,
        measurement: Measurement,
    ) {
        self.all.count(measurement);
        if let Some(stream) = stream {
            self.streams.count(stream, slots, measurement);
        }
    }

    /// The sampler's tick.
    pub(crate) fn rotate(&mut self, now: f64) {
        self.all.rotate(now);
    }

    /// A stream counts under `(other)` from now on, with all that was recorded.
    pub(crate) fn fold(&mut self, stream: LabelSlot) {
        self.streams.fold(stream);
    }

    /// All events together.
    pub(crate) fn all(&self) -> &LatencyHistogram {
        &self.all
    }

    /// Each stream that has a histogram of its own, and `(other)`.
    pub(crate) fn each(&self) -> impl Iterator<Item = (LabelSlot, Histogram)> {
        self.streams.each()
    }
}

/// The histograms, by the streams' slots in `events_by_stream`.
#[derive(Debug, Clone, Default)]
struct Streams {
    /// Which histogram a slot has. That of `(other)`, slot 0, is the first.
    places: Vec<u32>,
    histograms: Vec<StreamHistogram>,
    /// Places whose stream was folded.
    free: Vec<u32>,
}

impl Streams {
    /// An event of a stream took so long.
    #[cfg_attr(target_arch = "wasm32", inline(always))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    fn count(&mut self, stream: LabelSlot, slots: usize, measurement: Measurement) {
        // No histogram has the place `NONE`.
        let place = self.places.get(stream.number() as usize);
        match place.and_then(|place| self.histograms.get_mut(*place as usize)) {
            Some(histogram) => histogram.count(measurement),
            // Looks at it again: handing over more than a number would cost every call.
            None => self.count_first(stream, slots, measurement.seconds),
        }
    }

    #[cold]
    #[inline(never)]
    fn count_first(&mut self, stream: LabelSlot, slots: usize, seconds: f64) {
        if stream.number() as usize >= slots {
            return;
        }
        let histogram = self.first_of(stream) as usize;
        if let (Some(histogram), Some(measurement)) = (
            self.histograms.get_mut(histogram),
            Measurement::any(seconds),
        ) {
            histogram.count(measurement);
        }
    }

    fn first_of(&mut self, stream: LabelSlot) -> u32 {
        if self.histograms.is_empty() {
            self.histograms.push(StreamHistogram::default());
            self.places.push(0);
        }
        let slot = stream.number() as usize;
        if slot >= self.places.len() {
            self.places.resize(slot + 1, NONE);
        }
        if self.places[slot] == NONE {
            let place = self.free.pop();
            self.places[slot] = match place {
                Some(place) => place,
                None if self.histograms.len() <= MAX_STREAM_HISTOGRAMS => {
                    self.histograms.push(StreamHistogram::default());
                    (self.histograms.len() - 1) as u32
                }
                None => 0,
            };
        }
        self.places[slot]
    }

    /// A stream counts under `(other)` from now on, with all that was recorded.
    fn fold(&mut self, stream: LabelSlot) {
        let Some(place) = self.places.get_mut(stream.number() as usize) else {
            return;
        };
        let place = core::mem::replace(place, NONE);
        if place == 0 || place == NONE {
            return;
        }
        let folded = self.histograms.get_mut(place as usize).map(core::mem::take);
        if let (Some(folded), Some(other)) = (folded, self.histograms.first_mut()) {
            other.add(&folded);
            self.free.push(place);
        }
        // There is room again for one that had none.
        for place in self.places.iter_mut().skip(1).filter(|place| **place == 0) {
            *place = NONE;
        }
    }

    /// Each stream that has a histogram of its own, and `(other)`.
    fn each(&self) -> impl Iterator<Item = (LabelSlot, Histogram)> {
        self.places.iter().enumerate().filter_map(|(slot, place)| {
            // Streams that share that of `(other)` are not told apart.
            let is_shared = *place == 0 && slot != 0;
            let histogram = self.histograms.get(*place as usize)?;
            let figures = (!is_shared).then(|| histogram.figures())?;
            (figures.count > 0).then(|| (LabelSlot::new(slot as u32), figures))
        })
    }
}
