// Generated from crates/streamgauge/src/schema.rs by `cargo run -p xtask -- generate`. Do not edit.

/** The form of a figure. */
export type Shape =
  | "whole"
  | "seconds"
  | "secondsList"
  | "wholeByLabel"
  | "signedByLabel"
  | "tables"
  | "wholeByStatus"
  | "offsetByPartition"
  | "secondsByPartition";

/** A row of the table of figures. */
export interface FigureRow {
  /** Faust's attribute. */
  readonly name: string;
  /** The monitor's getter. */
  readonly attribute: string;
  /** Its key in `asdict()`, null where it is not in there. */
  readonly asdict: string | null;
  /** Whether the constructor takes a starting value, under the getter's name. */
  readonly option: boolean;
  /** Its form. */
  readonly shape: Shape;
}

/** Every figure: those of `asdict()` in its order, then the rest. A row's place is its number. */
export const FIGURES: readonly FigureRow[] = [
  { name: "messages_active", attribute: "messagesActive", asdict: "messages_active", option: true, shape: "whole" },
  { name: "messages_received_total", attribute: "messagesReceivedTotal", asdict: "messages_received_total", option: true, shape: "whole" },
  { name: "messages_sent", attribute: "messagesSent", asdict: "messages_sent", option: true, shape: "whole" },
  { name: "messages_sent_by_topic", attribute: "messagesSentByTopic", asdict: "messages_sent_by_topic", option: false, shape: "wholeByLabel" },
  { name: "messages_s", attribute: "messagesS", asdict: "messages_s", option: true, shape: "whole" },
  { name: "messages_received_by_topic", attribute: "messagesReceivedByTopic", asdict: "messages_received_by_topic", option: true, shape: "wholeByLabel" },
  { name: "events_active", attribute: "eventsActive", asdict: "events_active", option: true, shape: "whole" },
  { name: "events_total", attribute: "eventsTotal", asdict: "events_total", option: true, shape: "whole" },
  { name: "events_s", attribute: "eventsS", asdict: "events_s", option: true, shape: "whole" },
  { name: "events_runtime_avg", attribute: "eventsRuntimeAvg", asdict: "events_runtime_avg", option: true, shape: "seconds" },
  { name: "events_by_task", attribute: "eventsByTask", asdict: "events_by_task", option: true, shape: "wholeByLabel" },
  { name: "events_by_stream", attribute: "eventsByStream", asdict: "events_by_stream", option: true, shape: "wholeByLabel" },
  { name: "commit_latency", attribute: "commitLatency", asdict: "commit_latency", option: true, shape: "secondsList" },
  { name: "send_latency", attribute: "sendLatency", asdict: "send_latency", option: true, shape: "secondsList" },
  { name: "send_errors", attribute: "sendErrors", asdict: "send_errors", option: false, shape: "whole" },
  { name: "assignment_latency", attribute: "assignmentLatency", asdict: "assignment_latency", option: true, shape: "secondsList" },
  { name: "assignments_completed", attribute: "assignmentsCompleted", asdict: "assignments_completed", option: false, shape: "whole" },
  { name: "assignments_failed", attribute: "assignmentsFailed", asdict: "assignments_failed", option: false, shape: "whole" },
  { name: "topic_buffer_full", attribute: "topicBufferFull", asdict: "topic_buffer_full", option: true, shape: "wholeByLabel" },
  { name: "tables", attribute: "tables", asdict: "tables", option: true, shape: "tables" },
  { name: "metric_counts", attribute: "metricCounts", asdict: "metric_counts", option: false, shape: "signedByLabel" },
  { name: "tp_committed_offsets", attribute: "tpCommittedOffsets", asdict: "topic_committed_offsets", option: false, shape: "offsetByPartition" },
  { name: "tp_read_offsets", attribute: "tpReadOffsets", asdict: "topic_read_offsets", option: false, shape: "offsetByPartition" },
  { name: "tp_end_offsets", attribute: "tpEndOffsets", asdict: "topic_end_offsets", option: false, shape: "offsetByPartition" },
  { name: "rebalances", attribute: "rebalances", asdict: "rebalances", option: true, shape: "whole" },
  { name: "rebalance_return_latency", attribute: "rebalanceReturnLatency", asdict: "rebalance_return_latency", option: true, shape: "secondsList" },
  { name: "rebalance_end_latency", attribute: "rebalanceEndLatency", asdict: "rebalance_end_latency", option: true, shape: "secondsList" },
  { name: "rebalance_return_avg", attribute: "rebalanceReturnAvg", asdict: "rebalance_return_avg", option: true, shape: "seconds" },
  { name: "rebalance_end_avg", attribute: "rebalanceEndAvg", asdict: "rebalance_end_avg", option: true, shape: "seconds" },
  { name: "http_response_codes", attribute: "httpResponseCodes", asdict: "http_response_codes", option: true, shape: "wholeByStatus" },
  { name: "http_response_latency", attribute: "httpResponseLatency", asdict: "http_response_latency", option: true, shape: "secondsList" },
  { name: "http_response_latency_avg", attribute: "httpResponseLatencyAvg", asdict: "http_response_latency_avg", option: true, shape: "seconds" },
  { name: "events_runtime", attribute: "eventsRuntime", asdict: null, option: true, shape: "secondsList" },
  { name: "stream_inbound_time", attribute: "streamInboundTime", asdict: null, option: false, shape: "secondsByPartition" },
  { name: "max_avg_history", attribute: "maxAvgHistory", asdict: null, option: true, shape: "whole" },
  { name: "max_commit_latency_history", attribute: "maxCommitLatencyHistory", asdict: null, option: true, shape: "whole" },
  { name: "max_send_latency_history", attribute: "maxSendLatencyHistory", asdict: null, option: true, shape: "whole" },
  { name: "max_assignment_latency_history", attribute: "maxAssignmentLatencyHistory", asdict: null, option: true, shape: "whole" },
  { name: "max_labels", attribute: "maxLabels", asdict: null, option: true, shape: "whole" },
  { name: "max_partitions", attribute: "maxPartitions", asdict: null, option: true, shape: "whole" },
  { name: "epoch", attribute: "epoch", asdict: null, option: true, shape: "seconds" },
  { name: "health_commits", attribute: "healthCommits", asdict: null, option: true, shape: "whole" },
  { name: "allowed_lag", attribute: "allowedLag", asdict: null, option: true, shape: "whole" },
  { name: "health_hold", attribute: "healthHold", asdict: null, option: true, shape: "seconds" },
  { name: "stuck_after", attribute: "stuckAfter", asdict: null, option: true, shape: "seconds" },
  { name: "storm_rebalances", attribute: "stormRebalances", asdict: null, option: true, shape: "whole" },
  { name: "storm_window", attribute: "stormWindow", asdict: null, option: true, shape: "seconds" },
  { name: "label_idle", attribute: "labelIdle", asdict: null, option: true, shape: "seconds" },
  { name: "partition_idle", attribute: "partitionIdle", asdict: null, option: true, shape: "seconds" },
];

