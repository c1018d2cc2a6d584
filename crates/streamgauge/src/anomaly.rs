//! What should not happen, counted by kind instead of corrupting a figure.

use alloc::string::String;

macro_rules! anomalies {
    ($($(#[$doc:meta])* $variant:ident => $name:literal, $says:literal;)+) => {
        /// A kind of call or reading that makes no sense, and was counted instead of believed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Anomaly {
            $($(#[$doc])* $variant,)+
        }

        impl Anomaly {
            /// Every kind, in the order of their bits in [`Anomalies::take_unreported`].
            pub const ALL: &'static [Anomaly] = &[$(Anomaly::$variant,)+];

            /// Its name in snake case: `"clock_went_back"`.
            pub const fn name(self) -> &'static str {
                match self { $(Anomaly::$variant => $name,)+ }
            }

            /// The same in camel case, as in snapshots: `"clockWentBack"`.
            pub(crate) fn camel_name(self) -> String {
                let mut camel = String::new();
                let mut capital = false;
                for letter in self.name().chars() {
                    match letter {
                        '_' => capital = true,
                        _ if capital => {
                            camel.push(letter.to_ascii_uppercase());
                            capital = false;
                        }
                        _ => camel.push(letter),
                    }
                }
                camel
            }

            /// What happened and what was done about it, in a sentence.
            pub const fn says(self) -> &'static str {
                match self { $(Anomaly::$variant => $says,)+ }
            }
        }
    };
}

anomalies! {
    /// `on_message_out` while no message was in flight: `messages_active` stays at 0.
    MessageOutWithoutIn => "message_out_without_in",
        "a message went out while none was in flight; messages_active stays at 0";
    /// `on_stream_event_out` while no event was in flight: `events_active` stays at 0.
    EventOutWithoutIn => "event_out_without_in",
        "an event went out while none was in flight; events_active stays at 0";
    /// An object token of this monitor was completed a second time: nothing changed.
    TokenCompletedTwice => "token_completed_twice",
        "a token was completed a second time; the second time changed nothing";
    /// An end hook other than that of an event was called without a token: nothing changed.
    TokenMissing => "token_missing",
        "an end hook was called without the token of its start; nothing changed";
    /// A duration came out negative: it became 0.
    ClockWentBack => "clock_went_back",
        "the clock reads earlier than at the start of what ended now; the duration became 0";
    /// The clock's reading was not finite: the last finite one served. Or the time in a token made
    /// by hand was not: the duration became 0.
    ClockNotFinite => "clock_not_finite",
        "the clock's reading, or the time in a token, is not a finite number; the last finite one was taken, or the duration became 0";
    /// A name was looked up and its counter family is full: it counts under `(other)`. A handle is
    /// looked up once, when it is made; a topic's received messages once for each partition.
    LabelOverLimit => "label_over_limit",
        "a counter family is full (max_labels); further names count under (other)";
    /// A topic-partition was looked up and the table is full: its offsets are not kept.
    PartitionOverLimit => "partition_over_limit",
        "the table of partitions is full (max_partitions); offsets of further ones are not kept";
    /// A hook was given a name of more than 4,096 characters: nothing changed.
    NameTooLong => "name_too_long",
        "a name has more than 4,096 characters; the call changed nothing";
}

/// How often each [`Anomaly`] was seen since the monitor was made.
#[derive(Debug, Clone, Default)]
pub struct Anomalies {
    counts: [u64; Anomaly::ALL.len()],
    seen: u32,
    reported: u32,
}

impl Anomalies {
    pub(crate) fn note(&mut self, kind: Anomaly) {
        self.counts[kind as usize] += 1;
        self.seen |= 1 << kind as u32;
    }

    /// How often `kind` was seen.
    pub fn count(&self, kind: Anomaly) -> u64 {
        self.counts[kind as usize]
    }

    /// How many anomalies there were of all kinds.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Each kind with its count, those never seen included.
    pub fn iter(&self) -> impl Iterator<Item = (Anomaly, u64)> + '_ {
        Anomaly::ALL.iter().map(|kind| (*kind, self.count(*kind)))
    }

    /// Whether a kind was seen for the first time since [`take_unreported`](Self::take_unreported).
    pub fn has_unreported(&self) -> bool {
        self.seen != self.reported
    }

    /// The kinds seen for the first time since the last call: bit `n` is `Anomaly::ALL[n]`.
    /// A logger that asks here hears of each kind once.
    pub fn take_unreported(&mut self) -> u32 {
        let unreported = self.seen & !self.reported;
        self.reported = self.seen;
        unreported
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_reported_once() {
        let mut anomalies = Anomalies::default();
        anomalies.note(Anomaly::TokenMissing);
        anomalies.note(Anomaly::TokenMissing);
        assert_eq!(
            anomalies.take_unreported(),
            1 << Anomaly::TokenMissing as u32
        );
        anomalies.note(Anomaly::TokenMissing);
        assert!(!anomalies.has_unreported());
        assert_eq!(anomalies.take_unreported(), 0);
        assert_eq!(anomalies.count(Anomaly::TokenMissing), 3);
        assert_eq!(anomalies.total(), 3);
    }
}
