//! What is kept beyond Faust's figures, and the hooks that Faust does not have.

use alloc::boxed::Box;

use super::Figures;
use crate::consumer::{Busy, Consumer};
use crate::counters::{Family, LabelSlot};
use crate::errors::{ErrorCounts, Stage};
use crate::histogram::LatencyHistogram;
use crate::history::Debounce;
use crate::in_flight::InFlight;
use crate::limits::Limits;
use crate::partitions::PartitionIndex;
use crate::rates::Rates;
use crate::ring::Ring;
use crate::streams::EventRuntimes;

/// Rebalances whose times are kept, where fewer make a storm.
const REBALANCES_KEPT: u32 = 64;

/// Every latency's histogram.
#[derive(Debug, Clone, Default)]
pub(crate) struct Latencies {
    pub(crate) message_time: LatencyHistogram,
    pub(crate) end_to_end: LatencyHistogram,
    pub(crate) event_runtime: EventRuntimes,
    pub(crate) commit: LatencyHistogram,
    pub(crate) send: LatencyHistogram,
    pub(crate) send_error: LatencyHistogram,
    pub(crate) assignment: LatencyHistogram,
    pub(crate) rebalance_return: LatencyHistogram,
    pub(crate) rebalance_end: LatencyHistogram,
    pub(crate) http_response: LatencyHistogram,
}

impl Latencies {
    /// The sampler's tick: the last minute moves on.
    pub(crate) fn rotate(&mut self, now: f64) {
        for histogram in [
            &mut self.message_time,
            &mut self.end_to_end,
            &mut self.commit,
            &mut self.send,
            &mut self.send_error,
            &mut self.assignment,
            &mut self.rebalance_return,
            &mut self.rebalance_end,
            &mut self.http_response,
        ] {
            histogram.rotate(now);
        }
        self.event_runtime.rotate(now);
    }
}

/// Rebalances as they are, where Faust keeps the app's own count.
#[derive(Debug, Clone)]
pub(crate) struct Rebalances {
    pub(crate) count: u64,
    pub(crate) in_progress: u64,
    /// When the newest started.
    pub(crate) times: Ring,
    /// When the last one ended: what nobody read since may have moved away with it.
    pub(crate) ended_at: Option<f64>,
}

/// Partitions given and taken.
#[derive(Debug, Clone, Default)]
pub(crate) struct Moves {
    pub(crate) assigned: u64,
    pub(crate) revoked: u64,
    pub(crate) lost: u64,
    /// Somebody tells of assignments, so what was taken stays taken until it is assigned.
    pub(crate) are_told: bool,
}

/// What is kept beyond Faust's figures.
#[derive(Debug, Clone)]
pub(crate) struct Beyond {
    pub(crate) in_flight: InFlight,
    pub(crate) busy: Busy,
    pub(crate) latencies: Latencies,
    pub(crate) errors: Family<ErrorCounts>,
    pub(crate) errors_by_topic: Family<u64>,
    pub(crate) errors_total: u64,
    pub(crate) retries: u64,
    pub(crate) retries_by_topic: Family<u64>,
    pub(crate) dead_letters: u64,
    pub(crate) dead_letters_by_topic: Family<u64>,
    pub(crate) bytes_sent: u64,
    /// As `topic_buffer_full`, over the whole life.
    pub(crate) buffer_full: Family<u64>,
    pub(crate) commits_completed: u64,
    pub(crate) consumer: Consumer,
    pub(crate) rebalances: Rebalances,
    pub(crate) moves: Moves,
    pub(crate) rates: Rates,
    pub(crate) group_status: Debounce,
    pub(crate) worker: Box<str>,
    /// When the monitor was made, by its clock.
    pub(crate) since: f64,
    /// Snapshots taken so far.
    pub(crate) sequence: u64,
    /// When idle series were looked for last.
    pub(crate) swept_at: f64,
}

impl Beyond {
    pub(crate) fn new(limits: &Limits) -> Self {
        let labels = limits.max_labels;
        Self {
            in_flight: InFlight::new(),
            busy: Busy::default(),
            latencies: Latencies::default(),
            errors: Family::new(labels),
            errors_by_topic: Family::new(labels),
            errors_total: 0,
            retries: 0,
            retries_by_topic: Family::new(labels),
            dead_letters: 0,
            dead_letters_by_topic: Family::new(labels),
            bytes_sent: 0,
            buffer_full: Family::new(labels),
            commits_completed: 0,
            consumer: Consumer::default(),
            rebalances: Rebalances {
                count: 0,
                in_progress: 0,
                times: Ring::new(limits.storm_rebalances.max(REBALANCES_KEPT) as usize),
                ended_at: None,
            },
            moves: Moves::default(),
            rates: Rates::default(),
            group_status: Debounce::default(),
            worker: Box::default(),
            since: 0.0,
            sequence: 0,
            swept_at: 0.0,
        }
    }
}

