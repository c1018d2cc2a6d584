//! Where the time comes from: one door, injected, read at most once a hook.

use core::cell::Cell;

/// A source of monotonic seconds.
///
/// A [`Monitor`](crate::Monitor) asks it once in every hook that needs the time. The zero point is
/// free; Unix time is a reading plus [`Options::epoch`](crate::Options::epoch).
///
/// Any `Fn() -> f64` is a clock:
///
/// ```
/// use streamgauge::{Clock, Monitor};
/// let monitor = Monitor::new(|| 12.5);
/// assert_eq!(monitor.clock().now(), 12.5);
/// ```
///
/// Readings are taken as they are. One that is not finite is replaced by the last finite one, and
/// a difference that would be negative becomes 0; both are counted, see [`Anomaly`](crate::Anomaly).
pub trait Clock {
    /// The time now, in seconds.
    fn now(&self) -> f64;

    /// The Unix time, in seconds, at which this clock reads 0, where it knows: it is the epoch of a
    /// monitor whose options give none.
    fn epoch(&self) -> Option<f64> {
        None
    }
}

impl<F: Fn() -> f64> Clock for F {
    fn now(&self) -> f64 {
        self()
    }
}

/// A clock that stands still until it is told otherwise, for tests and simulation.
///
/// ```
/// use streamgauge::{Clock, ManualClock};
/// let clock = ManualClock::new(100.0);
/// clock.advance(0.5);
/// assert_eq!(clock.now(), 100.5);
/// clock.set(7.0);
/// assert_eq!((&clock).now(), 7.0);
/// ```
#[derive(Debug, Default)]
pub struct ManualClock {
    seconds: Cell<f64>,
}

impl ManualClock {
    /// A clock that reads `seconds`.
    pub const fn new(seconds: f64) -> Self {
        Self {
            seconds: Cell::new(seconds),
        }
    }

    /// Makes it read `seconds`, which may be earlier than before, or not finite.
    pub fn set(&self, seconds: f64) {
        self.seconds.set(seconds);
    }

    /// Moves it by `seconds`, backwards where negative.
    pub fn advance(&self, seconds: f64) {
        self.seconds.set(self.seconds.get() + seconds);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> f64 {
        self.seconds.get()
    }
}

impl Clock for &ManualClock {
    fn now(&self) -> f64 {
        self.seconds.get()
    }
}

impl Clock for alloc::rc::Rc<ManualClock> {
    fn now(&self) -> f64 {
        self.seconds.get()
    }
}

/// The operating system's monotonic clock: seconds since this clock was made. Feature `std`.
///
/// A reading costs what `Instant::now` costs, 25 to 40 ns on Linux.
#[cfg(feature = "std")]
#[derive(Debug, Clone, Copy)]
pub struct StdClock {
    origin: std::time::Instant,
    epoch: f64,
}

#[cfg(feature = "std")]
impl StdClock {
    /// A clock that reads 0 now.
    pub fn new() -> Self {
        let unix = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Self {
            origin: std::time::Instant::now(),
            epoch: unix.map_or(0.0, |since| since.as_secs_f64()),
        }
    }

    /// The Unix time, in seconds, at which this clock read 0: what
    /// [`Options::epoch`](crate::Options::epoch) wants.
    pub fn epoch(&self) -> f64 {
        self.epoch
    }
}

#[cfg(feature = "std")]
impl Default for StdClock {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(feature = "std")]
impl Clock for StdClock {
    fn now(&self) -> f64 {
        self.origin.elapsed().as_secs_f64()
    }

    fn epoch(&self) -> Option<f64> {
        Some(self.epoch)
    }
}
