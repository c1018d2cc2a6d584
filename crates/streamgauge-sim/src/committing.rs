//! Commits: by interval, and before a worker lets its partitions go.

use streamgauge::{Sensor, TopicPartition};

use crate::event::{Event, WorkerIndex};
use crate::partition::PartitionIndex;
use crate::simulation::Simulation;
use crate::worker::Commit;

/// Mean time until a commit is answered.
const COMMIT_SECONDS: f64 = 0.015;

impl Simulation {
    /// Spread over the interval, so that the workers do not commit in step.
    pub(crate) fn plan_first_commit(&mut self, worker: WorkerIndex) {
        let share = (worker + 1) as f64 / self.workers.len() as f64;
        self.after(
            self.options.commit_interval * share,
            Event::CommitDue { worker },
        );
    }

    pub(crate) fn commit_due(&mut self, worker: WorkerIndex) {
        // A rebalance commits by itself.
        if self.rebalance.is_none() {
            self.commit(worker);
        }
        self.after(self.options.commit_interval, Event::CommitDue { worker });
    }

    /// Starts a commit; false where there is nothing to commit or one is under way.
    pub(crate) fn commit(&mut self, worker: WorkerIndex) -> bool {
        let Self {
            workers,
            partitions,
            ..
        } = self;
        let committing = &mut workers[worker];
        let due = committing
            .owned
            .iter()
            .filter_map(|index| Some((*index, partitions[*index].commit_due()?)));
        let offsets: Vec<_> = due.collect();
        if offsets.is_empty() || committing.commit.is_some() {
            return false;
        }
        let started = committing.monitor.on_commit_initiated();
        committing.commit = Some(Commit { started, offsets });
        let seconds = self.random.commits.exponential(COMMIT_SECONDS);
        self.after(seconds, Event::Committed { worker });
        true
    }

    pub(crate) fn committed(&mut self, worker: WorkerIndex) {
        let Some(commit) = self.workers[worker].commit.take() else {
            return;
        };
        self.workers[worker]
            .monitor
            .on_commit_completed(commit.started);
        for (partition, offset) in &commit.offsets {
            self.partitions[*partition].committed = *offset;
        }
        self.report_committed(worker, &commit.offsets);
        self.join_if_quiet(worker);
    }

    /// Tells a worker's monitor where its partitions stand, as a client asks when it gets them.
    pub(crate) fn report_offsets(&mut self, worker: WorkerIndex) {
        let owned = self.workers[worker].owned.iter();
        let offsets: Vec<_> = owned
            .map(|index| (*index, self.partitions[*index].committed))
            .collect();
        self.report_committed(worker, &offsets);
        self.track_end_offsets(worker);
    }

    fn report_committed(&mut self, worker: WorkerIndex, offsets: &[(PartitionIndex, u64)]) {
        let Self {
            workers,
            partitions,
            topics,
            ..
        } = self;
        let named = offsets.iter().map(|(index, offset)| {
            let partition = &partitions[*index];
            (
                TopicPartition::new(&topics[partition.topic].name, partition.number),
                *offset,
            )
        });
        let named: Vec<_> = named.collect();
        workers[worker].monitor.on_tp_commit(&named);
    }
}
