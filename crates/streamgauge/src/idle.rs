//! What a label's value must offer to be folded into `(other)`, and how idleness is noticed.

use alloc::vec::Vec;

use crate::figures::{counted, started};
use crate::tables::TableCounts;

/// A value of a [`Family`](crate::Family) whose labels may be folded.
pub(crate) trait Foldable {
    /// A number that is another one after every count, compared from pass to pass.
    fn mark(&self) -> u64;

    /// Adds all that was counted here to `other`.
    fn add_to(&self, other: &mut Self);
}

impl Foldable for u64 {
    fn mark(&self) -> u64 {
        *self
    }

    fn add_to(&self, other: &mut Self) {
        *other = started(*other, *self);
    }
}

impl Foldable for i64 {
    fn mark(&self) -> u64 {
        self.cast_unsigned()
    }

    fn add_to(&self, other: &mut Self) {
        *other = counted(*other, *self);
    }
}

impl Foldable for TableCounts {
    fn mark(&self) -> u64 {
        // Each only grows while the table lives, so no count is missed in their sum.
        self.each()
            .into_iter()
            .fold(0, |sum: u64, count| sum.wrapping_add(*count))
    }

    fn add_to(&self, other: &mut Self) {
        other.add(self);
    }
}

/// When each slot was last seen to change: kept by the passes alone, so that counting costs
/// nothing more. 16 bytes a slot, none before the first pass.
#[derive(Debug, Clone, Default)]
pub(crate) struct Activity {
    seen: Vec<Seen>,
}

#[derive(Debug, Clone, Copy)]
struct Seen {
    mark: u64,
    /// Of the pass that found another mark than the one before; infinite before the first pass.
    changed: f64,
}

impl Seen {
    const NEVER: Seen = Seen {
        mark: 0,
        changed: f64::INFINITY,
    };
}

impl Activity {
    /// Looks at a slot in a pass at `now`: whether its mark was the same at a pass more than
    /// `idle` seconds ago and ever since.
    pub(crate) fn is_idle(&mut self, number: u32, mark: u64, now: f64, idle: f64) -> bool {
        let place = number as usize;
        if place >= self.seen.len() {
            self.seen.resize(place + 1, Seen::NEVER);
        }
        let seen = &mut self.seen[place];
        if seen.mark != mark {
            *seen = Seen { mark, changed: now };
        }
        // Now, at a slot's first pass. And a clock that went back would keep it for as long again.
        seen.changed = seen.changed.min(now);
        now - seen.changed > idle
    }

    /// The slot was freed: whoever gets it next starts anew.
    pub(crate) fn forget(&mut self, number: u32) {
        if let Some(seen) = self.seen.get_mut(number as usize) {
            *seen = Seen::NEVER;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_is_longer_than_the_limit_since_the_pass_that_saw_the_last_change() {
        let mut activity = Activity::default();
        assert!(!activity.is_idle(3, 0, 100.0, 10.0), "first seen");
        assert!(!activity.is_idle(3, 7, 105.0, 10.0), "changed");
        assert!(!activity.is_idle(3, 7, 115.0, 10.0), "ten seconds, no more");
        assert!(activity.is_idle(3, 7, 115.5, 10.0));
        activity.forget(3);
        assert!(!activity.is_idle(3, 7, 200.0, 10.0), "first seen again");
    }

    #[test]
    fn a_clock_that_went_back_starts_the_wait_anew() {
        let mut activity = Activity::default();
        activity.is_idle(0, 7, 1e9, 10.0);
        assert!(!activity.is_idle(0, 7, 100.0, 10.0));
        assert!(!activity.is_idle(0, 7, 110.0, 10.0));
        assert!(activity.is_idle(0, 7, 111.0, 10.0));
    }

    #[test]
    fn no_limit_and_no_reading_fold_nothing() {
        let mut activity = Activity::default();
        for (now, idle) in [
            (0.0, f64::INFINITY),
            (1e300, f64::INFINITY),
            (1e300, f64::NAN),
            (f64::NAN, 1.0),
        ] {
            assert!(!activity.is_idle(0, 0, now, idle), "{now} {idle}");
        }
    }

    #[test]
    fn what_is_folded_is_added_within_the_bounds_of_the_figure() {
        let mut whole = 40_u64;
        2_u64.add_to(&mut whole);
        assert_eq!(whole, 42);
        let mut metric = -40_i64;
        (-2_i64).add_to(&mut metric);
        assert_eq!(metric, -42);
        i64::MIN.add_to(&mut metric);
        assert_eq!(metric, -((1 << 53) - 1));
        let counts = |keys_retrieved, keys_updated, keys_deleted| TableCounts {
            keys_retrieved,
            keys_updated,
            keys_deleted,
        };
        let mut table = counts(10, 20, 30);
        counts(1, 2, 3).add_to(&mut table);
        assert_eq!(table, counts(11, 22, 33));
    }

    #[test]
    fn every_count_is_another_mark() {
        assert_ne!(1_u64.mark(), 2_u64.mark());
        assert_ne!((-1_i64).mark(), 1_i64.mark());
        let counts = TableCounts::default();
        for call in [
            crate::TableCall::Get,
            crate::TableCall::Set,
            crate::TableCall::Del,
        ] {
            let mut more = counts;
            more.count(call);
            assert_ne!(more.mark(), counts.mark(), "{call:?}");
        }
    }
}
