// Generated from crates/streamgauge/src/snapshot by `cargo run -p xtask -- generate`. Do not edit.

/** How a partition, or all of them, is doing, from well to worst. */
export type Status = "ok" | "warn" | "stop" | "stall" | "rewind";

/** How a lag in seconds was found: there is none; by the timestamp of a record; between two end offsets that were seen; it is at least so much; it is not known. */
export type LagMethod = "none" | "timestamp" | "interpolated" | "atLeast" | "unknown";

/** Where in a stream processor an error happened: sending a message (`onSendError` counts here by itself); processing a message or an event; committing offsets; decoding a key or a value; answering a web request (one that ended with a status of 500 or more counts here by itself); fetching from a broker; anything else. */
export type Stage = "send" | "process" | "commit" | "deserialize" | "http" | "fetch" | "other";

/** How long something took: durations counted in buckets, each quantile at most 1.1% off (those by stream: 5%). */
export interface Histogram {
  /** Durations. */
  readonly count: number;
  /** Their mean. Unit: seconds. */
  readonly mean: number | null;
  /** The shortest. Unit: seconds. */
  readonly min: number | null;
  /** The longest. Unit: seconds. */
  readonly max: number | null;
  /** The median. Unit: seconds. */
  readonly p50: number | null;
  /** 90 in 100 are at most as long. Unit: seconds. */
  readonly p90: number | null;
  /** 95 in 100 are at most as long. Unit: seconds. */
  readonly p95: number | null;
  /** 99 in 100 are at most as long. Unit: seconds. */
  readonly p99: number | null;
  /** 999 in 1,000 are at most as long. Unit: seconds. */
  readonly p999: number | null;
  /** Their sum. Unit: seconds. */
  readonly sum: number | null;
  /** Their sum in nanoseconds, exactly. Unit: nanoseconds. */
  readonly sumNanoseconds: string;
  /** OpenTelemetry's scale: a bucket's bounds are 2^(2^-scale) apart. */
  readonly scale: number;
  /** Durations too short for a bucket. */
  readonly below: number;
  /** Durations too long for a bucket. */
  readonly above: number;
  /** Index of the first bucket, OpenTelemetry's. */
  readonly offset: number;
  /** Durations in each bucket. */
  readonly buckets: readonly number[];
}

/** How long something takes. */
export interface Latency {
  /** Since the monitor was made. Unit: seconds. */
  readonly life: Histogram | null;
  /** In the last minute. Unit: seconds. */
  readonly lastMinute: Histogram | null;
}

/** How fast something happens, per second; null before the first sample. */
export interface Rate {
  /** Between the last two samples. Unit: per second. */
  readonly now: number | null;
  /** Moving average of one minute. Unit: per second. */
  readonly oneMinute: number | null;
  /** Moving average of five minutes. Unit: per second. */
  readonly fiveMinutes: number | null;
  /** Moving average of fifteen minutes. Unit: per second. */
  readonly fifteenMinutes: number | null;
}

/** How often keys of a table were touched. */
export interface TableFigures {
  /** Keys that were got. Unit: calls. */
  readonly keysRetrieved: number;
  /** Keys that were set. Unit: calls. */
  readonly keysUpdated: number;
  /** Keys that were deleted. Unit: calls. */
  readonly keysDeleted: number;
}

