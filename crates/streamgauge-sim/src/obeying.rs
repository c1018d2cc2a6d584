//! Commands, carried out.

use alloc::format;

use crate::command::Command;
use crate::number::{Number, nearest};
use crate::simulation::Simulation;

impl Simulation {
    /// Does what a checked command says; nothing where it makes no sense any more.
    pub(crate) fn obey(&mut self, command: &Command) {
        let place = |number: &u32| *number as usize;
        match command {
            Command::Rate {
                producer: Some(producer),
                per_second,
            } => self.change_pace(place(producer), *per_second),
            Command::Rate {
                producer: None,
                per_second,
            } => self.share_rate(*per_second),
            Command::HandlerTime { mean } => self.scenario.handler.time.mean = *mean,
            Command::Errors { share } => {
                let errors = &mut self.scenario.errors;
                (errors.send, errors.web, errors.assignment) = (*share, *share, *share);
            }
            Command::HandlerErrors { share } => self.scenario.errors.handler = *share,
            Command::Slow { worker, factor } => {
                let slow = &mut self.workers[place(worker)];
                slow.slowness = *factor;
                let text = match *factor == 1.0 {
                    true => format!("{} is as fast as the others again", slow.name),
                    false => format!("{} takes {} times as long", slow.name, Number(*factor)),
                };
                self.journal
                    .write(self.now, "workerSlow", Some(place(worker)), text);
            }
            Command::Stall { worker, seconds } => self.stall(place(worker), *seconds),
            Command::Blip { worker, seconds } => self.cut_off(place(worker), *seconds),
            Command::Crash { worker, restart } => self.crash(place(worker), *restart),
            Command::AddWorker => self.add_worker(),
            Command::RemoveWorker { worker } => self.begin_to_leave(place(worker)),
            Command::BrokerStall { broker, seconds } => self.stall_broker(place(broker), *seconds),
            Command::Poison { topic, count } => {
                let text = format!("the next {count} records of {topic} are poison");
                self.journal.write(self.now, "poison", None, text);
                if let Some(topic) = self.topic_mut(topic) {
                    topic.poison += count;
                }
            }
            Command::HotKey { topic, share } => {
                let text = match *share == 0.0 {
                    true => format!("the keys of {topic} are as they were"),
                    false => format!("{}% of {topic} gets one key", nearest(share * 100.0)),
                };
                self.journal.write(self.now, "hotKey", None, text);
                if let Some(topic) = self.topic_mut(topic) {
                    topic.hot_share = *share;
                }
            }
            Command::Rebalance => {
                self.rebalance();
            }
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
