//! Reading an object's fields, each with its place for whoever wrote it wrongly.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::error::Error;
use crate::number::Number;
use crate::plain::Plain;

/// An object whose fields are taken one by one. What is left at the end is not known.
pub(super) struct Fields {
    path: String,
    left: Vec<(String, Plain)>,
    asked: Vec<&'static str>,
}

impl Fields {
    pub(super) fn of(path: String, value: Plain) -> Result<Self, Error> {
        match value {
            Plain::Object(left) => Ok(Self {
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

    fn take(&mut self, key: &'static str) -> Option<Plain> {
        self.asked.push(key);
        let place = self.left.iter().position(|(name, _)| name == key)?;
        Some(self.left.remove(place).1)
    }

    /// Sets a field's value where there is one.
    pub(super) fn read<T>(
        &mut self,
        key: &'static str,
        into: &mut T,
        read: impl FnOnce(String, Plain) -> Result<T, Error>,
    ) -> Result<(), Error> {
        if let Some(value) = self.take(key) {
            *into = read(self.place(key), value)?;
        }
        Ok(())
    }

    /// Sets numbers where there are some.
    pub(super) fn numbers<const N: usize>(
        &mut self,
        all: [(&'static str, &mut f64); N],
    ) -> Result<(), Error> {
        for (key, into) in all {
            self.read(key, into, number)?;
        }
        Ok(())
    }

    /// Sets whole numbers where there are some.
    pub(super) fn wholes<const N: usize>(
        &mut self,
        all: [(&'static str, &mut u32); N],
    ) -> Result<(), Error> {
        for (key, into) in all {
            self.read(key, into, whole)?;
        }
        Ok(())
    }

    /// A field that must be there.
    pub(super) fn need<T>(
        &mut self,
        key: &'static str,
        expected: &'static str,
        read: impl FnOnce(String, Plain) -> Result<T, Error>,
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
        read: impl FnOnce(String, Plain) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        match self.take(key) {
            None | Some(Plain::Null) => Ok(None),
            Some(value) => read(self.place(key), value).map(Some),
        }
    }

    /// Refuses what nobody asked for.
    pub(super) fn end(self) -> Result<(), Error> {
        match self.left.first() {
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

pub(super) fn number(path: String, value: Plain) -> Result<f64, Error> {
    match value {
        // A -0 becomes 0.
        Plain::Number(number) => Ok(number + 0.0),
        other => Err(Error::new(path, "a number", describe(&other))),
    }
}

pub(super) fn whole(path: String, value: Plain) -> Result<u32, Error> {
    let whole = wide(path.clone(), value)?;
    u32::try_from(whole)
        .map_err(|_| Error::new(path, format!("a whole number in 0..={}", u32::MAX), whole))
}

/// A whole number that JavaScript keeps.
pub(super) fn wide(path: String, value: Plain) -> Result<u64, Error> {
    const MOST: f64 = ((1_u64 << 53) - 1) as f64;
    match value {
        Plain::Number(number)
            if (0.0..=MOST).contains(&number) && number as u64 as f64 == number =>
        {
            Ok(number as u64)
        }
        _ => Err(Error::new(
            path,
            "a whole number in 0..=2^53-1",
            describe(&value),
        )),
    }
}

pub(super) fn text(path: String, value: Plain) -> Result<String, Error> {
    match value {
        Plain::Text(text) => Ok(text),
        other => Err(Error::new(path, "a string", describe(&other))),
    }
}

pub(super) fn list<T>(
    path: String,
    value: Plain,
    mut read: impl FnMut(String, Plain) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    match value {
        Plain::List(entries) => {
            let entries = entries.into_iter().enumerate();
            entries
                .map(|(place, entry)| read(format!("{path}[{place}]"), entry))
                .collect()
        }
        other => Err(Error::new(path, "a list", describe(&other))),
    }
}

/// What came, short enough for a message.
pub(super) fn describe(value: &Plain) -> String {
    match value {
        Plain::Null => "null".into(),
        Plain::Flag(flag) => flag.to_string(),
        Plain::Number(number) => Number(*number).to_string(),
        Plain::List(_) => "a list".into(),
        Plain::Object(_) => "an object".into(),
        Plain::Text(text) => format!("{:?}", super::read::shortened(text)),
    }
}
