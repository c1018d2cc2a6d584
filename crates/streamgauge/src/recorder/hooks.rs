//! Every hook: the monitor hears it, then it is written. What a token held is asked before.

use alloc::string::String;
use core::fmt::{Display, Write};

use super::Recorder;
use crate::clock::Clock;
use crate::errors::Stage;
use crate::http::HttpStatus;
use crate::sensor::{Sensor, Stream, TopicPartition};
use crate::tokens::{
    AssignmentState, Completion, EventState, Message, RebalanceState, WebRequestState,
};

impl<C: Clock, W: Write> Sensor for Recorder<C, W> {
    /// The clock alone; the monitor takes no notice.
    fn time(&mut self) -> f64 {
        let now = self.clock().now();
        match now.is_finite() {
            true => now,
            false => self.last_reading(),
        }
    }

    fn on_message_in(&mut self, tp: TopicPartition<'_>, offset: u64, message: &mut Message) {
        self.monitor.on_message_in(tp, offset, message);
        let was_heard = self.was_timed();
        self.record("on_message_in", |line, labels| {
            line.tp(tp);
            line.whole("offset", offset);
            let label = match was_heard {
                true => labels.message(message),
                false => labels.next(),
            };
            line.label("message", label);
            if let Some(timestamp) = message.timestamp {
                line.whole("timestamp", timestamp);
            }
        });
    }

    fn on_stream_event_in(
        &mut self,
        tp: TopicPartition<'_>,
        offset: u64,
        stream: Stream<'_>,
    ) -> Option<EventState> {
        let mut state = self.monitor.on_stream_event_in(tp, offset, stream);
        self.record("on_stream_event_in", |line, labels| {
            line.tp(tp);
            line.whole("offset", offset);
            line.text("stream", stream.label);
            line.optional_text("task", stream.task);
            let label = match &mut state {
                Some(state) => labels.token(&mut state.mark, state.time_in, &[Completion::End]),
                None => labels.next(),
            };
            line.label("state", label);
        });
        state
    }

    fn on_stream_event_out(
        &mut self,
        tp: TopicPartition<'_>,
        offset: u64,
        stream: Stream<'_>,
        state: Option<&mut EventState>,
    ) {
        let named = state.as_deref().map(|state| {
            let owner = self.monitor.id();
            self.named(|labels| {
                labels.token_ends(&state.mark, state.time_in, Completion::End, owner)
            })
        });
        let named = named.unwrap_or_default();
        // A token made by hand does not know its stream; that of a clone does.
        let known = match &state {
            Some(state) if named.is_by_hand => self.stream_of(state),
            _ => None,
        };
        self.monitor.on_stream_event_out(tp, offset, stream, state);
        self.record("on_stream_event_out", |line, _| {
            line.tp(tp);
            line.whole("offset", offset);
            line.text("stream", known.as_deref().unwrap_or(stream.label));
            line.optional_text("task", stream.task);
            line.ending("state", named, "time_in");
        });
    }

    fn on_message_out(&mut self, tp: TopicPartition<'_>, offset: u64, message: &mut Message) {
        let named = self.named(|labels| labels.message_ends(message));
        self.monitor.on_message_out(tp, offset, message);
        self.record("on_message_out", |line, _| {
            line.tp(tp);
            line.whole("offset", offset);
            line.ending("message", named, "time_in");
        });
    }

    fn on_topic_buffer_full(&mut self, topic: &str) {
        self.monitor.on_topic_buffer_full(topic);
        self.record("on_topic_buffer_full", |line, _| line.text("topic", topic));
    }

    fn on_table_get(&mut self, table: &str) {
        self.monitor.on_table_get(table);
        self.record("on_table_get", |line, _| {
            line.text("table", table);
            line.null("key");
        });
    }

    fn on_table_set(&mut self, table: &str) {
        self.monitor.on_table_set(table);
        self.record("on_table_set", |line, _| {
            line.text("table", table);
            line.null("key");
            line.null("value");
        });
    }

    fn on_table_del(&mut self, table: &str) {
        self.monitor.on_table_del(table);
        self.record("on_table_del", |line, _| {
            line.text("table", table);
            line.null("key");
        });
    }

    fn on_commit_initiated(&mut self) -> Option<f64> {
        let state = self.monitor.on_commit_initiated();
        self.record("on_commit_initiated", |line, labels| {
            line.label("state", labels.number(state));
        });
        state
    }

