//! A partition as a consumer group reads it.

use alloc::collections::{BTreeSet, VecDeque};
use alloc::vec::Vec;

use crate::event::{GroupIndex, WorkerIndex};
use crate::particles::{NO_PARTICLE, ParticleSlot};

/// The number of a partition among all that groups read: what two groups read stands there twice.
pub(crate) type PartitionIndex = usize;

/// Counts the owners that a partition had: what an earlier one did is not its owner's.
pub(crate) type Epoch = u32;

/// A record as it lies in its partition.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    /// When it was made.
    pub(crate) born: f64,
    /// The epoch in which it was done last; 0 for none.
    acknowledged: Epoch,
    pub(crate) particle: ParticleSlot,
    /// No handler can handle it.
    pub(crate) poison: bool,
    /// It was done, or given up, at least once.
    pub(crate) settled: bool,
}

impl Entry {
    pub(crate) fn new(born: f64, poison: bool, particle: ParticleSlot) -> Self {
        Self {
            born,
            acknowledged: 0,
            particle,
            poison,
            settled: false,
        }
    }
}

/// A partition where it lies.
#[derive(Debug)]
pub(crate) struct Log {
    pub(crate) broker: usize,
    /// It as each group reads it, at least one.
    pub(crate) readers: Vec<PartitionIndex>,
}

/// One partition of one topic, as one group reads it: that knows nothing of other groups. Offsets
/// count from 0.
#[derive(Debug)]
pub(crate) struct Partition {
    pub(crate) group: GroupIndex,
    /// The topic's place in the list of topics.
    pub(crate) topic: usize,
    /// The partition's number within the topic.
    pub(crate) number: u32,
    pub(crate) broker: usize,
    /// The records from `start` on: those that may still be asked for.
    log: VecDeque<Entry>,
    start: u64,
    /// Where the group began.
    pub(crate) first: u64,
    /// Records before `start` that retention took while workers had them, who may still settle them.
    in_hand: BTreeSet<u64>,
    /// Records that producers hold back because the broker does not answer.
    pub(crate) held: VecDeque<Entry>,
    /// The next to be fetched.
    pub(crate) position: u64,
    /// The first that is not processed yet.
    processed: u64,
    /// The next to be read by whoever takes over.
    pub(crate) committed: u64,
    pub(crate) owner: Option<WorkerIndex>,
    pub(crate) epoch: Epoch,
    /// Its owner is about to let it go.
    pub(crate) revoking: bool,
}

impl Partition {
    /// One that a group begins to read where it ends now, as another group knows.
    pub(crate) fn beside(
        other: Option<&Self>,
        topic: usize,
        number: u32,
        broker: usize,
        group: GroupIndex,
    ) -> Self {
        let end = other.map_or(0, Self::end);
        let held = other.into_iter().flat_map(|other| &other.held);
        let held = held.map(|entry| Entry::new(entry.born, entry.poison, NO_PARTICLE));
        Self {
            group,
            topic,
            number,
            broker,
            log: VecDeque::new(),
            start: end,
            first: end,
            in_hand: BTreeSet::new(),
            held: held.collect(),
            position: end,
            processed: end,
            committed: end,
            owner: None,
            epoch: 0,
            revoking: false,
        }
    }

    /// The end offset (high watermark): the next to be written.
    pub(crate) fn end(&self) -> u64 {
        self.start + self.log.len() as u64
    }

    /// Records that are not fetched yet.
    pub(crate) fn waiting(&self) -> u64 {
        self.end() - self.position
    }

    /// The record at an offset, unless retention took it.
    pub(crate) fn entry(&mut self, offset: u64) -> Option<&mut Entry> {
        let place = offset.checked_sub(self.start)?;
        self.log.get_mut(usize::try_from(place).ok()?)
    }

    /// When the oldest record was made that nobody fetched.
    pub(crate) fn oldest_waiting(&self) -> Option<f64> {
        let place = self.position.checked_sub(self.start)?;
        self.log
            .get(usize::try_from(place).ok()?)
            .map(|entry| entry.born)
    }

    pub(crate) fn append(&mut self, entry: Entry) {
        self.log.push_back(entry);
    }

    /// Takes the oldest record where there are more than `retention`. Gives it, with its offset,
    /// where nobody had read it.
    pub(crate) fn expire(&mut self, retention: u32) -> Option<(Entry, u64)> {
        if self.log.len() <= retention as usize {
            return None;
        }
        let entry = self.log.pop_front()?;
        let offset = self.start;
        self.start += 1;
        self.processed = self.processed.max(self.start);
        if offset >= self.position {
            self.position = self.start;
            return Some((entry, offset));
        }
        if !entry.settled {
            self.in_hand.insert(offset);
        }
        None
    }

