//! A scenario from its JSON form.

use alloc::format;
use alloc::string::String;
use alloc::vec;

use super::commands::timed;
use super::fields::{Fields, describe, list, number, text, whole, wide};
use super::{
    Assignor, BrokerPlan, ErrorShares, GroupPlan, HandlerPlan, KeyPlan, Pace, ProducerPlan, Rhythm,
    Scenario, Shape, Spread, TopicPlan, WebPlan,
};
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
    /// assert_eq!(scenario.groups[0].workers, 3);
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
    fields.numbers([("seconds", &mut it.seconds), ("epoch", &mut it.epoch)])?;
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
    let mut one = None;
    fields.read("group", &mut one, |path, value| {
        group(path, value, false).map(Some)
    })?;
    fields.read("groups", &mut it.groups, |path, value| match one {
        Some(_) => Err(Error::new(path, "left out beside group", describe(&value))),
        None => list(path, value, |path, value| group(path, value, true)),
    })?;
    if let Some(one) = one {
        it.groups = vec![one];
    }
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
    fields.wholes([("count", &mut it.count), ("retention", &mut it.retention)])?;
    fields.numbers([
        ("fetchSeconds", &mut it.fetch_seconds),
        ("commitSeconds", &mut it.commit_seconds),
        ("sendSeconds", &mut it.send_seconds),
    ])?;
    fields.end().map(|()| it)
}

fn group(path: String, value: Plain, is_named: bool) -> Result<GroupPlan, Error> {
    let mut fields = Fields::of(path, value)?;
    let it = group_of(&mut fields, is_named)?;
    fields.end().map(|()| it)
}

pub(super) fn group_of(fields: &mut Fields, is_named: bool) -> Result<GroupPlan, Error> {
    let mut it = GroupPlan::default();
    fields.wholes([
        ("workers", &mut it.workers),
        ("concurrency", &mut it.concurrency),
        ("buffer", &mut it.buffer),
        ("fetchRecords", &mut it.fetch_records),
    ])?;
    fields.numbers([
        ("commitInterval", &mut it.commit_interval),
        ("heartbeatInterval", &mut it.heartbeat_interval),
        ("sessionTimeout", &mut it.session_timeout),
        ("rebalanceTimeout", &mut it.rebalance_timeout),
    ])?;
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
    match is_named {
        true => it.name = fields.need("name", "a string", text)?,
        false => fields.read("name", &mut it.name, text)?,
    }
    fields.read("topics", &mut it.topics, |path, value| {
        list(path, value, text)
    })?;
    it.handler = fields.optional("handler", handler)?;
    Ok(it)
}

fn handler(path: String, value: Plain) -> Result<HandlerPlan, Error> {
    let mut it = HandlerPlan::default();
    let mut fields = Fields::of(path, value)?;
    fields.read("time", &mut it.time, spread)?;
    fields.wholes([
        ("retries", &mut it.retries),
        ("tableGets", &mut it.table_gets),
        ("tableSets", &mut it.table_sets),
    ])?;
    fields.numbers([("backoff", &mut it.backoff), ("sends", &mut it.sends)])?;
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
    fields.numbers([
        ("handler", &mut it.handler),
        ("send", &mut it.send),
        ("commit", &mut it.commit),
        ("web", &mut it.web),
        ("assignment", &mut it.assignment),
    ])?;
    fields.end().map(|()| it)
}

/// The place of a text among those that may stand there.
pub(super) fn one_of(path: String, value: Plain, names: &[&str]) -> Result<usize, Error> {
    let found = match &value {
        Plain::Text(text) => names.iter().position(|name| name == text),
        _ => None,
    };
    found.ok_or_else(|| {
        let expected = format!("one of {}", names.join(", "));
        Error::new(path, expected, describe(&value))
    })
}
