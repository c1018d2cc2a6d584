"""Replays the conformance vectors through the component, in three ways, and holds every answer
against Faust's.

    replay.py single|batch|packed FILE...

Prints {"FILE": {"checks": N, "differences": [...]}} as JSON. `single` calls the typed hooks one by
one, with tokens as records, on the host's clock; `batch` hands over typed calls with their times, 50
at once; `packed` goes through the Python package, which writes calls down as numbers.
"""

import json
import sys

import interface
from interface import hand_clock, message, plain, record, stream, tp
from streamgauge import Message, load
from wasmtime.component import Variant

MESSAGE_CALLS = ("on_message_in", "on_message_out")


def figures(dict_record):
    """The typed `asdict` in the form of Faust's JSON."""
    found = plain(dict_record)
    families = ("sent_by_topic", "received_by_topic", "by_task", "by_stream", "buffer_full", "tables", "counts", "codes")
    for key, value in found.items():
        if key.endswith("_offsets"):
            topics = {}
            for entry in value:
                topics.setdefault(entry["topic"], {})[str(entry["partition"])] = entry["offset"]
            found[key] = topics
        elif key.endswith(families):
            found[key] = {str(name): plain(count) for name, count in value}
    return found


def left_in(token, call):
    """A token in Faust's form: what was not set is not there, except in that of an event."""
    if token is None or isinstance(token, float):
        return token
    held = plain(token)
    held.pop("timestamp", None)
    held.pop("completed", None)
    if call.startswith("on_stream_event"):
        return held
    return {name: value for name, value in held.items() if value is not None}


class Single:
    """Typed hooks, one by one."""

    def __init__(self, gauge, options):
        self.monitor = interface.create(gauge, json.dumps(options))
        self.tokens = {}

    def call(self, name, line, done):
        monitor, tokens, state = self.monitor, self.tokens, line.get("state")
        hook = getattr(monitor, name)
        place = (tp(*line["tp"]), line["offset"]) if "tp" in line else ()
        if name in MESSAGE_CALLS:
            label = "message " + line["message"]
            tokens[label] = hook(*place, tokens.get(label) or message())
            return done(tokens[label])
        if name == "on_stream_event_in":
            tokens[state] = hook(*place, stream(line["stream"], line["task"]))
        elif name == "on_stream_event_out":
            answer = hook(*place, stream(line["stream"], line["task"]), tokens.get(state))
            tokens[state] = answer
        elif name == "on_send_initiated":
            tokens[state] = hook(line["topic"], line["keysize"], line["valsize"])
        elif name == "on_send_error":
            hook(None, tokens.get(state))
        elif name in ("on_commit_completed", "on_send_completed"):
            hook(tokens.get(state))
        elif name in ("on_commit_initiated", "on_assignment_start", "on_web_request_start"):
            tokens[state] = hook()
        elif name == "on_rebalance_start":
            tokens[state] = hook(line["rebalances"])
        elif name == "on_web_request_end":
            tokens[state] = hook(line["status"], tokens.get(state))
        elif state is not None:
            tokens[state] = hook(tokens.get(state))
        else:
            hook(*plain_arguments(name, line))
        return done(tokens.get(state))

    def asdicts(self):
        return [figures(self.monitor.asdict()), json.loads(self.monitor.asdict_json())]

    def sample(self, _at):
        self.monitor.sample()


def plain_arguments(name, line):
    """Arguments of the hooks without tokens."""
    if name == "on_tp_commit":
        return [[record(topic=t, partition=p, offset=o) for t, p, o in line["offsets"]]]
    if name == "track_tp_end_offset":
        return [tp(*line["tp"]), line["offset"]]
    if name == "count":
        return [line["name"], line["count"]]
    return [line.get("topic") or line["table"]]


