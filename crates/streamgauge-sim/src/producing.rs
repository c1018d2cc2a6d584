//! Producers: how fast, into which partition, and what they hold back while a broker is stalled.

use alloc::string::String;
use alloc::vec::Vec;

use crate::event::Event;
use crate::particles::{NO_PARTICLE, Stage};
use crate::partition::{Entry, PartitionIndex};
use crate::random::Random;
use crate::scenario::{Pace, ProducerPlan, Rhythm};
use crate::simulation::Simulation;
use crate::topic::Topic;

/// Records that producers hold back for one partition at most.
const MOST_HELD: usize = 10_000;

/// A producer at work.
#[derive(Debug)]
pub(crate) struct Producer {
    pub(crate) name: String,
    pub(crate) pace: Pace,
    /// The topics that it writes to, and for each the partitions of it and those before it.
    topics: Vec<(usize, usize)>,
    poison_share: f64,
    /// Counts the changes of its pace, which make an arrival that was planned before void.
    era: u32,
    pub(crate) produced: u64,
}

impl Producer {
    pub(crate) fn new(plan: &ProducerPlan, topics: &[Topic]) -> Self {
        let mut sum = 0;
        let writes_to = |topic: &Topic| plan.topics.is_empty() || plan.topics.contains(&topic.name);
        let chosen = topics
            .iter()
            .enumerate()
            .filter(|(_, topic)| writes_to(topic));
        let topics = chosen.map(|(place, topic)| {
            sum += topic.partitions as usize;
            (place, sum)
        });
        Self {
            name: plan.name.clone(),
            pace: plan.pace,
            topics: topics.collect(),
            poison_share: plan.poison_share,
            era: 0,
            produced: 0,
        }
    }

    /// The topic of the next record: each by its share of the partitions.
    fn draw_topic(&self, random: &mut Random) -> usize {
        let all = self.topics.last().map_or(0, |(_, sum)| *sum);
        let place = match self.topics.len() {
            1 => 0,
            _ => random.below(all),
        };
        let found = self.topics.iter().find(|(_, sum)| place < *sum);
        found.map_or(0, |(topic, _)| *topic)
    }
}

impl Pace {
    /// Records per second at a moment.
    pub(crate) fn rate_at(&self, now: f64) -> f64 {
        match self.rhythm {
            Rhythm::Constant | Rhythm::Poisson => self.per_second,
            Rhythm::Bursty {
                times,
                every,
                length,
            } => match now % every < length {
                true => self.per_second * times,
                false => self.per_second,
            },
            Rhythm::Daily { swing, period } => {
                let angle = 2.0 * core::f64::consts::PI * (now % period) / period;
                self.per_second * (1.0 - swing * libm::cos(angle))
            }
        }
    }

    /// Seconds until the next record.
    fn draw(&self, now: f64, random: &mut Random) -> f64 {
        match self.rhythm {
            Rhythm::Constant => 1.0 / self.per_second,
            Rhythm::Poisson => random.exponential(1.0 / self.per_second),
            Rhythm::Bursty { every, length, .. } => {
                let mut from = now;
                loop {
                    let next = from + random.exponential(1.0 / self.rate_at(from));
                    // Beyond the change of pace it is drawn anew: a Poisson process has no memory.
                    let start = from - from % every;
                    let mut change = start + length;
                    if change <= from {
                        change = start + every;
                    }
                    if next <= change || change <= from {
                        return next - now;
                    }
                    from = change;
                }
            }
            Rhythm::Daily { swing, .. } => {
                let most = self.per_second * (1.0 + swing);
                let mut next = now;
                loop {
                    next += random.exponential(1.0 / most);
                    if random.chance(self.rate_at(next) / most) {
                        return next - now;
                    }
                }
            }
        }
    }
}

impl Simulation {
    pub(crate) fn plan_arrival(&mut self, producer: usize) {
        let Self {
            producers,
            arrivals,
            now,
            ..
        } = self;
        let Producer { pace, era, .. } = &producers[producer];
        if pace.per_second > 0.0 {
            let (seconds, era) = (pace.draw(*now, &mut arrivals[producer]), *era);
            self.after(seconds, Event::Arrival { producer, era });
        }
    }

