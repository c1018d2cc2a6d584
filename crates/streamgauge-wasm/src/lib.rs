//! streamgauge across the WebAssembly boundary, by numbers alone.
//!
//! A call with numbers costs about 5 ns, one with a string twenty times that, so names become
//! numbers once, in the look-ups, and the hooks take the numbers. JavaScript (`js/`) reads the
//! clock, keeps the names it has seen, and makes the tokens. No logic lives here: every hook is
//! one call into the core. Nothing here panics, whatever numbers come, short of the module's 4 GB
//! running out. Addresses are another matter: `js/core.ts` hands back those that it was given.

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

#[cfg(any(streamgauge_module, test))]
mod allocator;
#[cfg(any(feature = "monitor", feature = "sim"))]
mod block;
#[cfg(feature = "monitor")]
pub mod desk;
#[cfg(feature = "snapshot")]
pub mod export;
#[cfg(feature = "monitor")]
pub mod figures;
#[cfg(feature = "monitor")]
mod limits;
#[cfg(feature = "monitor")]
mod log;
#[cfg(streamgauge_module)]
mod module;
#[cfg(feature = "sim")]
mod sim;
#[cfg(feature = "snapshot")]
pub mod snapshot;

/// The module's memory, where the blocks lie.
#[cfg(feature = "sim")]
#[wasm_bindgen::prelude::wasm_bindgen(js_name = wasmMemory)]
pub fn wasm_memory() -> wasm_bindgen::JsValue {
    wasm_bindgen::memory()
}
