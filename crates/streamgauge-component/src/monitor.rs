//! The resource `monitor`: each function is one call into what does it.

use std::cell::RefCell;

use streamgauge::{Options, Sensor};

use crate::batch::{self, offsets_of, stream_of, tp_of, tps_of};
use crate::clock::{self, GuestClock};
use crate::figures;
use crate::handles::Handles;
use crate::hooks::{self, Monitor};
use crate::interfaces::calls::{Failure, TimedCall, Token};
use crate::interfaces::monitors::{self, Guest};
use crate::interfaces::snapshots::{Form, Snapshot};
use crate::interfaces::types::{
    AssignmentState, Error, EventState, Figures, HealthChange, Message, PartitionOffset,
    RebalanceState, Stage, Stream, TopicPartition, WebRequestState,
};
use crate::options::{dict_of, options_of};
use crate::packed::Packed;
use crate::tokens::OpenTokens;
use crate::{Component, packed, snapshots};

struct Inner {
    monitor: Monitor,
    open: OpenTokens,
    handles: Handles,
}

/// What a host holds. The component model lets nobody in while a call is under way, not even from
/// the host's clock.
pub(crate) struct GuestMonitor(RefCell<Inner>);

type Own = <Component as Guest>::Monitor;

impl GuestMonitor {
    fn of(monitor: Monitor) -> Self {
        Self(RefCell::new(Inner {
            monitor,
            open: OpenTokens::default(),
            handles: Handles::default(),
        }))
    }

    fn with_options(options: &Options) -> Result<monitors::Monitor, Error> {
        let monitor = Monitor::with_options(options, GuestClock::default())?;
        Ok(monitors::Monitor::new(Own::of(monitor)))
    }

    fn with<T>(&self, work: impl FnOnce(&mut Monitor) -> T) -> T {
        work(&mut self.0.borrow_mut().monitor)
    }

    /// Makes calls, each at its time: those that have none, at one reading of the clock.
    fn each<C, T>(
        &self,
        calls: impl Iterator<Item = C>,
        time: impl Fn(&C) -> Option<f64>,
        mut make: impl FnMut(&mut Inner, C) -> T,
        mut made: impl FnMut(T),
    ) {
        let mut inner = self.0.borrow_mut();
        let mut now = None;
        for call in calls {
            let at = time(&call).unwrap_or_else(|| *now.get_or_insert_with(clock::read));
            inner.monitor.clock().note(Some(at));
            made(make(&mut inner, call));
        }
        inner.monitor.clock().note(None);
    }

    fn packed(&self, calls: impl Iterator<Item = Packed>) -> Vec<Failure> {
        let mut failures = Failures::default();
        self.each(
            calls,
            packed::time,
            |inner, call| packed::call(&mut inner.monitor, &inner.handles, call),
            |made| failures.note(made),
        );
        failures.all
    }

    fn calls(&self, calls: Vec<TimedCall>, made: impl FnMut(Result<Token, Error>)) {
        self.each(
            calls.into_iter(),
            |timed| timed.at,
            |inner, timed| batch::call(&mut inner.monitor, &mut inner.open, timed.call),
            made,
        );
    }
}

/// Which calls of a batch were refused.
#[derive(Default)]
struct Failures {
    calls: u32,
    all: Vec<Failure>,
}

impl Failures {
    fn note<T>(&mut self, made: Result<T, Error>) {
        let index = self.calls;
        self.calls += 1;
        if let Err(error) = made {
            self.all.push(Failure { index, error });
        }
    }
}

impl monitors::GuestMonitor for GuestMonitor {
    fn new() -> Self {
        Self::of(Monitor::new(GuestClock::default()))
    }

    fn create(options: monitors::Options) -> Result<monitors::Monitor, Error> {
        Self::with_options(&options.into())
    }

    fn create_from_json(options: String) -> Result<monitors::Monitor, Error> {
        Self::with_options(&options_of(&options)?)
    }

    fn restore(asdict: String, options: String) -> Result<monitors::Monitor, Error> {
        let (dict, options) = (dict_of(&asdict)?, options_of(&options)?);
        let monitor = Monitor::restore(&dict, &options, GuestClock::default())?;
        Ok(monitors::Monitor::new(Own::of(monitor)))
    }

    fn on_message_in(
        &self,
        tp: TopicPartition,
        offset: u64,
        message: Message,
    ) -> Result<Message, Error> {
        self.with(|monitor| hooks::message_in(monitor, tp_of(&tp), offset, message))
    }

    fn on_stream_event_in(
        &self,
        tp: TopicPartition,
        offset: u64,
        stream: Stream,
    ) -> Result<EventState, Error> {
        self.with(|monitor| hooks::event_in(monitor, tp_of(&tp), offset, stream_of(&stream)))
    }

