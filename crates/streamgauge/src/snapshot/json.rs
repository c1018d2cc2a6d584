//! The snapshot as JSON text.

use alloc::string::String;

use crate::snapshot::context::{Context, SnapshotError};
use crate::snapshot::{Snapshot, read};

impl Snapshot {
    /// Its JSON form: one line, keys in the order of [`SNAPSHOT`](crate::SNAPSHOT), unknown fields
    /// after the known ones of their section. Whole numbers over 2^53 - 1 are written with all
    /// their digits.
    pub fn to_json(&self) -> String {
        // Keys are texts and numbers finite or null: there is nothing to fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a JSON form. Fields that are missing take their default, unknown ones are kept,
    /// computed ones are computed again.
    ///
    /// # Errors Anything that is no snapshot of this form, with its place: wrong types, keys or
    /// partitions that stand twice, names over 4,096 characters, nesting over 64 deep, more than
    /// 10,000,000 partitions, histograms that contradict themselves, text that ends early or goes
    /// on.
    pub fn from_json(text: &str) -> Result<Self, SnapshotError> {
        let mut context = Context::new();
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let read = read::snapshot(&mut deserializer, &mut context);
        let read = read.and_then(|snapshot| deserializer.end().map(|()| snapshot));
        read.map_err(|error| context.error(&error))
    }
}
