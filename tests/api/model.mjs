// A naive monitor, written from the description of Faust's and of where ours differs (D1 to D9, D13),
// with arrays and Maps and without any thought of speed. Input is well-formed; tokens are its own.

const OTHER = "(other)";
const KINDS = [
  "messageOutWithoutIn", "eventOutWithoutIn", "tokenCompletedTwice", "tokenMissing", "clockWentBack", "clockNotFinite",
  "labelOverLimit", "partitionOverLimit", "nameTooLong",
];

/** Counts by label; a label is known once it was looked up, and shown once it was counted. */
class Family {
  known = new Set();
  counts = new Map();

  constructor(limit, over) {
    this.limit = limit;
    this.over = over;
  }

  /** The label under which `name` counts. */
  label(name) {
    if (name === OTHER || this.known.has(name)) return name;
    if (this.known.size >= this.limit) {
      this.over();
      return OTHER;
    }
    this.known.add(name);
    return name;
  }

  /** The same, where nobody is told that there is no room. */
  take(name) {
    if (this.known.size < this.limit) this.known.add(name);
  }

  add(label, n) {
    this.counts.set(label, (this.counts.get(label) ?? 0) + n);
  }

  get object() {
    return Object.fromEntries(this.counts);
  }
}

function median(values) {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[middle];
  const mean = (sorted[middle - 1] + sorted[middle]) / 2;
  // Python gives infinity for two that are too large to add; we stay finite.
  return Number.isFinite(mean) ? mean : sorted[middle - 1] / 2 + sorted[middle] / 2;
}

export class Model {
  anomalies = Object.fromEntries(KINDS.map((kind) => [kind, 0]));
  messagesActive = 0;
  messagesReceivedTotal = 0;
  messagesSent = 0;
  messagesS = 0;
  eventsActive = 0;
  eventsTotal = 0;
  eventsS = 0;
  eventsRuntime = [];
  eventsRuntimeAvg = 0;
  commitLatency = [];
  sendLatency = [];
  sendErrors = 0;
  assignmentLatency = [];
  assignmentsCompleted = 0;
  assignmentsFailed = 0;
  rebalances = 0;
  rebalanceReturnLatency = [];
  rebalanceReturnAvg = 0;
  rebalanceEndLatency = [];
  rebalanceEndAvg = 0;
  httpResponseCodes = new Map();
  httpResponseLatency = [];
  httpResponseLatencyAvg = 0;
  #lastReading = 0;
  #sampled = { messages: 0, events: 0 };
  #completed = new WeakMap();

  constructor({ maxAvgHistory, maxCommitLatencyHistory, maxSendLatencyHistory, maxAssignmentLatencyHistory, maxLabels, maxPartitions, time }) {
    this.limits = { avg: maxAvgHistory, commit: maxCommitLatencyHistory, send: maxSendLatencyHistory, assignment: maxAssignmentLatencyHistory };
    this.time = time;
    const family = () => new Family(maxLabels, () => this.#note("labelOverLimit"));
    this.receivedTopics = family();
    this.sentTopics = family();
    this.streams = family();
    this.tasks = family();
    this.fullTopics = family();
    this.tables = family();
    this.metrics = family();
    this.errorKinds = family();
    this.maxPartitions = maxPartitions;
    this.partitions = new Map();
    this.#now();
  }

  #note(kind) {
    this.anomalies[kind] += 1;
  }

  #now() {
    const now = this.time();
    if (typeof now === "number" && Number.isFinite(now)) return (this.#lastReading = now);
    this.#note("clockNotFinite");
    return this.#lastReading;
  }