    fn on_commit_completed(&mut self, state: Option<f64>) {
        let named = self.named(|labels| labels.number_ends(state));
        self.monitor.on_commit_completed(state);
        self.record("on_commit_completed", |line, _| {
            line.ending("state", named, "time");
        });
    }

    fn on_send_initiated(&mut self, topic: &str, keysize: usize, valsize: usize) -> Option<f64> {
        let state = self.monitor.on_send_initiated(topic, keysize, valsize);
        self.record("on_send_initiated", |line, labels| {
            line.text("topic", topic);
            line.whole("keysize", keysize as u64);
            line.whole("valsize", valsize as u64);
            line.label("state", labels.number(state));
        });
        state
    }

    fn on_send_completed(&mut self, state: Option<f64>) {
        let named = self.named(|labels| labels.number_ends(state));
        self.monitor.on_send_completed(state);
        self.record("on_send_completed", |line, _| {
            line.ending("state", named, "time");
        });
    }

    fn on_send_error(&mut self, error: &dyn Display, state: Option<f64>) {
        let named = self.named(|labels| labels.number_ends(state));
        self.monitor.on_send_error(error, state);
        self.record("on_send_error", |line, _| {
            line.ending("state", named, "time");
        });
    }

    fn count(&mut self, name: &str, n: i64) {
        self.monitor.count(name, n);
        self.record("count", |line, _| {
            line.text("name", name);
            line.whole("count", n);
        });
    }

