//! What a simulation can be told when it is made.

use crate::error::Error;

/// The most topics.
pub const MAX_TOPICS: usize = 64;
/// The longest topic name, in characters; Kafka's own limit.
pub const MAX_TOPIC_CHARACTERS: usize = 249;
/// The most partitions per topic.
pub const MAX_PARTITIONS: u32 = 1_024;
/// The most workers.
pub const MAX_WORKERS: u32 = 64;
/// The most records that one worker handles at a time.
pub const MAX_CONCURRENCY: u32 = 1_024;
/// The largest buffer per topic, in records.
pub const MAX_BUFFER: u32 = 1_000_000;
/// The highest rate, per second.
pub const MAX_RATE: f64 = 1_000_000.0;
/// The longest duration, in seconds: a day. Also the most that one call may advance.
pub const MAX_SECONDS: f64 = 86_400.0;

/// The distribution of the time that handling one record takes. Its mean is
/// [`SimulationOptions::handler_latency`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HandlerTime {
    /// Always the mean.
    Constant,
    /// Exponential: with one topic and one partition, the server of an M/M/1 queue.
    Exponential,
    /// Log-normal. `shape` is the standard deviation of the logarithm: 0 is constant, from 1 on the
    /// tail is heavy.
    LogNormal {
        /// The standard deviation of the logarithm, 0 to 4.
        shape: f64,
    },
}

/// What to simulate. All times are seconds, all rates are per second.
///
/// ```
/// use streamgauge_sim::{Simulation, SimulationOptions};
/// let options = SimulationOptions { error_rate: 1.5, ..Default::default() };
/// let error = Simulation::new(&options).unwrap_err();
/// assert_eq!(error.to_string(), "error_rate must be a number in 0..=1, got 1.5");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SimulationOptions {
    /// What all random numbers start from. 1.
    pub seed: u64,
    /// The topics that are consumed. Each also has a stream, a table and a topic that its results
    /// are sent to, named after it. `orders` and `payments`.
    pub topics: Vec<String>,
    /// Partitions per topic. 4.
    pub partitions: u32,
    /// Workers in the consumer group. 2.
    pub workers: u32,
    /// Records that a worker handles at a time. 1.
    pub concurrency: u32,
    /// Records appended per second, over all topics; their times are a Poisson process. 100.
    pub message_rate: f64,
    /// Mean time to handle one record. 0.01.
    pub handler_latency: f64,
    /// How that time is distributed. Log-normal of shape 0.5.
    pub handler_time: HandlerTime,
    /// The share of sends that fail and of web requests answered with 500; the assignor fails as
    /// often, at most twice in a row. 0.01.
    pub error_rate: f64,
    /// How many times slower the slow consumer is. 10.
    pub slow_factor: f64,
    /// Records that a worker buffers per topic before it stops fetching. 100.
    pub buffer_size: u32,
    /// Time from asking the broker for records to having them. 0.005.
    pub fetch_latency: f64,
    /// Time between commits. 2.
    pub commit_interval: f64,
    /// Web requests per second to each worker, a Poisson process. 2.
    pub web_request_rate: f64,
}

impl Default for SimulationOptions {
    fn default() -> Self {
        Self {
            seed: 1,
            topics: vec!["orders".into(), "payments".into()],
            partitions: 4,
            workers: 2,
            concurrency: 1,
            message_rate: 100.0,
            handler_latency: 0.01,
            handler_time: HandlerTime::LogNormal { shape: 0.5 },
            error_rate: 0.01,
            slow_factor: 10.0,
            buffer_size: 100,
            fetch_latency: 0.005,
            commit_interval: 2.0,
            web_request_rate: 2.0,
        }
    }
}

impl SimulationOptions {
    /// Whether a simulation can be made of them.
    ///
    /// # Errors
    /// The first field that is out of its bounds.
    pub fn check(&self) -> Result<(), Error> {
        check_topics(&self.topics)?;
        whole(
            "partitions",
            "a whole number in 1..=1024",
            self.partitions,
            MAX_PARTITIONS,
        )?;
        whole(
            "workers",
            "a whole number in 1..=64",
            self.workers,
            MAX_WORKERS,
        )?;
        whole(
            "concurrency",
            "a whole number in 1..=1024",
            self.concurrency,
            MAX_CONCURRENCY,
        )?;
        whole(
            "buffer_size",
            "a whole number in 1..=1000000",
            self.buffer_size,
            MAX_BUFFER,
        )?;
        check_rate("message_rate", self.message_rate)?;
        check_rate("web_request_rate", self.web_request_rate)?;
        check_error_rate(self.error_rate)?;
        check_seconds("handler_latency", self.handler_latency)?;
        check_seconds("fetch_latency", self.fetch_latency)?;
        number(
            "slow_factor",
            "a number in 1..=1000",
            self.slow_factor,
            1.0,
            1_000.0,
        )?;
        number(
            "commit_interval",
            "seconds in 0.01..=86400",
            self.commit_interval,
            0.01,
            MAX_SECONDS,
        )?;
        if let HandlerTime::LogNormal { shape } = self.handler_time {
            number(
                "handler_time",
                "log-normal with a shape in 0..=4",
                shape,
                0.0,
                4.0,
            )?;
        }
        Ok(())
    }
}

