"""The component's typed functions, one for one, and its records as Python values, for the tests."""

import sys
from pathlib import Path
from types import SimpleNamespace

from wasmtime.component import Record, Variant

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "crates" / "streamgauge-component" / "python"))

import streamgauge  # noqa: E402
from streamgauge import record  # noqa: E402

COMPONENT = str(ROOT / "target" / "component" / "streamgauge-host-clock.wasm")


class Failed(Exception):
    """An error of the interface: its case, and what it holds."""

    def __init__(self, error):
        self.tag = error.tag
        self.payload = plain(error.payload)
        super().__init__(f"{self.tag}: {self.payload}")


def plain(value):
    """Records as dictionaries, with `_` for `-`."""
    if isinstance(value, Record):
        return {name.replace("-", "_"): plain(field) for name, field in value.__dict__.items()}
    if isinstance(value, Variant):
        return {value.tag: plain(value.payload)}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value


class Typed:
    """A monitor whose functions are called as `monitor.on_heartbeat()`. An error is raised."""

    def __init__(self, gauge, handle):
        self.gauge, self.handle = gauge, handle
        self.functions = {}

    def __getattr__(self, name):
        function = self.gauge.function("[method]monitor." + name.replace("_", "-"))

        def call(*arguments):
            answer = function(self.handle, *arguments)
            if isinstance(answer, Variant) and name not in ("snapshot",):
                raise Failed(answer)
            return answer

        self.__dict__[name] = call
        return call

    def drop(self):
        self.handle.drop(self.gauge.store)


def create(gauge, options="{}"):
    """A monitor with options as JSON text."""
    handle = gauge.function("[static]monitor.create-from-json")(options)
    if isinstance(handle, Variant):
        raise Failed(handle)
    return Typed(gauge, handle)


def hand_clock():
    """A clock that stands where it is set, and counts how often it is asked."""
    clock = SimpleNamespace(reading=0.0, asked=0)

    def now():
        clock.asked += 1
        return clock.reading

    clock.now = now
    return clock


def tp(topic, partition):
    return record(topic=topic, partition=partition)


def stream(label, task=None):
    return record(label=label, task=task)


def message(timestamp=None, **times):
    known = {"time_in": None, "time_out": None, "time_total": None, **times}
    return record(timestamp=timestamp, **known)
