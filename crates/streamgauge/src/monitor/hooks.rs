//! The hooks of a monitor: names to numbers, one reading of the clock, tokens.

use core::fmt::Display;

use super::{Monitor, NameTooLong};
use crate::clock::Clock;
use crate::figures::LabelFamily;
use crate::http::HttpStatus;
use crate::partitions::OffsetKind;
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
        match self.index_of(tp) {
            Ok(Some(index)) => self.figures.message_in(index, offset),
            Ok(None) => self.message_in_without_place(tp.topic),
            Err(NameTooLong) => return,
        }
        message.time_in = Some(self.now());
    }

    #[inline]
    fn on_stream_event_in(
        &mut self,
        tp: TopicPartition<'_>,
        _offset: u64,
        stream: Stream<'_>,
    ) -> Option<EventState> {
        let index = self.index_of(tp).ok()?;
        let (label, task) = self.slots_of(stream).ok()?;
        let now = self.now();
        self.figures.event_in(index, label, task, now);
        Some(EventState {
            mark: Mark::of(self.id),
            ..EventState::new(now)
        })
    }

    #[inline]
    fn on_stream_event_out(
        &mut self,
        _tp: TopicPartition<'_>,
        _offset: u64,
        _stream: Stream<'_>,
        state: Option<&mut EventState>,
    ) {
        let Some(state) = state else { return };
        if !self.complete(&mut state.mark, Completion::End) {
            return;
        }
        let now = self.now();
        state.time_out = Some(now);
        state.time_total = Some(self.figures.event_out(state.time_in, now));
    }

    #[inline]
    fn on_message_out(&mut self, _tp: TopicPartition<'_>, _offset: u64, message: &mut Message) {
        let now = self.now();
        let total = self.figures.message_out(message.time_in, now);
        message.time_out = Some(now);
        message.time_total = total.or(message.time_total);
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

    fn on_send_initiated(&mut self, topic: &str, _keysize: usize, _valsize: usize) -> Option<f64> {
        let slot = self.figures.label_slot(LabelFamily::SentTopics, topic)?;
        self.figures.send_initiated(slot);
        Some(self.now())
    }

    fn on_send_completed(&mut self, state: Option<f64>) {
        if let Some(started) = self.start(state) {
            let now = self.now();
            self.figures.send_completed(started, now);
        }
    }

    fn on_send_error(&mut self, _error: &dyn Display, state: Option<f64>) {
        if self.start(state).is_some() {
            self.figures.send_error();
        }
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
        for (tp, offset) in offsets {
            if let Ok(Some(index)) = self.index_of(*tp) {
                self.figures
                    .set_offset(OffsetKind::Committed, index, *offset);
            }
        }
    }

    fn track_tp_end_offset(&mut self, tp: TopicPartition<'_>, offset: u64) {
        if let Ok(Some(index)) = self.index_of(tp) {
            self.figures.set_offset(OffsetKind::End, index, offset);
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
        self.figures.rebalance_started(rebalances);
        RebalanceState {
            mark: Mark::of(self.id),
            ..RebalanceState::new(self.now())
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
}