    fn on_stream_event_out(
        &self,
        tp: TopicPartition,
        offset: u64,
        stream: Stream,
        state: Option<EventState>,
    ) -> Result<Option<EventState>, Error> {
        let stream = stream_of(&stream);
        self.with(|monitor| hooks::event_out(monitor, tp_of(&tp), offset, stream, state))
    }

    fn on_message_out(
        &self,
        tp: TopicPartition,
        offset: u64,
        message: Message,
    ) -> Result<Message, Error> {
        self.with(|monitor| hooks::message_out(monitor, tp_of(&tp), offset, message))
    }

    fn on_topic_buffer_full(&self, topic: String) -> Result<(), Error> {
        self.with(|monitor| hooks::buffer_full(monitor, &topic))
    }

    fn on_table_get(&self, table: String) -> Result<(), Error> {
        self.with(|monitor| hooks::table_get(monitor, &table))
    }

    fn on_table_set(&self, table: String) -> Result<(), Error> {
        self.with(|monitor| hooks::table_set(monitor, &table))
    }

    fn on_table_del(&self, table: String) -> Result<(), Error> {
        self.with(|monitor| hooks::table_del(monitor, &table))
    }

    fn on_commit_initiated(&self) -> f64 {
        self.with(hooks::commit_initiated)
    }

    fn on_commit_completed(&self, state: Option<f64>) {
        self.with(|monitor| monitor.on_commit_completed(state));
    }

    fn on_send_initiated(&self, topic: String, keysize: u64, valsize: u64) -> Result<f64, Error> {
        self.with(|monitor| hooks::send_initiated(monitor, &topic, keysize, valsize))
    }

    fn on_send_completed(&self, state: Option<f64>) {
        self.with(|monitor| monitor.on_send_completed(state));
    }

    fn on_send_error(&self, kind: Option<String>, state: Option<f64>) -> Result<(), Error> {
        self.with(|monitor| hooks::send_error(monitor, kind.as_deref(), state))
    }

    fn count(&self, name: String, n: i64) -> Result<(), Error> {
        self.with(|monitor| hooks::count(monitor, &name, n))
    }

    fn on_tp_commit(&self, offsets: Vec<PartitionOffset>) -> Result<(), Error> {
        self.with(|monitor| hooks::tp_commit(monitor, &offsets_of(&offsets)))
    }

    fn track_tp_end_offset(&self, tp: TopicPartition, offset: u64) -> Result<(), Error> {
        self.with(|monitor| hooks::end_offset(monitor, tp_of(&tp), offset))
    }

    fn on_assignment_start(&self) -> AssignmentState {
        self.with(hooks::assignment_start)
    }

    fn on_assignment_completed(
        &self,
        state: Option<AssignmentState>,
    ) -> Result<Option<AssignmentState>, Error> {
        self.with(|monitor| hooks::assignment_over(monitor, state, false))
    }

    fn on_assignment_error(
        &self,
        state: Option<AssignmentState>,
    ) -> Result<Option<AssignmentState>, Error> {
        self.with(|monitor| hooks::assignment_over(monitor, state, true))
    }

    fn on_rebalance_start(&self, rebalances: Option<u64>) -> RebalanceState {
        self.with(|monitor| hooks::rebalance_start(monitor, rebalances))
    }

    fn on_rebalance_return(
        &self,
        state: Option<RebalanceState>,
    ) -> Result<Option<RebalanceState>, Error> {
        self.with(|monitor| hooks::rebalance_return(monitor, state))
    }

    fn on_rebalance_end(
        &self,
        state: Option<RebalanceState>,
    ) -> Result<Option<RebalanceState>, Error> {
        self.with(|monitor| hooks::rebalance_end(monitor, state))
    }

    fn on_web_request_start(&self) -> WebRequestState {
        self.with(hooks::web_request_start)
    }

    fn on_web_request_end(
        &self,
        status: Option<u16>,
        state: Option<WebRequestState>,
    ) -> Result<Option<WebRequestState>, Error> {
        self.with(|monitor| hooks::web_request_end(monitor, status, state))
    }

    fn on_threaded_producer_buffer_processed(&self, _size: u64) {}

    fn on_partitions_assigned(&self, tps: Vec<TopicPartition>) -> Result<(), Error> {
        let hook = Monitor::on_partitions_assigned;
        self.with(|monitor| hooks::of_partitions(monitor, &tps_of(&tps), hook))
    }

    fn on_partitions_revoked(&self, tps: Vec<TopicPartition>) -> Result<(), Error> {
        let hook = Monitor::on_partitions_revoked;
        self.with(|monitor| hooks::of_partitions(monitor, &tps_of(&tps), hook))
    }

