//! Why a partition has the status it has, in numbers and in a sentence.

use core::fmt;

use super::Status;

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
        match *self {
            Reason::TooFewCommits { commits: 0 } => {
                f.write_str("no commit has been seen; two are needed to judge")
            }
            Reason::TooFewCommits { .. } => {
                f.write_str("only one commit has been seen; two are needed to judge")
            }
            Reason::NotHeld => f.write_str("no partition is held here any more"),
            Reason::NotBuiltIn => f.write_str("health was left out of this build"),
            Reason::LagUnknown => f.write_str("the end offset is unknown, and so is the lag"),
            Reason::LagAllowed { lag: 0, .. } => f.write_str("there is no lag"),
            Reason::LagAllowed { lag, allowed } => {
                write!(
                    f,
                    "lag is {}, within the {} allowed",
                    Records(lag),
                    Count(allowed)
                )
            }
            Reason::NoCommit {
                seconds,
                commits,
                span_seconds,
                lag,
            } => write!(
                f,
                "no commit for {} while the last {commits} span {}; lag is {}",
                Seconds(seconds),
                Seconds(span_seconds),
                Records(lag)
            ),
            Reason::WentBack { from, to, lag } => write!(
                f,
                "the committed offset went back from {} and is now {}; lag is {}",
                Count(from),
                Count(to),
                Records(lag)
            ),
            Reason::LagWasAllowed {
                lag,
                allowed: 0,
                commits,
            } => write!(
                f,
                "lag is {}, but there was none at one of the last {commits} commits",
                Records(lag)
            ),
            Reason::LagWasAllowed {
                lag,
                allowed,
                commits,
            } => write!(
                f,
                "lag is {}, but it was within the {} allowed at one of the last {commits} commits",
                Records(lag),
                Count(allowed)
            ),
            Reason::SameOffset {
                offset,
                commits,
                span_seconds,
                lag,
            } => write!(
                f,
                "the last {commits} commits, over {}, were all of offset {}; lag is {}",
                Seconds(span_seconds),
                Count(offset),
                Records(lag)
            ),
            Reason::LagNeverFell {
                commits,
                span_seconds,
                lag,
            } => write!(
                f,
                "lag never fell over the last {commits} commits, in {}; it is {}",
                Seconds(span_seconds),
                Records(lag)
            ),
            Reason::LagFell { lag, commits } => write!(
                f,
                "lag is {}, but it fell during the last {commits} commits",
                Records(lag)
            ),
        }
    }
}

/// A whole number with a comma between thousands.
struct Count(u64);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut unit = 1;
        while self.0 / unit >= 1_000 {
            unit *= 1_000;
        }
        write!(f, "{}", self.0 / unit)?;
        while unit > 1 {
            unit /= 1_000;
            write!(f, ",{:03}", self.0 / unit % 1_000)?;
        }
        Ok(())
    }
}

struct Records(u64);

impl fmt::Display for Records {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let records = if self.0 == 1 { "record" } else { "records" };
        write!(f, "{} {records}", Count(self.0))
    }
}

/// A time as a person would say it: a tenth below 10 s, then seconds, then minutes, hours, days.
struct Seconds(f64);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0;
        // The steps stand where the smaller unit would round up to the larger.
        match seconds {
            _ if seconds < 9.95 => {
                let tenths = rounded(seconds * 10.0);
                write!(f, "{}.{} s", tenths / 10, tenths % 10)
            }
            _ if seconds < 599.5 => write!(f, "{} s", rounded(seconds)),
            _ if seconds < 7_170.0 => write!(f, "{} min", rounded(seconds / 60.0)),
            _ if seconds < 171_000.0 => write!(f, "{} h", rounded(seconds / 3_600.0)),
            _ => write!(f, "{} days", rounded(seconds / 86_400.0)),
        }
    }
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
