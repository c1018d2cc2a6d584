/** `streamgauge/platformatic`: the consumers and producers of @platformatic/kafka, told to a monitor. */

export { attachConsumer, type ConsumerAttachment, type ConsumerOptions } from "./platformatic/consumer.js";
export { attachProducer } from "./platformatic/producer.js";
export type { AnyMonitor } from "./shared/attaching.js";
export type { Attachment, AttachmentOptions } from "./attachment.js";
export type { PlatformaticConsumerLike, PlatformaticMessageLike, PlatformaticProducerLike, PlatformaticStreamLike } from "./platformatic/types.js";
