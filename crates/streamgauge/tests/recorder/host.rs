//! A host that does with a sensor whatever can be done with one.

use proptest::prelude::*;
use streamgauge::{
    AssignmentState, EventState, HttpStatus, ManualClock, Message, Monitor, RebalanceState,
    Recorder, Sensor, Stage, Stream, TopicPartition, WebRequestState,
};

/// What is done, to which of what there is, with which names and numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call {
    what: u8,
    which: usize,
    name: u8,
    number: u16,
}

pub(crate) fn call() -> impl Strategy<Value = Call> {
    (0_u8..52, 0_usize..6, 0_u8..5, 0_u16..40).prop_map(|(what, which, name, number)| Call {
        what,
        which,
        name,
        number,
    })
}

pub(crate) struct Host<'a> {
    pub(crate) recorder: Recorder<&'a ManualClock, String>,
    clock: &'a ManualClock,
    /// Another monitor, whose tokens are taken for the recorder's.
    other: Monitor<&'a ManualClock>,
    messages: Vec<Message>,
    events: Vec<EventState>,
    numbers: Vec<f64>,
    assignments: Vec<AssignmentState>,
    rebalances: Vec<RebalanceState>,
    requests: Vec<WebRequestState>,
    too_long: String,
}

/// One of the newest, or none.
fn one_of<T>(all: &mut [T], which: usize) -> Option<&mut T> {
    let place = all.len().checked_sub(which)?;
    all.get_mut(place)
}

impl<'a> Host<'a> {
    pub(crate) fn new(recorder: Recorder<&'a ManualClock, String>, clock: &'a ManualClock) -> Self {
        Self {
            recorder,
            clock,
            other: Monitor::new(clock),
            messages: vec![Message::default()],
            events: Vec::new(),
            numbers: Vec::new(),
            assignments: Vec::new(),
            rebalances: Vec::new(),
            requests: Vec::new(),
            too_long: "é".repeat(5_000),
        }
    }

