//! The hooks of a monitor: names to numbers, one reading of the clock, tokens.

use core::fmt::Display;

use super::Monitor;
use crate::clock::Clock;
use crate::counters::LabelSlot;
use crate::errors::Stage;
use crate::figures::{Figures, LabelFamily, Taken};
use crate::http::HttpStatus;
use crate::partitions::PartitionIndex;
use crate::sensor::{Sensor, Stream, TopicPartition};
use crate::tables::TableCall;
use crate::tokens::{
    AssignmentState, Completion, EventState, Mark, Message, RebalanceState, WebRequestState,
};

impl<C: Clock> Sensor for Monitor<C> {
    fn time(&mut self) -> f64 {
        self.now()
    }

    #[inline]
    fn on_message_in(&mut self, tp: TopicPartition<'_>, offset: u64, message: &mut Message) {
        let Ok(index) = self.index_of(tp) else { return };
        let now = self.now();
        match index {
            Some(index) => self
                .figures
                .message_in(index, offset, message.record_time(), now),
            None => self.message_in_without_place(tp.topic, now),
        }
        message.time_in = Some(now);
    }

    #[inline]
    fn on_stream_event_in(
        &mut self,
        tp: TopicPartition<'_>,
        _offset: u64,
        stream: Stream<'_>,
    ) -> Option<EventState> {
        let index = self.index_of(tp).ok()?;
        let spots = self.spots_of(stream).ok()?;
        let now = self.now();
        let label = LabelSlot::new(spots.label.number());
        let task = LabelSlot::new(spots.task.number());
        self.figures.event_in(index, label, Some(task), now);
        Some(EventState {
            stream: Some(self.event_place(spots.label)),
            mark: Mark::of(self.id),
            ..EventState::new(now)
        })
    }

    #[inline]
    fn on_stream_event_out(
        &mut self,
        _tp: TopicPartition<'_>,
        _offset: u64,
        stream: Stream<'_>,
        state: Option<&mut EventState>,
    ) {
        let Some(state) = state else { return };
        if !self.complete(&mut state.mark, Completion::End) {
            return;
        }
        let now = self.now();
        state.time_out = Some(now);
        let stream = self.stream_of(state.stream, stream.label);
        state.time_total = Some(self.figures.event_out(stream, state.time_in, now));
    }

    #[inline]
    fn on_message_out(&mut self, _tp: TopicPartition<'_>, _offset: u64, message: &mut Message) {
        let now = self.now();
        let record_time = message.record_time();
        message.time_out = Some(now);
        if let Some(total) = self.figures.message_out(message.time_in, record_time, now) {
            message.time_total = Some(total);
        }
    }

    fn on_topic_buffer_full(&mut self, topic: &str) {
        if let Some(slot) = self
            .figures
            .label_slot(LabelFamily::BufferFullTopics, topic)
        {
            self.figures.buffer_full(slot);
        }
    }

    fn on_table_get(&mut self, table: &str) {
        self.table_call(table, TableCall::Get);
    }

    fn on_table_set(&mut self, table: &str) {
        self.table_call(table, TableCall::Set);
    }

    fn on_table_del(&mut self, table: &str) {
        self.table_call(table, TableCall::Del);
    }

    fn on_commit_initiated(&mut self) -> Option<f64> {
        Some(self.now())
    }

    fn on_commit_completed(&mut self, state: Option<f64>) {
        if let Some(started) = self.start(state) {
            let now = self.now();
            self.figures.commit_completed(started, now);
        }
    }

    fn on_send_initiated(&mut self, topic: &str, keysize: usize, valsize: usize) -> Option<f64> {
        let slot = self.figures.label_slot(LabelFamily::SentTopics, topic)?;
        let bytes = (keysize as u64).saturating_add(valsize as u64);
        self.figures.send_initiated(slot, bytes);
        Some(self.now())
    }

    fn on_send_completed(&mut self, state: Option<f64>) {
        if let Some(started) = self.start(state) {
            let now = self.now();
            self.figures.send_completed(started, now);
        }
    }

    fn on_send_error(&mut self, _error: &dyn Display, state: Option<f64>) {
        self.send_failed(None, state);
    }

    fn count(&mut self, name: &str, n: i64) {
        if let Some(slot) = self.figures.label_slot(LabelFamily::Metrics, name) {
            self.figures.count(slot, n);
        }
    }

