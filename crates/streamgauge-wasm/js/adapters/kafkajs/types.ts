/** What of KafkaJS is used, so that nobody needs its types to have ours. Its own objects fit. */

/* eslint-disable @typescript-eslint/no-explicit-any -- KafkaJS's overloads and payloads fit nothing narrower */

/** A consumer of KafkaJS 2. */
export interface KafkaConsumerLike {
  run(config?: any): Promise<void>;
  commitOffsets(offsets: any): Promise<void>;
  pause(topics: any): void;
  paused(): { readonly topic: string; readonly partitions: number[] }[];
  resume(topics: any): void;
  seek(to: any): void;
  on(eventName: any, listener: (event: any) => void): () => void;
  readonly events: Readonly<Record<ConsumerEventName, string>>;
}

/** The events of a consumer that are listened to. */
export type ConsumerEventName =
  | "HEARTBEAT"
  | "COMMIT_OFFSETS"
  | "GROUP_JOIN"
  | "FETCH_START"
  | "FETCH"
  | "START_BATCH_PROCESS"
  | "STOP"
  | "CRASH"
  | "REBALANCING"
  | "REQUEST"
  | "REQUEST_TIMEOUT";

/** A connected admin client of KafkaJS 2. */
export interface KafkaAdminLike {
  fetchTopicOffsets(topic: string): Promise<readonly { readonly partition: number; readonly high: string }[]>;
  fetchOffsets(options: { groupId: string; topics: string[] }): Promise<
    readonly { readonly topic: string; readonly partitions: readonly { readonly partition: number; readonly offset: string }[] }[]
  >;
}

/** A producer of KafkaJS 2. */
export interface KafkaProducerLike {
  send(request: any): Promise<any>;
  sendBatch(request: any): Promise<any>;
  transaction(): Promise<any>;
}

export interface Message {
  readonly offset: string;
  readonly timestamp: string;
}

export interface EachMessagePayload {
  readonly topic: string;
  readonly partition: number;
  readonly message: Message;
  pause(): () => void;
}

export interface EachBatchPayload {
  readonly batch: {
    readonly topic: string;
    readonly partition: number;
    readonly messages: readonly Message[];
    /** Of all that was fetched, markers too. */
    lastOffset(): string;
  };
  resolveOffset(offset: string): void;
  pause(): () => void;
  /** Whether a seek came after it was fetched. */
  isStale(): boolean;
  commitOffsetsIfNecessary(offsets?: unknown): Promise<void>;
}

export type Handler<Payload> = (payload: Payload) => Promise<void> | void;

export interface RunConfig {
  readonly eachBatchAutoResolve?: boolean;
  readonly eachMessage?: Handler<EachMessagePayload> | null;
  readonly eachBatch?: Handler<EachBatchPayload> | null;
}

/** The payloads of the events. */
export interface CommitOffsets {
  readonly topics: readonly {
    readonly topic: string;
    /** Of what was read these are texts, of what the host gave itself numbers. */
    readonly partitions: readonly { readonly partition: number | string; readonly offset: unknown }[];
  }[];
}
export interface GroupJoin {
  readonly groupId: string;
  readonly memberId: string;
  readonly memberAssignment: Readonly<Record<string, readonly number[]>>;
  readonly duration: number;
}
export interface StartBatch {
  readonly topic: string;
  readonly partition: number;
  readonly highWatermark: string;
  readonly batchSize: number;
  readonly lastOffset: string;
}
export interface Seek {
  readonly topic: string;
  readonly partition: number;
  readonly offset: unknown;
}
export interface NetworkRequest {
  readonly apiName: string;
  readonly size: number;
  readonly pendingDuration: number;
  readonly duration: number;
}
