//! The hooks: what a stream processor tells whoever listens.

use core::fmt::Display;
use core::num::NonZeroU64;

use crate::counters::LabelSlot;
use crate::errors::Stage;
use crate::http::HttpStatus;
use crate::tokens::{
    AssignmentState, EventState, Message, MonitorId, RebalanceState, WebRequestState,
};

/// A time in a monitor during which no place in its tables is given to another. Places are given
/// to others only while idle series are let go, and then a new era begins: of a place of this era,
/// no more needs to be compared.
///
/// The monitor's number under that of the era: one comparison for both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Era(NonZeroU64);

impl Era {
    /// A new one.
    pub(crate) fn of(monitor: MonitorId) -> Self {
        Self(monitor.under(MonitorId::next()))
    }

    pub(crate) fn is_of(self, monitor: MonitorId) -> bool {
        self.0.get() as u32 == monitor.number()
    }
}

/// A slot's number, and under that the generation of what stands there: which of those that did.
///
/// In one number, as [`Era`] is, so that places go from call to call in registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spot(u64);

impl Spot {
    /// For a stream without a task: no family has so many slots, so what is counted there is not.
    pub(crate) const NONE: Self = Self::new(u32::MAX, 0);

    #[inline]
    pub(crate) const fn new(number: u32, generation: u32) -> Self {
        Self((generation as u64) << u32::BITS | number as u64)
    }

    #[inline]
    pub(crate) const fn number(self) -> u32 {
        self.0 as u32
    }

    #[inline]
    pub(crate) const fn generation(self) -> u32 {
        (self.0 >> u32::BITS) as u32
    }
}

/// Where something stands in a monitor's tables.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) era: Era,
    pub(crate) spot: Spot,
}

/// A topic and a partition of it.
///
/// One from [`Monitor::topic_partition`](crate::Monitor::topic_partition) also knows its place in
/// that monitor, which saves the look-up; any other sensor looks the name up.
#[derive(Debug, Clone, Copy)]
pub struct TopicPartition<'a> {
    /// The topic's name.
    pub topic: &'a str,
    /// The partition's number; Kafka's are 0 to 2^31-1.
    pub partition: u32,
    pub(crate) place: Option<Place>,
}

impl<'a> TopicPartition<'a> {
    /// A topic-partition by name.
    pub const fn new(topic: &'a str, partition: u32) -> Self {
        Self {
            topic,
            partition,
            place: None,
        }
    }
}

impl<'a> From<(&'a str, u32)> for TopicPartition<'a> {
    fn from((topic, partition): (&'a str, u32)) -> Self {
        Self::new(topic, partition)
    }
}

impl PartialEq for TopicPartition<'_> {
    fn eq(&self, other: &Self) -> bool {
        (self.topic, self.partition) == (other.topic, other.partition)
    }
}

impl Eq for TopicPartition<'_> {}

/// Where an event's stream stands in the monitor that gave its token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EventPlace {
    pub(crate) era: Era,
    pub(crate) monitor: MonitorId,
    pub(crate) at: LabelSlot,
    /// Which of those that stood there.
    pub(crate) generation: u32,
}

/// Where a stream and its task stand in one monitor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StreamPlace {
    pub(crate) era: Era,
    pub(crate) label: Spot,
    pub(crate) task: Spot,
}

/// A stream and the task that works on it.
///
/// One from [`Monitor::stream`](crate::Monitor::stream) also knows its place in that monitor.
#[derive(Debug, Clone, Copy)]
pub struct Stream<'a> {
    /// The stream's label.
    pub label: &'a str,
    /// The task's label, where there is one.
    pub task: Option<&'a str>,
    pub(crate) place: Option<StreamPlace>,
}

impl<'a> Stream<'a> {
    /// A stream by label.
    pub const fn new(label: &'a str, task: Option<&'a str>) -> Self {
        Self {
            label,
            task,
            place: None,
        }
    }
}

impl PartialEq for Stream<'_> {
    fn eq(&self, other: &Self) -> bool {
        (self.label, self.task) == (other.label, other.task)
    }
}

impl Eq for Stream<'_> {}

/// Hears what a stream processor does. Every hook does nothing unless overridden; the start hooks
/// of assignment, rebalance and web request give a token with the time in it, as Faust's base
/// sensor does.
///
/// In the order of one message: `on_message_in`; for each stream `on_stream_event_in`, the
/// processing, `on_stream_event_out`; `on_message_out`. No hook fails or panics: a sensor must
/// never disturb what it watches.
#[allow(
    unused_variables,
    reason = "the names of unused arguments are the documentation"
)]
pub trait Sensor {
    /// The clock of this sensor, in seconds, for the tokens that the default start hooks give.
    fn time(&mut self) -> f64 {
        0.0
    }

