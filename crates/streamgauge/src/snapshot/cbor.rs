//! The snapshot as CBOR.

use alloc::vec::Vec;

use crate::snapshot::context::{Context, SnapshotError};
use crate::snapshot::{Snapshot, read};

impl Snapshot {
    /// Its CBOR form (RFC 8949): the same keys and values as in JSON, numbers in eight bytes.
    pub fn to_cbor(&self) -> Vec<u8> {
        // Writing to a vector does not fail.
        minicbor_serde::to_vec(self).unwrap_or_default()
    }

    /// Reads a CBOR form, as `from_json` reads JSON. Numbers may be of any
    /// width.
    ///
    /// # Errors What `from_json` refuses, and also tags, keys that are no texts, NaN and
    /// infinities. No length that the bytes claim is believed before they are there.
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let mut context = Context::new();
        let mut deserializer = minicbor_serde::Deserializer::new(bytes);
        let snapshot = match read::snapshot(&mut deserializer, &mut context) {
            Ok(snapshot) => snapshot,
            Err(error) => return Err(context.error(&error)),
        };
        let end = deserializer.decoder().position();
        if end != bytes.len() {
            let more = bytes.len() - end;
            let words = alloc::format!("ends at byte {end}, and {more} more follow");
            let trailing: minicbor_serde::error::DecodeError = context.refuse(words);
            return Err(context.error(&trailing));
        }
        Ok(snapshot)
    }
}