/** The figures of a partition. */
export interface PartitionFigures {
  /** The topic's name. */
  readonly topic: string;
  /** The partition's number. */
  readonly partition: number;
  /** The worker that says this. */
  readonly worker: string;
  /** The Unix time at which it said so. Unit: seconds. */
  readonly at: number;
  /** Whether the partition is the worker's. */
  readonly owned: boolean;
  /** Whether fetching from it is paused. */
  readonly paused: boolean;
  /** Offset of the next message to be read. Unit: offsets. */
  readonly position: number | null;
  /** Offset committed last: that of the next message to be processed. Unit: offsets. */
  readonly committed: number | null;
  /** End offset, the high watermark: that of the next message to be written. Unit: offsets. */
  readonly end: number | null;
  /** Messages from position to end. Unit: messages. */
  readonly lag: number | null;
  /** Messages from committed to end. Unit: messages. */
  readonly committedLag: number | null;
  /** Age of the oldest unprocessed message. Unit: seconds. */
  readonly lagSeconds: number | null;
  /** How lagSeconds was found. */
  readonly lagMethod: LagMethod;
  /** How fast the lag grows; negative where it shrinks. Unit: messages per second. */
  readonly slope: number | null;
  /** Seconds until there is no lag, at this slope. Unit: seconds. */
  readonly catchUpSeconds: number | null;
  /** How it is doing. */
  readonly status: Status;
  /** Why it is said to do so, in a sentence. */
  readonly reason: string;
}

/** One life of a monitor, from its making to its end. */
export interface Life {
  /** The worker's name. */
  readonly worker: string;
  /** The Unix time at which the monitor was made. Unit: seconds. */
  readonly since: number;
  /** The Unix time of the snapshot that was counted. Unit: seconds. */
  readonly at: number;
  /** That snapshot's number. Unit: snapshots. */
  readonly sequence: number;
  /** Paths of the unknown fields that this life gave to the sum. */
  readonly unknownFields: readonly string[];
}

/**
 * Every figure of one monitor at one moment, or of many merged: plain data, in this order. Times
 * are seconds, times of the day Unix times. Keys of records are the names that hooks were given.
 */
