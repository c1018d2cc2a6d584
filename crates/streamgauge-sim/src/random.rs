//! Random numbers that are the same everywhere.

use alloc::vec::Vec;

use crate::scenario::{Shape, Spread};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// One stream of random numbers.
#[derive(Debug, Clone)]
pub(crate) struct Random(Xoshiro256PlusPlus);

impl Random {
    /// Uniform in 0 (included) to 1 (excluded), with all 53 bits that an f64 can hold there.
    pub(crate) fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with the given probability.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// A whole number below `bound`, all equally likely but for 2^-32.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (((self.0.next_u64() >> 32) * bound as u64) >> 32) as usize
    }

    /// Exponential: the time until the next event of a Poisson process.
    pub(crate) fn exponential(&mut self, mean: f64) -> f64 {
        -mean * libm::log(1.0 - self.uniform())
    }

    /// Log-normal by its mean and the standard deviation of its logarithm.
    pub(crate) fn log_normal(&mut self, mean: f64, shape: f64) -> f64 {
        mean * libm::exp(shape * self.normal() - shape * shape / 2.0)
    }

    /// Pareto by its mean and exponent, which is over 1.
    pub(crate) fn pareto(&mut self, mean: f64, alpha: f64) -> f64 {
        let least = mean * (alpha - 1.0) / alpha;
        least * libm::exp(-libm::log(1.0 - self.uniform()) / alpha)
    }

    /// A time that is spread so.
    pub(crate) fn spread(&mut self, spread: &Spread) -> f64 {
        match spread.shape {
            Shape::Constant => spread.mean,
            Shape::Exponential => self.exponential(spread.mean),
            Shape::LogNormal { sigma } => self.log_normal(spread.mean, sigma),
            Shape::Pareto { alpha } => self.pareto(spread.mean, alpha),
        }
    }

    /// Standard normal, by Box and Muller's method.
    fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.uniform()));
        radius * libm::cos(2.0 * core::f64::consts::PI * self.uniform())
    }
}

/// How many streams a group has.
const OF_A_GROUP: usize = 7;

/// A group's: a stream for each purpose, so that a change in one (more messages) does not shuffle the others
/// (when web requests come).
#[derive(Debug, Clone)]
pub(crate) struct GroupStreams {
    pub(crate) failures: Random,
    pub(crate) handlers: Random,
    pub(crate) tables: Random,
    pub(crate) sends: Random,
    pub(crate) commits: Random,
    pub(crate) web: Random,
    pub(crate) rebalances: Random,
}

/// Streams that never overlap: each starts 2^128 numbers after the one before.
struct Jumps(Xoshiro256PlusPlus);

impl Jumps {
    fn next(&mut self) -> Random {
        let stream = self.0.clone();
        self.0.jump();
        Random(stream)
    }
}

impl GroupStreams {
    /// Each group's start 2^192 numbers after those of the one before.
    pub(crate) fn new(seed: u64, group: usize) -> Self {
        let mut jumps = Jumps(Xoshiro256PlusPlus::seed_from_u64(seed));
        for _ in 0..group {
            jumps.0.long_jump();
        }
        Self {
            failures: jumps.next(),
            handlers: jumps.next(),
            tables: jumps.next(),
            sends: jumps.next(),
            commits: jumps.next(),
            web: jumps.next(),
            rebalances: jumps.next(),
        }
    }
}

/// One for each producer, behind those of the first group.
pub(crate) fn arrivals(seed: u64, producers: usize) -> Vec<Random> {
    let mut jumps = Jumps(Xoshiro256PlusPlus::seed_from_u64(seed));
    for _ in 0..OF_A_GROUP {
        jumps.0.jump();
    }
    (0..producers).map(|_| jumps.next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(mut draw: impl FnMut() -> f64) -> f64 {
        let draws = 200_000;
        (0..draws).map(|_| draw()).sum::<f64>() / f64::from(draws)
    }

    #[test]
    fn the_same_seed_gives_the_same_bits() {
        let mut random = GroupStreams::new(1, 0).handlers;
        let draws = [
            random.uniform(),
            random.exponential(2.0),
            random.log_normal(2.0, 0.5),
        ];
        assert_eq!(
            draws.map(f64::to_bits),
            [
                0x3feb_5fb2_5e35_bff8,
                0x3ff8_bd3e_5c1b_b679,
                0x400b_af43_d667_6143
            ]
        );
    }

    #[test]
    fn distributions_have_their_means() {
        let mut streams = GroupStreams::new(3, 0);
        let mut arrivals = arrivals(3, 1);
        let exponential = mean(|| streams.handlers.exponential(0.25));
        assert!((exponential - 0.25).abs() < 0.003, "{exponential}");
        let log_normal = mean(|| streams.handlers.log_normal(0.25, 1.0));
        assert!((log_normal - 0.25).abs() < 0.005, "{log_normal}");
        let pareto = mean(|| streams.handlers.pareto(0.25, 3.0));
        assert!((pareto - 0.25).abs() < 0.005, "{pareto}");
        let below = mean(|| arrivals[0].below(8) as f64);
        assert!((below - 3.5).abs() < 0.02, "{below}");
        let chance = mean(|| f64::from(u8::from(streams.web.chance(0.1))));
        assert!((chance - 0.1).abs() < 0.003, "{chance}");
    }

    #[test]
    fn the_streams_differ() {
        let streams = [0, 1].map(|group| GroupStreams::new(1, group).rebalances.uniform());
        assert_ne!(streams[0], streams[1]);
        assert_ne!(
            arrivals(1, 1)[0].uniform(),
            GroupStreams::new(1, 0).handlers.uniform()
        );
    }
}
