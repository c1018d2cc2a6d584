//! What there is to see, as plain data: for a page that draws, and for tests.

use alloc::vec::Vec;

use streamgauge::{MergeError, Snapshot, merge};

use crate::journal::{DeadLetter, JournalEntry};
use crate::particles::Particle;
use crate::simulation::Simulation;
use crate::worker::Worker;

/// A partition as a group reads it, seen from outside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PartitionView<'a> {
    /// The number of the group.
    pub group: usize,
    /// Its topic.
    pub topic: &'a str,
    /// Its number there.
    pub number: u32,
    /// The broker that it lies on.
    pub broker: usize,
    /// The end offset.
    pub end: u64,
    /// The next to be fetched.
    pub position: u64,
    /// The next to be read by whoever takes over.
    pub committed: u64,
    /// Records that producers hold back.
    pub held: u64,
    /// Who has it; none during an eager rebalance.
    pub owner: Option<usize>,
    /// Its owner is letting it go: what it has in hand of it is finished and committed, and no more is fetched.
    pub is_revoking: bool,
    /// When the oldest record was made that nobody fetched yet.
    pub oldest_waiting: Option<f64>,
}

/// A producer as it is seen from outside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProducerView<'a> {
    /// Its name.
    pub name: &'a str,
    /// Records per second at this moment.
    pub rate: f64,
    /// Records that it made.
    pub produced: u64,
}

impl Simulation {
    /// All partitions that groups read: group by group, and in each by topic and number. What two groups
    /// read is there twice.
    pub fn partitions(&self) -> impl ExactSizeIterator<Item = PartitionView<'_>> {
        self.partitions.iter().map(|partition| PartitionView {
            group: partition.group,
            topic: &self.topics[partition.topic].name,
            number: partition.number,
            broker: partition.broker,
            end: partition.end(),
            position: partition.position,
            committed: partition.committed,
            held: partition.held.len() as u64,
            owner: partition.owner,
            is_revoking: partition.revoking,
            oldest_waiting: partition.oldest_waiting(),
        })
    }

    /// All producers, by number.
    pub fn producers(&self) -> impl ExactSizeIterator<Item = ProducerView<'_>> {
        self.producers.iter().map(|producer| ProducerView {
            name: &producer.name,
            rate: producer.pace.rate_at(self.now),
            produced: producer.produced,
        })
    }

    /// The partitions that a worker takes for its own, as topic and partition.
    pub fn owned(&self, worker: usize) -> impl Iterator<Item = (&str, u32)> {
        let owned = self
            .workers
            .get(worker)
            .into_iter()
            .flat_map(|worker| &worker.owned);
        owned.map(|index| {
            let partition = &self.partitions[*index];
            (self.topics[partition.topic].name.as_str(), partition.number)
        })
    }

    /// Whether a broker answers nobody.
    pub fn is_broker_stalled(&self, broker: usize) -> bool {
        self.brokers
            .get(broker)
            .is_some_and(|broker| broker.is_stalled(self.now))
    }

    /// Some records, followed from their making to their end: at most
    /// [`MAX_PARTICLES`](crate::MAX_PARTICLES), in no order. One that came to its end is still there
    /// for a second at least.
    pub fn particles(&self) -> &[Particle] {
        self.particles.all()
    }

    /// What happened, from entry `number` on; at most the last
    /// [`MAX_JOURNAL`](crate::MAX_JOURNAL) entries.
    pub fn journal(&self, number: u64) -> impl Iterator<Item = &JournalEntry> {
        self.journal.since(number)
    }

    /// The last [`MAX_DEAD_LETTERS`](crate::MAX_DEAD_LETTERS) records that were given up.
    pub fn dead_letters(&self) -> impl Iterator<Item = &DeadLetter> {
        self.journal.dead_letters()
    }

    /// A worker's snapshot; of one that died, of its last life.
    pub fn snapshot(&mut self, worker: usize) -> Option<Snapshot> {
        self.workers
            .get_mut(worker)
            .map(|worker| worker.gauge.snapshot())
    }

    /// The first group's snapshot, which is the cluster's where there is one group.
    ///
    /// # Errors
    /// [`MergeError::Nothing`] where no worker is up.
    pub fn cluster(&mut self) -> Result<Snapshot, MergeError> {
        self.cluster_of(0)
    }

    /// A group's snapshot: the sum over its workers that are up, and over what those were before
    /// they started again. Who died or left and is not back is not in it, as behind a collector. There
    /// is none of several groups together: each has its own owner, position and lag of a partition.
    ///
    /// # Errors
    /// [`MergeError::Nothing`] where no worker of it is up, or there is no such group.
    pub fn cluster_of(&mut self, group: usize) -> Result<Snapshot, MergeError> {
        let is_present = |worker: &&mut Worker| worker.group == group && worker.is_up();
        let workers = self.workers.iter_mut().filter(is_present);
        let mut snapshots: Vec<_> = workers.map(|worker| worker.gauge.snapshot()).collect();
        let is_up = |past: &&Snapshot| snapshots.iter().any(|one| one.worker == past.worker);
        let past: Vec<_> = self.past_lives.iter().filter(is_up).cloned().collect();
        snapshots.extend(past);
        merge(&snapshots)
    }
}
