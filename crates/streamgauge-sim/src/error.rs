//! What is refused, and why.

use std::fmt;

/// Why an option or a command's value was refused. Nothing changed.
///
/// Its text names the field, what was expected and what came:
/// `error_rate must be a number in 0..=1, got 1.5`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    field: &'static str,
    expected: &'static str,
    got: String,
}

impl Error {
    pub(crate) fn new(field: &'static str, expected: &'static str, got: impl fmt::Display) -> Self {
        Self {
            field,
            expected,
            got: got.to_string(),
        }
    }

    /// The option or argument that was refused.
    pub fn field(&self) -> &'static str {
        self.field
    }

    /// What it must be.
    pub fn expected(&self) -> &'static str {
        self.expected
    }

    /// What came instead.
    pub fn got(&self) -> &str {
        &self.got
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} must be {}, got {}",
            self.field, self.expected, self.got
        )
    }
}

impl std::error::Error for Error {}