/** How often the keys of a table were got, set and deleted. */
export interface TableCounts {
  /** `onTableGet` calls. */
  keys_retrieved: number;
  /** `onTableSet` calls. */
  keys_updated: number;
  /** `onTableDel` calls. */
  keys_deleted: number;
}

/** A table and its counts. */
export interface TableState {
  /** The table's name. */
  readonly table: string;
  /** `onTableGet` calls. */
  readonly keysRetrieved: number;
  /** `onTableSet` calls. */
  readonly keysUpdated: number;
  /** `onTableDel` calls. */
  readonly keysDeleted: number;
  /** The three counts without the name. */
  asdict(): TableCounts;
}

/** Exactly what `asdict()` gives. Times are seconds. */
export interface AsDict {
  /** Messages in flight: came in and did not go out yet. Unit: messages. */
  messages_active: number;
  /** Messages that came in. Unit: messages. */
  messages_received_total: number;
  /** Messages handed to the producer. Unit: messages. */
  messages_sent: number;
  /** Messages handed to the producer, by topic. Unit: messages. */
  messages_sent_by_topic: Record<string, number>;
  /** Growth of messages_received_total between the last two samples, whatever time passed. Unit: messages. */
  messages_s: number;
  /** Messages that came in, by topic. Unit: messages. */
  messages_received_by_topic: Record<string, number>;
  /** Events being processed now. Unit: events. */
  events_active: number;
  /** Events that came into a stream. Unit: events. */
  events_total: number;
  /** Growth of events_total between the last two samples, whatever time passed. Unit: events. */
  events_s: number;
  /** Median of events_runtime at the last sample. Unit: seconds. */
  events_runtime_avg: number;
  /** Events that came in, by task; those of a stream without a task are in none. Unit: events. */
  events_by_task: Record<string, number>;
  /** Events that came in, by stream. Unit: events. */
  events_by_stream: Record<string, number>;
  /** How long the newest commits took, oldest first. Unit: seconds. */
  commit_latency: number[];
  /** How long the newest acknowledged sends took, oldest first. Unit: seconds. */
  send_latency: number[];
  /** Sends that failed. Unit: messages. */
  send_errors: number;
  /** How long the newest partition assignments took, failed ones too, oldest first. Unit: seconds. */
  assignment_latency: number[];
  /** Partition assignments that completed. Unit: assignments. */
  assignments_completed: number;
  /** Partition assignments that failed. Unit: assignments. */
  assignments_failed: number;
  /** How often a topic's buffer was full since the last rebalance. Unit: occurrences. */
  topic_buffer_full: Record<string, number>;
  /** Keys retrieved, updated and deleted, by table. Unit: calls. */
  tables: Record<string, TableCounts>;
  /** What the program counted itself, by name. */
  metric_counts: Record<string, number>;
  /** Offset committed last (in Kafka the next to be read), since the last rebalance. Unit: offsets. */
  topic_committed_offsets: Record<string, Record<string, number>>;
  /** Offset of the last message that came in, since the last rebalance. Unit: offsets. */
  topic_read_offsets: Record<string, Record<string, number>>;
  /** End offset, the high watermark (in Kafka the next to be written), since the last rebalance. Unit: offsets. */
  topic_end_offsets: Record<string, Record<string, number>>;
  /** The app's count of rebalances. Unit: rebalances. */
  rebalances: number;
  /** Seconds from the start of the newest rebalances until the consumer returned, oldest first. Unit: seconds. */
  rebalance_return_latency: number[];
  /** Seconds from the start of the newest rebalances until their end, oldest first. Unit: seconds. */
  rebalance_end_latency: number[];
  /** Median of rebalance_return_latency at the last sample. Unit: seconds. */
  rebalance_return_avg: number;
  /** Median of rebalance_end_latency at the last sample. Unit: seconds. */
  rebalance_end_avg: number;
  /** Web requests answered, by HTTP status; 500 where there was no response. Unit: requests. */
  http_response_codes: Record<string, number>;
  /** How long the newest web requests took, oldest first. Unit: seconds. */
  http_response_latency: number[];
  /** Median of http_response_latency at the last sample. Unit: seconds. */
  http_response_latency_avg: number;
}

