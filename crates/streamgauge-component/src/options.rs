//! The interface's options as the core's.

use streamgauge::{AsDict, Options, TableCounts};

use crate::errors::unreadable;
use crate::interfaces::types::{self, Error};

macro_rules! options {
    (set: $($set:ident)+; all: $($all:ident)+;) => {
        impl From<types::Options> for Options {
            fn from(given: types::Options) -> Self {
                let mut options = Self::default();
                $(if let Some(value) = given.$set {
                    options.$set = value;
                })+
                $(options.$all = given.$all.into_iter().collect();)+
                let counts = |(table, counts): (_, types::TableCounts)| (table, counts.into());
                options.tables = given.tables.into_iter().map(counts).collect();
                options
            }
        }
    };
}

options! {
    set:
        max_avg_history max_commit_latency_history max_send_latency_history
        max_assignment_latency_history max_labels max_partitions epoch health_commits allowed_lag
        health_hold stuck_after storm_rebalances storm_window label_idle partition_idle worker
        messages_active messages_received_total messages_sent messages_s events_active events_total
        events_s events_runtime_avg rebalances rebalance_return_avg rebalance_end_avg
        http_response_latency_avg;
    all:
        messages_received_by_topic events_by_stream events_by_task events_runtime commit_latency
        send_latency assignment_latency topic_buffer_full rebalance_return_latency
        rebalance_end_latency http_response_codes http_response_latency;
}

impl From<types::TableCounts> for TableCounts {
    fn from(counts: types::TableCounts) -> Self {
        Self {
            keys_retrieved: counts.keys_retrieved,
            keys_updated: counts.keys_updated,
            keys_deleted: counts.keys_deleted,
        }
    }
}

/// Options as a JSON object.
pub(crate) fn options_of(json: &str) -> Result<Options, Error> {
    check_object(json)?;
    serde_json::from_str(json).map_err(unreadable)
}

/// What `asdict()` gave, as a JSON object.
pub(crate) fn dict_of(json: &str) -> Result<AsDict, Error> {
    check_object(json)?;
    serde_json::from_str(json).map_err(unreadable)
}

/// serde would also take an array, as the fields in their order.
fn check_object(json: &str) -> Result<(), Error> {
    match json.trim_start().chars().next() {
        Some('{') => Ok(()),
        _ => Err(unreadable("a JSON object was expected")),
    }
}
