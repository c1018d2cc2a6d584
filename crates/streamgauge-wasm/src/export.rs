//! Snapshots as text for scrapers, as JavaScript calls it.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use streamgauge::Snapshot;
use streamgauge_export::{Buckets, ExportError, ExportOptions, Renderer, TextFormat};
use wasm_bindgen::prelude::*;

use crate::snapshot::refused;

/// What is refused, as `[subject, expected, got]`.
fn refused_export(error: ExportError) -> Vec<String> {
    vec![
        error.subject().into(),
        error.expected().into(),
        error.got().into(),
    ]
}

/// Whether an `Accept` header asks for OpenMetrics.
#[wasm_bindgen(js_name = wantsOpenMetrics)]
pub fn wants_open_metrics(accept: &str) -> bool {
    TextFormat::wanted(accept) == TextFormat::OpenMetrics
}

/// Writes snapshots as text, with one set of options.
#[wasm_bindgen]
pub struct Exposition {
    renderer: Renderer,
    snapshots: Vec<Snapshot>,
}

#[wasm_bindgen]
impl Exposition {
    /// `labels` are names and values by turns.
    #[wasm_bindgen(constructor)]
    pub fn new(
        prefix: String,
        labels: Vec<String>,
        scale: i32,
        from: f64,
        to: f64,
        created: bool,
    ) -> Result<Self, Vec<String>> {
        let pairs = labels.chunks_exact(2).filter_map(|pair| match pair {
            [name, value] => Some((name.clone(), value.clone())),
            _ => None,
        });
        let options = ExportOptions {
            prefix,
            labels: pairs.collect(),
            buckets: Buckets { scale, from, to },
            created,
        };
        Ok(Self {
            renderer: Renderer::new(&options).map_err(refused_export)?,
            snapshots: Vec::new(),
        })
    }

    /// One more for the next text, as JSON text.
    #[wasm_bindgen(js_name = addJson)]
    pub fn add_json(&mut self, text: &str) -> Result<(), Vec<String>> {
        self.snapshots
            .push(Snapshot::from_json(text).map_err(refused)?);
        Ok(())
    }

    /// One more for the next text, as CBOR.
    #[wasm_bindgen(js_name = addCbor)]
    pub fn add_cbor(&mut self, bytes: &[u8]) -> Result<(), Vec<String>> {
        self.snapshots
            .push(Snapshot::from_cbor(bytes).map_err(refused)?);
        Ok(())
    }

    /// Lets those go that were added.
    pub fn clear(&mut self) {
        self.snapshots.clear();
    }

    /// The text of those that were added.
    pub fn render(&self, open_metrics: bool) -> Result<String, Vec<String>> {
        let format = match open_metrics {
            true => TextFormat::OpenMetrics,
            false => TextFormat::Prometheus,
        };
        self.renderer
            .render(format, &self.snapshots)
            .map_err(refused_export)
    }

    /// The same as UTF-8, which no string is made of.
    #[wasm_bindgen(js_name = renderBytes)]
    pub fn render_bytes(&self, open_metrics: bool) -> Result<Vec<u8>, Vec<String>> {
        self.render(open_metrics).map(String::into_bytes)
    }
}
