//! Fills a snapshot: everything that is known, at one moment.

use alloc::string::String;
use alloc::vec::Vec;

use super::Figures;
use crate::counters::Family;
use crate::errors::Stage;
use crate::histogram::LatencyHistogram;
use crate::holding::{Claim, Holding};
use crate::partitions::PartitionIndex;
use crate::rates::{Flow, FlowRates};
use crate::snapshot::{
    Assignments, Commits, Consumer, Errors, Events, Format, Health, Http, Lag, Latency, Messages,
    Ownership, PartitionFigures, Rate, Rates, Rebalances, Sends, Snapshot, SortedMap, Unknown,
};

impl Figures {
    /// Everything that is known at `now`. Each has the next number in this monitor's life.
    ///
    /// Ages, lag and health are computed here, so a monitor that hears nothing any more still tells
    /// how far it is behind. Costs a pass over everything that is in it, and its allocation: some
    /// microseconds, and about one for each partition.
    pub fn snapshot(&mut self, now: f64) -> Snapshot {
        let now = self.reading(now);
        let partitions = self.snapshot_partitions(now);
        self.snapshot_with(partitions, now)
    }

    /// The same without partitions, which [`partitions_to_cbor`](Self::partitions_to_cbor) gives one
    /// part after the other: what follows from them is that of a monitor without any.
    pub fn snapshot_without_partitions(&mut self, now: f64) -> Snapshot {
        let now = self.reading(now);
        self.snapshot_with(Vec::new(), now)
    }

    /// The partitions of a snapshot whose indices are in `from..to`, in CBOR: what stands in its list,
    /// one behind the other and not in the list's order. Each is as it is at `now`.
    ///
    /// For whoever may not take the time of a whole snapshot at once, about a microsecond for each
    /// partition. [`Partitions::index_count`](crate::Partitions::index_count) ends the indices. Where
    /// [`revision`](Self::revision) is another after one of the parts, a partition may stand in two.
    #[cfg(feature = "cbor")]
    pub fn partitions_to_cbor(&mut self, now: f64, from: u32, to: u32) -> Vec<u8> {
        /// About as long as one is.
        const LENGTH: usize = 320;
        let now = self.reading(now);
        let to = to.min(self.partitions.index_count());
        let mut bytes = Vec::with_capacity(LENGTH * to.saturating_sub(from) as usize);
        for index in (from..to).map(PartitionIndex::new) {
            if let Some(figures) = self.snapshot_partition_at(index, now) {
                figures.write_cbor(&mut bytes);
            }
        }
        bytes
    }

    #[inline(never)]
    fn snapshot_with(&mut self, partitions: Vec<PartitionFigures>, now: f64) -> Snapshot {
        self.beyond.sequence += 1;
        self.beyond.busy.settle(self.messages_active > 0, now);
        let moves = &self.beyond.moves;
        // No `..default()`, here and below: what it makes would have to be dropped again, field by
        // field, which is code.
        let mut snapshot = Snapshot {
            format: Format,
            worker: self.beyond.worker.as_ref().into(),
            since: self.unix(self.beyond.since),
            at: self.unix(now),
            sequence: self.beyond.sequence,
            merged: Vec::new(),
            messages: self.snapshot_messages(now),
            events: self.snapshot_events(now),
            sends: self.snapshot_sends(now),
            commits: Commits {
                completed: self.beyond.commits_completed,
                latency: latency(&self.beyond.latencies.commit, now),
                unknown: Unknown::new(),
            },
            assignments: Assignments {
                completed: self.assignments_completed,
                failed: self.assignments_failed,
                latency: latency(&self.beyond.latencies.assignment, now),
                unknown: Unknown::new(),
            },
            rates: self.snapshot_rates(),
            lag: Lag::default(),
            health: Health::default(),
            rebalances: self.snapshot_rebalances(now),
            ownership: Ownership {
                owned: 0,
                assigned: moves.assigned,
                revoked: moves.revoked,
                lost: moves.lost,
                unknown: Unknown::new(),
            },
            errors: self.snapshot_errors(),
            consumer: self.snapshot_consumer(now),
            http: Http {
                responses: SortedMap::of_distinct(self.http_response_codes.iter().collect()),
                latency: latency(&self.beyond.latencies.http_response, now),
                unknown: Unknown::new(),
            },
            tables: copied(&self.tables),
            metrics: copied(&self.metric_counts),
            anomalies: self.snapshot_anomalies(),
            partitions,
            unknown: Unknown::new(),
        };
        snapshot.summarize();
        snapshot
    }

