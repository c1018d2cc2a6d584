//! Exact comparison of what a trace expects with what a monitor has.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde_json::{Number, Value};

/// A place where a monitor differs from what its trace expects.
///
/// As text: `expect.commit_latency[0]: expected 0.25, actual 0.5`.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceDifference {
    path: String,
    expected: Option<Value>,
    actual: Option<Value>,
}

impl TraceDifference {
    /// Keys and places from the top: `expect.commit_latency[0]`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What the trace has there, as JSON; `None` where that is nothing.
    pub fn expected(&self) -> Option<String> {
        self.expected.as_ref().map(|value| format!("{value}"))
    }

    /// What the monitor has there, as JSON; `None` where that is nothing.
    pub fn actual(&self) -> Option<String> {
        self.actual.as_ref().map(|value| format!("{value}"))
    }
}

impl fmt::Display for TraceDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected ", self.path)?;
        show(f, self.expected.as_ref())?;
        write!(f, ", actual ")?;
        show(f, self.actual.as_ref())
    }
}

fn show(f: &mut fmt::Formatter<'_>, value: Option<&Value>) -> fmt::Result {
    match value {
        Some(value) => write!(f, "{value}"),
        None => write!(f, "nothing"),
    }
}

/// Every difference. Numbers are equal where they are the same f64, bit for bit; objects have no
/// order.
pub(super) fn differences(
    path: &str,
    expected: &Value,
    actual: Option<&Value>,
    found: &mut Vec<TraceDifference>,
) {
    match (expected, actual) {
        (Value::Object(wanted), Some(Value::Object(given))) => {
            for (key, wanted) in wanted {
                differences(&format!("{path}.{key}"), wanted, given.get(key), found);
            }
            for (key, given) in given.iter().filter(|(key, _)| !wanted.contains_key(*key)) {
                found.push(TraceDifference {
                    path: format!("{path}.{key}"),
                    expected: None,
                    actual: Some(given.clone()),
                });
            }
            return;
        }
        (Value::Array(wanted), Some(Value::Array(given))) if wanted.len() == given.len() => {
            for (place, (wanted, given)) in wanted.iter().zip(given).enumerate() {
                differences(&format!("{path}[{place}]"), wanted, Some(given), found);
            }
            return;
        }
        (Value::Number(wanted), Some(Value::Number(given))) => {
            let bits = |number: &Number| number.as_f64().map(f64::to_bits);
            if wanted == given || bits(wanted) == bits(given) {
                return;
            }
        }
        (expected, Some(actual)) if expected == actual => return,
        _ => {}
    }
    found.push(TraceDifference {
        path: path.into(),
        expected: Some(expected.clone()),
        actual: actual.cloned(),
    });
}
