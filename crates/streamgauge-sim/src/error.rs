//! What is refused, and why.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};

use core::fmt;

/// Why a scenario, a command or an argument was refused. Nothing changed.
///
/// Its text names the place (as in the scenario's JSON), what was expected and what came:
/// `errors.send must be a number in 0..=1, got 1.5`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<Parts>);

/// In a box: a result that is handed on by a hundred places had better be small.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Parts {
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
        Self(Box::new(Parts {
            path: path.into(),
            expected: expected.into(),
            got: got.to_string(),
        }))
    }

    /// Says that the place lies within another.
    pub(crate) fn within(mut self, outer: &str) -> Self {
        let path = &mut self.0.path;
        *path = match path.is_empty() {
            true => outer.into(),
            false => format!("{outer}.{path}"),
        };
        self
    }

    /// The place that was refused: `producers[0].pace.perSecond`, or an argument's name.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// What must be there.
    pub fn expected(&self) -> &str {
        &self.0.expected
    }

    /// What is there instead.
    pub fn got(&self) -> &str {
        &self.0.got
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts {
            path,
            expected,
            got,
        } = &*self.0;
        let path = match path.as_str() {
            "" => "the scenario",
            path => path,
        };
        write!(f, "{path} must be {expected}, got {got}")
    }
}

impl core::error::Error for Error {}