fn check_topics(topics: &[String]) -> Result<(), Error> {
    let expected = "1 to 64 different names of 1 to 249 characters";
    if topics.is_empty() || topics.len() > MAX_TOPICS {
        return Err(Error::new(
            "topics",
            expected,
            format_args!("{} of them", topics.len()),
        ));
    }
    for (place, topic) in topics.iter().enumerate() {
        let characters = topic.chars().count();
        if characters == 0 || characters > MAX_TOPIC_CHARACTERS {
            return Err(Error::new(
                "topics",
                expected,
                format_args!("one of {characters} characters"),
            ));
        }
        if topics[..place].contains(topic) {
            return Err(Error::new(
                "topics",
                expected,
                format_args!("{topic:?} twice"),
            ));
        }
    }
    Ok(())
}

pub(crate) fn check_rate(field: &'static str, rate: f64) -> Result<(), Error> {
    number(field, "a number in 0..=1000000", rate, 0.0, MAX_RATE)
}

pub(crate) fn check_error_rate(rate: f64) -> Result<(), Error> {
    number("error_rate", "a number in 0..=1", rate, 0.0, 1.0)
}

pub(crate) fn check_seconds(field: &'static str, seconds: f64) -> Result<(), Error> {
    number(field, "seconds in 0..=86400", seconds, 0.0, MAX_SECONDS)
}

fn number(
    field: &'static str,
    expected: &'static str,
    value: f64,
    least: f64,
    most: f64,
) -> Result<(), Error> {
    // Written so that NaN, which is in no range, is refused too.
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(Error::new(field, expected, value))
}

fn whole(field: &'static str, expected: &'static str, value: u32, most: u32) -> Result<(), Error> {
    if (1..=most).contains(&value) {
        return Ok(());
    }
    Err(Error::new(field, expected, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(change: impl FnOnce(&mut SimulationOptions)) -> String {
        let mut options = SimulationOptions::default();
        change(&mut options);
        options
            .check()
            .expect_err("it should be refused")
            .to_string()
    }

    #[test]
    fn the_defaults_are_within_bounds() {
        assert_eq!(SimulationOptions::default().check(), Ok(()));
    }

    #[test]
    fn a_refusal_names_field_expectation_and_value() {
        let cases = [
            (
                refusal(|o| o.topics.clear()),
                "topics must be 1 to 64 different names of 1 to 249 characters, got 0 of them",
            ),
            (
                refusal(|o| o.topics[1] = "orders".into()),
                "topics must be 1 to 64 different names of 1 to 249 characters, got \"orders\" twice",
            ),
            (
                refusal(|o| o.topics[0].clear()),
                "topics must be 1 to 64 different names of 1 to 249 characters, got one of 0 characters",
            ),
            (
                refusal(|o| o.topics[0] = "x".repeat(250)),
                "topics must be 1 to 64 different names of 1 to 249 characters, got one of 250 characters",
            ),
            (
                refusal(|o| o.partitions = 0),
                "partitions must be a whole number in 1..=1024, got 0",
            ),
            (
                refusal(|o| o.workers = 65),
                "workers must be a whole number in 1..=64, got 65",
            ),
            (
                refusal(|o| o.concurrency = 0),
                "concurrency must be a whole number in 1..=1024, got 0",
            ),
            (
                refusal(|o| o.buffer_size = 0),
                "buffer_size must be a whole number in 1..=1000000, got 0",
            ),
            (
                refusal(|o| o.message_rate = -1.0),
                "message_rate must be a number in 0..=1000000, got -1",
            ),
            (
                refusal(|o| o.web_request_rate = f64::INFINITY),
                "web_request_rate must be a number in 0..=1000000, got inf",
            ),
            (
                refusal(|o| o.error_rate = f64::NAN),
                "error_rate must be a number in 0..=1, got NaN",
            ),
            (
                refusal(|o| o.handler_latency = 86_401.0),
                "handler_latency must be seconds in 0..=86400, got 86401",
            ),
            (
                refusal(|o| o.fetch_latency = -0.5),
                "fetch_latency must be seconds in 0..=86400, got -0.5",
            ),
            (
                refusal(|o| o.slow_factor = 0.5),
                "slow_factor must be a number in 1..=1000, got 0.5",
            ),
            (
                refusal(|o| o.commit_interval = 0.0),
                "commit_interval must be seconds in 0.01..=86400, got 0",
            ),
            (
                refusal(|o| o.handler_time = HandlerTime::LogNormal { shape: 5.0 }),
                "handler_time must be log-normal with a shape in 0..=4, got 5",
            ),
        ];
        for (got, expected) in cases {
            assert_eq!(got, expected);
        }
    }
}