    fn on_tp_commit(&mut self, offsets: &[(TopicPartition<'_>, u64)]) {
        // All or none: the names first.
        if offsets
            .iter()
            .any(|(tp, _)| self.refuse_too_long(tp.topic).is_err())
        {
            return;
        }
        let now = self.now();
        for (tp, offset) in offsets {
            if let Ok(Some(index)) = self.index_of(*tp) {
                self.figures.offset_committed(index, *offset, now);
            }
        }
    }

    fn track_tp_end_offset(&mut self, tp: TopicPartition<'_>, offset: u64) {
        if let Ok(Some(index)) = self.index_of(tp) {
            let now = self.now();
            self.figures.end_offset_seen(index, offset, now);
        }
    }

    fn on_assignment_start(&mut self) -> AssignmentState {
        AssignmentState {
            mark: Mark::of(self.id),
            ..AssignmentState::new(self.now())
        }
    }

    fn on_assignment_completed(&mut self, state: Option<&mut AssignmentState>) {
        self.assignment_over(state, true);
    }

    fn on_assignment_error(&mut self, state: Option<&mut AssignmentState>, _error: &dyn Display) {
        self.assignment_over(state, false);
    }

    fn on_rebalance_start(&mut self, rebalances: Option<u64>) -> RebalanceState {
        let now = self.now();
        self.figures.rebalance_started(rebalances, now);
        RebalanceState {
            mark: Mark::of(self.id),
            ..RebalanceState::new(now)
        }
    }

    fn on_rebalance_return(&mut self, state: Option<&mut RebalanceState>) {
        if let Some(state) = self.token(state, |state| &mut state.mark, Completion::Return) {
            let now = self.now();
            state.time_return = Some(now);
            state.latency_return = Some(self.figures.rebalance_returned(state.time_start, now));
        }
    }

    fn on_rebalance_end(&mut self, state: Option<&mut RebalanceState>) {
        if let Some(state) = self.token(state, |state| &mut state.mark, Completion::End) {
            let now = self.now();
            state.time_end = Some(now);
            state.latency_end = Some(self.figures.rebalance_ended(state.time_start, now));
        }
    }

    fn on_web_request_start(&mut self) -> WebRequestState {
        WebRequestState {
            mark: Mark::of(self.id),
            ..WebRequestState::new(self.now())
        }
    }

    fn on_web_request_end(
        &mut self,
        status: Option<HttpStatus>,
        state: Option<&mut WebRequestState>,
    ) {
        if let Some(state) = self.token(state, |state| &mut state.mark, Completion::End) {
            let now = self.now();
            let status = status.unwrap_or(HttpStatus::NO_RESPONSE);
            state.status_code = Some(status.get());
            state.time_end = Some(now);
            state.latency_end = Some(
                self.figures
                    .web_request_ended(status, state.time_start, now),
            );
        }
    }

    fn on_partitions_assigned(&mut self, partitions: &[TopicPartition<'_>]) {
        self.each_partition(partitions, |figures, index, now| {
            figures.partition_assigned(index, now);
        });
    }

    fn on_partitions_revoked(&mut self, partitions: &[TopicPartition<'_>]) {
        self.each_partition(partitions, |figures, index, now| {
            figures.partition_taken(index, Taken::Revoked, now);
        });
    }

    fn on_partitions_lost(&mut self, partitions: &[TopicPartition<'_>]) {
        self.each_partition(partitions, |figures, index, now| {
            figures.partition_taken(index, Taken::Lost, now);
        });
    }

    fn on_error(&mut self, stage: Stage, kind: &str, tp: Option<TopicPartition<'_>>) {
        if tp.is_some_and(|tp| self.refuse_too_long(tp.topic).is_err()) {
            return;
        }
        if let Some(kind) = self.figures.label_slot(LabelFamily::ErrorKinds, kind) {
            let topic = self.topic_slot(LabelFamily::ErrorTopics, tp);
            self.figures.error(stage, kind, topic);
        }
    }

    fn on_retry(&mut self, tp: Option<TopicPartition<'_>>) {
        let topic = self.topic_slot(LabelFamily::RetryTopics, tp);
        if tp.is_none() || topic.is_some() {
            self.figures.retry(topic);
        }
    }

    fn on_dead_letter(&mut self, tp: Option<TopicPartition<'_>>) {
        let topic = self.topic_slot(LabelFamily::DeadLetterTopics, tp);
        if tp.is_none() || topic.is_some() {
            self.figures.dead_letter(topic);
        }
    }

    fn on_position(&mut self, tp: TopicPartition<'_>, offset: u64) {
        if let Ok(Some(index)) = self.index_of(tp) {
            let now = self.now();
            self.figures.position_told(index, offset, now);
        }
    }

    fn on_heartbeat(&mut self) {
        let now = self.now();
        self.figures.heartbeat(now);
    }

    fn on_pause(&mut self, partitions: &[TopicPartition<'_>]) {
        self.each_partition(partitions, |figures, index, _| {
            figures.partition_paused(index, true);
        });
    }

    fn on_resume(&mut self, partitions: &[TopicPartition<'_>]) {
        self.each_partition(partitions, |figures, index, _| {
            figures.partition_paused(index, false);
        });
    }

    fn on_poll(&mut self, records: u64, bytes: Option<u64>) {
        self.figures.polled(records, bytes);
    }
}

impl<C: Clock> Monitor<C> {
    /// As [`on_send_error`](Sensor::on_send_error), whose error has no type that could be counted:
    /// `kind` is the error's type or code, of which there should be few.
    pub fn send_failed(&mut self, kind: Option<&str>, state: Option<f64>) {
        if let Some(started) = self.start(state) {
            let kind = kind.and_then(|kind| self.figures.label_slot(LabelFamily::ErrorKinds, kind));
            let now = self.now();
            self.figures.send_error(kind, started, now);
        }
    }

    /// Tells the figures of each partition, or of none where a topic is too long.
    fn each_partition(
        &mut self,
        partitions: &[TopicPartition<'_>],
        tell: impl Fn(&mut Figures, PartitionIndex, f64),
    ) {
        let mut topics = partitions.iter().map(|tp| tp.topic);
        if topics.any(|topic| self.refuse_too_long(topic).is_err()) {
            return;
        }
        let now = self.now();
        for tp in partitions {
            if let Ok(Some(index)) = self.index_of(*tp) {
                tell(&mut self.figures, index, now);
            }
        }
    }

    /// The topic's slot in a family, `None` where there is no topic, or one that is too long.
    fn topic_slot(
        &mut self,
        family: LabelFamily,
        tp: Option<TopicPartition<'_>>,
    ) -> Option<LabelSlot> {
        self.figures.label_slot(family, tp?.topic)
    }
}
