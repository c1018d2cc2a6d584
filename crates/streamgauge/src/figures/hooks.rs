//! What each of Faust's hooks does to the figures, and its sampler.

use super::{Figures, counted};
use crate::anomaly::Anomaly;
use crate::counters::LabelSlot;
use crate::errors::{Stage, UNKNOWN_KIND};
use crate::histogram::Measurement;
use crate::http::HttpStatus;
use crate::partitions::{OffsetKind, PartitionIndex};
use crate::tables::TableCall;

/// Seconds by which a producer's clock may be ahead of ours.
const FARTHEST_AHEAD: f64 = 86_400.0;

impl Figures {
    /// A message came in. `record_time` is its record's timestamp in Unix seconds, NaN where that
    /// is not known.
    #[cfg_attr(target_arch = "wasm32", inline(always))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    pub fn message_in(&mut self, index: PartitionIndex, offset: u64, record_time: f64, now: f64) {
        let Some(partition) = self.partitions.at(index) else {
            return;
        };
        partition.set_offset(OffsetKind::Read, offset);
        let is_held = partition.holding.read(offset, record_time, now);
        let slot = partition.received_slot;
        if !is_held {
            self.read_though_taken(index, offset, record_time, now);
        }
        let slot = match slot {
            Some(slot) => slot,
            None => self.first_message_of(index),
        };
        self.message_in_by_topic(slot, now);
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
    #[cfg_attr(target_arch = "wasm32", inline(always))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    pub fn message_in_by_topic(&mut self, slot: LabelSlot, now: f64) {
        self.messages_received_total += 1;
        if self.messages_active == 0 {
            self.beyond.busy.starts(now);
        }
        self.messages_active += 1;
        self.beyond.in_flight.came_in(now);
        self.messages_received_by_topic.count(slot);
    }

    /// A message went out. Gives its seconds since `time_in`, where that is known. `record_time` as
    /// in [`message_in`](Self::message_in): end-to-end latency is measured here. A record from the
    /// future (its producer's clock is ahead) took 0 seconds; one from over a day ahead says that
    /// the timestamp, or the epoch, is none.
    #[cfg_attr(target_arch = "wasm32", inline(always))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    pub fn message_out(&mut self, time_in: Option<f64>, record_time: f64, now: f64) -> Option<f64> {
        match self.messages_active {
            0 => self.note(Anomaly::MessageOutWithoutIn),
            active => {
                self.messages_active = active - 1;
                match time_in {
                    Some(time_in) => self.beyond.in_flight.went_out(time_in),
                    None => self.beyond.in_flight.oldest_went_out(),
                }
                if active == 1 {
                    self.beyond.busy.ends(now);
                    // What went out with another time than it came in with is gone, too.
                    self.beyond.in_flight.clear();
                }
            }
        }
        if !record_time.is_nan() {
            self.record_went_out(record_time, now);
        }
        let time_in = time_in?;
        let seconds = now - time_in;
        // What has a measurement is a duration: one look for both.
        match Measurement::new(seconds) {
            Some(measurement) => {
                self.beyond.latencies.message_time.count(measurement);
                Some(seconds)
            }
            None => Some(self.message_took_long(time_in, now)),
        }
    }

    /// A message went out whose record's time is known.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    fn record_went_out(&mut self, record_time: f64, now: f64) {
        let seconds = now + self.limits.epoch - record_time;
        if seconds > 0.0 {
            self.beyond.latencies.end_to_end.record(seconds);
        } else if seconds > -FARTHEST_AHEAD {
            self.beyond.latencies.end_to_end.record(0.0);
        }
    }

    /// Over 1,024 s, or the clock went back.
    #[cold]
    #[inline(never)]
    fn message_took_long(&mut self, time_in: f64, now: f64) -> f64 {
        let seconds = self.seconds_between(time_in, now);
        self.beyond.latencies.message_time.record(seconds);
        seconds
    }

    /// An event came into a stream. `partition` is `None` where its offsets are not kept, `task`
    /// where it has none.
    #[cfg_attr(target_arch = "wasm32", inline(always))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
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

    /// An event went out of a stream, which may be unknown. Gives its seconds since `time_in`.
    #[cfg_attr(target_arch = "wasm32", inline(always))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    pub fn event_out(&mut self, stream: Option<LabelSlot>, time_in: f64, now: f64) -> f64 {
        match self.events_active {
            0 => self.note(Anomaly::EventOutWithoutIn),
            _ => self.events_active -= 1,
        }
        let seconds = now - time_in;
        match Measurement::new(seconds) {
            Some(measurement) => {
                self.events_runtime.push(seconds);
                let slots = self.events_by_stream.slot_count();
                let runtimes = &mut self.beyond.latencies.event_runtime;
                runtimes.count(stream, slots, measurement);
                seconds
            }
            None => self.event_took_long(stream, time_in, now),
        }
    }

    /// Over 1,024 s, or the clock went back.
    #[cold]
    #[inline(never)]
    fn event_took_long(&mut self, stream: Option<LabelSlot>, time_in: f64, now: f64) -> f64 {
        let seconds = self.seconds_between(time_in, now);
        self.events_runtime.push(seconds);
        let slots = self.events_by_stream.slot_count();
        let runtimes = &mut self.beyond.latencies.event_runtime;
        runtimes.record_rarely(stream, slots, seconds);
        seconds
    }

    /// A topic's buffer was full.
    pub fn buffer_full(&mut self, topic: LabelSlot) {
        self.topic_buffer_full.count(topic);
        // A rebalance empties the family; this one counts on.
        let label = self.topic_buffer_full.label(topic);
        let slot = self.beyond.buffer_full.slot(label);
        self.beyond
            .buffer_full
            .count(slot.unwrap_or(LabelSlot::OTHER));
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
        self.beyond.commits_completed += 1;
        self.beyond.latencies.commit.record(seconds);
    }

    /// A message was handed to the producer: so many bytes of key and value.
    #[inline]
    pub fn send_initiated(&mut self, topic: LabelSlot, bytes: u64) {
        self.messages_sent += 1;
        self.beyond.bytes_sent = self.beyond.bytes_sent.saturating_add(bytes);
        self.messages_sent_by_topic.count(topic);
    }

    /// A send that started at `started` was acknowledged.
    #[inline]
    pub fn send_completed(&mut self, started: f64, now: f64) {
        let seconds = self.seconds_between(started, now);
        self.send_latency.push(seconds);
        self.beyond.latencies.send.record(seconds);
    }

    /// A send that started at `started` failed. `kind` is of
    /// [`ErrorKinds`](crate::LabelFamily::ErrorKinds), where it is known.
    pub fn send_error(&mut self, kind: Option<LabelSlot>, started: f64, now: f64) {
        self.send_errors += 1;
        let seconds = self.seconds_between(started, now);
        self.beyond.latencies.send_error.record(seconds);
        match kind {
            Some(kind) => self.error(Stage::Send, kind, None),
            None => self.error_of(Stage::Send, UNKNOWN_KIND),
        }
    }

    /// Adds to a metric, which stays within -(2^53-1) to 2^53-1.
    #[inline]
    pub fn count(&mut self, metric: LabelSlot, n: i64) {
        if let Some(count) = self.metric_counts.at(metric) {
            *count = counted(*count, n);
        }
    }

    /// A partition's offset was committed: the next to be read.
    pub fn offset_committed(&mut self, index: PartitionIndex, offset: u64, now: f64) {
        let commits = self.limits.health_commits;
        if let Some(partition) = self.partitions.at(index) {
            partition.set_offset(OffsetKind::Committed, offset);
            partition.holding.committed(offset, commits, now);
        }
    }

    /// A partition's end offset is known: the next to be written.
    pub fn end_offset_seen(&mut self, index: PartitionIndex, offset: u64, now: f64) {
        let commits = self.limits.health_commits;
        if let Some(partition) = self.partitions.at(index) {
            partition.set_offset(OffsetKind::End, offset);
            partition.holding.end_seen(offset, commits, now);
        }
    }

    /// An assignment that started at `started` is over.
    pub fn assignment_over(&mut self, started: f64, now: f64, completed: bool) {
        let seconds = self.seconds_between(started, now);
        self.assignment_latency.push(seconds);
        self.beyond.latencies.assignment.record(seconds);
        match completed {
            true => self.assignments_completed += 1,
            false => self.assignments_failed += 1,
        }
    }

    /// A rebalance started; `rebalances` is the app's count, one more than before where not given.
    pub fn rebalance_started(&mut self, rebalances: Option<u64>, now: f64) {
        self.rebalances = rebalances.unwrap_or(self.rebalances.saturating_add(1));
        let beyond = &mut self.beyond.rebalances;
        beyond.count += 1;
        // Another that starts meanwhile goes on where this one was.
        beyond.in_progress = 1;
        beyond.times.push(now);
        self.forget_partitions();
    }

    /// The consumer returned from a rebalance. Gives its seconds since `started`.
    pub fn rebalance_returned(&mut self, started: f64, now: f64) -> f64 {
        let seconds = self.seconds_between(started, now);
        self.rebalance_return_latency.push(seconds);
        self.beyond.latencies.rebalance_return.record(seconds);
        seconds
    }

    /// A rebalance ended. Gives its seconds since `started`.
    pub fn rebalance_ended(&mut self, started: f64, now: f64) -> f64 {
        let seconds = self.seconds_between(started, now);
        self.rebalance_end_latency.push(seconds);
        self.beyond.latencies.rebalance_end.record(seconds);
        let beyond = &mut self.beyond.rebalances;
        beyond.in_progress = 0;
        beyond.ended_at = Some(now);
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
        self.beyond.latencies.http_response.record(seconds);
        if status.get() >= 500 {
            // As the status is written: "503".
            let digits = [
                status.get() / 100,
                status.get() / 10 % 10,
                status.get() % 10,
            ];
            let kind = digits.map(|digit| b'0' + digit as u8);
            self.error_of(
                Stage::Http,
                core::str::from_utf8(&kind).unwrap_or(UNKNOWN_KIND),
            );
        }
        seconds
    }

    /// Faust's part of the tick.
    pub(super) fn sample_medians(&mut self) {
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
