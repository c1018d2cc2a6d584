// KafkaJS's own objects fit what the adapter takes. Compiled by types.test.mjs, never run.
import { Kafka } from "kafkajs";
import { Monitor, SensorDelegate } from "streamgauge";
import { attachConsumer, attachProducer, type Attachment, type ConsumerOptions } from "streamgauge/kafkajs";

const kafka = new Kafka({ brokers: [] });
const monitor = new Monitor();
const options: ConsumerOptions = { admin: kafka.admin(), endOffsetInterval: 5, streamName: "totals", onFault: (fault: unknown) => console.log(fault) };
const consumers: Attachment = attachConsumer(kafka.consumer({ groupId: "g" }), monitor, options);
const producers: Attachment = attachProducer(kafka.producer(), new SensorDelegate([monitor]));
consumers.detach();
console.log(producers.faults, producers.lastFault);
// @ts-expect-error an option that there is not
attachConsumer(kafka.consumer({ groupId: "g" }), monitor, { stream: "totals" });
// @ts-expect-error no consumer
attachConsumer(kafka.producer(), monitor);
