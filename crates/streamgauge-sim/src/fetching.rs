//! From the broker into the worker's buffers, and back-pressure where they are full.

use alloc::format;
use alloc::vec::Vec;

use streamgauge::{Message, Stage as ErrorStage};

use crate::event::{Task, WorkerIndex};
use crate::particles::Stage;
use crate::partition::PartitionIndex;
use crate::simulation::{Simulation, name, name_of, names};
use crate::worker::Record;

/// Bytes of a record, as polls count them.
const RECORD_BYTES: u64 = 256;
/// A full buffer is written into the journal once in so many seconds.
const TOLD_AGAIN: f64 = 60.0;

impl Simulation {
    /// A record waits in a partition: its owner's long poll is answered, if it has room for it.
    pub(crate) fn record_waits(&mut self, partition: PartitionIndex) {
        let waiting = &self.partitions[partition];
        let Some(worker) = waiting.owner.filter(|_| !waiting.revoking) else {
            return;
        };
        let topic = waiting.topic;
        if !self.workers[worker].buffers[topic].paused {
            self.ask(worker);
        }
    }

    fn ask(&mut self, worker: WorkerIndex) {
        let asking = &self.workers[worker];
        if asking.fetching || !asking.is_reachable(self.now) || self.is_recovering(worker) {
            return;
        }
        self.workers[worker].fetching = true;
        self.plan(worker, self.scenario.brokers.fetch_seconds, Task::Fetched);
    }

    /// Whether a worker may read a partition's next record.
    fn can_fetch(&self, worker: WorkerIndex, index: PartitionIndex) -> bool {
        let partition = &self.partitions[index];
        partition.owner == Some(worker)
            && !partition.revoking
            && partition.waiting() > 0
            && !self.workers[worker].buffers[partition.topic].paused
            && !self.brokers[partition.broker].is_stalled(self.now)
    }

    /// Asks the broker if there is something to get and room for it.
    pub(crate) fn fetch(&mut self, worker: WorkerIndex) {
        let asking = &self.workers[worker];
        if !asking.fetching
            && asking
                .owned
                .iter()
                .any(|index| self.can_fetch(worker, *index))
        {
            self.ask(worker);
        }
    }

    pub(crate) fn fetched(&mut self, worker: WorkerIndex) {
        let fetching = &mut self.workers[worker];
        fetching.fetching = false;
        if fetching.is_offline(self.now) {
            let sensor = fetching.gauge.sensor();
            return sensor.on_error(ErrorStage::Fetch, "NETWORK_EXCEPTION", None);
        }
        if self.is_recovering(worker) {
            return;
        }
        let brought = self.fill_buffers(worker);
        let sensor = self.workers[worker].gauge.sensor();
        sensor.on_poll(brought, Some(brought * RECORD_BYTES));
        self.pause_full_buffers(worker);
        self.start_handlers(worker);
        self.fetch(worker);
    }

    /// Takes what waits, one record of each partition in turn, until nothing does or fits.
    fn fill_buffers(&mut self, worker: WorkerIndex) -> u64 {
        let count = self.workers[worker].owned.len();
        let most = u64::from(self.plan_of(worker).fetch_records);
        let size = self.plan_of(worker).buffer as usize;
        let (mut without, mut brought) = (0, 0);
        while without < count && brought < most {
            let into = &mut self.workers[worker];
            let index = into.owned[into.next_owned % count];
            into.next_owned = (into.next_owned + 1) % count;
            let is_full = into.buffers[self.partitions[index].topic].records.len() >= size;
            if is_full || !self.can_fetch(worker, index) {
                without += 1;
                continue;
            }
            without = 0;
            brought += 1;
            self.take_record(worker, index);
        }
        brought
    }

    fn take_record(&mut self, worker: WorkerIndex, index: PartitionIndex) {
        let Self {
            workers,
            partitions,
            topics,
            particles,
            now,
            scenario,
            ..
        } = self;
        let into = &mut workers[worker];
        let tp = name(topics, partitions, index);
        let partition = &mut partitions[index];
        let offset = partition.position;
        partition.position += 1;
        let end = partition.end();
        let (topic, epoch) = (partition.topic, partition.epoch);
        let Some(entry) = partition.entry(offset).copied() else {
            return;
        };
        let timestamp = (scenario.epoch + entry.born) * 1000.0;
        let mut message = Message {
            timestamp: Some(timestamp as i64),
            ..Message::default()
        };
        let sensor = into.gauge.sensor();
        sensor.on_message_in(tp, offset, &mut message);
        // The answer says where the partition ends.
        if offset + 1 == end {
            sensor.track_tp_end_offset(tp, end);
        }
        particles.set(entry.particle, offset, Stage::Buffered, Some(worker), *now);
        into.buffers[topic].records.push_back(Record {
            partition: index,
            offset,
            epoch,
            born: entry.born,
            poison: entry.poison,
            particle: entry.particle,
            message,
        });
    }

