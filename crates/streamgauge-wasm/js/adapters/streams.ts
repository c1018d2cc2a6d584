/** `streamgauge/streams`: the streams of Node and of the Web, whose chunks are the messages. One source for all hosts. */

export { attachStream, type NodeStreamLike, type NodeStreamOptions } from "./streams/node.js";
export {
  attachTransformer,
  monitorReadable,
  monitorTransform,
  monitorWritable,
  type ReadableStreamLike,
  type StagePair,
  type TransformerLike,
  type WritableOptions,
  type WritableStreamLike,
} from "./streams/web.js";
export type { StreamOptions } from "./streams/options.js";
export type { Attachment, AttachmentOptions } from "./attachment.js";
export type { Refusal } from "../checks.js";
