//! Every hook: the checks, one call into the core, the token.

use streamgauge::{Sensor, TopicPartition};

use crate::clock::GuestClock;
use crate::errors::{self, invalid};
use crate::interfaces::types::{
    AssignmentState, Error, EventState, Message, RebalanceState, Stage, WebRequestState,
};
use crate::tokens::{check_open, completed};

pub(crate) type Monitor = streamgauge::Monitor<GuestClock>;
type Stream<'a> = streamgauge::Stream<'a>;

pub(crate) fn message_in(
    monitor: &mut Monitor,
    tp: TopicPartition<'_>,
    offset: u64,
    message: Message,
) -> Result<Message, Error> {
    errors::topic_partition(tp)?;
    errors::offset(offset)?;
    let mut message = message.into();
    monitor.on_message_in(tp, offset, &mut message);
    Ok(message.into())
}

pub(crate) fn event_in(
    monitor: &mut Monitor,
    tp: TopicPartition<'_>,
    offset: u64,
    stream: Stream<'_>,
) -> Result<EventState, Error> {
    errors::topic_partition(tp)?;
    errors::offset(offset)?;
    check_stream(stream)?;
    let state = monitor.on_stream_event_in(tp, offset, stream);
    // The core gives none where a name is too long, which was refused above.
    let state = state.ok_or_else(|| invalid("stream", "one that is known", stream.label))?;
    Ok(state.into())
}

pub(crate) fn event_out(
    monitor: &mut Monitor,
    tp: TopicPartition<'_>,
    offset: u64,
    stream: Stream<'_>,
    state: Option<EventState>,
) -> Result<Option<EventState>, Error> {
    errors::topic_partition(tp)?;
    errors::offset(offset)?;
    check_stream(stream)?;
    let Some(state) = state else { return Ok(None) };
    check_open(state.time_out)?;
    let mut state = streamgauge::EventState::new(state.time_in);
    monitor.on_stream_event_out(tp, offset, stream, Some(&mut state));
    Ok(Some(state.into()))
}

pub(crate) fn message_out(
    monitor: &mut Monitor,
    tp: TopicPartition<'_>,
    offset: u64,
    message: Message,
) -> Result<Message, Error> {
    errors::topic_partition(tp)?;
    errors::offset(offset)?;
    let mut message = message.into();
    monitor.on_message_out(tp, offset, &mut message);
    Ok(message.into())
}

pub(crate) fn check_stream(stream: Stream<'_>) -> Result<(), Error> {
    errors::name("stream", stream.label)?;
    errors::name("task", stream.task.unwrap_or_default())
}

pub(crate) fn buffer_full(monitor: &mut Monitor, topic: &str) -> Result<(), Error> {
    errors::name("topic", topic)?;
    monitor.on_topic_buffer_full(topic);
    Ok(())
}

pub(crate) fn table_get(monitor: &mut Monitor, table: &str) -> Result<(), Error> {
    errors::name("table", table)?;
    monitor.on_table_get(table);
    Ok(())
}

pub(crate) fn table_set(monitor: &mut Monitor, table: &str) -> Result<(), Error> {
    errors::name("table", table)?;
    monitor.on_table_set(table);
    Ok(())
}

pub(crate) fn table_del(monitor: &mut Monitor, table: &str) -> Result<(), Error> {
    errors::name("table", table)?;
    monitor.on_table_del(table);
    Ok(())
}

pub(crate) fn commit_initiated(monitor: &mut Monitor) -> f64 {
    monitor.on_commit_initiated().unwrap_or_default()
}

pub(crate) fn send_initiated(
    monitor: &mut Monitor,
    topic: &str,
    keysize: u64,
    valsize: u64,
) -> Result<f64, Error> {
    errors::name("topic", topic)?;
    let keysize = errors::size("keysize", keysize)?;
    let valsize = errors::size("valsize", valsize)?;
    let time = monitor.on_send_initiated(topic, keysize, valsize);
    Ok(time.unwrap_or_default())
}

pub(crate) fn send_error(
    monitor: &mut Monitor,
    kind: Option<&str>,
    state: Option<f64>,
) -> Result<(), Error> {
    errors::name("kind", kind.unwrap_or_default())?;
    monitor.send_failed(kind, state);
    Ok(())
}

pub(crate) fn count(monitor: &mut Monitor, name: &str, n: i64) -> Result<(), Error> {
    errors::name("name", name)?;
    monitor.count(name, n);
    Ok(())
}