class Batch:
    """Typed calls with their times, handed over together."""

    def __init__(self, gauge, options):
        self.monitor = interface.create(gauge, json.dumps(options))
        self.ids, self.noted, self.waiting = {}, [], []

    def call(self, name, line, done):
        self.noted.append(record(at=line["at"], call=Variant(name.replace("_", "-"), self.payload(name, line))))
        self.waiting.append(done)
        if len(self.noted) == 50:
            self.flush()

    def payload(self, name, line):
        label = "message " + line["message"] if "message" in line else line.get("state")
        starts = name.endswith(("_in", "_initiated", "_start"))
        if label is not None and starts:
            self.ids[label] = len(self.ids) + 1 if label not in self.ids else self.ids[label]
        token = self.ids.get(label)
        if "tp" in line and name != "track_tp_end_offset":
            topic, partition = line["tp"]
            place = {"topic": topic, "partition": partition, "offset": line["offset"], "token": token}
            if name == "on_message_in":
                return record(timestamp=None, **place)
            if name == "on_message_out":
                return record(**place)
            return record(stream=stream(line["stream"], line["task"]), **place)
        if name == "on_send_initiated":
            return record(topic=line["topic"], keysize=line["keysize"], valsize=line["valsize"], token=token)
        if name == "on_send_error":
            return record(token=token, kind=None)
        if name == "on_rebalance_start":
            return record(rebalances=line["rebalances"], token=token)
        if name == "on_web_request_end":
            return record(status=line["status"], token=token)
        if "state" in line:
            return token
        if name == "track_tp_end_offset":
            topic, partition = line["tp"]
            return record(topic=topic, partition=partition, offset=line["offset"])
        arguments = plain_arguments(name, line)
        return tuple(arguments) if name == "count" else arguments[0]

    def flush(self):
        for done, answer in zip(self.waiting, self.monitor.record_calls_for_tokens(self.noted), strict=True):
            if answer.tag == "err":
                raise interface.Failed(answer.payload)
            done(answer.payload.payload)
        self.noted, self.waiting = [], []

    def asdicts(self):
        self.flush()
        return [figures(self.monitor.asdict()), json.loads(self.monitor.asdict_json())]

    def sample(self, at):
        self.noted.append(record(at=at, call=Variant("sample")))
        self.waiting.append(lambda _token: None)


class Packed:
    """The Python package."""

    def __init__(self, gauge, options):
        self.monitor = gauge.monitor(epoch=0, **options)
        self.tokens = {}

    def call(self, name, line, done):
        monitor, tokens, state = self.monitor, self.tokens, line.get("state")
        hook = getattr(monitor, name)
        place = (tuple(line["tp"]), line["offset"]) if "tp" in line else ()
        if name in MESSAGE_CALLS:
            kept = tokens.setdefault("message " + line["message"], Message())
            hook(*place, kept)
            return done(message(time_in=kept.time_in, time_out=kept.time_out, time_total=kept.time_total))
        if name == "on_stream_event_in":
            tokens[state] = hook(*place, (line["stream"], line["task"]))
            return done(record(time_in=tokens[state], time_out=None, time_total=None))
        if name == "on_stream_event_out":
            hook(*place, (line["stream"], line["task"]), None, tokens.get(state))
        elif name == "on_send_initiated":
            tokens[state] = hook(None, line["topic"], None, line["keysize"], line["valsize"])
            return done(tokens[state])
        elif name == "on_send_error":
            hook(None, "unknown", tokens.get(state))
        elif name == "on_rebalance_start":
            app = type("App", (), {"rebalancing_count": line["rebalances"]})
            tokens[state] = hook(app)
        elif name == "on_web_request_end":
            hook(None, None, line["status"], tokens.get(state))
        elif name.endswith(("_initiated", "_start")):
            tokens[state] = hook()
        elif state is not None:
            hook(None, tokens.get(state))
        elif name == "on_tp_commit":
            hook({(t, p): o for t, p, o in line["offsets"]})
        elif name == "track_tp_end_offset":
            hook(*place)
        else:
            hook(*plain_arguments(name, line))
        return None

    def asdicts(self):
        return [self.monitor.asdict()]

    def sample(self, _at):
        self.monitor.sample()


WAYS = {"single": Single, "batch": Batch, "packed": Packed}


def replay(way, path, clock, gauge):
    differences, checks = [], 0
    with open(path, encoding="utf-8") as lines:
        header = json.loads(next(lines))
        replayed = WAYS[way](gauge, header.get("options", {}))
        for number, text in enumerate(lines, start=2):
            line = json.loads(text)
            clock.reading = line["at"]
            name = line["call"]
            if name == "sample":
                replayed.sample(line["at"])
                continue
            if name == "asdict":
                for found in replayed.asdicts():
                    checks += "expect" in line
                    if "expect" in line and found != line["expect"]:
                        keys = [key for key, value in line["expect"].items() if found.get(key) != value]
                        differences.append({"line": number, "keys": keys or sorted(found)})
                continue

            def done(token, number=number, line=line):
                nonlocal checks
                if "after" in line:
                    checks += 1
                    if left_in(token, line["call"]) != line["after"]:
                        differences.append({"line": number, "expected": line["after"], "found": plain(token)})

            replayed.call(name, line, done)
    refusals = replayed.monitor.refusals if way == "packed" else 0
    return {"checks": checks, "differences": differences[:10], "refusals": refusals}


def main():
    way, *paths = sys.argv[1:]
    clock = hand_clock()
    gauge = load(interface.COMPONENT, clock.now)
    print(json.dumps({path: replay(way, path, clock, gauge) for path in paths}))


if __name__ == "__main__":
    main()
