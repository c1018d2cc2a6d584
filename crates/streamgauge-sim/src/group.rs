//! A consumer group: who is in it, which partitions it reads, and what became of its records.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use core::ops::Range;

use crate::counts::{Counts, Population, Totals};
use crate::event::{GroupIndex, WorkerIndex};
use crate::partition::{Partition, PartitionIndex};
use crate::random::GroupStreams;
use crate::rebalancing::Rebalance;
use crate::scenario::{GroupPlan, HandlerPlan};
use crate::simulation::Simulation;

/// A group as it stands. Its plan lies in the scenario, at the same place.
#[derive(Debug)]
pub(crate) struct Group {
    /// What it reads, in order.
    pub(crate) partitions: Range<PartitionIndex>,
    /// How many partitions each of its topics has, in the same order.
    pub(crate) topics: Vec<usize>,
    /// Workers that it ever had.
    pub(crate) workers: usize,
    /// Its members, in the order in which they joined.
    pub(crate) members: Vec<WorkerIndex>,
    /// How often it was rebalanced.
    pub(crate) generation: u64,
    pub(crate) rebalance: Option<Rebalance>,
    /// Its own, so that no group changes what happens in another.
    pub(crate) random: GroupStreams,
    /// Only what is counted where it happens; `counts()` adds the rest.
    pub(crate) counted: Counts,
    pub(crate) totals: Totals,
    /// Appended and not settled.
    pub(crate) open: Population,
}

/// A group as it is seen from outside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupView<'a> {
    /// Its name.
    pub name: &'a str,
    /// How often it was rebalanced.
    pub generation: u64,
    /// The round of the rebalance that it is in, from 1; 0 for none. Only a cooperative rebalance has more than one.
    pub round: u32,
}

impl Simulation {
    pub(crate) fn group_of(&self, worker: WorkerIndex) -> &Group {
        &self.groups[self.workers[worker].group]
    }

    pub(crate) fn group_of_mut(&mut self, worker: WorkerIndex) -> &mut Group {
        &mut self.groups[self.workers[worker].group]
    }

    pub(crate) fn plan_of(&self, worker: WorkerIndex) -> &GroupPlan {
        &self.scenario.groups[self.workers[worker].group]
    }

    /// What a worker does with a record.
    pub(crate) fn handler_of(&self, worker: WorkerIndex) -> HandlerPlan {
        self.plan_of(worker)
            .handler
            .unwrap_or(self.scenario.handler)
    }

    /// The number of the group of that name; of the first, where none is named.
    pub(crate) fn group_named(&self, name: Option<&String>) -> Option<GroupIndex> {
        let mut groups = self.scenario.groups.iter();
        match name {
            Some(name) => groups.position(|plan| plan.name == *name),
            None => Some(0),
        }
    }

    /// The next group of the scenario begins, where each of its partitions ends: stable from its
    /// first moment on, as nobody wants to wait for a first rebalance.
    pub(crate) fn make_group(&mut self) {
        let group = self.groups.len();
        let plan = &self.scenario.groups[group];
        let count = plan.workers;
        let first = self.partitions.len();
        let mut topics = Vec::new();
        for (place, topic) in self.topics.iter().enumerate() {
            if !plan.reads(&topic.name) {
                continue;
            }
            topics.push(topic.partitions as usize);
            for number in 0..topic.partitions {
                let log = &mut self.logs[topic.first + number as usize];
                let readers = log.readers.first().map(|other| &self.partitions[*other]);
                let begun = Partition::beside(readers, place, number, log.broker, group);
                log.readers.push(self.partitions.len());
                self.partitions.push(begun);
            }
        }
        self.groups.push(Group {
            partitions: first..self.partitions.len(),
            topics,
            workers: 0,
            members: Vec::new(),
            generation: 0,
            rebalance: None,
            random: GroupStreams::new(self.scenario.seed, group),
            counted: Counts::default(),
            totals: Totals::default(),
            open: Population::default(),
        });
        let workers: Vec<_> = (0..count).map(|_| self.make_worker(group)).collect();
        self.groups[group].members.clone_from(&workers);
        let owners = self.target(group, &workers, &self.owners(group));
        for worker in workers {
            self.take_over(worker, &owners);
            self.start_worker(worker);
        }
    }

    // What is told of groups, workers and the rest.

    pub(crate) fn tell_of_group(&mut self, group: GroupIndex, kind: &'static str, text: String) {
        let text = match self.groups.len() {
            1 => text,
            _ => format!("{}: {text}", self.scenario.groups[group].name),
        };
        self.journal
            .write(self.now, kind, (None, Some(group)), text);
    }

    pub(crate) fn tell_of_worker(&mut self, worker: WorkerIndex, kind: &'static str, text: String) {
        let group = self.workers[worker].group;
        self.journal
            .write(self.now, kind, (Some(worker), Some(group)), text);
    }

    pub(crate) fn tell(&mut self, kind: &'static str, text: String) {
        self.journal.write(self.now, kind, (None, None), text);
    }

    /// All groups, by number: those of the scenario, and those that were added.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = GroupView<'_>> {
        let both = self.groups.iter().zip(&self.scenario.groups);
        both.map(|(group, plan)| GroupView {
            name: &plan.name,
            generation: group.generation,
            round: group.rebalance.as_ref().map_or(0, |one| one.round),
        })
    }

    /// Whether a group is rebalancing.
    pub fn is_rebalancing(&self) -> bool {
        self.groups.iter().any(|group| group.rebalance.is_some())
    }

    /// How often the groups were rebalanced, each round of a cooperative rebalance counted.
    pub fn generation(&self) -> u64 {
        self.groups.iter().map(|group| group.generation).sum()
    }

    /// Where a group's records are; all zero where there is no such group. Costs a look at each of its partitions.
    pub fn counts_of(&self, group: usize) -> Counts {
        let Some(one) = self.groups.get(group) else {
            return Counts::default();
        };
        let mut counts = one.counted;
        for partition in &self.partitions[one.partitions.clone()] {
            counts.produced += partition.end() - partition.first;
            counts.held += partition.held.len() as u64;
            counts.waiting += partition.waiting();
        }
        for worker in self.workers.iter().filter(|worker| worker.group == group) {
            counts.buffered += worker.buffered();
            counts.in_flight += worker.in_flight();
        }
        counts
    }

    /// Where the records are: the sum over the groups, so that a record counts once for each group that
    /// reads it. Costs a look at every partition.
    pub fn counts(&self) -> Counts {
        let groups = (0..self.groups.len()).map(|group| self.counts_of(group));
        groups.reduce(Counts::plus).unwrap_or_default()
    }

    /// A group's sums over time, up to now; all zero where there is no such group.
    pub fn totals_of(&self, group: usize) -> Totals {
        self.groups
            .get(group)
            .map_or_else(Totals::default, |one| Totals {
                record_seconds: one.open.area(self.now),
                ..one.totals
            })
    }

    /// Sums over time, up to now: those of all groups together.
    pub fn totals(&self) -> Totals {
        let groups = (0..self.groups.len()).map(|group| self.totals_of(group));
        groups.reduce(Totals::plus).unwrap_or_default()
    }
}
