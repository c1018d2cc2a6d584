//! The end of a rebalance: everyone learns what is its own, and reads on from what was committed.

use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use crate::assignment::assign;
use crate::event::{GroupIndex, WorkerIndex};
use crate::scenario::Assignor;
use crate::simulation::{Simulation, names};

impl Simulation {
    /// Everyone learns what it has from now on. True where partitions must move that still have an
    /// owner: those owners let go of them next.
    pub(crate) fn sync(&mut self, group: GroupIndex) -> bool {
        let Some(rebalance) = &mut self.groups[group].rebalance else {
            return false;
        };
        let mut members = Vec::new();
        for member in &mut rebalance.members {
            members.push(member.worker);
            let sensor = self.workers[member.worker].gauge.sensor();
            sensor.on_rebalance_return(Some(&mut member.state));
        }
        let before = match self.scenario.groups[group].assignor {
            Assignor::Sticky => self.last_owners(group),
            _ => self.owners(group),
        };
        let owners = self.target(group, &members, &before);
        for worker in &members {
            self.take_over(*worker, &owners);
        }
        self.is_cooperative(group) && self.withhold(group, &members, &owners)
    }

    /// Who shall have each of a group's partitions.
    pub(crate) fn target(
        &self,
        group: GroupIndex,
        members: &[WorkerIndex],
        before: &[Option<WorkerIndex>],
    ) -> Vec<Option<WorkerIndex>> {
        let assignor = self.scenario.groups[group].assignor;
        assign(assignor, members, &self.groups[group].topics, before)
    }

    /// Who has each of a group's partitions.
    pub(crate) fn owners(&self, group: GroupIndex) -> Vec<Option<WorkerIndex>> {
        let partitions = &self.partitions[self.groups[group].partitions.clone()];
        partitions.iter().map(|partition| partition.owner).collect()
    }

    /// Who had each partition before this rebalance.
    fn last_owners(&self, group: GroupIndex) -> Vec<Option<WorkerIndex>> {
        let one = &self.groups[group];
        let mut owners = vec![None; one.partitions.len()];
        for member in one.rebalance.iter().flat_map(|one| &one.members) {
            for index in &member.letting_go {
                owners[*index - one.partitions.start] = Some(member.worker);
            }
        }
        owners
    }

    /// Marks what members have and others shall have. False where that is nothing.
    fn withhold(
        &mut self,
        group: GroupIndex,
        members: &[WorkerIndex],
        target: &[Option<WorkerIndex>],
    ) -> bool {
        let mut count = 0;
        let range = self.groups[group].partitions.clone();
        for (partition, shall) in self.partitions[range].iter_mut().zip(target) {
            let is_moving = partition.owner != *shall
                && partition
                    .owner
                    .is_some_and(|owner| members.contains(&owner));
            partition.revoking |= is_moving;
            count += u32::from(is_moving);
        }
        if count > 0 {
            let text = format!(
                "{count} partitions must move: their owners let go of them, and all join again"
            );
            self.tell_of_group(group, "partitionsWithheld", text);
        }
        count > 0
    }

    /// A worker gets the partitions that are to be its own and are nobody's.
    pub(crate) fn take_over(&mut self, worker: WorkerIndex, owners: &[Option<WorkerIndex>]) {
        let mut gained = Vec::new();
        let mut again = 0;
        let group = &mut self.groups[self.workers[worker].group];
        for (index, owner) in group.partitions.clone().zip(owners) {
            let partition = &mut self.partitions[index];
            if *owner == Some(worker) && partition.owner.is_none() {
                let (reread, lost) = partition.assign(worker);
                group.counted.lost += lost;
                group.open.remove(lost, self.now);
                if reread > 0 {
                    self.particles
                        .read_again(index, partition.position, self.now);
                }
                again += reread;
                gained.push(index);
            }
        }
        group.counted.read_again += again;
        let taking = &mut self.workers[worker];
        for index in &gained {
            let place = taking.owned.partition_point(|other| other < index);
            taking.owned.insert(place, *index);
        }
        if again > 0 {
            let text = format!(
                "{} reads {again} records again that were not committed",
                taking.name
            );
            self.tell_of_worker(worker, "readAgain", text);
        }
        if !gained.is_empty() {
            let names = names(&self.topics, &self.partitions, &gained);
            let sensor = self.workers[worker].gauge.sensor();
            sensor.on_partitions_assigned(&names);
        }
        self.report_offsets(worker);
    }
}
