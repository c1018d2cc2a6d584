//! How much a monitor keeps.

use crate::error::Error;
use crate::options::{counts, seconds};

/// The longest history that may be asked for.
pub const MAX_HISTORY: u32 = 1_000_000;
/// The most labels per counter family that may be asked for.
pub const MAX_LABELS: u32 = 1_000_000;
/// The most topic-partitions that may be asked for.
pub const MAX_PARTITIONS: u32 = 10_000_000;
/// The most commits per partition, or rebalances, that may be asked to be remembered.
pub const MAX_REMEMBERED: u32 = 1_000;

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
    /// The Unix time, in seconds, at which the clock reads 0. Where it is 0, what the clock says of
    /// itself: `StdClock` knows it. Timestamps of records and of snapshots need it. 0.
    pub epoch: f64,
    /// Commits that a partition's health is judged by, at least 2. 10.
    pub health_commits: u32,
    /// The lag, in records, that a healthy partition may have: transactions leave some. 0.
    pub allowed_lag: u64,
    /// Seconds for which a health status must hold before its change is told. 10.
    pub health_hold: f64,
    /// Seconds in flight after which a message counts as stuck. 60.
    pub stuck_after: f64,
    /// So many rebalances within `storm_window` are a storm, at least 2. 5.
    pub storm_rebalances: u32,
    /// The window of `storm_rebalances`, in seconds. 300.
    pub storm_window: f64,
    /// Seconds without a change after which a label folds into `(other)`; 0 for never. 86,400.
    pub label_idle: f64,
    /// Seconds after which a partition that is no longer owned is let go; 0 for never. 600.
    pub partition_idle: f64,
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
            health_commits: 10,
            allowed_lag: 0,
            health_hold: 10.0,
            stuck_after: 60.0,
            storm_rebalances: 5,
            storm_window: 300.0,
            label_idle: 86_400.0,
            partition_idle: 600.0,
        }
    }
}

impl Limits {
    /// Whether a monitor can be made with them.
    ///
    /// # Errors
    /// A history or `max_labels` over 1,000,000, `max_partitions` over 10,000,000, `health_commits`
    /// or `storm_rebalances` outside 2 to 1,000, `allowed_lag` over 2^53-1, seconds that are
    /// negative or not finite, an `epoch` that is not finite.
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
        for (argument, value) in [
            ("health_commits", self.health_commits),
            ("storm_rebalances", self.storm_rebalances),
        ] {
            if !(2..=MAX_REMEMBERED).contains(&value) {
                let expected = "a whole number in 2..=1000";
                return Err(Error::whole(argument, expected, value.into()));
            }
        }
        counts("allowed_lag", [&self.allowed_lag])?;
        for (argument, value) in [
            ("health_hold", self.health_hold),
            ("stuck_after", self.stuck_after),
            ("storm_window", self.storm_window),
            ("label_idle", self.label_idle),
            ("partition_idle", self.partition_idle),
        ] {
            seconds(argument, &[value])?;
        }
        if !self.epoch.is_finite() {
            return Err(Error::seconds("epoch", "a finite number", self.epoch));
        }
        Ok(())
    }
}
