//! A family of counters by label: topics, streams, tasks, metric names, tables.

use alloc::vec::Vec;

use crate::idle::{Activity, Foldable};
use crate::names::{Names, OTHER};

/// The place of a label in its family, until the label is folded; 0 is `(other)`, for ever.
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
/// A label appears once something was counted for it; a slot that was only looked up does not. A
/// label that was idle for long may be folded into `(other)`, and its slot given to another: who
/// keeps a slot keeps its [`generation`](Self::generation) beside it.
#[derive(Debug, Clone)]
pub struct Family<T> {
    names: Names,
    slots: Vec<Slot<T>>,
    limit: u32,
    activity: Activity,
}

#[derive(Debug, Clone)]
struct Slot<T> {
    value: T,
    generation: u32,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// No label has the slot.
    Free,
    /// A label has it, and nothing was counted.
    Uncounted,
    Counted,
}

impl<T: Default> Family<T> {
    #[inline(never)] // Called a dozen times by whoever makes figures.
    pub(crate) fn new(limit: u32) -> Self {
        let mut family = Self {
            names: Names::new(),
            slots: Vec::new(),
            limit,
            activity: Activity::default(),
        };
        family.add(OTHER);
        family
    }

    fn add(&mut self, name: &str) -> LabelSlot {
        let number = self.names.add(name);
        match self.slots.get_mut(number as usize) {
            // It was freed, and its value with it.
            Some(slot) => slot.state = State::Uncounted,
            None => self.slots.push(Slot {
                value: T::default(),
                generation: 0,
                state: State::Uncounted,
            }),
        }
        LabelSlot(number)
    }

    /// The slot of `name`, made where there is room; `None` where there is none left.
    #[inline(never)] // A look-up for each family.
    pub(crate) fn slot(&mut self, name: &str) -> Option<LabelSlot> {
        if let Some(number) = self.names.find(name) {
            return Some(LabelSlot(number));
        }
        // Slot 0 is `(other)` and takes no label's room.
        (self.names.len() <= self.limit as usize).then(|| self.add(name))
    }

    /// The slot of `name`, where it has one.
    pub(crate) fn find(&self, name: &str) -> Option<LabelSlot> {
        self.names.find(name).map(LabelSlot)
    }

    /// Whether more than half of the room for labels is taken.
    pub(crate) fn is_crowded(&self) -> bool {
        // Slot 0 is `(other)` and takes no label's room.
        (self.label_count() - 1) * 2 > self.limit as usize
    }

    /// The value of a label, which counts as seen from now on; `None` where the slot is free.
    #[inline]
    pub(crate) fn at(&mut self, slot: LabelSlot) -> Option<&mut T> {
        let slot = self.slots.get_mut(slot.0 as usize)?;
        if slot.state == State::Free {
            return None;
        }
        slot.state = State::Counted;
        Some(&mut slot.value)
    }

    /// Forgets every count; the slots stay.
    pub(crate) fn clear(&mut self) {
        for slot in &mut self.slots {
            slot.value = T::default();
            if slot.state == State::Counted {
                slot.state = State::Uncounted;
            }
        }
    }

    /// How many labels have a slot in this family, `(other)` included, seen or not.
    pub fn label_count(&self) -> usize {
        self.names.len()
    }

    /// The end of the slots' numbers: every slot given so far, free now or not, is below it.
    pub fn slot_count(&self) -> usize {
        self.slots.len()
    }

    /// The label in `slot`, `(other)` where the slot is free or none of this family.
    pub fn label(&self, slot: LabelSlot) -> &str {
        self.names.get(slot.0)
    }

    /// How often the slot was freed, beginning anew after 2^32 times. Whoever keeps a slot for
    /// later keeps this with it and asks [`holds`](Self::holds) before using it.
    #[inline]
    pub fn generation(&self, slot: LabelSlot) -> u32 {
        self.slots
            .get(slot.0 as usize)
            .map_or(0, |slot| slot.generation)
    }

    /// Whether `slot` still is the label's that had it in this generation. One comparison of
    /// memory that counting touches too. Where not, look the label up again.
    #[inline]
    pub fn holds(&self, slot: LabelSlot, generation: u32) -> bool {
        self.slots
            .get(slot.0 as usize)
            .is_some_and(|slot| slot.generation == generation && slot.state != State::Free)
    }

    /// Another value whenever a slot lost its label or got another one: labels and slots that were
    /// remembered at one revision are right for as long as it stays. A label in a slot that is new
    /// leaves it.
    pub fn revision(&self) -> u32 {
        self.names.revision()
    }

    /// Every label seen, with its slot and value, in the order of the slots: that in which the
    /// labels came, but for those that got the slot of a folded one.
    pub fn slots(&self) -> impl Iterator<Item = (LabelSlot, &T)> {
        let seen = self
            .slots
            .iter()
            .enumerate()
            .filter(|(_, slot)| slot.state == State::Counted);
        seen.map(|(number, slot)| (LabelSlot(number as u32), &slot.value))
    }

    /// Every label seen, with its value, in the order of [`slots`](Self::slots).
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.slots().map(|(slot, value)| (self.label(slot), value))
    }

    /// The value of `label`, `None` where it was not seen.
    pub fn get(&self, label: &str) -> Option<&T> {
        let slot = self.slots.get(self.names.find(label)? as usize)?;
        (slot.state == State::Counted).then_some(&slot.value)
    }

    /// A pass over all labels, once every few seconds: one whose value is the same as at a pass
    /// more than `idle` seconds ago is added to `(other)`, where anything was counted for it, and
    /// its name and slot are let go. `freed` is told each slot. Gives how many they were.
    ///
    /// `(other)` stays. Forgetting all counts is a change like any other. Costs O(slots); allocates
    /// only while there are more slots than at any pass before.
    #[inline(never)] // As often, by each tick.
    pub(crate) fn fold_idle(
        &mut self,
        now: f64,
        idle: f64,
        freed: &mut dyn FnMut(LabelSlot),
    ) -> usize
    where
        T: Foldable,
    {
        let Some((other, slots)) = self.slots.split_first_mut() else {
            return 0;
        };
        let mut folded = 0;
        for (number, slot) in (1..).zip(slots) {
            if slot.state == State::Free
                || !self.activity.is_idle(number, slot.value.mark(), now, idle)
            {
                continue;
            }
            if slot.state == State::Counted {
                slot.value.add_to(&mut other.value);
                other.state = State::Counted;
            }
            *slot = Slot {
                value: T::default(),
                generation: slot.generation.wrapping_add(1),
                state: State::Free,
            };
            self.activity.forget(number);
            self.names.remove(number);
            freed(LabelSlot(number));
            folded += 1;
        }
        folded
    }
}

impl Family<u64> {
    /// Counts one. No count starts near the end of its numbers ([`MAX_COUNT`](crate::MAX_COUNT)).
    #[cfg_attr(target_arch = "wasm32", inline(always))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    pub(crate) fn count(&mut self, slot: LabelSlot) {
        match self.slots.get_mut(slot.0 as usize) {
            Some(slot) if slot.state == State::Counted => slot.value += 1,
            _ => self.count_first(slot),
        }
    }

    #[cold]
    #[inline(never)]
    fn count_first(&mut self, slot: LabelSlot) {
        if let Some(total) = self.at(slot) {
            *total += 1;
        }
    }
}

#[cfg(test)]
mod tests;
