//! Where a reader stands in a document, what it allows, and what it says when it refuses.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Write};

/// The deepest nesting of lists and maps that a snapshot may have.
pub const MAX_DEPTH: u32 = 64;

/// The most partitions that a snapshot may have.
pub const MAX_SNAPSHOT_PARTITIONS: usize = 10_000_000;

/// Characters of a refused value that a message shows.
const SHOWN: usize = 64;

/// Why a document was refused. Its text names the place, what was expected and which value came:
/// `partitions[3].lag must be a whole number or null, got "many"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotError {
    path: String,
    message: String,
}

impl SnapshotError {
    /// The place in the document, such as `partitions[3].lag`; empty for the document itself.
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for SnapshotError {}

/// Reading ends. The context knows why where a value was refused, else the format does.
pub(crate) struct Stopped;

/// One step of the way to a value.
pub(crate) enum Step {
    Key(&'static str),
    Label(String),
    Index(usize),
}

pub(crate) struct Context {
    depth: u32,
    pub(crate) most_partitions: usize,
    /// Innermost first: it is written down while an error is on its way out.
    path: Vec<Step>,
    refusal: Option<String>,
}

impl Context {
    pub(crate) fn new() -> Self {
        Self {
            depth: 0,
            most_partitions: MAX_SNAPSHOT_PARTITIONS,
            path: Vec::new(),
            refusal: None,
        }
    }

    /// A list or a map begins.
    pub(crate) fn enter(&mut self) -> Result<(), Stopped> {
        if self.depth == MAX_DEPTH {
            return self.refuse(format!("is nested more than {MAX_DEPTH} deep"));
        }
        self.depth += 1;
        Ok(())
    }

    pub(crate) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Refuses the value that is being read. `words` go on from its path.
    pub(crate) fn refuse<T>(&mut self, words: String) -> Result<T, Stopped> {
        self.refusal = Some(words);
        Err(Stopped)
    }

    /// An error on its way out passes `step`.
    pub(crate) fn at<T>(
        &mut self,
        read: Result<T, Stopped>,
        step: impl FnOnce() -> Step,
    ) -> Result<T, Stopped> {
        if read.is_err() {
            self.path.push(step());
        }
        read
    }

    /// Refuses the document, which was read.
    #[cfg(feature = "cbor")]
    pub(crate) fn refusal(mut self, words: String) -> SnapshotError {
        self.refusal = Some(words);
        self.error(&"")
    }

    pub(crate) fn error(self, error: &dyn fmt::Display) -> SnapshotError {
        let mut path = String::new();
        for step in self.path.iter().rev() {
            // Writing to a String does not fail.
            let _ = match step {
                Step::Key(key) if path.is_empty() => write!(path, "{key}"),
                Step::Key(key) => write!(path, ".{key}"),
                Step::Label(label) => write!(path, "[{}]", Got::Text(label)),
                Step::Index(index) => write!(path, "[{index}]"),
            };
        }
        let message = match self.refusal {
            Some(words) if path.is_empty() => format!("the snapshot {words}"),
            Some(words) => format!("{path} {words}"),
            None if path.is_empty() => error.to_string(),
            None => format!("{path}: {error}"),
        };
        SnapshotError { path, message }
    }
}

/// A value that was not expected, as messages show it.
#[derive(Clone, Copy)]
pub(crate) enum Got<'a> {
    Null,
    Flag(bool),
    Whole(u64),
    Negative(i64),
    Number(f64),
    Huge,
    Text(&'a str),
    Bytes(&'a [u8]),
    List,
    Map,
}

impl fmt::Display for Got<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Got::Null => f.write_str("null"),
            Got::Flag(value) => write!(f, "{value}"),
            Got::Whole(value) => write!(f, "{value}"),
            Got::Negative(value) => write!(f, "{value}"),
            Got::Number(value) => write!(f, "{value:?}"),
            Got::Huge => f.write_str("a whole number of more than 64 bits"),
            Got::Text(text) => {
                let end = text.char_indices().nth(SHOWN).map(|(end, _)| end);
                match end.and_then(|end| text.get(..end)) {
                    Some(start) => write!(f, "{start:?} and more"),
                    None => write!(f, "{text:?}"),
                }
            }
            Got::Bytes(_) => f.write_str("bytes"),
            Got::List => f.write_str("a list"),
            Got::Map => f.write_str("a map"),
        }
    }
}
