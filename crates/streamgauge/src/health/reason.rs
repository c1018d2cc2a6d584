//! Why a partition has the status it has, in numbers and in a sentence.

use alloc::string::String;
use core::fmt;

use super::Status;
use crate::number::decimal;

/// Why a partition has its [`Status`]: the rule that decided, with the numbers it looked at.
///
/// It displays as one sentence for a person on call, without a full stop:
///
/// ```
/// use streamgauge::Reason;
/// let reason = Reason::NoCommit { seconds: 65.0, commits: 10, span_seconds: 45.0, lag: 1_200 };
/// assert_eq!(
///     reason.to_string(),
///     "no commit for 65 s while the last 10 span 45 s; lag is 1,200 records"
/// );
/// ```
///
/// `lag` is in records, as it is when the status is read; `commits` is how many the ring holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reason {
    /// Ok: it takes two commits to judge.
    TooFewCommits {
        /// How many there are: 0 or 1.
        commits: u32,
    },
    /// Ok: nobody here has the partition any more, or there is none.
    NotHeld,
    /// Ok: health was left out when this program was built (the feature `health`).
    NotBuiltIn,
    /// Ok: the lag is unknown, because no end offset is known.
    LagUnknown,
    /// Ok: the lag is within what is allowed.
    LagAllowed {
        /// The lag.
        lag: u64,
        /// The allowed lag.
        allowed: u64,
    },
    /// Stop: the last commit is longer ago than the commits before it span, and there has been
    /// something to commit for a while.
    NoCommit {
        /// Seconds since the last commit.
        seconds: f64,
        /// The commits in the ring.
        commits: u32,
        /// Seconds from the first of them to the last.
        span_seconds: f64,
        /// The lag.
        lag: u64,
    },
    /// Rewind: the committed offset went back and did not return to where it was.
    WentBack {
        /// The highest offset that was committed.
        from: u64,
        /// The offset committed last.
        to: u64,
        /// The lag.
        lag: u64,
    },
    /// Ok: there is lag, but at one of the commits it was within what is allowed.
    LagWasAllowed {
        /// The lag.
        lag: u64,
        /// The allowed lag.
        allowed: u64,
        /// The commits in the ring.
        commits: u32,
    },
    /// Stall: every commit was of the same offset.
    SameOffset {
        /// That offset.
        offset: u64,
        /// The commits in the ring.
        commits: u32,
        /// Seconds from the first of them to the last.
        span_seconds: f64,
        /// The lag.
        lag: u64,
    },
    /// Warn: the lag did not fall from any commit to the next.
    LagNeverFell {
        /// The commits in the ring.
        commits: u32,
        /// Seconds from the first of them to the last.
        span_seconds: f64,
        /// The lag.
        lag: u64,
    },
    /// Ok: there is lag, but it fell from one commit to a later one.
    LagFell {
        /// The lag.
        lag: u64,
        /// The commits in the ring.
        commits: u32,
    },
}

impl Reason {
    /// The status that it is the reason of.
    pub const fn status(self) -> Status {
        match self {
            Reason::TooFewCommits { .. }
            | Reason::NotHeld
            | Reason::NotBuiltIn
            | Reason::LagUnknown
            | Reason::LagAllowed { .. }
            | Reason::LagWasAllowed { .. }
            | Reason::LagFell { .. } => Status::Ok,
            Reason::LagNeverFell { .. } => Status::Warn,
            Reason::NoCommit { .. } => Status::Stop,
            Reason::SameOffset { .. } => Status::Stall,
            Reason::WentBack { .. } => Status::Rewind,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words())
    }
}

