//! What each call of a trace tells the monitor.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;

use serde_json::{Map, Value, json};

use super::arguments::{Arguments, Wrong};
use super::not_finite_name;
use crate::clock::ManualClock;
use crate::monitor::Monitor;
use crate::sensor::Sensor;
use crate::tokens::{AssignmentState, EventState, Message, RebalanceState, WebRequestState};

/// What a trace ties together by label.
pub(super) enum Token {
    Message(Message),
    Event(EventState),
    Number(f64),
    Assignment(AssignmentState),
    Rebalance(RebalanceState),
    WebRequest(WebRequestState),
}

type Tokens = BTreeMap<String, Token>;

/// What a call left: the token that `after` is about, and what `expect` is about.
#[derive(Default)]
pub(super) struct Left {
    pub(super) label: Option<String>,
    pub(super) reading: Option<Value>,
}

/// A kind of token: how it is found among all of them, and made of the time that it held.
trait Kind: Sized {
    /// Its time in the key `held`.
    const TIME: &'static str;
    fn of(token: &mut Token) -> Option<&mut Self>;
    fn by_hand(time: f64) -> Token;
    fn set_time(&mut self, time: f64);
}

macro_rules! kinds {
    ($($kind:ident: $of:ty, $key:literal, |$time:ident| $new:expr, |$it:ident| $place:expr;)+) => {
        $(impl Kind for $of {
            const TIME: &'static str = $key;

            fn of(token: &mut Token) -> Option<&mut Self> {
                match token {
                    Token::$kind(token) => Some(token),
                    _ => None,
                }
            }

            fn by_hand($time: f64) -> Token {
                Token::$kind($new)
            }

            fn set_time(&mut self, time: f64) {
                let $it = self;
                $place = time;
            }
        })+
    };
}

kinds! {
    Event: EventState, "time_in", |time| EventState::new(time), |it| it.time_in;
    Number: f64, "time", |time| time, |it| *it;
    Assignment: AssignmentState, "time_start", |time| AssignmentState::new(time), |it| it.time_start;
    Rebalance: RebalanceState, "time_start", |time| RebalanceState::new(time), |it| it.time_start;
    WebRequest: WebRequestState, "time_start", |time| WebRequestState::new(time), |it| it.time_start;
}

/// The message of a call, made where the label is new.
fn message<'a>(
    tokens: &'a mut Tokens,
    args: &Arguments<'_>,
    left: &mut Left,
) -> Result<&'a mut Message, Wrong> {
    let label = args.label("message")?;
    let label = label.ok_or_else(|| Wrong::argument("message", "a string", &Value::Null))?;
    left.label = Some(label.clone());
    let token = tokens
        .entry(label)
        .or_insert_with(|| Token::Message(Message::default()));
    let Token::Message(message) = token else {
        return Err(Wrong(
            "argument \"message\" must be the label of a message".into(),
        ));
    };
    if args.get("held").is_some() {
        message.time_in = args.held("time_in")?;
        message.timestamp = args.held_timestamp();
    }
    Ok(message)
}

/// The token that a call gives back: `None` where the trace has none of that label.
fn token<'a, K: Kind>(
    tokens: &'a mut Tokens,
    args: &Arguments<'_>,
    left: &mut Left,
) -> Result<Option<&'a mut K>, Wrong> {
    let Some(label) = args.label("state")? else {
        return Ok(None);
    };
    left.label = Some(label.clone());
    let token = match args.held(K::TIME)? {
        None => tokens.get_mut(&label),
        Some(time) => {
            let token = tokens.entry(label).or_insert_with(|| K::by_hand(time));
            if let Some(known) = K::of(token) {
                known.set_time(time);
            }
            Some(token)
        }
    };
    let Some(token) = token else {
        return Ok(None);
    };
    let kind = K::of(token);
    kind.map(Some)
        .ok_or_else(|| Wrong("argument \"state\" is the label of another sort of token".into()))
}

/// Keeps what a start hook gave; one that gave none leaves none.
fn keep(
    tokens: &mut Tokens,
    args: &Arguments<'_>,
    left: &mut Left,
    token: Option<Token>,
) -> Result<(), Wrong> {
    let label = args.label("state")?;
    let label = label.ok_or_else(|| Wrong::argument("state", "a string", &Value::Null))?;
    left.label = Some(label.clone());
    match token {
        Some(token) => tokens.insert(label, token),
        None => tokens.remove(&label),
    };
    Ok(())
}

