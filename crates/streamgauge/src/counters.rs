//! A family of counters by label: topics, streams, tasks, metric names, tables.

use alloc::vec::Vec;

use crate::names::{Names, OTHER};

/// The place of a label in its family; 0 is `(other)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LabelSlot(u32);

impl LabelSlot {
    /// Where labels go that a full family has no room for.
    pub const OTHER: LabelSlot = LabelSlot(0);

    /// The slot of a number that [`number`](Self::number) gave.
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// Its number, for keeping it where only numbers go.
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// Counts by label, at most `limit` labels and `(other)`.
///
/// A label appears once something was counted for it; a slot that was only looked up does not.
#[derive(Debug, Clone)]
pub struct Family<T> {
    names: Names,
    slots: Vec<Slot<T>>,
    limit: u32,
}

#[derive(Debug, Clone)]
struct Slot<T> {
    value: T,
    counted: bool,
}

impl<T: Default> Family<T> {
    pub(crate) fn new(limit: u32) -> Self {
        let mut family = Self {
            names: Names::new(),
            slots: Vec::new(),
            limit,
        };
        family.add(OTHER);
        family
    }

    fn add(&mut self, name: &str) -> LabelSlot {
        let number = self.names.add(name);
        self.slots.push(Slot {
            value: T::default(),
            counted: false,
        });
        LabelSlot(number)
    }

    /// The slot of `name`, made where there is room; `None` where there is none left.
    pub(crate) fn slot(&mut self, name: &str) -> Option<LabelSlot> {
        if let Some(number) = self.names.find(name) {
            return Some(LabelSlot(number));
        }
        // Slot 0 is `(other)` and takes no label's room.
        (self.names.len() <= self.limit as usize).then(|| self.add(name))
    }

    /// The value of a label, which counts as seen from now on.
    #[inline]
    pub(crate) fn at(&mut self, slot: LabelSlot) -> Option<&mut T> {
        let slot = self.slots.get_mut(slot.0 as usize)?;
        slot.counted = true;
        Some(&mut slot.value)
    }

    /// Forgets every count; the slots stay.
    pub(crate) fn clear(&mut self) {
        for slot in &mut self.slots {
            slot.value = T::default();
            slot.counted = false;
        }
    }

    /// How many labels have a number in this family, `(other)` included, seen or not.
    pub fn label_count(&self) -> usize {
        self.names.len()
    }

    /// The label in `slot`.
    pub fn label(&self, slot: LabelSlot) -> &str {
        self.names.get(slot.0)
    }

    /// Every label seen, with its slot and value, in the order in which the labels came.
    pub fn slots(&self) -> impl Iterator<Item = (LabelSlot, &T)> {
        let seen = self
            .slots
            .iter()
            .enumerate()
            .filter(|(_, slot)| slot.counted);
        seen.map(|(number, slot)| (LabelSlot(number as u32), &slot.value))
    }

    /// Every label seen, with its value, in the order in which the labels came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.slots().map(|(slot, value)| (self.label(slot), value))
    }

    /// The value of `label`, `None` where it was not seen.
    pub fn get(&self, label: &str) -> Option<&T> {
        let slot = self.slots.get(self.names.find(label)? as usize)?;
        slot.counted.then_some(&slot.value)
    }
}

impl Family<u64> {
    /// Counts one. No count starts near the end of its numbers ([`MAX_COUNT`](crate::MAX_COUNT)).
    #[inline]
    pub(crate) fn count(&mut self, slot: LabelSlot) {
        if let Some(total) = self.at(slot) {
            *total += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_family_has_no_slot_and_keeps_what_it_has() {
        let mut family = Family::<u64>::new(2);
        let first = family.slot("a").unwrap();
        family.slot("b").unwrap();
        assert_eq!(family.slot("c"), None);
        assert_eq!(family.slot("a"), Some(first));
        assert_eq!(family.slot(OTHER), Some(LabelSlot::OTHER));
        assert_eq!(family.get("a"), None, "looked up, never counted");
        *family.at(first).unwrap() += 1;
        assert_eq!(family.iter().collect::<Vec<_>>(), [("a", &1)]);
        family.clear();
        assert_eq!(family.iter().count(), 0);
        assert_eq!(family.slot("a"), Some(first), "slots outlive a clear");
    }
}
