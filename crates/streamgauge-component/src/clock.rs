//! The clock: the host's, unless a call of a batch says when it was made.

use core::cell::Cell;

use streamgauge::Clock;

/// What the monitor of the component asks for the time.
#[derive(Default)]
pub(crate) struct GuestClock {
    noted: Cell<Option<f64>>,
}

impl GuestClock {
    /// What it reads from now on; `None` for what the host's clock reads.
    pub(crate) fn note(&self, reading: Option<f64>) {
        self.noted.set(reading);
    }
}

impl Clock for GuestClock {
    fn now(&self) -> f64 {
        self.noted.get().unwrap_or_else(read)
    }

    #[cfg(feature = "wasi-clock")]
    fn epoch(&self) -> Option<f64> {
        let wall = wall_clock::now();
        let unix = wall.seconds as f64 + f64::from(wall.nanoseconds) / NANOSECONDS;
        Some(unix - read())
    }
}

/// The host's clock, in seconds.
#[cfg(not(feature = "wasi-clock"))]
pub(crate) fn read() -> f64 {
    crate::bindings::streamgauge::monitor::clock::now()
}

#[cfg(feature = "wasi-clock")]
use crate::bindings::wasi::clocks::{monotonic_clock, wall_clock};

#[cfg(feature = "wasi-clock")]
const NANOSECONDS: f64 = 1e9;

/// WASI's monotonic clock, in seconds.
#[cfg(feature = "wasi-clock")]
pub(crate) fn read() -> f64 {
    monotonic_clock::now() as f64 / NANOSECONDS
}
