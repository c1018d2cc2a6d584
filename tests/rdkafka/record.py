"""Records the statistics of a real librdkafka, on its own mock cluster.

    python record.py FOLDER    writes consumption.jsonl, lagging.jsonl, rebalance.jsonl and producer.jsonl there
    python record.py --live [BROKERS]    consumes and commits, there or on a cluster of its own, and prints each of its
                               statistics as it comes; beside them, in {"known": ...}, what the program itself knows at the end

A recorded line is what librdkafka gave, unchanged.
"""

import json
import sys
import time
from pathlib import Path

from confluent_kafka import Consumer, Producer, TopicPartition

INTERVAL_MS = 100


class Cluster:
    """The brokers, and a producer that fills them."""

    def __init__(self, brokers=None):
        if brokers is not None:
            self.producer = Producer({"bootstrap.servers": brokers, "log_level": 0})
            self.brokers = brokers
            return
        self.producer = Producer({"bootstrap.servers": "localhost:1", "test.mock.num.brokers": 1, "log_level": 0})
        listed = self.producer.list_topics(timeout=10).brokers.values()
        self.brokers = ",".join(f"{broker.host}:{broker.port}" for broker in listed)

    def fill(self, topic, records, partitions=4):
        for number in range(records):
            self.producer.produce(topic, value=b"x" * 100, partition=number % partitions)
        self.producer.flush(20)


def consumer(cluster, heard, **options):
    settings = {"bootstrap.servers": cluster.brokers, "group.id": "totals", "auto.offset.reset": "earliest",
                "enable.auto.commit": False, "session.timeout.ms": 6000, "heartbeat.interval.ms": 200,
                "statistics.interval.ms": INTERVAL_MS, "stats_cb": heard, "log_level": 0}
    return Consumer(settings | options)


def take(client, records):
    taken = 0
    while taken < records:
        message = client.poll(0.1)
        if message is not None and message.error() is None:
            taken += 1


def listen(client, seconds):
    """Lets the statistics come, with nothing left to consume or all of it paused."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        client.poll(0.05)


def consumption(cluster):
    heard = []
    cluster.fill("orders", 200)
    client = consumer(cluster, heard.append)
    client.subscribe(["orders"])
    take(client, 200)
    client.commit(asynchronous=False)
    listen(client, 0.5)
    client.close()
    return [heard[0], heard[-1]]


def lagging(cluster):
    heard = []
    cluster.fill("slow", 100)
    client = consumer(cluster, heard.append, **{"group.id": "slow", "queued.min.messages": 10})
    client.subscribe(["slow"])
    take(client, 20)
    client.commit(asynchronous=False)
    # Nothing is taken, but the end moves on: statistics come by calls to poll alone, so by those of a paused consumer.
    client.pause(client.assignment())
    cluster.fill("slow", 40)
    listen(client, 1.5)
    client.close()
    return heard[-2:]


def rebalance(cluster):
    heard = []
    cluster.fill("shared", 40)
    first = consumer(cluster, heard.append, **{"group.id": "shared"})
    first.subscribe(["shared"])
    take(first, 40)
    listen(first, 0.3)
    alone = heard[-1]
    second = consumer(cluster, lambda _: None, **{"group.id": "shared"})
    second.subscribe(["shared"])
    while len(second.assignment()) == 0 or len(first.assignment()) == 4:
        first.poll(0.05)
        second.poll(0.05)
    before = len(heard)
    while len(heard) < before + 5:
        first.poll(0.05)
        second.poll(0.05)
    shared = heard[-1]
    first.close()
    second.close()
    return [alone, shared]


def producing(cluster):
    heard = []
    client = Producer({"bootstrap.servers": cluster.brokers, "statistics.interval.ms": INTERVAL_MS, "stats_cb": heard.append,
                       "linger.ms": 50, "log_level": 0})
    for number in range(30):
        client.produce("sent", value=b"y" * 50, partition=number % 2)
    client.poll(0)
    client.flush(10)
    time.sleep(0.3)
    client.poll(0.1)
    delivered = heard[-1]
    # Nobody listens there.
    lost = []
    lonely = Producer({"bootstrap.servers": "127.0.0.1:1", "statistics.interval.ms": INTERVAL_MS, "stats_cb": lost.append, "log_level": 0})
    for _ in range(7):
        lonely.produce("nowhere", value=b"z" * 10)
    time.sleep(0.4)
    lonely.poll(0.1)
    lonely.purge()
    lonely.flush(1)
    return [delivered, lost[-1]]


def record(folder):
    cluster = Cluster()
    for name, scenario in {"consumption": consumption, "lagging": lagging, "rebalance": rebalance, "producer": producing}.items():
        lines = scenario(cluster)
        (Path(folder) / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines))


def live(brokers=None):
    """Consumes 300 of 400 records over 4 partitions, commits what it consumed, and stays behind."""
    cluster = Cluster(brokers)
    cluster.fill("orders", 400)
    assigned = []
    client = consumer(cluster, lambda line: print(line, flush=True))
    client.subscribe(["orders"], on_assign=lambda _, partitions: assigned.append(len(partitions)))
    taken = {}
    while sum(taken.values()) < 300:
        message = client.poll(0.1)
        if message is not None and message.error() is None:
            taken[message.partition()] = taken.get(message.partition(), 0) + 1
    # librdkafka knows the end of a partition by fetching from it, which it does by itself until it is paused; "cached" is that.
    time.sleep(0.5)
    client.pause(client.assignment())
    client.commit(asynchronous=False)
    listen(client, 2)
    own = client.assignment()
    positions = client.position(own)
    committed = client.committed(own, timeout=10)
    known = {
        "ends": {place.partition: client.get_watermark_offsets(TopicPartition(place.topic, place.partition), cached=True)[1] for place in own},
        "positions": {place.partition: place.offset for place in positions},
        "committed": {place.partition: place.offset for place in committed},
        "taken": taken,
        "assigned": sum(assigned),
        "rebalances": len(assigned),
    }
    client.close()
    print(json.dumps({"known": known}), flush=True)


if __name__ == "__main__":
    live(*sys.argv[2:]) if sys.argv[1] == "--live" else record(sys.argv[1])