/** The monitor's attributes. Times are seconds. */
export interface Attributes {
  /** Messages in flight: came in and did not go out yet. Unit: messages. */
  readonly messagesActive: number;
  /** Messages that came in. Unit: messages. */
  readonly messagesReceivedTotal: number;
  /** Messages handed to the producer. Unit: messages. */
  readonly messagesSent: number;
  /** Messages handed to the producer, by topic. Unit: messages. */
  readonly messagesSentByTopic: Record<string, number>;
  /** Growth of messagesReceivedTotal between the last two samples, whatever time passed. Unit: messages. */
  readonly messagesS: number;
  /** Messages that came in, by topic. Unit: messages. */
  readonly messagesReceivedByTopic: Record<string, number>;
  /** Events being processed now. Unit: events. */
  readonly eventsActive: number;
  /** Events that came into a stream. Unit: events. */
  readonly eventsTotal: number;
  /** Growth of eventsTotal between the last two samples, whatever time passed. Unit: events. */
  readonly eventsS: number;
  /** Median of eventsRuntime at the last sample. Unit: seconds. */
  readonly eventsRuntimeAvg: number;
  /** Events that came in, by task; those of a stream without a task are in none. Unit: events. */
  readonly eventsByTask: Record<string, number>;
  /** Events that came in, by stream. Unit: events. */
  readonly eventsByStream: Record<string, number>;
  /** How long the newest commits took, oldest first. Unit: seconds. */
  readonly commitLatency: number[];
  /** How long the newest acknowledged sends took, oldest first. Unit: seconds. */
  readonly sendLatency: number[];
  /** Sends that failed. Unit: messages. */
  readonly sendErrors: number;
  /** How long the newest partition assignments took, failed ones too, oldest first. Unit: seconds. */
  readonly assignmentLatency: number[];
  /** Partition assignments that completed. Unit: assignments. */
  readonly assignmentsCompleted: number;
  /** Partition assignments that failed. Unit: assignments. */
  readonly assignmentsFailed: number;
  /** How often a topic's buffer was full since the last rebalance. Unit: occurrences. */
  readonly topicBufferFull: Record<string, number>;
  /** Keys retrieved, updated and deleted, by table. Unit: calls. */
  readonly tables: Record<string, TableState>;
  /** What the program counted itself, by name. */
  readonly metricCounts: Record<string, number>;
  /** Offset committed last (in Kafka the next to be read), since the last rebalance. Unit: offsets. */
  readonly tpCommittedOffsets: Map<string, Map<number, number>>;
  /** Offset of the last message that came in, since the last rebalance. Unit: offsets. */
  readonly tpReadOffsets: Map<string, Map<number, number>>;
  /** End offset, the high watermark (in Kafka the next to be written), since the last rebalance. Unit: offsets. */
  readonly tpEndOffsets: Map<string, Map<number, number>>;
  /** The app's count of rebalances. Unit: rebalances. */
  readonly rebalances: number;
  /** Seconds from the start of the newest rebalances until the consumer returned, oldest first. Unit: seconds. */
  readonly rebalanceReturnLatency: number[];
  /** Seconds from the start of the newest rebalances until their end, oldest first. Unit: seconds. */
  readonly rebalanceEndLatency: number[];
  /** Median of rebalanceReturnLatency at the last sample. Unit: seconds. */
  readonly rebalanceReturnAvg: number;
  /** Median of rebalanceEndLatency at the last sample. Unit: seconds. */
  readonly rebalanceEndAvg: number;
  /** Web requests answered, by HTTP status; 500 where there was no response. Unit: requests. */
  readonly httpResponseCodes: Record<string, number>;
  /** How long the newest web requests took, oldest first. Unit: seconds. */
  readonly httpResponseLatency: number[];
  /** Median of httpResponseLatency at the last sample. Unit: seconds. */
  readonly httpResponseLatencyAvg: number;
  /** How long the newest events took, oldest first. Unit: seconds. */
  readonly eventsRuntime: number[];
  /** The clock's reading when the last event came in, since the last rebalance. Unit: seconds. */
  readonly streamInboundTime: Map<string, Map<number, number>>;
  /** Length of eventsRuntime, rebalanceReturnLatency, rebalanceEndLatency and httpResponseLatency. */
  readonly maxAvgHistory: number;
  /** Length of commitLatency. */
  readonly maxCommitLatencyHistory: number;
  /** Length of sendLatency. */
  readonly maxSendLatencyHistory: number;
  /** Length of assignmentLatency. */
  readonly maxAssignmentLatencyHistory: number;
  /** Labels that each counter family keeps; the rest counts under (other). */
  readonly maxLabels: number;
  /** Topic-partitions whose offsets are kept. */
  readonly maxPartitions: number;
  /** The Unix time at which the clock reads 0. Unit: seconds. */
  readonly epoch: number;
  /** Commits that a partition's health is judged by. */
  readonly healthCommits: number;
  /** The lag that a healthy partition may have. Unit: messages. */
  readonly allowedLag: number;
  /** How long a health status must hold before its change is told. Unit: seconds. */
  readonly healthHold: number;
  /** In flight for longer than this, a message counts as stuck. Unit: seconds. */
  readonly stuckAfter: number;
  /** So many rebalances within stormWindow are a storm. */
  readonly stormRebalances: number;
  /** The window of stormRebalances. Unit: seconds. */
  readonly stormWindow: number;
  /** Unchanged for longer than this, a label folds into (other); 0 for never. Unit: seconds. */
  readonly labelIdle: number;
  /** No longer owned for longer than this, a partition is let go; 0 for never. Unit: seconds. */
  readonly partitionIdle: number;
}

