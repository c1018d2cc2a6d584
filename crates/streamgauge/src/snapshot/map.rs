//! Maps as a snapshot holds them: filled at once, then read and written in order.

use alloc::vec::{self, Vec};
use core::borrow::Borrow;
use core::iter::Map;
use core::ops::Index;
use core::{fmt, mem, slice};

use super::order::put_in_order;

/// Keys with a value each, in the order of the keys.
///
/// A sorted vector: finding is a binary search, going through it is going through a vector.
/// [`insert`](Self::insert) moves all entries behind the new one; who has many at once collects
/// them, which sorts once: of entries with the same key the last stays.
///
/// ```
/// use streamgauge::SortedMap;
///
/// let mut map: SortedMap<String, u64> = [("b".into(), 2), ("a".into(), 1)].into();
/// map.insert("c".into(), 3);
/// assert_eq!(map["a"], 1);
/// assert_eq!(map.get("d"), None);
/// assert_eq!(map.keys().collect::<Vec<_>>(), ["a", "b", "c"]);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SortedMap<K, V> {
    entries: Vec<(K, V)>,
}

impl<K, V> SortedMap<K, V> {
    /// An empty map; it takes no memory.
    pub const fn new() -> Self {
        Self {
            entries: Vec::new(),
        }
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Every entry, in the order of the keys.
    pub fn iter(&self) -> Iter<'_, K, V> {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    /// Every key, in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &K> {
        self.entries.iter().map(|(key, _)| key)
    }

    /// Every value, in the order of the keys.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &V> {
        self.entries.iter().map(|(_, value)| value)
    }

    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.entries.binary_search_by(|(k, _)| k.borrow().cmp(key))
    }

    /// The value of `key`.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let entry = self.entries.get(self.place(key).ok()?)?;
        Some(&entry.1)
    }

    /// The value of `key`, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let place = self.place(key).ok()?;
        let entry = self.entries.get_mut(place)?;
        Some(&mut entry.1)
    }

    /// Whether there is a value of `key`.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).is_ok()
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    /// Puts a value in, and gives the one that `key` had before.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            Ok(place) => {
                let entry = self.entries.get_mut(place)?;
                Some(mem::replace(&mut entry.1, value))
            }
            Err(place) => {
                self.entries.insert(place, (key, value));
                None
            }
        }
    }

    /// The map of `entries`, of which no two have the same key.
    #[inline(never)]
    pub(crate) fn of_distinct(mut entries: Vec<(K, V)>) -> Self {
        put_in_order(&mut entries, &|a, b| a.0 < b.0);
        Self { entries }
    }

    /// The map of `entries`. Of those with the same key the last stays.
    fn of(entries: Vec<(K, V)>) -> Self {
        let Self { mut entries } = Self::of_distinct(entries);
        entries.dedup_by(|later, first| {
            let same = later.0 == first.0;
            if same {
                mem::swap(later, first);
            }
            same
        });
        Self { entries }
    }

    /// The map of `entries`; the key that two of them have where any have.
    #[cfg(feature = "serde")]
    pub(crate) fn distinct(entries: Vec<(K, V)>) -> Result<Self, K> {
        let Self { mut entries } = Self::of_distinct(entries);
        let twice = entries.windows(2).position(|two| match two {
            [a, b] => a.0 == b.0,
            _ => false,
        });
        match twice {
            Some(place) => Err(entries.swap_remove(place).0),
            None => Ok(Self { entries }),
        }
    }

    /// Brings in the entries of `other`: `add` adds to a value that is here, `made` makes one that
    /// is not. Costs a pass over both.
    pub(crate) fn unite<E>(
        &mut self,
        other: &Self,
        add: impl Fn(&mut V, &V) -> Result<(), E>,
        made: impl Fn(&V) -> Result<V, E>,
    ) -> Result<(), E>
    where
        K: Clone,
    {
        let mut new = Vec::new();
        for (key, value) in other {
            match self.get_mut(key) {
                Some(sum) => add(sum, value)?,
                None => new.push((key.clone(), made(value)?)),
            }
        }
        if new.is_empty() {
            return Ok(());
        }
        let mut here = mem::take(&mut self.entries).into_iter().peekable();
        for entry in new {
            while let Some(before) = here.next_if(|here| here.0 < entry.0) {
                self.entries.push(before);
            }
            self.entries.push(entry);
        }
        self.entries.extend(here);
        Ok(())
    }
}

