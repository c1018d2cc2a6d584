//! A partition, and where its consumer group stands in it.

/// The number of a partition among all of the simulation's.
pub(crate) type PartitionIndex = usize;

/// One partition of one topic. Offsets count from 0.
#[derive(Debug)]
pub(crate) struct Partition {
    /// The topic's place in the list of topics.
    pub(crate) topic: usize,
    /// The partition's number within the topic.
    pub(crate) number: u32,
    /// The end offset (high watermark): the next to be written.
    pub(crate) end: u64,
    /// The next to be fetched.
    pub(crate) position: u64,
    /// The first that is not processed yet.
    processed: u64,
    /// Processed ones beyond that; never more than are handled at a time.
    ahead: Vec<u64>,
    /// The next to be read by whoever takes over.
    pub(crate) committed: u64,
}

impl Partition {
    pub(crate) fn new(topic: usize, number: u32) -> Self {
        Self {
            topic,
            number,
            end: 0,
            position: 0,
            processed: 0,
            ahead: Vec::new(),
            committed: 0,
        }
    }

    /// Records that are not fetched yet.
    pub(crate) fn waiting(&self) -> u64 {
        self.end - self.position
    }

    /// A record was processed, in whatever order.
    pub(crate) fn acknowledge(&mut self, offset: u64) {
        self.ahead.push(offset);
        while let Some(place) = self.ahead.iter().position(|ahead| *ahead == self.processed) {
            self.ahead.swap_remove(place);
            self.processed += 1;
        }
    }

    /// What may be committed: everything before it is processed. `None` where that is committed already.
    pub(crate) fn commit_due(&self) -> Option<u64> {
        (self.processed > self.committed).then_some(self.processed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_no_gap_before_it_is_committed() {
        let mut partition = Partition::new(0, 0);
        partition.acknowledge(1);
        partition.acknowledge(2);
        assert_eq!(partition.commit_due(), None);
        partition.acknowledge(0);
        assert_eq!(partition.commit_due(), Some(3));
        partition.committed = 3;
        assert_eq!(partition.commit_due(), None);
    }
}
