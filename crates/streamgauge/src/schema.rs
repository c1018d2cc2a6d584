//! The one table of every figure. `asdict()`'s keys, the TypeScript types and the reference page
//! are made from it, or held against it by a test.

use crate::counters::Family;
use crate::figures::Figures;
use crate::http::ResponseCodes;
use crate::partitions::OffsetKind;
use crate::ring::Ring;
use crate::start::Place;
use crate::tables::TableCounts;

/// A figure: what it is called, what it is, and how it is read.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    /// Faust's attribute.
    pub name: &'static str,
    /// Its key in `asdict()`, where it is in there.
    pub asdict: Option<&'static str>,
    /// Whether the constructor takes a starting value.
    pub option: bool,
    /// Its form.
    pub shape: Shape,
    /// How it moves.
    pub kind: Kind,
    /// Its unit, in UCUM's spelling as OpenTelemetry uses it.
    pub unit: &'static str,
    /// What it is split by, outermost first.
    pub labels: &'static [&'static str],
    /// What it says, in a sentence.
    pub help: &'static str,
    /// Reads it.
    pub read: fn(&Figures) -> Value<'_>,
    pub(crate) place: fn(&mut Figures) -> Place<'_>,
}

/// How a figure moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It only grows.
    Counter,
    /// It goes up and down.
    Gauge,
    /// Single measurements, the newest of them.
    Measurements,
    /// It was set when the monitor was made.
    Setting,
}

/// The form of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A whole number.
    Whole,
    /// A number of seconds.
    Seconds,
    /// Seconds, oldest first.
    SecondsList,
    /// Label to whole number.
    WholeByLabel,
    /// Label to whole number, which may be negative.
    SignedByLabel,
    /// Table to its three counts.
    Tables,
    /// HTTP status to whole number.
    WholeByStatus,
    /// Topic to partition to offset.
    OffsetByPartition,
    /// Topic to partition to seconds.
    SecondsByPartition,
}

