//! streamgauge's Monitor as a WebAssembly component: `wit/` says what it gives, this crate binds
//! that to the core.
//!
//! No figure is computed here. A hook checks what the types of its arguments leave open, makes one
//! call into the core, and puts what that left into the token. The three ways to call a hook (by
//! itself, as a value in a batch, as four numbers) all end in `hooks`. Nothing
//! panics, short of the module's memory running out.
//!
//! Built for `wasm32-unknown-unknown` it is a core module that `componentNew` (of jco, or
//! `wasm-tools component new`) makes a component of. On other targets it compiles, for the tests'
//! sake, and its imports cannot be called.
#![deny(unsafe_code)]

mod batch;
mod bindings;
mod clock;
mod errors;
mod figures;
mod handles;
mod hooks;
mod monitor;
mod options;
mod packed;
mod snapshots;
mod tokens;

use bindings::exports::streamgauge::monitor as interfaces;

/// What the component exports.
struct Component;

impl interfaces::monitors::Guest for Component {
    type Monitor = monitor::GuestMonitor;
}
