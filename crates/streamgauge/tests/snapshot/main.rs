//! The snapshot: its table, its JSON and CBOR forms, and what they refuse.

mod forms;
mod fuzz;
mod golden;
mod random;
mod refused;
mod slices;
mod table;
mod unknown;
