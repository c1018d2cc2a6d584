//! Snapshots with something in every figure, from a seed.

use streamgauge::{
    AnyValue, Histogram, LagMethod, Latency, PartitionFigures, Rate, Snapshot, SortedMap, Status,
    TableCounts, Unknown,
};

/// SplitMix64.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn whole(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.whole() % end
    }

    /// Small, large, and beyond what an f64 holds exactly.
    fn count(&mut self) -> u64 {
        match self.below(8) {
            0 => 0,
            1 => u64::MAX - self.below(3),
            2 => (1 << 53) + self.below(9),
            _ => self.below(1_000_000),
        }
    }

    /// Any finite number.
    fn number(&mut self) -> f64 {
        match self.below(4) {
            0 => self.below(100) as f64,
            1 => self.below(1_000_000) as f64 / 1e3,
            _ => {
                let number = f64::from_bits(self.whole());
                if number.is_finite() { number } else { -0.0 }
            }
        }
    }

    fn perhaps<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(4) > 0).then(|| make(self))
    }

    fn label(&mut self) -> String {
        const LABELS: [&str; 7] = ["orders", "a.b", "", "q\"\\\n", "__proto__", "\u{6d41}", "z"];
        LABELS[self.below(7) as usize].into()
    }

    fn labels<T>(&mut self, mut make: impl FnMut(&mut Self) -> T) -> SortedMap<String, T> {
        let many = self.below(4);
        (0..many).map(|_| (self.label(), make(self))).collect()
    }

    fn counts(&mut self) -> SortedMap<String, u64> {
        self.labels(Self::count)
    }

    fn histogram(&mut self) -> Histogram {
        let scale = [5, 5, 3, 0][self.below(4) as usize];
        let many = self.below(9) as usize;
        let mut buckets: Vec<u64> = (0..many).map(|_| self.below(1_000)).collect();
        if let [first, .., last] = &mut buckets[..] {
            (*first, *last) = (*first + 1, *last + 1);
        } else {
            buckets.clear();
        }
        let (below, above) = (self.below(3), self.below(3));
        let count = below + above + buckets.iter().sum::<u64>();
        let min = self.below(1_000) as f64 / 1_024.0;
        Histogram {
            scale,
            count,
            sum_nanoseconds: u128::from(self.count()) * u128::from(self.count()),
            min: (count > 0).then_some(min),
            max: (count > 0).then_some(min + 1.0),
            below,
            above,
            offset: if buckets.is_empty() {
                0
            } else {
                -(self.below(12) as i32)
            },
            buckets,
        }
    }

    fn latency(&mut self) -> Latency {
        Latency {
            life: self.perhaps(Self::histogram),
            last_minute: self.perhaps(Self::histogram),
        }
    }

    fn rate(&mut self) -> Rate {
        Rate {
            now: self.perhaps(Self::number),
            one_minute: self.perhaps(Self::number),
            five_minutes: self.perhaps(Self::number),
            fifteen_minutes: self.perhaps(Self::number),
        }
    }

    pub(crate) fn any(&mut self, depth: u32) -> AnyValue {
        match self.below(if depth == 0 { 6 } else { 8 }) {
            0 => AnyValue::Null,
            1 => AnyValue::Flag(self.below(2) == 0),
            2 => AnyValue::Whole(self.count()),
            3 => AnyValue::Negative(-1 - self.below(1 << 62) as i64),
            4 => AnyValue::Number(self.number()),
            5 => AnyValue::Text(self.label()),
            6 => AnyValue::List((0..self.below(3)).map(|_| self.any(depth - 1)).collect()),
            _ => AnyValue::Map(self.labels(|random| random.any(depth - 1))),
        }
    }

    pub(crate) fn unknown(&mut self) -> Unknown {
        match self.below(3) {
            0 => self
                .labels(|random| random.any(3))
                .into_iter()
                .map(|(key, value)| (format!("new {key}"), value))
                .collect(),
            _ => Unknown::new(),
        }
    }

    pub(crate) fn partition(
        &mut self,
        topic: &str,
        partition: u32,
        worker: &str,
        at: f64,
    ) -> PartitionFigures {
        PartitionFigures {
            topic: topic.into(),
            partition,
            worker: worker.into(),
            at,
            owned: self.below(2) == 0,
            paused: self.below(2) == 0,
            position: self.perhaps(Self::count),
            committed: self.perhaps(Self::count),
            end: self.perhaps(Self::count),
            lag: self.perhaps(Self::count),
            committed_lag: self.perhaps(Self::count),
            lag_seconds: self.perhaps(Self::number),
            lag_method: LagMethod::ALL[self.below(5) as usize],
            slope: self.perhaps(Self::number),
            catch_up_seconds: self.perhaps(Self::number),
            status: Status::ALL[self.below(5) as usize],
            reason: self.label(),
            unknown: self.unknown(),
        }
    }

    /// A snapshot of one monitor.
    pub(crate) fn snapshot(&mut self, worker: &str, since: f64) -> Snapshot {
        let mut s = Snapshot {
            worker: worker.into(),
            since,
            at: since + self.below(4) as f64,
            sequence: self.below(1_000),
            ..Snapshot::default()
        };
        self.messages(&mut s);
        self.groups(&mut s);
        let sections = [
            &mut s.unknown,
            &mut s.messages.unknown,
            &mut s.lag.unknown,
            &mut s.http.unknown,
        ];
        for unknown in sections {
            *unknown = self.unknown();
        }
        for _ in 0..self.below(6) {
            let (topic, number) = (self.label(), self.below(2) as u32);
            let told = s.partitions.iter();
            if !told
                .clone()
                .any(|p| (&p.topic, p.partition) == (&topic, number))
            {
                let partition = self.partition(&topic, number, worker, s.at);
                s.partitions.push(partition);
            }
        }
        s.summarize();
        s
    }

    fn messages(&mut self, s: &mut Snapshot) {
        let m = &mut s.messages;
        (m.received, m.active, m.sent) = (self.count(), self.count(), self.count());
        m.received_by_topic = self.counts();
        m.sent_by_topic = self.counts();
        (m.bytes_received, m.bytes_sent) = (self.count(), self.count());
        (m.retried, m.dead_lettered, m.stuck) = (self.count(), self.count(), self.count());
        (m.time, m.end_to_end) = (self.latency(), self.latency());
        m.oldest_seconds = self.perhaps(Self::number);
        m.stuck_after_seconds = self.number();
        let e = &mut s.events;
        (e.total, e.active) = (self.count(), self.count());
        (e.by_stream, e.by_task) = (self.counts(), self.counts());
        e.runtime = self.latency();
        e.runtime_by_stream = self.labels(Self::histogram);
        s.sends.errors = self.count();
        s.sends.latency = self.latency();
        s.sends.error_latency = self.latency();
        s.errors.total = self.count();
        s.messages.retried_by_topic = self.counts();
        s.messages.dead_lettered_by_topic = self.counts();
        s.errors.by_topic = self.counts();
        s.errors.by_stage = self.labels(Self::counts);
        s.http.responses = [(200, self.count()), (404, self.count())].into();
        s.http.latency = self.latency();
        s.tables = self.labels(|random| TableCounts {
            keys_retrieved: random.count(),
            keys_updated: random.count(),
            keys_deleted: random.count(),
        });
        // Sums of these stay within 64 bits.
        s.metrics = self.labels(|random| (random.whole() as i64) / 64);
        s.anomalies = self.counts();
    }

    fn groups(&mut self, s: &mut Snapshot) {
        s.commits.completed = self.count();
        s.commits.latency = self.latency();
        let a = &mut s.assignments;
        (a.completed, a.failed, a.latency) = (self.count(), self.count(), self.latency());
        s.rates.interval_seconds = self.perhaps(Self::number);
        s.rates.messages_received = self.rate();
        s.rates.messages_sent = self.rate();
        s.rates.events = self.rate();
        s.rates.errors = self.rate();
        s.rates.busy = self.rate();
        let r = &mut s.rebalances;
        (r.count, r.app_count, r.in_progress) = (self.count(), self.count(), self.count());
        (r.recent, r.storm) = (self.count(), self.below(2) == 0);
        (r.storm_rebalances, r.storm_window_seconds) = (self.count(), self.number());
        r.last_age_seconds = self.perhaps(Self::number);
        (r.return_latency, r.end_latency) = (self.latency(), self.latency());
        let o = &mut s.ownership;
        (o.assigned, o.revoked, o.lost) = (self.count(), self.count(), self.count());
        let c = &mut s.consumer;
        (c.polls, c.empty_polls, c.polled_records) = (self.count(), self.count(), self.count());
        (c.pauses, c.resumes, c.paused_partitions) = (self.count(), self.count(), self.count());
        (c.heartbeats, c.heartbeat_age_seconds) = (self.count(), self.perhaps(Self::number));
        (c.busy_nanoseconds, c.idle_nanoseconds) = (self.count(), self.count());
        c.buffer_full_by_topic = self.counts();
    }
}