    /// A reading of the clock as Unix time.
    fn unix(&self, now: f64) -> f64 {
        let unix = now + self.limits.epoch;
        if unix.is_finite() { unix } else { now }
    }

    #[inline(never)]
    fn snapshot_messages(&self, now: f64) -> Messages {
        let beyond = &self.beyond;
        let stuck_after_seconds = self.limits.stuck_after;
        let oldest = beyond.in_flight.oldest();
        Messages {
            received: self.messages_received_total,
            received_by_topic: copied(&self.messages_received_by_topic),
            active: self.messages_active,
            sent: self.messages_sent,
            sent_by_topic: copied(&self.messages_sent_by_topic),
            bytes_received: beyond.consumer.bytes_received,
            bytes_sent: beyond.bytes_sent,
            retried: beyond.retries,
            retried_by_topic: copied(&beyond.retries_by_topic),
            dead_lettered: beyond.dead_letters,
            dead_lettered_by_topic: copied(&beyond.dead_letters_by_topic),
            time: latency(&beyond.latencies.message_time, now),
            end_to_end: latency(&beyond.latencies.end_to_end, now),
            oldest_seconds: oldest.map(|time| (now - time).max(0.0)),
            stuck: (beyond.in_flight.older_than(now - stuck_after_seconds))
                .min(self.messages_active),
            stuck_after_seconds,
            unknown: Unknown::new(),
        }
    }

    #[inline(never)]
    fn snapshot_events(&self, now: f64) -> Events {
        let runtimes = &self.beyond.latencies.event_runtime;
        let runtime_by_stream = runtimes.each().map(|(stream, histogram)| {
            let label = self.events_by_stream.label(stream);
            (label.into(), histogram)
        });
        Events {
            total: self.events_total,
            active: self.events_active,
            by_stream: copied(&self.events_by_stream),
            by_task: copied(&self.events_by_task),
            runtime: latency(runtimes.all(), now),
            runtime_by_stream: SortedMap::of_distinct(runtime_by_stream.collect()),
            unknown: Unknown::new(),
        }
    }

    #[inline(never)]
    fn snapshot_sends(&self, now: f64) -> Sends {
        Sends {
            errors: self.send_errors,
            latency: latency(&self.beyond.latencies.send, now),
            error_latency: latency(&self.beyond.latencies.send_error, now),
            unknown: Unknown::new(),
        }
    }

    #[inline(never)]
    fn snapshot_rates(&self) -> Rates {
        let rates = &self.beyond.rates;
        let of = |flow| rate(rates.of(flow));
        Rates {
            interval_seconds: rates.interval(),
            messages_received: of(Flow::MessagesReceived),
            messages_sent: of(Flow::MessagesSent),
            events: of(Flow::Events),
            errors: of(Flow::Errors),
            busy: of(Flow::Busy),
            unknown: Unknown::new(),
        }
    }

    #[inline(never)]
    fn snapshot_rebalances(&self, now: f64) -> Rebalances {
        let (limits, rebalances) = (&self.limits, &self.beyond.rebalances);
        let window = limits.storm_window;
        let recent = rebalances.times.iter().filter(|at| now - at <= window);
        let recent = recent.count() as u64;
        let last = rebalances.times.iter().last();
        Rebalances {
            count: rebalances.count,
            app_count: self.rebalances,
            in_progress: rebalances.in_progress,
            recent,
            storm: recent >= u64::from(limits.storm_rebalances),
            storm_rebalances: limits.storm_rebalances.into(),
            storm_window_seconds: window,
            last_age_seconds: last.map(|at| (now - at).max(0.0)),
            return_latency: latency(&self.beyond.latencies.rebalance_return, now),
            end_latency: latency(&self.beyond.latencies.rebalance_end, now),
            unknown: Unknown::new(),
        }
    }

    #[inline(never)]
    fn snapshot_errors(&self) -> Errors {
        let mut by_stage = Vec::new();
        for stage in Stage::ALL {
            let mut kinds = Vec::new();
            for (kind, counts) in self.beyond.errors.iter() {
                if let Some((_, count)) = counts.each().find(|(at, _)| *at == stage) {
                    kinds.push((kind.into(), count));
                }
            }
            if !kinds.is_empty() {
                by_stage.push((stage.name().into(), SortedMap::of_distinct(kinds)));
            }
        }
        Errors {
            total: self.beyond.errors_total,
            by_stage: SortedMap::of_distinct(by_stage),
            by_topic: copied(&self.beyond.errors_by_topic),
            unknown: Unknown::new(),
        }
    }

