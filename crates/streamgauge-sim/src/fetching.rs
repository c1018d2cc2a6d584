//! From the broker into the worker's buffers, and back-pressure where they are full.

use streamgauge::{Message, Sensor, TopicPartition};

use crate::event::{Event, WorkerIndex};
use crate::partition::PartitionIndex;
use crate::simulation::Simulation;
use crate::worker::{Fetch, Record};

impl Simulation {
    /// A record waits in a partition: its owner's long poll is answered, if it has room for it.
    pub(crate) fn record_waits(&mut self, partition: PartitionIndex) {
        let worker = self.owners[partition];
        let topic = self.partitions[partition].topic;
        if !self.workers[worker].buffers[topic].paused {
            self.ask(worker);
        }
    }

    fn ask(&mut self, worker: WorkerIndex) {
        let asking = &mut self.workers[worker];
        if asking.fetch == Fetch::Ready {
            asking.fetch = Fetch::UnderWay;
            let era = asking.fetch_era;
            self.after(self.options.fetch_latency, Event::Fetched { worker, era });
        }
    }

    /// Asks the broker if there is something to get and room for it.
    pub(crate) fn fetch(&mut self, worker: WorkerIndex) {
        let Self {
            workers,
            partitions,
            ..
        } = self;
        let asking = &workers[worker];
        let can_fetch = |partition: &PartitionIndex| {
            let partition = &partitions[*partition];
            partition.waiting() > 0 && !asking.buffers[partition.topic].paused
        };
        if asking.owned.iter().any(can_fetch) {
            self.ask(worker);
        }
    }

    pub(crate) fn fetched(&mut self, worker: WorkerIndex, era: u32) {
        if self.workers[worker].fetch_era != era {
            return;
        }
        self.workers[worker].fetch = Fetch::Ready;
        self.fill_buffers(worker);
        self.pause_full_buffers(worker);
        self.track_end_offsets(worker);
        self.start_handlers(worker);
        self.fetch(worker);
    }

    /// Takes what waits, one record of each partition in turn, until nothing does or fits.
    fn fill_buffers(&mut self, worker: WorkerIndex) {
        let Self {
            workers,
            partitions,
            topics,
            options,
            ..
        } = self;
        let into = &mut workers[worker];
        let count = into.owned.len();
        let mut without = 0;
        while without < count {
            let index = into.owned[into.next_owned % count];
            into.next_owned = (into.next_owned + 1) % count;
            let partition = &mut partitions[index];
            let buffer = &mut into.buffers[partition.topic];
            if partition.waiting() == 0
                || buffer.paused
                || buffer.records.len() >= options.buffer_size as usize
            {
                without += 1;
                continue;
            }
            without = 0;
            let offset = partition.position;
            partition.position += 1;
            let mut message = Message::default();
            let tp = TopicPartition::new(&topics[partition.topic].name, partition.number);
            into.monitor.on_message_in(tp, offset, &mut message);
            buffer.records.push_back(Record {
                partition: index,
                offset,
                message,
            });
        }
    }

    /// A full buffer with more records waiting is back-pressure: its topic is not fetched for a while.
    fn pause_full_buffers(&mut self, worker: WorkerIndex) {
        let Self {
            workers,
            partitions,
            topics,
            options,
            ..
        } = self;
        let into = &mut workers[worker];
        for (topic, buffer) in into.buffers.iter_mut().enumerate() {
            let is_full = buffer.records.len() >= options.buffer_size as usize;
            let mut of_topic = into
                .owned
                .iter()
                .map(|index| &partitions[*index])
                .filter(|one| one.topic == topic);
            if is_full && !buffer.paused && of_topic.any(|partition| partition.waiting() > 0) {
                buffer.paused = true;
                into.monitor.on_topic_buffer_full(&topics[topic].name);
            }
        }
    }

    /// Fetching goes on once half of the buffer is free.
    pub(crate) fn unpause(&mut self, worker: WorkerIndex, topic: usize) {
        let buffer = &mut self.workers[worker].buffers[topic];
        if buffer.paused && buffer.records.len() <= self.options.buffer_size as usize / 2 {
            buffer.paused = false;
            self.fetch(worker);
        }
    }

    /// Tells the monitor the end offsets that the broker told the worker.
    pub(crate) fn track_end_offsets(&mut self, worker: WorkerIndex) {
        let Self {
            workers,
            partitions,
            topics,
            ..
        } = self;
        let told = &mut workers[worker];
        for index in &told.owned {
            let partition = &partitions[*index];
            let tp = TopicPartition::new(&topics[partition.topic].name, partition.number);
            told.monitor.track_tp_end_offset(tp, partition.end);
        }
    }

    /// Stops fetching; what is buffered goes back to the partitions it came from.
    pub(crate) fn stop_fetching(&mut self, worker: WorkerIndex) {
        let Self {
            workers,
            partitions,
            topics,
            given_back,
            ..
        } = self;
        let stopped = &mut workers[worker];
        stopped.fetch = Fetch::Stopped;
        stopped.fetch_era = stopped.fetch_era.wrapping_add(1);
        for buffer in &mut stopped.buffers {
            buffer.paused = false;
            for mut record in buffer.records.drain(..) {
                let partition = &mut partitions[record.partition];
                // What is buffered of a partition is the end of what was fetched of it.
                partition.position -= 1;
                *given_back += 1;
                let tp = TopicPartition::new(&topics[partition.topic].name, partition.number);
                stopped
                    .monitor
                    .on_message_out(tp, record.offset, &mut record.message);
            }
        }
    }

    pub(crate) fn resume_fetching(&mut self, worker: WorkerIndex) {
        let resumed = &mut self.workers[worker];
        resumed.fetch = Fetch::Ready;
        resumed.next_owned = 0;
        self.fetch(worker);
    }
}