    pub(crate) fn make(&mut self, call: Call) {
        let Call {
            what,
            which,
            name,
            number,
        } = call;
        let long = self.too_long.clone();
        let names = ["orders", "payments", "q\"u\\o\nte\u{7}é", "(other)", &long];
        let name = names[usize::from(name)];
        let tp = TopicPartition::new(name, u32::from(number % 3));
        let offset = u64::from(number);
        let task = (number % 2 == 0).then_some("work");
        let stream = Stream::new(name, task);
        let quarter = f64::from(number) / 4.0;
        let recorder = &mut self.recorder;
        match what {
            0..=4 => self.clock.advance(quarter / 8.0),
            5 => self.clock.advance(-quarter),
            6 => self
                .clock
                .set([f64::NAN, f64::INFINITY, f64::NEG_INFINITY][which % 3]),
            7 => self.clock.set(quarter),
            8..=10 => {
                let timestamp = (number % 3 != 0).then_some(
                    1_700_000_000_000 + i64::from(number) * 100
                        - i64::from(number % 5 == 0) * (1 << 42),
                );
                let mut message = Message {
                    timestamp,
                    ..Message::default()
                };
                recorder.on_message_in(tp, offset, &mut message);
                self.messages.push(message);
            }
            11..=14 => {
                if let Some(message) = one_of(&mut self.messages, which) {
                    recorder.on_message_out(tp, offset, message);
                }
            }
            15 => {
                if let Some(message) = one_of(&mut self.messages, which) {
                    recorder.on_message_in(tp, offset, message);
                }
            }
            16 => {
                if let Some(message) = one_of(&mut self.messages, which) {
                    match number % 4 {
                        0 => message.time_in = None,
                        1 => message.time_in = Some(f64::NAN),
                        2 => message.time_in = Some(quarter),
                        _ => message.timestamp = Some(1_700_000_000_000),
                    }
                }
            }
            17 => {
                if let Some(message) = one_of(&mut self.messages, which).copied() {
                    self.messages.push(message);
                }
            }
            18..=20 => self
                .events
                .extend(recorder.on_stream_event_in(tp, offset, stream)),
            21..=23 => {
                let state = one_of(&mut self.events, which);
                recorder.on_stream_event_out(tp, offset, stream, state);
            }
            24 => {
                let copied = one_of(&mut self.events, which).cloned();
                let made = EventState::new(if number == 0 { f64::NAN } else { quarter });
                self.events.push(copied.unwrap_or(made));
            }
            25 => {
                if let Some(state) = one_of(&mut self.events, which) {
                    state.time_in = if number == 1 { f64::INFINITY } else { quarter };
                }
            }
            26 => self
                .events
                .extend(self.other.on_stream_event_in(tp, offset, stream)),
            27 => self.numbers.extend(recorder.on_commit_initiated()),
            28 => {
                let state = one_of(&mut self.numbers, which).copied();
                recorder.on_commit_completed(state);
            }
            29 => self
                .numbers
                .extend(recorder.on_send_initiated(name, 3, usize::from(number))),
            30 => {
                let state = one_of(&mut self.numbers, which).copied();
                recorder.on_send_completed(state);
            }
            31 => {
                let state = one_of(&mut self.numbers, which).copied();
                recorder.on_send_error(&name, state);
            }
            32 => self
                .numbers
                .push(if number == 2 { f64::NAN } else { quarter }),
            33 => self.assignments.push(recorder.on_assignment_start()),
            34 => {
                let state = one_of(&mut self.assignments, which);
                match number % 2 {
                    0 => recorder.on_assignment_completed(state),
                    _ => recorder.on_assignment_error(state, &"no"),
                }
            }
            35 => match number % 3 {
                0 => self.assignments.push(AssignmentState::new(quarter)),
                1 => self.assignments.push(self.other.on_assignment_start()),
                _ => {
                    let clone = one_of(&mut self.assignments, which).cloned();
                    self.assignments.extend(clone);
                }
            },
            36 => {
                let rebalances = (number % 2 == 0).then_some(offset);
                self.rebalances
                    .push(recorder.on_rebalance_start(rebalances));
            }
            37 => recorder.on_rebalance_return(one_of(&mut self.rebalances, which)),
            38 => recorder.on_rebalance_end(one_of(&mut self.rebalances, which)),
            39 => {
                let clone = one_of(&mut self.rebalances, which).cloned();
                self.rebalances
                    .push(clone.unwrap_or(RebalanceState::new(quarter)));
            }
            40 => {
                if let Some(state) = one_of(&mut self.rebalances, which) {
                    state.time_start = quarter;
                }
            }
            41 => match number % 4 {
                0 => self.requests.push(WebRequestState::new(quarter)),
                1 => {
                    let clone = one_of(&mut self.requests, which).cloned();
                    self.requests.extend(clone);
                }
                _ => self.requests.push(recorder.on_web_request_start()),
            },
            42 => {
                let status = HttpStatus::new(200 + number * 10)
                    .ok()
                    .filter(|_| number > 3);
                recorder.on_web_request_end(status, one_of(&mut self.requests, which));
            }
            43 => recorder.count(name, i64::from(number) - 20),
            44 => match number % 4 {
                0 => recorder.on_topic_buffer_full(name),
                1 => recorder.on_table_get(name),
                2 => recorder.on_table_set(name),
                _ => recorder.on_table_del(name),
            },
            45 => recorder.on_tp_commit(&[(tp, offset), (TopicPartition::new("orders", 0), 3)]),
            46 => recorder.track_tp_end_offset(tp, if number == 3 { u64::MAX } else { offset }),
            47 => {
                let partitions = [tp, TopicPartition::new("orders", 1)];
                match number % 5 {
                    0 => recorder.on_partitions_assigned(&partitions),
                    1 => recorder.on_partitions_revoked(&partitions),
                    2 => recorder.on_partitions_lost(&partitions[..1]),
                    3 => recorder.on_pause(&partitions),
                    _ => recorder.on_resume(&partitions),
                }
            }
            48 => {
                let stage = Stage::ALL[usize::from(number) % Stage::ALL.len()];
                recorder.on_error(stage, name, (number % 2 == 0).then_some(tp));
            }
            49 => match number % 5 {
                0 => recorder.on_retry(Some(tp)),
                1 => recorder.on_dead_letter(Some(tp)),
                2 => recorder.on_heartbeat(),
                3 => recorder.on_position(tp, offset),
                _ => recorder.on_poll(offset, (number % 8 < 4).then_some(offset * 100)),
            },
            50 => {
                let _ = recorder.time();
                recorder.health_changes(|_| {});
                if number % 8 == 0 {
                    recorder.snapshot();
                }
            }
            _ => recorder.sample(),
        }
    }
}
