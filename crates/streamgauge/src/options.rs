//! What a monitor can be told when it is made.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::error::Error;
use crate::http::HttpStatus;
use crate::limits::Limits;
use crate::names::too_long;
use crate::tables::TableCounts;

/// The largest starting count: 2^53 - 1, the last whole number that JSON and JavaScript keep.
pub const MAX_COUNT: u64 = (1 << 53) - 1;

/// Limits and starting values, in Faust's names.
///
/// ```
/// use streamgauge::{ManualClock, Monitor, Options};
/// let options = Options { max_avg_history: 10, messages_sent: 7, ..Options::default() };
/// let monitor = Monitor::with_options(&options, ManualClock::new(0.0))?;
/// assert_eq!(monitor.messages_sent(), 7);
/// # Ok::<(), streamgauge::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct Options {
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
    /// Who is monitored, in snapshots; a cluster's workers need names of their own. Empty.
    pub worker: String,
    /// Messages in flight.
    pub messages_active: u64,
    /// Messages processed in total.
    pub messages_received_total: u64,
    /// Messages processed by topic.
    pub messages_received_by_topic: BTreeMap<String, u64>,
    /// Messages sent in total.
    pub messages_sent: u64,
    /// Messages in the last sample.
    pub messages_s: u64,
    /// Events in flight.
    pub events_active: u64,
    /// Events in total.
    pub events_total: u64,
    /// Events in the last sample.
    pub events_s: u64,
    /// Events by stream.
    pub events_by_stream: BTreeMap<String, u64>,
    /// Events by task.
    pub events_by_task: BTreeMap<String, u64>,
    /// Run times of events, in seconds, oldest first.
    pub events_runtime: Vec<f64>,
    /// Their median at the last sample.
    pub events_runtime_avg: f64,
    /// Commit latencies, in seconds, oldest first.
    pub commit_latency: Vec<f64>,
    /// Send latencies, in seconds, oldest first.
    pub send_latency: Vec<f64>,
    /// Assignment latencies, in seconds, oldest first.
    pub assignment_latency: Vec<f64>,
    /// Full buffers by topic.
    pub topic_buffer_full: BTreeMap<String, u64>,
    /// Table calls by table.
    pub tables: BTreeMap<String, TableCounts>,
    /// The app's count of rebalances.
    pub rebalances: u64,
    /// Rebalance return latencies, in seconds, oldest first.
    pub rebalance_return_latency: Vec<f64>,
    /// Rebalance end latencies, in seconds, oldest first.
    pub rebalance_end_latency: Vec<f64>,
    /// Median of the return latencies at the last sample.
    pub rebalance_return_avg: f64,
    /// Median of the end latencies at the last sample.
    pub rebalance_end_avg: f64,
    /// HTTP responses by status.
    #[cfg_attr(feature = "serde", serde(with = "crate::numeric_keys::flat"))]
    pub http_response_codes: BTreeMap<u16, u64>,
    /// HTTP response latencies, in seconds, oldest first.
    pub http_response_latency: Vec<f64>,
    /// Their median at the last sample.
    pub http_response_latency_avg: f64,
}

impl Default for Options {
    fn default() -> Self {
        let limits = Limits::default();
        Self {
            max_avg_history: limits.max_avg_history,
            max_commit_latency_history: limits.max_commit_latency_history,
            max_send_latency_history: limits.max_send_latency_history,
            max_assignment_latency_history: limits.max_assignment_latency_history,
            max_labels: limits.max_labels,
            max_partitions: limits.max_partitions,
            epoch: limits.epoch,
            health_commits: limits.health_commits,
            allowed_lag: limits.allowed_lag,
            health_hold: limits.health_hold,
            stuck_after: limits.stuck_after,
            storm_rebalances: limits.storm_rebalances,
            storm_window: limits.storm_window,
            label_idle: limits.label_idle,
            partition_idle: limits.partition_idle,
            worker: String::new(),
            messages_active: 0,
            messages_received_total: 0,
            messages_received_by_topic: BTreeMap::new(),
            messages_sent: 0,
            messages_s: 0,
            events_active: 0,
            events_total: 0,
            events_s: 0,
            events_by_stream: BTreeMap::new(),
            events_by_task: BTreeMap::new(),
            events_runtime: Vec::new(),
            events_runtime_avg: 0.0,
            commit_latency: Vec::new(),
            send_latency: Vec::new(),
            assignment_latency: Vec::new(),
            topic_buffer_full: BTreeMap::new(),
            tables: BTreeMap::new(),
            rebalances: 0,
            rebalance_return_latency: Vec::new(),
            rebalance_end_latency: Vec::new(),
            rebalance_return_avg: 0.0,
            rebalance_end_avg: 0.0,
            http_response_codes: BTreeMap::new(),
            http_response_latency: Vec::new(),
            http_response_latency_avg: 0.0,
        }
    }
}

