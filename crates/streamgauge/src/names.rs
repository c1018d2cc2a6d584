//! Names become small numbers here, until they are let go.

use alloc::boxed::Box;
use alloc::vec::Vec;

use hashbrown::HashTable;

use crate::hash::Seed;

/// The longest name that is kept, in characters (Unicode scalar values).
pub const MAX_NAME_CHARACTERS: usize = 4096;

/// The label under which a full family counts what it has no room for.
pub const OTHER: &str = "(other)";

/// The characters of `name` where they are too many, `None` where it may be kept.
pub(crate) fn too_long(name: &str) -> Option<usize> {
    // A name of few bytes has few characters: nothing is counted for any name of everyday length.
    if name.len() <= MAX_NAME_CHARACTERS {
        return None;
    }
    // As `chars().count()`, whose quicker way is half a kilobyte: each has one byte that begins it.
    let begins = |byte: &u8| byte & 0xC0 != 0x80;
    let characters = name.bytes().filter(begins).count();
    (characters > MAX_NAME_CHARACTERS).then_some(characters)
}

/// Distinct names, each with the number that it keeps until it is removed. The numbers of removed
/// names go to new ones, so that names that come and go need no more room than they do at once.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    names: Vec<Option<Box<str>>>,
    free: Vec<u32>,
    table: HashTable<u32>,
    seed: Seed,
    revision: u32,
}

impl Names {
    pub(crate) fn new() -> Self {
        Self {
            names: Vec::new(),
            free: Vec::new(),
            table: HashTable::new(),
            seed: Seed::new(),
            revision: 0,
        }
    }

    /// How many names there are.
    pub(crate) fn len(&self) -> usize {
        self.table.len()
    }

    /// Every number given so far is below this one, whether or not it has a name now.
    pub(crate) fn numbers(&self) -> u32 {
        self.names.len() as u32
    }

    /// Another value whenever a number lost its name or got another one.
    pub(crate) fn revision(&self) -> u32 {
        self.revision
    }

    /// The name with this number, `(other)` where there is none.
    pub(crate) fn get(&self, number: u32) -> &str {
        name_of(&self.names, number)
    }

    pub(crate) fn find(&self, name: &str) -> Option<u32> {
        let hash = self.seed.of_text(name);
        self.table
            .find(hash, |number| name_of(&self.names, *number) == name)
            .copied()
    }

    /// Adds a name that [`find`](Self::find) did not find.
    pub(crate) fn add(&mut self, name: &str) -> u32 {
        let number = match self.free.pop() {
            Some(number) => {
                self.names[number as usize] = Some(name.into());
                self.revision = self.revision.wrapping_add(1);
                number
            }
            None => {
                self.names.push(Some(name.into()));
                // Nothing is free, so there is room for every number: removing never allocates.
                self.free.reserve(self.names.len());
                self.names.len() as u32 - 1
            }
        };
        let (names, seed) = (&self.names, self.seed);
        self.table
            .insert_unique(seed.of_text(name), number, |other| {
                seed.of_text(name_of(names, *other))
            });
        number
    }

    /// Lets a name go, its memory too; the next new name gets its number.
    pub(crate) fn remove(&mut self, number: u32) {
        let Some(name) = self.names.get_mut(number as usize).and_then(Option::take) else {
            return;
        };
        let hash = self.seed.of_text(&name);
        if let Ok(entry) = self.table.find_entry(hash, |other| *other == number) {
            entry.remove();
        }
        self.free.push(number);
        self.revision = self.revision.wrapping_add(1);
    }
}

fn name_of(names: &[Option<Box<str>>], number: u32) -> &str {
    match names.get(number as usize) {
        Some(Some(name)) => name,
        _ => OTHER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_removed_name_goes_to_the_next_new_one() {
        let mut names = Names::new();
        assert_eq!((names.add("a"), names.add("b"), names.add("c")), (0, 1, 2));
        let before = names.revision();
        names.remove(1);
        let removed = names.revision();
        assert_ne!(removed, before);
        assert_eq!((names.len(), names.numbers()), (2, 3));
        assert_eq!((names.find("b"), names.get(1)), (None, OTHER));
        assert_eq!(names.add("d"), 1);
        assert_ne!(names.revision(), removed);
        assert_eq!((names.find("d"), names.get(1)), (Some(1), "d"));
        assert_eq!((names.find("a"), names.find("c")), (Some(0), Some(2)));
        assert_eq!(names.add("e"), 3);
    }

    #[test]
    fn removing_twice_or_what_never_was_changes_nothing() {
        let mut names = Names::new();
        names.add("a");
        names.remove(0);
        let revision = names.revision();
        names.remove(0);
        names.remove(7);
        assert_eq!((names.revision(), names.len()), (revision, 0));
        assert_eq!((names.add("b"), names.add("c")), (0, 1));
    }

    #[test]
    fn a_name_that_only_joins_changes_no_number() {
        let mut names = Names::new();
        names.add("a");
        let revision = names.revision();
        names.add("b");
        assert_eq!(names.revision(), revision);
    }
}
