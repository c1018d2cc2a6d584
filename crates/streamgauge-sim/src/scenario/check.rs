//! The bounds of a scenario.

use alloc::format;
use alloc::vec::Vec;

use core::cmp::Ordering;
use core::ops::RangeInclusive;

use super::{Pace, Rhythm, Scenario, Shape, Spread};
use crate::command::Command;
use crate::error::Error;
use crate::number::Number;

/// The most topics.
pub const MAX_TOPICS: usize = 64;
/// The longest topic name, in characters; Kafka's own limit.
pub const MAX_TOPIC_CHARACTERS: usize = 249;
/// The most partitions, over all topics.
pub const MAX_PARTITIONS: u64 = 10_000;
/// The most producers.
pub const MAX_PRODUCERS: usize = 64;
/// The most workers that there may be at a time.
pub const MAX_WORKERS: u32 = 64;
/// The most records that one worker handles at a time.
pub const MAX_CONCURRENCY: u32 = 1_024;
/// The largest buffer per topic, in records.
pub const MAX_BUFFER: u32 = 1_000_000;
/// The most keys of a topic.
pub const MAX_KEYS: u32 = 100_000;
/// The most timed commands.
pub const MAX_COMMANDS: usize = 10_000;
/// The highest rate, per second.
pub const MAX_RATE: f64 = 1_000_000.0;
/// The longest duration, in seconds: a day. Also the most that one call may advance.
pub const MAX_SECONDS: f64 = 86_400.0;

const SHARE: RangeInclusive<f64> = 0.0..=1.0;
const RATE: RangeInclusive<f64> = 0.0..=MAX_RATE;
/// No event may follow itself at once for ever.
const INTERVAL: RangeInclusive<f64> = 0.01..=MAX_SECONDS;

impl Scenario {
    /// Whether a simulation can be made of it.
    ///
    /// # Errors
    /// The first place that is out of its bounds.
    pub fn check(&self) -> Result<(), Error> {
        check_seconds("seconds", self.seconds)?;
        check_number("epoch", self.epoch, 0.0..=1e11)?;
        self.check_topics()?;
        self.check_producers()?;
        let brokers = &self.brokers;
        whole("brokers.count", brokers.count, 1..=100)?;
        check_seconds("brokers.fetchSeconds", brokers.fetch_seconds)?;
        check_seconds("brokers.commitSeconds", brokers.commit_seconds)?;
        check_seconds("brokers.sendSeconds", brokers.send_seconds)?;
        whole("brokers.retention", brokers.retention, 1..=10_000_000)?;
        let group = &self.group;
        whole("group.workers", group.workers, 1..=MAX_WORKERS)?;
        whole("group.concurrency", group.concurrency, 1..=MAX_CONCURRENCY)?;
        whole("group.buffer", group.buffer, 1..=MAX_BUFFER)?;
        whole("group.fetchRecords", group.fetch_records, 1..=MAX_BUFFER)?;
        interval("group.commitInterval", group.commit_interval)?;
        interval("group.heartbeatInterval", group.heartbeat_interval)?;
        interval("group.sessionTimeout", group.session_timeout)?;
        interval("group.rebalanceTimeout", group.rebalance_timeout)?;
        let handler = &self.handler;
        check_spread(&handler.time).map_err(|error| error.within("handler.time"))?;
        whole("handler.retries", handler.retries, 0..=1_000)?;
        check_seconds("handler.backoff", handler.backoff)?;
        whole("handler.tableGets", handler.table_gets, 0..=100)?;
        whole("handler.tableSets", handler.table_sets, 0..=100)?;
        check_number("handler.sends", handler.sends, 0.0..=100.0)?;
        check_number("web.perSecond", self.web.per_second, RATE)?;
        check_spread(&self.web.time).map_err(|error| error.within("web.time"))?;
        let errors = &self.errors;
        check_number("errors.handler", errors.handler, SHARE)?;
        check_number("errors.send", errors.send, SHARE)?;
        check_number("errors.commit", errors.commit, SHARE)?;
        check_number("errors.web", errors.web, SHARE)?;
        check_number("errors.assignment", errors.assignment, SHARE)?;
        self.check_commands()
    }

    fn check_topics(&self) -> Result<(), Error> {
        count("topics", self.topics.len(), 1..=MAX_TOPICS)?;
        for (place, topic) in self.topics.iter().enumerate() {
            let path = format!("topics[{place}]");
            let inner = || -> Result<(), Error> {
                let characters = topic.name.chars().count();
                if !(1..=MAX_TOPIC_CHARACTERS).contains(&characters) {
                    let got = format!("{characters} characters");
                    return Err(Error::new("name", "a name of 1 to 249 characters", got));
                }
                let names = || self.topics[..place].iter().map(|other| &other.name);
                if names().any(|name| *name == topic.name) {
                    let got = format!("{:?} twice", topic.name);
                    return Err(Error::new("name", "different from the others'", got));
                }
                whole("partitions", topic.partitions, 1..=MAX_PARTITIONS as u32)?;
                if let Some(keys) = topic.keys {
                    whole("keys.count", keys.count, 1..=MAX_KEYS)?;
                    check_number("keys.skew", keys.skew, 0.0..=5.0)?;
                }
                Ok(())
            };
            inner().map_err(|error| error.within(&path))?;
        }
        if self.partitions() > MAX_PARTITIONS {
            let expected = format!("topics of at most {MAX_PARTITIONS} partitions in all");
            return Err(Error::new("topics", expected, self.partitions()));
        }
        Ok(())
    }

