//! The end of a rebalance: everyone learns what is its own, and reads on from what was committed.

use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use crate::assignment::{assign, give_out, owners};
use crate::event::WorkerIndex;
use crate::scenario::Assignor;
use crate::simulation::{Simulation, names};

impl Simulation {
    /// Everyone learns what it has from now on.
    pub(crate) fn sync(&mut self) {
        let Some(rebalance) = &mut self.rebalance else {
            return;
        };
        let mut members = Vec::new();
        for member in &mut rebalance.members {
            members.push(member.worker);
            let sensor = self.workers[member.worker].gauge.sensor();
            sensor.on_rebalance_return(Some(&mut member.state));
        }
        let now_owned = owners(&self.partitions);
        let assignor = self.scenario.group.assignor;
        let owners = match assignor {
            Assignor::Cooperative => give_out(&members, &now_owned),
            Assignor::Sticky => assign(assignor, &members, &self.topics, &self.last_owners()),
            _ => assign(assignor, &members, &self.topics, &now_owned),
        };
        for worker in members {
            self.take_over(worker, &owners);
        }
    }

    /// Who had each partition before this rebalance.
    fn last_owners(&self) -> Vec<Option<WorkerIndex>> {
        let mut owners = vec![None; self.partitions.len()];
        for member in self
            .rebalance
            .iter()
            .flat_map(|rebalance| &rebalance.members)
        {
            for index in &member.letting_go {
                owners[*index] = Some(member.worker);
            }
        }
        owners
    }

    /// A worker gets the partitions that are to be its own and are nobody's.
    pub(crate) fn take_over(&mut self, worker: WorkerIndex, owners: &[Option<WorkerIndex>]) {
        let mut gained = Vec::new();
        let mut again = 0;
        for (index, partition) in self.partitions.iter_mut().enumerate() {
            if owners[index] == Some(worker) && partition.owner.is_none() {
                let (reread, lost) = partition.assign(worker);
                self.counted.lost += lost;
                self.open.remove(lost, self.now);
                if reread > 0 {
                    self.particles
                        .read_again(index, partition.position, self.now);
                }
                again += reread;
                gained.push(index);
            }
        }
        self.counted.read_again += again;
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
            self.journal
                .write(self.now, "readAgain", Some(worker), text);
        }
        if !gained.is_empty() {
            let names = names(&self.topics, &self.partitions, &gained);
            let sensor = self.workers[worker].gauge.sensor();
            sensor.on_partitions_assigned(&names);
        }
        self.report_offsets(worker);
    }
}