    /// Another rate from now on.
    pub(crate) fn change_pace(&mut self, producer: usize, per_second: f64) {
        let changed = &mut self.producers[producer];
        changed.pace.per_second = per_second;
        self.scenario.producers[producer].pace.per_second = per_second;
        // The next arrival was drawn at the old rate.
        changed.era = changed.era.wrapping_add(1);
        self.plan_arrival(producer);
    }

    pub(crate) fn arrive(&mut self, producer: usize, era: u32) {
        let Self {
            producers,
            arrivals,
            topics,
            ..
        } = self;
        let from = &mut producers[producer];
        if from.era != era {
            return;
        }
        from.produced += 1;
        let random = &mut arrivals[producer];
        let topic = &mut topics[from.draw_topic(random)];
        let (_, log) = topic.draw(random);
        let mut poison = from.poison_share > 0.0 && random.chance(from.poison_share);
        if topic.poison > 0 {
            topic.poison -= 1;
            poison = true;
        }
        self.plan_arrival(producer);

        // Each group reads it for itself, and is followed for itself.
        let is_followed = self.particles.is_next_followed();
        for reader in 0..self.logs[log].readers.len() {
            let partition = self.logs[log].readers[reader];
            let particle = match is_followed {
                true => self.particles.born(self.now, producer as u32, partition),
                false => NO_PARTICLE,
            };
            self.offer(partition, Entry::new(self.now, poison, particle));
        }
    }

    /// A record for a partition, whose broker may not answer.
    fn offer(&mut self, partition: PartitionIndex, entry: Entry) {
        let into = &mut self.partitions[partition];
        if !self.brokers[into.broker].is_stalled(self.now) {
            self.append(partition, entry);
            self.record_waits(partition);
        } else if into.held.len() < MOST_HELD {
            into.held.push_back(entry);
        } else {
            self.groups[into.group].counted.refused += 1;
            self.particles.refused(entry.particle, self.now);
        }
    }

    pub(crate) fn append(&mut self, partition: PartitionIndex, entry: Entry) {
        let into = &mut self.partitions[partition];
        let group = &mut self.groups[into.group];
        self.particles
            .appended(entry.particle, into.end(), self.now);
        into.append(entry);
        group.open.add(self.now);
        if let Some((taken, offset)) = into.expire(self.scenario.brokers.retention) {
            group.counted.expired += 1;
            if !taken.settled {
                group.counted.lost += 1;
                group.open.remove(1, self.now);
            }
            self.particles
                .set(taken.particle, offset, Stage::Lost, None, self.now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::arrivals;

    /// Records in each of `bins` bins of `width` seconds.
    fn counts(pace: Pace, bins: usize, width: f64) -> Vec<u32> {
        let mut random = arrivals(9, 1).remove(0);
        let mut counts = vec![0; bins];
        let mut now = 0.0;
        loop {
            now += pace.draw(now, &mut random);
            match counts.get_mut((now / width) as usize) {
                Some(count) => *count += 1,
                None => return counts,
            }
        }
    }

    #[test]
    fn a_constant_pace_is_constant() {
        let pace = Pace {
            per_second: 8.0,
            rhythm: Rhythm::Constant,
        };
        assert_eq!(counts(pace, 4, 1.0)[1..], [8, 8, 8]);
    }

    #[test]
    fn bursts_come_when_they_are_due() {
        let rhythm = Rhythm::Bursty {
            times: 10.0,
            every: 60.0,
            length: 5.0,
        };
        let bins = counts(
            Pace {
                per_second: 100.0,
                rhythm,
            },
            240,
            5.0,
        );
        for (place, count) in bins.into_iter().enumerate() {
            let expected = if place % 12 == 0 { 5_000.0 } else { 500.0 };
            let off = (f64::from(count) - expected).abs() / f64::sqrt(expected);
            assert!(off < 4.5, "{place}: {count}");
        }
    }

    #[test]
    fn a_day_swings_from_low_to_high_and_keeps_its_mean() {
        let rhythm = Rhythm::Daily {
            swing: 0.8,
            period: 800.0,
        };
        let bins = counts(
            Pace {
                per_second: 100.0,
                rhythm,
            },
            8,
            100.0,
        );
        let all: u32 = bins.iter().sum();
        assert!((79_000..81_000).contains(&all), "{all}");
        assert!(
            bins[0] < 4_000 && bins[3] > 16_000 && bins[4] > 16_000 && bins[7] < 4_000,
            "{bins:?}"
        );
    }
}
