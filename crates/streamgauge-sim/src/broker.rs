//! Brokers that stop to answer, and answer again.

use alloc::format;

use streamgauge::Stage;

use crate::event::{Event, WorkerIndex};
use crate::number::Number;
use crate::simulation::{Simulation, name};

/// A request without an answer is told once in so many seconds.
const REQUEST_TIMEOUT: f64 = 5.0;

/// Where partitions lie. The first of them also coordinates the groups: commits go there.
#[derive(Debug, Clone, Default)]
pub(crate) struct Broker {
    pub(crate) stalled_until: f64,
    stalled_at: f64,
}

impl Broker {
    pub(crate) fn is_stalled(&self, now: f64) -> bool {
        self.stalled_until > now
    }
}

impl Simulation {
    pub(crate) fn stall_broker(&mut self, broker: usize, seconds: f64) {
        let until = self.now + seconds;
        let stalled = &mut self.brokers[broker];
        if until <= stalled.stalled_until {
            return;
        }
        if !stalled.is_stalled(self.now) {
            stalled.stalled_at = self.now;
        }
        stalled.stalled_until = until;
        self.schedule.at(until, Event::BrokerBack { broker });
        let text = format!("broker {broker} answers nobody for {} s", Number(seconds));
        self.tell("brokerStalled", text);
    }

    /// Producers hand over what they held back, and workers ask for it.
    pub(crate) fn broker_back(&mut self, broker: usize) {
        if self.brokers[broker].is_stalled(self.now) {
            return;
        }
        let mut held = 0;
        for log in 0..self.logs.len() {
            if self.logs[log].broker != broker {
                continue;
            }
            let first = self.logs[log].readers[0];
            held += self.partitions[first].held.len();
            for reader in 0..self.logs[log].readers.len() {
                let partition = self.logs[log].readers[reader];
                for entry in core::mem::take(&mut self.partitions[partition].held) {
                    self.append(partition, entry);
                }
            }
        }
        let text = format!("broker {broker} answers again; producers had held back {held} records");
        self.tell("brokerBack", text);
        for worker in 0..self.workers.len() {
            self.fetch(worker);
        }
    }

    /// Seconds until the coordinator can answer.
    pub(crate) fn coordinator_delay(&self) -> f64 {
        let first = self.brokers.first();
        first.map_or(0.0, |broker| (broker.stalled_until - self.now).max(0.0))
    }

    /// Once a second a worker asks for end offsets, learns which brokers do not answer, and has
    /// polled in vain where nothing came.
    pub(crate) fn look_at_brokers(&mut self, worker: WorkerIndex) {
        let Self {
            workers,
            partitions,
            topics,
            brokers,
            now,
            ..
        } = self;
        let looking = &mut workers[worker];
        if looking.is_offline(*now) {
            return;
        }
        if !looking.fetching {
            looking.gauge.sensor().on_poll(0, Some(0));
        }
        let mut told = [false; 100];
        for index in &looking.owned {
            let partition = &partitions[*index];
            if partition.owner != Some(worker) {
                continue;
            }
            let tp = name(topics, partitions, *index);
            let broker = &brokers[partition.broker];
            if !broker.is_stalled(*now) {
                looking
                    .gauge
                    .sensor()
                    .track_tp_end_offset(tp, partition.end());
                continue;
            }
            // In the second in which the request times out, once for each broker.
            let late = (*now - broker.stalled_at) % REQUEST_TIMEOUT;
            let is_due = *now - broker.stalled_at >= REQUEST_TIMEOUT && late < 1.0;
            let told = &mut told[partition.broker];
            if is_due && !core::mem::replace(told, true) {
                let sensor = looking.gauge.sensor();
                sensor.on_error(Stage::Fetch, "REQUEST_TIMED_OUT", Some(tp));
            }
        }
    }
}