/// The entries of a [`SortedMap`], in the order of the keys.
pub(crate) type Iter<'a, K, V> = Map<slice::Iter<'a, (K, V)>, fn(&'a (K, V)) -> (&'a K, &'a V)>;

impl<'a, K, V> IntoIterator for &'a SortedMap<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Iter<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K, V> IntoIterator for SortedMap<K, V> {
    type Item = (K, V);
    type IntoIter = vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for SortedMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        Self::of(entries.into_iter().collect())
    }
}

impl<K: Ord, V, const N: usize> From<[(K, V); N]> for SortedMap<K, V> {
    fn from(entries: [(K, V); N]) -> Self {
        Self::of(entries.into())
    }
}

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Borrow<Q>, V, Q: Ord + ?Sized> Index<&Q> for SortedMap<K, V> {
    type Output = V;

    /// # Panics
    /// Where there is no such key, as every map's index.
    fn index(&self, key: &Q) -> &V {
        self.get(key).expect("no entry of this key")
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for SortedMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeMap;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_holds_what_a_tree_holds(
            collected in prop::collection::vec((0_u8..40, 0_u32..1_000), 0..60),
            inserted in prop::collection::vec((0_u8..40, 0_u32..1_000), 0..20),
        ) {
            let mut tree: BTreeMap<_, _> = collected.iter().copied().collect();
            let mut map: SortedMap<_, _> = collected.into_iter().collect();
            for (key, value) in inserted {
                prop_assert_eq!(map.insert(key, value), tree.insert(key, value));
            }
            for key in 0..41 {
                prop_assert_eq!(map.get(&key), tree.get(&key));
                prop_assert_eq!(map.contains_key(&key), tree.contains_key(&key));
            }
            prop_assert_eq!(map.len(), tree.len());
            prop_assert!(map.iter().eq(tree.iter()));
            prop_assert!(map.keys().eq(tree.keys()) && map.values().eq(tree.values()));
            prop_assert_eq!(alloc::format!("{map:?}"), alloc::format!("{tree:?}"));
            prop_assert!(map.into_iter().eq(tree));
        }
    }

    proptest! {
        #[test]
        fn two_maps_unite_as_their_entries_add_up(
            first in prop::collection::vec((0_u8..30, 0_u32..1_000), 0..30),
            second in prop::collection::vec((0_u8..30, 0_u32..1_000), 0..30),
        ) {
            let mut sums: BTreeMap<_, _> = first.iter().copied().collect();
            let mut map: SortedMap<u8, u32> = first.into_iter().collect();
            let other: SortedMap<u8, u32> = second.into_iter().collect();
            for (key, value) in &other {
                *sums.entry(*key).or_default() += value;
            }
            let add = |sum: &mut u32, value: &u32| {
                *sum += value;
                Ok::<(), ()>(())
            };
            map.unite(&other, add, |value| Ok(*value)).unwrap();
            prop_assert!(map.into_iter().eq(sums));
        }
    }

    #[test]
    fn a_value_changes_in_its_place() {
        let mut map: SortedMap<u8, u32> = [(2, 20), (1, 10)].into();
        *map.get_mut(&2).unwrap() += 1;
        assert_eq!(map.get_mut(&3), None);
        assert_eq!(map, [(1, 10), (2, 21)].into());
        assert!(!map.is_empty() && SortedMap::<u8, u32>::new().is_empty());
    }
}
