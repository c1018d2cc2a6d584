//! Commands: from their JSON form, and whether they can be given.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::check::{
    MAX_COMMANDS, MAX_GROUPS, RATE, SHARE, check_number, check_seconds, count, whole as check_whole,
};
use super::fields::{Fields, number, text, whole};
use super::read::one_of;
use super::{Scenario, TimedCommand};
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

/// Each command, and the number that it needs, where it needs one.
const COMMANDS: [(&str, &str); 15] = [
    ("rate", "perSecond"),
    ("handlerTime", "mean"),
    ("errors", "share"),
    ("handlerErrors", "share"),
    ("slow", "factor"),
    ("stall", "seconds"),
    ("blip", "seconds"),
    ("crash", ""),
    ("addWorker", ""),
    ("addGroup", ""),
    ("removeWorker", ""),
    ("brokerStall", "seconds"),
    ("poison", ""),
    ("hotKey", "share"),
    ("rebalance", ""),
];

fn command_of(fields: &mut Fields) -> Result<Command, Error> {
    let place = fields.need("command", "the name of a command", |path, value| {
        one_of(path, value, &COMMANDS.map(|(name, _)| name))
    })?;
    let (name, needed) = COMMANDS[place];
    let is_of_worker = matches!(name, "slow" | "stall" | "blip" | "crash" | "removeWorker");
    let mut worker = WorkerNumber::from(0);
    if is_of_worker {
        worker.number = fields.need("worker", "the number of a worker", whole)?;
    }
    let mut group = None;
    if is_of_worker || matches!(name, "handlerTime" | "addWorker" | "rebalance") {
        group = fields.optional("group", text)?;
        worker.group.clone_from(&group);
    }
    let mut topic = String::new();
    if matches!(name, "poison" | "hotKey") {
        topic = fields.need("topic", "the name of a topic", text)?;
    }
    let mut value = 0.0;
    if !needed.is_empty() {
        value = fields.need(needed, "a number", number)?;
    }
    Ok(match name {
        "rate" => Command::Rate {
            producer: fields.optional("producer", whole)?,
            per_second: value,
        },
        "handlerTime" => Command::HandlerTime { group, mean: value },
        "errors" => Command::Errors { share: value },
        "handlerErrors" => Command::HandlerErrors { share: value },
        "slow" => Command::Slow {
            worker,
            factor: value,
        },
        "stall" => Command::Stall {
            worker,
            seconds: value,
        },
        "blip" => Command::Blip {
            worker,
            seconds: value,
        },
        "crash" => Command::Crash {
            worker,
            restart: fields.optional("restart", number)?,
        },
        "removeWorker" => Command::RemoveWorker { worker },
        "brokerStall" => Command::BrokerStall {
            broker: fields.need("broker", "the number of a broker", whole)?,
            seconds: value,
        },
        "poison" => {
            let mut count = 1;
            fields.read("count", &mut count, whole)?;
            Command::Poison { topic, count }
        }
        "hotKey" => Command::HotKey {
            topic,
            share: value,
        },
        "addWorker" => Command::AddWorker { group },
        "addGroup" => Command::AddGroup {
            group: Box::new(super::read::group_of(fields, true)?),
        },
        _ => Command::Rebalance { group },
    })
}

/// A group by its name, and how many workers it ever had.
pub(crate) type Known<'a> = (&'a str, u32);

