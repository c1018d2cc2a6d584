//! `asdict()`: Faust's dictionary, key by key.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::error::Error;
use crate::figures::{Figures, LabelFamily, add};
use crate::options::{Options, counts, names};
use crate::partitions::OffsetKind;
use crate::tables::TableCounts;

/// Offsets by topic and partition.
pub type Offsets = BTreeMap<String, BTreeMap<u32, u64>>;

/// Exactly the keys of Faust's `Monitor.asdict()`, in its order. Times are seconds.
///
/// With the `serde` feature its JSON is what Faust's `/stats/` shows, partitions and statuses as
/// text. [`Figures::restore`] makes figures of one.
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[allow(
    missing_docs,
    reason = "each is described in the table of figures, `FIGURES`"
)]
pub struct AsDict {
    pub messages_active: u64,
    pub messages_received_total: u64,
    pub messages_sent: u64,
    pub messages_sent_by_topic: BTreeMap<String, u64>,
    pub messages_s: u64,
    pub messages_received_by_topic: BTreeMap<String, u64>,
    pub events_active: u64,
    pub events_total: u64,
    pub events_s: u64,
    pub events_runtime_avg: f64,
    pub events_by_task: BTreeMap<String, u64>,
    pub events_by_stream: BTreeMap<String, u64>,
    pub commit_latency: Vec<f64>,
    pub send_latency: Vec<f64>,
    pub send_errors: u64,
    pub assignment_latency: Vec<f64>,
    pub assignments_completed: u64,
    pub assignments_failed: u64,
    pub topic_buffer_full: BTreeMap<String, u64>,
    pub tables: BTreeMap<String, TableCounts>,
    pub metric_counts: BTreeMap<String, i64>,
    #[cfg_attr(feature = "serde", serde(with = "crate::numeric_keys::nested"))]
    pub topic_committed_offsets: Offsets,
    #[cfg_attr(feature = "serde", serde(with = "crate::numeric_keys::nested"))]
    pub topic_read_offsets: Offsets,
    #[cfg_attr(feature = "serde", serde(with = "crate::numeric_keys::nested"))]
    pub topic_end_offsets: Offsets,
    pub rebalances: u64,
    pub rebalance_return_latency: Vec<f64>,
    pub rebalance_end_latency: Vec<f64>,
    pub rebalance_return_avg: f64,
    pub rebalance_end_avg: f64,
    #[cfg_attr(feature = "serde", serde(with = "crate::numeric_keys::flat"))]
    pub http_response_codes: BTreeMap<u16, u64>,
    pub http_response_latency: Vec<f64>,
    pub http_response_latency_avg: f64,
}

impl Figures {
    /// Faust's dictionary, as a copy. Costs a pass over everything in it.
    pub fn asdict(&self) -> AsDict {
        AsDict {
            messages_active: self.messages_active,
            messages_received_total: self.messages_received_total,
            messages_sent: self.messages_sent,
            messages_sent_by_topic: copied(self.messages_sent_by_topic.iter()),
            messages_s: self.messages_s,
            messages_received_by_topic: copied(self.messages_received_by_topic.iter()),
            events_active: self.events_active,
            events_total: self.events_total,
            events_s: self.events_s,
            events_runtime_avg: self.events_runtime_avg,
            events_by_task: copied(self.events_by_task.iter()),
            events_by_stream: copied(self.events_by_stream.iter()),
            commit_latency: self.commit_latency.iter().collect(),
            send_latency: self.send_latency.iter().collect(),
            send_errors: self.send_errors,
            assignment_latency: self.assignment_latency.iter().collect(),
            assignments_completed: self.assignments_completed,
            assignments_failed: self.assignments_failed,
            topic_buffer_full: copied(self.topic_buffer_full.iter()),
            tables: copied(self.tables.iter()),
            metric_counts: copied(self.metric_counts.iter()),
            topic_committed_offsets: self.offsets_by_topic(OffsetKind::Committed),
            topic_read_offsets: self.offsets_by_topic(OffsetKind::Read),
            topic_end_offsets: self.offsets_by_topic(OffsetKind::End),
            rebalances: self.rebalances,
            rebalance_return_latency: self.rebalance_return_latency.iter().collect(),
            rebalance_end_latency: self.rebalance_end_latency.iter().collect(),
            rebalance_return_avg: self.rebalance_return_avg,
            rebalance_end_avg: self.rebalance_end_avg,
            http_response_codes: self.http_response_codes.iter().collect(),
            http_response_latency: self.http_response_latency.iter().collect(),
            http_response_latency_avg: self.http_response_latency_avg,
        }
    }

