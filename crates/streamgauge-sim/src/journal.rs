//! What happened that is worth telling, newest last.

use alloc::collections::VecDeque;
use alloc::string::String;

/// Entries that are kept.
pub const MAX_JOURNAL: usize = 1_000;
/// Dead letters that are kept.
pub const MAX_DEAD_LETTERS: usize = 200;

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct JournalEntry {
    /// Counts all entries, from 0.
    pub number: u64,
    /// When.
    pub at: f64,
    /// What, in one word of camelCase: `"rebalanceStarted"`.
    pub kind: &'static str,
    /// The worker that it happened to, where it is one.
    pub worker: Option<usize>,
    /// The group that it happened to, where it is one.
    pub group: Option<usize>,
    /// The same in a sentence.
    pub text: String,
}

/// A record that was given up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DeadLetter {
    /// Counts all dead letters, from 0.
    pub number: u64,
    /// When it was given up.
    pub at: f64,
    /// When it was made.
    pub born: f64,
    /// Its partition, by its place in [`Simulation::partitions`](crate::Simulation::partitions).
    pub partition: usize,
    /// Its offset there.
    pub offset: u64,
    /// Who gave it up.
    pub worker: usize,
    /// How often it was tried.
    pub attempts: u32,
}

/// The last of what happened.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    entries: VecDeque<JournalEntry>,
    written: u64,
    dead_letters: VecDeque<DeadLetter>,
    dead: u64,
}

impl Journal {
    pub(crate) fn write(
        &mut self,
        at: f64,
        kind: &'static str,
        (worker, group): (Option<usize>, Option<usize>),
        text: String,
    ) {
        if self.entries.len() == MAX_JOURNAL {
            self.entries.pop_front();
        }
        self.entries.push_back(JournalEntry {
            number: self.written,
            at,
            kind,
            worker,
            group,
            text,
        });
        self.written += 1;
    }

    /// Those with this number and later ones.
    pub(crate) fn since(&self, number: u64) -> impl Iterator<Item = &JournalEntry> {
        self.entries
            .iter()
            .filter(move |entry| entry.number >= number)
    }

    pub(crate) fn put_aside(&mut self, letter: DeadLetter) {
        if self.dead_letters.len() == MAX_DEAD_LETTERS {
            self.dead_letters.pop_front();
        }
        self.dead_letters.push_back(DeadLetter {
            number: self.dead,
            ..letter
        });
        self.dead += 1;
    }

    pub(crate) fn dead_letters(&self) -> impl Iterator<Item = &DeadLetter> {
        self.dead_letters.iter()
    }
}
