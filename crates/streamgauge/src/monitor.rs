//! The monitor: figures, and a clock.

mod hooks;
mod places;

use core::ops::Deref;

use crate::anomaly::Anomaly;
use crate::asdict::AsDict;
use crate::clock::Clock;
use crate::error::Error;
use crate::figures::{Figures, HealthChange, LabelFamily};
use crate::names::too_long;
use crate::options::Options;
use crate::sensor::{Era, Stream, StreamPlace, TopicPartition};
use crate::snapshot::Snapshot;
use crate::tables::TableCall;
use crate::tokens::{AssignmentState, Completion, Mark, MonitorId};
use places::{NameTooLong, Spots};

/// Faust's `Monitor`: hears the hooks of [`Sensor`](crate::Sensor), keeps [`Figures`], which it derefs to.
///
/// ```
/// use streamgauge::{ManualClock, Message, Monitor, Sensor};
/// let clock = ManualClock::new(100.0);
/// let mut monitor = Monitor::new(&clock);
/// let orders = monitor.topic_partition("orders", 3)?;
/// let stream = monitor.stream("order-totals", Some("totals.process"))?;
///
/// let mut message = Message::default();
/// monitor.on_message_in(orders, 41, &mut message);
/// let mut state = monitor.on_stream_event_in(orders, 41, stream);
/// clock.advance(0.25);
/// monitor.on_stream_event_out(orders, 41, stream, state.as_mut());
/// monitor.on_message_out(orders, 41, &mut message);
///
/// assert_eq!(message.time_total, Some(0.25));
/// assert_eq!(monitor.asdict().topic_read_offsets["orders"][&3], 41);
/// # Ok::<(), streamgauge::Error>(())
/// ```
///
/// Hooks never fail: what makes no sense changes nothing and is counted in
/// [`anomalies`](Figures::anomalies). After warm-up (rings full, names known) none allocates.
#[derive(Debug)]
pub struct Monitor<C> {
    figures: Figures,
    clock: C,
    id: MonitorId,
    /// Changes when places may have gone to others: a handle from before is looked at again.
    era: Era,
}

/// A clone goes its own way: it looks handles up again, and takes the tokens of the original as if
/// they were made by hand.
impl<C: Clone> Clone for Monitor<C> {
    fn clone(&self) -> Self {
        let id = MonitorId::next();
        Self {
            figures: self.figures.clone(),
            clock: self.clock.clone(),
            id,
            era: Era::of(id),
        }
    }
}

/// Reading a monitor is reading its figures; only hooks and the sampler change them.
impl<C> Deref for Monitor<C> {
    type Target = Figures;

    fn deref(&self) -> &Figures {
        &self.figures
    }
}

impl<C: Clock> Monitor<C> {
    /// A monitor with the default limits that starts from 0.
    pub fn new(clock: C) -> Self {
        let figures =
            Figures::new(&Options::default()).expect("the defaults are within their limits");
        Self::of(figures, clock)
    }

    /// A monitor with these limits and starting values.
    ///
    /// # Errors
    /// What [`Options::check`] refuses.
    pub fn with_options(options: &Options, clock: C) -> Result<Self, Error> {
        Ok(Self::of(Figures::new(options)?, clock))
    }

    /// A monitor that goes on from an [`asdict`](Self::asdict), see [`Figures::restore`].
    ///
    /// # Errors
    /// What [`Options::check`] refuses, in the dictionary or in the options.
    pub fn restore(dict: &AsDict, options: &Options, clock: C) -> Result<Self, Error> {
        Ok(Self::of(Figures::restore(dict, options)?, clock))
    }

    /// A monitor that keeps these figures, which nobody has counted into: made by
    /// [`Figures::with_limits`], perhaps with a name. It needs none of the code that reads starting
    /// values from [`Options`], some kilobytes of a wasm module.
    pub fn from_figures(figures: Figures, clock: C) -> Self {
        Self::of(figures, clock)
    }

    fn of(mut figures: Figures, clock: C) -> Self {
        if figures.limits.epoch == 0.0 {
            figures.limits.epoch = clock.epoch().unwrap_or(0.0);
        }
        figures.begin(clock.now());
        let id = MonitorId::next();
        Self {
            figures,
            clock,
            id,
            era: Era::of(id),
        }
    }

    /// Its clock.
    pub fn clock(&self) -> &C {
        &self.clock
    }

    /// Whose the tokens are that it gives.
    #[cfg(feature = "json")]
    pub(crate) fn id(&self) -> MonitorId {
        self.id
    }

    /// Its figures.
    pub fn figures(&self) -> &Figures {
        &self.figures
    }

    /// Faust's dictionary, as a copy.
    pub fn asdict(&self) -> AsDict {
        self.figures.asdict()
    }

    /// The once-a-second tick: call it about that often. See [`Figures::sample`].
    pub fn sample(&mut self) {
        let now = self.now();
        let revision = self.figures.revision();
        self.figures.sample(now);
        if self.figures.revision() != revision {
            self.era = Era::of(self.id);
        }
    }

