//! A monitor that writes down what it is told.

mod clock;
mod hooks;
mod labels;
mod line;
#[cfg(feature = "std")]
mod sink;

use alloc::string::String;
use core::fmt::Write;
use core::ops::Deref;

use self::clock::WatchedClock;
use self::labels::{Labels, Named};
use self::line::{Line, header};
#[cfg(feature = "std")]
pub use self::sink::IoSink;
use crate::clock::Clock;
use crate::error::Error;
use crate::figures::{Figures, HealthChange};
use crate::monitor::Monitor;
use crate::options::Options;
use crate::snapshot::Snapshot;

/// A monitor of its own that writes every call as a line of a trace, for bug reports, replays and
/// benchmarks: a [`Replay`](crate::Replay) of what it wrote has the same
/// [`asdict`](Figures::asdict) and the same [`snapshot`](Self::snapshot). Feature `json`.
///
/// ```
/// use streamgauge::{ManualClock, Message, Options, Recorder, Replay, Sensor, TopicPartition};
/// let clock = ManualClock::new(5.0);
/// let mut recorder = Recorder::new(&Options::default(), &clock, String::new(), 1 << 20)?;
/// let tp = TopicPartition::new("orders", 3);
/// recorder.on_message_in(tp, 41, &mut Message::default());
/// recorder.sample();
/// assert_eq!(recorder.messages_received_total(), 1);
///
/// let trace = recorder.sink();
/// assert_eq!(trace.lines().count(), 3);
/// assert!(trace.ends_with("{\"at\":5.0,\"call\":\"sample\"}\n"));
/// let replay = Replay::of(trace).expect("what was recorded can be replayed");
/// let (_, monitor) = replay.monitors().next().expect("one monitor");
/// assert_eq!(monitor.asdict(), recorder.asdict());
/// # Ok::<(), streamgauge::Error>(())
/// ```
///
/// The sink gets whole lines, one `write_str` each. With `std`, [`IoSink`] makes a sink of a file:
///
/// ```no_run
/// # #[cfg(feature = "std")] {
/// use std::{fs::File, io::BufWriter};
/// use streamgauge::{IoSink, Options, Recorder, StdClock};
/// let file = BufWriter::new(File::create("calls.jsonl")?);
/// let recorder = Recorder::new(&Options::default(), StdClock::new(), IoSink::new(file), 100 << 20);
/// # }
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// Bounded: a line that would pass `max_bytes` is not written, nor is anything after it, so that what
/// there is stays a valid trace. A sink that fails ends the recording likewise. The monitor goes on
/// in either case. Memory beside the monitor's: at most 10 MB, for 65,536 messages, sends and
/// tokens each that have not ended; of more than that, ends carry what their start was.
///
/// A trace holds names, offsets, sizes and times; no message, key or value, and no error's text.
#[derive(Debug)]
pub struct Recorder<C, W> {
    monitor: Monitor<WatchedClock<C>>,
    sink: W,
    state: State,
    /// Bytes that may still be written.
    room: usize,
    line: String,
    labels: Labels,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Recording,
    Full,
    Failed,
}

/// Reading a recorder is reading its figures.
impl<C, W> Deref for Recorder<C, W> {
    type Target = Figures;

    fn deref(&self) -> &Figures {
        &self.monitor
    }
}

impl<C: Clock, W: Write> Recorder<C, W> {
    /// A monitor with these limits and starting values, and a trace of at most `max_bytes` in
    /// `sink`, which begins with the header.
    ///
    /// # Errors
    /// What [`Options::check`] refuses.
    pub fn new(options: &Options, clock: C, sink: W, max_bytes: usize) -> Result<Self, Error> {
        let monitor = Monitor::with_options(options, WatchedClock::new(clock))?;
        let at = monitor.clock().take().unwrap_or_default();
        // The clock may have told it.
        let epoch = monitor.limits.epoch;
        let mut recorder = Self {
            monitor,
            sink,
            state: State::Recording,
            room: max_bytes,
            line: header(options, epoch, at),
            labels: Labels::default(),
        };
        recorder.write_line();
        Ok(recorder)
    }

    /// The once-a-second tick. See [`Figures::sample`].
    pub fn sample(&mut self) {
        self.monitor.sample();
        self.record("sample", |_, _| {});
    }

    /// Everything that is known, at this moment. See [`Figures::snapshot`].
    pub fn snapshot(&mut self) -> Snapshot {
        let snapshot = self.monitor.snapshot();
        self.record("snapshot", |_, _| {});
        snapshot
    }

    /// As [`Monitor::health_changes`], judged at the moment of the last call, which should be
    /// [`sample`](Self::sample). It changes no figure, so it is not written.
    pub fn health_changes(&mut self, changed: impl FnMut(HealthChange<'_>)) {
        self.monitor
            .clock()
            .stand_still_at(Some(self.monitor.last_reading()));
        self.monitor.health_changes(changed);
        self.monitor.clock().stand_still_at(None);
    }

    /// Its clock.
    pub fn clock(&self) -> &C {
        self.monitor.clock().inner()
    }

    /// Where the trace goes.
    pub fn sink(&self) -> &W {
        &self.sink
    }

    /// Ends the recording and gives the sink back.
    pub fn into_sink(self) -> W {
        self.sink
    }

    /// Whether the trace ended because its next line would have passed `max_bytes`.
    pub fn is_full(&self) -> bool {
        self.state == State::Full
    }

    /// Whether the trace ended because the sink failed.
    pub fn has_failed(&self) -> bool {
        self.state == State::Failed
    }

    /// Writes a call that the monitor has heard; `write` adds its arguments.
    fn record(&mut self, call: &str, write: impl FnOnce(&mut Line<'_>, &mut Labels)) {
        if self.state != State::Recording {
            return;
        }
        let read = self.monitor.clock().take();
        // A call that read no clock happened at some time all the same.
        let at = read.unwrap_or(self.monitor.last_reading());
        let mut line = Line::begin(&mut self.line, at, call);
        write(&mut line, &mut self.labels);
        line.end();
        if self.labels.are_used_up() {
            return self.stop(State::Full);
        }
        self.write_line();
    }

    fn write_line(&mut self) {
        match self.room.checked_sub(self.line.len()) {
            None => self.stop(State::Full),
            Some(room) => match self.sink.write_str(&self.line) {
                Ok(()) => self.room = room,
                Err(_) => self.stop(State::Failed),
            },
        }
    }

    fn stop(&mut self, state: State) {
        self.state = state;
        self.line = String::new();
        self.labels = Labels::default();
    }

    /// Whether the monitor read its clock in the call that it heard last.
    fn was_timed(&self) -> bool {
        self.monitor.clock().was_read()
    }

    /// A label of a token that ends, and what it holds where the trace does not tell.
    fn named(&mut self, name: impl FnOnce(&mut Labels) -> Named) -> Named {
        match self.state {
            State::Recording => name(&mut self.labels),
            State::Full | State::Failed => Named::default(),
        }
    }
}
