//! The labels that tie the calls of one message or operation together.
//!
//! Tokens are known by the number that their mark carries. Messages and bare times have no room for
//! one: they are known by what they hold. Where several hold the same (a coarse clock), each has a
//! label of its own, and which of them ends first makes no difference.

use alloc::collections::{BTreeMap, BTreeSet};

use crate::tokens::{Completion, Mark, Message, MonitorId};

/// Starts of one sort that are remembered until their end. Beyond it all are forgotten, and ends say
/// what they hold.
const MOST_OPEN: usize = 65_536;

#[derive(Debug, Default)]
pub(super) struct Labels {
    last: u32,
    /// The time that the token of a label started with, for each way it can still end.
    tokens: BTreeMap<(u32, u8), u64>,
    messages: BTreeSet<(u64, Option<i64>, u32)>,
    numbers: BTreeSet<(u64, u32)>,
}

/// What a token is called in the call that ends it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Named {
    /// `None` where there is no token.
    pub(super) label: Option<u32>,
    /// The time that it holds, where the trace does not tell.
    pub(super) time: Option<f64>,
    /// A message's timestamp, likewise.
    pub(super) timestamp: Option<i64>,
    /// Whether a replay makes it from what it holds.
    pub(super) is_by_hand: bool,
}

impl Labels {
    /// A label that stands for nothing yet.
    pub(super) fn next(&mut self) -> u32 {
        self.last = self.last.saturating_add(1);
        self.last
    }

    pub(super) fn are_used_up(&self) -> bool {
        self.last == u32::MAX
    }

    /// A token that was given: writes its label on its mark.
    pub(super) fn token(&mut self, mark: &mut Mark, time: f64, ways: &[Completion]) -> u32 {
        let label = self.next();
        mark.label = label;
        if self.tokens.len() >= MOST_OPEN {
            self.tokens.clear();
        }
        for way in ways {
            self.tokens.insert((label, *way as u8), time.to_bits());
        }
        label
    }

    /// A message that came in.
    pub(super) fn message(&mut self, message: &Message) -> u32 {
        let label = self.next();
        if let Some(time) = message.time_in {
            if self.messages.len() >= MOST_OPEN {
                self.messages.clear();
            }
            self.messages
                .insert((time.to_bits(), message.timestamp, label));
        }
        label
    }

    /// A bare time that was given.
    pub(super) fn number(&mut self, time: Option<f64>) -> u32 {
        let label = self.next();
        if let Some(time) = time {
            if self.numbers.len() >= MOST_OPEN {
                self.numbers.clear();
            }
            self.numbers.insert((time.to_bits(), label));
        }
        label
    }

    /// A token that ends, of the monitor `owner`.
    pub(super) fn token_ends(
        &mut self,
        mark: &Mark,
        time: f64,
        way: Completion,
        owner: MonitorId,
    ) -> Named {
        let is_own = mark.is_of(owner) && mark.label != 0;
        let label = Some(mark.label);
        if is_own && mark.is_completed(way) {
            return Named {
                label,
                ..Named::default()
            };
        }
        match self.tokens.remove(&(mark.label, way as u8)) {
            Some(started) if is_own => {
                if started == time.to_bits() {
                    return Named {
                        label,
                        ..Named::default()
                    };
                }
                // Somebody set its time.
                for way in [Completion::End, Completion::Return] {
                    if let Some(started) = self.tokens.get_mut(&(mark.label, way as u8)) {
                        *started = time.to_bits();
                    }
                }
                Named {
                    label,
                    time: Some(time),
                    ..Named::default()
                }
            }
            // Made by hand, or another monitor's, or the clone of one that ended.
            _ => Named {
                label: Some(self.next()),
                time: Some(time),
                timestamp: None,
                is_by_hand: true,
            },
        }
    }

    /// A message that goes out.
    pub(super) fn message_ends(&mut self, message: &Message) -> Named {
        let Message {
            timestamp,
            time_in: time,
            ..
        } = *message;
        if let Some(time) = time {
            let first = (time.to_bits(), timestamp, 0);
            let last = (time.to_bits(), timestamp, u32::MAX);
            if let Some(open) = self.messages.range(first..=last).next().copied() {
                self.messages.remove(&open);
                return Named {
                    label: Some(open.2),
                    ..Named::default()
                };
            }
        }
        Named {
            label: Some(self.next()),
            time,
            timestamp,
            is_by_hand: true,
        }
    }

    /// A bare time that ends.
    pub(super) fn number_ends(&mut self, time: Option<f64>) -> Named {
        let Some(time) = time else {
            return Named::default();
        };
        let open = self
            .numbers
            .range((time.to_bits(), 0)..=(time.to_bits(), u32::MAX))
            .next();
        match open.copied() {
            Some(open) => {
                self.numbers.remove(&open);
                Named {
                    label: Some(open.1),
                    ..Named::default()
                }
            }
            None => Named {
                label: Some(self.next()),
                time: Some(time),
                timestamp: None,
                is_by_hand: true,
            },
        }
    }
}
