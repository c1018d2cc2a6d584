//! A scenario from its JSON form.

use alloc::format;
use alloc::string::String;

use super::fields::{Fields, describe, list, number, text, whole, wide};
use super::{
    Assignor, BrokerPlan, ErrorShares, GroupPlan, HandlerPlan, KeyPlan, Pace, ProducerPlan, Rhythm,
    Scenario, Shape, Spread, TimedCommand, TopicPlan, WebPlan,
};
use crate::command::Command;
use crate::error::Error;
use crate::plain::Plain;

/// Characters of a text that a message shows.
const SHOWN: usize = 60;

pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}

impl Scenario {
    /// Reads a scenario from its JSON form; what is left out is the default. Feature `json`.
    ///
    /// ```
    /// use streamgauge_sim::Scenario;
    /// let scenario = Scenario::from_json(r#"{"group": {"workers": 3, "assignor": "cooperative"}}"#)?;
    /// assert_eq!(scenario.group.workers, 3);
    /// let error = Scenario::from_json(r#"{"group": {"wokers": 3}}"#).unwrap_err();
    /// assert!(error.to_string().starts_with("group.wokers must be left out (known here are workers, "));
    /// # Ok::<(), streamgauge_sim::Error>(())
    /// ```
    ///
    /// # Errors
    /// What is no JSON, the first key that is not known, and what [`check`](Self::check) refuses.
    #[cfg(feature = "json")]
    pub fn from_json(json: &str) -> Result<Self, Error> {
        Self::from_plain(Plain::from_json(json, "")?)
    }

    /// Reads a scenario from plain data of its JSON form.
    ///
    /// # Errors
    /// The first key that is not known, and what [`check`](Self::check) refuses.
    pub fn from_plain(plain: Plain) -> Result<Self, Error> {
        let scenario = scenario(plain)?;
        scenario.check()?;
        Ok(scenario)
    }
}

fn scenario(value: Plain) -> Result<Scenario, Error> {
    let mut it = Scenario::default();
    let mut fields = Fields::of(String::new(), value)?;
    fields.read("title", &mut it.title, text)?;
    fields.read("lesson", &mut it.lesson, text)?;
    fields.read("claim", &mut it.claim, text)?;
    fields.read("seed", &mut it.seed, wide)?;
    fields.read("seconds", &mut it.seconds, number)?;
    fields.read("epoch", &mut it.epoch, number)?;
    fields.read("topics", &mut it.topics, |path, value| {
        list(path, value, topic)
    })?;
    fields.read("producers", &mut it.producers, |path, value| {
        let mut count = 0;
        list(path, value, |path, value| {
            count += 1;
            producer(path, value, count - 1)
        })
    })?;
    fields.read("brokers", &mut it.brokers, brokers)?;
    fields.read("group", &mut it.group, group)?;
    fields.read("handler", &mut it.handler, handler)?;
    fields.read("web", &mut it.web, web)?;
    fields.read("errors", &mut it.errors, errors)?;
    fields.read("commands", &mut it.commands, |path, value| {
        list(path, value, timed)
    })?;
    fields.end()?;
    Ok(it)
}

/// A topic may be its name alone.
fn topic(path: String, value: Plain) -> Result<TopicPlan, Error> {
    if let Plain::Text(name) = value {
        return Ok(TopicPlan::new(&name));
    }
    let mut fields = Fields::of(path, value)?;
    let mut it = TopicPlan::new(&fields.need("name", "a string", text)?);
    fields.read("partitions", &mut it.partitions, whole)?;
    it.keys = fields.optional("keys", |path, value| {
        let mut keys = KeyPlan::default();
        let mut fields = Fields::of(path, value)?;
        fields.read("count", &mut keys.count, whole)?;
        fields.read("skew", &mut keys.skew, number)?;
        fields.end().map(|()| keys)
    })?;
    fields.end().map(|()| it)
}

fn producer(path: String, value: Plain, place: usize) -> Result<ProducerPlan, Error> {
    let mut it = ProducerPlan::new(&format!("producer-{place}"), 100.0);
    let mut fields = Fields::of(path, value)?;
    fields.read("name", &mut it.name, text)?;
    fields.read("topics", &mut it.topics, |path, value| {
        list(path, value, text)
    })?;
    fields.read("pace", &mut it.pace, pace)?;
    fields.read("poisonShare", &mut it.poison_share, number)?;
    fields.end().map(|()| it)
}

fn pace(path: String, value: Plain) -> Result<Pace, Error> {
    let mut fields = Fields::of(path, value)?;
    let per_second = fields.need("perSecond", "a number", number)?;
    let kinds = ["poisson", "constant", "bursty", "daily"];
    let mut rhythm = 0;
    fields.read("kind", &mut rhythm, |path, value| {
        one_of(path, value, &kinds)
    })?;
    let rhythm = match kinds[rhythm] {
        "constant" => Rhythm::Constant,
        "bursty" => Rhythm::Bursty {
            times: fields.need("times", "a number", number)?,
            every: fields.need("every", "a number", number)?,
            length: fields.need("length", "a number", number)?,
        },
        "daily" => {
            let mut period = 86_400.0;
            fields.read("period", &mut period, number)?;
            let swing = fields.need("swing", "a number", number)?;
            Rhythm::Daily { swing, period }
        }
        _ => Rhythm::Poisson,
    };
    fields.end().map(|()| Pace { per_second, rhythm })
}

