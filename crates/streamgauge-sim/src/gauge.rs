//! A worker's monitor, which may also write down what it hears.

use alloc::boxed::Box;
use alloc::rc::Rc;

#[cfg(feature = "trace")]
use streamgauge::Options;
use streamgauge::{Figures, Limits, ManualClock, Monitor, Sensor, Snapshot};

#[cfg(feature = "trace")]
use crate::trace::{Tape, TapeSink};

/// What hears a worker's hooks.
#[derive(Debug)]
pub(crate) enum Gauge {
    Monitor(Box<Monitor<Rc<ManualClock>>>),
    #[cfg(feature = "trace")]
    Recorder(Box<streamgauge::Recorder<Rc<ManualClock>, TapeSink>>),
}

/// What new gauges are made of.
#[derive(Debug)]
pub(crate) struct GaugeMaker {
    pub(crate) clock: Rc<ManualClock>,
    pub(crate) epoch: f64,
    #[cfg(feature = "trace")]
    pub(crate) tape: Option<Tape>,
}

impl GaugeMaker {
    /// The gauge of a worker's next life.
    pub(crate) fn make(&mut self, worker: &str, group: &str, life: u32) -> Gauge {
        let clock = self.clock.clone();
        #[cfg(feature = "trace")]
        if let Some(tape) = &self.tape {
            let options = Options {
                worker: worker.into(),
                epoch: self.epoch,
                ..Options::default()
            };
            let sink = tape.sink(worker, group, life);
            let recorder = streamgauge::Recorder::new(&options, clock, sink, usize::MAX);
            return Gauge::Recorder(Box::new(within(recorder)));
        }
        let _ = (group, life);
        let limits = Limits {
            epoch: self.epoch,
            ..Limits::default()
        };
        let mut figures = within(Figures::with_limits(limits));
        figures.set_worker(worker);
        Gauge::Monitor(Box::new(Monitor::from_figures(figures, clock)))
    }
}

/// Names of workers are short, and a checked scenario's epoch is finite. (`expect` would bring along
/// all that it takes to print the error.)
fn within<T, E>(made: Result<T, E>) -> T {
    made.unwrap_or_else(|_| panic!("the options are within their bounds"))
}

impl Gauge {
    pub(crate) fn sensor(&mut self) -> &mut dyn Sensor {
        match self {
            Self::Monitor(monitor) => &mut **monitor,
            #[cfg(feature = "trace")]
            Self::Recorder(recorder) => &mut **recorder,
        }
    }

    pub(crate) fn figures(&self) -> &Figures {
        match self {
            Self::Monitor(monitor) => monitor.figures(),
            #[cfg(feature = "trace")]
            Self::Recorder(recorder) => recorder,
        }
    }

    pub(crate) fn sample(&mut self) {
        match self {
            Self::Monitor(monitor) => monitor.sample(),
            #[cfg(feature = "trace")]
            Self::Recorder(recorder) => recorder.sample(),
        }
    }

    pub(crate) fn snapshot(&mut self) -> Snapshot {
        match self {
            Self::Monitor(monitor) => monitor.snapshot(),
            #[cfg(feature = "trace")]
            Self::Recorder(recorder) => recorder.snapshot(),
        }
    }
}
