/** `streamgauge/rdkafka`: librdkafka's statistics, and the clients of Node that are built on it. */

export { applyStatistics, StatisticsState, type StatisticsFigures, type StatisticsOptions } from "./rdkafka/statistics.js";
export { attachConsumer, type RdkafkaConsumerLike, type RunningConsumerLike } from "./rdkafka/consumer.js";
export { attachProducer, type RdkafkaProducerLike, type SendingProducerLike } from "./rdkafka/producer.js";
export type { EmitterLike, RdkafkaAttachment, RdkafkaOptions } from "./rdkafka/client.js";
export type { Attachment, AttachmentOptions } from "./attachment.js";
export type { Refusal } from "../checks.js";