    /// A full buffer with more records waiting is back-pressure: its topic is paused for a while.
    fn pause_full_buffers(&mut self, worker: WorkerIndex) {
        let size = self.plan_of(worker).buffer as usize;
        for topic in 0..self.topics.len() {
            let buffer = &self.workers[worker].buffers[topic];
            if buffer.records.len() < size || buffer.paused {
                continue;
            }
            let owned = self.owned_of_topic(worker, topic);
            if !owned
                .iter()
                .any(|index| self.partitions[*index].waiting() > 0)
            {
                continue;
            }
            let Self {
                workers,
                partitions,
                topics,
                journal,
                now,
                ..
            } = self;
            let pausing = &mut workers[worker];
            let sensor = pausing.gauge.sensor();
            sensor.on_topic_buffer_full(&topics[topic].name);
            sensor.on_pause(&names(topics, partitions, &owned));
            let buffer = &mut pausing.buffers[topic];
            buffer.paused = true;
            if buffer.told.is_none_or(|told| *now - told >= TOLD_AGAIN) {
                buffer.told = Some(*now);
                let (who, topic) = (&pausing.name, &topics[topic].name);
                let text = format!("{who} pauses {topic}: its buffer of {size} is full");
                let who = (Some(worker), Some(pausing.group));
                journal.write(*now, "bufferFull", who, text);
            }
        }
    }

    /// Fetching goes on once half of the buffer is free.
    pub(crate) fn unpause(&mut self, worker: WorkerIndex, topic: usize) {
        let half = self.plan_of(worker).buffer as usize / 2;
        let buffer = &mut self.workers[worker].buffers[topic];
        if buffer.paused && buffer.records.len() <= half {
            buffer.paused = false;
            let owned = self.owned_of_topic(worker, topic);
            let names = names(&self.topics, &self.partitions, &owned);
            self.workers[worker].gauge.sensor().on_resume(&names);
            self.fetch(worker);
        }
    }

    fn owned_of_topic(&self, worker: WorkerIndex, topic: usize) -> Vec<PartitionIndex> {
        let owned = self.workers[worker].owned.iter();
        let of_topic = owned.filter(|index| self.partitions[**index].topic == topic);
        of_topic.copied().collect()
    }

    /// What is buffered of partitions that are being let go goes back to them.
    pub(crate) fn give_back(&mut self, worker: WorkerIndex) {
        let Self {
            workers,
            partitions,
            topics,
            groups,
            particles,
            now,
            ..
        } = self;
        let giving = &mut workers[worker];
        let counted = &mut groups[giving.group].counted;
        let mut lost = Vec::new();
        for buffer in &mut giving.buffers {
            let sensor = giving.gauge.sensor();
            buffer.records.retain_mut(|record| {
                let partition = &mut partitions[record.partition];
                if !partition.revoking || partition.epoch != record.epoch {
                    return true;
                }
                let tp = name_of(topics, partition);
                if partition.give_back(record.offset) {
                    counted.given_back += 1;
                } else {
                    lost.push((record.partition, record.offset));
                }
                sensor.on_message_out(tp, record.offset, &mut record.message);
                particles.set(record.particle, record.offset, Stage::Waiting, None, *now);
                false
            });
        }
        self.abandon(worker, &lost);
        for topic in 0..self.topics.len() {
            self.unpause(worker, topic);
        }
    }

    /// What is buffered is of no use: others read it. Gives how many records that were.
    pub(crate) fn abandon_buffers(&mut self, worker: WorkerIndex) -> u64 {
        let mut records = Vec::new();
        let abandoning = &mut self.workers[worker];
        for buffer in &mut abandoning.buffers {
            buffer.paused = false;
            for mut record in buffer.records.drain(..) {
                let tp = name(&self.topics, &self.partitions, record.partition);
                let sensor = abandoning.gauge.sensor();
                sensor.on_message_out(tp, record.offset, &mut record.message);
                records.push((record.partition, record.offset));
            }
        }
        self.abandon(worker, &records);
        records.len() as u64
    }

    /// Records that a worker will not settle. Those that retention took meanwhile are lost.
    pub(crate) fn abandon(&mut self, worker: WorkerIndex, records: &[(PartitionIndex, u64)]) {
        let group = &mut self.groups[self.workers[worker].group];
        group.counted.abandoned += records.len() as u64;
        for (index, offset) in records {
            if self.partitions[*index].abandon(*offset) {
                group.counted.lost += 1;
                group.open.remove(1, self.now);
            }
        }
    }
}
