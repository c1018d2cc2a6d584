/** Of librdkafka's statistics (its STATISTICS.md) what is read here. Any of it may be missing in an older librdkafka. */

/** A partition of a topic. */
export interface PartitionStatistics {
  readonly partition?: number;
  /** Whether the application wants it. */
  readonly desired?: boolean;
  /** "none", "stopping", "stopped", "offset-query", "offset-wait", "validate-epoch-wait", "active". */
  readonly fetch_state?: string;
  readonly fetchq_cnt?: number;
  readonly fetchq_size?: number;
  readonly committed_offset?: number;
  /** The next one for the application, after markers too; not known after a seek. */
  readonly app_offset?: number;
  /** The next one to be fetched. */
  readonly next_offset?: number;
  readonly hi_offset?: number;
  readonly consumer_lag?: number;
  readonly consumer_lag_stored?: number;
  readonly txmsgs?: number;
  readonly txbytes?: number;
}

/** A broker. */
export interface BrokerStatistics {
  readonly txerrs?: number;
  readonly rxerrs?: number;
  readonly req_timeouts?: number;
  /** How long messages wait in the producer before they are sent, microseconds. */
  readonly int_latency?: { readonly cnt?: number; readonly avg?: number; readonly max?: number };
}

/** One client's statistics at one moment. */
export interface Statistics {
  readonly name?: string;
  readonly type?: string;
  readonly age?: number;
  readonly msg_cnt?: number;
  readonly msg_size?: number;
  readonly rxmsgs?: number;
  readonly rxmsg_bytes?: number;
  readonly brokers?: Readonly<Record<string, BrokerStatistics>>;
  readonly topics?: Readonly<Record<string, { readonly partitions?: Readonly<Record<string, PartitionStatistics>> }>>;
  readonly cgrp?: { readonly join_state?: string; readonly rebalance_cnt?: number; readonly rebalance_age?: number; readonly rebalance_reason?: string };
}
