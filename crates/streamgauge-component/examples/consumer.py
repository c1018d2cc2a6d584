"""A confluent-kafka consumer with a streamgauge monitor.

    python consumer.py --component streamgauge-host-clock.wasm --brokers localhost:9092 --topic orders --records 1000

It reads so many records in a group, sums their amounts by customer, commits, and prints as JSON what
the monitor tells beside what the program counted by itself. Needs PyPI's `wasmtime` and
`confluent-kafka`, and the package `streamgauge` of the folder `python` beside this one.
"""

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path

from confluent_kafka import Consumer

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python"))

import streamgauge  # noqa: E402

parser = argparse.ArgumentParser()
parser.add_argument("--component", default="streamgauge-host-clock.wasm")
parser.add_argument("--brokers", default="localhost:9092")
parser.add_argument("--topic", default="orders")
parser.add_argument("--group", default="totals")
parser.add_argument("--records", type=int, default=1000)
options = parser.parse_args()

counted = Counter()
next_offsets, committed_offsets, end_offsets, totals = {}, {}, {}, Counter()

# The monitor, and where it hears of the consumer.

monitor = streamgauge.load(options.component).monitor(worker=f"{options.group}-1")
consumer = Consumer(
    {"bootstrap.servers": options.brokers, "group.id": options.group, "auto.offset.reset": "earliest", "enable.auto.commit": False}
)


def pairs(partitions):
    return [(partition.topic, partition.partition) for partition in partitions]


def on_assign(_consumer, partitions):
    monitor.on_partitions_assigned(pairs(partitions))
    counted["given"] += len(partitions)


def on_revoke(_consumer, partitions):
    monitor.on_partitions_revoked(pairs(partitions))
    counted["taken"] += len(partitions)


def handle(record):
    order = json.loads(record.value())
    monitor.on_table_set("totals", order["customer"])
    totals[order["customer"]] += order["amount"]


def commit():
    state = monitor.on_commit_initiated(consumer)
    done = consumer.commit(asynchronous=False)
    monitor.on_commit_completed(consumer, state)
    # A partition of which nothing was committed has an offset below 0.
    offsets = {(partition.topic, partition.partition): partition.offset for partition in done if partition.offset >= 0}
    monitor.on_tp_commit(offsets)
    committed_offsets.update(offsets)
    counted["commits"] += 1


# The program.

consumer.subscribe([options.topic], on_assign=on_assign, on_revoke=on_revoke, on_lost=on_revoke)
sampled = time.monotonic()
while counted["records"] < options.records:
    records = consumer.consume(100, timeout=0.1)
    monitor.on_poll(len(records))
    counted["polls"] += 1
    handled = 0
    for record in records:
        if record.error():
            # Not every error is one of a partition.
            place = (record.topic(), record.partition())
            monitor.on_error("fetch", record.error().name(), None if None in place else place)
            continue
        with monitor.processing(record, stream="totals-by-customer"):
            handle(record)
        handled += 1
        next_offsets[record.topic(), record.partition()] = record.offset() + 1
    counted["records"] += handled
    if handled:
        commit()
    if time.monotonic() - sampled >= 1:
        sampled = time.monotonic()
        monitor.sample()

for partition in consumer.assignment():
    _low, end_offsets[partition.topic, partition.partition] = consumer.get_watermark_offsets(partition)
for tp, end in end_offsets.items():
    monitor.track_tp_end_offset(tp, end)
monitor.sample()
told = {"asdict": monitor.asdict(), "snapshot": monitor.snapshot(), "anomalies": monitor.anomalies(), "refusals": monitor.refusals}
consumer.close()


def by_partition(offsets):
    return {str(partition): offset for (_topic, partition), offset in sorted(offsets.items())}


offsets = {"next": next_offsets, "committed": committed_offsets, "ends": end_offsets}
print(json.dumps({**told, "counted": {**counted, **{name: by_partition(of) for name, of in offsets.items()}}, "totals": totals}))
