//! Commands: from their JSON form, and whether they can be given.

use super::check::{
    MAX_COMMANDS, MAX_GROUPS, RATE, SHARE, check_number, check_seconds, count, whole as check_whole,
};
use super::fields::{Fields, number, text, whole};
use super::read::one_of;
use super::{GroupPlan, Scenario, TimedCommand};
use crate::command::{Command, WorkerNumber};
use crate::error::Error;
use crate::plain::Plain;

pub(super) fn timed(path: String, value: Plain) -> Result<TimedCommand, Error> {
    let mut fields = Fields::of(path, value)?;
    let at = fields.need("at", "a number", number)?;
    let command = command_of(&mut fields)?;
    fields.end().map(|()| TimedCommand { at, command })
}

/// A command from plain data. Whether it can be given is not checked.
pub(crate) fn command(plain: Plain) -> Result<Command, Error> {
    let mut fields = Fields::of("command".into(), plain)?;
    let command = command_of(&mut fields)?;
    fields.end().map(|()| command)
}

const COMMANDS: [&str; 15] = [
    "rate",
    "handlerTime",
    "errors",
    "handlerErrors",
    "slow",
    "stall",
    "blip",
    "crash",
    "addWorker",
    "addGroup",
    "removeWorker",
    "brokerStall",
    "poison",
    "hotKey",
    "rebalance",
];

fn command_of(fields: &mut Fields) -> Result<Command, Error> {
    let name = fields.need("command", "the name of a command", |path, value| {
        one_of(path, value, &COMMANDS)
    })?;
    let seconds = |fields: &mut Fields| fields.need("seconds", "a number", number);
    let share = |fields: &mut Fields| fields.need("share", "a number", number);
    let group = |fields: &mut Fields| fields.optional("group", text);
    let worker = |fields: &mut Fields| -> Result<WorkerNumber, Error> {
        let number = fields.need("worker", "the number of a worker", whole)?;
        let group = group(fields)?;
        Ok(WorkerNumber { group, number })
    };
    let topic = |fields: &mut Fields| fields.need("topic", "the name of a topic", text);
    Ok(match COMMANDS[name] {
        "rate" => Command::Rate {
            producer: fields.optional("producer", whole)?,
            per_second: fields.need("perSecond", "a number", number)?,
        },
        "handlerTime" => Command::HandlerTime {
            group: group(fields)?,
            mean: fields.need("mean", "a number", number)?,
        },
        "errors" => Command::Errors {
            share: share(fields)?,
        },
        "handlerErrors" => Command::HandlerErrors {
            share: share(fields)?,
        },
        "slow" => Command::Slow {
            worker: worker(fields)?,
            factor: fields.need("factor", "a number", number)?,
        },
        "stall" => Command::Stall {
            worker: worker(fields)?,
            seconds: seconds(fields)?,
        },
        "blip" => Command::Blip {
            worker: worker(fields)?,
            seconds: seconds(fields)?,
        },
        "crash" => Command::Crash {
            worker: worker(fields)?,
            restart: fields.optional("restart", number)?,
        },
        "removeWorker" => Command::RemoveWorker {
            worker: worker(fields)?,
        },
        "brokerStall" => Command::BrokerStall {
            broker: fields.need("broker", "the number of a broker", whole)?,
            seconds: seconds(fields)?,
        },
        "poison" => {
            let mut count = 1;
            fields.read("count", &mut count, whole)?;
            Command::Poison {
                topic: topic(fields)?,
                count,
            }
        }
        "hotKey" => Command::HotKey {
            topic: topic(fields)?,
            share: share(fields)?,
        },
        "addWorker" => Command::AddWorker {
            group: group(fields)?,
        },
        "addGroup" => Command::AddGroup {
            group: Box::new(super::read::group_of(fields, true)?),
        },
        _ => Command::Rebalance {
            group: group(fields)?,
        },
    })
}