/// Makes a call.
pub(super) fn call(
    monitor: &mut Monitor<Rc<ManualClock>>,
    tokens: &mut Tokens,
    args: &Arguments<'_>,
) -> Result<Left, Wrong> {
    let mut left = Left::default();
    let left_by = &mut left;
    match args.text("call")? {
        "on_message_in" => {
            let (tp, offset) = (args.topic_partition("tp")?, args.whole("offset")?);
            let timestamp = args.optional("timestamp", Arguments::signed)?;
            let message = message(tokens, args, left_by)?;
            message.timestamp = timestamp.or(message.timestamp);
            monitor.on_message_in(tp, offset, message);
        }
        "on_message_out" => {
            let (tp, offset) = (args.topic_partition("tp")?, args.whole("offset")?);
            monitor.on_message_out(tp, offset, message(tokens, args, left_by)?);
        }
        "on_stream_event_in" => {
            let (tp, offset) = (args.topic_partition("tp")?, args.whole("offset")?);
            let state = monitor.on_stream_event_in(tp, offset, args.stream()?);
            keep(tokens, args, left_by, state.map(Token::Event))?;
        }
        "on_stream_event_out" => {
            let (tp, offset) = (args.topic_partition("tp")?, args.whole("offset")?);
            let state = token(tokens, args, left_by)?;
            monitor.on_stream_event_out(tp, offset, args.stream()?, state);
        }
        "on_topic_buffer_full" => monitor.on_topic_buffer_full(args.text("topic")?),
        "on_table_get" => monitor.on_table_get(args.text("table")?),
        "on_table_set" => monitor.on_table_set(args.text("table")?),
        "on_table_del" => monitor.on_table_del(args.text("table")?),
        "on_commit_initiated" => {
            let state = monitor.on_commit_initiated();
            keep(tokens, args, left_by, state.map(Token::Number))?;
        }
        "on_commit_completed" => {
            let state = token(tokens, args, left_by)?.copied();
            monitor.on_commit_completed(state);
        }
        "on_send_initiated" => {
            let (keysize, valsize) = (args.size("keysize")?, args.size("valsize")?);
            let state = monitor.on_send_initiated(args.text("topic")?, keysize, valsize);
            keep(tokens, args, left_by, state.map(Token::Number))?;
        }
        "on_send_completed" => {
            let state = token(tokens, args, left_by)?.copied();
            monitor.on_send_completed(state);
        }
        "on_send_error" => {
            let kind = args.optional("kind", Arguments::text)?;
            let state = token(tokens, args, left_by)?.copied();
            monitor.send_failed(kind, state);
        }
        "count" => monitor.count(args.text("name")?, args.signed("count")?),
        "on_tp_commit" => monitor.on_tp_commit(&args.offsets("offsets")?),
        "track_tp_end_offset" => {
            monitor.track_tp_end_offset(args.topic_partition("tp")?, args.whole("offset")?);
        }
        "on_assignment_start" => {
            let state = monitor.on_assignment_start();
            keep(tokens, args, left_by, Some(Token::Assignment(state)))?;
        }
        "on_assignment_completed" => {
            monitor.on_assignment_completed(token(tokens, args, left_by)?);
        }
        "on_assignment_error" => {
            monitor.on_assignment_error(token(tokens, args, left_by)?, &"");
        }
        "on_rebalance_start" => {
            let rebalances = args.optional("rebalances", Arguments::whole)?;
            let state = monitor.on_rebalance_start(rebalances);
            keep(tokens, args, left_by, Some(Token::Rebalance(state)))?;
        }
        "on_rebalance_return" => monitor.on_rebalance_return(token(tokens, args, left_by)?),
        "on_rebalance_end" => monitor.on_rebalance_end(token(tokens, args, left_by)?),
        "on_web_request_start" => {
            let state = monitor.on_web_request_start();
            keep(tokens, args, left_by, Some(Token::WebRequest(state)))?;
        }
        "on_web_request_end" => {
            let status = args.optional("status", Arguments::status)?;
            monitor.on_web_request_end(status, token(tokens, args, left_by)?);
        }
        "on_partitions_assigned" => {
            monitor.on_partitions_assigned(&args.topic_partitions("tps")?);
        }
        "on_partitions_revoked" => monitor.on_partitions_revoked(&args.topic_partitions("tps")?),
        "on_partitions_lost" => monitor.on_partitions_lost(&args.topic_partitions("tps")?),
        "on_error" => {
            let tp = args.optional("tp", Arguments::topic_partition)?;
            monitor.on_error(args.stage("stage")?, args.text("kind")?, tp);
        }
        "on_retry" => monitor.on_retry(args.optional("tp", Arguments::topic_partition)?),
        "on_dead_letter" => {
            monitor.on_dead_letter(args.optional("tp", Arguments::topic_partition)?);
        }
        "on_position" => {
            monitor.on_position(args.topic_partition("tp")?, args.whole("offset")?);
        }
        "on_heartbeat" => monitor.on_heartbeat(),
        "on_pause" => monitor.on_pause(&args.topic_partitions("tps")?),
        "on_resume" => monitor.on_resume(&args.topic_partitions("tps")?),
        "on_poll" => {
            let bytes = args.optional("bytes", Arguments::whole)?;
            monitor.on_poll(args.whole("records")?, bytes);
        }
        "sample" => monitor.sample(),
        "asdict" => left.reading = serde_json::to_value(monitor.asdict()).ok(),
        "snapshot" => left.reading = serde_json::to_value(monitor.snapshot()).ok(),
        unknown => return Err(Wrong(format!("unknown call {unknown:?}"))),
    }
    Ok(left)
}

impl Token {
    /// As Faust has it: what was not set yet is not there, except in the token of an event.
    pub(super) fn in_fausts_form(&self) -> Value {
        match self {
            Token::Number(seconds) => match not_finite_name(*seconds) {
                Some(name) => json!(name),
                None => json!(seconds),
            },
            Token::Event(state) => json!({
                "time_in": state.time_in,
                "time_out": state.time_out,
                "time_total": state.time_total,
            }),
            Token::Assignment(state) => json!({ "time_start": state.time_start }),
            Token::Message(message) => set_only(json!({
                "time_in": message.time_in,
                "time_out": message.time_out,
                "time_total": message.time_total,
            })),
            Token::Rebalance(state) => set_only(json!({
                "time_start": state.time_start,
                "time_return": state.time_return,
                "latency_return": state.latency_return,
                "time_end": state.time_end,
                "latency_end": state.latency_end,
            })),
            Token::WebRequest(state) => set_only(json!({
                "time_start": state.time_start,
                "time_end": state.time_end,
                "latency_end": state.latency_end,
                "status_code": state.status_code,
            })),
        }
    }
}

fn set_only(token: Value) -> Value {
    let fields = match token {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    fields
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .collect::<Map<_, _>>()
        .into()
}