/** Limits, and starting values (0 or empty unless given). Times are seconds. */
export interface FigureOptions {
  /** Messages in flight: came in and did not go out yet. Unit: messages. */
  messagesActive?: number | undefined;
  /** Messages that came in. Unit: messages. */
  messagesReceivedTotal?: number | undefined;
  /** Messages handed to the producer. Unit: messages. */
  messagesSent?: number | undefined;
  /** Growth of messagesReceivedTotal between the last two samples, whatever time passed. Unit: messages. */
  messagesS?: number | undefined;
  /** Messages that came in, by topic. Unit: messages. */
  messagesReceivedByTopic?: Record<string, number> | undefined;
  /** Events being processed now. Unit: events. */
  eventsActive?: number | undefined;
  /** Events that came into a stream. Unit: events. */
  eventsTotal?: number | undefined;
  /** Growth of eventsTotal between the last two samples, whatever time passed. Unit: events. */
  eventsS?: number | undefined;
  /** Median of eventsRuntime at the last sample. Unit: seconds. */
  eventsRuntimeAvg?: number | undefined;
  /** Events that came in, by task; those of a stream without a task are in none. Unit: events. */
  eventsByTask?: Record<string, number> | undefined;
  /** Events that came in, by stream. Unit: events. */
  eventsByStream?: Record<string, number> | undefined;
  /** How long the newest commits took, oldest first. Unit: seconds. */
  commitLatency?: Iterable<number> | undefined;
  /** How long the newest acknowledged sends took, oldest first. Unit: seconds. */
  sendLatency?: Iterable<number> | undefined;
  /** How long the newest partition assignments took, failed ones too, oldest first. Unit: seconds. */
  assignmentLatency?: Iterable<number> | undefined;
  /** How often a topic's buffer was full since the last rebalance. Unit: occurrences. */
  topicBufferFull?: Record<string, number> | undefined;
  /** Keys retrieved, updated and deleted, by table. Unit: calls. */
  tables?: Record<string, Partial<TableCounts>> | undefined;
  /** The app's count of rebalances. Unit: rebalances. */
  rebalances?: number | undefined;
  /** Seconds from the start of the newest rebalances until the consumer returned, oldest first. Unit: seconds. */
  rebalanceReturnLatency?: Iterable<number> | undefined;
  /** Seconds from the start of the newest rebalances until their end, oldest first. Unit: seconds. */
  rebalanceEndLatency?: Iterable<number> | undefined;
  /** Median of rebalanceReturnLatency at the last sample. Unit: seconds. */
  rebalanceReturnAvg?: number | undefined;
  /** Median of rebalanceEndLatency at the last sample. Unit: seconds. */
  rebalanceEndAvg?: number | undefined;
  /** Web requests answered, by HTTP status; 500 where there was no response. Unit: requests. */
  httpResponseCodes?: Record<string, number> | undefined;
  /** How long the newest web requests took, oldest first. Unit: seconds. */
  httpResponseLatency?: Iterable<number> | undefined;
  /** Median of httpResponseLatency at the last sample. Unit: seconds. */
  httpResponseLatencyAvg?: number | undefined;
  /** How long the newest events took, oldest first. Unit: seconds. */
  eventsRuntime?: Iterable<number> | undefined;
  /** Length of eventsRuntime, rebalanceReturnLatency, rebalanceEndLatency and httpResponseLatency. Default 100. */
  maxAvgHistory?: number | undefined;
  /** Length of commitLatency. Default 30. */
  maxCommitLatencyHistory?: number | undefined;
  /** Length of sendLatency. Default 30. */
  maxSendLatencyHistory?: number | undefined;
  /** Length of assignmentLatency. Default 30. */
  maxAssignmentLatencyHistory?: number | undefined;
  /** Labels that each counter family keeps; the rest counts under (other). Default 2000. */
  maxLabels?: number | undefined;
  /** Topic-partitions whose offsets are kept. Default 100000. */
  maxPartitions?: number | undefined;
  /** The Unix time at which the clock reads 0. Unit: seconds. Default `performance.timeOrigin / 1000`. */
  epoch?: number | undefined;
  /** Commits that a partition's health is judged by. Default 10. */
  healthCommits?: number | undefined;
  /** The lag that a healthy partition may have. Unit: messages. Default 0. */
  allowedLag?: number | undefined;
  /** How long a health status must hold before its change is told. Unit: seconds. Default 10. */
  healthHold?: number | undefined;
  /** In flight for longer than this, a message counts as stuck. Unit: seconds. Default 60. */
  stuckAfter?: number | undefined;
  /** So many rebalances within stormWindow are a storm. Default 5. */
  stormRebalances?: number | undefined;
  /** The window of stormRebalances. Unit: seconds. Default 300. */
  stormWindow?: number | undefined;
  /** Unchanged for longer than this, a label folds into (other); 0 for never. Unit: seconds. Default 86400. */
  labelIdle?: number | undefined;
  /** No longer owned for longer than this, a partition is let go; 0 for never. Unit: seconds. Default 600. */
  partitionIdle?: number | undefined;
}

