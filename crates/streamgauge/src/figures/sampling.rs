//! The once-a-second tick: Faust's sampler, and what else moves with time.

use super::Figures;
use crate::counters::LabelSlot;
use crate::health::{Reason, Status};
use crate::holding::Claim;
use crate::partitions::PartitionIndex;

/// Seconds between two looks for idle series, at least.
const SWEEP_SECONDS: f64 = 5.0;

/// A partition's health, or the whole group's, is another now, and has been for `health_hold`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HealthChange<'a> {
    /// Whose; `None` for all of this worker's partitions together.
    pub partition: Option<(&'a str, u32)>,
    /// What was told last; at first it is taken to be ok.
    pub before: Status,
    /// What it is.
    pub after: Status,
    /// Why. Of the group: that of its worst partition.
    pub reason: Reason,
    /// Of the group: that partition, where there is any.
    pub worst: Option<(&'a str, u32)>,
}

impl Figures {
    /// The totals that have rates, in the order of `Flow`.
    pub(crate) fn flows(&self) -> [u64; 5] {
        [
            self.messages_received_total,
            self.messages_sent,
            self.events_total,
            self.beyond.errors_total,
            self.beyond.busy.nanoseconds(),
        ]
    }

    /// The once-a-second tick.
    ///
    /// Faust's part: every `*_avg` becomes the median of its deque, where that is not empty, and
    /// `messages_s` and `events_s` the growth since the tick before, whatever time passed. Formula:
    /// Faust's `Monitor._sample`.
    ///
    /// Beyond it: rates over the time that passed, the last minute of the histograms, the lag's
    /// slope; every few seconds idle labels fold into `(other)` and partitions that are no longer
    /// owned go. Whoever keeps numbers of labels or partitions looks at
    /// [`revision`](Self::revision) after it.
    ///
    /// Costs 1 to 2 us with full deques, and some nanoseconds for each partition and label.
    pub fn sample(&mut self, now: f64) {
        let now = self.reading(now);
        self.beyond.busy.settle(self.messages_active > 0, now);
        self.sample_medians();
        let flows = self.flows();
        self.beyond.rates.sample(flows, now);
        self.beyond.latencies.rotate(now);
        for partition in self.partitions.each_mut() {
            partition.holding.tick(now);
        }
        if (now - self.beyond.swept_at).abs() >= SWEEP_SECONDS {
            self.beyond.swept_at = now;
            self.fold_idle_labels(now);
            self.let_partitions_go(now);
        }
    }

    fn fold_idle_labels(&mut self, now: f64) {
        let idle = self.limits.label_idle;
        if idle == 0.0 {
            return;
        }
        let mut folded_topics = false;
        self.messages_received_by_topic
            .fold_idle(now, idle, &mut |_| folded_topics = true);
        if folded_topics {
            for partition in self.partitions.each_mut() {
                partition.received_slot = None;
            }
        }
        let beyond = &mut self.beyond;
        let streams = &mut beyond.latencies.event_runtime;
        self.events_by_stream
            .fold_idle(now, idle, &mut |slot| streams.fold(slot));
        let nobody = &mut |_: LabelSlot| {};
        for family in [
            &mut self.events_by_task,
            &mut self.messages_sent_by_topic,
            &mut self.topic_buffer_full,
            &mut beyond.errors_by_topic,
            &mut beyond.retries_by_topic,
            &mut beyond.dead_letters_by_topic,
            &mut beyond.buffer_full,
        ] {
            family.fold_idle(now, idle, nobody);
        }
        self.tables.fold_idle(now, idle, nobody);
        // What a program counts itself may stand still and be true: it makes room only where room
        // gets scarce.
        let scarce = self.metric_counts.is_crowded();
        let metrics_idle = if scarce { idle } else { f64::INFINITY };
        self.metric_counts.fold_idle(now, metrics_idle, nobody);
        beyond.errors.fold_idle(now, idle, nobody);
    }

    /// Partitions that were taken go after a while; so do those that nobody assigned and that
    /// nothing came from since a rebalance.
    fn let_partitions_go(&mut self, now: f64) {
        let idle = self.limits.partition_idle;
        if idle == 0.0 {
            return;
        }
        let rebalanced_at = self.beyond.rebalances.ended_at;
        for number in 0..self.partitions.index_count() {
            let index = PartitionIndex::new(number);
            let Some(partition) = self.partitions.at(index) else {
                continue;
            };
            let touched = partition.holding.touched();
            let goes = match partition.holding.claim() {
                Claim::Owned => false,
                Claim::Taken => now - touched > idle,
                Claim::Presumed => rebalanced_at.is_some_and(|at| {
                    let is_silent = touched < at && now - at > idle;
                    is_silent && !partition.holding.is_waited_for(now - idle)
                }),
            };
            if !goes {
                continue;
            }
            let is_shown = partition.is_shown() && partition.holding.claim() == Claim::Presumed;
            partition.holding.taken(now);
            partition.holding.comes_back();
            if !is_shown {
                self.partitions.forget(index);
            }
        }
    }

    /// Changes whenever a number of a label or partition may have got another meaning.
    pub fn revision(&self) -> u32 {
        let beyond = &self.beyond;
        [
            self.partitions.revision(),
            self.messages_received_by_topic.revision(),
            self.messages_sent_by_topic.revision(),
            self.events_by_stream.revision(),
            self.events_by_task.revision(),
            self.topic_buffer_full.revision(),
            self.tables.revision(),
            self.metric_counts.revision(),
            beyond.errors.revision(),
            beyond.errors_by_topic.revision(),
            beyond.retries_by_topic.revision(),
            beyond.dead_letters_by_topic.revision(),
        ]
        .into_iter()
        .fold(0, u32::wrapping_add)
    }

    /// Judges every partition and tells of each status that changed, and has held since for
    /// `health_hold`; then of the worst one, which is the group's. Call it after
    /// [`sample`](Self::sample). Costs about 20 ns a partition.
    pub fn health_changes(&mut self, now: f64, mut changed: impl FnMut(HealthChange<'_>)) {
        let now = self.reading(now);
        let (allowed, hold) = (self.limits.allowed_lag, self.limits.health_hold);
        let are_told = self.beyond.moves.are_told;
        let mut worst: Option<(Reason, PartitionIndex)> = None;
        for number in 0..self.partitions.index_count() {
            let index = PartitionIndex::new(number);
            let Some(partition) = self.partitions.at(index) else {
                continue;
            };
            let reason = if partition.holding.is_held(are_told) {
                let reason = partition.holding.judge(allowed, now).reason;
                if worst.is_none_or(|(worst, _)| reason.status() > worst.status()) {
                    worst = Some((reason, index));
                }
                reason
            } else {
                // What was told of it ends.
                Reason::NotHeld
            };
            let told = partition.holding.status_changed(reason.status(), now, hold);
            if let Some((before, after)) = told
                && let Some(partition) = self.partitions.name_of(index)
            {
                changed(HealthChange {
                    partition: Some(partition),
                    before,
                    after,
                    reason,
                    worst: None,
                });
            }
        }
        let reason = worst.map_or(Reason::NotHeld, |(reason, _)| reason);
        let told = self.beyond.group_status.update(reason.status(), now, hold);
        if let Some((before, after)) = told {
            changed(HealthChange {
                partition: None,
                before,
                after,
                reason,
                worst: worst.and_then(|(_, index)| self.partitions.name_of(index)),
            });
        }
    }
}
