//! What a worker does with a record: table, handler, table, send; and where that fails, retries.

use alloc::format;
use alloc::vec::Vec;

use streamgauge::{Stage as ErrorStage, Stream};

use crate::event::{Task, WorkerIndex};
use crate::group::Group;
use crate::journal::DeadLetter;
use crate::particles::Stage;
use crate::simulation::{Simulation, name};
use crate::slots::Slot;
use crate::worker::{Job, Record};

/// The share of writes that delete a key instead of setting it.
const DELETES: f64 = 0.02;
/// The share of events that the task finds large, and counts.
const LARGE: f64 = 0.05;
const KEY_BYTES: usize = 16;
const VALUE_BYTES: usize = 240;

impl Simulation {
    /// Takes up records as long as there are some and a handler is free.
    pub(crate) fn start_handlers(&mut self, worker: WorkerIndex) {
        while self.workers[worker].jobs.len() < self.plan_of(worker).concurrency as usize {
            let Some(record) = self.next_record(worker) else {
                return;
            };
            let topic = self.partitions[record.partition].topic;
            self.start_handler(worker, record);
            self.unpause(worker, topic);
        }
    }

    /// The next record, from the topics in turn.
    fn next_record(&mut self, worker: WorkerIndex) -> Option<Record> {
        let taking = &mut self.workers[worker];
        let topics = taking.buffers.len();
        for turn in 0..topics {
            let topic = (taking.next_topic + turn) % topics;
            if let Some(record) = taking.buffers[topic].records.pop_front() {
                taking.next_topic = (topic + 1) % topics;
                return Some(record);
            }
        }
        None
    }

    fn start_handler(&mut self, worker: WorkerIndex, record: Record) {
        let seconds = self.handler_seconds(worker);
        let gets = self.handler_of(worker).table_gets;
        let Self {
            workers,
            partitions,
            topics,
            particles,
            groups,
            now,
            ..
        } = self;
        let at_work = &mut workers[worker];
        let totals = &mut groups[at_work.group].totals;
        let tp = name(topics, partitions, record.partition);
        let partition = &mut partitions[record.partition];
        let topic = &topics[partition.topic];
        let stream = Stream::new(&topic.stream, Some(&topic.task));
        let sensor = at_work.gauge.sensor();
        let event = sensor.on_stream_event_in(tp, record.offset, stream);
        for _ in 0..gets {
            sensor.on_table_get(&topic.table);
        }
        if partition
            .entry(record.offset)
            .is_some_and(|entry| !entry.settled)
        {
            totals.wait_seconds += *now - record.born;
            totals.taken_up += 1;
        }
        particles.set(
            record.particle,
            record.offset,
            Stage::Handling,
            Some(worker),
            *now,
        );
        at_work.busy.add(*now);
        let job = at_work.jobs.put(Job {
            record,
            event,
            seconds,
            attempts: 1,
        });
        self.plan(worker, seconds, Task::Handled { job });
    }

    fn handler_seconds(&mut self, worker: WorkerIndex) -> f64 {
        let time = self.handler_of(worker).time;
        let seconds = self.group_of_mut(worker).random.handlers.spread(&time);
        seconds * self.workers[worker].slowness
    }

    /// An attempt is over.
    pub(crate) fn handled(&mut self, worker: WorkerIndex, slot: Slot) {
        let share = self.scenario.errors.handler;
        let plan = self.handler_of(worker);
        let Self {
            workers,
            partitions,
            topics,
            groups,
            particles,
            now,
            ..
        } = self;
        let done = &mut workers[worker];
        let group = &mut groups[done.group];
        let chance = share > 0.0 && group.random.failures.chance(share);
        let Some(job) = done.jobs.get_mut(slot) else {
            return;
        };
        done.service_seconds += job.seconds;
        group.totals.service_seconds += job.seconds;
        let fails = job.record.poison || chance;
        if fails {
            let record = &job.record;
            let tp = name(topics, partitions, record.partition);
            let kind = match record.poison {
                true => "ValueError",
                false => "TimeoutError",
            };
            let sensor = done.gauge.sensor();
            sensor.on_error(ErrorStage::Process, kind, Some(tp));
            if job.attempts <= plan.retries {
                sensor.on_retry(Some(tp));
                group.counted.retries += 1;
                let stage = Stage::Retrying;
                particles.set(record.particle, record.offset, stage, Some(worker), *now);
                return self.plan(worker, plan.backoff, Task::Again { job: slot });
            }
        }
        let Some(job) = done.jobs.take(slot) else {
            return;
        };
        done.busy.remove(1, *now);
        self.finish(worker, job, fails);
        self.start_handlers(worker);
        self.settle_down(worker);
    }

