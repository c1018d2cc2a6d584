//! A Kafka consumer of the `rdkafka` crate that feeds a [`Monitor`], on rdkafka's own mock cluster.
//!
//!     cargo run --manifest-path crates/streamgauge/examples/rdkafka/Cargo.toml
//!
//! It sends 1,000 records, consumes and commits them, prints the monitor's snapshot, and checks it
//! against what it knows itself. Callbacks come on librdkafka's threads, so the monitor is shared
//! behind a mutex; each hook holds it for well under a microsecond.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use rdkafka::client::ClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext, Rebalance, StreamConsumer};
use rdkafka::error::KafkaResult;
use rdkafka::message::Message as _;
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{FutureProducer, FutureRecord};
use rdkafka::statistics::Statistics;
use rdkafka::{Offset, TopicPartitionList};
use streamgauge::{
    Message, Monitor, RebalanceState, Sensor, Snapshot, StdClock, Stream, TopicPartition,
};

const RECORDS: usize = 1_000;
const TOPIC: &str = "orders";

/// What librdkafka's callbacks tell, told on.
#[derive(Clone)]
struct Gauge {
    monitor: Arc<Mutex<Monitor<StdClock>>>,
    rebalance: Arc<Mutex<Option<RebalanceState>>>,
}

impl Gauge {
    fn new() -> Self {
        Self {
            monitor: Arc::new(Mutex::new(Monitor::new(StdClock::new()))),
            rebalance: Arc::default(),
        }
    }

    fn monitor(&self) -> MutexGuard<'_, Monitor<StdClock>> {
        self.monitor.lock().expect("no hook panics")
    }
}

fn places(list: &TopicPartitionList) -> Vec<(String, i32)> {
    let elements = list.elements();
    elements
        .iter()
        .map(|element| (element.topic().to_owned(), element.partition()))
        .collect()
}

impl ClientContext for Gauge {
    fn stats(&self, statistics: Statistics) {
        for (name, topic) in &statistics.topics {
            for partition in topic.partitions.values() {
                // Below zero nothing is known; of partitions that are not fetched it is old.
                if let (true, Ok(end)) = (
                    partition.fetch_state == "active",
                    u64::try_from(partition.hi_offset),
                ) {
                    self.monitor().track_tp_end_offset(
                        TopicPartition::new(name, partition.partition as u32),
                        end,
                    );
                }
            }
        }
    }

    fn error(&self, error: rdkafka::error::KafkaError, _reason: &str) {
        let kind = error
            .rdkafka_error_code()
            .map_or("unknown".to_owned(), |code| format!("{code:?}"));
        self.monitor()
            .on_error(streamgauge::Stage::Fetch, &kind, None);
    }
}

impl ConsumerContext for Gauge {
    fn pre_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        let mut under_way = self.rebalance.lock().expect("no hook panics");
        let mut monitor = self.monitor();
        under_way.get_or_insert_with(|| monitor.on_rebalance_start(None));
        if let Rebalance::Revoke(list) = rebalance {
            for (topic, partition) in places(list) {
                monitor.on_partitions_revoked(&[TopicPartition::new(&topic, partition as u32)]);
            }
        }
    }

    fn post_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        let Rebalance::Assign(list) = rebalance else {
            return;
        };
        let mut monitor = self.monitor();
        for (topic, partition) in places(list) {
            monitor.on_partitions_assigned(&[TopicPartition::new(&topic, partition as u32)]);
        }
        if let Some(mut state) = self.rebalance.lock().expect("no hook panics").take() {
            monitor.on_rebalance_return(Some(&mut state));
            monitor.on_rebalance_end(Some(&mut state));
        }
    }

    fn commit_callback(&self, result: KafkaResult<()>, offsets: &TopicPartitionList) {
        let mut monitor = self.monitor();
        if let Err(error) = result {
            let kind = error
                .rdkafka_error_code()
                .map_or("unknown".to_owned(), |code| format!("{code:?}"));
            return monitor.on_error(streamgauge::Stage::Commit, &kind, None);
        }
        for element in offsets.elements() {
            if let Offset::Offset(offset) = element.offset() {
                let place = TopicPartition::new(element.topic(), element.partition() as u32);
                monitor.on_tp_commit(&[(place, offset as u64)]);
            }
        }
    }
}