impl Options {
    /// The limits alone.
    pub fn limits(&self) -> Limits {
        Limits {
            max_avg_history: self.max_avg_history,
            max_commit_latency_history: self.max_commit_latency_history,
            max_send_latency_history: self.max_send_latency_history,
            max_assignment_latency_history: self.max_assignment_latency_history,
            max_labels: self.max_labels,
            max_partitions: self.max_partitions,
            epoch: self.epoch,
            health_commits: self.health_commits,
            allowed_lag: self.allowed_lag,
            health_hold: self.health_hold,
            stuck_after: self.stuck_after,
            storm_rebalances: self.storm_rebalances,
            storm_window: self.storm_window,
            label_idle: self.label_idle,
            partition_idle: self.partition_idle,
        }
    }

    /// Whether a monitor can be made of them.
    ///
    /// # Errors
    /// A history over 1,000,000, `max_labels` over 1,000,000, `max_partitions` over 10,000,000, an
    /// average or a value of a deque that is negative or not finite, an `epoch` that is not
    /// finite, a count over 2^53-1, a name of more than 4,096 characters, a status outside 100 to
    /// 599.
    pub fn check(&self) -> Result<(), Error> {
        self.limits().check()?;
        if let Some(characters) = too_long(&self.worker) {
            return Err(Error::name("worker", characters));
        }
        seconds("events_runtime", &self.events_runtime)?;
        seconds("commit_latency", &self.commit_latency)?;
        seconds("send_latency", &self.send_latency)?;
        seconds("assignment_latency", &self.assignment_latency)?;
        seconds("rebalance_return_latency", &self.rebalance_return_latency)?;
        seconds("rebalance_end_latency", &self.rebalance_end_latency)?;
        seconds("http_response_latency", &self.http_response_latency)?;
        seconds("events_runtime_avg", &[self.events_runtime_avg])?;
        seconds("rebalance_return_avg", &[self.rebalance_return_avg])?;
        seconds("rebalance_end_avg", &[self.rebalance_end_avg])?;
        seconds(
            "http_response_latency_avg",
            &[self.http_response_latency_avg],
        )?;
        names(
            "messages_received_by_topic",
            &self.messages_received_by_topic,
        )?;
        names("events_by_stream", &self.events_by_stream)?;
        names("events_by_task", &self.events_by_task)?;
        names("topic_buffer_full", &self.topic_buffer_full)?;
        names("tables", &self.tables)?;
        for status in self.http_response_codes.keys() {
            HttpStatus::new(*status).map_err(|error| error.of("http_response_codes"))?;
        }
        self.check_counts()
    }

    /// No count starts so high that counting on could overflow.
    fn check_counts(&self) -> Result<(), Error> {
        counts("messages_active", [&self.messages_active])?;
        counts("messages_received_total", [&self.messages_received_total])?;
        counts("messages_sent", [&self.messages_sent])?;
        counts("messages_s", [&self.messages_s])?;
        counts("events_active", [&self.events_active])?;
        counts("events_total", [&self.events_total])?;
        counts("events_s", [&self.events_s])?;
        counts(
            "messages_received_by_topic",
            self.messages_received_by_topic.values(),
        )?;
        counts("events_by_stream", self.events_by_stream.values())?;
        counts("events_by_task", self.events_by_task.values())?;
        counts("topic_buffer_full", self.topic_buffer_full.values())?;
        counts("http_response_codes", self.http_response_codes.values())?;
        for table in self.tables.values() {
            counts("tables", table.each())?;
        }
        Ok(())
    }
}

pub(crate) fn seconds(argument: &'static str, values: &[f64]) -> Result<(), Error> {
    let is_duration = |value: &f64| value.is_finite() && *value >= 0.0;
    match values.iter().find(|value| !is_duration(value)) {
        Some(value) => Err(Error::seconds(argument, "finite and not negative", *value)),
        None => Ok(()),
    }
}

pub(crate) fn names<T>(argument: &'static str, map: &BTreeMap<String, T>) -> Result<(), Error> {
    match map.keys().find_map(|name| too_long(name)) {
        Some(characters) => Err(Error::name(argument, characters)),
        None => Ok(()),
    }
}

pub(crate) fn counts<'a>(
    argument: &'static str,
    values: impl IntoIterator<Item = &'a u64>,
) -> Result<(), Error> {
    match values.into_iter().find(|value| **value > MAX_COUNT) {
        Some(value) => Err(Error::whole(
            argument,
            "a whole number in 0..=9007199254740991",
            *value,
        )),
        None => Ok(()),
    }
}