impl Scenario {
    pub(super) fn check_commands(&self) -> Result<(), Error> {
        count("commands", self.commands.len(), 0..=MAX_COMMANDS)?;
        let within = |place: usize| move |error: Error| error.within(&format!("commands[{place}]"));
        for (place, timed) in self.commands.iter().enumerate() {
            check_number("at", timed.at, 0.0..=1e9).map_err(within(place))?;
        }
        // Who was added by then can be named, too: in the order of the schedule.
        let mut order: Vec<usize> = (0..self.commands.len()).collect();
        order.sort_by(|one, other| self.commands[*one].at.total_cmp(&self.commands[*other].at));
        let mut groups = self.groups.clone();
        let mut workers: Vec<_> = groups.iter().map(|one| one.workers as usize).collect();
        for place in order {
            let command = &self.commands[place].command;
            check_command(self, &groups, &workers, command).map_err(within(place))?;
            match command {
                Command::AddWorker { group } => workers[group_of(&groups, group.as_ref())?] += 1,
                Command::AddGroup { group } => {
                    workers.push(group.workers as usize);
                    groups.push(GroupPlan::clone(group));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// The place of the group of that name; of the first, where none is named.
fn group_of(groups: &[GroupPlan], name: Option<&String>) -> Result<usize, Error> {
    let Some(name) = name else {
        return Ok(0);
    };
    let found = groups.iter().position(|group| group.name == *name);
    found.ok_or_else(|| {
        let names: Vec<_> = groups.iter().map(|group| &group.name).collect();
        let expected = format!("the name of a group ({names:?})");
        Error::new("group", expected, format!("{name:?}"))
    })
}

/// Whether a command can be given to a simulation of that scenario, with those groups and so many workers
/// in each.
pub(crate) fn check_command(
    scenario: &Scenario,
    groups: &[GroupPlan],
    workers: &[usize],
    command: &Command,
) -> Result<(), Error> {
    let one_of = |path: &str, number: u32, count: usize| match (number as usize) < count {
        true => Ok(()),
        false => {
            let expected = match count {
                0 => "left out: there is none".into(),
                _ => format!("a whole number in 0..={}", count - 1),
            };
            Err(Error::new(path, expected, number))
        }
    };
    let group = |name: Option<&String>| group_of(groups, name);
    let worker = |who: &WorkerNumber| {
        let count = match &who.group {
            Some(name) => workers[group(Some(name))?],
            None => workers.iter().sum(),
        };
        one_of("worker", who.number, count)
    };
    match command {
        Command::Rate {
            producer,
            per_second,
        } => {
            if let Some(producer) = producer {
                one_of("producer", *producer, scenario.producers.len())?;
            }
            check_number("perSecond", *per_second, RATE)
        }
        Command::HandlerTime { group: of, mean } => {
            group(of.as_ref())?;
            check_seconds("mean", *mean)
        }
        Command::Errors { share } | Command::HandlerErrors { share } => {
            check_number("share", *share, SHARE)
        }
        Command::Slow {
            worker: who,
            factor,
        } => {
            worker(who)?;
            check_number("factor", *factor, 1.0..=1_000.0)
        }
        Command::Stall {
            worker: who,
            seconds,
        }
        | Command::Blip {
            worker: who,
            seconds,
        } => {
            worker(who)?;
            check_seconds("seconds", *seconds)
        }
        Command::Crash {
            worker: who,
            restart,
        } => {
            worker(who)?;
            restart.map_or(Ok(()), |seconds| check_seconds("restart", seconds))
        }
        Command::RemoveWorker { worker: who } => worker(who),
        Command::BrokerStall { broker, seconds } => {
            one_of("broker", *broker, scenario.brokers.count as usize)?;
            check_seconds("seconds", *seconds)
        }
        Command::Poison { topic, count } => {
            scenario
                .check_topic(topic)
                .map_err(|error| error.within("topic"))?;
            check_whole("count", *count, 1..=1_000_000)
        }
        Command::HotKey { topic, share } => {
            scenario
                .check_topic(topic)
                .map_err(|error| error.within("topic"))?;
            check_number("share", *share, SHARE)
        }
        Command::AddWorker { group: to } | Command::Rebalance { group: to } => {
            group(to.as_ref()).map(|_| ())
        }
        Command::AddGroup { group } => {
            if groups.len() >= MAX_GROUPS {
                let expected = format!("at most {MAX_GROUPS} groups");
                return Err(Error::new("addGroup", expected, "one more"));
            }
            scenario.check_group(group, groups)
        }
    }
}
