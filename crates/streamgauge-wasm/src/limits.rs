//! The core's `Limits` as JavaScript sets them.

use wasm_bindgen::prelude::*;

/// The defaults, until a setter is told otherwise; each has the name of its row in the table of
/// figures. (Through serde-wasm-bindgen seven of these numbers cost 20 KB of gzip, as much as
/// everything else in the module.)
#[wasm_bindgen]
#[derive(Default)]
pub struct Limits {
    pub(crate) core: streamgauge::Limits,
}

#[wasm_bindgen]
impl Limits {
    /// The defaults.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }
}

macro_rules! setters {
    ($($name:ident: $type:ty $(as $held:ty)?,)+) => {
        #[wasm_bindgen]
        impl Limits {
            $(#[wasm_bindgen(setter = $name)]
            pub fn $name(&mut self, value: $type) {
                self.core.$name = value $(as $held)?;
            })+
        }
    };
}

setters! {
    max_avg_history: u32,
    max_commit_latency_history: u32,
    max_send_latency_history: u32,
    max_assignment_latency_history: u32,
    max_labels: u32,
    max_partitions: u32,
    epoch: f64,
    health_commits: u32,
    // A 64-bit whole number would cross as a BigInt.
    allowed_lag: f64 as u64,
    health_hold: f64,
    stuck_after: f64,
    storm_rebalances: u32,
    storm_window: f64,
    label_idle: f64,
    partition_idle: f64,
}
