//! Commands, carried out.

use alloc::format;

use crate::command::{Command, WorkerNumber};
use crate::event::WorkerIndex;
use crate::number::{Number, nearest};
use crate::scenario::GroupPlan;
use crate::simulation::Simulation;
use crate::worker::Worker;

impl Simulation {
    /// Does what a checked command says; nothing where it makes no sense any more.
    pub(crate) fn obey(&mut self, command: &Command) {
        match command {
            Command::Rate {
                producer: Some(producer),
                per_second,
            } => self.change_pace(*producer as usize, *per_second),
            Command::Rate {
                producer: None,
                per_second,
            } => self.share_rate(*per_second),
            Command::HandlerTime { group: None, mean } => self.scenario.handler.time.mean = *mean,
            Command::HandlerTime { group, mean } => {
                let all = self.scenario.handler;
                if let Some(group) = self.group_named(group.as_ref()) {
                    let plan = &mut self.scenario.groups[group];
                    plan.handler.get_or_insert(all).time.mean = *mean;
                }
            }
            Command::Errors { share } => {
                let errors = &mut self.scenario.errors;
                (errors.send, errors.web, errors.assignment) = (*share, *share, *share);
            }
            Command::HandlerErrors { share } => self.scenario.errors.handler = *share,
            Command::Slow { worker, .. }
            | Command::Stall { worker, .. }
            | Command::Blip { worker, .. }
            | Command::Crash { worker, .. }
            | Command::RemoveWorker { worker } => {
                if let Some(worker) = self.worker_numbered(worker) {
                    self.obey_of(worker, command);
                }
            }
            Command::AddWorker { group } => {
                if let Some(group) = self.group_named(group.as_ref()) {
                    self.add_worker(group);
                }
            }
            Command::AddGroup { group } => self.add_group(group),
            Command::BrokerStall { broker, seconds } => {
                self.stall_broker(*broker as usize, *seconds);
            }
            Command::Poison { topic, count } => {
                let text = format!("the next {count} records of {topic} are poison");
                self.tell("poison", text);
                if let Some(topic) = self.topic_mut(topic) {
                    topic.poison += count;
                }
            }
            Command::HotKey { topic, share } => {
                let text = match *share == 0.0 {
                    true => format!("the keys of {topic} are as they were"),
                    false => format!("{}% of {topic} gets one key", nearest(share * 100.0)),
                };
                self.tell("hotKey", text);
                if let Some(topic) = self.topic_mut(topic) {
                    topic.hot_share = *share;
                }
            }
            Command::Rebalance { group } => {
                if let Some(group) = self.group_named(group.as_ref()) {
                    self.rebalance_group(group);
                }
            }
        }
    }

    /// Does to a worker what is said of one.
    fn obey_of(&mut self, worker: WorkerIndex, command: &Command) {
        match command {
            Command::Slow { factor, .. } => {
                let slow = &mut self.workers[worker];
                slow.slowness = *factor;
                let text = match *factor == 1.0 {
                    true => format!("{} is as fast as the others again", slow.name),
                    false => format!("{} takes {} times as long", slow.name, Number(*factor)),
                };
                self.tell_of_worker(worker, "workerSlow", text);
            }
            Command::Stall { seconds, .. } => self.stall(worker, *seconds),
            Command::Blip { seconds, .. } => self.cut_off(worker, *seconds),
            Command::Crash { restart, .. } => self.crash(worker, *restart),
            _ => self.begin_to_leave(worker),
        }
    }

    /// There is none where there was no room for it.
    fn worker_numbered(&self, worker: &WorkerNumber) -> Option<WorkerIndex> {
        let number = worker.number as usize;
        if worker.group.is_none() {
            return (number < self.workers.len()).then_some(number);
        }
        let group = self.group_named(worker.group.as_ref())?;
        let is_meant = |one: &Worker| one.group == group && one.number == number;
        self.workers.iter().position(is_meant)
    }

    fn add_group(&mut self, plan: &GroupPlan) {
        if self.has_room_for_workers(plan.workers) {
            self.scenario.groups.push(plan.clone());
            self.make_group();
            let text = format!("{} workers begin to read", plan.workers);
            self.tell_of_group(self.groups.len() - 1, "groupAdded", text);
        }
    }

    fn topic_mut(&mut self, name: &str) -> Option<&mut crate::topic::Topic> {
        self.topics.iter_mut().find(|topic| topic.name == name)
    }

    /// Producers keep their shares of the whole; where all rest, each gets the same.
    fn share_rate(&mut self, per_second: f64) {
        let rates = self
            .producers
            .iter()
            .map(|producer| producer.pace.per_second);
        let all: f64 = rates.sum();
        let count = self.producers.len();
        for producer in 0..count {
            let share = match all > 0.0 {
                true => self.producers[producer].pace.per_second / all,
                false => 1.0 / count as f64,
            };
            self.change_pace(producer, per_second * share);
        }
    }
}
