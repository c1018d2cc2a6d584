//! A topic: its names, and which partition a record of it goes to.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::random::Random;
use crate::scenario::{KeyPlan, TopicPlan};

/// The key of a record that has none.
pub(crate) const NO_KEY: u32 = u32::MAX;

/// A topic, and what the workers call the things around it.
#[derive(Debug)]
pub(crate) struct Topic {
    /// The topic itself.
    pub(crate) name: String,
    /// The stream that consumes it.
    pub(crate) stream: String,
    /// The task that works on the stream.
    pub(crate) task: String,
    /// The table that the task keeps.
    pub(crate) table: String,
    /// The topic that results are sent to.
    pub(crate) results: String,
    /// The topic that dead letters are sent to.
    pub(crate) dead_letters: String,
    /// What the task counts by itself.
    pub(crate) metric: String,
    /// The first of its partitions among all that there are.
    pub(crate) first: usize,
    pub(crate) partitions: u32,
    /// Where there are keys: the share of the first n of them, for each n.
    cumulative: Vec<f64>,
    /// The share of records that get one and the same key.
    pub(crate) hot_share: f64,
    /// So many of the next records are poison.
    pub(crate) poison: u32,
}

impl Topic {
    pub(crate) fn new(plan: &TopicPlan, first: usize) -> Self {
        let name = &plan.name;
        Self {
            name: name.clone(),
            stream: format!("{name}-stream"),
            task: format!("{name}-task"),
            table: format!("{name}-table"),
            results: format!("{name}-results"),
            dead_letters: format!("{name}-dead-letters"),
            metric: format!("{name}-large"),
            first,
            partitions: plan.partitions,
            cumulative: plan.keys.map_or_else(Vec::new, zipf),
            hot_share: 0.0,
            poison: 0,
        }
    }

    /// A new record's key, and its partition among all that there are.
    pub(crate) fn draw(&self, random: &mut Random) -> (u32, usize) {
        if self.hot_share > 0.0 && random.chance(self.hot_share) {
            return (0, self.partition_of(0));
        }
        if self.cumulative.is_empty() {
            return (NO_KEY, self.first + random.below(self.partitions as usize));
        }
        let place = random.uniform();
        let last = self.cumulative.len() - 1;
        let key = self
            .cumulative
            .partition_point(|share| *share <= place)
            .min(last) as u32;
        (key, self.partition_of(key))
    }

    /// Keys are spread over the partitions by a hash (that of SplitMix64).
    fn partition_of(&self, key: u32) -> usize {
        let mut hash = (u64::from(key) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        hash ^= hash >> 31;
        self.first + (hash % u64::from(self.partitions)) as usize
    }
}

/// Zipf's law.
fn zipf(plan: KeyPlan) -> Vec<f64> {
    let mut sum = 0.0;
    let mut cumulative = Vec::with_capacity(plan.count as usize);
    for rank in 1..=plan.count {
        sum += libm::exp(-plan.skew * libm::log(f64::from(rank)));
        cumulative.push(sum);
    }
    for share in &mut cumulative {
        *share /= sum;
    }
    cumulative
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::arrivals;

    #[test]
    fn keys_are_as_frequent_as_zipf_says_and_stay_in_their_partition() {
        let mut plan = TopicPlan::new("orders");
        plan.keys = Some(KeyPlan {
            count: 100,
            skew: 1.0,
        });
        let topic = Topic::new(&plan, 8);
        let mut random = arrivals(5, 1).remove(0);
        let mut counts = [0_u32; 100];
        let mut partitions = [None; 100];
        for _ in 0..100_000 {
            let (key, partition) = topic.draw(&mut random);
            counts[key as usize] += 1;
            let known = partitions[key as usize].get_or_insert(partition);
            assert_eq!(*known, partition);
            assert!((8..12).contains(&partition));
        }
        // The sum of 1/n up to 100 is 5.187.
        for (rank, expected) in [(1.0, 19_278.0), (2.0, 9_639.0), (10.0, 1_928.0)] {
            let count = f64::from(counts[rank as usize - 1]);
            assert!((count / expected - 1.0_f64).abs() < 0.08, "{rank}: {count}");
        }
    }

    #[test]
    fn a_hot_key_takes_its_share() {
        let mut topic = Topic::new(&TopicPlan::new("orders"), 0);
        topic.hot_share = 0.7;
        let mut random = arrivals(5, 1).remove(0);
        let hot = (0..10_000)
            .filter(|_| topic.draw(&mut random).0 == 0)
            .count();
        assert!((6_850..7_150).contains(&hot), "{hot}");
    }
}