    #[inline(never)]
    fn snapshot_consumer(&self, now: f64) -> Consumer {
        let (consumer, busy) = (&self.beyond.consumer, &self.beyond.busy);
        let paused = self
            .partitions
            .each()
            .filter(|(_, p)| p.holding.is_paused());
        let age = |at: f64| (now - at).max(0.0);
        Consumer {
            polls: consumer.polls,
            empty_polls: consumer.empty_polls,
            polled_records: consumer.polled_records,
            pauses: consumer.pauses,
            resumes: consumer.resumes,
            paused_partitions: paused.count() as u64,
            heartbeats: consumer.heartbeats,
            heartbeat_age_seconds: consumer.heartbeat_at.map(age),
            busy_nanoseconds: busy.nanoseconds(),
            idle_nanoseconds: busy.idle_nanoseconds(),
            buffer_full_by_topic: copied(&self.beyond.buffer_full),
            busy_seconds: 0.0,
            idle_seconds: 0.0,
            busy_share: None,
            unknown: Unknown::new(),
        }
    }

    fn snapshot_anomalies(&self) -> SortedMap<String, u64> {
        let seen = self.anomalies.iter().filter(|(_, count)| *count > 0);
        let named = seen.map(|(kind, count)| (kind.camel_name(), count));
        SortedMap::of_distinct(named.collect())
    }

    fn snapshot_partitions(&self, now: f64) -> Vec<PartitionFigures> {
        let mut figures = Vec::new();
        for index in 0..self.partitions.index_count() {
            figures.extend(self.snapshot_partition_at(PartitionIndex::new(index), now));
        }
        figures
    }

    /// None where there is none, or nothing to show of it.
    #[inline(never)]
    fn snapshot_partition_at(&self, index: PartitionIndex, now: f64) -> Option<PartitionFigures> {
        let holding = &self.partitions.get(index)?.holding;
        let (topic, number) = self.partitions.name_of(index)?;
        holding
            .is_held(self.beyond.moves.are_told)
            .then(|| self.snapshot_partition(topic, number, holding, now))
    }

    #[inline(never)]
    fn snapshot_partition(
        &self,
        topic: &str,
        partition: u32,
        holding: &Holding,
        now: f64,
    ) -> PartitionFigures {
        let unix_now = self.unix(now);
        let (lag_seconds, lag_method) = holding.lag_seconds(now, unix_now);
        let judgement = holding.judge(self.limits.allowed_lag, now);
        PartitionFigures {
            topic: topic.into(),
            partition,
            worker: self.beyond.worker.as_ref().into(),
            // Where nobody tells of assignments, who worked on it last has it.
            at: match holding.claim() {
                Claim::Presumed => self.unix(holding.touched().max(self.beyond.since)),
                _ => unix_now,
            },
            // Where nobody tells of assignments, whoever reads a partition has it.
            owned: holding.claim() == Claim::Owned || !self.beyond.moves.are_told,
            paused: holding.is_paused(),
            position: holding.position(),
            committed: holding.committed_offset(),
            end: holding.end_offset(),
            lag: holding.lag(),
            committed_lag: holding.committed_lag(),
            lag_seconds,
            lag_method,
            slope: holding.slope(now),
            catch_up_seconds: holding.catch_up_seconds(now),
            status: judgement.status,
            reason: judgement.reason.words(),
            unknown: Unknown::new(),
        }
    }
}

#[inline(never)]
fn copied<T: Default + Copy>(family: &Family<T>) -> SortedMap<String, T> {
    let mut entries = Vec::new();
    for (label, value) in family.iter() {
        entries.push((label.into(), *value));
    }
    SortedMap::of_distinct(entries)
}

#[inline(never)]
fn latency(histogram: &LatencyHistogram, now: f64) -> Latency {
    Latency {
        life: histogram.life(),
        last_minute: histogram.last_minute(now),
    }
}

fn rate(rates: FlowRates) -> Rate {
    let [one_minute, five_minutes, fifteen_minutes] = rates.averages;
    Rate {
        now: rates.now,
        one_minute,
        five_minutes,
        fifteen_minutes,
    }
}
