//! One stream processor, many sensors.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt::Display;

use smallvec::SmallVec;

use crate::errors::Stage;
use crate::http::HttpStatus;
use crate::sensor::{Sensor, Stream, TopicPartition};
use crate::tokens::{AssignmentState, EventState, Message, RebalanceState, WebRequestState};

/// Which sensor of a delegate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SensorKey(u64);

/// What the sensors gave in a start hook, each its own token. Without allocation for up to four.
#[derive(Debug, Clone, PartialEq)]
pub struct Fanned<T> {
    /// Without a token for a sensor that gave none: it hears the end all the same.
    tokens: SmallVec<[(SensorKey, Option<T>); 4]>,
}

impl<T> Fanned<T> {
    /// The token that one sensor gave.
    pub fn get(&self, sensor: SensorKey) -> Option<&T> {
        let (_, token) = self.tokens.iter().find(|(key, _)| *key == sensor)?;
        token.as_ref()
    }
}

/// Passes every hook on to a set of sensors, in the order in which they were added.
///
/// A start hook gives the tokens of all sensors together; its end hook gives each its own back.
/// A sensor added in between hears nothing of that end, one removed neither. The times in a
/// [`Message`] are shared: the last sensor's stay.
///
/// ```
/// use streamgauge::{ManualClock, Monitor, Sensor, SensorDelegate, Stream, TopicPartition};
/// let (clock, late) = (ManualClock::new(1.0), ManualClock::new(2.0));
/// let (mut one, mut other) = (Monitor::new(&clock), Monitor::new(&late));
/// let mut sensors = SensorDelegate::default();
/// sensors.add(&mut one);
/// sensors.add(&mut other);
/// let (tp, stream) = (TopicPartition::new("orders", 0), Stream::new("totals", None));
/// let mut state = sensors.on_stream_event_in(tp, 5, stream);
/// clock.advance(1.0);
/// late.advance(3.0);
/// sensors.on_stream_event_out(tp, 5, stream, Some(&mut state));
/// drop(sensors);
/// assert_eq!(one.events_runtime().iter().collect::<Vec<_>>(), [1.0]);
/// assert_eq!(other.events_runtime().iter().collect::<Vec<_>>(), [3.0]);
/// ```
#[derive(Default)]
pub struct SensorDelegate<'a> {
    sensors: Vec<(SensorKey, Box<dyn Sensor + 'a>)>,
    last_key: u64,
}

impl<'a> SensorDelegate<'a> {
    /// Adds a sensor, after those that are there.
    pub fn add(&mut self, sensor: impl Sensor + 'a) -> SensorKey {
        self.last_key += 1;
        let key = SensorKey(self.last_key);
        self.sensors.push((key, Box::new(sensor)));
        key
    }

