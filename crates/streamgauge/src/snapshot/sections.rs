//! The table of the snapshot: a row a figure. Structs, keys, forms and merging are made from it.

use alloc::string::String;
use alloc::vec::Vec;

use crate::health::Status;
use crate::histogram::Histogram;
use crate::snapshot::any::Unknown;
use crate::snapshot::map::SortedMap;
use crate::snapshot::parts::{Format, Latency, Life, PartitionFigures, Rate};
use crate::snapshot::table::{
    FigureOf, MergeRule, SnapshotFigure, SnapshotKind, SnapshotSection, rows, snapshot,
};
use crate::snapshot::value::Shaped;
use crate::tables::TableCounts;

snapshot! {
    head {
        format "snapshot": Format, State, "", [], Own, "The name and version of this form.";
        worker "worker": String, State, "", [], Own, "The worker's name; empty where it has none, and where many are merged.";
        since "since": f64, Gauge, "s", [], Own, "The Unix time at which the monitor was made; merged: the earliest.";
        at "at": f64, Gauge, "s", [], Own, "The Unix time of this snapshot; merged: the newest.";
        sequence "sequence": u64, Counter, "{snapshot}", [], Own, "The number of this snapshot in its monitor's life; merged: the number of lives.";
        merged "merged": Vec<Life>, State, "", [], Own, "Every life that is merged in here, ordered by worker and time; empty for a snapshot of one monitor.";
    }
    sections {
        messages "messages": Messages, "Messages that came in and went out." {
            received "received": u64, Counter, "{message}", [], Add, "Messages that came in.";
            received_by_topic "receivedByTopic": SortedMap<String, u64>, Counter, "{message}", ["topic"], Add, "Messages that came in, by topic.";
            active "active": u64, Gauge, "{message}", [], Sum, "Messages in flight: came in and did not go out yet.";
            sent "sent": u64, Counter, "{message}", [], Add, "Messages handed to the producer.";
            sent_by_topic "sentByTopic": SortedMap<String, u64>, Counter, "{message}", ["topic"], Add, "Messages handed to the producer, by topic.";
            bytes_received "bytesReceived": u64, Counter, "By", [], Add, "Bytes of messages that polls brought, where they told.";
            bytes_sent "bytesSent": u64, Counter, "By", [], Add, "Bytes of messages handed to the producer.";
            retried "retried": u64, Counter, "{message}", [], Add, "Messages that were tried again.";
            retried_by_topic "retriedByTopic": SortedMap<String, u64>, Counter, "{message}", ["topic"], Add, "Messages that were tried again, by topic where it was told.";
            dead_lettered "deadLettered": u64, Counter, "{message}", [], Add, "Messages given up and put aside.";
            dead_lettered_by_topic "deadLetteredByTopic": SortedMap<String, u64>, Counter, "{message}", ["topic"], Add, "Messages given up and put aside, by topic where it was told.";
            time "time": Latency, Histogram, "s", [], Add, "From a message's coming in to its going out.";
            end_to_end "endToEnd": Latency, Histogram, "s", [], Add, "From a message's timestamp to its going out.";
            oldest_seconds "oldestSeconds": Option<f64>, Gauge, "s", [], Max, "Age of the oldest message in flight.";
            stuck "stuck": u64, Gauge, "{message}", [], Sum, "Messages in flight for longer than stuckAfterSeconds.";
            stuck_after_seconds "stuckAfterSeconds": f64, Gauge, "s", [], Max, "How long a message may be in flight before it counts as stuck; a setting.";
        }
        events "events": Events, "Events that streams processed." {
            total "total": u64, Counter, "{event}", [], Add, "Events that came into a stream.";
            active "active": u64, Gauge, "{event}", [], Sum, "Events being processed now.";
            by_stream "byStream": SortedMap<String, u64>, Counter, "{event}", ["stream"], Add, "Events that came in, by stream.";
            by_task "byTask": SortedMap<String, u64>, Counter, "{event}", ["task"], Add, "Events that came in, by task; those of a stream without a task are in none.";
            runtime "runtime": Latency, Histogram, "s", [], Add, "How long events took.";
            runtime_by_stream "runtimeByStream": SortedMap<String, Histogram>, Histogram, "s", ["stream"], Add, "How long events took since the monitor was made, by stream.";
        }
        sends "sends": Sends, "Sends of the producer." {
            errors "errors": u64, Counter, "{message}", [], Add, "Sends that failed.";
            latency "latency": Latency, Histogram, "s", [], Add, "How long acknowledged sends took.";
            error_latency "errorLatency": Latency, Histogram, "s", [], Add, "How long failed sends took.";
        }
        commits "commits": Commits, "Commits of offsets." {
            completed "completed": u64, Counter, "{commit}", [], Add, "Commits that completed.";
            latency "latency": Latency, Histogram, "s", [], Add, "How long commits took.";
        }
        assignments "assignments": Assignments, "Partition assignments." {
            completed "completed": u64, Counter, "{assignment}", [], Add, "Partition assignments that completed.";
            failed "failed": u64, Counter, "{assignment}", [], Add, "Partition assignments that failed.";
            latency "latency": Latency, Histogram, "s", [], Add, "How long partition assignments took, failed ones too.";
        }
        rates "rates": Rates, "How fast things happen, over the time that really passed." {
            interval_seconds "intervalSeconds": Option<f64>, Gauge, "s", [], Max, "Between the last two samples.";
            messages_received "messagesReceived": Rate, Gauge, "{message}/s", [], Sum, "Messages that come in.";
            messages_sent "messagesSent": Rate, Gauge, "{message}/s", [], Sum, "Messages handed to the producer.";
            events "events": Rate, Gauge, "{event}/s", [], Sum, "Events that come into a stream.";
            errors "errors": Rate, Gauge, "{error}/s", [], Sum, "Errors of every stage.";
            busy "busy": Rate, Gauge, "1", [], Sum, "Seconds busy in a second.";
        }
        lag "lag": Lag, "The lag of all partitions, computed from theirs." {
            records_max "recordsMax": Option<u64>, Gauge, "{message}", [], Derived, "The greatest lag of a partition.";
            records_sum "recordsSum": Option<u64>, Gauge, "{message}", [], Derived, "The lag of all partitions whose lag is known.";
            committed_max "committedMax": Option<u64>, Gauge, "{message}", [], Derived, "The greatest committed lag of a partition.";
            committed_sum "committedSum": Option<u64>, Gauge, "{message}", [], Derived, "The committed lag of all partitions whose committed lag is known.";
            seconds_max "secondsMax": Option<f64>, Gauge, "s", [], Derived, "The greatest lag in seconds of a partition.";
            slope "slope": Option<f64>, Gauge, "{message}/s", [], Derived, "How fast the lag of all partitions grows; negative where it shrinks.";
            catch_up_seconds "catchUpSeconds": Option<f64>, Gauge, "s", [], Derived, "Seconds until the last partition has no lag, where all that have one drain.";
            partitions_known "partitionsKnown": u64, Gauge, "{partition}", [], Derived, "Partitions whose lag is known.";
            partitions_unknown "partitionsUnknown": u64, Gauge, "{partition}", [], Derived, "Partitions whose lag is not known.";
        }
        health "health": Health, "How all partitions are doing, computed from theirs." {
            status "status": Status, State, "", [], Derived, "The status of the partition that does worst.";
            reason "reason": String, State, "", [], Derived, "That partition and why it is said to do so.";
            ok "ok": u64, Gauge, "{partition}", [], Derived, "Partitions that keep up.";
            warn "warn": u64, Gauge, "{partition}", [], Derived, "Partitions whose lag grows.";
            stop "stop": u64, Gauge, "{partition}", [], Derived, "Partitions without commits.";
            stall "stall": u64, Gauge, "{partition}", [], Derived, "Partitions whose commits do not move.";
            rewind "rewind": u64, Gauge, "{partition}", [], Derived, "Partitions whose commits went back.";
        }
        rebalances "rebalances": Rebalances, "Rebalances of the consumer group." {
            count "count": u64, Counter, "{rebalance}", [], Add, "Rebalances that started.";
            app_count "appCount": u64, Gauge, "{rebalance}", [], Max, "The app's own count of rebalances.";
            in_progress "inProgress": u64, Gauge, "{rebalance}", [], Sum, "1 while a rebalance goes on, else 0.";
            recent "recent": u64, Gauge, "{rebalance}", [], Max, "Rebalances within stormWindowSeconds; at most 64, or stormRebalances where that is more.";
            storm "storm": bool, State, "", [], Either, "Whether recent reached stormRebalances.";
            storm_rebalances "stormRebalances": u64, Gauge, "{rebalance}", [], Max, "How many recent rebalances are a storm; a setting.";
            storm_window_seconds "stormWindowSeconds": f64, Gauge, "s", [], Max, "How long a rebalance is recent; a setting.";
            last_age_seconds "lastAgeSeconds": Option<f64>, Gauge, "s", [], Min, "Time since the last rebalance started.";
            return_latency "returnLatency": Latency, Histogram, "s", [], Add, "From a rebalance's start until the consumer returned.";
            end_latency "endLatency": Latency, Histogram, "s", [], Add, "From a rebalance's start to its end.";
        }
        ownership "ownership": Ownership, "Partitions that came and went." {
            owned "owned": u64, Gauge, "{partition}", [], Derived, "Partitions owned now, computed from theirs.";
            assigned "assigned": u64, Counter, "{partition}", [], Add, "Partitions that were assigned.";
            revoked "revoked": u64, Counter, "{partition}", [], Add, "Partitions that were revoked.";
            lost "lost": u64, Counter, "{partition}", [], Add, "Partitions that were lost without being revoked.";
        }
        errors "errors": Errors, "Errors of every stage." {
            total "total": u64, Counter, "{error}", [], Add, "Errors of every stage and kind.";
            by_topic "byTopic": SortedMap<String, u64>, Counter, "{error}", ["topic"], Add, "Errors by topic, where it was told.";
            by_stage "byStage": SortedMap<String, SortedMap<String, u64>>, Counter, "{error}", ["stage", "kind"], Add, "Errors by stage (send, process, commit, deserialize, http, fetch, other) and kind.";
        }
        consumer "consumer": Consumer, "The consumer: polls, pauses, heartbeats, and how its time is spent." {
            polls "polls": u64, Counter, "{poll}", [], Add, "Polls.";
            empty_polls "emptyPolls": u64, Counter, "{poll}", [], Add, "Polls that brought nothing.";
            polled_records "polledRecords": u64, Counter, "{message}", [], Add, "Messages that polls brought.";
            pauses "pauses": u64, Counter, "{pause}", [], Add, "Pauses of a partition.";
            resumes "resumes": u64, Counter, "{pause}", [], Add, "Pauses that ended.";
            paused_partitions "pausedPartitions": u64, Gauge, "{partition}", [], Sum, "Partitions paused now.";
            heartbeats "heartbeats": u64, Counter, "{heartbeat}", [], Add, "Heartbeats.";
            heartbeat_age_seconds "heartbeatAgeSeconds": Option<f64>, Gauge, "s", [], Max, "Time since the last heartbeat.";
            busy_nanoseconds "busyNanoseconds": u64, Counter, "ns", [], Add, "Time spent processing, exactly.";
            idle_nanoseconds "idleNanoseconds": u64, Counter, "ns", [], Add, "Time spent waiting, exactly.";
            busy_seconds "busySeconds": f64, Counter, "s", [], Derived, "Time spent processing.";
            idle_seconds "idleSeconds": f64, Counter, "s", [], Derived, "Time spent waiting.";
            busy_share "busyShare": Option<f64>, Gauge, "1", [], Derived, "The part of its time that it spent processing, 0 to 1.";
            buffer_full_by_topic "bufferFullByTopic": SortedMap<String, u64>, Counter, "{occurrence}", ["topic"], Add, "How often a topic's buffer was full.";
        }
        http "http": Http, "Web requests." {
            responses "responses": SortedMap<u16, u64>, Counter, "{request}", ["status"], Add, "Web requests answered, by HTTP status; 500 where there was no response.";
            latency "latency": Latency, Histogram, "s", [], Add, "How long web requests took.";
        }
    }
    tail {
        tables "tables": SortedMap<String, TableCounts>, Counter, "{call}", ["table"], Add, "Keys retrieved, updated and deleted, by table.";
        metrics "metrics": SortedMap<String, i64>, Gauge, "1", ["name"], Add, "What the program counted itself, by name.";
        anomalies "anomalies": SortedMap<String, u64>, Counter, "{occurrence}", ["kind"], Add, "Calls and readings that make no sense and were counted instead, by kind.";
        partitions "partitions": Vec<PartitionFigures>, Gauge, "", ["topic", "partition"], Own, "The figures of each partition, ordered by topic and number.";
    }
}
