//! The contract written down as plainly as possible: maps, deques, one `if` per rule. It shares no
//! code with the crate and is slow on purpose.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use streamgauge::{AsDict, Options, TableCounts};

pub(crate) type Tp = (&'static str, u32);
pub(crate) type Anomalies = BTreeMap<&'static str, u64>;

/// Labels by family, with the cap on them.
#[derive(Default)]
struct Labels {
    known: BTreeSet<String>,
    counts: BTreeMap<String, i64>,
}

/// A token with the time in it: what Faust keeps in a dict, and what became of it.
#[derive(Clone, Default)]
pub(crate) struct Token {
    pub(crate) start: f64,
    pub(crate) returned: Option<(f64, f64)>,
    pub(crate) ended: Option<(f64, f64)>,
    pub(crate) status: Option<u16>,
    by_hand: bool,
    done: BTreeSet<&'static str>,
}

impl Token {
    pub(crate) fn by_hand(start: f64) -> Self {
        Self {
            start,
            by_hand: true,
            ..Self::default()
        }
    }

    fn started(start: f64) -> Self {
        Self {
            start,
            ..Self::default()
        }
    }
}

#[derive(Clone, Default)]
pub(crate) struct ModelMessage {
    pub(crate) time_in: Option<f64>,
    pub(crate) time_out: Option<f64>,
    pub(crate) time_total: Option<f64>,
}

/// A stream handle: the labels that it was found to count under when it was made.
pub(crate) type StreamHandle = (String, Option<String>);

pub(crate) struct Model {
    options: Options,
    last_reading: f64,
    received: Labels,
    sent: Labels,
    streams: Labels,
    tasks: Labels,
    buffers: Labels,
    metrics: Labels,
    table_names: Labels,
    tables: BTreeMap<String, TableCounts>,
    partitions: BTreeSet<Tp>,
    received_label: BTreeMap<Tp, String>,
    committed: BTreeMap<Tp, u64>,
    read: BTreeMap<Tp, u64>,
    end: BTreeMap<Tp, u64>,
    pub(crate) inbound: BTreeMap<Tp, f64>,
    messages_active: u64,
    messages_received_total: u64,
    messages_sent: u64,
    messages_s: u64,
    events_active: u64,
    events_total: u64,
    events_s: u64,
    events_at_last_sample: u64,
    messages_at_last_sample: u64,
    pub(crate) events_runtime: VecDeque<f64>,
    commit_latency: VecDeque<f64>,
    send_latency: VecDeque<f64>,
    assignment_latency: VecDeque<f64>,
    rebalance_return_latency: VecDeque<f64>,
    rebalance_end_latency: VecDeque<f64>,
    http_response_latency: VecDeque<f64>,
    events_runtime_avg: f64,
    rebalance_return_avg: f64,
    rebalance_end_avg: f64,
    http_response_latency_avg: f64,
    http_response_codes: BTreeMap<u16, u64>,
    send_errors: u64,
    assignments_completed: u64,
    assignments_failed: u64,
    rebalances: u64,
    pub(crate) anomalies: Anomalies,
}

fn note(anomalies: &mut Anomalies, kind: &'static str) {
    *anomalies.entry(kind).or_default() += 1;
}

fn push(deque: &mut VecDeque<f64>, value: f64, limit: u32) {
    deque.push_back(value);
    while deque.len() > limit as usize {
        deque.pop_front();
    }
}

fn median(deque: &VecDeque<f64>, before: f64) -> f64 {
    let mut sorted: Vec<f64> = deque.iter().copied().collect();
    sorted.sort_by(|a, b| a.partial_cmp(b).unwrap());
    match sorted.len() {
        0 => before,
        count if count % 2 == 1 => sorted[count / 2],
        count => {
            let (lower, upper) = (sorted[count / 2 - 1], sorted[count / 2]);
            let mean = (lower + upper) / 2.0;
            // Two that are too large to add: ours stays finite.
            if mean.is_finite() {
                mean
            } else {
                lower / 2.0 + upper / 2.0
            }
        }
    }
}

impl Labels {
    /// Under which label a name counts; `None` where the name is too long.
    fn find(&mut self, name: &str, limit: u32, anomalies: &mut Anomalies) -> Option<String> {
        if name.chars().count() > 4096 {
            note(anomalies, "name_too_long");
            return None;
        }
        if name == "(other)" || self.known.contains(name) {
            return Some(name.into());
        }
        if self.known.len() < limit as usize {
            self.known.insert(name.into());
            return Some(name.into());
        }
        note(anomalies, "label_over_limit");
        Some("(other)".into())
    }

    fn add(&mut self, label: String, count: i64) {
        *self.counts.entry(label).or_default() += count;
    }

    fn whole(&self) -> BTreeMap<String, u64> {
        self.counts
            .iter()
            .map(|(label, count)| (label.clone(), *count as u64))
            .collect()
    }
}

fn too_long(name: &str) -> bool {
    name.chars().count() > 4096
}

fn by_topic(offsets: &BTreeMap<Tp, u64>) -> BTreeMap<String, BTreeMap<u32, u64>> {
    let mut topics = BTreeMap::<String, BTreeMap<u32, u64>>::new();
    for ((topic, partition), offset) in offsets {
        topics
            .entry((*topic).into())
            .or_default()
            .insert(*partition, *offset);
    }
    topics
}

impl Model {
    pub(crate) fn new(options: &Options) -> Self {
        let deque = |values: &[f64], limit: u32| {
            let mut deque = VecDeque::new();
            values
                .iter()
                .for_each(|value| push(&mut deque, *value, limit));
            deque
        };
        let history = options.max_avg_history;
        let mut model = Self {
            options: options.clone(),
            last_reading: 0.0,
            received: Labels::default(),
            sent: Labels::default(),
            streams: Labels::default(),
            tasks: Labels::default(),
            buffers: Labels::default(),
            metrics: Labels::default(),
            table_names: Labels::default(),
            tables: BTreeMap::new(),
            partitions: BTreeSet::new(),
            received_label: BTreeMap::new(),
            committed: BTreeMap::new(),
            read: BTreeMap::new(),
            end: BTreeMap::new(),
            inbound: BTreeMap::new(),
            messages_active: options.messages_active,
            messages_received_total: options.messages_received_total,
            messages_sent: options.messages_sent,
            messages_s: options.messages_s,
            events_active: options.events_active,
            events_total: options.events_total,
            events_s: options.events_s,
            events_at_last_sample: options.events_total,
            messages_at_last_sample: options.messages_received_total,
            events_runtime: deque(&options.events_runtime, history),
            commit_latency: deque(&options.commit_latency, options.max_commit_latency_history),
            send_latency: deque(&options.send_latency, options.max_send_latency_history),
            assignment_latency: deque(
                &options.assignment_latency,
                options.max_assignment_latency_history,
            ),
            rebalance_return_latency: deque(&options.rebalance_return_latency, history),
            rebalance_end_latency: deque(&options.rebalance_end_latency, history),
            http_response_latency: deque(&options.http_response_latency, history),
            events_runtime_avg: options.events_runtime_avg,
            rebalance_return_avg: options.rebalance_return_avg,
            rebalance_end_avg: options.rebalance_end_avg,
            http_response_latency_avg: options.http_response_latency_avg,
            http_response_codes: options.http_response_codes.clone(),
            send_errors: 0,
            assignments_completed: 0,
            assignments_failed: 0,
            rebalances: options.rebalances,
            anomalies: Anomalies::new(),
        };
        let (limit, anomalies) = (options.max_labels, &mut model.anomalies);
        for (family, start) in [
            (&mut model.received, &options.messages_received_by_topic),
            (&mut model.streams, &options.events_by_stream),
            (&mut model.tasks, &options.events_by_task),
            (&mut model.buffers, &options.topic_buffer_full),
        ] {
            for (name, count) in start {
                let label = family.find(name, limit, anomalies).unwrap();
                family.add(label, *count as i64);
            }
        }
        for (name, counts) in &options.tables {
            let label = model.table_names.find(name, limit, anomalies).unwrap();
            let table = model.tables.entry(label).or_default();
            table.keys_retrieved += counts.keys_retrieved;
            table.keys_updated += counts.keys_updated;
            table.keys_deleted += counts.keys_deleted;
        }
        model
    }

    fn note(&mut self, kind: &'static str) {
        note(&mut self.anomalies, kind);
    }

    /// D8: a reading that is not finite is the last finite one.
    fn now(&mut self, clock: f64) -> f64 {
        if clock.is_finite() {
            self.last_reading = clock;
        } else {
            self.note("clock_not_finite");
        }
        self.last_reading
    }

    /// D8: a negative difference is 0.
    fn difference(&mut self, start: f64, now: f64) -> f64 {
        if now < start {
            self.note("clock_went_back");
            return 0.0;
        }
        if !(now - start).is_finite() {
            self.note("clock_not_finite");
            return 0.0;
        }
        now - start
    }

    /// D9: whether the offsets of a partition are kept. Its topic is not too long.
    fn keeps(&mut self, tp: Tp) -> bool {
        if !self.partitions.contains(&tp) {
            if self.partitions.len() >= self.options.max_partitions as usize {
                self.note("partition_over_limit");
                return false;
            }
            self.partitions.insert(tp);
        }
        true
    }

    /// D6: whether an end hook may do its work with this token.
    fn may(&mut self, token: &mut Token, end: &'static str) -> bool {
        if !token.by_hand && !token.done.insert(end) {
            self.note("token_completed_twice");
            return false;
        }
        true
    }

    pub(crate) fn make_tp_handle(&mut self, tp: Tp) {
        if !too_long(tp.0) {
            self.keeps(tp);
        }
    }

    /// `None` where a name is too long, and nothing is noted: the maker of the handle is told.
    pub(crate) fn make_stream_handle(
        &mut self,
        label: &str,
        task: Option<&str>,
    ) -> Option<StreamHandle> {
        if too_long(label) || too_long(task.unwrap_or_default()) {
            return None;
        }
        self.stream_labels(label, task)
    }

    fn stream_labels(&mut self, label: &str, task: Option<&str>) -> Option<StreamHandle> {
        let limit = self.options.max_labels;
        let label = self.streams.find(label, limit, &mut self.anomalies)?;
        let task = task.map(|task| self.tasks.find(task, limit, &mut self.anomalies).unwrap());
        Some((label, task))
    }

    pub(crate) fn message_in(
        &mut self,
        tp: Tp,
        offset: u64,
        message: &mut ModelMessage,
        clock: f64,
    ) {
        if too_long(tp.0) {
            return self.note("name_too_long");
        }
        let limit = self.options.max_labels;
        let label = if self.keeps(tp) {
            self.read.insert(tp, offset);
            match self.received_label.get(&tp) {
                Some(label) => label.clone(),
                None => {
                    let label = self
                        .received
                        .find(tp.0, limit, &mut self.anomalies)
                        .unwrap();
                    self.received_label.insert(tp, label.clone());
                    label
                }
            }
        } else {
            self.received
                .find(tp.0, limit, &mut self.anomalies)
                .unwrap()
        };
        self.received.add(label, 1);
        self.messages_received_total += 1;
        self.messages_active += 1;
        message.time_in = Some(self.now(clock));
    }

    pub(crate) fn message_out(&mut self, message: &mut ModelMessage, clock: f64) {
        // D5
        if self.messages_active == 0 {
            self.note("message_out_without_in");
        } else {
            self.messages_active -= 1;
        }
        let now = self.now(clock);
        message.time_out = Some(now);
        if let Some(time_in) = message.time_in {
            message.time_total = Some(self.difference(time_in, now));
        }
    }

    pub(crate) fn event_in(
        &mut self,
        tp: Tp,
        stream: (&str, Option<&str>),
        handle: Option<&StreamHandle>,
        clock: f64,
    ) -> Option<Token> {
        if too_long(tp.0) {
            self.note("name_too_long");
            return None;
        }
        let keeps = self.keeps(tp);
        let (label, task) = match handle {
            Some(handle) => handle.clone(),
            None if too_long(stream.0) || stream.1.is_some_and(too_long) => {
                self.note("name_too_long");
                return None;
            }
            None => self.stream_labels(stream.0, stream.1)?,
        };
        self.events_total += 1;
        self.events_active += 1;
        self.streams.add(label, 1);
        // D13
        if let Some(task) = task {
            self.tasks.add(task, 1);
        }
        let now = self.now(clock);
        if keeps {
            self.inbound.insert(tp, now);
        }
        Some(Token::started(now))
    }

    pub(crate) fn event_out(&mut self, token: Option<&mut Token>, clock: f64) {
        let Some(token) = token else { return };
        if !self.may(token, "end") {
            return;
        }
        // D5
        if self.events_active == 0 {
            self.note("event_out_without_in");
        } else {
            self.events_active -= 1;
        }
        let now = self.now(clock);
        let total = self.difference(token.start, now);
        token.ended = Some((now, total));
        push(
            &mut self.events_runtime,
            total,
            self.options.max_avg_history,
        );
    }

    pub(crate) fn buffer_full(&mut self, topic: &str) {
        if let Some(label) = self
            .buffers
            .find(topic, self.options.max_labels, &mut self.anomalies)
        {
            self.buffers.add(label, 1);
        }
    }

    pub(crate) fn table(&mut self, table: &str, call: u8) {
        if let Some(label) =
            self.table_names
                .find(table, self.options.max_labels, &mut self.anomalies)
        {
            let table = self.tables.entry(label).or_default();
            match call {
                0 => table.keys_retrieved += 1,
                1 => table.keys_updated += 1,
                _ => table.keys_deleted += 1,
            }
        }
    }

    pub(crate) fn count(&mut self, name: &str, n: i64) {
        if let Some(label) = self
            .metrics
            .find(name, self.options.max_labels, &mut self.anomalies)
        {
            self.metrics.add(label, n);
        }
    }

    pub(crate) fn commit_initiated(&mut self, clock: f64) -> f64 {
        self.now(clock)
    }

    pub(crate) fn commit_completed(&mut self, started: Option<f64>, clock: f64) {
        let Some(started) = started else {
            return self.note("token_missing");
        };
        let now = self.now(clock);
        let latency = self.difference(started, now);
        push(
            &mut self.commit_latency,
            latency,
            self.options.max_commit_latency_history,
        );
    }

    pub(crate) fn send_initiated(&mut self, topic: &str, clock: f64) -> Option<f64> {
        let label = self
            .sent
            .find(topic, self.options.max_labels, &mut self.anomalies)?;
        self.sent.add(label, 1);
        self.messages_sent += 1;
        Some(self.now(clock))
    }

    pub(crate) fn send_completed(&mut self, started: Option<f64>, clock: f64) {
        let Some(started) = started else {
            return self.note("token_missing");
        };
        let now = self.now(clock);
        let latency = self.difference(started, now);
        push(
            &mut self.send_latency,
            latency,
            self.options.max_send_latency_history,
        );
    }

    pub(crate) fn send_error(&mut self, started: Option<f64>, clock: f64) {
        let Some(started) = started else {
            return self.note("token_missing");
        };
        self.send_errors += 1;
        let now = self.now(clock);
        self.difference(started, now);
    }

    pub(crate) fn tp_commit(&mut self, offsets: &[(Tp, u64)], clock: f64) {
        if offsets.iter().any(|((topic, _), _)| too_long(topic)) {
            return self.note("name_too_long");
        }
        self.now(clock);
        for (tp, offset) in offsets {
            if self.keeps(*tp) {
                self.committed.insert(*tp, *offset);
            }
        }
    }

    pub(crate) fn end_offset(&mut self, tp: Tp, offset: u64, clock: f64) {
        if too_long(tp.0) {
            return self.note("name_too_long");
        }
        if self.keeps(tp) {
            self.now(clock);
            self.end.insert(tp, offset);
        }
    }

    /// Nothing of Faust's changes.
    pub(crate) fn position(&mut self, tp: Tp, clock: f64) {
        if too_long(tp.0) {
            return self.note("name_too_long");
        }
        if self.keeps(tp) {
            self.now(clock);
        }
    }

    /// The start of an assignment or of a web request.
    pub(crate) fn start(&mut self, clock: f64) -> Token {
        Token::started(self.now(clock))
    }

    pub(crate) fn assignment_over(
        &mut self,
        token: Option<&mut Token>,
        completed: bool,
        clock: f64,
    ) {
        let Some(token) = token else {
            return self.note("token_missing");
        };
        if !self.may(token, "end") {
            return;
        }
        let now = self.now(clock);
        let latency = self.difference(token.start, now);
        push(
            &mut self.assignment_latency,
            latency,
            self.options.max_assignment_latency_history,
        );
        match completed {
            true => self.assignments_completed += 1,
            false => self.assignments_failed += 1,
        }
    }

    fn empty_what_a_rebalance_empties(&mut self) {
        self.committed.clear();
        self.read.clear();
        self.end.clear();
        self.inbound.clear();
        self.buffers.counts.clear();
    }

    pub(crate) fn rebalance_start(&mut self, rebalances: Option<u64>, clock: f64) -> Token {
        self.rebalances = rebalances.unwrap_or(self.rebalances + 1);
        self.empty_what_a_rebalance_empties();
        Token::started(self.now(clock))
    }

    pub(crate) fn rebalance_return(&mut self, token: Option<&mut Token>, clock: f64) {
        let Some(token) = token else {
            return self.note("token_missing");
        };
        if !self.may(token, "return") {
            return;
        }
        let now = self.now(clock);
        let latency = self.difference(token.start, now);
        token.returned = Some((now, latency));
        push(
            &mut self.rebalance_return_latency,
            latency,
            self.options.max_avg_history,
        );
    }

    pub(crate) fn rebalance_end(&mut self, token: Option<&mut Token>, clock: f64) {
        let Some(token) = token else {
            return self.note("token_missing");
        };
        if !self.may(token, "end") {
            return;
        }
        let now = self.now(clock);
        let latency = self.difference(token.start, now);
        token.ended = Some((now, latency));
        push(
            &mut self.rebalance_end_latency,
            latency,
            self.options.max_avg_history,
        );
        self.empty_what_a_rebalance_empties();
    }

    pub(crate) fn web_request_end(
        &mut self,
        status: Option<u16>,
        token: Option<&mut Token>,
        clock: f64,
    ) {
        let Some(token) = token else {
            return self.note("token_missing");
        };
        if !self.may(token, "end") {
            return;
        }
        let now = self.now(clock);
        let latency = self.difference(token.start, now);
        let status = status.unwrap_or(500);
        token.ended = Some((now, latency));
        token.status = Some(status);
        push(
            &mut self.http_response_latency,
            latency,
            self.options.max_avg_history,
        );
        *self.http_response_codes.entry(status).or_default() += 1;
    }

    pub(crate) fn secs_since(&mut self, start: f64, clock: f64) -> f64 {
        let now = self.now(clock);
        self.difference(start, now)
    }

    pub(crate) fn sample(&mut self, clock: f64) {
        self.now(clock);
        self.events_runtime_avg = median(&self.events_runtime, self.events_runtime_avg);
        self.rebalance_return_avg =
            median(&self.rebalance_return_latency, self.rebalance_return_avg);
        self.rebalance_end_avg = median(&self.rebalance_end_latency, self.rebalance_end_avg);
        self.http_response_latency_avg =
            median(&self.http_response_latency, self.http_response_latency_avg);
        self.events_s = self.events_total - self.events_at_last_sample;
        self.events_at_last_sample = self.events_total;
        self.messages_s = self.messages_received_total - self.messages_at_last_sample;
        self.messages_at_last_sample = self.messages_received_total;
    }

    pub(crate) fn asdict(&self) -> AsDict {
        let list = |deque: &VecDeque<f64>| deque.iter().copied().collect();
        AsDict {
            messages_active: self.messages_active,
            messages_received_total: self.messages_received_total,
            messages_sent: self.messages_sent,
            messages_sent_by_topic: self.sent.whole(),
            messages_s: self.messages_s,
            messages_received_by_topic: self.received.whole(),
            events_active: self.events_active,
            events_total: self.events_total,
            events_s: self.events_s,
            events_runtime_avg: self.events_runtime_avg,
            events_by_task: self.tasks.whole(),
            events_by_stream: self.streams.whole(),
            commit_latency: list(&self.commit_latency),
            send_latency: list(&self.send_latency),
            send_errors: self.send_errors,
            assignment_latency: list(&self.assignment_latency),
            assignments_completed: self.assignments_completed,
            assignments_failed: self.assignments_failed,
            topic_buffer_full: self.buffers.whole(),
            tables: self.tables.clone(),
            metric_counts: self.metrics.counts.clone(),
            topic_committed_offsets: by_topic(&self.committed),
            topic_read_offsets: by_topic(&self.read),
            topic_end_offsets: by_topic(&self.end),
            rebalances: self.rebalances,
            rebalance_return_latency: list(&self.rebalance_return_latency),
            rebalance_end_latency: list(&self.rebalance_end_latency),
            rebalance_return_avg: self.rebalance_return_avg,
            rebalance_end_avg: self.rebalance_end_avg,
            http_response_codes: self.http_response_codes.clone(),
            http_response_latency: list(&self.http_response_latency),
            http_response_latency_avg: self.http_response_latency_avg,
        }
    }
}