    /// Tells of each partition's health that changed, and of the group's: call it after
    /// [`sample`](Self::sample). See [`Figures::health_changes`].
    ///
    /// ```
    /// # use streamgauge::{ManualClock, Monitor};
    /// # let mut monitor = Monitor::new(ManualClock::new(0.0));
    /// monitor.sample();
    /// monitor.health_changes(|change| {
    ///     let whose = change.partition.map_or("all", |(topic, _)| topic);
    ///     println!("{whose}: {} ({})", change.after.name(), change.reason);
    /// });
    /// ```
    pub fn health_changes(&mut self, changed: impl FnMut(HealthChange<'_>)) {
        let now = self.now();
        self.figures.health_changes(now, changed);
    }

    /// Everything that is known, at this moment. See [`Figures::snapshot`].
    pub fn snapshot(&mut self) -> Snapshot {
        let now = self.now();
        self.figures.snapshot(now)
    }

    /// The kinds of anomaly seen for the first time since the last call: bit `n` is
    /// `Anomaly::ALL[n]`. For a logger that wants to hear of each kind once.
    pub fn take_unreported(&mut self) -> u32 {
        self.figures.take_unreported()
    }

    /// A topic-partition with its place in this monitor, which saves later hooks the look-up.
    ///
    /// # Errors
    /// A topic of more than 4,096 characters.
    pub fn topic_partition<'a>(
        &mut self,
        topic: &'a str,
        partition: u32,
    ) -> Result<TopicPartition<'a>, Error> {
        check_name("topic", topic)?;
        let index = self.figures.partition_index(topic, partition);
        Ok(TopicPartition {
            place: index.map(|index| self.place(self.partition_spot(index))),
            ..TopicPartition::new(topic, partition)
        })
    }

    /// A stream with its place in this monitor, which saves later hooks the look-up.
    ///
    /// # Errors
    /// A label of more than 4,096 characters.
    pub fn stream<'a>(
        &mut self,
        label: &'a str,
        task: Option<&'a str>,
    ) -> Result<Stream<'a>, Error> {
        check_name("stream", label)?;
        check_name("task", task.unwrap_or_default())?;
        let stream = Stream::new(label, task);
        let spots = self.spots_of(stream).ok();
        let place = spots.map(|Spots { label, task }| StreamPlace {
            era: self.era,
            label,
            task,
        });
        Ok(Stream { place, ..stream })
    }

    /// Seconds since a reading of the clock; 0 (and an anomaly) where it lies in the future.
    pub fn secs_since(&mut self, start: f64) -> f64 {
        let now = self.now();
        self.figures.seconds_between(start, now)
    }

    /// Milliseconds since a reading of the clock; 0 (and an anomaly) where it lies in the future.
    pub fn ms_since(&mut self, start: f64) -> f64 {
        let seconds = self.secs_since(start);
        Self::secs_to_ms(seconds)
    }

    /// Seconds as milliseconds.
    pub fn secs_to_ms(seconds: f64) -> f64 {
        seconds * 1000.0
    }

    fn now(&mut self) -> f64 {
        self.figures.reading(self.clock.now())
    }

    /// Counts a name that is too long for any table as an anomaly.
    fn refuse_too_long(&mut self, name: &str) -> Result<(), NameTooLong> {
        if too_long(name).is_none() {
            return Ok(());
        }
        self.figures.note(Anomaly::NameTooLong);
        Err(NameTooLong)
    }

    /// A message of a topic-partition that the table has no room for.
    #[inline(never)]
    fn message_in_without_place(&mut self, topic: &str, now: f64) {
        let family = LabelFamily::ReceivedTopics;
        if let Some(slot) = self.figures.label_slot(family, topic) {
            self.figures.message_in_by_topic(slot, now);
        }
    }

    /// Marks a token completed; false, and an anomaly, where it was before.
    #[inline]
    fn complete(&mut self, mark: &mut Mark, how: Completion) -> bool {
        let first = mark.complete(self.id, how);
        if !first {
            self.figures.note(Anomaly::TokenCompletedTwice);
        }
        first
    }

    /// The token of an end hook, if there is one and it was not completed before.
    #[inline]
    fn token<T>(
        &mut self,
        state: Option<T>,
        mark: fn(&mut T) -> &mut Mark,
        how: Completion,
    ) -> Option<T> {
        let Some(mut state) = state else {
            self.figures.note(Anomaly::TokenMissing);
            return None;
        };
        self.complete(mark(&mut state), how).then_some(state)
    }

    /// The start that a bare number stands for, if there is one.
    fn start(&mut self, state: Option<f64>) -> Option<f64> {
        if state.is_none() {
            self.figures.note(Anomaly::TokenMissing);
        }
        state
    }

    fn table_call(&mut self, table: &str, call: TableCall) {
        if let Some(slot) = self.figures.label_slot(LabelFamily::Tables, table) {
            self.figures.table_call(slot, call);
        }
    }

    fn assignment_over(&mut self, state: Option<&mut AssignmentState>, completed: bool) {
        if let Some(state) = self.token(state, |state| &mut state.mark, Completion::End) {
            let now = self.now();
            self.figures
                .assignment_over(state.time_start, now, completed);
        }
    }
}

fn check_name(argument: &'static str, name: &str) -> Result<(), Error> {
    match too_long(name) {
        Some(characters) => Err(Error::name(argument, characters)),
        None => Ok(()),
    }
}
