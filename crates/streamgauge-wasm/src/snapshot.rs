//! Snapshots' forms and their sum, as JavaScript calls them.
//!
//! JavaScript's objects cross as JSON text, which engines read and write faster than anything else
//! makes objects. What is refused is thrown as `[path, why]`; a sum's refusal has no path.

use alloc::string::{String, ToString};
use alloc::{vec, vec::Vec};

use streamgauge::{Snapshot, SnapshotError, merge};
use wasm_bindgen::prelude::*;

pub(crate) fn refused(error: SnapshotError) -> Vec<String> {
    vec![error.path().into(), error.to_string()]
}

/// The CBOR form of what JSON text says.
#[wasm_bindgen(js_name = cborOfJson)]
pub fn cbor_of_json(text: &str) -> Result<Vec<u8>, Vec<String>> {
    let snapshot = Snapshot::from_json(text).map_err(refused)?;
    Ok(snapshot.to_cbor())
}

/// The JSON form of what JSON text says: checked, complete, in order.
#[wasm_bindgen(js_name = jsonOfJson)]
pub fn json_of_json(text: &str) -> Result<String, Vec<String>> {
    let snapshot = Snapshot::from_json(text).map_err(refused)?;
    Ok(snapshot.to_json())
}

/// The JSON form of what CBOR says.
#[wasm_bindgen(js_name = jsonOfCbor)]
pub fn json_of_cbor(bytes: &[u8]) -> Result<String, Vec<String>> {
    let snapshot = Snapshot::from_cbor(bytes).map_err(refused)?;
    Ok(snapshot.to_json())
}

/// Snapshots that are going to be one.
#[wasm_bindgen]
#[derive(Default)]
pub struct Merger {
    snapshots: Vec<Snapshot>,
}

#[wasm_bindgen]
impl Merger {
    /// None yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// One more, as JSON text.
    #[wasm_bindgen(js_name = addJson)]
    pub fn add_json(&mut self, text: &str) -> Result<(), Vec<String>> {
        self.snapshots
            .push(Snapshot::from_json(text).map_err(refused)?);
        Ok(())
    }

    /// One more, as CBOR.
    #[wasm_bindgen(js_name = addCbor)]
    pub fn add_cbor(&mut self, bytes: &[u8]) -> Result<(), Vec<String>> {
        self.snapshots
            .push(Snapshot::from_cbor(bytes).map_err(refused)?);
        Ok(())
    }

    /// The sum's JSON form.
    pub fn merged(&self) -> Result<String, Vec<String>> {
        match merge(&self.snapshots) {
            Ok(snapshot) => Ok(snapshot.to_json()),
            Err(error) => Err(vec![String::new(), error.to_string()]),
        }
    }
}