impl Reason {
    /// What it displays as. Without `core::fmt`, which a module that is loaded from the web would
    /// have to carry.
    pub fn words(self) -> String {
        use Part::{Commits, Count, Records, Seconds};
        match self {
            Reason::TooFewCommits { commits: 0 } => {
                filled("no commit has been seen; two are needed to judge", &[])
            }
            Reason::TooFewCommits { .. } => filled(
                "only one commit has been seen; two are needed to judge",
                &[],
            ),
            Reason::NotHeld => filled("no partition is held here any more", &[]),
            Reason::NotBuiltIn => filled("health was left out of this build", &[]),
            Reason::LagUnknown => filled("the end offset is unknown, and so is the lag", &[]),
            Reason::LagAllowed { lag: 0, .. } => filled("there is no lag", &[]),
            Reason::LagAllowed { lag, allowed } => filled(
                "lag is _, within the _ allowed",
                &[Records(lag), Count(allowed)],
            ),
            Reason::NoCommit {
                seconds,
                commits,
                span_seconds,
                lag,
            } => filled(
                "no commit for _ while the last _ span _; lag is _",
                &[
                    Seconds(seconds),
                    Commits(commits),
                    Seconds(span_seconds),
                    Records(lag),
                ],
            ),
            Reason::WentBack { from, to, lag } => filled(
                "the committed offset went back from _ and is now _; lag is _",
                &[Count(from), Count(to), Records(lag)],
            ),
            Reason::LagWasAllowed {
                lag,
                allowed: 0,
                commits,
            } => filled(
                "lag is _, but there was none at one of the last _ commits",
                &[Records(lag), Commits(commits)],
            ),
            Reason::LagWasAllowed {
                lag,
                allowed,
                commits,
            } => filled(
                "lag is _, but it was within the _ allowed at one of the last _ commits",
                &[Records(lag), Count(allowed), Commits(commits)],
            ),
            Reason::SameOffset {
                offset,
                commits,
                span_seconds,
                lag,
            } => filled(
                "the last _ commits, over _, were all of offset _; lag is _",
                &[
                    Commits(commits),
                    Seconds(span_seconds),
                    Count(offset),
                    Records(lag),
                ],
            ),
            Reason::LagNeverFell {
                commits,
                span_seconds,
                lag,
            } => filled(
                "lag never fell over the last _ commits, in _; it is _",
                &[Commits(commits), Seconds(span_seconds), Records(lag)],
            ),
            Reason::LagFell { lag, commits } => filled(
                "lag is _, but it fell during the last _ commits",
                &[Records(lag), Commits(commits)],
            ),
        }
    }
}

/// What stands for a `_` in a sentence.
enum Part {
    /// How many commits there are.
    Commits(u32),
    /// A whole number with a comma between thousands.
    Count(u64),
    /// So many records.
    Records(u64),
    /// A time as a person would say it: a tenth below 10 s, then seconds, then minutes, hours, days.
    Seconds(f64),
}

/// A sentence with a part for each `_`.
fn filled(sentence: &str, parts: &[Part]) -> String {
    let mut words = String::new();
    let mut parts = parts.iter();
    for character in sentence.chars() {
        match character {
            '_' => parts
                .next()
                .into_iter()
                .for_each(|part| part.put(&mut words)),
            _ => words.push(character),
        }
    }
    words
}

impl Part {
    fn put(&self, words: &mut String) {
        let unit = match *self {
            Part::Commits(commits) => {
                words.push_str(&decimal(commits.into()));
                ""
            }
            Part::Count(count) => {
                put_count(count, words);
                ""
            }
            Part::Records(records) => {
                put_count(records, words);
                if records == 1 { " record" } else { " records" }
            }
            Part::Seconds(seconds) => put_seconds(seconds, words),
        };
        words.push_str(unit);
    }
}

fn put_count(count: u64, words: &mut String) {
    let digits = decimal(count.into());
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            words.push(',');
        }
        words.push(digit);
    }
}

/// Puts down the number of it, and gives its unit.
fn put_seconds(seconds: f64, words: &mut String) -> &'static str {
    // The steps stand where the smaller unit would round up to the larger.
    let (count, unit) = match seconds {
        _ if seconds < 9.95 => {
            let tenths = rounded(seconds * 10.0);
            words.push_str(&decimal((tenths / 10).into()));
            words.push('.');
            (tenths % 10, " s")
        }
        _ if seconds < 599.5 => (rounded(seconds), " s"),
        _ if seconds < 7_170.0 => (rounded(seconds / 60.0), " min"),
        _ if seconds < 171_000.0 => (rounded(seconds / 3_600.0), " h"),
        _ => (rounded(seconds / 86_400.0), " days"),
    };
    words.push_str(&decimal(count.into()));
    unit
}

/// The nearest whole number, of two that are as near the even one, as formatting has it. What
/// formats floating-point numbers is 20 KB of wasm.
fn rounded(value: f64) -> u64 {
    let whole = value as u64;
    let rest = value - whole as f64;
    whole.saturating_add(u64::from(rest > 0.5 || (rest == 0.5 && whole % 2 == 1)))
}

#[cfg(test)]
mod tests;
