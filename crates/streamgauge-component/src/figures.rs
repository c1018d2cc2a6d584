//! What is read of a monitor, in the interface's types.

use streamgauge::{AsDict, HealthChange, Offsets};

use crate::hooks::Monitor;
use crate::interfaces::types::{
    self, Figures, HealthStatus, PartitionOffset, TableCounts, TopicPartition,
};

macro_rules! figures {
    (same: $($same:ident)+; families: $($family:ident)+; offsets: $($offsets:ident)+;) => {
        impl From<AsDict> for Figures {
            fn from(dict: AsDict) -> Self {
                Self {
                    $($same: dict.$same,)+
                    $($family: dict.$family.into_iter().collect(),)+
                    $($offsets: offsets(dict.$offsets),)+
                    tables: dict.tables.into_iter().map(table).collect(),
                }
            }
        }
    };
}

figures! {
    same:
        messages_active messages_received_total messages_sent messages_s events_active events_total
        events_s events_runtime_avg commit_latency send_latency send_errors assignment_latency
        assignments_completed assignments_failed rebalances rebalance_return_latency
        rebalance_end_latency rebalance_return_avg rebalance_end_avg http_response_latency
        http_response_latency_avg;
    families:
        messages_sent_by_topic messages_received_by_topic events_by_task events_by_stream
        topic_buffer_full metric_counts http_response_codes;
    offsets:
        topic_committed_offsets topic_read_offsets topic_end_offsets;
}

fn offsets(by_topic: Offsets) -> Vec<PartitionOffset> {
    let mut all = Vec::with_capacity(by_topic.values().map(|offsets| offsets.len()).sum());
    for (topic, offsets) in by_topic {
        all.extend(
            offsets
                .into_iter()
                .map(|(partition, offset)| PartitionOffset {
                    topic: topic.clone(),
                    partition,
                    offset,
                }),
        );
    }
    all
}

fn table((table, counts): (String, streamgauge::TableCounts)) -> (String, TableCounts) {
    let counts = TableCounts {
        keys_retrieved: counts.keys_retrieved,
        keys_updated: counts.keys_updated,
        keys_deleted: counts.keys_deleted,
    };
    (table, counts)
}

/// Faust's dictionary as JSON text.
pub(crate) fn asdict_json(monitor: &Monitor) -> String {
    // Keys are texts and numbers finite: there is nothing to fail.
    serde_json::to_string(&monitor.asdict()).unwrap_or_default()
}

pub(crate) fn anomalies(monitor: &Monitor) -> Vec<(String, u64)> {
    let anomalies = monitor.anomalies().iter();
    anomalies
        .map(|(kind, count)| (kind.name().into(), count))
        .collect()
}

pub(crate) fn inbound_times(monitor: &Monitor) -> Vec<(TopicPartition, f64)> {
    let times = monitor.stream_inbound_time();
    times
        .map(|(topic, partition, time)| (topic_partition((topic, partition)), time))
        .collect()
}

fn topic_partition((topic, partition): (&str, u32)) -> TopicPartition {
    TopicPartition {
        topic: topic.into(),
        partition,
    }
}

impl From<HealthChange<'_>> for types::HealthChange {
    fn from(change: HealthChange<'_>) -> Self {
        Self {
            partition: change.partition.map(topic_partition),
            before: change.before.into(),
            after: change.after.into(),
            reason: change.reason.to_string(),
        }
    }
}

impl From<streamgauge::Status> for HealthStatus {
    fn from(status: streamgauge::Status) -> Self {
        match status {
            streamgauge::Status::Ok => Self::Ok,
            streamgauge::Status::Warn => Self::Warn,
            streamgauge::Status::Stop => Self::Stop,
            streamgauge::Status::Stall => Self::Stall,
            streamgauge::Status::Rewind => Self::Rewind,
        }
    }
}
