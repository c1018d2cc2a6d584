//! Data as JSON has it, from wherever it comes.

use alloc::string::String;
use alloc::vec::Vec;

/// How deep plain data may be nested: no scenario is deeper than six.
pub const MAX_DEPTH: usize = 64;

/// What a scenario or a command is read from.
///
/// ```
/// use streamgauge_sim::{Plain, Scenario};
/// let group = Plain::Object(vec![("workers".into(), Plain::Number(3.0))]);
/// let scenario = Scenario::from_plain(Plain::Object(vec![("group".into(), group)]))?;
/// assert_eq!(scenario.groups[0].workers, 3);
/// # Ok::<(), streamgauge_sim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Plain {
    /// Nothing: as if the key were left out, where that may be.
    Null,
    /// True or false.
    Flag(bool),
    /// A number; whole numbers up to 2^53.
    Number(f64),
    /// A text.
    Text(String),
    /// Values one after the other.
    List(Vec<Plain>),
    /// Values by name. Names that stand twice are refused.
    Object(Vec<(String, Plain)>),
}

#[cfg(feature = "json")]
mod json {
    use serde_json::Value;

    use super::Plain;
    use crate::error::Error;

    impl Plain {
        /// Of a JSON text that stands for what `path` names.
        pub(crate) fn from_json(json: &str, path: &str) -> Result<Self, Error> {
            let value: Value =
                serde_json::from_str(json).map_err(|error| Error::new(path, "JSON", error))?;
            Ok(value.into())
        }
    }

    impl From<Value> for Plain {
        fn from(value: Value) -> Self {
            match value {
                Value::Null => Self::Null,
                Value::Bool(flag) => Self::Flag(flag),
                Value::Number(number) => Self::Number(number.as_f64().unwrap_or(f64::NAN)),
                Value::String(text) => Self::Text(text),
                Value::Array(entries) => Self::List(entries.into_iter().map(Self::from).collect()),
                Value::Object(fields) => {
                    let fields = fields.into_iter();
                    Self::Object(fields.map(|(name, value)| (name, value.into())).collect())
                }
            }
        }
    }
}
