//! The bounds of a scenario.

use alloc::format;
use alloc::vec::Vec;

use core::ops::RangeInclusive;

use super::commands::Known;
use super::{GroupPlan, HandlerPlan, Pace, Rhythm, Scenario, Shape, Spread, worker_name};
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
/// The most groups.
pub const MAX_GROUPS: usize = 8;
/// The longest group name, in characters.
pub const MAX_GROUP_CHARACTERS: usize = 100;
/// The most workers that there may be at a time, over all groups.
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

pub(super) const SHARE: RangeInclusive<f64> = 0.0..=1.0;
pub(super) const RATE: RangeInclusive<f64> = 0.0..=MAX_RATE;
/// No event may follow itself at once for ever.
const INTERVAL: RangeInclusive<f64> = 0.01..=MAX_SECONDS;

impl Scenario {
    /// Whether a simulation can be made of it.
    ///
    /// # Errors
    /// The first place that is out of its bounds.
    pub fn check(&self) -> Result<(), Error> {
        check_number("epoch", self.epoch, 0.0..=1e11)?;
        self.check_topics()?;
        self.check_producers()?;
        let brokers = &self.brokers;
        for (path, seconds) in [
            ("seconds", self.seconds),
            ("brokers.fetchSeconds", brokers.fetch_seconds),
            ("brokers.commitSeconds", brokers.commit_seconds),
            ("brokers.sendSeconds", brokers.send_seconds),
        ] {
            check_seconds(path, seconds)?;
        }
        whole("brokers.count", brokers.count, 1..=100)?;
        whole("brokers.retention", brokers.retention, 1..=10_000_000)?;
        check_handler(&self.handler)?;
        self.check_groups()?;
        check_number("web.perSecond", self.web.per_second, RATE)?;
        check_spread(&self.web.time).map_err(|error| error.within("web.time"))?;
        let errors = &self.errors;
        for (path, share) in [
            ("errors.handler", errors.handler),
            ("errors.send", errors.send),
            ("errors.commit", errors.commit),
            ("errors.web", errors.web),
            ("errors.assignment", errors.assignment),
        ] {
            check_number(path, share, SHARE)?;
        }
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

    fn check_groups(&self) -> Result<(), Error> {
        count("groups", self.groups.len(), 1..=MAX_GROUPS)?;
        let mut known = Vec::new();
        for (place, group) in self.groups.iter().enumerate() {
            let path = match self.groups.len() {
                1 => "group".into(),
                _ => format!("groups[{place}]"),
            };
            self.check_group(group, &known)
                .map_err(|error| error.within(&path))?;
            known.push((&group.name, group.workers));
        }
        let workers: u32 = self.groups.iter().map(|group| group.workers).sum();
        if workers > MAX_WORKERS {
            let expected = format!("groups of at most {MAX_WORKERS} workers in all");
            return Err(Error::new("groups", expected, workers));
        }
        for (place, topic) in self.topics.iter().enumerate() {
            if !self.groups.iter().any(|group| group.reads(&topic.name)) {
                let path = format!("topics[{place}]");
                let got = format!("{:?}", topic.name);
                return Err(Error::new(path, "among the topics of a group", got));
            }
        }
        Ok(())
    }

    /// Whether a group can be beside those others.
    pub(super) fn check_group(&self, group: &GroupPlan, others: &[Known]) -> Result<(), Error> {
        let name = &group.name;
        let is_plain = |one: u8| one.is_ascii_alphanumeric() || matches!(one, b'.' | b'_' | b'-');
        if !(1..=MAX_GROUP_CHARACTERS).contains(&name.len()) || !name.bytes().all(is_plain) {
            let expected = "a name of 1 to 100 letters, digits, \".\", \"_\" and \"-\"";
            let got = format!("{:?}", super::read::shortened(name));
            return Err(Error::new("name", expected, got));
        }
        // Their workers are named after them.
        let own = worker_name(name);
        if others.iter().any(|(other, _)| worker_name(other) == own) {
            let got = format!("{name:?} twice");
            return Err(Error::new("name", "different from the others'", got));
        }
        for (number, topic) in group.topics.iter().enumerate() {
            self.check_topic(topic)
                .map_err(|error| error.within(&format!("topics[{number}]")))?;
        }
        for (path, value, most) in [
            ("workers", group.workers, MAX_WORKERS),
            ("concurrency", group.concurrency, MAX_CONCURRENCY),
            ("buffer", group.buffer, MAX_BUFFER),
            ("fetchRecords", group.fetch_records, MAX_BUFFER),
        ] {
            whole(path, value, 1..=most)?;
        }
        for (path, seconds) in [
            ("commitInterval", group.commit_interval),
            ("heartbeatInterval", group.heartbeat_interval),
            ("sessionTimeout", group.session_timeout),
            ("rebalanceTimeout", group.rebalance_timeout),
        ] {
            interval(path, seconds)?;
        }
        group.handler.as_ref().map_or(Ok(()), check_handler)
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

    pub(super) fn check_topic(&self, name: &str) -> Result<(), Error> {
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
}

fn check_handler(handler: &HandlerPlan) -> Result<(), Error> {
    check_spread(&handler.time).map_err(|error| error.within("handler.time"))?;
    check_seconds("handler.backoff", handler.backoff)?;
    for (path, value, most) in [
        ("handler.retries", handler.retries, 1_000),
        ("handler.tableGets", handler.table_gets, 100),
        ("handler.tableSets", handler.table_sets, 100),
    ] {
        whole(path, value, 0..=most)?;
    }
    check_number("handler.sends", handler.sends, 0.0..=100.0)
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

pub(super) fn check_number(
    path: &str,
    value: f64,
    range: RangeInclusive<f64>,
) -> Result<(), Error> {
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

pub(super) fn whole(path: &str, value: u32, range: RangeInclusive<u32>) -> Result<(), Error> {
    if range.contains(&value) {
        return Ok(());
    }
    let expected = format!("a whole number in {}..={}", range.start(), range.end());
    Err(Error::new(path, expected, value))
}

pub(super) fn count(path: &str, length: usize, range: RangeInclusive<usize>) -> Result<(), Error> {
    if range.contains(&length) {
        return Ok(());
    }
    let expected = format!("a list of {} to {}", range.start(), range.end());
    Err(Error::new(path, expected, length))
}
