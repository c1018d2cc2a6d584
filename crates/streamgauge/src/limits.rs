//! How much a monitor keeps.

use crate::error::Error;

/// The longest history that may be asked for.
pub const MAX_HISTORY: u32 = 1_000_000;
/// The most labels per counter family that may be asked for.
pub const MAX_LABELS: u32 = 1_000_000;
/// The most topic-partitions that may be asked for.
pub const MAX_PARTITIONS: u32 = 10_000_000;

/// The bounds of a monitor, and its epoch: what is set once and never moves.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct Limits {
    /// Length of `events_runtime`, both `rebalance_*_latency` and `http_response_latency`. 100.
    pub max_avg_history: u32,
    /// Length of `commit_latency`. 30.
    pub max_commit_latency_history: u32,
    /// Length of `send_latency`. 30.
    pub max_send_latency_history: u32,
    /// Length of `assignment_latency`. 30.
    pub max_assignment_latency_history: u32,
    /// Labels that each counter family keeps before it counts under `(other)`. 2,000.
    pub max_labels: u32,
    /// Topic-partitions whose offsets are kept. 100,000.
    pub max_partitions: u32,
    /// The Unix time, in seconds, at which the clock reads 0. 0.
    pub epoch: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_avg_history: 100,
            max_commit_latency_history: 30,
            max_send_latency_history: 30,
            max_assignment_latency_history: 30,
            max_labels: 2_000,
            max_partitions: 100_000,
            epoch: 0.0,
        }
    }
}

impl Limits {
    /// Whether a monitor can be made with them.
    ///
    /// # Errors
    /// A history or `max_labels` over 1,000,000, `max_partitions` over 10,000,000, an `epoch` that
    /// is not finite.
    pub fn check(&self) -> Result<(), Error> {
        let million = "a whole number in 0..=1000000";
        for (argument, value, most, expected) in [
            (
                "max_avg_history",
                self.max_avg_history,
                MAX_HISTORY,
                million,
            ),
            (
                "max_commit_latency_history",
                self.max_commit_latency_history,
                MAX_HISTORY,
                million,
            ),
            (
                "max_send_latency_history",
                self.max_send_latency_history,
                MAX_HISTORY,
                million,
            ),
            (
                "max_assignment_latency_history",
                self.max_assignment_latency_history,
                MAX_HISTORY,
                million,
            ),
            ("max_labels", self.max_labels, MAX_LABELS, million),
            (
                "max_partitions",
                self.max_partitions,
                MAX_PARTITIONS,
                "a whole number in 0..=10000000",
            ),
        ] {
            if value > most {
                return Err(Error::whole(argument, expected, value.into()));
            }
        }
        if !self.epoch.is_finite() {
            return Err(Error::seconds("epoch", "a finite number", self.epoch));
        }
        Ok(())
    }
}
