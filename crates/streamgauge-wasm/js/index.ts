/** The public API, the same in every host. */

export { Monitor } from "./monitor.js";
export { Sensor } from "./sensor.js";
export { SensorDelegate } from "./delegate.js";
export type { Stream, TopicPartition } from "./handles.js";
export { FIGURES } from "./schema.js";
export type { Anomalies, AsDict, Attributes, FigureOptions, FigureRow, Shape, TableCounts, TableState } from "./schema.js";
export type { Logger, MonitorOptions } from "./options.js";
export type { Fanned } from "./delegate.js";
export type { Offset, RebalancingApp, ResponseLike, TableLike } from "./sensor.js";
export type { StreamLike, TopicPartitionLike } from "./handles.js";
export type { AssignmentState, EventState, MessageTimes, RebalanceState, WebRequestState } from "./tokens.js";
export type { Refusal } from "./checks.js";
export type { HealthChange, HealthListener } from "./health.js";
export type * from "./snapshot-schema.js";
