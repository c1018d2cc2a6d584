//! Calls as values, with tokens by number.

use streamgauge::{Sensor, Stream, TopicPartition};

use crate::hooks::{self, Monitor, OfPartitions};
use crate::interfaces::calls::{
    Call, ErrorSeen, EventIn, EventOut, MessageIn, MessageOut, Polled, RebalanceStart, SendError,
    SendInitiated, Token, TokenId, WebRequestEnd,
};
use crate::interfaces::types::{self, Error, Message, PartitionOffset};
use crate::tokens::OpenTokens;

pub(crate) fn tp_of(tp: &types::TopicPartition) -> TopicPartition<'_> {
    TopicPartition::new(&tp.topic, tp.partition)
}

pub(crate) fn tps_of(tps: &[types::TopicPartition]) -> Vec<TopicPartition<'_>> {
    tps.iter().map(tp_of).collect()
}

pub(crate) fn offsets_of(offsets: &[PartitionOffset]) -> Vec<(TopicPartition<'_>, u64)> {
    let mut all = Vec::with_capacity(offsets.len());
    for at in offsets {
        all.push((TopicPartition::new(&at.topic, at.partition), at.offset));
    }
    all
}

pub(crate) fn stream_of(stream: &types::Stream) -> Stream<'_> {
    Stream::new(&stream.label, stream.task.as_deref())
}

/// Makes a call. Gives what it left in its token.
pub(crate) fn call(
    monitor: &mut Monitor,
    open: &mut OpenTokens,
    call: Call,
) -> Result<Token, Error> {
    match call {
        Call::OnMessageIn(call) => message_in(monitor, open, call),
        Call::OnStreamEventIn(call) => event_in(monitor, open, call),
        Call::OnStreamEventOut(call) => event_out(monitor, open, call),
        Call::OnMessageOut(call) => message_out(monitor, open, call),
        Call::OnTopicBufferFull(topic) => hooks::buffer_full(monitor, &topic).map(no_token),
        Call::OnTableGet(table) => hooks::table_get(monitor, &table).map(no_token),
        Call::OnTableSet(table) => hooks::table_set(monitor, &table).map(no_token),
        Call::OnTableDel(table) => hooks::table_del(monitor, &table).map(no_token),
        Call::OnCommitInitiated(id) => {
            open.check_room(id)?;
            let time = hooks::commit_initiated(monitor);
            Ok(opened(open, id, Token::Time(time)))
        }
        Call::OnCommitCompleted(id) => {
            let state = open.get(id)?;
            monitor.on_commit_completed(state);
            Ok(closed(open, id, state.map(Token::Time)))
        }
        Call::OnSendInitiated(call) => {
            let SendInitiated {
                topic,
                keysize,
                valsize,
                token,
            } = call;
            open.check_room(token)?;
            let time = hooks::send_initiated(monitor, &topic, keysize, valsize)?;
            Ok(opened(open, token, Token::Time(time)))
        }
        Call::OnSendCompleted(id) => {
            let state = open.get(id)?;
            monitor.on_send_completed(state);
            Ok(closed(open, id, state.map(Token::Time)))
        }
        Call::OnSendError(SendError { token, kind }) => {
            let state = open.get(token)?;
            hooks::send_error(monitor, kind.as_deref(), state)?;
            Ok(closed(open, token, state.map(Token::Time)))
        }
        Call::Count((name, n)) => hooks::count(monitor, &name, n).map(no_token),
        Call::OnTpCommit(offsets) => hooks::tp_commit(monitor, &offsets_of(&offsets)).map(no_token),
        Call::TrackTpEndOffset(end) => {
            let tp = TopicPartition::new(&end.topic, end.partition);
            hooks::end_offset(monitor, tp, end.offset).map(no_token)
        }
        Call::OnAssignmentStart(id) => {
            open.check_room(id)?;
            let state = hooks::assignment_start(monitor);
            Ok(opened(open, id, Token::Assignment(state)))
        }
        Call::OnAssignmentCompleted(id) => assignment_over(monitor, open, id, false),
        Call::OnAssignmentError(id) => assignment_over(monitor, open, id, true),
        Call::OnRebalanceStart(RebalanceStart { rebalances, token }) => {
            open.check_room(token)?;
            let state = hooks::rebalance_start(monitor, rebalances);
            Ok(opened(open, token, Token::Rebalance(state)))
        }
        Call::OnRebalanceReturn(id) => {
            let state = hooks::rebalance_return(monitor, open.get(id)?)?;
            match (id, state.map(Token::Rebalance)) {
                // It stays open until the rebalance ends.
                (Some(id), Some(token)) => Ok(opened(open, id, token)),
                _ => Ok(Token::None),
            }
        }
        Call::OnRebalanceEnd(id) => {
            let state = hooks::rebalance_end(monitor, open.get(id)?)?;
            Ok(closed(open, id, state.map(Token::Rebalance)))
        }
        Call::OnWebRequestStart(id) => {
            open.check_room(id)?;
            let state = hooks::web_request_start(monitor);
            Ok(opened(open, id, Token::WebRequest(state)))
        }
        Call::OnWebRequestEnd(WebRequestEnd { status, token }) => {
            let state = hooks::web_request_end(monitor, status, open.get(token)?)?;
            Ok(closed(open, token, state.map(Token::WebRequest)))
        }
        Call::OnPartitionsAssigned(tps) => {
            of_partitions(monitor, &tps, Monitor::on_partitions_assigned)
        }
        Call::OnPartitionsRevoked(tps) => {
            of_partitions(monitor, &tps, Monitor::on_partitions_revoked)
        }
        Call::OnPartitionsLost(tps) => of_partitions(monitor, &tps, Monitor::on_partitions_lost),
        Call::OnError(ErrorSeen { stage, kind, tp }) => {
            hooks::error(monitor, stage, &kind, tp.as_ref().map(tp_of)).map(no_token)
        }
        Call::OnRetry(tp) => {
            let tp = tp.as_ref().map(tp_of);
            hooks::of_partition(monitor, tp, Monitor::on_retry).map(no_token)
        }
        Call::OnDeadLetter(tp) => {
            let tp = tp.as_ref().map(tp_of);
            hooks::of_partition(monitor, tp, Monitor::on_dead_letter).map(no_token)
        }
        Call::OnPosition(at) => {
            let tp = TopicPartition::new(&at.topic, at.partition);
            hooks::position(monitor, tp, at.offset).map(no_token)
        }
        Call::OnHeartbeat => {
            monitor.on_heartbeat();
            Ok(Token::None)
        }
        Call::OnPause(tps) => of_partitions(monitor, &tps, Monitor::on_pause),
        Call::OnResume(tps) => of_partitions(monitor, &tps, Monitor::on_resume),
        Call::OnPoll(Polled { records, bytes }) => {
            monitor.on_poll(records, bytes);
            Ok(Token::None)
        }
        Call::OnThreadedProducerBufferProcessed(_) => Ok(Token::None),
        Call::Sample => {
            monitor.sample();
            Ok(Token::None)
        }
        Call::Forget(id) => {
            open.close(Some(id));
            Ok(Token::None)
        }
    }
}

