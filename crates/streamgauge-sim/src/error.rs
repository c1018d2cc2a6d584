//! What is refused, and why.

use alloc::format;
use alloc::string::{String, ToString};

use core::fmt;

/// Why a scenario, a command or an argument was refused. Nothing changed.
///
/// Its text names the place (as in the scenario's JSON), what was expected and what came:
/// `errors.send must be a number in 0..=1, got 1.5`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    path: String,
    expected: String,
    got: String,
}

impl Error {
    /// At `path`, where `expected` must be, there is `got`.
    pub fn new(
        path: impl Into<String>,
        expected: impl Into<String>,
        got: impl fmt::Display,
    ) -> Self {
        Self {
            path: path.into(),
            expected: expected.into(),
            got: got.to_string(),
        }
    }

    /// Says that the place lies within another.
    pub(crate) fn within(mut self, outer: &str) -> Self {
        self.path = match self.path.is_empty() {
            true => outer.into(),
            false => format!("{outer}.{}", self.path),
        };
        self
    }

    /// The place that was refused: `producers[0].pace.perSecond`, or an argument's name.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What must be there.
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// What is there instead.
    pub fn got(&self) -> &str {
        &self.got
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = match self.path.as_str() {
            "" => "the scenario",
            path => path,
        };
        write!(f, "{path} must be {}, got {}", self.expected, self.got)
    }
}

impl core::error::Error for Error {}
