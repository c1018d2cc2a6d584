//! What was done to a table.

use crate::figures::started;

/// How often the keys of a table were got, set and deleted: Faust's `TableState.asdict()`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct TableCounts {
    /// `on_table_get` calls.
    pub keys_retrieved: u64,
    /// `on_table_set` calls.
    pub keys_updated: u64,
    /// `on_table_del` calls.
    pub keys_deleted: u64,
}

/// A table and its counts: Faust's `TableState`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableState<'a> {
    /// The table's name.
    pub table: &'a str,
    /// `on_table_get` calls.
    pub keys_retrieved: u64,
    /// `on_table_set` calls.
    pub keys_updated: u64,
    /// `on_table_del` calls.
    pub keys_deleted: u64,
}

impl<'a> TableState<'a> {
    /// The state of `table`, starting from `counts`.
    pub const fn new(table: &'a str, counts: TableCounts) -> Self {
        Self {
            table,
            keys_retrieved: counts.keys_retrieved,
            keys_updated: counts.keys_updated,
            keys_deleted: counts.keys_deleted,
        }
    }

    /// The three counts without the name.
    pub const fn asdict(&self) -> TableCounts {
        TableCounts {
            keys_retrieved: self.keys_retrieved,
            keys_updated: self.keys_updated,
            keys_deleted: self.keys_deleted,
        }
    }
}

/// What was done to a key of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableCall {
    /// It was read.
    Get,
    /// It was written.
    Set,
    /// It was deleted.
    Del,
}

impl TableCounts {
    pub(crate) fn each(&self) -> [&u64; 3] {
        [&self.keys_retrieved, &self.keys_updated, &self.keys_deleted]
    }

    pub(crate) fn add(&mut self, other: &TableCounts) {
        self.keys_retrieved = started(self.keys_retrieved, other.keys_retrieved);
        self.keys_updated = started(self.keys_updated, other.keys_updated);
        self.keys_deleted = started(self.keys_deleted, other.keys_deleted);
    }

    pub(crate) fn count(&mut self, call: TableCall) {
        match call {
            TableCall::Get => self.keys_retrieved += 1,
            TableCall::Set => self.keys_updated += 1,
            TableCall::Del => self.keys_deleted += 1,
        }
    }
}
