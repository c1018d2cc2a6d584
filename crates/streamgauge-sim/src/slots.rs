//! A place for each of the things under way, used again when they are done.

use alloc::vec::Vec;

/// Where something stands in its [`Slots`].
pub(crate) type Slot = u32;

#[derive(Debug)]
pub(crate) struct Slots<T> {
    places: Vec<Option<T>>,
    free: Vec<Slot>,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self {
            places: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<T> Slots<T> {
    pub(crate) fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }

    pub(crate) fn put(&mut self, value: T) -> Slot {
        if let Some(slot) = self.free.pop() {
            self.places[slot as usize] = Some(value);
            return slot;
        }
        self.places.push(Some(value));
        self.places.len() as Slot - 1
    }

    pub(crate) fn get_mut(&mut self, slot: Slot) -> Option<&mut T> {
        self.places.get_mut(slot as usize)?.as_mut()
    }

    /// What stands anywhere.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.places.iter().flatten()
    }

    /// Takes out what stands there; `None` where nothing does.
    pub(crate) fn take(&mut self, slot: Slot) -> Option<T> {
        let value = self.places.get_mut(slot as usize)?.take()?;
        self.free.push(slot);
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_used_again() {
        let mut slots = Slots::default();
        let (a, b) = (slots.put("a"), slots.put("b"));
        assert_eq!(slots.take(a), Some("a"));
        assert_eq!(slots.take(a), None);
        assert_eq!(slots.len(), 1);
        assert_eq!(slots.put("c"), a);
        assert_eq!((slots.take(b), slots.take(a)), (Some("b"), Some("c")));
        assert_eq!(slots.len(), 0);
    }
}
