//! Random hook calls, made on the monitor and on a naive model of the contract; after every call
//! every figure, token and anomaly must be the same.

mod model;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use model::{Model, ModelMessage, StreamHandle, Token, Tp};
use proptest::prelude::*;
use proptest::{collection, option, sample};
use streamgauge::{
    AsDict, AssignmentState, EventState, HttpStatus, ManualClock, Message, Monitor, Offsets,
    Options, RebalanceState, Sensor, Stream, TableCounts, TopicPartition, WebRequestState,
};

/// 4,097 characters, one too many.
static TOO_LONG: LazyLock<String> = LazyLock::new(|| "n".repeat(4097));
/// 4,096 characters of two bytes each, which is just allowed.
static LONGEST: LazyLock<String> = LazyLock::new(|| "\u{e9}".repeat(4096));

fn name() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        12 => sample::select(&["a", "b", "c", "d"][..]),
        2 => sample::select(&["", "(other)", "__proto__", "\u{6d41}"][..]),
        1 => Just(TOO_LONG.as_str()),
        1 => Just(LONGEST.as_str()),
    ]
}

/// How a hook is told of a topic-partition or a stream.
#[derive(Debug, Clone, Copy, PartialEq)]
enum By {
    Name,
    Handle,
    /// A handle of another monitor, whose places are others.
    StrangersHandle,
}

fn by() -> impl Strategy<Value = By> {
    sample::select(&[By::Name, By::Handle, By::StrangersHandle][..])
}

/// Which token an end hook gets.
#[derive(Debug, Clone, Copy)]
enum Which {
    Missing,
    /// One that was given before, completed or not, counted from the newest.
    Given(usize),
    /// One made by hand with this time in it.
    ByHand(f64),
}

fn which() -> impl Strategy<Value = Which> {
    prop_oneof![
        1 => Just(Which::Missing),
        12 => (0_usize..4).prop_map(Which::Given),
        2 => time().prop_map(Which::ByHand),
    ]
}

/// A time as a clock or a caller may give it, nonsense now and then.
fn time() -> impl Strategy<Value = f64> {
    prop_oneof![
        12 => 0.0_f64..100.0,
        1 => sample::select(&[f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, -5.0, -0.0][..]),
    ]
}

