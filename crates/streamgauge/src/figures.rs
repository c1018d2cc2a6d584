//! Every figure a monitor keeps, by numbers alone: no name is looked up on the hot path and no
//! clock is read. What calls it (a [`Monitor`](crate::Monitor), or a host's own front such as the
//! JavaScript one) reads the clock, turns names into numbers and hands out the tokens.

mod beyond;
mod hooks;
mod sampling;
mod snapshot;

use alloc::vec::Vec;

pub(crate) use beyond::Beyond;
pub use beyond::Taken;
pub use sampling::HealthChange;

use crate::anomaly::{Anomalies, Anomaly};
use crate::counters::{Family, LabelSlot};
use crate::error::Error;
use crate::http::{HttpStatus, ResponseCodes};
use crate::limits::Limits;
use crate::names::too_long;
use crate::options::{MAX_COUNT, Options};
use crate::partitions::{PartitionIndex, Partitions};
use crate::ring::Ring;
use crate::tables::TableCounts;

/// The figures of one monitor, and the arithmetic of every hook.
///
/// `now` is always a finite reading: pass what the clock gave through [`reading`](Self::reading)
/// first. Indices and slots come from the look-ups of the same `Figures`; one that does not is
/// ignored. No method panics; those that are not look-ups do not allocate once the rings are full
/// and the labels known.
#[derive(Debug, Clone)]
pub struct Figures {
    // These two stand apart from the totals. Beside them, both would be counted by one wide load
    // and store, and that load would have to wait for the narrow store of the last "out": a tenth
    // of a message's time.
    pub(crate) messages_active: u64,
    pub(crate) events_active: u64,
    pub(crate) messages_received_total: u64,
    pub(crate) messages_received_by_topic: Family<u64>,
    pub(crate) messages_sent: u64,
    pub(crate) messages_sent_by_topic: Family<u64>,
    pub(crate) messages_s: u64,
    pub(crate) events_total: u64,
    pub(crate) events_s: u64,
    pub(crate) events_by_stream: Family<u64>,
    pub(crate) events_by_task: Family<u64>,
    pub(crate) events_runtime: Ring,
    pub(crate) events_runtime_avg: f64,
    pub(crate) commit_latency: Ring,
    pub(crate) send_latency: Ring,
    pub(crate) send_errors: u64,
    pub(crate) assignment_latency: Ring,
    pub(crate) assignments_completed: u64,
    pub(crate) assignments_failed: u64,
    pub(crate) topic_buffer_full: Family<u64>,
    pub(crate) tables: Family<TableCounts>,
    pub(crate) metric_counts: Family<i64>,
    pub(crate) partitions: Partitions,
    pub(crate) rebalances: u64,
    pub(crate) rebalance_return_latency: Ring,
    pub(crate) rebalance_return_avg: f64,
    pub(crate) rebalance_end_latency: Ring,
    pub(crate) rebalance_end_avg: f64,
    pub(crate) http_response_codes: ResponseCodes,
    pub(crate) http_response_latency: Ring,
    pub(crate) http_response_latency_avg: f64,
    pub(crate) anomalies: Anomalies,
    pub(crate) limits: Limits,
    pub(crate) beyond: Beyond,
    last_reading: f64,
    sampled_messages: u64,
    sampled_events: u64,
    scratch: Vec<f64>,
}

/// A family of counters whose labels can be looked up with [`Figures::label_slot`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelFamily {
    /// `messages_received_by_topic`
    ReceivedTopics,
    /// `messages_sent_by_topic`
    SentTopics,
    /// `topic_buffer_full`
    BufferFullTopics,
    /// `events_by_stream`
    Streams,
    /// `events_by_task`
    Tasks,
    /// `tables`
    Tables,
    /// `metric_counts`
    Metrics,
    /// Kinds of errors
    ErrorKinds,
    /// Topics of errors
    ErrorTopics,
    /// Topics of retries
    RetryTopics,
    /// Topics of dead letters
    DeadLetterTopics,
}

impl Figures {
    /// Figures that start from 0.
    ///
    /// # Errors
    /// What [`Limits::check`] refuses.
    pub fn with_limits(limits: Limits) -> Result<Self, Error> {
        limits.check()?;
        let labels = limits.max_labels;
        let history = || Ring::new(limits.max_avg_history as usize);
        Ok(Self {
            messages_active: 0,
            messages_received_total: 0,
            messages_received_by_topic: Family::new(labels),
            messages_sent: 0,
            messages_sent_by_topic: Family::new(labels),
            messages_s: 0,
            events_active: 0,
            events_total: 0,
            events_s: 0,
            events_by_stream: Family::new(labels),
            events_by_task: Family::new(labels),
            events_runtime: history(),
            events_runtime_avg: 0.0,
            commit_latency: Ring::new(limits.max_commit_latency_history as usize),
            send_latency: Ring::new(limits.max_send_latency_history as usize),
            send_errors: 0,
            assignment_latency: Ring::new(limits.max_assignment_latency_history as usize),
            assignments_completed: 0,
            assignments_failed: 0,
            topic_buffer_full: Family::new(labels),
            tables: Family::new(labels),
            metric_counts: Family::new(labels),
            partitions: Partitions::new(limits.max_partitions),
            rebalances: 0,
            rebalance_return_latency: history(),
            rebalance_return_avg: 0.0,
            rebalance_end_latency: history(),
            rebalance_end_avg: 0.0,
            http_response_codes: ResponseCodes::default(),
            http_response_latency: history(),
            http_response_latency_avg: 0.0,
            anomalies: Anomalies::default(),
            beyond: Beyond::new(&limits),
            limits,
            last_reading: 0.0,
            sampled_messages: 0,
            sampled_events: 0,
            scratch: Vec::new(),
        })
    }

