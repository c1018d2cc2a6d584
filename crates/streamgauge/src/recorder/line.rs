//! One line of a trace as text.

use alloc::string::String;
use core::fmt::Write;

use super::labels::Named;
use crate::names::MAX_NAME_CHARACTERS;
use crate::options::Options;
use crate::replay::{TRACE_VERSION, not_finite_name};
use crate::sensor::TopicPartition;

/// The header: what differs from the defaults, the reading at which the monitor was made, and the
/// epoch.
pub(super) fn header(options: &Options, epoch: f64, at: f64) -> String {
    let named = |options: &Options| match serde_json::to_value(options) {
        Ok(serde_json::Value::Object(fields)) => fields,
        // Checked options are an object of finite numbers.
        _ => serde_json::Map::new(),
    };
    let defaults = named(&Options::default());
    let mut given = named(options);
    given.retain(|name, value| name != "epoch" && defaults.get(name) != Some(value));
    let mut text = String::new();
    let mut line = Line::of(&mut text);
    line.text("trace", TRACE_VERSION);
    line.number("at", at);
    line.number("epoch", epoch);
    line.key("options");
    line.raw(&serde_json::Value::Object(given));
    line.end();
    text
}

pub(super) struct Line<'a> {
    text: &'a mut String,
}

// Writing to a String does not fail.
impl<'a> Line<'a> {
    fn of(text: &'a mut String) -> Self {
        text.clear();
        text.push('{');
        Self { text }
    }

    /// A call's line.
    pub(super) fn begin(text: &'a mut String, at: f64, call: &str) -> Self {
        let mut line = Self::of(text);
        line.number("at", at);
        line.text("call", call);
        line
    }

    pub(super) fn end(self) {
        self.text.push_str("}\n");
    }

    fn key(&mut self, key: &str) {
        if !self.text.ends_with('{') {
            self.text.push(',');
        }
        self.string(key);
        self.text.push(':');
    }

    fn raw(&mut self, value: &dyn core::fmt::Display) {
        let _ = write!(self.text, "{value}");
    }

    /// A name too long for any table is as long as is needed to be so.
    fn string(&mut self, value: &str) {
        self.text.push('"');
        for character in value.chars().take(MAX_NAME_CHARACTERS + 1) {
            match character {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                control if control < ' ' => {
                    let _ = write!(self.text, "\\u{:04x}", u32::from(control));
                }
                other => self.text.push(other),
            }
        }
        self.text.push('"');
    }

    pub(super) fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        self.string(value);
    }

    pub(super) fn optional_text(&mut self, key: &str, value: Option<&str>) {
        match value {
            Some(value) => self.text(key, value),
            None => self.null(key),
        }
    }

    pub(super) fn null(&mut self, key: &str) {
        self.key(key);
        self.text.push_str("null");
    }

    pub(super) fn whole(&mut self, key: &str, value: impl Into<i128>) {
        self.key(key);
        self.raw(&value.into());
    }

    /// The shortest digits that read as the same number.
    pub(super) fn number(&mut self, key: &str, value: f64) {
        self.key(key);
        match not_finite_name(value) {
            Some(name) => self.string(name),
            None => {
                let _ = write!(self.text, "{value:?}");
            }
        }
    }

    pub(super) fn label(&mut self, key: &str, label: u32) {
        self.key(key);
        let _ = write!(self.text, "\"{label}\"");
    }

    /// The token of an end call, and what it holds under the key that its start is known by.
    pub(super) fn ending(&mut self, key: &str, named: Named, start: &str) {
        match named.label {
            Some(label) => self.label(key, label),
            None => self.null(key),
        }
        if named.time.is_none() && named.timestamp.is_none() {
            return;
        }
        self.key("held");
        self.text.push('{');
        if let Some(time) = named.time {
            self.number(start, time);
        }
        if let Some(timestamp) = named.timestamp {
            self.whole("timestamp", timestamp);
        }
        self.text.push('}');
    }

    fn pair(&mut self, tp: TopicPartition<'_>) {
        self.text.push('[');
        self.string(tp.topic);
        let _ = write!(self.text, ",{}", tp.partition);
    }

    pub(super) fn tp(&mut self, tp: TopicPartition<'_>) {
        self.key("tp");
        self.pair(tp);
        self.text.push(']');
    }

    pub(super) fn optional_tp(&mut self, tp: Option<TopicPartition<'_>>) {
        if let Some(tp) = tp {
            self.tp(tp);
        }
    }

    pub(super) fn tps(&mut self, partitions: &[TopicPartition<'_>]) {
        self.list("tps", partitions, |line, tp| line.pair(*tp));
    }

    pub(super) fn offsets(&mut self, offsets: &[(TopicPartition<'_>, u64)]) {
        self.list("offsets", offsets, |line, (tp, offset)| {
            line.pair(*tp);
            let _ = write!(line.text, ",{offset}");
        });
    }

    fn list<T>(&mut self, key: &str, entries: &[T], write: impl Fn(&mut Self, &T)) {
        self.key(key);
        self.text.push('[');
        for (place, entry) in entries.iter().enumerate() {
            if place > 0 {
                self.text.push(',');
            }
            write(self, entry);
            self.text.push(']');
        }
        self.text.push(']');
    }
}