    /// A message was received by the consumer, before any stream sees it. Its record's timestamp
    /// is read from `message`, where it is set.
    fn on_message_in(&mut self, tp: TopicPartition<'_>, offset: u64, message: &mut Message) {}

    /// A message came into a stream as an event, right before it is processed.
    fn on_stream_event_in(
        &mut self,
        tp: TopicPartition<'_>,
        offset: u64,
        stream: Stream<'_>,
    ) -> Option<EventState> {
        None
    }

    /// A stream is done with an event; `state` is what `on_stream_event_in` gave.
    fn on_stream_event_out(
        &mut self,
        tp: TopicPartition<'_>,
        offset: u64,
        stream: Stream<'_>,
        state: Option<&mut EventState>,
    ) {
    }

    /// Every stream is done with a message, after the last `on_stream_event_out`.
    fn on_message_out(&mut self, tp: TopicPartition<'_>, offset: u64, message: &mut Message) {}

    /// The buffer of a topic is full: the consumer waits.
    fn on_topic_buffer_full(&mut self, topic: &str) {}

    /// A key of a table was read.
    fn on_table_get(&mut self, table: &str) {}

    /// A key of a table was written.
    fn on_table_set(&mut self, table: &str) {}

    /// A key of a table was deleted.
    fn on_table_del(&mut self, table: &str) {}

    /// The consumer is about to commit offsets. Gives the time.
    fn on_commit_initiated(&mut self) -> Option<f64> {
        None
    }

    /// The commit is done; `state` is what `on_commit_initiated` gave.
    fn on_commit_completed(&mut self, state: Option<f64>) {}

    /// A message was handed to the producer. Sizes are bytes. Gives the time.
    fn on_send_initiated(&mut self, topic: &str, keysize: usize, valsize: usize) -> Option<f64> {
        None
    }

    /// The message was acknowledged; `state` is what `on_send_initiated` gave.
    fn on_send_completed(&mut self, state: Option<f64>) {}

    /// The message could not be sent; `state` is what `on_send_initiated` gave.
    fn on_send_error(&mut self, error: &dyn Display, state: Option<f64>) {}

    /// The program counts something of its own; `n` may be negative.
    fn count(&mut self, name: &str, n: i64) {}

    /// Offsets were committed.
    fn on_tp_commit(&mut self, offsets: &[(TopicPartition<'_>, u64)]) {}

    /// The end offset (high watermark) of a partition is known. (Here and elsewhere, `u64::MAX` stands
    /// for no offset; Kafka's are below 2^63.)
    fn track_tp_end_offset(&mut self, tp: TopicPartition<'_>, offset: u64) {}

    /// The assignor starts to assign partitions.
    fn on_assignment_start(&mut self) -> AssignmentState {
        AssignmentState::new(self.time())
    }

    /// The assignment is done; `state` is what `on_assignment_start` gave.
    fn on_assignment_completed(&mut self, state: Option<&mut AssignmentState>) {}

    /// The assignment failed; `state` is what `on_assignment_start` gave.
    fn on_assignment_error(&mut self, state: Option<&mut AssignmentState>, error: &dyn Display) {}

    /// A rebalance starts; `rebalances` is the app's count of them, where it keeps one.
    fn on_rebalance_start(&mut self, rebalances: Option<u64>) -> RebalanceState {
        RebalanceState::new(self.time())
    }

    /// The consumer is back from the rebalance, recovery starts.
    fn on_rebalance_return(&mut self, state: Option<&mut RebalanceState>) {}

    /// The rebalance is over, recovery included.
    fn on_rebalance_end(&mut self, state: Option<&mut RebalanceState>) {}

    /// A web request came.
    fn on_web_request_start(&mut self) -> WebRequestState {
        WebRequestState::new(self.time())
    }

    /// A web request was answered, with no `status` where there was no response.
    fn on_web_request_end(
        &mut self,
        status: Option<HttpStatus>,
        state: Option<&mut WebRequestState>,
    ) {
    }

    // Beyond Faust.

    /// Partitions were assigned to this worker, beside those that it has.
    fn on_partitions_assigned(&mut self, partitions: &[TopicPartition<'_>]) {}

    /// Partitions are being given to other workers, after this one let them go.
    fn on_partitions_revoked(&mut self, partitions: &[TopicPartition<'_>]) {}

    /// Partitions went to other workers without a word: the session had expired.
    fn on_partitions_lost(&mut self, partitions: &[TopicPartition<'_>]) {}

    /// Something went wrong. `kind` is its type or code, of which there should be few: never its
    /// message. Failed sends are told by `on_send_error` alone, web requests by their status.
    fn on_error(&mut self, stage: Stage, kind: &str, tp: Option<TopicPartition<'_>>) {}

    /// A message is tried again.
    fn on_retry(&mut self, tp: Option<TopicPartition<'_>>) {}

    /// A message was given up, and put aside as a dead letter.
    fn on_dead_letter(&mut self, tp: Option<TopicPartition<'_>>) {}

    /// The next record to be read of a partition is at `offset`, though no message says so: the client went
    /// past what it hands to nobody (a transaction's markers, gaps of compaction), or was sent elsewhere
    /// (a seek). Forward or back, it decides until the next message. No message counts by it, and
    /// Faust's dictionary stays as it is.
    fn on_position(&mut self, tp: TopicPartition<'_>, offset: u64) {}

    /// The consumer's group was told that this worker lives.
    fn on_heartbeat(&mut self) {}

    /// The consumer stops to fetch from partitions.
    fn on_pause(&mut self, partitions: &[TopicPartition<'_>]) {}

    /// The consumer fetches from partitions again.
    fn on_resume(&mut self, partitions: &[TopicPartition<'_>]) {}

    /// The consumer asked for records and got so many, of so many bytes where it knows.
    fn on_poll(&mut self, records: u64, bytes: Option<u64>) {}

    /// A producer thread worked off its buffer of `size` messages. The monitor ignores it.
    fn on_threaded_producer_buffer_processed(&mut self, size: usize) {}
}