fn brokers(path: String, value: Plain) -> Result<BrokerPlan, Error> {
    let mut it = BrokerPlan::default();
    let mut fields = Fields::of(path, value)?;
    fields.read("count", &mut it.count, whole)?;
    fields.read("fetchSeconds", &mut it.fetch_seconds, number)?;
    fields.read("commitSeconds", &mut it.commit_seconds, number)?;
    fields.read("sendSeconds", &mut it.send_seconds, number)?;
    fields.read("retention", &mut it.retention, whole)?;
    fields.end().map(|()| it)
}

fn group(path: String, value: Plain) -> Result<GroupPlan, Error> {
    let mut it = GroupPlan::default();
    let mut fields = Fields::of(path, value)?;
    fields.read("workers", &mut it.workers, whole)?;
    fields.read("assignor", &mut it.assignor, |path, value| {
        let names = ["range", "roundRobin", "sticky", "cooperative"];
        let assignors = [
            Assignor::Range,
            Assignor::RoundRobin,
            Assignor::Sticky,
            Assignor::Cooperative,
        ];
        Ok(assignors[one_of(path, value, &names)?])
    })?;
    fields.read("concurrency", &mut it.concurrency, whole)?;
    fields.read("buffer", &mut it.buffer, whole)?;
    fields.read("fetchRecords", &mut it.fetch_records, whole)?;
    fields.read("commitInterval", &mut it.commit_interval, number)?;
    fields.read("heartbeatInterval", &mut it.heartbeat_interval, number)?;
    fields.read("sessionTimeout", &mut it.session_timeout, number)?;
    fields.read("rebalanceTimeout", &mut it.rebalance_timeout, number)?;
    fields.end().map(|()| it)
}

fn handler(path: String, value: Plain) -> Result<HandlerPlan, Error> {
    let mut it = HandlerPlan::default();
    let mut fields = Fields::of(path, value)?;
    fields.read("time", &mut it.time, spread)?;
    fields.read("retries", &mut it.retries, whole)?;
    fields.read("backoff", &mut it.backoff, number)?;
    fields.read("tableGets", &mut it.table_gets, whole)?;
    fields.read("tableSets", &mut it.table_sets, whole)?;
    fields.read("sends", &mut it.sends, number)?;
    fields.end().map(|()| it)
}

fn spread(path: String, value: Plain) -> Result<Spread, Error> {
    let mut fields = Fields::of(path, value)?;
    let mean = fields.need("mean", "a number", number)?;
    let kinds = ["logNormal", "constant", "exponential", "pareto"];
    let mut kind = 0;
    fields.read("kind", &mut kind, |path, value| one_of(path, value, &kinds))?;
    let shape = match kinds[kind] {
        "constant" => Shape::Constant,
        "exponential" => Shape::Exponential,
        "pareto" => Shape::Pareto {
            alpha: fields.need("alpha", "a number", number)?,
        },
        _ => {
            let mut sigma = 0.5;
            fields.read("sigma", &mut sigma, number)?;
            Shape::LogNormal { sigma }
        }
    };
    fields.end().map(|()| Spread { mean, shape })
}

fn web(path: String, value: Plain) -> Result<WebPlan, Error> {
    let mut it = WebPlan::default();
    let mut fields = Fields::of(path, value)?;
    fields.read("perSecond", &mut it.per_second, number)?;
    fields.read("time", &mut it.time, spread)?;
    fields.end().map(|()| it)
}

fn errors(path: String, value: Plain) -> Result<ErrorShares, Error> {
    let mut it = ErrorShares::default();
    let mut fields = Fields::of(path, value)?;
    fields.read("handler", &mut it.handler, number)?;
    fields.read("send", &mut it.send, number)?;
    fields.read("commit", &mut it.commit, number)?;
    fields.read("web", &mut it.web, number)?;
    fields.read("assignment", &mut it.assignment, number)?;
    fields.end().map(|()| it)
}

fn timed(path: String, value: Plain) -> Result<TimedCommand, Error> {
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

const COMMANDS: [&str; 14] = [
    "rate",
    "handlerTime",
    "errors",
    "handlerErrors",
    "slow",
    "stall",
    "blip",
    "crash",
    "addWorker",
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
    let worker = |fields: &mut Fields| fields.need("worker", "the number of a worker", whole);
    let topic = |fields: &mut Fields| fields.need("topic", "the name of a topic", text);
    Ok(match COMMANDS[name] {
        "rate" => Command::Rate {
            producer: fields.optional("producer", whole)?,
            per_second: fields.need("perSecond", "a number", number)?,
        },
        "handlerTime" => Command::HandlerTime {
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
        "addWorker" => Command::AddWorker,
        _ => Command::Rebalance,
    })
}

/// The place of a text among those that may stand there.
fn one_of(path: String, value: Plain, names: &[&str]) -> Result<usize, Error> {
    let found = match &value {
        Plain::Text(text) => names.iter().position(|name| name == text),
        _ => None,
    };
    found.ok_or_else(|| {
        let expected = format!("one of {}", names.join(", "));
        Error::new(path, expected, describe(&value))
    })
}
