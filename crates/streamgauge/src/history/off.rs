//! What stands for a partition's past where the feature `health` is off: nothing is remembered, so
//! every status is ok and no time can be interpolated.

use crate::health::{Reason, Status};

/// Remembers nothing.
#[derive(Debug, Clone)]
pub(crate) struct History;

/// When a record was written: it cannot be told.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(dead_code, reason = "the forms that a past that is kept gives")]
pub(crate) enum WrittenAt {
    Interpolated(f64),
    Before(f64),
    Unknown,
}

/// A status, and why.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Judgement {
    pub(crate) status: Status,
    pub(crate) reason: Reason,
}

/// Tells of no change.
#[derive(Debug, Clone, Default)]
pub(crate) struct Debounce(());

impl Debounce {
    pub(crate) fn update(
        &mut self,
        _status: Status,
        _now: f64,
        _hold_seconds: f64,
    ) -> Option<(Status, Status)> {
        None
    }
}

impl History {
    pub(crate) fn new(_commits: usize) -> Self {
        Self
    }

    pub(crate) fn clear(&mut self) {}

    pub(crate) fn committed(&mut self, _offset: u64, _now: f64, _lag: Option<u64>) {}

    pub(crate) fn committed_again(&mut self, _offset: u64, _now: f64, _lag: Option<u64>) {}

    pub(crate) fn end_seen(&mut self, _end: u64, _now: f64) {}

    pub(crate) fn tick(&mut self, _lag: Option<u64>, _now: f64) {}

    pub(crate) fn slope(&self, _lag: Option<u64>, _now: f64) -> Option<f64> {
        None
    }

    pub(crate) fn written_at(&self, _offset: u64) -> WrittenAt {
        WrittenAt::Unknown
    }

    pub(crate) fn caught_up_at(&self, _position: u64) -> Option<f64> {
        None
    }

    pub(crate) fn judge(&self, _lag: Option<u64>, _allowed: u64, _now: f64) -> Judgement {
        let reason = Reason::NotBuiltIn;
        Judgement {
            status: reason.status(),
            reason,
        }
    }
}
