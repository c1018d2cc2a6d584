//! What will happen, earliest first.

use alloc::collections::BinaryHeap;
use core::cmp::{Ordering, Reverse};

use crate::event::Event;

/// The events to come. Those of one moment come in the order in which they were planned, and then
/// its commands: one that is planned beforehand finds what one that is given live would find.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    heap: BinaryHeap<Reverse<Planned>>,
    planned: u64,
}

#[derive(Debug)]
struct Planned {
    time: f64,
    number: u64,
    event: Event,
}

impl Schedule {
    pub(crate) fn at(&mut self, time: f64, event: Event) {
        let number = self.planned;
        self.planned += 1;
        self.heap.push(Reverse(Planned {
            time,
            number,
            event,
        }));
    }

    /// When the next event is.
    pub(crate) fn next_time(&self) -> Option<f64> {
        self.heap.peek().map(|Reverse(next)| next.time)
    }

    pub(crate) fn pop(&mut self) -> Option<(f64, Event)> {
        self.heap.pop().map(|Reverse(next)| (next.time, next.event))
    }
}

impl Planned {
    fn is_command(&self) -> bool {
        matches!(self.event, Event::Command { .. })
    }
}

impl Ord for Planned {
    fn cmp(&self, other: &Self) -> Ordering {
        self.time
            .total_cmp(&other.time)
            .then(self.is_command().cmp(&other.is_command()))
            .then(self.number.cmp(&other.number))
    }
}

impl PartialOrd for Planned {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Planned {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Planned {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn earliest_first_and_ties_in_the_order_of_planning() {
        let mut schedule = Schedule::default();
        for (time, worker) in [(2.0, 0), (1.0, 1), (1.0, 2), (0.5, 3)] {
            schedule.at(time, Event::BrokerBack { broker: worker });
        }
        let mut order = Vec::new();
        while let Some((_, Event::BrokerBack { broker: worker })) = schedule.pop() {
            order.push(worker);
        }
        assert_eq!(order, [3, 1, 2, 0]);
    }

    #[test]
    fn a_command_comes_after_all_else_of_its_moment() {
        let mut schedule = Schedule::default();
        schedule.at(1.0, Event::Command { place: 0 });
        schedule.at(1.0, Event::Command { place: 1 });
        schedule.at(1.0, Event::Tick);
        schedule.at(2.0, Event::Tick);
        let mut order = Vec::new();
        while let Some((time, event)) = schedule.pop() {
            order.push(match event {
                Event::Command { place } => (time, Some(place)),
                _ => (time, None),
            });
        }
        let expected = [(1.0, None), (1.0, Some(0)), (1.0, Some(1)), (2.0, None)];
        assert_eq!(order, expected);
    }
}