    pub(crate) fn try_again(&mut self, worker: WorkerIndex, slot: Slot) {
        let seconds = self.handler_seconds(worker);
        let Some(job) = self.workers[worker].jobs.get_mut(slot) else {
            return;
        };
        job.attempts += 1;
        job.seconds = seconds;
        let (particle, offset) = (job.record.particle, job.record.offset);
        let stage = Stage::Handling;
        self.particles
            .set(particle, offset, stage, Some(worker), self.now);
        self.plan(worker, seconds, Task::Handled { job: slot });
    }

    fn finish(&mut self, worker: WorkerIndex, job: Job, is_dead: bool) {
        let plan = self.handler_of(worker);
        let Self {
            workers,
            partitions,
            topics,
            groups,
            ..
        } = self;
        let Job {
            mut record,
            mut event,
            attempts,
            ..
        } = job;
        let done = &mut workers[worker];
        let random = &mut groups[done.group].random;
        let tp = name(topics, partitions, record.partition);
        let topic = &topics[partitions[record.partition].topic];
        let sensor = done.gauge.sensor();

        let mut started = Vec::new();
        if is_dead {
            sensor.on_dead_letter(Some(tp));
            started.push(sensor.on_send_initiated(&topic.dead_letters, KEY_BYTES, VALUE_BYTES));
        } else {
            for _ in 0..plan.table_sets {
                match random.tables.chance(DELETES) {
                    true => sensor.on_table_del(&topic.table),
                    false => sensor.on_table_set(&topic.table),
                }
            }
            if random.tables.chance(LARGE) {
                sensor.count(&topic.metric, 1);
            }
            let mut sends = plan.sends;
            while sends >= 1.0 || (sends > 0.0 && random.sends.chance(sends)) {
                started.push(sensor.on_send_initiated(&topic.results, KEY_BYTES, VALUE_BYTES));
                sends = (sends - 1.0).max(0.0);
            }
        }
        let stream = Stream::new(&topic.stream, Some(&topic.task));
        sensor.on_stream_event_out(tp, record.offset, stream, event.as_mut());
        sensor.on_message_out(tp, record.offset, &mut record.message);
        done.processed += 1;
        done.sent += started.len();
        for started in started.into_iter().flatten() {
            self.send(worker, started);
        }
        self.settle(worker, &record, is_dead, attempts);
    }

    /// The record has come to its end, perhaps not for the first time.
    fn settle(&mut self, worker: WorkerIndex, record: &Record, is_dead: bool, attempts: u32) {
        let Self {
            workers,
            partitions,
            groups,
            particles,
            journal,
            now,
            ..
        } = self;
        let Group {
            counted,
            totals,
            open,
            ..
        } = &mut groups[workers[worker].group];
        let stage = match is_dead {
            true => Stage::Dead,
            false => Stage::Done,
        };
        match is_dead {
            true => counted.dead_letters += 1,
            false => counted.processed += 1,
        }
        let partition = &mut partitions[record.partition];
        if partition.settle(record.offset) {
            counted.settled += 1;
            totals.settled += 1;
            totals.sojourn_seconds += *now - record.born;
            open.remove(1, *now);
        } else {
            counted.repeated += 1;
        }
        if record.epoch == partition.epoch && partition.owner == Some(worker) {
            partition.acknowledge(record.offset);
        }
        particles.set(record.particle, record.offset, stage, Some(worker), *now);
        if is_dead {
            journal.put_aside(DeadLetter {
                number: 0,
                at: *now,
                born: record.born,
                partition: record.partition,
                offset: record.offset,
                worker,
                attempts,
            });
            let who = &workers[worker].name;
            let topic = &self.topics[partition.topic].name;
            let text = format!(
                "{who} gives up {topic}-{} offset {} after {attempts} attempts",
                partition.number, record.offset
            );
            let group = Some(workers[worker].group);
            journal.write(*now, "deadLetter", (Some(worker), group), text);
        }
    }

    fn send(&mut self, worker: WorkerIndex, started: f64) {
        let mean = self.scenario.brokers.send_seconds;
        let share = self.scenario.errors.send;
        let random = &mut self.group_of_mut(worker).random;
        let (seconds, failed) = (random.sends.exponential(mean), random.sends.chance(share));
        let seconds = seconds + self.coordinator_delay();
        self.plan(worker, seconds, Task::Sent { started, failed });
    }

    pub(crate) fn sent(&mut self, worker: WorkerIndex, started: f64, failed: bool) {
        let sending = &mut self.workers[worker];
        let is_cut = sending.is_offline(self.now);
        let sensor = sending.gauge.sensor();
        match failed || is_cut {
            true => sensor.on_send_error(&"the broker did not acknowledge", Some(started)),
            false => sensor.on_send_completed(Some(started)),
        }
    }
}
