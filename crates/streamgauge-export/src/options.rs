//! How the text is to be.

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::ExportError;
use crate::metric::Metric;

/// What a [`Renderer`](crate::Renderer) may be told.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportOptions {
    /// What every name begins with. `streamgauge_`; empty, or a name that ends with `_`.
    pub prefix: String,
    /// Labels that every sample has: `group`, `client`, whatever tells this process from others. None of
    /// them is one that figures are split by. One without a value is left out.
    pub labels: Vec<(String, String)>,
    /// The bounds of histograms' buckets.
    pub buckets: Buckets,
    /// Whether OpenMetrics text has a `_created` sample for every counter and histogram: the time
    /// at which the monitor was made. Prometheus before 3 stores them as series of their own. No.
    pub created: bool,
}

impl Default for ExportOptions {
    fn default() -> Self {
        Self {
            prefix: "streamgauge_".into(),
            labels: Vec::new(),
            buckets: Buckets::default(),
            created: false,
        }
    }
}

/// Which bounds the classic buckets of histograms have: at each one a bucket of ours ends, so that
/// every count is exact. Prometheus can only add histograms up that have the same bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Buckets {
    /// OpenTelemetry's scale: 2^scale bounds for each doubling. 0, the powers of two; -3 to 3.
    pub scale: i32,
    /// No bound is less, in seconds. 2^-14, about 61 us; at least 2^-20.
    pub from: f64,
    /// No bound is greater, in seconds. 2^7, 128 s; at most 2^10.
    pub to: f64,
}

impl Default for Buckets {
    fn default() -> Self {
        Self {
            scale: 0,
            from: 1.0 / 16_384.0,
            to: 128.0,
        }
    }
}

/// Labels that samples get from elsewhere.
const RESERVED: [&str; 3] = ["worker", "le", "quantile"];

pub(crate) fn check_prefix(prefix: &str) -> Result<(), ExportError> {
    if prefix.is_empty() || (is_name(prefix) && prefix.ends_with('_')) {
        return Ok(());
    }
    let expected = "empty, or letters, digits and `_`, beginning with a letter and ending with `_`";
    Err(ExportError::new("prefix", expected, prefix))
}

/// Refuses labels that would make another sample, or none, of a sample.
pub(crate) fn check_labels(
    labels: &[(String, String)],
    metrics: &[Metric],
) -> Result<(), ExportError> {
    for (place, (name, _)) in labels.iter().enumerate() {
        if !is_name(name) {
            let expected = "named with letters, digits and `_`, beginning with a letter";
            return Err(ExportError::new("labels", expected, name));
        }
        let of_figures = metrics.iter().any(|metric| {
            let fixed = metric.fixed.map(|(label, _)| label);
            metric
                .labels
                .iter()
                .copied()
                .chain(fixed)
                .any(|label| label == name)
        });
        if of_figures || RESERVED.contains(&&**name) {
            let expected = "named unlike the labels of the figures, `worker`, `le` and `quantile`";
            return Err(ExportError::new("labels", expected, name));
        }
        if labels.iter().take(place).any(|(before, _)| before == name) {
            return Err(ExportError::new("labels", "of different names", name));
        }
    }
    Ok(())
}

/// A name that both texts take and Prometheus does not keep for itself: those begin with `__`.
fn is_name(name: &str) -> bool {
    name.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name
            .bytes()
            .next()
            .is_some_and(|first| !first.is_ascii_digit())
        && !name.starts_with("__")
}