#[derive(Debug, Clone)]
enum Call {
    MakeTpHandle(Tp),
    MakeStreamHandle(&'static str, Option<&'static str>),
    MessageIn(By, Tp, u64, usize),
    MessageOut(By, Tp, u64, usize),
    EventIn(By, Tp, &'static str, Option<&'static str>),
    EventOut(Which),
    BufferFull(&'static str),
    Table(&'static str, u8),
    Count(&'static str, i64),
    CommitInitiated,
    CommitCompleted(Which),
    SendInitiated(&'static str),
    SendCompleted(Which),
    SendError(Which),
    TpCommit(Vec<(By, Tp, u64)>),
    EndOffset(By, Tp, u64),
    Position(By, Tp, u64),
    AssignmentStart,
    AssignmentOver(Which, bool),
    RebalanceStart(Option<u64>),
    RebalanceReturn(Which),
    RebalanceEnd(Which),
    WebRequestStart,
    WebRequestEnd(Which, Option<u16>),
    SecsSince(f64),
    Sample,
}

fn call() -> impl Strategy<Value = Call> {
    let tp = || (name(), 0_u32..3);
    let offset = || prop_oneof![0_u64..9, Just((1 << 53) - 1)];
    let stream = || (name(), option::of(name()));
    let status = option::of(prop_oneof![Just(200_u16), Just(404), Just(599), Just(100)]);
    prop_oneof![
        2 => tp().prop_map(Call::MakeTpHandle),
        2 => stream().prop_map(|(label, task)| Call::MakeStreamHandle(label, task)),
        6 => (by(), tp(), offset(), 0_usize..3).prop_map(|(by, tp, offset, message)| Call::MessageIn(by, tp, offset, message)),
        5 => (by(), tp(), offset(), 0_usize..3).prop_map(|(by, tp, offset, message)| Call::MessageOut(by, tp, offset, message)),
        6 => (by(), tp(), stream()).prop_map(|(by, tp, (label, task))| Call::EventIn(by, tp, label, task)),
        6 => which().prop_map(Call::EventOut),
        1 => name().prop_map(Call::BufferFull),
        2 => (name(), 0_u8..3).prop_map(|(table, call)| Call::Table(table, call)),
        1 => (name(), -5_i64..1000).prop_map(|(metric, n)| Call::Count(metric, n)),
        2 => Just(Call::CommitInitiated),
        2 => which().prop_map(Call::CommitCompleted),
        2 => name().prop_map(Call::SendInitiated),
        2 => which().prop_map(Call::SendCompleted),
        1 => which().prop_map(Call::SendError),
        1 => collection::vec((by(), tp(), offset()), 0..4).prop_map(Call::TpCommit),
        1 => (by(), tp(), offset()).prop_map(|(by, tp, offset)| Call::EndOffset(by, tp, offset)),
        1 => (by(), tp(), offset()).prop_map(|(by, tp, offset)| Call::Position(by, tp, offset)),
        1 => Just(Call::AssignmentStart),
        2 => (which(), any::<bool>()).prop_map(|(which, completed)| Call::AssignmentOver(which, completed)),
        1 => option::of(0_u64..9).prop_map(Call::RebalanceStart),
        1 => which().prop_map(Call::RebalanceReturn),
        1 => which().prop_map(Call::RebalanceEnd),
        1 => Just(Call::WebRequestStart),
        2 => (which(), status).prop_map(|(which, status)| Call::WebRequestEnd(which, status)),
        1 => time().prop_map(Call::SecsSince),
        2 => Just(Call::Sample),
    ]
}

fn options() -> impl Strategy<Value = Options> {
    let history = || prop_oneof![2 => 0_u32..4, 1 => Just(100_u32)];
    let limit = || prop_oneof![2 => 0_u32..4, 1 => Just(2_000_u32)];
    let limits = (history(), history(), history(), history(), limit(), limit());
    let labels = || {
        collection::btree_map(
            sample::select(&["a", "b", "x"][..]).prop_map(String::from),
            1_u64..9,
            0..3,
        )
    };
    let seconds = || collection::vec(0.0_f64..9.0, 0..5);
    let deques = (
        seconds(),
        seconds(),
        seconds(),
        seconds(),
        seconds(),
        seconds(),
        seconds(),
    );
    let counts = collection::vec(0_u64..5, 9);
    let averages = collection::vec(0.0_f64..9.0, 4);
    let families = (labels(), labels(), labels(), labels(), labels());
    (limits, deques, counts, averages, families).prop_map(
        |(limits, deques, counts, averages, families)| Options {
            max_avg_history: limits.0,
            max_commit_latency_history: limits.1,
            max_send_latency_history: limits.2,
            max_assignment_latency_history: limits.3,
            max_labels: limits.4,
            max_partitions: limits.5,
            epoch: 0.0,
            // Faust forgets no label and no partition.
            label_idle: 0.0,
            partition_idle: 0.0,
            messages_active: counts[0],
            messages_received_total: counts[1],
            messages_sent: counts[2],
            messages_s: counts[3],
            events_active: counts[4],
            events_total: counts[5],
            events_s: counts[6],
            rebalances: counts[7],
            events_runtime: deques.0,
            commit_latency: deques.1,
            send_latency: deques.2,
            assignment_latency: deques.3,
            rebalance_return_latency: deques.4,
            rebalance_end_latency: deques.5,
            http_response_latency: deques.6,
            events_runtime_avg: averages[0],
            rebalance_return_avg: averages[1],
            rebalance_end_avg: averages[2],
            http_response_latency_avg: averages[3],
            messages_received_by_topic: families.0,
            events_by_stream: families.1,
            events_by_task: families.2,
            topic_buffer_full: families.3,
            tables: families
                .4
                .into_iter()
                .map(|(table, n)| (table, counted(n)))
                .collect(),
            http_response_codes: (counts[8] > 0)
                .then_some((404, counts[8]))
                .into_iter()
                .collect(),
            ..Options::default()
        },
    )
}

fn counted(n: u64) -> TableCounts {
    TableCounts {
        keys_retrieved: n,
        keys_updated: n + 1,
        keys_deleted: 2 * n,
    }
}

/// A stream's label and its task's.
type StreamName = (&'static str, Option<&'static str>);

/// Pairs of a real token and the model's, in the order in which they were given.
type Pairs<T> = Vec<(T, Token)>;

/// The monitor, the model, and what a host holds between two calls.
struct Both {
    monitor: Monitor<std::rc::Rc<ManualClock>>,
    stranger: Monitor<std::rc::Rc<ManualClock>>,
    model: Model,
    clock: std::rc::Rc<ManualClock>,
    tps: BTreeMap<Tp, TopicPartition<'static>>,
    streams: BTreeMap<StreamName, (Stream<'static>, Option<StreamHandle>)>,
    messages: Vec<(Message, ModelMessage)>,
    events: Pairs<EventState>,
    assignments: Pairs<AssignmentState>,
    rebalances: Pairs<RebalanceState>,
    web_requests: Pairs<WebRequestState>,
    numbers: Vec<f64>,
}

/// The pair that `which` means: pushed where it is made by hand, so that it is compared too.
fn pair<T>(pairs: &mut Pairs<T>, which: Which, by_hand: fn(f64) -> T) -> Option<&mut (T, Token)> {
    match which {
        Which::Missing => None,
        Which::Given(back) => pairs.iter_mut().rev().nth(back),
        Which::ByHand(start) => {
            pairs.push((by_hand(start), Token::by_hand(start)));
            pairs.last_mut()
        }
    }
}

/// Both halves of a pair, as options.
fn halves<T>(pair: Option<&mut (T, Token)>) -> (Option<&mut T>, Option<&mut Token>) {
    pair.map(|(real, token)| (real, token)).unzip()
}

impl Both {
    fn new(options: &Options) -> Self {
        let clock = std::rc::Rc::new(ManualClock::new(0.0));
        let mut stranger = Monitor::new(clock.clone());
        // Its numbers run ahead of those of the monitor, so that a place taken for granted shows.
        for _ in 0..3 {
            stranger.topic_partition("of the stranger", 7).unwrap();
            stranger.stream("of the stranger", None).unwrap();
        }
        Self {
            monitor: Monitor::with_options(options, clock.clone()).unwrap(),
            stranger,
            model: Model::new(options),
            clock,
            tps: BTreeMap::new(),
            streams: BTreeMap::new(),
            messages: vec![Default::default(); 3],
            events: Vec::new(),
            assignments: Vec::new(),
            rebalances: Vec::new(),
            web_requests: Vec::new(),
            numbers: Vec::new(),
        }
    }

    fn tp(&mut self, by: By, tp: Tp) -> TopicPartition<'static> {
        let plain = TopicPartition::new(tp.0, tp.1);
        match by {
            By::Name => plain,
            By::Handle => self.tps.get(&tp).copied().unwrap_or(plain),
            By::StrangersHandle => self.stranger.topic_partition(tp.0, tp.1).unwrap_or(plain),
        }
    }

    fn number(&self, which: Which) -> Option<f64> {
        match which {
            Which::Missing => None,
            Which::Given(back) => self.numbers.iter().rev().nth(back).copied(),
            Which::ByHand(time) => Some(time),
        }
    }

    fn make(&mut self, call: &Call, now: f64) {
        self.clock.set(now);
        match *call {
            Call::MakeTpHandle(tp) => {
                self.model.make_tp_handle(tp);
                if let Ok(handle) = self.monitor.topic_partition(tp.0, tp.1) {
                    self.tps.insert(tp, handle);
                }
            }
            Call::MakeStreamHandle(label, task) => {
                let labels = self.model.make_stream_handle(label, task);
                let handle = self.monitor.stream(label, task);
                assert_eq!(handle.is_ok(), labels.is_some());
                if let Ok(handle) = handle {
                    self.streams.insert((label, task), (handle, labels));
                }
            }
            Call::MessageIn(by, tp, offset, place) => {
                let handle = self.tp(by, tp);
                let (message, token) = &mut self.messages[place];
                self.monitor.on_message_in(handle, offset, message);
                self.model.message_in(tp, offset, token, now);
            }
            Call::MessageOut(by, tp, offset, place) => {
                let handle = self.tp(by, tp);
                let (message, token) = &mut self.messages[place];
                self.monitor.on_message_out(handle, offset, message);
                self.model.message_out(token, now);
            }
            Call::EventIn(by, tp, label, task) => self.event_in(by, tp, (label, task), now),
            Call::EventOut(which) => {
                let (tp, stream) = (TopicPartition::new("a", 0), Stream::new("a", None));
                let (real, token) = halves(pair(&mut self.events, which, EventState::new));
                self.monitor.on_stream_event_out(tp, 1, stream, real);
                self.model.event_out(token, now);
            }
            Call::BufferFull(topic) => {
                self.monitor.on_topic_buffer_full(topic);
                self.model.buffer_full(topic);
            }
            Call::Table(table, call) => {
                match call {
                    0 => self.monitor.on_table_get(table),
                    1 => self.monitor.on_table_set(table),
                    _ => self.monitor.on_table_del(table),
                }
                self.model.table(table, call);
            }
            Call::Count(metric, n) => {
                self.monitor.count(metric, n);
                self.model.count(metric, n);
            }
            Call::CommitInitiated => {
                let started = self.monitor.on_commit_initiated();
                assert_eq!(started, Some(self.model.commit_initiated(now)));
                self.numbers.extend(started);
            }
            Call::CommitCompleted(which) => {
                let started = self.number(which);
                self.monitor.on_commit_completed(started);
                self.model.commit_completed(started, now);
            }
            Call::SendInitiated(topic) => {
                let started = self.monitor.on_send_initiated(topic, 3, 5);
                assert_eq!(started, self.model.send_initiated(topic, now));
                self.numbers.extend(started);
            }
            Call::SendCompleted(which) => {
                let started = self.number(which);
                self.monitor.on_send_completed(started);
                self.model.send_completed(started, now);
            }
            Call::SendError(which) => {
                let started = self.number(which);
                self.monitor.on_send_error(&"refused", started);
                self.model.send_error(started, now);
            }
            Call::TpCommit(ref offsets) => {
                let handles: Vec<_> = offsets
                    .iter()
                    .map(|(by, tp, offset)| (self.tp(*by, *tp), *offset))
                    .collect();
                self.monitor.on_tp_commit(&handles);
                let offsets: Vec<_> = offsets
                    .iter()
                    .map(|(_, tp, offset)| (*tp, *offset))
                    .collect();
                self.model.tp_commit(&offsets, now);
            }
            Call::EndOffset(by, tp, offset) => {
                let handle = self.tp(by, tp);
                self.monitor.track_tp_end_offset(handle, offset);
                self.model.end_offset(tp, offset, now);
            }
            Call::Position(by, tp, offset) => {
                let handle = self.tp(by, tp);
                self.monitor.on_position(handle, offset);
                self.model.position(tp, now);
            }
            Call::AssignmentStart => {
                self.assignments
                    .push((self.monitor.on_assignment_start(), self.model.start(now)));
            }
            Call::AssignmentOver(which, completed) => {
                let (real, token) =
                    halves(pair(&mut self.assignments, which, AssignmentState::new));
                match completed {
                    true => self.monitor.on_assignment_completed(real),
                    false => self.monitor.on_assignment_error(real, &"failed"),
                }
                self.model.assignment_over(token, completed, now);
            }
            Call::RebalanceStart(rebalances) => {
                let real = self.monitor.on_rebalance_start(rebalances);
                self.rebalances
                    .push((real, self.model.rebalance_start(rebalances, now)));
            }
            Call::RebalanceReturn(which) => {
                let (real, token) = halves(pair(&mut self.rebalances, which, RebalanceState::new));
                self.monitor.on_rebalance_return(real);
                self.model.rebalance_return(token, now);
            }
            Call::RebalanceEnd(which) => {
                let (real, token) = halves(pair(&mut self.rebalances, which, RebalanceState::new));
                self.monitor.on_rebalance_end(real);
                self.model.rebalance_end(token, now);
            }
            Call::WebRequestStart => {
                self.web_requests
                    .push((self.monitor.on_web_request_start(), self.model.start(now)));
            }
            Call::WebRequestEnd(which, status) => {
                let (real, token) =
                    halves(pair(&mut self.web_requests, which, WebRequestState::new));
                self.monitor.on_web_request_end(
                    status.map(|status| HttpStatus::new(status).unwrap()),
                    real,
                );
                self.model.web_request_end(status, token, now);
            }
            Call::SecsSince(start) => {
                assert_eq!(
                    self.monitor.secs_since(start),
                    self.model.secs_since(start, now)
                );
                assert_eq!(
                    self.monitor.ms_since(start),
                    self.model.secs_since(start, now) * 1000.0
                );
            }
            Call::Sample => {
                self.monitor.sample();
                self.model.sample(now);
            }
        }
    }

    fn event_in(&mut self, by: By, tp: Tp, stream: StreamName, now: f64) {
        let plain = Stream::new(stream.0, stream.1);
        let (handle, labels) = match by {
            By::Name => (plain, None),
            By::Handle => self.streams.get(&stream).cloned().unwrap_or((plain, None)),
            By::StrangersHandle => (
                self.stranger.stream(stream.0, stream.1).unwrap_or(plain),
                None,
            ),
        };
        let tp_handle = self.tp(by, tp);
        let real = self.monitor.on_stream_event_in(tp_handle, 1, handle);
        let token = self.model.event_in(tp, stream, labels.as_ref(), now);
        assert_eq!(real.is_some(), token.is_some());
        self.events.extend(real.zip(token));
    }

    fn compare(&self) {
        let expected = self.model.asdict();
        assert_eq!(self.monitor.asdict(), expected);
        assert_eq!(through_the_attributes(&self.monitor), expected);
        assert!(
            self.monitor
                .events_runtime()
                .iter()
                .eq(self.model.events_runtime.iter().copied())
        );
        let inbound: BTreeMap<_, _> = self
            .monitor
            .stream_inbound_time()
            .map(|(topic, partition, time)| ((topic, partition), time))
            .collect();
        assert_eq!(inbound, self.model.inbound);
        let anomalies = self
            .monitor
            .anomalies()
            .iter()
            .filter(|(_, count)| *count > 0);
        assert_eq!(
            anomalies
                .map(|(kind, count)| (kind.name(), count))
                .collect::<BTreeMap<_, _>>(),
            self.model.anomalies
        );
        for (message, token) in &self.messages {
            assert_eq!(
                (message.time_in, message.time_out, message.time_total),
                (token.time_in, token.time_out, token.time_total)
            );
        }
        for (state, token) in &self.events {
            same_start(state.time_in, token);
            assert_eq!(state.time_out.zip(state.time_total), token.ended);
        }
        for (state, token) in &self.assignments {
            same_start(state.time_start, token);
        }
        for (state, token) in &self.rebalances {
            same_start(state.time_start, token);
            assert_eq!(state.time_return.zip(state.latency_return), token.returned);
            assert_eq!(state.time_end.zip(state.latency_end), token.ended);
        }
        for (state, token) in &self.web_requests {
            same_start(state.time_start, token);
            assert_eq!(state.time_end.zip(state.latency_end), token.ended);
            assert_eq!(state.status_code, token.status);
        }
    }
}

/// Bit for bit: a time made by hand may be NaN.
fn same_start(time: f64, token: &Token) {
    assert_eq!(time.to_bits(), token.start.to_bits());
}

/// What `asdict()` should be, read attribute by attribute.
fn through_the_attributes<C: streamgauge::Clock>(monitor: &Monitor<C>) -> AsDict {
    fn labels<T: Copy + Default>(family: &streamgauge::Family<T>) -> BTreeMap<String, T> {
        let seen: BTreeMap<_, _> = family
            .iter()
            .map(|(label, value)| (label.to_owned(), *value))
            .collect();
        seen.keys()
            .for_each(|label| assert!(family.get(label).is_some()));
        seen
    }
    fn offsets<'a>(each: impl Iterator<Item = (&'a str, u32, u64)>) -> Offsets {
        let mut by_topic = Offsets::new();
        each.for_each(|(topic, partition, offset)| {
            by_topic
                .entry(topic.into())
                .or_default()
                .insert(partition, offset);
        });
        by_topic
    }
    AsDict {
        messages_active: monitor.messages_active(),
        messages_received_total: monitor.messages_received_total(),
        messages_sent: monitor.messages_sent(),
        messages_sent_by_topic: labels(monitor.messages_sent_by_topic()),
        messages_s: monitor.messages_s(),
        messages_received_by_topic: labels(monitor.messages_received_by_topic()),
        events_active: monitor.events_active(),
        events_total: monitor.events_total(),
        events_s: monitor.events_s(),
        events_runtime_avg: monitor.events_runtime_avg(),
        events_by_task: labels(monitor.events_by_task()),
        events_by_stream: labels(monitor.events_by_stream()),
        commit_latency: monitor.commit_latency().iter().collect(),
        send_latency: monitor.send_latency().iter().collect(),
        send_errors: monitor.send_errors(),
        assignment_latency: monitor.assignment_latency().iter().collect(),
        assignments_completed: monitor.assignments_completed(),
        assignments_failed: monitor.assignments_failed(),
        topic_buffer_full: labels(monitor.topic_buffer_full()),
        tables: monitor
            .tables()
            .map(|state| (state.table.to_owned(), state.asdict()))
            .collect(),
        metric_counts: labels(monitor.metric_counts()),
        topic_committed_offsets: offsets(monitor.tp_committed_offsets()),
        topic_read_offsets: offsets(monitor.tp_read_offsets()),
        topic_end_offsets: offsets(monitor.tp_end_offsets()),
        rebalances: monitor.rebalances(),
        rebalance_return_latency: monitor.rebalance_return_latency().iter().collect(),
        rebalance_end_latency: monitor.rebalance_end_latency().iter().collect(),
        rebalance_return_avg: monitor.rebalance_return_avg(),
        rebalance_end_avg: monitor.rebalance_end_avg(),
        http_response_codes: monitor.http_response_codes().iter().collect(),
        http_response_latency: monitor.http_response_latency().iter().collect(),
        http_response_latency_avg: monitor.http_response_latency_avg(),
    }
}

/// Runs the calls on a clock that moves by each step, and reads nonsense where the step has one.
fn run(options: &Options, calls: &[(Call, f64, Option<f64>)]) {
    let mut both = Both::new(options);
    both.compare();
    let mut now = 0.0;
    for (call, step, nonsense) in calls {
        now += step;
        both.make(call, nonsense.unwrap_or(now));
        both.compare();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_calls_leave_what_the_contract_says(
        options in options(),
        calls in collection::vec((call(), prop_oneof![9 => 0.0_f64..3.0, 1 => -9.0_f64..0.0], option::weighted(0.05, time())), 0..150),
    ) {
        run(&options, &calls);
    }
}
