//! The core's `Limits` as JavaScript sets them.

use wasm_bindgen::prelude::*;

/// The defaults, until a setter is told otherwise; each has the name of its row in the table of
/// figures. (Through serde-wasm-bindgen these seven numbers cost 20 KB of gzip, as much as
/// everything else in the module.)
#[wasm_bindgen]
#[allow(missing_docs, reason = "they are the core's, where each is described")]
pub struct Limits {
    pub max_avg_history: u32,
    pub max_commit_latency_history: u32,
    pub max_send_latency_history: u32,
    pub max_assignment_latency_history: u32,
    pub max_labels: u32,
    pub max_partitions: u32,
    pub epoch: f64,
}

#[wasm_bindgen]
impl Limits {
    /// The defaults.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        let limits = streamgauge::Limits::default();
        Self {
            max_avg_history: limits.max_avg_history,
            max_commit_latency_history: limits.max_commit_latency_history,
            max_send_latency_history: limits.max_send_latency_history,
            max_assignment_latency_history: limits.max_assignment_latency_history,
            max_labels: limits.max_labels,
            max_partitions: limits.max_partitions,
            epoch: limits.epoch,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new()
    }
}

impl From<Limits> for streamgauge::Limits {
    fn from(limits: Limits) -> Self {
        Self {
            max_avg_history: limits.max_avg_history,
            max_commit_latency_history: limits.max_commit_latency_history,
            max_send_latency_history: limits.max_send_latency_history,
            max_assignment_latency_history: limits.max_assignment_latency_history,
            max_labels: limits.max_labels,
            max_partitions: limits.max_partitions,
            epoch: limits.epoch,
        }
    }
}
