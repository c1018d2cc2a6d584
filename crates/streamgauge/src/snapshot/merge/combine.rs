//! One figure added to another, by its rule.

use core::cmp::Ordering;

use crate::error::Error;
use crate::histogram::Histogram;
use crate::snapshot::map::SortedMap;
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
        (Place::ByLabel(sum), SnapshotValue::ByLabel(map)) => add_counts(sum, map)?,
        (Place::ByStatus(sum), SnapshotValue::ByStatus(map)) => add_counts(sum, map)?,
        (Place::ByStage(sum), SnapshotValue::ByStage(map)) => {
            sum.unite(map, add_counts, |kinds| Ok(kinds.clone()))?;
        }
        (Place::SignedByLabel(sum), SnapshotValue::SignedByLabel(map)) => {
            let add = |sum: &mut i64, value: &i64| {
                *sum = sum.saturating_add(*value);
                Ok(())
            };
            sum.unite(map, add, |value| Ok(*value))?;
        }
        (Place::Tables(sum), SnapshotValue::Tables(map)) => {
            sum.unite(map, add_table, |counts| Ok(*counts))?;
        }
        (Place::Latency(sum), SnapshotValue::Latency(value)) => {
            add_histogram(&mut sum.life, value.life.as_ref())?;
            if newest {
                add_histogram(&mut sum.last_minute, value.last_minute.as_ref())?;
            }
        }
        (Place::HistogramByLabel(sum), SnapshotValue::HistogramByLabel(map)) => {
            sum.unite(map, Histogram::merge, |histogram| {
                histogram.check()?;
                Ok(histogram.clone())
            })?;
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

fn add_counts<K: Ord + Clone>(
    sum: &mut SortedMap<K, u64>,
    counts: &SortedMap<K, u64>,
) -> Result<(), Error> {
    let add = |sum: &mut u64, count: &u64| {
        *sum = sum.saturating_add(*count);
        Ok(())
    };
    sum.unite(counts, add, |count| Ok(*count))
}

fn add_table(sum: &mut TableCounts, counts: &TableCounts) -> Result<(), Error> {
    sum.keys_retrieved = sum.keys_retrieved.saturating_add(counts.keys_retrieved);
    sum.keys_updated = sum.keys_updated.saturating_add(counts.keys_updated);
    sum.keys_deleted = sum.keys_deleted.saturating_add(counts.keys_deleted);
    Ok(())
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
