//! Classic buckets: how many measurements are at most each bound.

use alloc::string::String;
use alloc::vec::Vec;

use streamgauge::Histogram;

use crate::error::ExportError;
use crate::options::Buckets;
use crate::write::bound_text;

/// A histogram's values reach from 2^-20 s to 2^10 s.
const EXPONENTS: core::ops::RangeInclusive<i32> = -20..=10;

/// The scales at which every family of a monitor can say each bound's count exactly.
const SCALES: core::ops::RangeInclusive<i32> = -3..=3;

/// Bounds of buckets at one scale.
#[derive(Debug)]
pub(crate) struct Bounds {
    scale: i32,
    /// OpenTelemetry's index of the bucket that begins there, and the bound as text.
    bounds: Vec<(i32, String)>,
}

impl Bounds {
    pub(crate) fn of(buckets: Buckets) -> Result<Self, ExportError> {
        let Buckets { scale, from, to } = buckets;
        if !SCALES.contains(&scale) {
            let got = alloc::format!("{scale}");
            return Err(ExportError::new(
                "buckets.scale",
                "a whole number in -3..=3",
                got,
            ));
        }
        let limits = 1.0 / 1_048_576.0..=1_024.0;
        for (subject, bound) in [("buckets.from", from), ("buckets.to", to)] {
            if !limits.contains(&bound) {
                let got = alloc::format!("{bound}");
                return Err(ExportError::new(subject, "seconds in 2^-20..=2^10", got));
            }
        }
        let at_scale = |exponent: i32| {
            if scale < 0 {
                exponent >> -scale
            } else {
                exponent << scale
            }
        };
        let bounds: Vec<_> = (at_scale(*EXPONENTS.start())..=at_scale(*EXPONENTS.end()))
            .map(|index| {
                let begins = Histogram {
                    scale,
                    offset: index,
                    ..Histogram::default()
                };
                (index, begins.bucket_bounds(0).0)
            })
            .filter(|(_, bound)| (from..=to).contains(bound))
            .map(|(index, bound)| (index, bound_text(bound)))
            .collect();
        if bounds.is_empty() {
            let got = alloc::format!("{from}..={to}");
            return Err(ExportError::new("buckets", "a range that has a bound", got));
        }
        Ok(Self { scale, bounds })
    }

    /// How many measurements of a checked histogram are at most each bound. A bound that lies within
    /// a bucket of a coarser histogram is left out.
    pub(crate) fn counted<'a>(
        &'a self,
        histogram: &'a Histogram,
    ) -> impl Iterator<Item = (&'a str, u64)> {
        let finer = histogram.scale - self.scale;
        let mut reached = histogram.below;
        let mut rest = histogram.buckets.iter().peekable();
        let mut index = i64::from(histogram.offset);
        self.bounds.iter().filter_map(move |(bound, text)| {
            let end = match finer {
                0.. => i64::from(*bound) << finer,
                _ if bound & ((1 << -finer) - 1) == 0 => i64::from(*bound >> -finer),
                _ => return None,
            };
            while index < end
                && let Some(count) = rest.next()
            {
                reached = reached.saturating_add(*count);
                index += 1;
            }
            Some((text.as_str(), reached))
        })
    }
}