    /// Figures that start from `options`.
    ///
    /// # Errors
    /// What [`Options::check`] refuses.
    pub fn new(options: &Options) -> Result<Self, Error> {
        options.check()?;
        let mut figures = Self::with_limits(options.limits())?;
        figures.messages_active = options.messages_active;
        figures.messages_received_total = options.messages_received_total;
        figures.messages_sent = options.messages_sent;
        figures.messages_s = options.messages_s;
        figures.events_active = options.events_active;
        figures.events_total = options.events_total;
        figures.events_s = options.events_s;
        figures.events_runtime_avg = options.events_runtime_avg;
        figures.rebalances = options.rebalances;
        figures.rebalance_return_avg = options.rebalance_return_avg;
        figures.rebalance_end_avg = options.rebalance_end_avg;
        figures.http_response_latency_avg = options.http_response_latency_avg;
        figures.events_runtime.extend(&options.events_runtime);
        figures.commit_latency.extend(&options.commit_latency);
        figures.send_latency.extend(&options.send_latency);
        figures
            .assignment_latency
            .extend(&options.assignment_latency);
        figures
            .rebalance_return_latency
            .extend(&options.rebalance_return_latency);
        figures
            .rebalance_end_latency
            .extend(&options.rebalance_end_latency);
        figures
            .http_response_latency
            .extend(&options.http_response_latency);
        figures.start_families(options);
        figures.beyond.worker = options.worker.as_str().into();
        figures.restart_sampler();
        Ok(figures)
    }

    /// The next sample measures growth from the totals of now.
    pub(crate) fn restart_sampler(&mut self) {
        self.sampled_messages = self.messages_received_total;
        self.sampled_events = self.events_total;
        self.begin(self.last_reading);
    }

    /// Time counts from `now` on: ages, rates, busy and idle. Call it once, with the clock's
    /// reading, before the first hook.
    pub fn begin(&mut self, now: f64) {
        // A clock that has nothing to say yet is no anomaly: nothing was measured with it.
        if now.is_finite() {
            self.last_reading = now;
        }
        let now = self.last_reading;
        self.beyond.since = now;
        self.beyond.busy.begin(now);
        let totals = self.flows();
        self.beyond.rates.begin(totals, now);
    }

    fn start_families(&mut self, options: &Options) {
        for (topic, count) in &options.messages_received_by_topic {
            let slot = self.label_slot(LabelFamily::ReceivedTopics, topic);
            add(&mut self.messages_received_by_topic, slot, *count);
        }
        for (label, count) in &options.events_by_stream {
            let slot = self.label_slot(LabelFamily::Streams, label);
            add(&mut self.events_by_stream, slot, *count);
        }
        for (label, count) in &options.events_by_task {
            let slot = self.label_slot(LabelFamily::Tasks, label);
            add(&mut self.events_by_task, slot, *count);
        }
        for (topic, count) in &options.topic_buffer_full {
            let slot = self.label_slot(LabelFamily::BufferFullTopics, topic);
            add(&mut self.topic_buffer_full, slot, *count);
        }
        for (table, counts) in &options.tables {
            let slot = self.label_slot(LabelFamily::Tables, table);
            if let Some(table) = slot.and_then(|slot| self.tables.at(slot)) {
                table.add(counts);
            }
        }
        for (status, count) in &options.http_response_codes {
            if let Ok(status) = HttpStatus::new(*status) {
                self.http_response_codes.add(status, *count);
            }
        }
    }

