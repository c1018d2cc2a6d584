//! Reading the figures: Faust's attributes under their own names.

use crate::anomaly::Anomalies;
use crate::counters::Family;
use crate::figures::Figures;
use crate::http::ResponseCodes;
use crate::partitions::{OffsetKind, Partitions};
use crate::ring::Ring;
use crate::tables::{TableCounts, TableState};

macro_rules! attributes {
    ($($(#[$doc:meta])* $name:ident: $type:ty = $read:expr;)+) => {
        impl Figures {
            $($(#[$doc])* pub fn $name(&self) -> $type {
                let read: fn(&Figures) -> $type = $read;
                read(self)
            })+
        }
    };
}

attributes! {
    /// Messages in flight.
    messages_active: u64 = |f| f.messages_active;
    /// Messages that came in.
    messages_received_total: u64 = |f| f.messages_received_total;
    /// Messages handed to the producer.
    messages_sent: u64 = |f| f.messages_sent;
    /// Growth of `messages_received_total` between the last two samples.
    messages_s: u64 = |f| f.messages_s;
    /// Events being processed now.
    events_active: u64 = |f| f.events_active;
    /// Events that came into a stream.
    events_total: u64 = |f| f.events_total;
    /// Growth of `events_total` between the last two samples.
    events_s: u64 = |f| f.events_s;
    /// Median of `events_runtime` at the last sample, in seconds.
    events_runtime_avg: f64 = |f| f.events_runtime_avg;
    /// Sends that failed.
    send_errors: u64 = |f| f.send_errors;
    /// Assignments that completed.
    assignments_completed: u64 = |f| f.assignments_completed;
    /// Assignments that failed.
    assignments_failed: u64 = |f| f.assignments_failed;
    /// The app's count of rebalances.
    rebalances: u64 = |f| f.rebalances;
    /// Median of `rebalance_return_latency` at the last sample, in seconds.
    rebalance_return_avg: f64 = |f| f.rebalance_return_avg;
    /// Median of `rebalance_end_latency` at the last sample, in seconds.
    rebalance_end_avg: f64 = |f| f.rebalance_end_avg;
    /// Median of `http_response_latency` at the last sample, in seconds.
    http_response_latency_avg: f64 = |f| f.http_response_latency_avg;
    /// Length of the deques that have an average.
    max_avg_history: u32 = |f| f.limits.max_avg_history;
    /// Length of `commit_latency`.
    max_commit_latency_history: u32 = |f| f.limits.max_commit_latency_history;
    /// Length of `send_latency`.
    max_send_latency_history: u32 = |f| f.limits.max_send_latency_history;
    /// Length of `assignment_latency`.
    max_assignment_latency_history: u32 = |f| f.limits.max_assignment_latency_history;
    /// Labels that each counter family keeps.
    max_labels: u32 = |f| f.limits.max_labels;
    /// Topic-partitions whose offsets are kept.
    max_partitions: u32 = |f| f.limits.max_partitions;
    /// The Unix time, in seconds, at which the clock reads 0.
    epoch: f64 = |f| f.limits.epoch;
}

impl Figures {
    /// Messages that came in, by topic.
    pub fn messages_received_by_topic(&self) -> &Family<u64> {
        &self.messages_received_by_topic
    }

    /// Messages handed to the producer, by topic.
    pub fn messages_sent_by_topic(&self) -> &Family<u64> {
        &self.messages_sent_by_topic
    }

    /// Events by stream.
    pub fn events_by_stream(&self) -> &Family<u64> {
        &self.events_by_stream
    }

    /// Events by task.
    pub fn events_by_task(&self) -> &Family<u64> {
        &self.events_by_task
    }

    /// How often a topic's buffer was full since the last rebalance.
    pub fn topic_buffer_full(&self) -> &Family<u64> {
        &self.topic_buffer_full
    }

    /// What the program counted itself.
    pub fn metric_counts(&self) -> &Family<i64> {
        &self.metric_counts
    }

    /// The tables' counts, by table.
    pub fn table_counts(&self) -> &Family<TableCounts> {
        &self.tables
    }

    /// The tables that were used.
    pub fn tables(&self) -> impl Iterator<Item = TableState<'_>> {
        self.tables
            .iter()
            .map(|(table, counts)| TableState::new(table, *counts))
    }

    /// How long the newest events took, in seconds.
    pub fn events_runtime(&self) -> &Ring {
        &self.events_runtime
    }

    /// How long the newest commits took, in seconds.
    pub fn commit_latency(&self) -> &Ring {
        &self.commit_latency
    }

    /// How long the newest sends took, in seconds.
    pub fn send_latency(&self) -> &Ring {
        &self.send_latency
    }

    /// How long the newest assignments took, in seconds.
    pub fn assignment_latency(&self) -> &Ring {
        &self.assignment_latency
    }

    /// Seconds from the start of the newest rebalances to the return.
    pub fn rebalance_return_latency(&self) -> &Ring {
        &self.rebalance_return_latency
    }

    /// Seconds from the start of the newest rebalances to the end.
    pub fn rebalance_end_latency(&self) -> &Ring {
        &self.rebalance_end_latency
    }

    /// How long the newest web requests took, in seconds.
    pub fn http_response_latency(&self) -> &Ring {
        &self.http_response_latency
    }

    /// Web requests by status.
    pub fn http_response_codes(&self) -> &ResponseCodes {
        &self.http_response_codes
    }

    /// Every offset of one kind, as topic, partition, offset.
    pub fn offsets(&self, kind: OffsetKind) -> impl Iterator<Item = (&str, u32, u64)> {
        self.partitions.offsets(kind).filter_map(|(index, offset)| {
            let (topic, partition) = self.partitions.topic_and_partition(index)?;
            Some((self.partitions.topic(topic), partition, offset))
        })
    }

    /// Committed offsets, as topic, partition, offset.
    pub fn tp_committed_offsets(&self) -> impl Iterator<Item = (&str, u32, u64)> {
        self.offsets(OffsetKind::Committed)
    }

    /// Read offsets, as topic, partition, offset.
    pub fn tp_read_offsets(&self) -> impl Iterator<Item = (&str, u32, u64)> {
        self.offsets(OffsetKind::Read)
    }

    /// End offsets, as topic, partition, offset.
    pub fn tp_end_offsets(&self) -> impl Iterator<Item = (&str, u32, u64)> {
        self.offsets(OffsetKind::End)
    }

    /// When the last event of each topic-partition came in, as topic, partition, seconds.
    pub fn stream_inbound_time(&self) -> impl Iterator<Item = (&str, u32, f64)> {
        self.partitions.inbound_times().filter_map(|(index, time)| {
            let (topic, partition) = self.partitions.topic_and_partition(index)?;
            Some((self.partitions.topic(topic), partition, time))
        })
    }

    /// The topic-partitions known, with or without offsets.
    pub fn partitions(&self) -> &Partitions {
        &self.partitions
    }

    /// What should not have happened, by kind.
    pub fn anomalies(&self) -> &Anomalies {
        &self.anomalies
    }
}