/// A figure's value at this moment.
#[derive(Debug, Clone, Copy)]
#[allow(
    missing_docs,
    reason = "each is the value of the `Shape` of the same name"
)]
pub enum Value<'a> {
    Whole(u64),
    Seconds(f64),
    SecondsList(&'a Ring),
    WholeByLabel(&'a Family<u64>),
    SignedByLabel(&'a Family<i64>),
    Tables(&'a Family<TableCounts>),
    WholeByStatus(&'a ResponseCodes),
    OffsetByPartition(OffsetKind),
    SecondsByPartition,
}

impl Value<'_> {
    /// Its form.
    pub fn shape(&self) -> Shape {
        match self {
            Value::Whole(_) => Shape::Whole,
            Value::Seconds(_) => Shape::Seconds,
            Value::SecondsList(_) => Shape::SecondsList,
            Value::WholeByLabel(_) => Shape::WholeByLabel,
            Value::SignedByLabel(_) => Shape::SignedByLabel,
            Value::Tables(_) => Shape::Tables,
            Value::WholeByStatus(_) => Shape::WholeByStatus,
            Value::OffsetByPartition(_) => Shape::OffsetByPartition,
            Value::SecondsByPartition => Shape::SecondsByPartition,
        }
    }
}

macro_rules! figures {
    ($(
        $name:ident $(as $asdict:literal)? $(; $option:ident)?:
        $shape:ident, $kind:ident, $unit:literal, $labels:expr, {$($access:ident)+}, $help:literal;
    )+) => {
        &[$(Figure {
            name: stringify!($name),
            asdict: figures!(@asdict $($asdict)?),
            option: figures!(@option $($option)?),
            shape: Shape::$shape,
            kind: Kind::$kind,
            unit: $unit,
            labels: &$labels,
            help: $help,
            read: figures!(@read $name $($access)+),
            place: figures!(@place $name $($access)+),
        },)+]
    };
    (@asdict) => { None };
    (@asdict $key:literal) => { Some($key) };
    (@option) => { false };
    (@option option) => { true };
    (@read $name:ident Whole) => { |f| Value::Whole(f.$name) };
    (@read $name:ident Seconds) => { |f| Value::Seconds(f.$name) };
    (@read $name:ident Limit) => { |f| Value::Whole(f.limits.$name.into()) };
    (@read $name:ident LimitSeconds) => { |f| Value::Seconds(f.limits.$name) };
    (@read $name:ident Offsets $kind:ident) => { |_| Value::OffsetByPartition(OffsetKind::$kind) };
    (@read $name:ident Times) => { |_| Value::SecondsByPartition };
    (@read $name:ident $shape:ident) => { |f| Value::$shape(&f.$name) };
    (@place $name:ident Limit) => { |_| Place::None };
    (@place $name:ident LimitSeconds) => { |_| Place::None };
    (@place $name:ident Times) => { |_| Place::None };
    (@place $name:ident Offsets $kind:ident) => { |f| Place::OffsetByPartition(OffsetKind::$kind, &mut f.partitions) };
    (@place $name:ident $shape:ident) => { |f| Place::$shape(&mut f.$name) };
}

/// Every figure: those of `asdict()` in its order, then the attributes that it leaves out.
#[rustfmt::skip] // A row a figure: a table is read by its columns.
pub static FIGURES: &[Figure] = figures! {
    messages_active as "messages_active"; option: Whole, Gauge, "{message}", [], {Whole},
        "Messages in flight: came in and did not go out yet.";
    messages_received_total as "messages_received_total"; option: Whole, Counter, "{message}", [], {Whole},
        "Messages that came in.";
    messages_sent as "messages_sent"; option: Whole, Counter, "{message}", [], {Whole},
        "Messages handed to the producer.";
    messages_sent_by_topic as "messages_sent_by_topic": WholeByLabel, Counter, "{message}", ["topic"], {WholeByLabel},
        "Messages handed to the producer, by topic.";
    messages_s as "messages_s"; option: Whole, Gauge, "{message}", [], {Whole},
        "Growth of messages_received_total between the last two samples, whatever time passed.";
    messages_received_by_topic as "messages_received_by_topic"; option: WholeByLabel, Counter, "{message}", ["topic"], {WholeByLabel},
        "Messages that came in, by topic.";
    events_active as "events_active"; option: Whole, Gauge, "{event}", [], {Whole},
        "Events being processed now.";
    events_total as "events_total"; option: Whole, Counter, "{event}", [], {Whole},
        "Events that came into a stream.";
    events_s as "events_s"; option: Whole, Gauge, "{event}", [], {Whole},
        "Growth of events_total between the last two samples, whatever time passed.";
    events_runtime_avg as "events_runtime_avg"; option: Seconds, Gauge, "s", [], {Seconds},
        "Median of events_runtime at the last sample.";
    events_by_task as "events_by_task"; option: WholeByLabel, Counter, "{event}", ["task"], {WholeByLabel},
        "Events that came in, by task; those of a stream without a task are in none.";
    events_by_stream as "events_by_stream"; option: WholeByLabel, Counter, "{event}", ["stream"], {WholeByLabel},
        "Events that came in, by stream.";
    commit_latency as "commit_latency"; option: SecondsList, Measurements, "s", [], {SecondsList},
        "How long the newest commits took, oldest first.";
    send_latency as "send_latency"; option: SecondsList, Measurements, "s", [], {SecondsList},
        "How long the newest acknowledged sends took, oldest first.";
    send_errors as "send_errors": Whole, Counter, "{message}", [], {Whole},
        "Sends that failed.";
    assignment_latency as "assignment_latency"; option: SecondsList, Measurements, "s", [], {SecondsList},
        "How long the newest partition assignments took, failed ones too, oldest first.";
    assignments_completed as "assignments_completed": Whole, Counter, "{assignment}", [], {Whole},
        "Partition assignments that completed.";
    assignments_failed as "assignments_failed": Whole, Counter, "{assignment}", [], {Whole},
        "Partition assignments that failed.";
    topic_buffer_full as "topic_buffer_full"; option: WholeByLabel, Counter, "{occurrence}", ["topic"], {WholeByLabel},
        "How often a topic's buffer was full since the last rebalance.";
    tables as "tables"; option: Tables, Counter, "{call}", ["table"], {Tables},
        "Keys retrieved, updated and deleted, by table.";
    metric_counts as "metric_counts": SignedByLabel, Gauge, "1", ["name"], {SignedByLabel},
        "What the program counted itself, by name.";
    tp_committed_offsets as "topic_committed_offsets": OffsetByPartition, Gauge, "{offset}", ["topic", "partition"], {Offsets Committed},
        "Offset committed last (in Kafka the next to be read), since the last rebalance.";
    tp_read_offsets as "topic_read_offsets": OffsetByPartition, Gauge, "{offset}", ["topic", "partition"], {Offsets Read},
        "Offset of the last message that came in, since the last rebalance.";
    tp_end_offsets as "topic_end_offsets": OffsetByPartition, Gauge, "{offset}", ["topic", "partition"], {Offsets End},
        "End offset, the high watermark (in Kafka the next to be written), since the last rebalance.";
    rebalances as "rebalances"; option: Whole, Counter, "{rebalance}", [], {Whole},
        "The app's count of rebalances.";
    rebalance_return_latency as "rebalance_return_latency"; option: SecondsList, Measurements, "s", [], {SecondsList},
        "Seconds from the start of the newest rebalances until the consumer returned, oldest first.";
    rebalance_end_latency as "rebalance_end_latency"; option: SecondsList, Measurements, "s", [], {SecondsList},
        "Seconds from the start of the newest rebalances until their end, oldest first.";
    rebalance_return_avg as "rebalance_return_avg"; option: Seconds, Gauge, "s", [], {Seconds},
        "Median of rebalance_return_latency at the last sample.";
    rebalance_end_avg as "rebalance_end_avg"; option: Seconds, Gauge, "s", [], {Seconds},
        "Median of rebalance_end_latency at the last sample.";
    http_response_codes as "http_response_codes"; option: WholeByStatus, Counter, "{request}", ["status"], {WholeByStatus},
        "Web requests answered, by HTTP status; 500 where there was no response.";
    http_response_latency as "http_response_latency"; option: SecondsList, Measurements, "s", [], {SecondsList},
        "How long the newest web requests took, oldest first.";
    http_response_latency_avg as "http_response_latency_avg"; option: Seconds, Gauge, "s", [], {Seconds},
        "Median of http_response_latency at the last sample.";
    events_runtime; option: SecondsList, Measurements, "s", [], {SecondsList},
        "How long the newest events took, oldest first.";
    stream_inbound_time: SecondsByPartition, Gauge, "s", ["topic", "partition"], {Times},
        "The clock's reading when the last event came in, since the last rebalance.";
    max_avg_history; option: Whole, Setting, "1", [], {Limit},
        "Length of events_runtime, rebalance_return_latency, rebalance_end_latency and http_response_latency.";
    max_commit_latency_history; option: Whole, Setting, "1", [], {Limit},
        "Length of commit_latency.";
    max_send_latency_history; option: Whole, Setting, "1", [], {Limit},
        "Length of send_latency.";
    max_assignment_latency_history; option: Whole, Setting, "1", [], {Limit},
        "Length of assignment_latency.";
    max_labels; option: Whole, Setting, "1", [], {Limit},
        "Labels that each counter family keeps; the rest counts under (other).";
    max_partitions; option: Whole, Setting, "1", [], {Limit},
        "Topic-partitions whose offsets are kept.";
    epoch; option: Seconds, Setting, "s", [], {LimitSeconds},
        "The Unix time at which the clock reads 0.";
    health_commits; option: Whole, Setting, "1", [], {Limit},
        "Commits that a partition's health is judged by.";
    allowed_lag; option: Whole, Setting, "{message}", [], {Limit},
        "The lag that a healthy partition may have.";
    health_hold; option: Seconds, Setting, "s", [], {LimitSeconds},
        "How long a health status must hold before its change is told.";
    stuck_after; option: Seconds, Setting, "s", [], {LimitSeconds},
        "In flight for longer than this, a message counts as stuck.";
    storm_rebalances; option: Whole, Setting, "1", [], {Limit},
        "So many rebalances within storm_window are a storm.";
    storm_window; option: Seconds, Setting, "s", [], {LimitSeconds},
        "The window of storm_rebalances.";
    label_idle; option: Seconds, Setting, "s", [], {LimitSeconds},
        "Unchanged for longer than this, a label folds into (other); 0 for never.";
    partition_idle; option: Seconds, Setting, "s", [], {LimitSeconds},
        "No longer owned for longer than this, a partition is let go; 0 for never.";
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;
    use alloc::collections::BTreeSet;

    #[test]
    fn every_row_reads_the_shape_it_names_and_no_name_stands_twice() {
        let figures = Figures::new(&Options::default()).unwrap();
        let mut names = BTreeSet::new();
        for figure in FIGURES {
            assert_eq!(
                (figure.read)(&figures).shape(),
                figure.shape,
                "{}",
                figure.name
            );
            assert!(names.insert(figure.name), "{} stands twice", figure.name);
            assert!(figure.help.ends_with('.'), "{}", figure.name);
        }
    }
}
