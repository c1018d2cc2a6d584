"""What the component costs Python, beside Faust's own Monitor in the same process, on the same clock.

    component.py COMPONENT TURNS

Rounds of all subjects take turns, and are measured in processor time. Prints {"versions": {...}, "rounds": {SUBJECT: [seconds an operation, ...]}} as
JSON. A message is its four hooks: in, event in, event out, out; 16 partitions of a topic, 4 streams with their tasks.
"""

import gc
import json
import platform
import sys
import time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "crates" / "streamgauge-component" / "python"))

from faust.sensors.monitor import Monitor as FaustMonitor
from faust.types import TP
from wasmtime.component import Variant

import streamgauge
from streamgauge import record

WARM_UP = 2
TPS = [TP("orders", partition) for partition in range(16)]
STREAMS = [(f"stream-{number}", f"task-{number}") for number in range(4)]


class Task:
    """What Faust looks at of a task."""

    def __init__(self, label):
        self.label = label

    def __str__(self):
        return self.label


class Stream(Task):
    """And of a stream."""

    def __init__(self, label, task):
        super().__init__(label)
        self.task_owner = Task(task)


class Message:
    __slots__ = ("timestamp", "time_in", "time_out", "time_total")

    def __init__(self):
        self.timestamp = streamgauge.monitor.NONE
        self.time_in = self.time_out = self.time_total = None


def messages(monitor, streams):
    """A round of messages through hooks with Faust's arguments."""

    def work(times):
        for offset in range(times):
            tp, stream, message = TPS[offset & 15], streams[offset & 3], Message()
            monitor.on_message_in(tp, offset, message)
            state = monitor.on_stream_event_in(tp, offset, stream, message)
            monitor.on_stream_event_out(tp, offset, stream, message, state)
            monitor.on_message_out(tp, offset, message)

    return work


def no_hooks(times):
    """What the loop itself takes."""
    for offset in range(times):
        _tp, _stream, _message = TPS[offset & 15], STREAMS[offset & 3], Message()


def repeated(call, *arguments):
    def work(times):
        for _ in range(times):
            call(*arguments)

    return work


class TypedCalls:
    """The interface's own functions."""

    def __init__(self, gauge):
        self.gauge, self.handle = gauge, gauge.monitor().handle
        self.tps = [record(topic=tp.topic, partition=tp.partition) for tp in TPS]
        self.streams = [record(label=label, task=task) for label, task in STREAMS]
        self.untouched = record(timestamp=None, time_in=None, time_out=None, time_total=None)

    def function(self, name):
        return self.gauge.function(f"[method]monitor.{name}")

    def single(self, times):
        hooks = [self.function(f"on-{name}") for name in ("message-in", "stream-event-in", "stream-event-out", "message-out")]
        message_in, event_in, event_out, message_out = hooks
        for offset in range(times):
            tp, stream = self.tps[offset & 15], self.streams[offset & 3]
            message = message_in(self.handle, tp, offset, self.untouched)
            state = event_in(self.handle, tp, offset, stream)
            event_out(self.handle, tp, offset, stream, state)
            message_out(self.handle, tp, offset, message)

    def batch(self, times):
        calls = []
        for offset in range(times):
            place = {"topic": "orders", "partition": offset & 15, "offset": offset}
            event = {**place, "stream": self.streams[offset & 3], "token": 2 * offset + 1}
            for tag, fields in (
                ("on-message-in", {**place, "timestamp": None, "token": 2 * offset}),
                ("on-stream-event-in", event),
                ("on-stream-event-out", event),
                ("on-message-out", {**place, "token": 2 * offset}),
            ):
                calls.append(record(at=time.monotonic(), call=Variant(tag, record(**fields))))
        assert self.function("record-calls")(self.handle, calls) == []


def fill(gauge):
    """A monitor with full deques and 16 partitions, and Faust's of the same."""
    ours, faust = gauge.monitor(), FaustMonitor()
    streams = [Stream(*stream) for stream in STREAMS]
    messages(ours, STREAMS)(1000)
    messages(faust, streams)(1000)
    for monitor in (ours, faust):
        for number in range(50):
            monitor.on_commit_completed(None, monitor.on_commit_initiated(None))
            state = monitor.on_send_initiated(None, "totals", None, 1, 1)
            monitor.on_send_completed(None, state, None)
            monitor.on_tp_commit({TPS[number & 15]: number})
            monitor.track_tp_end_offset(TPS[number & 15], number)
    return ours, faust


def main():
    path, turns = sys.argv[1], int(sys.argv[2])
    gauge = streamgauge.load(path)
    typed = TypedCalls(gauge)
    ours, faust = fill(gauge)
    faust_streams = [Stream(*stream) for stream in STREAMS]
    subjects = {
        "loop": (4096, no_hooks),
        "faust message": (8192, messages(FaustMonitor(), faust_streams)),
        "package message": (8192, messages(gauge.monitor(), STREAMS)),
        "single message": (16, typed.single),
        "batch message": (16, typed.batch),
        "single heartbeat": (200, repeated(typed.function("on-heartbeat"), typed.handle)),
        "package heartbeat": (4096, repeated(gauge.monitor().on_heartbeat)),
        "faust asdict": (500, repeated(faust.asdict)),
        "package asdict": (50, repeated(ours.asdict)),
        "asdict as JSON": (50, repeated(typed.function("asdict-json"), ours.handle)),
        "typed asdict": (5, repeated(typed.function("asdict"), ours.handle)),
        "package snapshot": (20, repeated(ours.snapshot)),
    }
    rounds = {name: [] for name in subjects}
    gc.disable()
    for turn in range(-WARM_UP, turns):
        for name, (times, work) in subjects.items():
            start = time.thread_time()
            work(times)
            seconds = (time.thread_time() - start) / times
            if turn >= 0:
                rounds[name].append(seconds)
        gc.collect()
    versions = {name: version(name) for name in ("wasmtime", "faust-streaming")}
    print(json.dumps({"versions": {"python": platform.python_version(), **versions}, "rounds": rounds}))


if __name__ == "__main__":
    main()
