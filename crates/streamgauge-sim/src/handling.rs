//! What a worker does with a record: table, handler, table, send.

use streamgauge::{Sensor, Stream, TopicPartition};

use crate::event::{Event, WorkerIndex};
use crate::options::HandlerTime;
use crate::simulation::Simulation;
use crate::slots::Slot;
use crate::worker::{Job, Record};

/// Mean time until a send is answered.
const SEND_SECONDS: f64 = 0.006;
/// The share of events that delete a key instead of setting it.
const DELETES: f64 = 0.02;
/// The share of events that the task finds large, and counts.
const LARGE: f64 = 0.05;
const KEY_BYTES: usize = 16;
const VALUE_BYTES: usize = 240;

impl Simulation {
    /// Takes up records as long as there are some and a handler is free.
    pub(crate) fn start_handlers(&mut self, worker: WorkerIndex) {
        while self.workers[worker].jobs.len() < self.options.concurrency as usize {
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
        let seconds = self.handler_seconds() * self.workers[worker].slowness;
        let Self {
            workers,
            partitions,
            topics,
            ..
        } = self;
        let (partition, at_work) = (&partitions[record.partition], &mut workers[worker]);
        let topic = &topics[partition.topic];
        let tp = TopicPartition::new(&topic.name, partition.number);
        let stream = Stream::new(&topic.stream, Some(&topic.task));
        let event = at_work
            .monitor
            .on_stream_event_in(tp, record.offset, stream);
        at_work.monitor.on_table_get(&topic.table);
        let job = at_work.jobs.put(Job {
            record,
            event,
            seconds,
        });
        self.after(seconds, Event::Handled { worker, job });
    }

    fn handler_seconds(&mut self) -> f64 {
        let mean = self.options.handler_latency;
        match self.options.handler_time {
            HandlerTime::Constant => mean,
            HandlerTime::Exponential => self.random.handlers.exponential(mean),
            HandlerTime::LogNormal { shape } => self.random.handlers.log_normal(mean, shape),
        }
    }

    pub(crate) fn handled(&mut self, worker: WorkerIndex, job: Slot) {
        let Some(job) = self.workers[worker].jobs.take(job) else {
            return;
        };
        self.finish(worker, job);
        self.start_handlers(worker);
        self.join_if_quiet(worker);
    }

    fn finish(&mut self, worker: WorkerIndex, job: Job) {
        let Self {
            workers,
            partitions,
            topics,
            random,
            ..
        } = self;
        let Job {
            mut record,
            mut event,
            seconds,
        } = job;
        let (partition, done) = (&mut partitions[record.partition], &mut workers[worker]);
        let topic = &topics[partition.topic];
        let monitor = &mut done.monitor;

        match random.tables.chance(DELETES) {
            true => monitor.on_table_del(&topic.table),
            false => monitor.on_table_set(&topic.table),
        }
        if random.tables.chance(LARGE) {
            monitor.count(&topic.metric, 1);
        }
        let started = monitor.on_send_initiated(&topic.results, KEY_BYTES, VALUE_BYTES);

        let tp = TopicPartition::new(&topic.name, partition.number);
        let stream = Stream::new(&topic.stream, Some(&topic.task));
        monitor.on_stream_event_out(tp, record.offset, stream, event.as_mut());
        monitor.on_message_out(tp, record.offset, &mut record.message);
        partition.acknowledge(record.offset);
        done.busy_seconds += seconds;
        self.processed += 1;
        if let Some(started) = started {
            self.send(worker, started);
        }
    }

    fn send(&mut self, worker: WorkerIndex, started: f64) {
        let seconds = self.random.sends.exponential(SEND_SECONDS);
        let failed = self.random.sends.chance(self.options.error_rate);
        self.after(
            seconds,
            Event::Sent {
                worker,
                started,
                failed,
            },
        );
    }

    pub(crate) fn sent(&mut self, worker: WorkerIndex, started: f64, failed: bool) {
        let monitor = &mut self.workers[worker].monitor;
        match failed {
            true => monitor.on_send_error(&"the broker did not acknowledge", Some(started)),
            false => monitor.on_send_completed(Some(started)),
        }
    }
}
