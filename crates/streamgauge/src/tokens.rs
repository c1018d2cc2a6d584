//! What a start hook gives and its end hook takes back.
//!
//! All times are readings of the monitor's clock, all durations seconds. A token with the time in
//! it may also be made by hand (`EventState::new(time_in)`); it serves as the monitor's own do,
//! except that completing it twice is not noticed. So with a clone: each of the two can be completed.

use crate::sensor::EventPlace;
use core::num::{NonZeroU32, NonZeroU64};
use core::sync::atomic::{AtomicU32, Ordering};

/// Tells the tokens and handles of one monitor from those of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct MonitorId(NonZeroU32);

impl MonitorId {
    pub(crate) fn next() -> Self {
        static LAST: AtomicU32 = AtomicU32::new(0);
        let number = LAST.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        Self(NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN))
    }

    pub(crate) const fn number(self) -> u32 {
        self.0.get()
    }

    /// This number under the other.
    pub(crate) fn under(self, other: Self) -> NonZeroU64 {
        NonZeroU64::from(self.0) | u64::from(other.0.get()) << u32::BITS
    }
}

/// A way in which a token can be completed, once each.
#[derive(Debug, Clone, Copy)]
#[repr(u8)]
pub(crate) enum Completion {
    End = 1,
    Return = 2,
}

/// Whose token it is and how it was completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    /// None where it was made by hand.
    issued_by: Option<MonitorId>,
    completed: u8,
    /// What a recorder calls it in its trace; 0 for nothing.
    #[cfg(feature = "json")]
    pub(crate) label: u32,
}

impl Mark {
    const BY_HAND: Mark = Mark {
        issued_by: None,
        completed: 0,
        #[cfg(feature = "json")]
        label: 0,
    };

    pub(crate) fn of(monitor: MonitorId) -> Self {
        Self {
            issued_by: Some(monitor),
            ..Self::BY_HAND
        }
    }

    /// Whether `monitor` gave the token.
    #[cfg(feature = "json")]
    pub(crate) fn is_of(&self, monitor: MonitorId) -> bool {
        self.issued_by == Some(monitor)
    }

    /// Whether it was completed that way.
    #[cfg(feature = "json")]
    pub(crate) fn is_completed(&self, how: Completion) -> bool {
        self.completed & how as u8 != 0
    }

    /// Marks a completion by `monitor`; false where that was done before.
    pub(crate) fn complete(&mut self, monitor: MonitorId, how: Completion) -> bool {
        if self.issued_by != Some(monitor) {
            return true;
        }
        let before = self.completed;
        self.completed |= how as u8;
        before != self.completed
    }
}

/// The times of a message, set by `on_message_in` and `on_message_out`. Shared by all sensors.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Message {
    /// The record's timestamp, Unix milliseconds as Kafka clients have it, where the caller knows
    /// it: set it before `on_message_in`, for lag in seconds and end-to-end latency. One below 0
    /// (Kafka's "none" is -1) is not used.
    pub timestamp: Option<i64>,
    /// When it came in.
    pub time_in: Option<f64>,
    /// When it went out.
    pub time_out: Option<f64>,
    /// Seconds in between, where `time_in` is known.
    pub time_total: Option<f64>,
}

impl Message {
    /// When the record was written, Unix seconds; NaN where that is not known.
    pub(crate) fn record_time(&self) -> f64 {
        match self.timestamp {
            Some(milliseconds) if milliseconds >= 0 => milliseconds as f64 / 1000.0,
            _ => f64::NAN,
        }
    }
}

/// The token of `on_stream_event_in`.
#[derive(Debug, Clone)]
pub struct EventState {
    /// When the event came in.
    pub time_in: f64,
    /// When it went out.
    pub time_out: Option<f64>,
    /// Seconds in between.
    pub time_total: Option<f64>,
    /// The stream's place in the monitor that gave the token.
    pub(crate) stream: Option<EventPlace>,
    pub(crate) mark: Mark,
}

/// By what it says, and whose it is.
impl PartialEq for EventState {
    fn eq(&self, other: &Self) -> bool {
        let said = |state: &Self| (state.time_in, state.time_out, state.time_total);
        said(self) == said(other) && self.mark == other.mark
    }
}

impl EventState {
    /// A token made by hand.
    pub const fn new(time_in: f64) -> Self {
        Self {
            time_in,
            time_out: None,
            time_total: None,
            stream: None,
            mark: Mark::BY_HAND,
        }
    }
}

/// The token of `on_assignment_start`.
#[derive(Debug, Clone, PartialEq)]
pub struct AssignmentState {
    /// When the assignment started.
    pub time_start: f64,
    pub(crate) mark: Mark,
}

impl AssignmentState {
    /// A token made by hand.
    pub const fn new(time_start: f64) -> Self {
        Self {
            time_start,
            mark: Mark::BY_HAND,
        }
    }
}

/// The token of `on_rebalance_start`.
#[derive(Debug, Clone, PartialEq)]
pub struct RebalanceState {
    /// When the rebalance started.
    pub time_start: f64,
    /// When the consumer returned from it.
    pub time_return: Option<f64>,
    /// Seconds until then.
    pub latency_return: Option<f64>,
    /// When it ended.
    pub time_end: Option<f64>,
    /// Seconds until then.
    pub latency_end: Option<f64>,
    pub(crate) mark: Mark,
}

impl RebalanceState {
    /// A token made by hand.
    pub const fn new(time_start: f64) -> Self {
        Self {
            time_start,
            time_return: None,
            latency_return: None,
            time_end: None,
            latency_end: None,
            mark: Mark::BY_HAND,
        }
    }
}

/// The token of `on_web_request_start`.
#[derive(Debug, Clone, PartialEq)]
pub struct WebRequestState {
    /// When the request came.
    pub time_start: f64,
    /// When it was answered.
    pub time_end: Option<f64>,
    /// Seconds in between.
    pub latency_end: Option<f64>,
    /// The status it was answered with, 500 where there was no response.
    pub status_code: Option<u16>,
    pub(crate) mark: Mark,
}

impl WebRequestState {
    /// A token made by hand.
    pub const fn new(time_start: f64) -> Self {
        Self {
            time_start,
            time_end: None,
            latency_end: None,
            status_code: None,
            mark: Mark::BY_HAND,
        }
    }
}
