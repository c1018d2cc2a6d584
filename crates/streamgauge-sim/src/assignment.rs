//! Who owns which partition.

use crate::event::WorkerIndex;
use crate::partition::PartitionIndex;

/// The owner of a partition: round robin, one further in every generation of the group, so that a
/// rebalance is seen to move partitions.
pub(crate) fn owner(partition: PartitionIndex, generation: u64, workers: usize) -> WorkerIndex {
    ((partition as u64 + generation) % workers as u64) as WorkerIndex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_worker_gets_its_share_and_the_next_generation_moves_them() {
        let first: Vec<_> = (0..8).map(|partition| owner(partition, 0, 3)).collect();
        let second: Vec<_> = (0..8).map(|partition| owner(partition, 1, 3)).collect();
        assert_eq!(first, [0, 1, 2, 0, 1, 2, 0, 1]);
        assert_eq!(second, [1, 2, 0, 1, 2, 0, 1, 2]);
    }
}
