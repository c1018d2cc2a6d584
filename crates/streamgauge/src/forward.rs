//! Sensors behind a pointer, so that one can be told and still be read by its owner.

use alloc::boxed::Box;
use alloc::rc::Rc;
use core::cell::RefCell;
use core::fmt::Display;

use crate::errors::Stage;
use crate::http::HttpStatus;
use crate::sensor::{Sensor, Stream, TopicPartition};
use crate::tokens::{AssignmentState, EventState, Message, RebalanceState, WebRequestState};

/// Passes every hook on to the sensor that `$sensor` gives of `$this`.
macro_rules! forward {
    ($(#[$doc:meta])* $pointer:ty: |$this:ident| $sensor:expr) => {
        forward! { @hooks [$(#[$doc])* $pointer] [$this] [$sensor]
            time() -> f64;
            on_message_in(tp: TopicPartition<'_>, offset: u64, message: &mut Message) -> ();
            on_stream_event_in(tp: TopicPartition<'_>, offset: u64, stream: Stream<'_>) -> Option<EventState>;
            on_stream_event_out(tp: TopicPartition<'_>, offset: u64, stream: Stream<'_>, state: Option<&mut EventState>) -> ();
            on_message_out(tp: TopicPartition<'_>, offset: u64, message: &mut Message) -> ();
            on_topic_buffer_full(topic: &str) -> ();
            on_table_get(table: &str) -> ();
            on_table_set(table: &str) -> ();
            on_table_del(table: &str) -> ();
            on_commit_initiated() -> Option<f64>;
            on_commit_completed(state: Option<f64>) -> ();
            on_send_initiated(topic: &str, keysize: usize, valsize: usize) -> Option<f64>;
            on_send_completed(state: Option<f64>) -> ();
            on_send_error(error: &dyn Display, state: Option<f64>) -> ();
            count(name: &str, n: i64) -> ();
            on_tp_commit(offsets: &[(TopicPartition<'_>, u64)]) -> ();
            track_tp_end_offset(tp: TopicPartition<'_>, offset: u64) -> ();
            on_assignment_start() -> AssignmentState;
            on_assignment_completed(state: Option<&mut AssignmentState>) -> ();
            on_assignment_error(state: Option<&mut AssignmentState>, error: &dyn Display) -> ();
            on_rebalance_start(rebalances: Option<u64>) -> RebalanceState;
            on_rebalance_return(state: Option<&mut RebalanceState>) -> ();
            on_rebalance_end(state: Option<&mut RebalanceState>) -> ();
            on_web_request_start() -> WebRequestState;
            on_web_request_end(status: Option<HttpStatus>, state: Option<&mut WebRequestState>) -> ();
            on_partitions_assigned(partitions: &[TopicPartition<'_>]) -> ();
            on_partitions_revoked(partitions: &[TopicPartition<'_>]) -> ();
            on_partitions_lost(partitions: &[TopicPartition<'_>]) -> ();
            on_error(stage: Stage, kind: &str, tp: Option<TopicPartition<'_>>) -> ();
            on_retry(tp: Option<TopicPartition<'_>>) -> ();
            on_dead_letter(tp: Option<TopicPartition<'_>>) -> ();
            on_position(tp: TopicPartition<'_>, offset: u64) -> ();
            on_heartbeat() -> ();
            on_pause(partitions: &[TopicPartition<'_>]) -> ();
            on_resume(partitions: &[TopicPartition<'_>]) -> ();
            on_poll(records: u64, bytes: Option<u64>) -> ();
            on_threaded_producer_buffer_processed(size: usize) -> ();
        }
    };
    (@hooks [$(#[$doc:meta])* $pointer:ty] $this:tt $sensor:tt $($hook:ident $arguments:tt -> $gives:ty;)+) => {
        $(#[$doc])*
        impl<S: Sensor + ?Sized> Sensor for $pointer {
            $(forward! { @hook $this $sensor $hook $arguments -> $gives })+
        }
    };
    (@hook [$this:ident] [$sensor:expr] $hook:ident($($argument:ident: $of:ty),*) -> $gives:ty) => {
        #[inline]
        fn $hook(&mut self $(, $argument: $of)*) -> $gives {
            let $this = self;
            $sensor.$hook($($argument),*)
        }
    };
}

forward! { &mut S: |this| (**this) }

forward! { Box<S>: |this| (**this) }

forward! {
    /// # Panics
    /// As `RefCell::borrow_mut` does, where a hook is called while the sensor is borrowed.
    Rc<RefCell<S>>: |this| this.borrow_mut()
}

#[cfg(feature = "std")]
forward! {
    /// Waits for the lock. One that a panic left poisoned is taken all the same.
    std::sync::Arc<std::sync::Mutex<S>>: |this| this.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use alloc::boxed::Box;
    use alloc::rc::Rc;
    use core::cell::RefCell;
    use std::sync::{Arc, Mutex};

    use crate::{Figures, HttpStatus, Monitor, Sensor, SensorDelegate};

    #[test]
    fn every_pointer_passes_hooks_and_tokens_on() {
        let mut lent = Monitor::new(|| 1.0);
        let mut in_a_box = Monitor::new(|| 1.0);
        let boxed: Box<dyn Sensor + '_> = Box::new(&mut in_a_box);
        let shared = Rc::new(RefCell::new(Monitor::new(|| 1.0)));
        let locked = Arc::new(Mutex::new(Monitor::new(|| 1.0)));
        let mut sensors = SensorDelegate::default();
        sensors.add(&mut lent);
        sensors.add(boxed);
        sensors.add(shared.clone());
        sensors.add(locked.clone());
        let mut state = sensors.on_web_request_start();
        sensors.on_web_request_end(None, Some(&mut state));
        drop(sensors);
        let counted_once = |figures: &Figures| {
            assert_eq!(
                figures.http_response_codes().get(HttpStatus::NO_RESPONSE),
                1
            );
            assert_eq!(figures.anomalies().total(), 0);
        };
        counted_once(&lent);
        counted_once(&in_a_box);
        counted_once(&shared.borrow());
        counted_once(&locked.lock().unwrap());
    }
}
