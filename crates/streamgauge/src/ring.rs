//! A deque of the newest values: Faust's bounded `deque`.

use alloc::vec::Vec;
use core::cmp::Ordering;

/// Room taken at once for a ring; a longer one grows while it fills for the first time.
const FIRST_ROOM: usize = 128;

/// The newest `limit` values, oldest first. A limit of 0 keeps nothing.
#[derive(Debug, Clone)]
pub struct Ring {
    values: Vec<f64>,
    limit: usize,
    /// Where the next value goes: the end while the ring fills, then the place of the oldest.
    next: usize,
}

impl Ring {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            values: Vec::with_capacity(limit.min(FIRST_ROOM)),
            limit,
            next: 0,
        }
    }

    #[cfg_attr(target_arch = "wasm32", inline(always))]
    pub(crate) fn push(&mut self, value: f64) {
        match self.values.get_mut(self.next) {
            Some(oldest) => *oldest = value,
            None => return self.push_new(value),
        }
        self.step();
    }

    /// One more than before, where the limit is not 0.
    #[cold]
    #[inline(never)]
    fn push_new(&mut self, value: f64) {
        if self.limit > 0 {
            self.values.push(value);
            self.step();
        }
    }

    #[cfg_attr(target_arch = "wasm32", inline(always))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    fn step(&mut self) {
        self.next += 1;
        if self.next == self.limit {
            self.next = 0;
        }
    }

    pub(crate) fn extend(&mut self, values: &[f64]) {
        values.iter().for_each(|value| self.push(*value));
    }

    /// How many values it holds.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// How many values it can hold.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// The values, oldest first.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = f64> + '_ {
        let (older, newer) = self.as_slices();
        RingIter {
            older: older.iter(),
            newer: newer.iter(),
        }
    }

    /// The values as two runs, the older run first.
    pub fn as_slices(&self) -> (&[f64], &[f64]) {
        let (newer, older) = self.values.split_at(self.next);
        (older, newer)
    }

    /// Their median, the mean of the middle two for an even count; `None` when empty.
    /// `scratch` is overwritten and keeps its room for the next time.
    pub(crate) fn median(&self, scratch: &mut Vec<f64>) -> Option<f64> {
        scratch.clear();
        scratch.extend_from_slice(&self.values);
        let middle = scratch.len() / 2;
        if scratch.is_empty() {
            return None;
        }
        let (below, upper) = select(scratch, middle)?;
        if self.values.len() % 2 == 1 {
            return Some(upper);
        }
        let lower = below.iter().copied().max_by(f64::total_cmp)?;
        let sum = lower + upper;
        Some(if sum.is_finite() {
            sum / 2.0
        } else {
            lower / 2.0 + upper / 2.0
        })
    }
}

/// The value that would stand at `place` were they sorted, behind those that would stand before it.
/// That of `core` is two kilobytes of code, for worst cases that a pivot chosen at random does not have.
fn select(values: &mut [f64], place: usize) -> Option<(&[f64], f64)> {
    let (mut from, mut to) = (0, values.len());
    let mut random = 1_u32;
    while from < to {
        random = random.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
        let chosen = (u64::from(random) * (to - from) as u64) >> u32::BITS;
        let pivot = *values.get(from + chosen as usize)?;
        // What is less comes first, then what is equal, from `less` on, then what is greater.
        let (mut less, mut greater) = (from, to);
        let mut at = from;
        while at < greater {
            match values.get(at)?.total_cmp(&pivot) {
                Ordering::Less => {
                    values.swap(less, at);
                    less += 1;
                    at += 1;
                }
                Ordering::Equal => at += 1,
                Ordering::Greater => {
                    greater -= 1;
                    values.swap(at, greater);
                }
            }
        }
        if place < less {
            to = less;
        } else if place >= greater {
            from = greater;
        } else {
            return Some((values.get(..place)?, pivot));
        }
    }
    None
}

struct RingIter<'a> {
    older: core::slice::Iter<'a, f64>,
    newer: core::slice::Iter<'a, f64>,
}

impl Iterator for RingIter<'_> {
    type Item = f64;

    fn next(&mut self) -> Option<f64> {
        self.older.next().or_else(|| self.newer.next()).copied()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.older.len() + self.newer.len();
        (left, Some(left))
    }
}

impl ExactSizeIterator for RingIter<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::VecDeque;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn keeps_the_newest_in_order(limit in 0_usize..300, values in prop::collection::vec(0.0_f64..9.0, 0..700)) {
            let mut ring = Ring::new(limit);
            let mut model = VecDeque::new();
            for value in values {
                ring.push(value);
                model.push_back(value);
                if model.len() > limit {
                    model.pop_front();
                }
                prop_assert_eq!(ring.len(), model.len());
            }
            prop_assert_eq!(ring.iter().collect::<Vec<_>>(), Vec::from(model.clone()));
            let mut sorted = Vec::from(model);
            sorted.sort_by(f64::total_cmp);
            let middle = sorted.len() / 2;
            let expected = match sorted.len() {
                0 => None,
                n if n % 2 == 1 => Some(sorted[middle]),
                _ => Some((sorted[middle - 1] + sorted[middle]) / 2.0),
            };
            prop_assert_eq!(ring.median(&mut Vec::new()), expected);
        }
    }
}