export interface Snapshot {
  /** The name and version of this form. */
  readonly snapshot: "streamgauge/1";
  /** The worker's name; empty where it has none, and where many are merged. */
  readonly worker: string;
  /** The Unix time at which the monitor was made; merged: the earliest. Unit: seconds. */
  readonly since: number;
  /** The Unix time of this snapshot; merged: the newest. Unit: seconds. */
  readonly at: number;
  /** The number of this snapshot in its monitor's life; merged: the number of lives. Unit: snapshots. */
  readonly sequence: number;
  /** Every life that is merged in here, ordered by worker and time; empty for a snapshot of one monitor. */
  readonly merged: readonly Life[];
  /** Messages that came in and went out. */
  readonly messages: {
    /** Messages that came in. Unit: messages. */
    readonly received: number;
    /** Messages that came in, by topic. Unit: messages. */
    readonly receivedByTopic: Readonly<Record<string, number>>;
    /** Messages in flight: came in and did not go out yet. Unit: messages. */
    readonly active: number;
    /** Messages handed to the producer. Unit: messages. */
    readonly sent: number;
    /** Messages handed to the producer, by topic. Unit: messages. */
    readonly sentByTopic: Readonly<Record<string, number>>;
    /** Bytes of messages that polls brought, where they told. Unit: bytes. */
    readonly bytesReceived: number;
    /** Bytes of messages handed to the producer. Unit: bytes. */
    readonly bytesSent: number;
    /** Messages that were tried again. Unit: messages. */
    readonly retried: number;
    /** Messages that were tried again, by topic where it was told. Unit: messages. */
    readonly retriedByTopic: Readonly<Record<string, number>>;
    /** Messages given up and put aside. Unit: messages. */
    readonly deadLettered: number;
    /** Messages given up and put aside, by topic where it was told. Unit: messages. */
    readonly deadLetteredByTopic: Readonly<Record<string, number>>;
    /** From a message's coming in to its going out. Unit: seconds. */
    readonly time: Latency;
    /** From a message's timestamp to its going out. Unit: seconds. */
    readonly endToEnd: Latency;
    /** Age of the oldest message in flight. Unit: seconds. */
    readonly oldestSeconds: number | null;
    /** Messages in flight for longer than stuckAfterSeconds. Unit: messages. */
    readonly stuck: number;
    /** How long a message may be in flight before it counts as stuck; a setting. Unit: seconds. */
    readonly stuckAfterSeconds: number;
  };
  /** Events that streams processed. */
  readonly events: {
    /** Events that came into a stream. Unit: events. */
    readonly total: number;
    /** Events being processed now. Unit: events. */
    readonly active: number;
    /** Events that came in, by stream. Unit: events. */
    readonly byStream: Readonly<Record<string, number>>;
    /** Events that came in, by task; those of a stream without a task are in none. Unit: events. */
    readonly byTask: Readonly<Record<string, number>>;
    /** How long events took. Unit: seconds. */
    readonly runtime: Latency;
    /** How long events took since the monitor was made, by stream. Unit: seconds. */
    readonly runtimeByStream: Readonly<Record<string, Histogram>>;
  };
  /** Sends of the producer. */
  readonly sends: {
    /** Sends that failed. Unit: messages. */
    readonly errors: number;
    /** How long acknowledged sends took. Unit: seconds. */
    readonly latency: Latency;
    /** How long failed sends took. Unit: seconds. */
    readonly errorLatency: Latency;
  };
  /** Commits of offsets. */
  readonly commits: {
    /** Commits that completed. Unit: commits. */
    readonly completed: number;
    /** How long commits took. Unit: seconds. */
    readonly latency: Latency;
  };
  /** Partition assignments. */
  readonly assignments: {
    /** Partition assignments that completed. Unit: assignments. */
    readonly completed: number;
    /** Partition assignments that failed. Unit: assignments. */
    readonly failed: number;
    /** How long partition assignments took, failed ones too. Unit: seconds. */
    readonly latency: Latency;
  };
  /** How fast things happen, over the time that really passed. */
  readonly rates: {
    /** Between the last two samples. Unit: seconds. */
    readonly intervalSeconds: number | null;
    /** Messages that come in. Unit: messages per second. */
    readonly messagesReceived: Rate;
    /** Messages handed to the producer. Unit: messages per second. */
    readonly messagesSent: Rate;
    /** Events that come into a stream. Unit: events per second. */
    readonly events: Rate;
    /** Errors of every stage. Unit: errors per second. */
    readonly errors: Rate;
    /** Seconds busy in a second. */
    readonly busy: Rate;
  };
  /** The lag of all partitions, computed from theirs. */
  readonly lag: {
    /** The greatest lag of a partition. Unit: messages. */
    readonly recordsMax: number | null;
    /** The lag of all partitions whose lag is known. Unit: messages. */
    readonly recordsSum: number | null;
    /** The greatest committed lag of a partition. Unit: messages. */
    readonly committedMax: number | null;
    /** The committed lag of all partitions whose committed lag is known. Unit: messages. */
    readonly committedSum: number | null;
    /** The greatest lag in seconds of a partition. Unit: seconds. */
    readonly secondsMax: number | null;
    /** How fast the lag of all partitions grows; negative where it shrinks. Unit: messages per second. */
    readonly slope: number | null;
    /** Seconds until the last partition has no lag, where all that have one drain. Unit: seconds. */
    readonly catchUpSeconds: number | null;
    /** Partitions whose lag is known. Unit: partitions. */
    readonly partitionsKnown: number;
    /** Partitions whose lag is not known. Unit: partitions. */
    readonly partitionsUnknown: number;
  };
  /** How all partitions are doing, computed from theirs. */
  readonly health: {
    /** The status of the partition that does worst. */
    readonly status: Status;
    /** That partition and why it is said to do so. */
    readonly reason: string;
    /** Partitions that keep up. Unit: partitions. */
    readonly ok: number;
    /** Partitions whose lag grows. Unit: partitions. */
    readonly warn: number;
    /** Partitions without commits. Unit: partitions. */
    readonly stop: number;
    /** Partitions whose commits do not move. Unit: partitions. */
    readonly stall: number;
    /** Partitions whose commits went back. Unit: partitions. */
    readonly rewind: number;
  };
  /** Rebalances of the consumer group. */
  readonly rebalances: {
    /** Rebalances that started. Unit: rebalances. */
    readonly count: number;
    /** The app's own count of rebalances. Unit: rebalances. */
    readonly appCount: number;
    /** 1 while a rebalance goes on, else 0. Unit: rebalances. */
    readonly inProgress: number;
    /** Rebalances within stormWindowSeconds; at most 64, or stormRebalances where that is more. Unit: rebalances. */
    readonly recent: number;
    /** Whether recent reached stormRebalances. */
    readonly storm: boolean;
    /** How many recent rebalances are a storm; a setting. Unit: rebalances. */
    readonly stormRebalances: number;
    /** How long a rebalance is recent; a setting. Unit: seconds. */
    readonly stormWindowSeconds: number;
    /** Time since the last rebalance started. Unit: seconds. */
    readonly lastAgeSeconds: number | null;
    /** From a rebalance's start until the consumer returned. Unit: seconds. */
    readonly returnLatency: Latency;
    /** From a rebalance's start to its end. Unit: seconds. */
    readonly endLatency: Latency;
  };
  /** Partitions that came and went. */
  readonly ownership: {
    /** Partitions owned now, computed from theirs. Unit: partitions. */
    readonly owned: number;
    /** Partitions that were assigned. Unit: partitions. */
    readonly assigned: number;
    /** Partitions that were revoked. Unit: partitions. */
    readonly revoked: number;
    /** Partitions that were lost without being revoked. Unit: partitions. */
    readonly lost: number;
  };
  /** Errors of every stage. */
  readonly errors: {
    /** Errors of every stage and kind. Unit: errors. */
    readonly total: number;
    /** Errors by topic, where it was told. Unit: errors. */
    readonly byTopic: Readonly<Record<string, number>>;
    /** Errors by stage (send, process, commit, deserialize, http, fetch, other) and kind. Unit: errors. */
    readonly byStage: Readonly<Partial<Record<Stage, Readonly<Record<string, number>>>>>;
  };
  /** The consumer: polls, pauses, heartbeats, and how its time is spent. */
  readonly consumer: {
    /** Polls. Unit: polls. */
    readonly polls: number;
    /** Polls that brought nothing. Unit: polls. */
    readonly emptyPolls: number;
    /** Messages that polls brought. Unit: messages. */
    readonly polledRecords: number;
    /** Pauses of a partition. Unit: pauses. */
    readonly pauses: number;
    /** Pauses that ended. Unit: pauses. */
    readonly resumes: number;
    /** Partitions paused now. Unit: partitions. */
    readonly pausedPartitions: number;
    /** Heartbeats. Unit: heartbeats. */
    readonly heartbeats: number;
    /** Time since the last heartbeat. Unit: seconds. */
    readonly heartbeatAgeSeconds: number | null;
    /** Time spent processing, exactly. Unit: nanoseconds. */
    readonly busyNanoseconds: number;
    /** Time spent waiting, exactly. Unit: nanoseconds. */
    readonly idleNanoseconds: number;
    /** Time spent processing. Unit: seconds. */
    readonly busySeconds: number;
    /** Time spent waiting. Unit: seconds. */
    readonly idleSeconds: number;
    /** The part of its time that it spent processing, 0 to 1. */
    readonly busyShare: number | null;
    /** How often a topic's buffer was full. Unit: occurrences. */
    readonly bufferFullByTopic: Readonly<Record<string, number>>;
  };
  /** Web requests. */
  readonly http: {
    /** Web requests answered, by HTTP status; 500 where there was no response. Unit: requests. */
    readonly responses: Readonly<Record<string, number>>;
    /** How long web requests took. Unit: seconds. */
    readonly latency: Latency;
  };
  /** Keys retrieved, updated and deleted, by table. Unit: calls. */
  readonly tables: Readonly<Record<string, TableFigures>>;
  /** What the program counted itself, by name. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Calls and readings that make no sense and were counted instead, by kind. Unit: occurrences. */
  readonly anomalies: Readonly<Record<string, number>>;
  /** The figures of each partition, ordered by topic and number. */
  readonly partitions: readonly PartitionFigures[];
}
