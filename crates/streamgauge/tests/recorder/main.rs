//! What a recorder wrote replays to the same figures, whatever its host does.

#[path = "../replay/mod.rs"]
#[allow(
    dead_code,
    reason = "what it checks is for the recorded answers of Faust"
)]
mod replay;

mod host;

use proptest::prelude::*;
use streamgauge::{
    Clock, EventState, ManualClock, Message, Options, Recorder, Replay, Sensor, Stream,
    TopicPartition,
};

use crate::host::{Host, call};

const TP: TopicPartition<'static> = TopicPartition::new("orders", 3);

fn recorder(clock: &ManualClock) -> Recorder<&ManualClock, String> {
    Recorder::new(&Options::default(), clock, String::new(), 1 << 20).unwrap()
}

/// Holds the recorder against a replay by this crate and one by the tests' own.
fn same_after_replay(recorder: &mut Recorder<&ManualClock, String>) {
    let trace = recorder.sink().clone();
    let now = recorder.clock();
    let mut ours = Replay::of(&trace).unwrap();
    let (_, ours) = ours.monitors_mut().next().unwrap();
    let mut tests = replay::replay("trace", &trace).monitor;
    ours.clock().set(Clock::now(now));
    tests.clock().set(Clock::now(now));
    for monitor in [&*ours, &tests] {
        assert_eq!(monitor.asdict(), recorder.asdict(), "{trace}");
    }
    let snapshot = recorder.snapshot();
    assert_eq!(ours.snapshot(), snapshot, "{trace}");
    assert_eq!(tests.snapshot(), snapshot, "{trace}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_calls_replay_to_the_same_figures(
        calls in prop::collection::vec(call(), 0..150),
        small in any::<bool>(),
    ) {
        let clock = ManualClock::new(7.25);
        let limits = Options { max_labels: 2, max_partitions: 2, max_avg_history: 3, ..Options::default() };
        let options = Options {
            epoch: 1_700_000_000.5,
            worker: "w\"\\1\n\u{1}é".into(),
            label_idle: 20.0,
            partition_idle: 10.0,
            messages_sent: 5,
            events_runtime: vec![0.1, 0.2],
            ..if small { limits } else { Options::default() }
        };
        let recorder = Recorder::new(&options, &clock, String::new(), 1 << 24).unwrap();
        let mut host = Host::new(recorder, &clock);
        for call in calls {
            host.make(call);
        }
        same_after_replay(&mut host.recorder);
    }

    #[test]
    fn a_trace_never_passes_its_bound_and_stays_valid(
        calls in prop::collection::vec(call(), 0..60),
        most in 0_usize..4_000,
    ) {
        let clock = ManualClock::new(0.0);
        let recorder = Recorder::new(&Options::default(), &clock, String::new(), most).unwrap();
        let mut host = Host::new(recorder, &clock);
        for call in calls {
            host.make(call);
        }
        let trace = host.recorder.sink();
        prop_assert!(trace.len() <= most);
        if trace.is_empty() {
            prop_assert!(host.recorder.is_full());
        } else {
            let is_whole = trace.ends_with("}\n");
            prop_assert!(is_whole);
            prop_assert!(Replay::of(trace).is_ok());
        }
    }

    #[test]
    fn no_line_makes_a_replay_panic(
        text in prop_oneof![
            ".{0,80}",
            r#"\{"at": ?[0-9.-]{1,4}, "call": "(on_[a-z_]{4,20}|sample|count)"(, "(tp|state|held|offset|message)": ?(null|1|"a"|\[\]|\["a",1\]|\{\}|\{"time":1\}))*\}"#,
        ],
    ) {
        let mut replay = Replay::new();
        replay.line(r#"{"trace": "streamgauge/1"}"#).unwrap();
        let _ = replay.line(&text);
    }
}

#[test]
fn a_line_for_each_call_with_the_time_that_the_monitor_read() {
    let clock = ManualClock::new(1.5);
    let options = Options {
        max_avg_history: 9,
        epoch: 1_700_000_000.0,
        worker: "one".into(),
        ..Options::default()
    };
    let mut recorder = Recorder::new(&options, &clock, String::new(), 1 << 20).unwrap();
    let mut message = Message {
        timestamp: Some(1_700_000_001_000),
        ..Message::default()
    };
    recorder.on_message_in(TP, 41, &mut message);
    let stream = Stream::new("totals", Some("totals.process"));
    let mut state = recorder.on_stream_event_in(TP, 41, stream);
    clock.set(2.0);
    recorder.on_stream_event_out(TP, 41, stream, state.as_mut());
    recorder.on_message_out(TP, 41, &mut message);
    clock.set(99.0);
    recorder.on_table_set("counts");
    clock.set(f64::NAN);
    recorder.sample();
    clock.set(3.0);
    recorder.on_commit_completed(Some(0.5));
    recorder.on_web_request_end(None, None);
    recorder.on_partitions_assigned(&[TP, ("a\"b", 0).into()]);
    recorder.on_poll(12, None);
    let expected = r#"{"trace":"streamgauge/1","at":1.5,"epoch":1700000000.0,"options":{"max_avg_history":9,"worker":"one"}}
{"at":1.5,"call":"on_message_in","tp":["orders",3],"offset":41,"message":"1","timestamp":1700000001000}
{"at":1.5,"call":"on_stream_event_in","tp":["orders",3],"offset":41,"stream":"totals","task":"totals.process","state":"2"}
{"at":2.0,"call":"on_stream_event_out","tp":["orders",3],"offset":41,"stream":"totals","task":"totals.process","state":"2"}
{"at":2.0,"call":"on_message_out","tp":["orders",3],"offset":41,"message":"1"}
{"at":2.0,"call":"on_table_set","table":"counts","key":null,"value":null}
{"at":"NaN","call":"sample"}
{"at":3.0,"call":"on_commit_completed","state":"3","held":{"time":0.5}}
{"at":3.0,"call":"on_web_request_end","status":null,"state":null}
{"at":3.0,"call":"on_partitions_assigned","tps":[["orders",3],["a\"b",0]]}
{"at":3.0,"call":"on_poll","records":12}
"#;
    assert_eq!(recorder.sink(), expected);
    assert!(!recorder.is_full() && !recorder.has_failed());
    same_after_replay(&mut recorder);
}

#[test]
fn a_clone_of_a_token_ends_too_and_in_its_own_stream() {
    let clock = ManualClock::new(1.0);
    let mut recorder = recorder(&clock);
    let mut state = recorder
        .on_stream_event_in(TP, 1, Stream::new("a", None))
        .unwrap();
    recorder.on_stream_event_in(TP, 1, Stream::new("b", None));
    let mut clone = state.clone();
    clock.set(2.0);
    recorder.on_stream_event_out(TP, 1, Stream::new("a", None), Some(&mut state));
    clock.set(4.0);
    recorder.on_stream_event_out(TP, 1, Stream::new("b", None), Some(&mut clone));
    recorder.on_stream_event_out(TP, 1, Stream::new("b", None), Some(&mut clone));
    let line = recorder.sink().lines().nth(4).unwrap().to_owned();
    assert_eq!(
        line,
        r#"{"at":4.0,"call":"on_stream_event_out","tp":["orders",3],"offset":1,"stream":"a","task":null,"state":"3","held":{"time_in":1.0}}"#
    );
    same_after_replay(&mut recorder);
}

#[test]
fn messages_of_one_reading_have_labels_of_their_own() {
    let clock = ManualClock::new(1.0);
    let mut recorder = recorder(&clock);
    let mut messages = [Message::default(); 2];
    for message in &mut messages {
        recorder.on_message_in(TP, 1, message);
    }
    for place in [1, 0, 1] {
        recorder.on_message_out(TP, 1, &mut messages[place]);
    }
    let lines: Vec<_> = recorder.sink().lines().skip(3).collect();
    let out = |rest: &str| {
        format!(
            r#"{{"at":1.0,"call":"on_message_out","tp":["orders",3],"offset":1,"message":{rest}}}"#
        )
    };
    let held = r#""3","held":{"time_in":1.0}"#;
    assert_eq!(lines, [out(r#""1""#), out(r#""2""#), out(held)]);
    same_after_replay(&mut recorder);
}

#[test]
fn more_open_starts_than_are_remembered_end_all_the_same() {
    let clock = ManualClock::new(1.0);
    let mut recorder = Recorder::new(&Options::default(), &clock, String::new(), 1 << 30).unwrap();
    let mut messages = vec![Message::default(); 70_000];
    let mut states: Vec<EventState> = Vec::new();
    for (offset, message) in (0_u64..).zip(&mut messages) {
        clock.advance(0.25);
        recorder.on_message_in(TP, offset, message);
        states.extend(recorder.on_stream_event_in(TP, offset, Stream::new("a", None)));
    }
    for (message, state) in messages.iter_mut().zip(&mut states) {
        recorder.on_stream_event_out(TP, 0, Stream::new("a", None), Some(state));
        recorder.on_message_out(TP, 0, message);
    }
    assert!(recorder.sink().contains("\"held\""));
    same_after_replay(&mut recorder);
}

#[test]
fn a_sink_that_fails_ends_the_recording_and_nothing_else() {
    struct Failing(usize);
    impl std::fmt::Write for Failing {
        fn write_str(&mut self, _: &str) -> std::fmt::Result {
            self.0 += 1;
            if self.0 < 3 {
                Ok(())
            } else {
                Err(std::fmt::Error)
            }
        }
    }
    let clock = ManualClock::new(1.0);
    let mut recorder = Recorder::new(&Options::default(), &clock, Failing(0), 1 << 20).unwrap();
    for _ in 0..10 {
        recorder.on_retry(None);
        let state = recorder.on_send_initiated("orders", 1, 2);
        recorder.on_send_completed(state);
    }
    assert!(recorder.has_failed() && !recorder.is_full());
    assert_eq!(recorder.messages_sent(), 10);
    assert_eq!(recorder.into_sink().0, 3);
}

#[test]
fn a_file_is_a_sink() {
    let clock = ManualClock::new(1.0);
    let sink = streamgauge::IoSink::new(std::io::BufWriter::new(Vec::new()));
    let mut recorder = Recorder::new(&Options::default(), &clock, sink, 1 << 20).unwrap();
    recorder.on_heartbeat();
    let bytes = recorder.into_sink().finish().unwrap().into_inner().unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(
        text.lines().last(),
        Some(r#"{"at":1.0,"call":"on_heartbeat"}"#)
    );
}

#[test]
fn a_position_is_a_line_and_replays() {
    let clock = ManualClock::new(1.0);
    let mut recorder = Recorder::new(&Options::default(), &clock, String::new(), 1 << 20).unwrap();
    recorder.track_tp_end_offset(TP, 50);
    clock.set(1.5);
    recorder.on_position(TP, 43);
    assert_eq!(
        recorder.sink().lines().last(),
        Some(r#"{"at":1.5,"call":"on_position","tp":["orders",3],"offset":43}"#)
    );
    clock.set(2.0);
    let partition = &recorder.snapshot().partitions[0];
    assert_eq!((partition.position, partition.lag), (Some(43), Some(7)));
    same_after_replay(&mut recorder);
}

#[test]
fn health_is_told_without_a_line() {
    let clock = ManualClock::new(0.0);
    let options = Options {
        health_hold: 0.0,
        health_commits: 2,
        ..Options::default()
    };
    let mut recorder = Recorder::new(&options, &clock, String::new(), 1 << 20).unwrap();
    let mut told = Vec::new();
    for at in 0..20 {
        clock.set(f64::from(at));
        recorder.track_tp_end_offset(TP, 10 + at as u64);
        recorder.on_tp_commit(&[(TP, 5)]);
        recorder.sample();
        clock.set(f64::NAN);
        recorder.health_changes(|change| told.push(change.after.name()));
    }
    assert!(told.contains(&"stall"), "{told:?}");
    assert_eq!(recorder.sink().lines().count(), 61);
    assert_eq!(recorder.anomalies().total(), 0);
    clock.set(20.0);
    same_after_replay(&mut recorder);
}

#[test]
fn what_a_trace_expects_is_compared() {
    let mut replay = Replay::new();
    for (line, found) in [
        (
            r#"{"trace": "streamgauge/1", "at": 2, "options": {"worker": "w"}}"#,
            &[][..],
        ),
        (
            r#"{"at": 3, "call": "on_commit_initiated", "state": "c", "after": 4}"#,
            &["after: expected 4, actual 3.0"],
        ),
        ("", &[]),
        (r#"{"at": 3, "call": "sample", "worker": "x"}"#, &[]),
    ] {
        let differences = replay.line(line).unwrap();
        let differences: Vec<_> = differences.iter().map(ToString::to_string).collect();
        assert_eq!(differences, found, "{line}");
    }
    let differences = replay
        .line(
            r#"{"at": 5, "call": "snapshot", "expect": {"worker": "v", "since": 2, "tables": {}}}"#,
        )
        .unwrap();
    let differences: Vec<_> = differences.iter().map(ToString::to_string).collect();
    assert!(
        differences.contains(&r#"expect.worker: expected "v", actual "w""#.to_owned()),
        "{differences:?}"
    );
    assert!(
        !differences
            .iter()
            .any(|told| told.contains("since") || told.contains("tables"))
    );
    assert_eq!(replay.checks(), 2);
    let workers: Vec<_> = replay
        .monitors_mut()
        .map(|(name, monitor)| (name.to_owned(), monitor.snapshot().worker))
        .collect();
    assert_eq!(
        workers,
        [
            ("".to_owned(), "w".to_owned()),
            ("x".to_owned(), "x".to_owned())
        ]
    );
}

#[test]
fn a_broken_trace_is_refused_by_line() {
    for (trace, says) in [
        (
            "{",
            "line 1: not JSON (EOF while parsing an object at line 1 column 1)",
        ),
        ("[]", "line 1: not a JSON object"),
        (
            r#"{"at": 1, "call": "sample"}"#,
            r#"line 1: no header: expected {"trace": "streamgauge/1", ...}"#,
        ),
        (
            "",
            r#"line 1: no header: expected {"trace": "streamgauge/1", ...}"#,
        ),
        (
            r#"{"trace": "streamgauge/2"}"#,
            r#"line 1: unknown version "streamgauge/2": expected "streamgauge/1""#,
        ),
        (
            r#"{"trace": "streamgauge/1", "options": {"max_avg_history": 1000001}}"#,
            "line 1: max_avg_history must be a whole number in 0..=1000000, got 1000001",
        ),
    ] {
        assert_eq!(Replay::of(trace).unwrap_err().to_string(), says);
    }
    for (lines, says) in [
        (
            r#"{"trace": "streamgauge/1"}"#,
            "line 2: a second header: a file holds one trace",
        ),
        (
            "\n{\"at\": 1, \"call\": \"on_coffee\"}",
            r#"line 3: unknown call "on_coffee""#,
        ),
        (r#"{"call": "sample"}"#, r#"line 2: missing argument "at""#),
        (
            r#"{"at": 1, "call": "on_retry", "tp": ["a"]}"#,
            r#"line 2: argument "tp" must be [topic, partition], got ["a"]"#,
        ),
        (
            "{\"at\": 1, \"call\": \"on_commit_initiated\", \"state\": \"a\"}\n{\"at\": 1, \"call\": \"on_rebalance_end\", \"state\": \"a\"}",
            r#"line 3: argument "state" is the label of another sort of token"#,
        ),
    ] {
        let trace = format!("{{\"trace\": \"streamgauge/1\"}}\n{lines}");
        assert_eq!(Replay::of(&trace).unwrap_err().to_string(), says);
    }
}

#[test]
fn the_epoch_that_the_clock_knows_is_in_the_trace() {
    let clock = streamgauge::StdClock::new();
    let mut recorder = Recorder::new(&Options::default(), clock, String::new(), 1 << 20).unwrap();
    recorder.sample();
    let mut replay = Replay::of(recorder.sink()).unwrap();
    let (_, monitor) = replay.monitors_mut().next().unwrap();
    let since = recorder.snapshot().since;
    assert!((since - clock.epoch()).abs() < 60.0, "{since}");
    assert_eq!(monitor.snapshot().since, since);
}
