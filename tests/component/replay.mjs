// Replays a conformance vector through the component in Node, in three ways, against Faust's answers.
import { isDeepStrictEqual } from "node:util";
import { load } from "./load.mjs";

const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const kebab = (name) => name.replaceAll("_", "-");
const whole = (number) => (number == null ? undefined : BigInt(number));
const tpOf = ([topic, partition]) => ({ topic, partition });
const streamOf = ({ stream, task }) => ({ label: stream, task: task ?? undefined });
const offsetsOf = ({ offsets }) => offsets.map(([topic, partition, offset]) => ({ topic, partition, offset: whole(offset) }));
const numbers = (value) => JSON.parse(JSON.stringify(value, (_, one) => (typeof one === "bigint" ? Number(one) : one)));

/** The typed `asdict` in the form of Faust's JSON. */
function inFaustsForm(figures) {
  const entries = Object.entries(figures).map(([key, value]) => {
    const name = snake(key);
    if (name.endsWith("_offsets")) {
      const topics = {};
      for (const { topic, partition, offset } of value) (topics[topic] ??= {})[partition] = offset;
      return [name, topics];
    }
    if (value instanceof Float64Array) return [name, [...value]];
    if (!Array.isArray(value)) return [name, value];
    const counted = value.map(([label, count]) => [label, count.keysRetrieved === undefined ? count : withSnakeKeys(count)]);
    return [name, Object.fromEntries(counted)];
  });
  return numbers(Object.fromEntries(entries));
}

const withSnakeKeys = (token) => Object.fromEntries(Object.entries(token).map(([key, value]) => [snake(key), value]));

/** A token in Faust's form: what was not set is not there, except in that of an event. */
function leftIn(token, call) {
  if (token === undefined || typeof token === "number") return token;
  const { timestamp, completed, ...held } = withSnakeKeys(token);
  const entries = Object.entries(held).map(([key, value]) => [key, value ?? null]);
  return Object.fromEntries(call.startsWith("on_stream_event") ? entries : entries.filter(([, value]) => value !== null));
}

const withoutToken = {
  on_topic_buffer_full: ({ topic }) => [topic],
  on_table_get: ({ table }) => [table],
  on_table_set: ({ table }) => [table],
  on_table_del: ({ table }) => [table],
  count: ({ name, count }) => [name, BigInt(count)],
  on_tp_commit: (line) => [offsetsOf(line)],
  track_tp_end_offset: ({ tp, offset }) => [tpOf(tp), whole(offset)],
};

/** Typed hooks, one by one. */
class Single {
  #tokens = new Map();

  constructor(monitor) {
    this.monitor = monitor;
  }

  call(line, done) {
    const { call, state, message } = line;
    const label = message === undefined ? `state ${state}` : `message ${message}`;
    const held = state === null ? undefined : this.#tokens.get(label);
    const hook = (...args) => this.monitor[camel(call)](...args);
    if (withoutToken[call]) return hook(...withoutToken[call](line));
    const token = this.#made(hook, line, held);
    this.#tokens.set(label, token ?? held);
    return done(token ?? held);
  }

  #made(hook, line, held) {
    const place = line.tp && [tpOf(line.tp), whole(line.offset)];
    switch (line.call) {
      case "on_message_in":
      case "on_message_out":
        return hook(...place, held ?? {});
      case "on_stream_event_in":
        return hook(...place, streamOf(line));
      case "on_stream_event_out":
        return hook(...place, streamOf(line), held);
      case "on_send_initiated":
        return hook(line.topic, whole(line.keysize), whole(line.valsize));
      case "on_send_error":
        return hook(undefined, held);
      case "on_rebalance_start":
        return hook(whole(line.rebalances));
      case "on_web_request_end":
        return hook(line.status ?? undefined, held);
      default:
        return hook(held);
    }
  }

  flush() {}
}

/** Typed calls with their times, 50 at once. */
class Batch {
  #ids = new Map();
  #noted = [];

  constructor(monitor) {
    this.monitor = monitor;
  }