    /// Takes a sensor out again, `None` where it is not there.
    pub fn remove(&mut self, sensor: SensorKey) -> Option<Box<dyn Sensor + 'a>> {
        let place = self.sensors.iter().position(|(key, _)| *key == sensor)?;
        Some(self.sensors.remove(place).1)
    }

    /// How many sensors there are.
    pub fn len(&self) -> usize {
        self.sensors.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.sensors.is_empty()
    }

    fn each(&mut self, mut tell: impl FnMut(&mut dyn Sensor)) {
        for (_, sensor) in &mut self.sensors {
            tell(sensor.as_mut());
        }
    }

    fn start<T>(&mut self, mut tell: impl FnMut(&mut dyn Sensor) -> Option<T>) -> Fanned<T> {
        let each = self.sensors.iter_mut();
        Fanned {
            tokens: each
                .map(|(key, sensor)| (*key, tell(sensor.as_mut())))
                .collect(),
        }
    }

    /// Gives each sensor that heard the start its own token back, or all of them none where the
    /// whole was not given.
    fn end<T>(
        &mut self,
        state: Option<&mut Fanned<T>>,
        mut tell: impl FnMut(&mut dyn Sensor, Option<&mut T>),
    ) {
        let Some(fanned) = state else {
            return self.each(|sensor| tell(sensor, None));
        };
        for (key, sensor) in &mut self.sensors {
            if let Some((_, token)) = fanned.tokens.iter_mut().find(|(known, _)| known == key) {
                tell(sensor.as_mut(), token.as_mut());
            }
        }
    }

    /// See [`Sensor::on_message_in`].
    pub fn on_message_in(&mut self, tp: TopicPartition<'_>, offset: u64, message: &mut Message) {
        self.each(|sensor| sensor.on_message_in(tp, offset, message));
    }

    /// See [`Sensor::on_stream_event_in`].
    pub fn on_stream_event_in(
        &mut self,
        tp: TopicPartition<'_>,
        offset: u64,
        stream: Stream<'_>,
    ) -> Fanned<EventState> {
        self.start(|sensor| sensor.on_stream_event_in(tp, offset, stream))
    }

    /// See [`Sensor::on_stream_event_out`].
    pub fn on_stream_event_out(
        &mut self,
        tp: TopicPartition<'_>,
        offset: u64,
        stream: Stream<'_>,
        state: Option<&mut Fanned<EventState>>,
    ) {
        self.end(state, |sensor, token| {
            sensor.on_stream_event_out(tp, offset, stream, token);
        });
    }

    /// See [`Sensor::on_message_out`].
    pub fn on_message_out(&mut self, tp: TopicPartition<'_>, offset: u64, message: &mut Message) {
        self.each(|sensor| sensor.on_message_out(tp, offset, message));
    }

    /// See [`Sensor::on_topic_buffer_full`].
    pub fn on_topic_buffer_full(&mut self, topic: &str) {
        self.each(|sensor| sensor.on_topic_buffer_full(topic));
    }

    /// See [`Sensor::on_table_get`].
    pub fn on_table_get(&mut self, table: &str) {
        self.each(|sensor| sensor.on_table_get(table));
    }

    /// See [`Sensor::on_table_set`].
    pub fn on_table_set(&mut self, table: &str) {
        self.each(|sensor| sensor.on_table_set(table));
    }

    /// See [`Sensor::on_table_del`].
    pub fn on_table_del(&mut self, table: &str) {
        self.each(|sensor| sensor.on_table_del(table));
    }

    /// See [`Sensor::on_commit_initiated`].
    pub fn on_commit_initiated(&mut self) -> Fanned<f64> {
        self.start(|sensor| sensor.on_commit_initiated())
    }

    /// See [`Sensor::on_commit_completed`].
    pub fn on_commit_completed(&mut self, state: Option<&mut Fanned<f64>>) {
        self.end(state, |sensor, token| {
            sensor.on_commit_completed(token.copied());
        });
    }

    /// See [`Sensor::on_send_initiated`].
    pub fn on_send_initiated(
        &mut self,
        topic: &str,
        keysize: usize,
        valsize: usize,
    ) -> Fanned<f64> {
        self.start(|sensor| sensor.on_send_initiated(topic, keysize, valsize))
    }

    /// See [`Sensor::on_send_completed`].
    pub fn on_send_completed(&mut self, state: Option<&mut Fanned<f64>>) {
        self.end(state, |sensor, token| {
            sensor.on_send_completed(token.copied());
        });
    }

    /// See [`Sensor::on_send_error`].
    pub fn on_send_error(&mut self, error: &dyn Display, state: Option<&mut Fanned<f64>>) {
        self.end(state, |sensor, token| {
            sensor.on_send_error(error, token.copied());
        });
    }

    /// See [`Sensor::count`].
    pub fn count(&mut self, name: &str, n: i64) {
        self.each(|sensor| sensor.count(name, n));
    }

    /// See [`Sensor::on_tp_commit`].
    pub fn on_tp_commit(&mut self, offsets: &[(TopicPartition<'_>, u64)]) {
        self.each(|sensor| sensor.on_tp_commit(offsets));
    }

    /// See [`Sensor::track_tp_end_offset`].
    pub fn track_tp_end_offset(&mut self, tp: TopicPartition<'_>, offset: u64) {
        self.each(|sensor| sensor.track_tp_end_offset(tp, offset));
    }

    /// See [`Sensor::on_assignment_start`].
    pub fn on_assignment_start(&mut self) -> Fanned<AssignmentState> {
        self.start(|sensor| Some(sensor.on_assignment_start()))
    }

    /// See [`Sensor::on_assignment_completed`].
    pub fn on_assignment_completed(&mut self, state: Option<&mut Fanned<AssignmentState>>) {
        self.end(state, |sensor, token| sensor.on_assignment_completed(token));
    }

    /// See [`Sensor::on_assignment_error`].
    pub fn on_assignment_error(
        &mut self,
        state: Option<&mut Fanned<AssignmentState>>,
        error: &dyn Display,
    ) {
        self.end(state, |sensor, token| {
            sensor.on_assignment_error(token, error);
        });
    }

    /// See [`Sensor::on_rebalance_start`].
    pub fn on_rebalance_start(&mut self, rebalances: Option<u64>) -> Fanned<RebalanceState> {
        self.start(|sensor| Some(sensor.on_rebalance_start(rebalances)))
    }

    /// See [`Sensor::on_rebalance_return`].
    pub fn on_rebalance_return(&mut self, state: Option<&mut Fanned<RebalanceState>>) {
        self.end(state, |sensor, token| sensor.on_rebalance_return(token));
    }

    /// See [`Sensor::on_rebalance_end`].
    pub fn on_rebalance_end(&mut self, state: Option<&mut Fanned<RebalanceState>>) {
        self.end(state, |sensor, token| sensor.on_rebalance_end(token));
    }

    /// See [`Sensor::on_web_request_start`].
    pub fn on_web_request_start(&mut self) -> Fanned<WebRequestState> {
        self.start(|sensor| Some(sensor.on_web_request_start()))
    }

    /// See [`Sensor::on_web_request_end`].
    pub fn on_web_request_end(
        &mut self,
        status: Option<HttpStatus>,
        state: Option<&mut Fanned<WebRequestState>>,
    ) {
        self.end(state, |sensor, token| {
            sensor.on_web_request_end(status, token);
        });
    }

    /// See [`Sensor::on_partitions_assigned`].
    pub fn on_partitions_assigned(&mut self, partitions: &[TopicPartition<'_>]) {
        self.each(|sensor| sensor.on_partitions_assigned(partitions));
    }

    /// See [`Sensor::on_partitions_revoked`].
    pub fn on_partitions_revoked(&mut self, partitions: &[TopicPartition<'_>]) {
        self.each(|sensor| sensor.on_partitions_revoked(partitions));
    }

    /// See [`Sensor::on_partitions_lost`].
    pub fn on_partitions_lost(&mut self, partitions: &[TopicPartition<'_>]) {
        self.each(|sensor| sensor.on_partitions_lost(partitions));
    }

    /// See [`Sensor::on_error`].
    pub fn on_error(&mut self, stage: Stage, kind: &str, tp: Option<TopicPartition<'_>>) {
        self.each(|sensor| sensor.on_error(stage, kind, tp));
    }

    /// See [`Sensor::on_retry`].
    pub fn on_retry(&mut self, tp: Option<TopicPartition<'_>>) {
        self.each(|sensor| sensor.on_retry(tp));
    }

    /// See [`Sensor::on_dead_letter`].
    pub fn on_dead_letter(&mut self, tp: Option<TopicPartition<'_>>) {
        self.each(|sensor| sensor.on_dead_letter(tp));
    }

    /// See [`Sensor::on_position`].
    pub fn on_position(&mut self, tp: TopicPartition<'_>, offset: u64) {
        self.each(|sensor| sensor.on_position(tp, offset));
    }

    /// See [`Sensor::on_heartbeat`].
    pub fn on_heartbeat(&mut self) {
        self.each(|sensor| sensor.on_heartbeat());
    }

    /// See [`Sensor::on_pause`].
    pub fn on_pause(&mut self, partitions: &[TopicPartition<'_>]) {
        self.each(|sensor| sensor.on_pause(partitions));
    }

    /// See [`Sensor::on_resume`].
    pub fn on_resume(&mut self, partitions: &[TopicPartition<'_>]) {
        self.each(|sensor| sensor.on_resume(partitions));
    }

    /// See [`Sensor::on_poll`].
    pub fn on_poll(&mut self, records: u64, bytes: Option<u64>) {
        self.each(|sensor| sensor.on_poll(records, bytes));
    }

    /// See [`Sensor::on_threaded_producer_buffer_processed`].
    pub fn on_threaded_producer_buffer_processed(&mut self, size: usize) {
        self.each(|sensor| sensor.on_threaded_producer_buffer_processed(size));
    }
}