fn no_token((): ()) -> Token {
    Token::None
}

fn opened(open: &mut OpenTokens, id: TokenId, token: Token) -> Token {
    open.put(id, token);
    token
}

fn closed(open: &mut OpenTokens, id: Option<TokenId>, token: Option<Token>) -> Token {
    open.close(id);
    token.unwrap_or(Token::None)
}

fn message_in(
    monitor: &mut Monitor,
    open: &mut OpenTokens,
    call: MessageIn,
) -> Result<Token, Error> {
    open.check_room(call.token)?;
    let tp = TopicPartition::new(&call.topic, call.partition);
    let message = Message {
        timestamp: call.timestamp,
        ..NO_MESSAGE
    };
    let message = hooks::message_in(monitor, tp, call.offset, message)?;
    Ok(opened(open, call.token, Token::Message(message)))
}

/// A message of which nothing is known.
const NO_MESSAGE: Message = Message {
    timestamp: None,
    time_in: None,
    time_out: None,
    time_total: None,
};

fn message_out(
    monitor: &mut Monitor,
    open: &mut OpenTokens,
    call: MessageOut,
) -> Result<Token, Error> {
    let tp = TopicPartition::new(&call.topic, call.partition);
    let message = open.get(call.token)?.unwrap_or(NO_MESSAGE);
    let message = hooks::message_out(monitor, tp, call.offset, message)?;
    Ok(closed(open, call.token, Some(Token::Message(message))))
}

fn event_in(monitor: &mut Monitor, open: &mut OpenTokens, call: EventIn) -> Result<Token, Error> {
    open.check_room(call.token)?;
    let tp = TopicPartition::new(&call.topic, call.partition);
    let state = hooks::event_in(monitor, tp, call.offset, stream_of(&call.stream))?;
    Ok(opened(open, call.token, Token::Event(state)))
}

fn event_out(monitor: &mut Monitor, open: &mut OpenTokens, call: EventOut) -> Result<Token, Error> {
    let tp = TopicPartition::new(&call.topic, call.partition);
    let (state, stream) = (open.get(call.token)?, stream_of(&call.stream));
    let state = hooks::event_out(monitor, tp, call.offset, stream, state)?;
    Ok(closed(open, call.token, state.map(Token::Event)))
}

fn assignment_over(
    monitor: &mut Monitor,
    open: &mut OpenTokens,
    id: Option<TokenId>,
    failed: bool,
) -> Result<Token, Error> {
    let state = hooks::assignment_over(monitor, open.get(id)?, failed)?;
    Ok(closed(open, id, state.map(Token::Assignment)))
}

fn of_partitions(
    monitor: &mut Monitor,
    tps: &[types::TopicPartition],
    hook: OfPartitions,
) -> Result<Token, Error> {
    hooks::of_partitions(monitor, &tps_of(tps), hook).map(no_token)
}