    /// What a clock's reading is taken as: itself, or the last finite one (0 before the first)
    /// where it is not finite, which counts as an anomaly.
    #[cfg_attr(target_arch = "wasm32", inline(always))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    pub fn reading(&mut self, now: f64) -> f64 {
        // What `is_finite` says, with one constant instead of two: every hook asks.
        if now.to_bits() << 1 < f64::INFINITY.to_bits() << 1 {
            self.last_reading = now;
            return now;
        }
        self.note(Anomaly::ClockNotFinite);
        self.last_reading
    }

    /// The worker's name in snapshots. False, and nothing changed, where it is too long.
    pub fn set_worker(&mut self, worker: &str) -> bool {
        let fits = too_long(worker).is_none();
        if fits {
            self.beyond.worker = worker.into();
        }
        fits
    }

    /// The last reading that [`reading`](Self::reading) took.
    pub fn last_reading(&self) -> f64 {
        self.last_reading
    }

    /// Counts something that should not have happened.
    #[cold]
    #[inline(never)]
    pub fn note(&mut self, kind: Anomaly) {
        self.anomalies.note(kind);
    }

    /// The kinds of anomaly seen for the first time since the last call: bit `n` is `Anomaly::ALL[n]`.
    pub fn take_unreported(&mut self) -> u32 {
        self.anomalies.take_unreported()
    }

    /// The seconds from `start` to `now`. A difference that is negative, or not finite because the
    /// start (of a token made by hand) is not, becomes 0 and counts as an anomaly.
    #[inline]
    pub fn seconds_between(&mut self, start: f64, now: f64) -> f64 {
        let seconds = now - start;
        // From 0 to the largest finite number the bits rise with the value; those of -0, negative
        // numbers, infinity and NaN are all beyond. One comparison instead of two.
        if seconds.to_bits() < f64::INFINITY.to_bits() {
            return seconds;
        }
        self.no_duration(seconds)
    }

    #[cold]
    fn no_duration(&mut self, seconds: f64) -> f64 {
        if seconds < 0.0 {
            self.note(Anomaly::ClockWentBack);
        } else if !seconds.is_finite() {
            self.note(Anomaly::ClockNotFinite);
        }
        0.0
    }

    // Look-ups: names to numbers.

    /// The index of a topic-partition. `None` where the table is full or the name too long, which
    /// counts as an anomaly.
    pub fn partition_index(&mut self, topic: &str, partition: u32) -> Option<PartitionIndex> {
        if too_long(topic).is_some() {
            self.note(Anomaly::NameTooLong);
            return None;
        }
        let index = self.partitions.index(topic, partition);
        if index.is_none() {
            self.note(Anomaly::PartitionOverLimit);
        }
        index
    }

    /// Which topic-partition an index stands for changes with its generation: one that was let go
    /// gives its index to another.
    #[inline]
    pub fn generation(&self, index: PartitionIndex) -> u32 {
        self.partitions.generation(index)
    }

    /// Whether a topic-partition still stands there.
    pub(crate) fn holds_partition(&self, index: PartitionIndex, generation: u32) -> bool {
        self.partitions.holds(index, generation)
    }

    /// Whether a stream still stands there.
    pub(crate) fn holds_stream(&self, label: LabelSlot, generation: u32) -> bool {
        self.events_by_stream.holds(label, generation)
    }

    /// Whether a task still stands there.
    pub(crate) fn holds_task(&self, task: LabelSlot, generation: u32) -> bool {
        self.events_by_task.holds(task, generation)
    }

    /// The slot of a stream's label, where it has one.
    pub(crate) fn find_stream(&self, label: &str) -> Option<LabelSlot> {
        self.events_by_stream.find(label)
    }

    /// The slot of a label: that of `(other)` where the family is full, `None` where the name is
    /// too long. Both count as an anomaly.
    pub fn label_slot(&mut self, family: LabelFamily, label: &str) -> Option<LabelSlot> {
        if too_long(label).is_some() {
            self.note(Anomaly::NameTooLong);
            return None;
        }
        let slot = match family {
            LabelFamily::ReceivedTopics => self.messages_received_by_topic.slot(label),
            LabelFamily::SentTopics => self.messages_sent_by_topic.slot(label),
            LabelFamily::BufferFullTopics => self.topic_buffer_full.slot(label),
            LabelFamily::Streams => self.events_by_stream.slot(label),
            LabelFamily::Tasks => self.events_by_task.slot(label),
            LabelFamily::Tables => self.tables.slot(label),
            LabelFamily::Metrics => self.metric_counts.slot(label),
            LabelFamily::ErrorKinds => self.beyond.errors.slot(label),
            LabelFamily::ErrorTopics => self.beyond.errors_by_topic.slot(label),
            LabelFamily::RetryTopics => self.beyond.retries_by_topic.slot(label),
            LabelFamily::DeadLetterTopics => self.beyond.dead_letters_by_topic.slot(label),
        };
        if slot.is_none() {
            self.note(Anomaly::LabelOverLimit);
        }
        Some(slot.unwrap_or(LabelSlot::OTHER))
    }
}

/// Adds a starting value. Many of them under `(other)` may add up to more than any count.
pub(crate) fn add(family: &mut Family<u64>, slot: Option<LabelSlot>, count: u64) {
    if let Some(total) = slot.and_then(|slot| family.at(slot)) {
        *total = started(*total, count);
    }
}

/// A starting count added to what is there: two that share `(other)` leave room to count on.
pub(crate) fn started(total: u64, count: u64) -> u64 {
    total.saturating_add(count).min(MAX_COUNT)
}

/// What a metric becomes: it stays within what JSON and JavaScript keep exactly.
pub(crate) fn counted(metric: i64, n: i64) -> i64 {
    const MOST: i64 = MAX_COUNT as i64;
    metric.saturating_add(n).clamp(-MOST, MOST)
}