impl Scenario {
    pub(super) fn check_commands(&self) -> Result<(), Error> {
        count("commands", self.commands.len(), 0..=MAX_COMMANDS)?;
        let within = |place: usize| move |error: Error| error.within(&format!("commands[{place}]"));
        // Who was added by then can be named, too: in the order of the schedule.
        let mut order: Vec<usize> = Vec::new();
        for (place, timed) in self.commands.iter().enumerate() {
            check_number("at", timed.at, 0.0..=1e9).map_err(within(place))?;
            let is_before = |other: &usize| self.commands[*other].at.total_cmp(&timed.at).is_le();
            order.insert(order.partition_point(is_before), place);
        }
        let groups = self.groups.iter();
        let mut known: Vec<_> = groups.map(|one| (one.name.as_str(), one.workers)).collect();
        for place in order {
            let command = &self.commands[place].command;
            check_command(self, &known, command).map_err(within(place))?;
            match command {
                Command::AddWorker { group } => {
                    let place = place_of(&known, group.as_ref())?;
                    known[place].1 += 1;
                }
                Command::AddGroup { group } => known.push((&group.name, group.workers)),
                _ => {}
            }
        }
        Ok(())
    }
}

/// The place of the group of that name; of the first, where none is named.
fn place_of(known: &[Known], name: Option<&String>) -> Result<usize, Error> {
    let found = name.map_or(Some(0), |name| known.iter().position(|one| one.0 == name));
    found.ok_or_else(|| {
        let names: Vec<_> = known.iter().map(|one| one.0).collect();
        let expected = format!("the name of a group ({names:?})");
        Error::new(
            "group",
            expected,
            format!("{:?}", name.map_or("", |name| name)),
        )
    })
}

/// Whether a command can be given to a simulation of that scenario, with those groups.
pub(crate) fn check_command(
    scenario: &Scenario,
    known: &[Known],
    command: &Command,
) -> Result<(), Error> {
    let one_of = |path: &str, number: u32, count: u32| match number < count {
        true => Ok(()),
        false => {
            let expected = match count {
                0 => "left out: there is none".into(),
                _ => format!("a whole number in 0..={}", count - 1),
            };
            Err(Error::new(path, expected, number))
        }
    };
    // What they say of workers, groups and topics.
    match command {
        Command::Slow { worker, .. }
        | Command::Stall { worker, .. }
        | Command::Blip { worker, .. }
        | Command::Crash { worker, .. }
        | Command::RemoveWorker { worker } => {
            let count = match &worker.group {
                Some(name) => known[place_of(known, Some(name))?].1,
                None => known.iter().map(|one| one.1).sum(),
            };
            one_of("worker", worker.number, count)?;
        }
        Command::HandlerTime { group, .. }
        | Command::AddWorker { group }
        | Command::Rebalance { group } => {
            place_of(known, group.as_ref())?;
        }
        Command::Poison { topic, .. } | Command::HotKey { topic, .. } => {
            scenario
                .check_topic(topic)
                .map_err(|error| error.within("topic"))?;
        }
        _ => {}
    }
    match command {
        Command::Rate {
            producer,
            per_second,
        } => {
            if let Some(producer) = producer {
                one_of("producer", *producer, scenario.producers.len() as u32)?;
            }
            check_number("perSecond", *per_second, RATE)
        }
        Command::HandlerTime { mean, .. } => check_seconds("mean", *mean),
        Command::Errors { share }
        | Command::HandlerErrors { share }
        | Command::HotKey { share, .. } => check_number("share", *share, SHARE),
        Command::Slow { factor, .. } => check_number("factor", *factor, 1.0..=1_000.0),
        Command::Stall { seconds, .. } | Command::Blip { seconds, .. } => {
            check_seconds("seconds", *seconds)
        }
        Command::Crash { restart, .. } => check_seconds("restart", restart.unwrap_or_default()),
        Command::BrokerStall { broker, seconds } => {
            one_of("broker", *broker, scenario.brokers.count)?;
            check_seconds("seconds", *seconds)
        }
        Command::Poison { count, .. } => check_whole("count", *count, 1..=1_000_000),
        Command::AddGroup { group } => {
            if known.len() >= MAX_GROUPS {
                let expected = format!("at most {MAX_GROUPS} groups");
                return Err(Error::new("addGroup", expected, "one more"));
            }
            scenario.check_group(group, known)
        }
        Command::RemoveWorker { .. } | Command::AddWorker { .. } | Command::Rebalance { .. } => {
            Ok(())
        }
    }
}