    fn offsets_by_topic(&self, kind: OffsetKind) -> Offsets {
        let mut by_topic = Offsets::new();
        for (topic, partition, offset) in self.offsets(kind) {
            match by_topic.get_mut(topic) {
                Some(offsets) => offsets.insert(partition, offset),
                None => by_topic
                    .entry(topic.into())
                    .or_default()
                    .insert(partition, offset),
            };
        }
        by_topic
    }

    /// Figures that start from what [`asdict`](Self::asdict) gave. Of `options` only the settings,
    /// the worker's name and `events_runtime` count, which the dictionary does not have.
    ///
    /// # Errors
    /// What [`Options::check`] refuses, in the dictionary or in the options.
    pub fn restore(dict: &AsDict, options: &Options) -> Result<Self, Error> {
        let options = Options {
            max_avg_history: options.max_avg_history,
            max_commit_latency_history: options.max_commit_latency_history,
            max_send_latency_history: options.max_send_latency_history,
            max_assignment_latency_history: options.max_assignment_latency_history,
            max_labels: options.max_labels,
            max_partitions: options.max_partitions,
            epoch: options.epoch,
            health_commits: options.health_commits,
            allowed_lag: options.allowed_lag,
            health_hold: options.health_hold,
            stuck_after: options.stuck_after,
            storm_rebalances: options.storm_rebalances,
            storm_window: options.storm_window,
            label_idle: options.label_idle,
            partition_idle: options.partition_idle,
            worker: options.worker.clone(),
            messages_active: dict.messages_active,
            messages_received_total: dict.messages_received_total,
            messages_received_by_topic: dict.messages_received_by_topic.clone(),
            messages_sent: dict.messages_sent,
            messages_s: dict.messages_s,
            events_active: dict.events_active,
            events_total: dict.events_total,
            events_s: dict.events_s,
            events_by_stream: dict.events_by_stream.clone(),
            events_by_task: dict.events_by_task.clone(),
            events_runtime: options.events_runtime.clone(),
            events_runtime_avg: dict.events_runtime_avg,
            commit_latency: dict.commit_latency.clone(),
            send_latency: dict.send_latency.clone(),
            assignment_latency: dict.assignment_latency.clone(),
            topic_buffer_full: dict.topic_buffer_full.clone(),
            tables: dict.tables.clone(),
            rebalances: dict.rebalances,
            rebalance_return_latency: dict.rebalance_return_latency.clone(),
            rebalance_end_latency: dict.rebalance_end_latency.clone(),
            rebalance_return_avg: dict.rebalance_return_avg,
            rebalance_end_avg: dict.rebalance_end_avg,
            http_response_codes: dict.http_response_codes.clone(),
            http_response_latency: dict.http_response_latency.clone(),
            http_response_latency_avg: dict.http_response_latency_avg,
        };
        names("messages_sent_by_topic", &dict.messages_sent_by_topic)?;
        names("metric_counts", &dict.metric_counts)?;
        names("topic_committed_offsets", &dict.topic_committed_offsets)?;
        names("topic_read_offsets", &dict.topic_read_offsets)?;
        names("topic_end_offsets", &dict.topic_end_offsets)?;
        counts(
            "messages_sent_by_topic",
            dict.messages_sent_by_topic.values(),
        )?;
        counts("send_errors", [&dict.send_errors])?;
        counts("assignments_completed", [&dict.assignments_completed])?;
        counts("assignments_failed", [&dict.assignments_failed])?;
        let mut figures = Self::new(&options)?;
        figures.restore_rest(dict);
        Ok(figures)
    }

    /// What Faust's constructor has no argument for.
    fn restore_rest(&mut self, dict: &AsDict) {
        self.send_errors = dict.send_errors;
        self.assignments_completed = dict.assignments_completed;
        self.assignments_failed = dict.assignments_failed;
        for (topic, count) in &dict.messages_sent_by_topic {
            let slot = self.label_slot(LabelFamily::SentTopics, topic);
            add(&mut self.messages_sent_by_topic, slot, *count);
        }
        for (metric, count) in &dict.metric_counts {
            if let Some(slot) = self.label_slot(LabelFamily::Metrics, metric) {
                self.count(slot, *count);
            }
        }
        for (kind, by_topic) in [
            (OffsetKind::Committed, &dict.topic_committed_offsets),
            (OffsetKind::Read, &dict.topic_read_offsets),
            (OffsetKind::End, &dict.topic_end_offsets),
        ] {
            for (topic, offsets) in by_topic {
                for (partition, offset) in offsets {
                    if let Some(index) = self.partition_index(topic, *partition)
                        && let Some(partition) = self.partitions.at(index)
                    {
                        partition.set_offset(kind, *offset);
                    }
                }
            }
        }
    }
}

fn copied<'a, T: Clone + 'a>(
    family: impl Iterator<Item = (&'a str, &'a T)>,
) -> BTreeMap<String, T> {
    family
        .map(|(label, value)| (label.into(), value.clone()))
        .collect()
}