  #between(start, now) {
    const seconds = now - start;
    if (seconds < 0) this.#note("clockWentBack");
    else if (!Number.isFinite(seconds)) this.#note("clockNotFinite");
    else return seconds;
    return 0;
  }

  #push(deque, limit, seconds) {
    this[deque].push(seconds);
    if (this[deque].length > limit) this[deque].shift();
  }

  /** What is kept of a topic-partition, undefined where there is no room. */
  partition({ topic, partition }) {
    const key = JSON.stringify([topic, partition]);
    if (!this.partitions.has(key)) {
      if (this.partitions.size >= this.maxPartitions) return this.#note("partitionOverLimit");
      this.partitions.set(key, { topic, partition });
    }
    return this.partitions.get(key);
  }

  /** A stream's labels, looked up once. */
  stream({ label, task }) {
    return { label: this.streams.label(label), task: task == null ? null : this.tasks.label(task) };
  }

  issue(token) {
    this.#completed.set(token, new Set());
    return token;
  }

  #complete(token, how) {
    const completed = this.#completed.get(token);
    if (completed?.has(how)) {
      this.#note("tokenCompletedTwice");
      return false;
    }
    completed?.add(how);
    return true;
  }

  #given(token) {
    if (token == null) this.#note("tokenMissing");
    return token != null;
  }

  onMessageIn(tp, offset, message) {
    message.timeIn = this.#now();
    this.messagesReceivedTotal += 1;
    this.messagesActive += 1;
    const kept = this.partition(tp);
    if (kept === undefined) return this.receivedTopics.add(this.receivedTopics.label(tp.topic), 1);
    kept.read = offset;
    kept.label ??= this.receivedTopics.label(tp.topic);
    this.receivedTopics.add(kept.label, 1);
  }

  /** `labels` as `stream` gave them. */
  onStreamEventIn(tp, { label, task }) {
    const now = this.#now();
    this.eventsTotal += 1;
    this.eventsActive += 1;
    this.streams.add(label, 1);
    if (task !== null) this.tasks.add(task, 1);
    const kept = this.partition(tp);
    if (kept !== undefined) kept.inbound = now;
    return this.issue({ timeIn: now, timeOut: null, timeTotal: null });
  }

  onStreamEventOut(token) {
    if (token == null) return;
    if (!this.#complete(token, "end")) return;
    const now = this.#now();
    if (this.eventsActive === 0) this.#note("eventOutWithoutIn");
    else this.eventsActive -= 1;
    token.timeOut = now;
    token.timeTotal = this.#between(token.timeIn, now);
    this.#push("eventsRuntime", this.limits.avg, token.timeTotal);
  }

  onMessageOut(message) {
    message.timeOut = this.#now();
    if (this.messagesActive === 0) this.#note("messageOutWithoutIn");
    else this.messagesActive -= 1;
    if (message.timeIn != null) message.timeTotal = this.#between(message.timeIn, message.timeOut);
  }

  onTopicBufferFull(topic) {
    this.fullTopics.add(this.fullTopics.label(topic), 1);
  }

  onTable(table, place) {
    const label = this.tables.label(table);
    const counts = this.tables.counts.get(label) ?? [0, 0, 0];
    counts[place] += 1;
    this.tables.counts.set(label, counts);
  }

  onCommitInitiated() {
    return this.#now();
  }

  onCommitCompleted(start) {
    if (this.#given(start)) this.#push("commitLatency", this.limits.commit, this.#between(start, this.#now()));
  }

  onSendInitiated(topic) {
    const now = this.#now();
    this.messagesSent += 1;
    this.sentTopics.add(this.sentTopics.label(topic), 1);
    return now;
  }

  onSendCompleted(start) {
    if (this.#given(start)) this.#push("sendLatency", this.limits.send, this.#between(start, this.#now()));
  }

  onSendError(start) {
    if (!this.#given(start)) return;
    const now = this.#now();
    this.errorKinds.label("Error");
    this.sendErrors += 1;
    this.#between(start, now);
  }

  count(name, n) {
    this.metrics.add(this.metrics.label(name), n);
  }

  onTpCommit(pairs) {
    this.#now();
    for (const [tp, offset] of pairs) {
      const kept = this.partition(tp);
      if (kept !== undefined) kept.committed = offset;
    }
  }

  trackTpEndOffset(tp, offset) {
    this.#now();
    const kept = this.partition(tp);
    if (kept !== undefined) kept.end = offset;
  }

  onAssignmentStart() {
    return this.issue({ timeStart: this.#now() });
  }

  onAssignmentOver(token, completed) {
    if (!this.#given(token)) return;
    if (!this.#complete(token, "end")) return;
    const now = this.#now();
    this.#push("assignmentLatency", this.limits.assignment, this.#between(token.timeStart, now));
    if (completed) this.assignmentsCompleted += 1;
    else this.assignmentsFailed += 1;
  }

  onRebalanceStart(count) {
    const now = this.#now();
    this.rebalances = count ?? this.rebalances + 1;
    this.#forget();
    return this.issue({ timeStart: now });
  }

  onRebalanceReturn(token) {
    if (!this.#given(token)) return;
    if (!this.#complete(token, "return")) return;
    const now = this.#now();
    token.timeReturn = now;
    token.latencyReturn = this.#between(token.timeStart, now);
    this.#push("rebalanceReturnLatency", this.limits.avg, token.latencyReturn);
  }

  onRebalanceEnd(token) {
    if (!this.#given(token)) return;
    if (!this.#complete(token, "end")) return;
    const now = this.#now();
    token.timeEnd = now;
    token.latencyEnd = this.#between(token.timeStart, now);
    this.#push("rebalanceEndLatency", this.limits.avg, token.latencyEnd);
    this.#forget();
  }

  #forget() {
    for (const kept of this.partitions.values()) {
      for (const key of ["read", "committed", "end", "inbound"]) delete kept[key];
    }
    this.fullTopics.counts.clear();
  }

  onWebRequestStart() {
    return this.issue({ timeStart: this.#now() });
  }

  onWebRequestEnd(status, token) {
    if (!this.#given(token)) return;
    if (!this.#complete(token, "end")) return;
    const now = this.#now();
    token.statusCode = status ?? 500;
    token.timeEnd = now;
    token.latencyEnd = this.#between(token.timeStart, now);
    this.#push("httpResponseLatency", this.limits.avg, token.latencyEnd);
    this.httpResponseCodes.set(token.statusCode, (this.httpResponseCodes.get(token.statusCode) ?? 0) + 1);
    if (token.statusCode >= 500) this.errorKinds.take(String(token.statusCode));
  }

  sample() {
    this.#now();
    for (const [deque, average] of [
      ["eventsRuntime", "eventsRuntimeAvg"],
      ["rebalanceReturnLatency", "rebalanceReturnAvg"],
      ["rebalanceEndLatency", "rebalanceEndAvg"],
      ["httpResponseLatency", "httpResponseLatencyAvg"],
    ]) {
      if (this[deque].length > 0) this[average] = median(this[deque]);
    }
    this.messagesS = this.messagesReceivedTotal - this.#sampled.messages;
    this.eventsS = this.eventsTotal - this.#sampled.events;
    this.#sampled = { messages: this.messagesReceivedTotal, events: this.eventsTotal };
  }

  /** topic -> partition -> what is kept under `key`. */
  #byPartition(key) {
    const topics = {};
    for (const kept of this.partitions.values()) {
      if (kept[key] === undefined) continue;
      if (!Object.hasOwn(topics, kept.topic)) Object.defineProperty(topics, kept.topic, { value: {}, enumerable: true, writable: true, configurable: true });
      Object.getOwnPropertyDescriptor(topics, kept.topic).value[kept.partition] = kept[key];
    }
    return topics;
  }

  get streamInboundTime() {
    const topics = Object.entries(this.#byPartition("inbound"));
    return new Map(topics.map(([topic, times]) => [topic, new Map(Object.entries(times).map(([partition, time]) => [Number(partition), time]))]));
  }

  asdict() {
    const tables = [...this.tables.counts].map(([table, [keys_retrieved, keys_updated, keys_deleted]]) => [table, { keys_retrieved, keys_updated, keys_deleted }]);
    return {
      messages_active: this.messagesActive,
      messages_received_total: this.messagesReceivedTotal,
      messages_sent: this.messagesSent,
      messages_sent_by_topic: this.sentTopics.object,
      messages_s: this.messagesS,
      messages_received_by_topic: this.receivedTopics.object,
      events_active: this.eventsActive,
      events_total: this.eventsTotal,
      events_s: this.eventsS,
      events_runtime_avg: this.eventsRuntimeAvg,
      events_by_task: this.tasks.object,
      events_by_stream: this.streams.object,
      commit_latency: [...this.commitLatency],
      send_latency: [...this.sendLatency],
      send_errors: this.sendErrors,
      assignment_latency: [...this.assignmentLatency],
      assignments_completed: this.assignmentsCompleted,
      assignments_failed: this.assignmentsFailed,
      topic_buffer_full: this.fullTopics.object,
      tables: Object.fromEntries(tables),
      metric_counts: this.metrics.object,
      topic_committed_offsets: this.#byPartition("committed"),
      topic_read_offsets: this.#byPartition("read"),
      topic_end_offsets: this.#byPartition("end"),
      rebalances: this.rebalances,
      rebalance_return_latency: [...this.rebalanceReturnLatency],
      rebalance_end_latency: [...this.rebalanceEndLatency],
      rebalance_return_avg: this.rebalanceReturnAvg,
      rebalance_end_avg: this.rebalanceEndAvg,
      http_response_codes: Object.fromEntries(this.httpResponseCodes),
      http_response_latency: [...this.httpResponseLatency],
      http_response_latency_avg: this.httpResponseLatencyAvg,
    };
  }
}