  call(line, done) {
    const { call, at } = line;
    this.#noted.push({ timed: { at, call: { tag: kebab(call), val: this.#payload(line) } }, done });
    if (this.#noted.length === 50) this.flush();
  }

  #payload(line) {
    const { call, tp, state, message } = line;
    const label = message === undefined ? `state ${state}` : `message ${message}`;
    if (/_(in|initiated|start)$/.test(call) && !this.#ids.has(label)) this.#ids.set(label, BigInt(this.#ids.size));
    const token = state === null ? undefined : this.#ids.get(label);
    if (call === "track_tp_end_offset") return { ...tpOf(tp), offset: whole(line.offset) };
    if (call === "count") return [line.name, BigInt(line.count)];
    if (withoutToken[call]) return withoutToken[call](line)[0];
    if (tp !== undefined) {
      const place = { ...tpOf(tp), offset: whole(line.offset), token };
      return message === undefined ? { ...place, stream: streamOf(line) } : place;
    }
    const { topic } = line;
    if (call === "on_send_initiated") return { topic, keysize: whole(line.keysize), valsize: whole(line.valsize), token };
    if (call === "on_send_error") return { token };
    if (call === "on_rebalance_start") return { rebalances: whole(line.rebalances), token };
    if (call === "on_web_request_end") return { status: line.status ?? undefined, token };
    return token;
  }

  flush() {
    const noted = this.#noted.splice(0);
    const answers = this.monitor.recordCallsForTokens(noted.map(({ timed }) => timed));
    noted.forEach(({ done }, place) => {
      const { tag, val } = answers[place];
      if (tag !== "ok") throw new Error(`call ${place}: ${JSON.stringify(numbers(val))}`);
      done(val.val);
    });
  }
}

/** Calls of four numbers, 50 at once, with the starts that the caller noted as tokens. */
class Packed {
  #starts = new Map();
  #noted = [];

  constructor(monitor) {
    this.monitor = monitor;
  }

  call(line) {
    const { call, state, message, at } = line;
    const label = message === undefined ? `state ${state}` : `message ${message}`;
    const started = (state === null ? undefined : this.#starts.get(label)) ?? NaN;
    if (/_(in|initiated|start)$/.test(call)) this.#starts.set(label, at);
    for (const [code, handle, first = 0, second = 0] of this.#numbers(line, started)) {
      this.#noted.push(code + 64 * handle, at, first, second);
    }
    if (this.#noted.length >= 200) this.flush();
  }

  #numbers(line, started) {
    const { monitor } = this;
    const tp = (pair = line.tp) => monitor.topicPartitionHandle(tpOf(pair));
    const name = (text) => monitor.nameHandle(text);
    const stream = () => monitor.streamHandle(streamOf(line));
    const calls = {
      on_message_in: () => [[0, tp(), line.offset, NaN]],
      on_stream_event_in: () => [[1, tp(), stream()]],
      on_stream_event_out: () => [[2, stream(), started]],
      on_message_out: () => [[3, 0, started, NaN]],
      on_topic_buffer_full: () => [[4, name(line.topic)]],
      on_table_get: () => [[5, name(line.table)]],
      on_table_set: () => [[6, name(line.table)]],
      on_table_del: () => [[7, name(line.table)]],
      on_commit_completed: () => [[8, 0, started]],
      on_send_initiated: () => [[9, name(line.topic), line.keysize, line.valsize]],
      on_send_completed: () => [[10, 0, started]],
      on_send_error: () => [[11, name("unknown"), started]],
      count: () => [[12, name(line.name), line.count]],
      on_tp_commit: () => line.offsets.map(([topic, partition, offset]) => [13, tp([topic, partition]), offset]),
      track_tp_end_offset: () => [[14, tp(), line.offset]],
      on_assignment_completed: () => [[15, 0, started]],
      on_assignment_error: () => [[16, 0, started]],
      on_rebalance_start: () => [[17, 0, line.rebalances ?? NaN]],
      on_rebalance_return: () => [[18, 0, started]],
      on_rebalance_end: () => [[19, 0, started]],
      on_web_request_end: () => [[20, 0, started, line.status ?? NaN]],
    };
    return calls[line.call]?.() ?? [];
  }

  flush() {
    const failures = this.monitor.recordPacked(Float64Array.from(this.#noted.splice(0)));
    if (failures.length > 0) throw new Error(JSON.stringify(failures));
  }
}

export const ways = { single: Single, batch: Batch, packed: Packed };

/** `{ checks, differences }` of a trace, replayed one of the `ways`. */
export async function replay(way, trace) {
  const [header, ...lines] = trace.trim().split("\n").map((line) => JSON.parse(line));
  let reading = 0;
  const { Monitor } = await load(() => reading);
  const replayed = new ways[way](Monitor.createFromJson(JSON.stringify(header.options ?? {})));
  const differences = [];
  let checks = 0;
  const compare = (line, found, expected) => {
    checks += 1;
    if (!isDeepStrictEqual(found, expected)) differences.push({ line, found, expected });
  };
  lines.forEach((line, place) => {
    reading = line.at;
    if (line.call === "sample" || line.call === "asdict") replayed.flush();
    if (line.call === "sample") return replayed.monitor.sample();
    if (line.call !== "asdict") {
      return replayed.call(line, (token) => {
        if ("after" in line) compare(place + 2, leftIn(token, line.call), line.after);
      });
    }
    compare(place + 2, inFaustsForm(replayed.monitor.asdict()), line.expect);
    compare(place + 2, JSON.parse(replayed.monitor.asdictJson()), line.expect);
  });
  replayed.flush();
  return { checks, differences };
}
