//! Errors by stage and kind.

use crate::idle::Foldable;

/// Where in a stream processor an error happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Stage {
    /// Sending a message. `on_send_error` counts here by itself.
    Send,
    /// Processing a message or an event.
    Process,
    /// Committing offsets.
    Commit,
    /// Decoding a key or a value.
    Deserialize,
    /// Answering a web request. One that ended with a status of 500 or more counts here by itself.
    Http,
    /// Fetching from a broker.
    Fetch,
    /// Anything else.
    Other,
}

impl Stage {
    /// Every stage, in the order of their numbers.
    pub const ALL: [Stage; 7] = [
        Stage::Send,
        Stage::Process,
        Stage::Commit,
        Stage::Deserialize,
        Stage::Http,
        Stage::Fetch,
        Stage::Other,
    ];

    /// Its name, as in traces and snapshots: `"send"`.
    pub const fn name(self) -> &'static str {
        match self {
            Stage::Send => "send",
            Stage::Process => "process",
            Stage::Commit => "commit",
            Stage::Deserialize => "deserialize",
            Stage::Http => "http",
            Stage::Fetch => "fetch",
            Stage::Other => "other",
        }
    }

    /// The stage of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.name() == name)
    }
}

/// The kind under which an error counts that was given none.
pub(crate) const UNKNOWN_KIND: &str = "unknown";

/// How often one kind of error happened, by stage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ErrorCounts {
    counts: [u64; Stage::ALL.len()],
}

impl ErrorCounts {
    pub(crate) fn count(&mut self, stage: Stage) {
        self.counts[stage as usize] += 1;
    }

    /// Each stage at which it happened, with its count.
    pub(crate) fn each(&self) -> impl Iterator<Item = (Stage, u64)> + '_ {
        let counted = Stage::ALL.into_iter().zip(self.counts);
        counted.filter(|(_, count)| *count > 0)
    }
}

impl Foldable for ErrorCounts {
    fn mark(&self) -> u64 {
        self.counts.into_iter().fold(0, u64::wrapping_add)
    }

    fn add_to(&self, other: &mut Self) {
        for (count, more) in other.counts.iter_mut().zip(self.counts) {
            *count = count.saturating_add(more);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_has_the_number_of_its_place_and_is_found_by_its_name() {
        for (place, stage) in Stage::ALL.into_iter().enumerate() {
            assert_eq!(stage as usize, place);
            assert_eq!(Stage::from_name(stage.name()), Some(stage));
        }
        assert_eq!(Stage::from_name("Send"), None);
    }
}
