//! Replays a trace and compares what it expects, exactly: natively (`conformance.rs` beside this
//! folder) and inside WebAssembly (the wrapper's tests).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use streamgauge::{
    AssignmentState, EventState, HttpStatus, ManualClock, Message, Monitor, Options,
    RebalanceState, Sensor, Stage, Stream, TopicPartition, WebRequestState,
};

/// What a trace ties together by label.
enum Token {
    Message(Message),
    Event(EventState),
    Number(f64),
    Assignment(AssignmentState),
    Rebalance(RebalanceState),
    WebRequest(WebRequestState),
}

struct Replay {
    monitor: Monitor<std::rc::Rc<ManualClock>>,
    clock: std::rc::Rc<ManualClock>,
    tokens: BTreeMap<String, Token>,
}

/// Gives `$hook` the token of the call's label as the `$kind` that it is, `None` for null. What it
/// `held` is set on it, or makes it by hand.
macro_rules! with_token {
    ($replay:ident, $call:ident, $kind:ident($of:ident.$time:ident), |$state:ident| $hook:expr) => {{
        let $state = $call["state"].as_str().map(|label| {
            if let Some(held) = $call.get("held") {
                let time = seconds(&held[stringify!($time)]);
                let token = $replay.tokens.entry(label.into());
                let token = token.or_insert_with(|| Token::$kind($of::new(time)));
                if let Token::$kind(state) = token {
                    state.$time = time;
                }
            }
            match $replay.tokens.get_mut(label) {
                Some(Token::$kind(state)) => state,
                _ => panic!("no token {label} of this kind"),
            }
        });
        $hook
    }};
}

impl Replay {
    fn new(header: &Value) -> Self {
        assert_eq!(header["trace"], "streamgauge/1");
        let mut options: Options = serde_json::from_value(header["options"].clone()).unwrap();
        if let Some(epoch) = header.get("epoch") {
            options.epoch = epoch.as_f64().unwrap();
        }
        let clock = std::rc::Rc::new(ManualClock::new(header.get("at").map_or(0.0, seconds)));
        Self {
            monitor: Monitor::with_options(&options, clock.clone()).unwrap(),
            clock,
            tokens: BTreeMap::new(),
        }
    }

    fn keep(&mut self, call: &Value, token: Token) {
        self.tokens.insert(text(&call["state"]).into(), token);
    }

    /// The bare time of a call's label; what it held where it was made by hand.
    fn number(&mut self, call: &Value) -> Option<f64> {
        let label = call["state"].as_str()?;
        if let Some(held) = call.get("held") {
            self.keep(call, Token::Number(seconds(&held["time"])));
        }
        match self.tokens.get(label) {
            Some(Token::Number(state)) => Some(*state),
            _ => panic!("no number {label}"),
        }
    }

    /// The message of a call, a new one where its label is new.
    fn message(&mut self, call: &Value) -> &mut Message {
        let label = text(&call["message"]).into();
        let token = self
            .tokens
            .entry(label)
            .or_insert(Token::Message(Message::default()));
        let Token::Message(message) = token else {
            panic!("not a message")
        };
        if let Some(held) = call.get("held") {
            message.time_in = held.get("time_in").map(seconds);
            message.timestamp = held["timestamp"].as_i64();
        }
        message
    }

