//! What is refused, and why.

use alloc::string::String;
use core::fmt;

/// Why a value was refused. Nothing changed.
///
/// Its text names the argument, what was expected and which value came:
/// `max_avg_history must be a whole number in 0..=1000000, got 2000000`.
#[derive(Debug, Clone, PartialEq)]
pub struct Error {
    argument: &'static str,
    expected: &'static str,
    got: Got,
}

#[derive(Debug, Clone, PartialEq)]
enum Got {
    Whole(u64),
    Seconds(f64),
    Nothing,
    Characters(usize),
    Text(String),
}

impl Error {
    pub(crate) const fn whole(argument: &'static str, expected: &'static str, got: u64) -> Self {
        Self {
            argument,
            expected,
            got: Got::Whole(got),
        }
    }

    pub(crate) const fn seconds(argument: &'static str, expected: &'static str, got: f64) -> Self {
        Self {
            argument,
            expected,
            got: Got::Seconds(got),
        }
    }

    pub(crate) const fn optional_seconds(
        argument: &'static str,
        expected: &'static str,
        got: Option<f64>,
    ) -> Self {
        let got = match got {
            Some(seconds) => Got::Seconds(seconds),
            None => Got::Nothing,
        };
        Self {
            argument,
            expected,
            got,
        }
    }

    pub(crate) const fn name(argument: &'static str, characters: usize) -> Self {
        Self {
            argument,
            expected: "a name of at most 4096 characters",
            got: Got::Characters(characters),
        }
    }

    /// For a value that is no number, or not one of the kinds above.
    pub(crate) const fn text(argument: &'static str, expected: &'static str, got: String) -> Self {
        Self {
            argument,
            expected,
            got: Got::Text(got),
        }
    }

    /// The same refusal, of another argument.
    pub(crate) fn of(self, argument: &'static str) -> Self {
        Self { argument, ..self }
    }

    /// The option or argument that was refused, by its name in Faust's spelling.
    pub fn argument(&self) -> &'static str {
        self.argument
    }

    /// What it must be.
    pub fn expected(&self) -> &'static str {
        self.expected
    }

    /// The value that came, in a few words.
    pub fn got(&self) -> impl fmt::Display + '_ {
        &self.got
    }
}

impl fmt::Display for Got {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Got::Whole(value) => write!(f, "{value}"),
            Got::Seconds(value) => write!(f, "{value}"),
            Got::Nothing => f.write_str("none"),
            Got::Characters(count) => write!(f, "one of {count} characters"),
            Got::Text(text) => f.write_str(text),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            argument,
            expected,
            got,
        } = self;
        write!(f, "{argument} must be {expected}, got {got}")
    }
}

impl core::error::Error for Error {}
