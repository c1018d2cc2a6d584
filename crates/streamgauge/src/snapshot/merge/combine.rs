//! One figure added to another, by its rule.

use alloc::collections::BTreeMap;
use core::cmp::Ordering;

use crate::error::Error;
use crate::histogram::Histogram;
use crate::snapshot::parts::Rate;
use crate::snapshot::table::MergeRule;
use crate::snapshot::value::{Place, SnapshotValue};
use crate::tables::TableCounts;

/// Adds `value` to what is in `place`. Where it is not of a worker's `newest` life, a latency's last
/// minute stays out.
pub(super) fn combine(
    rule: MergeRule,
    newest: bool,
    place: Place<'_>,
    value: SnapshotValue<'_>,
) -> Result<(), Error> {
    if rule == MergeRule::Own {
        return Ok(());
    }
    match (place, value) {
        (Place::Whole(sum), SnapshotValue::Whole(value)) => {
            *sum = match rule {
                MergeRule::Max => value.max(*sum),
                _ => sum.saturating_add(value),
            };
        }
        (Place::Number(sum), SnapshotValue::Number(value)) => *sum = greater(*sum, value),
        (Place::OptionalNumber(sum), SnapshotValue::OptionalNumber(Some(value))) => {
            let kept = sum.unwrap_or(value);
            *sum = Some(match rule {
                MergeRule::Min if value.total_cmp(&kept) == Ordering::Less => value,
                MergeRule::Min => kept,
                _ => greater(kept, value),
            });
        }
        (Place::Flag(sum), SnapshotValue::Flag(value)) => *sum |= value,
        (Place::Rate(sum), SnapshotValue::Rate(value)) => add_rates(sum, value),
        (Place::ByLabel(sum), SnapshotValue::ByLabel(map)) => add_counts(sum, map),
        (Place::ByStatus(sum), SnapshotValue::ByStatus(map)) => add_counts(sum, map),
        (Place::ByStage(sum), SnapshotValue::ByStage(map)) => {
            for (stage, kinds) in map {
                add_counts(sum.entry(stage.clone()).or_default(), kinds);
            }
        }
        (Place::SignedByLabel(sum), SnapshotValue::SignedByLabel(map)) => {
            for (name, value) in map {
                let sum = sum.entry(name.clone()).or_default();
                *sum = sum.saturating_add(*value);
            }
        }
        (Place::Tables(sum), SnapshotValue::Tables(map)) => {
            for (table, counts) in map {
                add_table(sum.entry(table.clone()).or_default(), counts);
            }
        }
        (Place::Latency(sum), SnapshotValue::Latency(value)) => {
            add_histogram(&mut sum.life, value.life.as_ref())?;
            if newest {
                add_histogram(&mut sum.last_minute, value.last_minute.as_ref())?;
            }
        }
        (Place::HistogramByLabel(sum), SnapshotValue::HistogramByLabel(map)) => {
            for (label, histogram) in map {
                match sum.get_mut(label) {
                    Some(sum) => sum.merge(histogram)?,
                    None => {
                        histogram.check()?;
                        sum.insert(label.clone(), histogram.clone());
                    }
                }
            }
        }
        // The other forms follow from others or have rules of their own.
        _ => {}
    }
    Ok(())
}

fn greater(a: f64, b: f64) -> f64 {
    if a.total_cmp(&b) == Ordering::Less {
        b
    } else {
        a
    }
}

fn add_counts<K: Ord + Clone>(sum: &mut BTreeMap<K, u64>, counts: &BTreeMap<K, u64>) {
    for (key, count) in counts {
        match sum.get_mut(key) {
            Some(sum) => *sum = sum.saturating_add(*count),
            None => {
                sum.insert(key.clone(), *count);
            }
        }
    }
}

fn add_table(sum: &mut TableCounts, counts: &TableCounts) {
    sum.keys_retrieved = sum.keys_retrieved.saturating_add(counts.keys_retrieved);
    sum.keys_updated = sum.keys_updated.saturating_add(counts.keys_updated);
    sum.keys_deleted = sum.keys_deleted.saturating_add(counts.keys_deleted);
}

fn add_histogram(sum: &mut Option<Histogram>, value: Option<&Histogram>) -> Result<(), Error> {
    match (sum, value) {
        (_, None) => Ok(()),
        (Some(sum), Some(value)) => sum.merge(value),
        (sum @ None, Some(value)) => {
            value.check()?;
            *sum = Some(value.clone());
            Ok(())
        }
    }
}

fn add_rates(sum: &mut Rate, value: &Rate) {
    add_rate(&mut sum.now, value.now);
    add_rate(&mut sum.one_minute, value.one_minute);
    add_rate(&mut sum.five_minutes, value.five_minutes);
    add_rate(&mut sum.fifteen_minutes, value.fifteen_minutes);
}

/// Sums of any f64 depend on the order. Multiples of 2^-20 up to 2^31 add up without a rounding.
fn add_rate(sum: &mut Option<f64>, value: Option<f64>) {
    const STEPS: f64 = 1_048_576.0;
    const MOST: f64 = 2_147_483_648.0;
    if let Some(value) = value {
        // NaN and what is negative, which is no rate, become 0.
        let steps = (value.clamp(0.0, MOST) * STEPS + 0.5) as u64;
        let rounded = steps as f64 / STEPS;
        *sum = Some((sum.unwrap_or(0.0) + rounded).min(MOST));
    }
}
