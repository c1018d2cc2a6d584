//! Reading an object's fields, each with its place for whoever wrote it wrongly.

use serde_json::{Map, Value};

use crate::error::Error;

/// An object whose fields are taken one by one. What is left at the end is not known.
pub(super) struct Fields {
    path: String,
    left: Map<String, Value>,
    asked: Vec<&'static str>,
}

impl Fields {
    pub(super) fn of(path: String, value: Value) -> Result<Self, Error> {
        match value {
            Value::Object(left) => Ok(Self {
                path,
                left,
                asked: Vec::new(),
            }),
            other => Err(Error::new(path, "an object", describe(&other))),
        }
    }

    /// The place of a field.
    pub(super) fn place(&self, key: &str) -> String {
        match self.path.is_empty() {
            true => key.into(),
            false => format!("{}.{key}", self.path),
        }
    }

    fn take(&mut self, key: &'static str) -> Option<Value> {
        self.asked.push(key);
        self.left.remove(key)
    }

    /// Sets a field's value where there is one.
    pub(super) fn read<T>(
        &mut self,
        key: &'static str,
        into: &mut T,
        read: impl FnOnce(String, Value) -> Result<T, Error>,
    ) -> Result<(), Error> {
        if let Some(value) = self.take(key) {
            *into = read(self.place(key), value)?;
        }
        Ok(())
    }

    /// A field that must be there.
    pub(super) fn need<T>(
        &mut self,
        key: &'static str,
        expected: &'static str,
        read: impl FnOnce(String, Value) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match self.take(key) {
            Some(value) => read(self.place(key), value),
            None => Err(Error::new(self.place(key), expected, "nothing")),
        }
    }

    /// A field that may be left out, or null.
    pub(super) fn optional<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(String, Value) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        match self.take(key) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => read(self.place(key), value).map(Some),
        }
    }

    /// Refuses what nobody asked for.
    pub(super) fn end(self) -> Result<(), Error> {
        match self.left.iter().next() {
            None => Ok(()),
            Some((key, value)) => {
                let key = super::read::shortened(key);
                let path = match self.path.is_empty() {
                    true => key,
                    false => format!("{}.{key}", self.path),
                };
                let expected = match self.asked.is_empty() {
                    true => "left out".into(),
                    false => format!("left out (known here are {})", self.asked.join(", ")),
                };
                Err(Error::new(path, expected, describe(value)))
            }
        }
    }
}

pub(super) fn number(path: String, value: Value) -> Result<f64, Error> {
    match value.as_f64() {
        Some(number) => Ok(number),
        None => Err(Error::new(path, "a number", describe(&value))),
    }
}

pub(super) fn whole(path: String, value: Value) -> Result<u32, Error> {
    let whole = wide(path.clone(), value)?;
    u32::try_from(whole)
        .map_err(|_| Error::new(path, format!("a whole number in 0..={}", u32::MAX), whole))
}

/// A whole number that JavaScript keeps.
pub(super) fn wide(path: String, value: Value) -> Result<u64, Error> {
    let most = (1_u64 << 53) - 1;
    // JSON has one kind of number: 3.0 is 3.
    let whole = value.as_u64().or_else(|| {
        let number = value.as_f64()?;
        (number >= 0.0 && number <= most as f64 && number.trunc() == number)
            .then_some(number as u64)
    });
    match whole.filter(|whole| *whole <= most) {
        Some(whole) => Ok(whole),
        None => Err(Error::new(
            path,
            "a whole number in 0..=2^53-1",
            describe(&value),
        )),
    }
}

pub(super) fn text(path: String, value: Value) -> Result<String, Error> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(Error::new(path, "a string", describe(&other))),
    }
}

pub(super) fn list<T>(
    path: String,
    value: Value,
    mut read: impl FnMut(String, Value) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    match value {
        Value::Array(entries) => {
            let entries = entries.into_iter().enumerate();
            entries
                .map(|(place, entry)| read(format!("{path}[{place}]"), entry))
                .collect()
        }
        other => Err(Error::new(path, "a list", describe(&other))),
    }
}

/// What came, short enough for a message.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Array(_) => "a list".into(),
        Value::Object(_) => "an object".into(),
        Value::String(text) => format!("{:?}", super::read::shortened(text)),
        other => other.to_string(),
    }
}
