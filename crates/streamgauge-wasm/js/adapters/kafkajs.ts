/** `streamgauge/kafkajs`: KafkaJS's consumers and producers, told to a monitor. */

export { attachConsumer, type ConsumerOptions } from "./kafkajs/consumer.js";
export { attachProducer } from "./kafkajs/producer.js";
export type { AnyMonitor } from "./shared/attaching.js";
export type { Attachment, AttachmentOptions } from "./attachment.js";
export type { KafkaAdminLike, KafkaConsumerLike, KafkaProducerLike } from "./kafkajs/types.js";