    fn on_partitions_lost(&self, tps: Vec<TopicPartition>) -> Result<(), Error> {
        let hook = Monitor::on_partitions_lost;
        self.with(|monitor| hooks::of_partitions(monitor, &tps_of(&tps), hook))
    }

    fn on_error(
        &self,
        stage: Stage,
        kind: String,
        tp: Option<TopicPartition>,
    ) -> Result<(), Error> {
        self.with(|monitor| hooks::error(monitor, stage, &kind, tp.as_ref().map(tp_of)))
    }

    fn on_retry(&self, tp: Option<TopicPartition>) -> Result<(), Error> {
        let tp = tp.as_ref().map(tp_of);
        self.with(|monitor| hooks::of_partition(monitor, tp, Monitor::on_retry))
    }

    fn on_dead_letter(&self, tp: Option<TopicPartition>) -> Result<(), Error> {
        let tp = tp.as_ref().map(tp_of);
        self.with(|monitor| hooks::of_partition(monitor, tp, Monitor::on_dead_letter))
    }

    fn on_position(&self, tp: TopicPartition, offset: u64) -> Result<(), Error> {
        self.with(|monitor| hooks::position(monitor, tp_of(&tp), offset))
    }

    fn on_heartbeat(&self) {
        self.with(Monitor::on_heartbeat);
    }

    fn on_pause(&self, tps: Vec<TopicPartition>) -> Result<(), Error> {
        self.with(|monitor| hooks::of_partitions(monitor, &tps_of(&tps), Monitor::on_pause))
    }

    fn on_resume(&self, tps: Vec<TopicPartition>) -> Result<(), Error> {
        self.with(|monitor| hooks::of_partitions(monitor, &tps_of(&tps), Monitor::on_resume))
    }

    fn on_poll(&self, records: u64, bytes: Option<u64>) {
        self.with(|monitor| monitor.on_poll(records, bytes));
    }

    fn record_calls(&self, calls: Vec<TimedCall>) -> Vec<Failure> {
        let mut failures = Failures::default();
        self.calls(calls, |made| failures.note(made));
        failures.all
    }

    fn record_calls_for_tokens(&self, calls: Vec<TimedCall>) -> Vec<Result<Token, Error>> {
        let mut tokens = Vec::with_capacity(calls.len());
        self.calls(calls, |made| tokens.push(made));
        tokens
    }

    fn topic_partition_handle(&self, tp: TopicPartition) -> Result<u32, Error> {
        let handles = &mut self.0.borrow_mut().handles;
        handles.give_topic_partition(tp.topic, tp.partition)
    }

    fn stream_handle(&self, stream: Stream) -> Result<u32, Error> {
        let handles = &mut self.0.borrow_mut().handles;
        handles.give_stream(stream.label, stream.task)
    }

    fn name_handle(&self, name: String) -> Result<u32, Error> {
        self.0.borrow_mut().handles.give_name(name)
    }

    fn record_packed(&self, calls: Vec<f64>) -> Result<Vec<Failure>, Error> {
        Ok(self.packed(packed::calls_of(&calls)?))
    }

    fn record_packed_text(&self, calls: String) -> Result<Vec<Failure>, Error> {
        let bytes = packed::decode(&calls)?;
        Ok(self.packed(packed::calls_in(&bytes)?))
    }

    fn sample(&self) {
        self.with(Monitor::sample);
    }

    fn asdict(&self) -> Figures {
        self.with(|monitor| monitor.asdict().into())
    }

    fn asdict_json(&self) -> String {
        self.with(|monitor| figures::asdict_json(monitor))
    }

    fn snapshot(&self, form: Form) -> Snapshot {
        self.with(|monitor| snapshots::written(&monitor.snapshot(), form))
    }

    fn health_changes(&self) -> Vec<HealthChange> {
        let mut changes = Vec::new();
        self.with(|monitor| monitor.health_changes(|change| changes.push(change.into())));
        changes
    }

    fn anomalies(&self) -> Vec<(String, u64)> {
        self.with(|monitor| figures::anomalies(monitor))
    }

    fn events_runtime(&self) -> Vec<f64> {
        self.with(|monitor| monitor.events_runtime().iter().collect())
    }

    fn stream_inbound_time(&self) -> Vec<(TopicPartition, f64)> {
        self.with(|monitor| figures::inbound_times(monitor))
    }

    fn secs_since(&self, start: f64) -> f64 {
        self.with(|monitor| monitor.secs_since(start))
    }

    fn ms_since(&self, start: f64) -> f64 {
        self.with(|monitor| monitor.ms_since(start))
    }
}
