//! Commits: by interval, and before a worker lets its partitions go.

use alloc::vec::Vec;

use streamgauge::Stage;

use crate::event::{Task, WorkerIndex};
use crate::partition::PartitionIndex;
use crate::simulation::{Simulation, name};
use crate::worker::Commit;

impl Simulation {
    /// Spread over the interval, so that the workers do not commit in step.
    pub(crate) fn plan_first_commit(&mut self, worker: WorkerIndex) {
        let (number, workers) = (self.workers[worker].number, self.group_of(worker).workers);
        let share = (number % 64 + 1) as f64 / workers.min(64) as f64;
        let interval = self.plan_of(worker).commit_interval;
        self.plan(worker, interval * share.min(1.0), Task::CommitDue);
    }

    pub(crate) fn commit_due(&mut self, worker: WorkerIndex) {
        if self.workers[worker].is_offline(self.now) {
            let sensor = self.workers[worker].gauge.sensor();
            sensor.on_error(Stage::Commit, "NETWORK_EXCEPTION", None);
        } else {
            self.commit(worker);
        }
        let interval = self.plan_of(worker).commit_interval;
        self.plan(worker, interval, Task::CommitDue);
    }

    /// Starts a commit of all that is due; false where that is nothing, or one is under way.
    pub(crate) fn commit(&mut self, worker: WorkerIndex) -> bool {
        let now = self.now;
        let Self {
            workers,
            partitions,
            ..
        } = self;
        let committing = &mut workers[worker];
        if committing.commit.is_some() || !committing.is_reachable(now) {
            return false;
        }
        let due = committing.owned.iter().filter_map(|index| {
            let partition = &partitions[*index];
            let is_own = partition.owner == Some(worker);
            let offset = partition.commit_due().filter(|_| is_own)?;
            Some((*index, partition.epoch, offset))
        });
        let offsets: Vec<_> = due.collect();
        if offsets.is_empty() {
            return false;
        }
        let share = self.scenario.errors.commit;
        let random = &mut self.groups[committing.group].random;
        let fails = share > 0.0 && random.failures.chance(share);
        let started = committing.gauge.sensor().on_commit_initiated();
        committing.commit = Some(Commit {
            started,
            offsets,
            fails,
        });
        let mean = self.scenario.brokers.commit_seconds;
        let seconds = random.commits.exponential(mean) + self.coordinator_delay();
        self.plan(worker, seconds, Task::Committed);
        true
    }

    pub(crate) fn committed(&mut self, worker: WorkerIndex) {
        let Some(commit) = self.workers[worker].commit.take() else {
            return;
        };
        let is_offline = self.workers[worker].is_offline(self.now);
        let sensor = self.workers[worker].gauge.sensor();
        if is_offline || commit.fails {
            let kind = match is_offline {
                true => "NETWORK_EXCEPTION",
                false => "COORDINATOR_LOAD_IN_PROGRESS",
            };
            sensor.on_error(Stage::Commit, kind, None);
            return self.settle_down(worker);
        }
        sensor.on_commit_completed(commit.started);
        let mut taken = Vec::new();
        for (index, epoch, offset) in commit.offsets {
            let partition = &mut self.partitions[index];
            if partition.owner == Some(worker) && partition.epoch == epoch {
                partition.commit(offset);
                taken.push((index, offset));
            }
        }
        self.report_committed(worker, &taken);
        self.settle_down(worker);
    }

    /// Tells a worker's monitor where its partitions stand, as a client asks when it gets them.
    pub(crate) fn report_offsets(&mut self, worker: WorkerIndex) {
        let owned = self.workers[worker].owned.iter();
        let offsets: Vec<_> = owned
            .map(|index| (*index, self.partitions[*index].committed))
            .collect();
        self.report_committed(worker, &offsets);
        let Self {
            workers,
            partitions,
            topics,
            ..
        } = self;
        let told = &mut workers[worker];
        for index in &told.owned {
            let tp = name(topics, partitions, *index);
            let end = partitions[*index].end();
            told.gauge.sensor().track_tp_end_offset(tp, end);
        }
    }

    fn report_committed(&mut self, worker: WorkerIndex, offsets: &[(PartitionIndex, u64)]) {
        let named = offsets
            .iter()
            .map(|(index, offset)| (name(&self.topics, &self.partitions, *index), *offset));
        let named: Vec<_> = named.collect();
        self.workers[worker].gauge.sensor().on_tp_commit(&named);
    }
}
