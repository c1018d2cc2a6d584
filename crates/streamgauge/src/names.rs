//! Names become small numbers here, and stay what they were.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

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
    let characters = name.chars().count();
    (characters > MAX_NAME_CHARACTERS).then_some(characters)
}

/// Distinct names, numbered from 0 in the order in which they came.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    names: Vec<Box<str>>,
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Names {
    pub(crate) fn new() -> Self {
        Self {
            names: Vec::new(),
            table: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn get(&self, number: u32) -> &str {
        self.names.get(number as usize).map_or(OTHER, |name| name)
    }

    pub(crate) fn find(&self, name: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(name);
        self.table
            .find(hash, |number| &*self.names[*number as usize] == name)
            .copied()
    }

    /// Adds a name that [`find`](Self::find) did not find.
    pub(crate) fn add(&mut self, name: &str) -> u32 {
        let number = self.names.len() as u32;
        self.names.push(name.into());
        let (names, hasher) = (&self.names, &self.hasher);
        self.table
            .insert_unique(hasher.hash_one(name), number, |other| {
                hasher.hash_one(&*names[*other as usize])
            });
        number
    }
}
