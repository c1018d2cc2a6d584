//! What is counted over all.

/// Where a group's records are. After every event
/// `produced + read_again = waiting + buffered + in_flight + processed + dead_letters + abandoned + expired`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Appended to the partitions that the group reads, since it began.
    pub produced: u64,
    /// Made, but held back by producers because a broker does not answer.
    pub held: u64,
    /// Made, but thrown away because a producer held back too many.
    pub refused: u64,
    /// In a partition, not fetched yet.
    pub waiting: u64,
    /// In a worker's buffer.
    pub buffered: u64,
    /// In a handler's hands, or waiting there to be tried again.
    pub in_flight: u64,
    /// Done; a record that was read twice may be done twice.
    pub processed: u64,
    /// Given up after the last retry, and put aside.
    pub dead_letters: u64,
    /// Gone with a worker that died, or that had lost its partitions.
    pub abandoned: u64,
    /// Taken by retention before they were fetched, or fetched again.
    pub expired: u64,
    /// Fetched before, and to be fetched again, because they were not committed when their partition
    /// got another owner.
    pub read_again: u64,
    /// Given back from a buffer to the partition in a rebalance; fetched again later.
    pub given_back: u64,
    /// Different records that are done or dead letters.
    pub settled: u64,
    /// Different records that retention took before anyone was done with them.
    pub lost: u64,
    /// Records done, or given up, a second time or more: what at-least-once costs.
    pub repeated: u64,
    /// Retries.
    pub retries: u64,
}

impl Counts {
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            produced: self.produced + other.produced,
            held: self.held + other.held,
            refused: self.refused + other.refused,
            waiting: self.waiting + other.waiting,
            buffered: self.buffered + other.buffered,
            in_flight: self.in_flight + other.in_flight,
            processed: self.processed + other.processed,
            dead_letters: self.dead_letters + other.dead_letters,
            abandoned: self.abandoned + other.abandoned,
            expired: self.expired + other.expired,
            read_again: self.read_again + other.read_again,
            given_back: self.given_back + other.given_back,
            settled: self.settled + other.settled,
            lost: self.lost + other.lost,
            repeated: self.repeated + other.repeated,
            retries: self.retries + other.retries,
        }
    }
}

/// Sums over time, for whoever holds them against theory. Each record counts once, when it is
/// first taken up and when it is first settled.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Totals {
    /// The time integral of the number of records that were appended and are not settled.
    pub record_seconds: f64,
    /// Summed from being made to being settled.
    pub sojourn_seconds: f64,
    /// Records in that sum.
    pub settled: u64,
    /// Summed from being made to being taken up by a handler.
    pub wait_seconds: f64,
    /// Records in that sum.
    pub taken_up: u64,
    /// Time that handlers worked.
    pub service_seconds: f64,
}

impl Totals {
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            record_seconds: self.record_seconds + other.record_seconds,
            sojourn_seconds: self.sojourn_seconds + other.sojourn_seconds,
            settled: self.settled + other.settled,
            wait_seconds: self.wait_seconds + other.wait_seconds,
            taken_up: self.taken_up + other.taken_up,
            service_seconds: self.service_seconds + other.service_seconds,
        }
    }
}

/// How many there are, and the integral of that over time.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Population {
    count: u64,
    since: f64,
    area: f64,
}

impl Population {
    pub(crate) fn add(&mut self, now: f64) {
        self.area = self.area(now);
        self.since = now;
        self.count += 1;
    }

    pub(crate) fn remove(&mut self, count: u64, now: f64) {
        self.area = self.area(now);
        self.since = now;
        self.count = self.count.saturating_sub(count);
    }

    pub(crate) fn area(&self, now: f64) -> f64 {
        self.area + (now - self.since) * self.count as f64
    }
}