async fn send(brokers: &str, gauge: &Gauge) {
    let producer: FutureProducer = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .create()
        .expect("a producer");
    let mut sends = Vec::new();
    for number in 0..RECORDS {
        let value = format!("order {number}");
        let token = gauge.monitor().on_send_initiated(TOPIC, 0, value.len());
        let record = FutureRecord::<(), _>::to(TOPIC)
            .payload(&value)
            .partition((number % 4) as i32);
        sends.push((
            token,
            producer.send_result(record).expect("room in the queue"),
        ));
    }
    for (token, sent) in sends {
        sent.await
            .expect("the producer lives")
            .expect("the broker took it");
        gauge.monitor().on_send_completed(token);
    }
}

async fn consume(brokers: &str, gauge: &Gauge) -> (BTreeMap<u32, u64>, Snapshot) {
    let consumer: StreamConsumer<Gauge> = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("group.id", "totals")
        .set("auto.offset.reset", "earliest")
        // Commits that librdkafka does by itself come back by the callback, with no time at which they began. One that the
        // program makes does not: tell of it where it is made, between on_commit_initiated and on_commit_completed.
        .set("auto.commit.interval.ms", "100")
        .set("statistics.interval.ms", "100")
        .create_with_context(gauge.clone())
        .expect("a consumer");
    consumer.subscribe(&[TOPIC]).expect("a subscription");
    let mut next = BTreeMap::new();
    for _ in 0..RECORDS {
        let record = consumer.recv().await.expect("a record");
        let partition = record.partition() as u32;
        let offset = record.offset() as u64;
        let place = TopicPartition::new(TOPIC, partition);
        let mut message = Message {
            timestamp: record.timestamp().to_millis(),
            ..Message::default()
        };
        let mut event = {
            let mut monitor = gauge.monitor();
            monitor.on_poll(1, record.payload().map(|payload| payload.len() as u64));
            monitor.on_message_in(place, offset, &mut message);
            monitor.on_stream_event_in(place, offset, Stream::new("totals", None))
        };
        // ... the work on the record ...
        next.insert(partition, offset + 1);
        let mut monitor = gauge.monitor();
        monitor.on_stream_event_out(place, offset, Stream::new("totals", None), event.as_mut());
        monitor.on_message_out(place, offset, &mut message);
    }
    // Callbacks come while somebody asks for records; there are none left.
    for _ in 0..20 {
        let none = tokio::time::timeout(Duration::from_millis(500), consumer.recv()).await;
        assert!(none.is_err(), "one record too many");
        if gauge.monitor().snapshot().lag.committed_sum == Some(0) {
            break;
        }
    }
    // Now, for a consumer that is dropped gives its partitions back first.
    (next, gauge.monitor().snapshot())
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let cluster = MockCluster::new(3).expect("three brokers");
    cluster.create_topic(TOPIC, 4, 3).expect("a topic");
    let brokers = cluster.bootstrap_servers();
    let gauge = Gauge::new();
    send(&brokers, &gauge).await;
    let (next, snapshot) = consume(&brokers, &gauge).await;

    println!("{}", snapshot.to_json());
    let records = RECORDS as u64;
    assert_eq!(next.values().sum::<u64>(), records);
    assert_eq!(
        (snapshot.messages.sent, snapshot.messages.received),
        (records, records)
    );
    assert_eq!(
        (snapshot.messages.active, snapshot.events.total),
        (0, records)
    );
    assert_eq!(
        (
            snapshot.rebalances.count,
            snapshot.rebalances.in_progress,
            snapshot.ownership.owned
        ),
        (1, 0, 4)
    );
    for partition in &snapshot.partitions {
        let position = next.get(&partition.partition).copied();
        let offsets = (
            partition.position,
            partition.committed,
            partition.end,
            partition.lag,
        );
        assert_eq!(
            offsets,
            (position, position, position, Some(0)),
            "{}/{}",
            partition.topic,
            partition.partition
        );
    }
    eprintln!("{RECORDS} records sent, consumed and committed; the monitor says the same");
}
