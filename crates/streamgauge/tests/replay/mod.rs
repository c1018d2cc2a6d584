//! Replays a trace and compares what it expects, exactly: natively (`conformance.rs` beside this
//! folder) and inside WebAssembly (the wrapper's tests).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use streamgauge::{
    AssignmentState, EventState, HttpStatus, ManualClock, Message, Monitor, Options,
    RebalanceState, Sensor, Stream, TopicPartition, WebRequestState,
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

/// Gives the token of `label` to `$hook` as the `$kind` that it is.
macro_rules! with_token {
    ($replay:ident, $call:ident, $key:literal, $kind:ident, |$state:ident| $hook:expr) => {{
        let label = text(&$call[$key]);
        let Some(Token::$kind($state)) = $replay.tokens.get_mut(label) else {
            panic!("no token {label} of this kind");
        };
        $hook
    }};
}

impl Replay {
    fn new(header: &Value) -> Self {
        assert_eq!(header["trace"], "streamgauge/1");
        let options: Options = serde_json::from_value(header["options"].clone()).unwrap();
        let clock = std::rc::Rc::new(ManualClock::new(0.0));
        Self {
            monitor: Monitor::with_options(&options, clock.clone()).unwrap(),
            clock,
            tokens: BTreeMap::new(),
        }
    }

    fn keep(&mut self, call: &Value, token: Token) {
        self.tokens.insert(text(&call["state"]).into(), token);
    }

    /// Makes a call; gives what is to be held against `after`, where the call leaves anything.
    fn call(&mut self, call: &Value) -> Option<Value> {
        self.clock.set(call["at"].as_f64().unwrap());
        let monitor = &mut self.monitor;
        match text(&call["call"]) {
            "on_message_in" => {
                let label = text(&call["message"]).into();
                let message = self
                    .tokens
                    .entry(label)
                    .or_insert(Token::Message(Message::default()));
                let Token::Message(message) = message else {
                    panic!("not a message")
                };
                monitor.on_message_in(tp(call), whole(&call["offset"]), message);
            }
            "on_message_out" => {
                let label = text(&call["message"]).into();
                let message = self
                    .tokens
                    .entry(label)
                    .or_insert(Token::Message(Message::default()));
                let Token::Message(message) = message else {
                    panic!("not a message")
                };
                monitor.on_message_out(tp(call), whole(&call["offset"]), message);
            }
            "on_stream_event_in" => {
                let state =
                    monitor.on_stream_event_in(tp(call), whole(&call["offset"]), stream(call));
                self.keep(call, Token::Event(state.unwrap()));
            }
            "on_stream_event_out" if call["state"].is_null() => {
                monitor.on_stream_event_out(tp(call), whole(&call["offset"]), stream(call), None);
                return None;
            }
            "on_stream_event_out" => with_token!(self, call, "state", Event, |state| {
                monitor.on_stream_event_out(
                    tp(call),
                    whole(&call["offset"]),
                    stream(call),
                    Some(state),
                );
            }),
            "on_topic_buffer_full" => monitor.on_topic_buffer_full(text(&call["topic"])),
            "on_table_get" => monitor.on_table_get(text(&call["table"])),
            "on_table_set" => monitor.on_table_set(text(&call["table"])),
            "on_table_del" => monitor.on_table_del(text(&call["table"])),
            "on_commit_initiated" => {
                let state = monitor.on_commit_initiated().unwrap();
                self.keep(call, Token::Number(state));
            }
            "on_commit_completed" => with_token!(self, call, "state", Number, |state| {
                monitor.on_commit_completed(Some(*state));
            }),
            "on_send_initiated" => {
                let (keysize, valsize) = (whole(&call["keysize"]), whole(&call["valsize"]));
                let topic = text(&call["topic"]);
                let state = monitor.on_send_initiated(topic, keysize as usize, valsize as usize);
                self.keep(call, Token::Number(state.unwrap()));
            }
            "on_send_completed" => with_token!(self, call, "state", Number, |state| {
                monitor.on_send_completed(Some(*state));
            }),
            "on_send_error" => with_token!(self, call, "state", Number, |state| {
                monitor.on_send_error(&"refused", Some(*state));
            }),
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
            "on_assignment_completed" => with_token!(self, call, "state", Assignment, |state| {
                monitor.on_assignment_completed(Some(state));
            }),
            "on_assignment_error" => with_token!(self, call, "state", Assignment, |state| {
                monitor.on_assignment_error(Some(state), &"failed");
            }),
            "on_rebalance_start" => {
                let state = monitor.on_rebalance_start(Some(whole(&call["rebalances"])));
                self.keep(call, Token::Rebalance(state));
            }
            "on_rebalance_return" => with_token!(self, call, "state", Rebalance, |state| {
                monitor.on_rebalance_return(Some(state));
            }),
            "on_rebalance_end" => with_token!(self, call, "state", Rebalance, |state| {
                monitor.on_rebalance_end(Some(state));
            }),
            "on_web_request_start" => {
                let state = monitor.on_web_request_start();
                self.keep(call, Token::WebRequest(state));
            }
            "on_web_request_end" => with_token!(self, call, "state", WebRequest, |state| {
                let status = call["status"]
                    .as_u64()
                    .map(|status| HttpStatus::new(status as u16).unwrap());
                monitor.on_web_request_end(status, Some(state));
            }),
            "sample" => monitor.sample(),
            "asdict" => {}
            unknown => panic!("unknown call {unknown}"),
        }
        let label = call.get("message").or(call.get("state"))?;
        self.tokens.get(text(label)).map(in_fausts_form)
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
    let mut checked = Checked {
        answers: 0,
        failures: Vec::new(),
    };
    for (number, call) in lines {
        let left = replay.call(&call);
        let mut found = Vec::new();
        if let Some(after) = call.get("after") {
            checked.answers += 1;
            differences("after", after, &left.unwrap_or_default(), &mut found);
        }
        if let Some(expect) = call.get("expect") {
            checked.answers += 1;
            let dict = serde_json::to_value(replay.monitor.asdict()).unwrap();
            differences("expect", expect, &dict, &mut found);
        }
        checked.failures.extend(
            found
                .into_iter()
                .map(|found| format!("{name}:{number}: {found}")),
        );
    }
    checked
}

/// The lines with an `after` or an `expect` in all five vectors.
pub(crate) const ANSWERS: usize = 6516;
