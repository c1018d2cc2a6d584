//! What a scenario is where nothing else is said.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::{
    Assignor, BrokerPlan, ErrorShares, GroupPlan, HandlerPlan, KeyPlan, Pace, ProducerPlan, Rhythm,
    Scenario, Shape, Spread, TopicPlan, WebPlan,
};

/// The name of a group that is not named.
pub(crate) const UNNAMED: &str = "workers";

impl Default for Scenario {
    fn default() -> Self {
        Self {
            title: String::new(),
            lesson: String::new(),
            claim: String::new(),
            seed: 1,
            seconds: 300.0,
            epoch: 1_767_225_600.0,
            topics: vec![TopicPlan::new("orders"), TopicPlan::new("payments")],
            producers: vec![ProducerPlan::new("producer-0", 100.0)],
            brokers: BrokerPlan::default(),
            groups: vec![GroupPlan::default()],
            handler: HandlerPlan::default(),
            web: WebPlan::default(),
            errors: ErrorShares::default(),
            commands: Vec::new(),
        }
    }
}

impl ProducerPlan {
    /// A Poisson process over all topics.
    pub fn new(name: &str, per_second: f64) -> Self {
        Self {
            name: name.into(),
            topics: Vec::new(),
            pace: Pace {
                per_second,
                rhythm: Rhythm::Poisson,
            },
            poison_share: 0.0,
        }
    }
}

impl Default for KeyPlan {
    fn default() -> Self {
        Self {
            count: 1_000,
            skew: 1.0,
        }
    }
}

impl Default for BrokerPlan {
    fn default() -> Self {
        Self {
            count: 3,
            fetch_seconds: 0.005,
            commit_seconds: 0.015,
            send_seconds: 0.006,
            retention: 100_000,
        }
    }
}

impl Default for GroupPlan {
    fn default() -> Self {
        Self {
            name: UNNAMED.into(),
            topics: Vec::new(),
            workers: 2,
            assignor: Assignor::RoundRobin,
            concurrency: 1,
            buffer: 100,
            fetch_records: 500,
            commit_interval: 2.0,
            heartbeat_interval: 3.0,
            session_timeout: 10.0,
            rebalance_timeout: 60.0,
            handler: None,
        }
    }
}

impl Default for HandlerPlan {
    fn default() -> Self {
        Self {
            time: Spread::log_normal(0.01, 0.5),
            retries: 3,
            backoff: 0.1,
            table_gets: 1,
            table_sets: 1,
            sends: 1.0,
        }
    }
}

impl Spread {
    /// Log-normal by its mean and the standard deviation of its logarithm.
    pub const fn log_normal(mean: f64, sigma: f64) -> Self {
        Self {
            mean,
            shape: Shape::LogNormal { sigma },
        }
    }

    /// Exponential.
    pub const fn exponential(mean: f64) -> Self {
        Self {
            mean,
            shape: Shape::Exponential,
        }
    }
}

impl Default for WebPlan {
    fn default() -> Self {
        Self {
            per_second: 2.0,
            time: Spread::log_normal(0.02, 0.6),
        }
    }
}

impl Default for ErrorShares {
    fn default() -> Self {
        Self {
            handler: 0.0,
            send: 0.01,
            commit: 0.0,
            web: 0.01,
            assignment: 0.01,
        }
    }
}