/** What should not happen and is counted instead, in the order of the bits. */
export const ANOMALIES = [
  { name: "messageOutWithoutIn", says: "a message went out while none was in flight; messages_active stays at 0" },
  { name: "eventOutWithoutIn", says: "an event went out while none was in flight; events_active stays at 0" },
  { name: "tokenCompletedTwice", says: "a token was completed a second time; the second time changed nothing" },
  { name: "tokenMissing", says: "an end hook was called without the token of its start; nothing changed" },
  { name: "clockWentBack", says: "the clock reads earlier than at the start of what ended now; the duration became 0" },
  { name: "clockNotFinite", says: "the clock's reading, or the time in a token, is not a finite number; the last finite one was taken, or the duration became 0" },
  { name: "labelOverLimit", says: "a counter family is full (max_labels); further names count under (other)" },
  { name: "partitionOverLimit", says: "the table of partitions is full (max_partitions); offsets of further ones are not kept" },
  { name: "nameTooLong", says: "a name has more than 4,096 characters; the call changed nothing" },
] as const;

/** How often each anomaly was seen since the monitor was made. */
export interface Anomalies {
  /** Count of: a message went out while none was in flight; messages_active stays at 0. */
  readonly messageOutWithoutIn: number;
  /** Count of: an event went out while none was in flight; events_active stays at 0. */
  readonly eventOutWithoutIn: number;
  /** Count of: a token was completed a second time; the second time changed nothing. */
  readonly tokenCompletedTwice: number;
  /** Count of: an end hook was called without the token of its start; nothing changed. */
  readonly tokenMissing: number;
  /** Count of: the clock reads earlier than at the start of what ended now; the duration became 0. */
  readonly clockWentBack: number;
  /** Count of: the clock's reading, or the time in a token, is not a finite number; the last finite one was taken, or the duration became 0. */
  readonly clockNotFinite: number;
  /** Count of: a counter family is full (max_labels); further names count under (other). */
  readonly labelOverLimit: number;
  /** Count of: the table of partitions is full (max_partitions); offsets of further ones are not kept. */
  readonly partitionOverLimit: number;
  /** Count of: a name has more than 4,096 characters; the call changed nothing. */
  readonly nameTooLong: number;
}