    /// A worker has come to a record's end. False where that was so before.
    pub(crate) fn settle(&mut self, offset: u64) -> bool {
        match self.entry(offset) {
            Some(entry) => !core::mem::replace(&mut entry.settled, true),
            None => self.in_hand.remove(&offset),
        }
    }

    /// A worker gives a record back that it did not begin with. False where retention took it meanwhile.
    pub(crate) fn give_back(&mut self, offset: u64) -> bool {
        // What is buffered of a partition is the end of what was fetched of it.
        let is_there = offset >= self.start;
        self.position -= u64::from(is_there);
        is_there
    }

    /// A worker threw a record away. True where it cannot be read again.
    pub(crate) fn abandon(&mut self, offset: u64) -> bool {
        self.in_hand.remove(&offset)
    }

    /// The owner is done with a record, in whatever order.
    pub(crate) fn acknowledge(&mut self, offset: u64) {
        let epoch = self.epoch;
        if let Some(entry) = self.entry(offset) {
            entry.acknowledged = epoch;
        }
        loop {
            let next = self.processed;
            match self.entry(next) {
                Some(entry) if entry.acknowledged == epoch => self.processed += 1,
                _ => return,
            }
        }
    }

    /// What may be committed: everything before it is processed. `None` where that is committed already.
    pub(crate) fn commit_due(&self) -> Option<u64> {
        (self.processed > self.committed).then_some(self.processed)
    }

    /// The group knows that everything before `offset` is done: it is not asked for again.
    pub(crate) fn commit(&mut self, offset: u64) {
        self.committed = self.committed.max(offset);
        while self.start < self.committed && self.log.pop_front().is_some() {
            self.start += 1;
        }
    }

    /// A worker gets it, and reads on from what was committed. Gives how many records it reads again,
    /// and how many it would if retention had not taken them.
    pub(crate) fn assign(&mut self, owner: WorkerIndex) -> (u64, u64) {
        self.owner = Some(owner);
        self.epoch += 1;
        self.revoking = false;
        let from = self.committed.max(self.start);
        let again = self.position - from;
        self.position = from;
        self.processed = from;
        // Whoever has one of these still, and is done with it, is too late.
        let lost = core::mem::take(&mut self.in_hand).len() as u64;
        (again, lost)
    }

    /// Nobody has it.
    pub(crate) fn let_go(&mut self) {
        self.owner = None;
        self.revoking = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partition(records: usize) -> Partition {
        let mut partition = Partition::beside(None, 0, 0, 0, 0);
        for _ in 0..records {
            partition.append(Entry::new(0.0, false, NO_PARTICLE));
        }
        partition.assign(0);
        partition
    }

    #[test]
    fn only_what_has_no_gap_before_it_is_committed() {
        let mut partition = partition(5);
        partition.position = 3;
        partition.acknowledge(1);
        partition.acknowledge(2);
        assert_eq!(partition.commit_due(), None);
        partition.acknowledge(0);
        assert_eq!(partition.commit_due(), Some(3));
        partition.commit(3);
        assert_eq!(partition.commit_due(), None);
        assert_eq!((partition.end(), partition.waiting()), (5, 2));
    }

    #[test]
    fn the_next_owner_reads_again_what_was_not_committed() {
        let mut partition = partition(5);
        partition.position = 4;
        partition.acknowledge(0);
        partition.acknowledge(1);
        partition.commit(1);
        assert_eq!(partition.assign(1), (3, 0));
        assert_eq!(partition.position, 1);
        assert_eq!(partition.commit_due(), None);
    }

    #[test]
    fn retention_takes_the_oldest_and_says_whether_anyone_had_read_it() {
        let mut partition = partition(4);
        partition.position = 1;
        let taken = |partition: &mut Partition| partition.expire(1).map(|(_, offset)| offset);
        assert_eq!(taken(&mut partition), None);
        assert_eq!(taken(&mut partition), Some(1));
        assert_eq!((partition.position, partition.end()), (2, 4));
        // The first was in hand, and is settled once.
        assert!(partition.settle(0) && !partition.settle(0) && !partition.abandon(0));
        partition.position = 3;
        assert!(partition.settle(2));
        assert_eq!(taken(&mut partition), None);
        assert!(!partition.settle(2));
        assert_eq!((partition.end(), partition.waiting()), (4, 1));
    }
}