/// Why a partition was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// The group gave it to another, after this worker let it go.
    Revoked,
    /// It went without a word: the session had expired.
    Lost,
}

impl Figures {
    /// A partition was assigned to this worker.
    pub fn partition_assigned(&mut self, index: PartitionIndex, now: f64) {
        self.beyond.moves.are_told = true;
        if let Some(partition) = self.partitions.at(index) {
            self.beyond.moves.assigned += u64::from(partition.holding.assigned(now));
        }
    }

    /// A partition was taken from this worker. Its offsets, lag and health are unknown from now on;
    /// what `asdict()` shows goes with the next rebalance, as in Faust.
    pub fn partition_taken(&mut self, index: PartitionIndex, how: Taken, now: f64) {
        if let Some(partition) = self.partitions.at(index)
            && partition.holding.taken(now)
        {
            match how {
                Taken::Revoked => self.beyond.moves.revoked += 1,
                Taken::Lost => self.beyond.moves.lost += 1,
            }
        }
    }

    /// Something went wrong. `kind` is of [`ErrorKinds`](crate::LabelFamily::ErrorKinds), `topic` of
    /// [`ErrorTopics`](crate::LabelFamily::ErrorTopics) where it is known.
    pub fn error(&mut self, stage: Stage, kind: LabelSlot, topic: Option<LabelSlot>) {
        self.beyond.errors_total += 1;
        if let Some(counts) = self.beyond.errors.at(kind) {
            counts.count(stage);
        }
        if let Some(topic) = topic {
            self.beyond.errors_by_topic.count(topic);
        }
    }

    /// The same, of a kind of our own: there are few, so none over the cap is an anomaly.
    pub(crate) fn error_of(&mut self, stage: Stage, kind: &str) {
        let kind = self.beyond.errors.slot(kind);
        self.error(stage, kind.unwrap_or(LabelSlot::OTHER), None);
    }

    /// A message is tried again. `topic` is of [`RetryTopics`](crate::LabelFamily::RetryTopics).
    pub fn retry(&mut self, topic: Option<LabelSlot>) {
        self.beyond.retries += 1;
        if let Some(topic) = topic {
            self.beyond.retries_by_topic.count(topic);
        }
    }

    /// A message was given up. `topic` is of [`DeadLetterTopics`](crate::LabelFamily::DeadLetterTopics).
    pub fn dead_letter(&mut self, topic: Option<LabelSlot>) {
        self.beyond.dead_letters += 1;
        if let Some(topic) = topic {
            self.beyond.dead_letters_by_topic.count(topic);
        }
    }

    /// The group's coordinator was told that the worker lives.
    pub fn heartbeat(&mut self, now: f64) {
        self.beyond.consumer.heartbeats += 1;
        self.beyond.consumer.heartbeat_at = Some(now);
    }

    /// A partition was paused, or resumed. One that was so already does not count.
    pub fn partition_paused(&mut self, index: PartitionIndex, paused: bool) {
        if let Some(partition) = self.partitions.at(index)
            && partition.holding.set_paused(paused)
        {
            match paused {
                true => self.beyond.consumer.pauses += 1,
                false => self.beyond.consumer.resumes += 1,
            }
        }
    }

    /// The consumer asked for records and got so many, of so many bytes where that is known.
    pub fn polled(&mut self, records: u64, bytes: Option<u64>) {
        let consumer = &mut self.beyond.consumer;
        consumer.polls += 1;
        consumer.empty_polls += u64::from(records == 0);
        consumer.polled_records = consumer.polled_records.saturating_add(records);
        consumer.bytes_received = consumer.bytes_received.saturating_add(bytes.unwrap_or(0));
    }

    /// The next record to be read of a partition is at `offset`, whatever was read before. Of one that was
    /// taken it is believed as a record is.
    pub fn position_told(&mut self, index: PartitionIndex, offset: u64, now: f64) {
        let is_believed = !self.beyond.moves.are_told;
        if let Some(partition) = self.partitions.at(index) {
            if is_believed {
                partition.holding.comes_back();
            }
            partition.holding.moved(offset, now);
        }
    }

    /// A record of a partition that was taken: it comes back where nobody tells of assignments.
    #[cold]
    pub(crate) fn read_though_taken(
        &mut self,
        index: PartitionIndex,
        offset: u64,
        record_time: f64,
        now: f64,
    ) {
        if self.beyond.moves.are_told {
            return;
        }
        if let Some(partition) = self.partitions.at(index) {
            partition.holding.comes_back();
            partition.holding.read(offset, record_time, now);
        }
    }
}