    fn on_tp_commit(&mut self, offsets: &[(TopicPartition<'_>, u64)]) {
        self.monitor.on_tp_commit(offsets);
        self.record("on_tp_commit", |line, _| line.offsets(offsets));
    }

    fn track_tp_end_offset(&mut self, tp: TopicPartition<'_>, offset: u64) {
        self.monitor.track_tp_end_offset(tp, offset);
        self.record("track_tp_end_offset", |line, _| {
            line.tp(tp);
            line.whole("offset", offset);
        });
    }

    fn on_assignment_start(&mut self) -> AssignmentState {
        let mut state = self.monitor.on_assignment_start();
        self.record("on_assignment_start", |line, labels| {
            let label = labels.token(&mut state.mark, state.time_start, &[Completion::End]);
            line.label("state", label);
        });
        state
    }

    fn on_assignment_completed(&mut self, state: Option<&mut AssignmentState>) {
        let named = self.assignment_ends(state.as_deref());
        self.monitor.on_assignment_completed(state);
        self.record("on_assignment_completed", |line, _| {
            line.ending("state", named, "time_start");
        });
    }

    fn on_assignment_error(&mut self, state: Option<&mut AssignmentState>, error: &dyn Display) {
        let named = self.assignment_ends(state.as_deref());
        self.monitor.on_assignment_error(state, error);
        self.record("on_assignment_error", |line, _| {
            line.ending("state", named, "time_start");
        });
    }

    fn on_rebalance_start(&mut self, rebalances: Option<u64>) -> RebalanceState {
        let mut state = self.monitor.on_rebalance_start(rebalances);
        self.record("on_rebalance_start", |line, labels| {
            match rebalances {
                Some(rebalances) => line.whole("rebalances", rebalances),
                None => line.null("rebalances"),
            }
            let ways = [Completion::Return, Completion::End];
            let label = labels.token(&mut state.mark, state.time_start, &ways);
            line.label("state", label);
        });
        state
    }

    fn on_rebalance_return(&mut self, state: Option<&mut RebalanceState>) {
        let named = self.rebalance_ends(state.as_deref(), Completion::Return);
        self.monitor.on_rebalance_return(state);
        self.record("on_rebalance_return", |line, _| {
            line.ending("state", named, "time_start");
        });
    }

    fn on_rebalance_end(&mut self, state: Option<&mut RebalanceState>) {
        let named = self.rebalance_ends(state.as_deref(), Completion::End);
        self.monitor.on_rebalance_end(state);
        self.record("on_rebalance_end", |line, _| {
            line.ending("state", named, "time_start");
        });
    }

    fn on_web_request_start(&mut self) -> WebRequestState {
        let mut state = self.monitor.on_web_request_start();
        self.record("on_web_request_start", |line, labels| {
            let label = labels.token(&mut state.mark, state.time_start, &[Completion::End]);
            line.label("state", label);
        });
        state
    }

    fn on_web_request_end(
        &mut self,
        status: Option<HttpStatus>,
        state: Option<&mut WebRequestState>,
    ) {
        let owner = self.monitor.id();
        let named = state.as_deref().map(|state| {
            self.named(|labels| {
                labels.token_ends(&state.mark, state.time_start, Completion::End, owner)
            })
        });
        self.monitor.on_web_request_end(status, state);
        self.record("on_web_request_end", |line, _| {
            match status {
                Some(status) => line.whole("status", status.get()),
                None => line.null("status"),
            }
            line.ending("state", named.unwrap_or_default(), "time_start");
        });
    }

    fn on_partitions_assigned(&mut self, partitions: &[TopicPartition<'_>]) {
        self.monitor.on_partitions_assigned(partitions);
        self.record("on_partitions_assigned", |line, _| line.tps(partitions));
    }

    fn on_partitions_revoked(&mut self, partitions: &[TopicPartition<'_>]) {
        self.monitor.on_partitions_revoked(partitions);
        self.record("on_partitions_revoked", |line, _| line.tps(partitions));
    }

    fn on_partitions_lost(&mut self, partitions: &[TopicPartition<'_>]) {
        self.monitor.on_partitions_lost(partitions);
        self.record("on_partitions_lost", |line, _| line.tps(partitions));
    }

    fn on_error(&mut self, stage: Stage, kind: &str, tp: Option<TopicPartition<'_>>) {
        self.monitor.on_error(stage, kind, tp);
        self.record("on_error", |line, _| {
            line.text("stage", stage.name());
            line.text("kind", kind);
            line.optional_tp(tp);
        });
    }

    fn on_retry(&mut self, tp: Option<TopicPartition<'_>>) {
        self.monitor.on_retry(tp);
        self.record("on_retry", |line, _| line.optional_tp(tp));
    }

    fn on_dead_letter(&mut self, tp: Option<TopicPartition<'_>>) {
        self.monitor.on_dead_letter(tp);
        self.record("on_dead_letter", |line, _| line.optional_tp(tp));
    }

    fn on_position(&mut self, tp: TopicPartition<'_>, offset: u64) {
        self.monitor.on_position(tp, offset);
        self.record("on_position", |line, _| {
            line.tp(tp);
            line.whole("offset", offset);
        });
    }

    fn on_heartbeat(&mut self) {
        self.monitor.on_heartbeat();
        self.record("on_heartbeat", |_, _| {});
    }

    fn on_pause(&mut self, partitions: &[TopicPartition<'_>]) {
        self.monitor.on_pause(partitions);
        self.record("on_pause", |line, _| line.tps(partitions));
    }

    fn on_resume(&mut self, partitions: &[TopicPartition<'_>]) {
        self.monitor.on_resume(partitions);
        self.record("on_resume", |line, _| line.tps(partitions));
    }

    fn on_poll(&mut self, records: u64, bytes: Option<u64>) {
        self.monitor.on_poll(records, bytes);
        self.record("on_poll", |line, _| {
            line.whole("records", records);
            if let Some(bytes) = bytes {
                line.whole("bytes", bytes);
            }
        });
    }
}

impl<C: Clock, W: Write> Recorder<C, W> {
    fn assignment_ends(&mut self, state: Option<&AssignmentState>) -> super::Named {
        let owner = self.monitor.id();
        let named = state.map(|state| {
            self.named(|labels| {
                labels.token_ends(&state.mark, state.time_start, Completion::End, owner)
            })
        });
        named.unwrap_or_default()
    }

    fn rebalance_ends(&mut self, state: Option<&RebalanceState>, way: Completion) -> super::Named {
        let owner = self.monitor.id();
        let named = state.map(|state| {
            self.named(|labels| labels.token_ends(&state.mark, state.time_start, way, owner))
        });
        named.unwrap_or_default()
    }

    /// The label of the stream that a token of this monitor knows.
    fn stream_of(&self, state: &EventState) -> Option<String> {
        let place = state
            .stream
            .filter(|place| place.monitor == self.monitor.id())?;
        let is_there = self.holds_stream(place.at, place.generation);
        is_there.then(|| self.events_by_stream.label(place.at).into())
    }
}