    /// Makes a call; gives what is to be held against `after`, where the call leaves anything.
    fn call(&mut self, call: &Value) -> Option<Value> {
        self.clock.set(seconds(&call["at"]));
        if let "on_message_in" | "on_message_out" = text(&call["call"]) {
            let mut message = *self.message(call);
            if text(&call["call"]) == "on_message_in" {
                message.timestamp = call["timestamp"].as_i64().or(message.timestamp);
                self.monitor
                    .on_message_in(tp(call), whole(&call["offset"]), &mut message);
            } else {
                self.monitor
                    .on_message_out(tp(call), whole(&call["offset"]), &mut message);
            }
            *self.message(&json!({ "message": call["message"] })) = message;
            return Some(in_fausts_form(&Token::Message(message)));
        }
        let monitor = &mut self.monitor;
        match text(&call["call"]) {
            "on_stream_event_in" => {
                let state =
                    monitor.on_stream_event_in(tp(call), whole(&call["offset"]), stream(call));
                if let Some(state) = state {
                    self.keep(call, Token::Event(state));
                }
            }
            "on_stream_event_out" => {
                with_token!(self, call, Event(EventState.time_in), |state| {
                    let offset = whole(&call["offset"]);
                    monitor.on_stream_event_out(tp(call), offset, stream(call), state);
                });
            }
            "on_topic_buffer_full" => monitor.on_topic_buffer_full(text(&call["topic"])),
            "on_table_get" => monitor.on_table_get(text(&call["table"])),
            "on_table_set" => monitor.on_table_set(text(&call["table"])),
            "on_table_del" => monitor.on_table_del(text(&call["table"])),
            "on_commit_initiated" => {
                let state = monitor.on_commit_initiated().unwrap();
                self.keep(call, Token::Number(state));
            }
            "on_commit_completed" => {
                let state = self.number(call);
                self.monitor.on_commit_completed(state);
            }
            "on_send_initiated" => {
                let (keysize, valsize) = (whole(&call["keysize"]), whole(&call["valsize"]));
                let topic = text(&call["topic"]);
                let state = monitor.on_send_initiated(topic, keysize as usize, valsize as usize);
                if let Some(state) = state {
                    self.keep(call, Token::Number(state));
                }
            }
            "on_send_completed" => {
                let state = self.number(call);
                self.monitor.on_send_completed(state);
            }
            "on_send_error" => {
                // A sensor in Rust is not told the kind.
                let state = self.number(call);
                self.monitor.on_send_error(&"refused", state);
            }
            "count" => monitor.count(text(&call["name"]), call["count"].as_i64().unwrap()),
            "on_tp_commit" => {
                let entries = call["offsets"].as_array().unwrap().iter();
                let commit = |entry: &'_ Value| {
                    let topic = entry[0].as_str().unwrap().to_owned();
                    (topic, whole(&entry[1]) as u32, whole(&entry[2]))
                };
                let entries: Vec<_> = entries.map(commit).collect();
                let offsets = entries.iter().map(|(topic, partition, offset)| {
                    (TopicPartition::new(topic, *partition), *offset)
                });
                monitor.on_tp_commit(&offsets.collect::<Vec<_>>());
            }
            "track_tp_end_offset" => monitor.track_tp_end_offset(tp(call), whole(&call["offset"])),
            "on_assignment_start" => {
                let state = monitor.on_assignment_start();
                self.keep(call, Token::Assignment(state));
            }
            "on_assignment_completed" => {
                with_token!(
                    self,
                    call,
                    Assignment(AssignmentState.time_start),
                    |state| {
                        monitor.on_assignment_completed(state);
                    }
                );
            }
            "on_assignment_error" => {
                with_token!(
                    self,
                    call,
                    Assignment(AssignmentState.time_start),
                    |state| {
                        monitor.on_assignment_error(state, &"failed");
                    }
                );
            }
            "on_rebalance_start" => {
                let state = monitor.on_rebalance_start(call["rebalances"].as_u64());
                self.keep(call, Token::Rebalance(state));
            }
            "on_rebalance_return" => {
                with_token!(self, call, Rebalance(RebalanceState.time_start), |state| {
                    monitor.on_rebalance_return(state);
                });
            }
            "on_rebalance_end" => {
                with_token!(self, call, Rebalance(RebalanceState.time_start), |state| {
                    monitor.on_rebalance_end(state);
                });
            }
            "on_web_request_start" => {
                let state = monitor.on_web_request_start();
                self.keep(call, Token::WebRequest(state));
            }
            "on_web_request_end" => {
                with_token!(
                    self,
                    call,
                    WebRequest(WebRequestState.time_start),
                    |state| {
                        let status = call["status"].as_u64();
                        let status = status.map(|status| HttpStatus::new(status as u16).unwrap());
                        monitor.on_web_request_end(status, state);
                    }
                );
            }
            "on_partitions_assigned" => monitor.on_partitions_assigned(&tps(call)),
            "on_partitions_revoked" => monitor.on_partitions_revoked(&tps(call)),
            "on_partitions_lost" => monitor.on_partitions_lost(&tps(call)),
            "on_pause" => monitor.on_pause(&tps(call)),
            "on_resume" => monitor.on_resume(&tps(call)),
            "on_error" => {
                let stage = Stage::from_name(text(&call["stage"])).unwrap();
                monitor.on_error(stage, text(&call["kind"]), call.get("tp").map(|_| tp(call)));
            }
            "on_retry" => monitor.on_retry(call.get("tp").map(|_| tp(call))),
            "on_dead_letter" => monitor.on_dead_letter(call.get("tp").map(|_| tp(call))),
            "on_position" => monitor.on_position(tp(call), whole(&call["offset"])),
            "on_heartbeat" => monitor.on_heartbeat(),
            "on_poll" => monitor.on_poll(whole(&call["records"]), call["bytes"].as_u64()),
            "sample" => monitor.sample(),
            "snapshot" => {
                monitor.snapshot();
            }
            "asdict" => {}
            unknown => panic!("unknown call {unknown}"),
        }
        let label = call.get("state")?.as_str()?;
        self.tokens.get(label).map(in_fausts_form)
    }
}

