//! What wit-bindgen makes of `wit/`.
#![allow(
    unsafe_code,
    missing_docs,
    unreachable_pub,
    clippy::all,
    clippy::semicolon_if_nothing_returned,
    reason = "generated code, which passes values through the module's memory by address"
)]

#[cfg(not(feature = "wasi-clock"))]
wit_bindgen::generate!({
    path: "wit",
    world: "monitor-host-clock",
    default_bindings_module: "crate::bindings",
});

#[cfg(feature = "wasi-clock")]
wit_bindgen::generate!({
    path: "wit",
    world: "monitor-wasi-clock",
    generate_all,
    default_bindings_module: "crate::bindings",
});

use super::Component;
export!(Component with_types_in self);
