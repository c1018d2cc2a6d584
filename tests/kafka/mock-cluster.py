"""librdkafka's mock cluster: three brokers on loopback that speak the Kafka protocol.

Prints {"brokers": ["host:port", ...]} on one line and serves until its standard input ends, so
that it cannot outlive the process that started it. It makes a topic when one is first used, with
4 partitions.
"""

import json
import sys

from confluent_kafka import Producer

BROKERS = 3


def main() -> None:
    # With a mock cluster the client talks to that, and to no address that it is given.
    client = Producer({"bootstrap.servers": "localhost:1", "test.mock.num.brokers": BROKERS})
    metadata = client.list_topics(timeout=10)
    brokers = [f"{broker.host}:{broker.port}" for broker in metadata.brokers.values()]
    print(json.dumps({"brokers": brokers}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