    fn check_producers(&self) -> Result<(), Error> {
        count("producers", self.producers.len(), 0..=MAX_PRODUCERS)?;
        for (place, producer) in self.producers.iter().enumerate() {
            let path = format!("producers[{place}]");
            for (number, topic) in producer.topics.iter().enumerate() {
                self.check_topic(topic)
                    .map_err(|error| error.within(&format!("{path}.topics[{number}]")))?;
            }
            check_pace(&producer.pace).map_err(|error| error.within(&format!("{path}.pace")))?;
            check_number("poisonShare", producer.poison_share, SHARE)
                .map_err(|error| error.within(&path))?;
        }
        Ok(())
    }

    fn check_topic(&self, name: &str) -> Result<(), Error> {
        if self.topics.iter().any(|topic| topic.name == name) {
            return Ok(());
        }
        let names: Vec<_> = self.topics.iter().map(|topic| &topic.name).collect();
        Err(Error::new(
            "",
            format!("the name of a topic ({names:?})"),
            format!("{name:?}"),
        ))
    }

    fn check_commands(&self) -> Result<(), Error> {
        count("commands", self.commands.len(), 0..=MAX_COMMANDS)?;
        let commands = || self.commands.iter().enumerate();
        let adding = commands().filter(|(_, timed)| timed.command == Command::AddWorker);
        let added: Vec<_> = adding.map(|(place, timed)| (timed.at, place)).collect();
        for (place, timed) in commands() {
            // Who was added by then has a number, too: in the order of the schedule.
            let before = |(at, other): &(f64, usize)| {
                at.total_cmp(&timed.at).then(other.cmp(&place)) == Ordering::Less
            };
            let by_then = added.iter().filter(|added| before(added));
            let workers = self.group.workers as usize + by_then.count();
            check_number("at", timed.at, 0.0..=1e9)
                .and_then(|()| check_command(self, workers, &timed.command))
                .map_err(|error| error.within(&format!("commands[{place}]")))?;
        }
        Ok(())
    }
}

/// Whether a command can be given to a simulation of that scenario with so many workers.
pub(crate) fn check_command(
    scenario: &Scenario,
    workers: usize,
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
    let worker = |number: &u32| one_of("worker", *number, workers);
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
        Command::HandlerTime { mean } => check_seconds("mean", *mean),
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
            whole("count", *count, 1..=1_000_000)
        }
        Command::HotKey { topic, share } => {
            scenario
                .check_topic(topic)
                .map_err(|error| error.within("topic"))?;
            check_number("share", *share, SHARE)
        }
        Command::AddWorker | Command::Rebalance => Ok(()),
    }
}

fn check_pace(pace: &Pace) -> Result<(), Error> {
    check_number("perSecond", pace.per_second, RATE)?;
    match pace.rhythm {
        Rhythm::Constant | Rhythm::Poisson => Ok(()),
        Rhythm::Bursty {
            times,
            every,
            length,
        } => {
            check_number("times", times, 1.0..=1_000.0)?;
            interval("every", every)?;
            check_number("length", length, 0.0..=every)
        }
        Rhythm::Daily { swing, period } => {
            check_number("swing", swing, SHARE)?;
            interval("period", period)
        }
    }
}

fn check_spread(spread: &Spread) -> Result<(), Error> {
    check_seconds("mean", spread.mean)?;
    match spread.shape {
        Shape::Constant | Shape::Exponential => Ok(()),
        Shape::LogNormal { sigma } => check_number("sigma", sigma, 0.0..=4.0),
        Shape::Pareto { alpha } => check_number("alpha", alpha, 1.05..=100.0),
    }
}

pub(crate) fn check_seconds(path: &str, seconds: f64) -> Result<(), Error> {
    check_number(path, seconds, 0.0..=MAX_SECONDS)
}

fn interval(path: &str, seconds: f64) -> Result<(), Error> {
    check_number(path, seconds, INTERVAL)
}

fn check_number(path: &str, value: f64, range: RangeInclusive<f64>) -> Result<(), Error> {
    // Written so that NaN, which is in no range, is refused too.
    if range.contains(&value) {
        return Ok(());
    }
    let (least, most) = (Number(*range.start()), Number(*range.end()));
    Err(Error::new(
        path,
        format!("a number in {least}..={most}"),
        Number(value),
    ))
}

fn whole(path: &str, value: u32, range: RangeInclusive<u32>) -> Result<(), Error> {
    if range.contains(&value) {
        return Ok(());
    }
    let expected = format!("a whole number in {}..={}", range.start(), range.end());
    Err(Error::new(path, expected, value))
}

fn count(path: &str, length: usize, range: RangeInclusive<usize>) -> Result<(), Error> {
    if range.contains(&length) {
        return Ok(());
    }
    let expected = format!("a list of {} to {}", range.start(), range.end());
    Err(Error::new(path, expected, length))
}
