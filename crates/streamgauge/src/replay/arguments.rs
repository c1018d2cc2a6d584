//! The arguments of one call, each asked for by name.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::{Map, Value};

use crate::errors::Stage;
use crate::http::HttpStatus;
use crate::sensor::{Stream, TopicPartition};

/// What is wrong with a line.
pub(super) struct Wrong(pub(super) String);

/// Characters of a value that are shown.
const MOST_SHOWN: usize = 80;

impl Wrong {
    pub(super) fn argument(name: &str, expected: &str, value: &Value) -> Self {
        let mut text: String = format!("{value}");
        if let Some((end, _)) = text.char_indices().nth(MOST_SHOWN) {
            text.truncate(end);
            text.push('…');
        }
        Self(format!(
            "argument \"{name}\" must be {expected}, got {text}"
        ))
    }
}

pub(super) struct Arguments<'a> {
    fields: &'a Map<String, Value>,
}

impl<'a> Arguments<'a> {
    pub(super) fn new(fields: &'a Map<String, Value>) -> Self {
        Self { fields }
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.fields.get(name)
    }

    fn any(&self, name: &str) -> Result<&'a Value, Wrong> {
        let value = self.get(name);
        value.ok_or_else(|| Wrong(format!("missing argument \"{name}\"")))
    }

    fn read<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<T, Wrong> {
        let value = self.any(name)?;
        read(value).ok_or_else(|| Wrong::argument(name, expected, value))
    }

    /// What `read` gives; `None` for null, and where it is left out.
    pub(super) fn optional<T>(
        &self,
        name: &str,
        read: impl Fn(&Self, &str) -> Result<T, Wrong>,
    ) -> Result<Option<T>, Wrong> {
        match self.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(_) => read(self, name).map(Some),
        }
    }

    pub(super) fn text(&self, name: &str) -> Result<&'a str, Wrong> {
        self.read(name, "a string", Value::as_str)
    }

    /// A number, or the name of one that is not finite.
    pub(super) fn number(&self, name: &str) -> Result<f64, Wrong> {
        self.read(name, "a number", number)
    }

    pub(super) fn whole(&self, name: &str) -> Result<u64, Wrong> {
        self.read(name, "a whole number, not negative", Value::as_u64)
    }

    pub(super) fn size(&self, name: &str) -> Result<usize, Wrong> {
        let size = |value: &Value| usize::try_from(value.as_u64()?).ok();
        self.read(name, "a whole number, not negative", size)
    }

    pub(super) fn signed(&self, name: &str) -> Result<i64, Wrong> {
        self.read(name, "a whole number", Value::as_i64)
    }

    pub(super) fn status(&self, name: &str) -> Result<HttpStatus, Wrong> {
        let status = |value: &Value| {
            let status = u16::try_from(value.as_u64()?).ok()?;
            HttpStatus::new(status).ok()
        };
        self.read(name, "a whole number in 100..599", status)
    }

    pub(super) fn stage(&self, name: &str) -> Result<Stage, Wrong> {
        self.read(name, "a stage", |value| Stage::from_name(value.as_str()?))
    }

    pub(super) fn topic_partition(&self, name: &str) -> Result<TopicPartition<'a>, Wrong> {
        self.read(name, "[topic, partition]", |value| {
            match value.as_array()?.as_slice() {
                [topic, partition] => pair(topic, partition),
                _ => None,
            }
        })
    }

    pub(super) fn topic_partitions(&self, name: &str) -> Result<Vec<TopicPartition<'a>>, Wrong> {
        self.read(name, "an array of [topic, partition]", |value| {
            let entries = value.as_array()?.iter();
            let entry = |entry: &'a Value| match entry.as_array()?.as_slice() {
                [topic, partition] => pair(topic, partition),
                _ => None,
            };
            entries.map(entry).collect()
        })
    }

    pub(super) fn offsets(&self, name: &str) -> Result<Vec<(TopicPartition<'a>, u64)>, Wrong> {
        self.read(name, "an array of [topic, partition, offset]", |value| {
            let entries = value.as_array()?.iter();
            let entry = |entry: &'a Value| match entry.as_array()?.as_slice() {
                [topic, partition, offset] => Some((pair(topic, partition)?, offset.as_u64()?)),
                _ => None,
            };
            entries.map(entry).collect()
        })
    }

    pub(super) fn stream(&self) -> Result<Stream<'a>, Wrong> {
        Ok(Stream::new(
            self.text("stream")?,
            self.optional("task", Self::text)?,
        ))
    }

    /// A token's label; `None` for null. Messages and states are labelled apart.
    pub(super) fn label(&self, name: &str) -> Result<Option<String>, Wrong> {
        self.read(name, "a string or null", |value| match value {
            Value::Null => Some(None),
            _ => Some(Some(format!("{name} {}", value.as_str()?))),
        })
    }

    /// The number `key` of what a token held.
    pub(super) fn held(&self, key: &str) -> Result<Option<f64>, Wrong> {
        self.optional("held", |args, name| {
            args.read(name, "an object of what the token held", |value| {
                let held = value.as_object()?;
                held.get(key)
                    .map_or(Some(None), |value| number(value).map(Some))
            })
        })
        .map(Option::flatten)
    }

    /// The timestamp of what a message held.
    pub(super) fn held_timestamp(&self) -> Option<i64> {
        self.get("held")?.get("timestamp")?.as_i64()
    }
}

fn pair<'a>(topic: &'a Value, partition: &Value) -> Option<TopicPartition<'a>> {
    let partition = u32::try_from(partition.as_u64()?).ok()?;
    Some(TopicPartition::new(topic.as_str()?, partition))
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::String(name) => match name.as_str() {
            "NaN" => Some(f64::NAN),
            "Infinity" => Some(f64::INFINITY),
            "-Infinity" => Some(f64::NEG_INFINITY),
            _ => None,
        },
        other => other.as_f64(),
    }
}