/// A token as Faust has it: what was not set yet is not there, except in the token of an event.
fn in_fausts_form(token: &Token) -> Value {
    match token {
        Token::Number(seconds) => json!(seconds),
        Token::Event(state) => json!({
            "time_in": state.time_in, "time_out": state.time_out, "time_total": state.time_total,
        }),
        Token::Assignment(state) => json!({ "time_start": state.time_start }),
        Token::Message(message) => set_only(json!({
            "time_in": message.time_in, "time_out": message.time_out, "time_total": message.time_total,
        })),
        Token::Rebalance(state) => set_only(json!({
            "time_start": state.time_start,
            "time_return": state.time_return, "latency_return": state.latency_return,
            "time_end": state.time_end, "latency_end": state.latency_end,
        })),
        Token::WebRequest(state) => set_only(json!({
            "time_start": state.time_start, "time_end": state.time_end,
            "latency_end": state.latency_end, "status_code": state.status_code,
        })),
    }
}

fn set_only(token: Value) -> Value {
    let Value::Object(fields) = token else {
        unreachable!()
    };
    fields
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .collect::<Map<_, _>>()
        .into()
}

fn text(value: &Value) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("expected text, got {value}"))
}

fn whole(value: &Value) -> u64 {
    value
        .as_u64()
        .unwrap_or_else(|| panic!("expected a whole number, got {value}"))
}

fn tp(call: &Value) -> TopicPartition<'_> {
    TopicPartition::new(text(&call["tp"][0]), whole(&call["tp"][1]) as u32)
}

fn tps(call: &Value) -> Vec<TopicPartition<'_>> {
    let pairs = call["tps"].as_array().unwrap().iter();
    pairs
        .map(|pair| TopicPartition::new(text(&pair[0]), whole(&pair[1]) as u32))
        .collect()
}

/// A number, or the name of one that is not finite.
fn seconds(value: &Value) -> f64 {
    match value.as_str() {
        Some(name) => name.parse().unwrap(),
        None => value.as_f64().unwrap(),
    }
}

fn stream(call: &Value) -> Stream<'_> {
    Stream::new(text(&call["stream"]), call["task"].as_str())
}

/// Every difference, as key path, expected and actual. Numbers are equal where they are the same
/// f64, bit for bit; objects have no order.
fn differences(path: &str, expected: &Value, actual: &Value, found: &mut Vec<String>) {
    let differ = |found: &mut Vec<String>| {
        found.push(format!("{path}: expected {expected}, actual {actual}"));
    };
    match (expected, actual) {
        (Value::Object(wanted), Value::Object(given)) => {
            for key in wanted
                .keys()
                .chain(given.keys().filter(|key| !wanted.contains_key(*key)))
            {
                let path = format!("{path}.{key}");
                match (wanted.get(key), given.get(key)) {
                    (Some(wanted), Some(given)) => differences(&path, wanted, given, found),
                    (Some(wanted), None) => {
                        found.push(format!("{path}: expected {wanted}, actual: no such key"));
                    }
                    (None, Some(given)) => {
                        found.push(format!("{path}: expected no such key, actual {given}"));
                    }
                    (None, None) => {}
                }
            }
        }
        (Value::Array(wanted), Value::Array(given)) if wanted.len() == given.len() => {
            for (place, (wanted, given)) in wanted.iter().zip(given).enumerate() {
                differences(&format!("{path}[{place}]"), wanted, given, found);
            }
        }
        (Value::Number(wanted), Value::Number(given)) => {
            let bits = |number: &serde_json::Number| number.as_f64().unwrap().to_bits();
            if bits(wanted) != bits(given) {
                differ(found);
            }
        }
        _ if expected == actual => {}
        _ => differ(found),
    }
}

/// What a replay compared, and where it differed: `file:line: key path: expected, actual`.
pub(crate) struct Checked {
    pub(crate) answers: usize,
    pub(crate) failures: Vec<String>,
    /// As it was at the end.
    #[allow(dead_code, reason = "vectors say themselves what is expected")]
    pub(crate) monitor: Monitor<std::rc::Rc<ManualClock>>,
}

/// Replays one trace.
pub(crate) fn replay(name: &str, trace: &str) -> Checked {
    let mut lines = trace.lines().enumerate().map(|(number, line)| {
        let parsed = serde_json::from_str::<Value>(line);
        (
            number + 1,
            parsed.unwrap_or_else(|error| panic!("{name}:{}: {error}", number + 1)),
        )
    });
    let mut replay = Replay::new(&lines.next().unwrap().1);
    let (mut answers, mut failures) = (0, Vec::new());
    for (number, call) in lines {
        let left = replay.call(&call);
        let mut found = Vec::new();
        if let Some(after) = call.get("after") {
            answers += 1;
            differences("after", after, &left.unwrap_or_default(), &mut found);
        }
        if let Some(expect) = call.get("expect") {
            answers += 1;
            let dict = serde_json::to_value(replay.monitor.asdict()).unwrap();
            differences("expect", expect, &dict, &mut found);
        }
        failures.extend(
            found
                .into_iter()
                .map(|found| format!("{name}:{number}: {found}")),
        );
    }
    Checked {
        answers,
        failures,
        monitor: replay.monitor,
    }
}

/// The lines with an `after` or an `expect` in all five vectors.
pub(crate) const ANSWERS: usize = 6516;
