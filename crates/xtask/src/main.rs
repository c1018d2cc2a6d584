//! What no ready tool does: makes the files that follow from the tables of figures, and tells
//! when a committed one no longer follows from it.
//!
//! `cargo run -p xtask -- generate` writes them, `cargo run -p xtask -- check` compares.
//! `cargo run -p xtask -- validate FILE...` tells whether files are valid WebAssembly components.

mod drift;
mod metrics;
mod reference;
mod snapshot;
mod typescript;
mod validate;
mod wording;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A file made from the table of figures.
struct Generated {
    /// From the root of the repository.
    path: &'static str,
    text: String,
}

fn generated() -> [Generated; 5] {
    [
        Generated {
            path: "crates/streamgauge-wasm/js/schema.ts",
            text: typescript::schema(),
        },
        Generated {
            path: "crates/streamgauge-wasm/js/snapshot-schema.ts",
            text: snapshot::types(),
        },
        Generated {
            path: "crates/streamgauge/FIGURES.md",
            text: reference::page(),
        },
        Generated {
            path: "crates/streamgauge-wasm/js/exporters/metrics.ts",
            text: metrics::typescript(),
        },
        Generated {
            path: "crates/streamgauge-export/METRICS.md",
            text: metrics::page(),
        },
    ]
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["generate"] => generate(),
        ["check"] => check(),
        ["validate", ref files @ ..] if !files.is_empty() => validate::all(files),
        _ => Err("usage: cargo run -p xtask -- generate|check|validate FILE...".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn generate() -> Result<(), String> {
    for Generated { path, text } in generated() {
        fs::write(root().join(path), text).map_err(|error| format!("{path}: {error}"))?;
        println!("wrote {path}");
    }
    Ok(())
}

fn check() -> Result<(), String> {
    let mut differences = Vec::new();
    for Generated { path, text } in generated() {
        match fs::read_to_string(root().join(path)) {
            Ok(committed) => {
                differences.extend(drift::first_difference(path, &committed, &text));
            }
            Err(error) => differences.push(format!("{path}: {error}")),
        }
    }
    if differences.is_empty() {
        return Ok(());
    }
    differences.push("mend: cargo run -p xtask -- generate, then commit what it wrote".into());
    Err(differences.join("\n"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_committed_files_follow_from_the_table() {
        super::check().unwrap();
    }
}
