/**
 * A KafkaJS consumer with a monitor: three lines more than without (marked with an arrow).
 *
 *     node example.mjs localhost:9092 orders
 *
 * It reads what there is of the topic, and prints what the monitor knows of it.
 */
import kafkajs from "kafkajs";
import { Monitor } from "streamgauge"; // <-
import { attachConsumer } from "streamgauge/kafkajs"; // <-

const [brokers = "localhost:9092", topic = "orders"] = process.argv.slice(2);
const kafka = new kafkajs.Kafka({ brokers: brokers.split(","), logLevel: kafkajs.logLevel.NOTHING });
const consumer = kafka.consumer({ groupId: "example" });

const monitor = new Monitor().start();
attachConsumer(consumer, monitor); // <-

await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
await consumer.run({
  eachMessage: async ({ message }) => {
    JSON.parse(message.value.toString());
  },
});

const isRead = () => monitor.snapshot().partitions.some(({ lag }) => lag === 0) && monitor.snapshot().lag.recordsSum === 0;
while (!isRead()) await new Promise((resolve) => setTimeout(resolve, 200));
const { messages, lag, errors } = monitor.snapshot();
console.log(JSON.stringify({ received: messages.received, lag: lag.recordsSum, p99: messages.time.life.p99, errors: errors.total }));
await consumer.disconnect();
