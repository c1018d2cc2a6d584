//! What each hook does to the figures, and the sampler.

use super::{Figures, counted};
use crate::anomaly::Anomaly;
use crate::counters::LabelSlot;
use crate::http::HttpStatus;
use crate::partitions::{OffsetKind, PartitionIndex};
use crate::tables::TableCall;

impl Figures {
    /// A message came in.
    #[inline]
    pub fn message_in(&mut self, index: PartitionIndex, offset: u64) {
        let Some(partition) = self.partitions.at(index) else {
            return;
        };
        partition.set_offset(OffsetKind::Read, offset);
        let slot = match partition.received_slot {
            Some(slot) => slot,
            None => self.first_message_of(index),
        };
        self.message_in_by_topic(slot);
    }

    #[cold]
    fn first_message_of(&mut self, index: PartitionIndex) -> LabelSlot {
        let family = &mut self.messages_received_by_topic;
        let slot = self
            .partitions
            .topic_of(index)
            .and_then(|topic| family.slot(topic));
        if slot.is_none() {
            self.note(Anomaly::LabelOverLimit);
        }
        let slot = slot.unwrap_or(LabelSlot::OTHER);
        if let Some(partition) = self.partitions.at(index) {
            partition.received_slot = Some(slot);
        }
        slot
    }

    /// A message came in from a topic-partition whose offsets are not kept.
    /// `slot` is of [`ReceivedTopics`](crate::LabelFamily::ReceivedTopics).
    #[inline]
    pub fn message_in_by_topic(&mut self, slot: LabelSlot) {
        self.messages_received_total += 1;
        self.messages_active += 1;
        self.messages_received_by_topic.count(slot);
    }

    /// A message went out. Gives its seconds since `time_in`, where that is known.
    #[inline]
    pub fn message_out(&mut self, time_in: Option<f64>, now: f64) -> Option<f64> {
        match self.messages_active {
            0 => self.note(Anomaly::MessageOutWithoutIn),
            _ => self.messages_active -= 1,
        }
        time_in.map(|time_in| self.seconds_between(time_in, now))
    }

    /// An event came into a stream. `partition` is `None` where its offsets are not kept, `task`
    /// where it has none.
    #[inline]
    pub fn event_in(
        &mut self,
        partition: Option<PartitionIndex>,
        stream: LabelSlot,
        task: Option<LabelSlot>,
        now: f64,
    ) {
        self.events_total += 1;
        self.events_active += 1;
        self.events_by_stream.count(stream);
        if let Some(task) = task {
            self.events_by_task.count(task);
        }
        if let Some(partition) = partition.and_then(|index| self.partitions.at(index)) {
            partition.set_inbound_time(now);
        }
    }

    /// An event went out of a stream. Gives its seconds since `time_in`.
    #[inline]
    pub fn event_out(&mut self, time_in: f64, now: f64) -> f64 {
        match self.events_active {
            0 => self.note(Anomaly::EventOutWithoutIn),
            _ => self.events_active -= 1,
        }
        let seconds = self.seconds_between(time_in, now);
        self.events_runtime.push(seconds);
        seconds
    }

    /// A topic's buffer was full.
    pub fn buffer_full(&mut self, topic: LabelSlot) {
        self.topic_buffer_full.count(topic);
    }

    /// A key of a table was got, set or deleted.
    #[inline]
    pub fn table_call(&mut self, table: LabelSlot, call: TableCall) {
        if let Some(counts) = self.tables.at(table) {
            counts.count(call);
        }
    }

    /// A commit that started at `started` completed.
    pub fn commit_completed(&mut self, started: f64, now: f64) {
        let seconds = self.seconds_between(started, now);
        self.commit_latency.push(seconds);
    }

    /// A message was handed to the producer.
    #[inline]
    pub fn send_initiated(&mut self, topic: LabelSlot) {
        self.messages_sent += 1;
        self.messages_sent_by_topic.count(topic);
    }

    /// A send that started at `started` was acknowledged.
    #[inline]
    pub fn send_completed(&mut self, started: f64, now: f64) {
        let seconds = self.seconds_between(started, now);
        self.send_latency.push(seconds);
    }

    /// A send failed.
    pub fn send_error(&mut self) {
        self.send_errors += 1;
    }

    /// Adds to a metric, which stays within -(2^53-1) to 2^53-1.
    #[inline]
    pub fn count(&mut self, metric: LabelSlot, n: i64) {
        if let Some(count) = self.metric_counts.at(metric) {
            *count = counted(*count, n);
        }
    }

    /// A partition's offset of one kind is known.
    #[inline]
    pub fn set_offset(&mut self, kind: OffsetKind, index: PartitionIndex, offset: u64) {
        if let Some(partition) = self.partitions.at(index) {
            partition.set_offset(kind, offset);
        }
    }

    /// An assignment that started at `started` is over.
    pub fn assignment_over(&mut self, started: f64, now: f64, completed: bool) {
        let seconds = self.seconds_between(started, now);
        self.assignment_latency.push(seconds);
        match completed {
            true => self.assignments_completed += 1,
            false => self.assignments_failed += 1,
        }
    }

    /// A rebalance started; `rebalances` is the app's count, one more than before where not given.
    pub fn rebalance_started(&mut self, rebalances: Option<u64>) {
        self.rebalances = rebalances.unwrap_or(self.rebalances.saturating_add(1));
        self.forget_partitions();
    }

    /// The consumer returned from a rebalance. Gives its seconds since `started`.
    pub fn rebalance_returned(&mut self, started: f64, now: f64) -> f64 {
        let seconds = self.seconds_between(started, now);
        self.rebalance_return_latency.push(seconds);
        seconds
    }

    /// A rebalance ended. Gives its seconds since `started`.
    pub fn rebalance_ended(&mut self, started: f64, now: f64) -> f64 {
        let seconds = self.seconds_between(started, now);
        self.rebalance_end_latency.push(seconds);
        self.forget_partitions();
        seconds
    }

    /// What Faust empties around a rebalance: offsets, inbound times, full buffers.
    fn forget_partitions(&mut self) {
        self.partitions.clear();
        self.topic_buffer_full.clear();
    }

    /// A web request was answered. Gives its seconds since `started`.
    pub fn web_request_ended(&mut self, status: HttpStatus, started: f64, now: f64) -> f64 {
        let seconds = self.seconds_between(started, now);
        self.http_response_latency.push(seconds);
        self.http_response_codes.add(status, 1);
        seconds
    }

    /// The once-a-second tick: every `*_avg` becomes the median of its deque, where that is not
    /// empty, and `messages_s` and `events_s` the growth since the tick before, whatever time
    /// passed. Formula: Faust's `Monitor._sample`. Costs 1 to 2 us with full deques.
    pub fn sample(&mut self) {
        let scratch = &mut self.scratch;
        for (ring, average) in [
            (&self.events_runtime, &mut self.events_runtime_avg),
            (
                &self.rebalance_return_latency,
                &mut self.rebalance_return_avg,
            ),
            (&self.rebalance_end_latency, &mut self.rebalance_end_avg),
            (
                &self.http_response_latency,
                &mut self.http_response_latency_avg,
            ),
        ] {
            *average = ring.median(scratch).unwrap_or(*average);
        }
        self.events_s = self.events_total.saturating_sub(self.sampled_events);
        self.sampled_events = self.events_total;
        self.messages_s = self
            .messages_received_total
            .saturating_sub(self.sampled_messages);
        self.sampled_messages = self.messages_received_total;
    }
}
