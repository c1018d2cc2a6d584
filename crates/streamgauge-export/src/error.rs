//! What is refused.

use alloc::string::String;
use core::fmt;

/// Options, or snapshots, that no correct text can be made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportError {
    subject: &'static str,
    expected: &'static str,
    got: String,
}

impl ExportError {
    pub(crate) fn new(
        subject: &'static str,
        expected: &'static str,
        got: impl Into<String>,
    ) -> Self {
        Self {
            subject,
            expected,
            got: got.into(),
        }
    }

    /// What was refused: an option's name, `"snapshots"`, or `"labels"`.
    pub fn subject(&self) -> &'static str {
        self.subject
    }

    /// What would have been taken.
    pub fn expected(&self) -> &'static str {
        self.expected
    }

    /// What came.
    pub fn got(&self) -> &str {
        &self.got
    }
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            subject,
            expected,
            got,
        } = self;
        write!(f, "{subject} must be {expected}, got {got:?}")
    }
}

impl core::error::Error for ExportError {}