pub(crate) fn tp_commit(
    monitor: &mut Monitor,
    offsets: &[(TopicPartition<'_>, u64)],
) -> Result<(), Error> {
    for (tp, offset) in offsets {
        errors::topic_partition(*tp)?;
        errors::offset(*offset)?;
    }
    monitor.on_tp_commit(offsets);
    Ok(())
}

pub(crate) fn end_offset(
    monitor: &mut Monitor,
    tp: TopicPartition<'_>,
    offset: u64,
) -> Result<(), Error> {
    errors::topic_partition(tp)?;
    errors::offset(offset)?;
    monitor.track_tp_end_offset(tp, offset);
    Ok(())
}

pub(crate) fn position(
    monitor: &mut Monitor,
    tp: TopicPartition<'_>,
    offset: u64,
) -> Result<(), Error> {
    errors::topic_partition(tp)?;
    errors::offset(offset)?;
    monitor.on_position(tp, offset);
    Ok(())
}

pub(crate) fn assignment_start(monitor: &mut Monitor) -> AssignmentState {
    AssignmentState {
        time_start: monitor.on_assignment_start().time_start,
        completed: false,
    }
}

pub(crate) fn assignment_over(
    monitor: &mut Monitor,
    state: Option<AssignmentState>,
    failed: bool,
) -> Result<Option<AssignmentState>, Error> {
    if state.is_some_and(|state| state.completed) {
        return Err(completed("one that is completed".into()));
    }
    let mut token = state.map(|state| streamgauge::AssignmentState::new(state.time_start));
    match failed {
        false => monitor.on_assignment_completed(token.as_mut()),
        true => monitor.on_assignment_error(token.as_mut(), &""),
    }
    Ok(state.map(|state| AssignmentState {
        completed: true,
        ..state
    }))
}

pub(crate) fn rebalance_start(monitor: &mut Monitor, rebalances: Option<u64>) -> RebalanceState {
    monitor.on_rebalance_start(rebalances).into()
}

pub(crate) fn rebalance_return(
    monitor: &mut Monitor,
    state: Option<RebalanceState>,
) -> Result<Option<RebalanceState>, Error> {
    check_open(state.and_then(|state| state.time_return))?;
    let mut token = state.map(rebalance_token);
    monitor.on_rebalance_return(token.as_mut());
    Ok(token.map(Into::into))
}

pub(crate) fn rebalance_end(
    monitor: &mut Monitor,
    state: Option<RebalanceState>,
) -> Result<Option<RebalanceState>, Error> {
    check_open(state.and_then(|state| state.time_end))?;
    let mut token = state.map(rebalance_token);
    monitor.on_rebalance_end(token.as_mut());
    Ok(token.map(Into::into))
}

fn rebalance_token(state: RebalanceState) -> streamgauge::RebalanceState {
    let mut token = streamgauge::RebalanceState::new(state.time_start);
    token.time_return = state.time_return;
    token.latency_return = state.latency_return;
    token.time_end = state.time_end;
    token.latency_end = state.latency_end;
    token
}

pub(crate) fn web_request_start(monitor: &mut Monitor) -> WebRequestState {
    monitor.on_web_request_start().into()
}

pub(crate) fn web_request_end(
    monitor: &mut Monitor,
    status: Option<u16>,
    state: Option<WebRequestState>,
) -> Result<Option<WebRequestState>, Error> {
    let status = errors::status(status)?;
    check_open(state.and_then(|state| state.time_end))?;
    let mut token = state.map(|state| streamgauge::WebRequestState::new(state.time_start));
    monitor.on_web_request_end(status, token.as_mut());
    Ok(token.map(Into::into))
}

/// A hook of the core that takes partitions.
pub(crate) type OfPartitions = fn(&mut Monitor, &[TopicPartition<'_>]);

pub(crate) fn of_partitions(
    monitor: &mut Monitor,
    tps: &[TopicPartition<'_>],
    hook: OfPartitions,
) -> Result<(), Error> {
    for tp in tps {
        errors::topic_partition(*tp)?;
    }
    hook(monitor, tps);
    Ok(())
}

pub(crate) fn error(
    monitor: &mut Monitor,
    stage: Stage,
    kind: &str,
    tp: Option<TopicPartition<'_>>,
) -> Result<(), Error> {
    errors::name("kind", kind)?;
    tp.map_or(Ok(()), errors::topic_partition)?;
    monitor.on_error(stage.into(), kind, tp);
    Ok(())
}

/// A hook of the core that takes a partition where there is one.
pub(crate) type OfPartition = fn(&mut Monitor, Option<TopicPartition<'_>>);

pub(crate) fn of_partition(
    monitor: &mut Monitor,
    tp: Option<TopicPartition<'_>>,
    hook: OfPartition,
) -> Result<(), Error> {
    tp.map_or(Ok(()), errors::topic_partition)?;
    hook(monitor, tp);
    Ok(())
}

impl From<Stage> for streamgauge::Stage {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Send => Self::Send,
            Stage::Process => Self::Process,
            Stage::Commit => Self::Commit,
            Stage::Deserialize => Self::Deserialize,
            Stage::Http => Self::Http,
            Stage::Fetch => Self::Fetch,
            Stage::Other => Self::Other,
        }
    }
}
