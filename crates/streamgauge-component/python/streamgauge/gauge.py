"""The component, loaded: makes monitors, merges snapshots, gives the functions of `wit/` as they are."""

from __future__ import annotations

import json
import threading
import time as clocks
from typing import TYPE_CHECKING, Any, Callable, Iterable, Optional, Union

import wasmtime
from wasmtime.component import Component, Linker, Record, Variant

if TYPE_CHECKING:
    from .monitor import Monitor

PACKAGE = "streamgauge:monitor"
VERSION = "0.1.0"


class Refused(ValueError):
    """A call that the component refused. Nothing changed."""

    def __init__(self, error: Variant):
        self.code: str = error.tag
        parts = getattr(error.payload, "__dict__", {"problem": error.payload})
        #: The argument, what it must be, and the value that came; for documents `place` and `problem`.
        self.what: Optional[str] = parts.get("what")
        self.expected: Optional[str] = parts.get("expected")
        self.got: Optional[str] = parts.get("got")
        self.place: Optional[str] = parts.get("place")
        self.problem: Optional[str] = parts.get("problem")
        super().__init__(self.problem or f"{self.what} must be {self.expected}, got {self.got}")


def checked(answer: Any) -> Any:
    if isinstance(answer, Variant):
        raise Refused(answer)
    return answer


def record(**fields: Any) -> Record:
    """A record of the interface: `record(topic="orders", partition=3)`; `_` stands for its `-`."""
    made = Record()
    for name, value in fields.items():
        setattr(made, name.replace("_", "-"), value)
    return made


class Gauge:
    """A component that was loaded. What `load` gives."""

    def __init__(self, path: str, time: Callable[[], float], engine: Optional[wasmtime.Engine]):
        engine = engine or wasmtime.Engine()
        self.time = time
        #: What the clock raised last when the component asked it; that reading was NaN.
        self.clock_error: Optional[Exception] = None
        self.store = wasmtime.Store(engine)
        #: One call at a time: held around every call into the component.
        self.lock = threading.RLock()
        component = Component.from_file(engine, path)
        linker = Linker(engine)
        with linker.root() as root, root.add_instance(f"{PACKAGE}/clock@{VERSION}") as clock:
            clock.add_func("now", lambda _store: self._now())
        self._instance = linker.instantiate(self.store, component)
        self._functions: dict[tuple[str, str], Callable[..., Any]] = {}

    def _now(self) -> float:
        """The component's clock. An exception would end the instance, with every monitor in it: it is
        kept, and the monitor counts a `clock_not_finite`."""
        try:
            return float(self.time())
        except Exception as error:
            self.clock_error = error
            return float("nan")

    def function(self, name: str, interface: str = "monitors") -> Callable[..., Any]:
        """A function of the component as `wit/` has it, for all that has no method here:
        `gauge.function("[method]monitor.on-heartbeat")(monitor.handle)`."""
        with self.lock:
            found = self._functions.get((interface, name))
            if found is None:
                found = self._functions[interface, name] = self._find(name, interface)
            return found

    def _find(self, name: str, interface: str) -> Callable[..., Any]:
        outer = self._instance.get_export_index(self.store, f"{PACKAGE}/{interface}@{VERSION}")
        index = self._instance.get_export_index(self.store, name, outer)
        if index is None:
            raise LookupError(f"the component has no function {name!r} in {interface!r}")
        function = self._instance.get_func(self.store, index)

        def call(*arguments: Any) -> Any:
            with self.lock:
                return function(self.store, *arguments)

        return call

    def monitor(self, **options: Any) -> Monitor:
        """A monitor. Options have Faust's names; `epoch` is that of `time.time()` where it is not given."""
        from .monitor import Monitor

        options.setdefault("epoch", clocks.time() - self.time())
        create = self.function("[static]monitor.create-from-json")
        return Monitor(self, checked(create(json.dumps(options))))

    def restore(self, asdict: dict, **options: Any) -> Monitor:
        """A monitor that goes on from what `asdict()` gave."""
        from .monitor import Monitor

        options.setdefault("epoch", clocks.time() - self.time())
        restore = self.function("[static]monitor.restore")
        return Monitor(self, checked(restore(json.dumps(asdict), json.dumps(options))))

    def merge(self, snapshots: Iterable[Union[dict, str, bytes]]) -> dict:
        """The sum of snapshots of many workers: dictionaries, their JSON text, or CBOR."""
        given = [one if isinstance(one, (str, bytes)) else json.dumps(one) for one in snapshots]
        merged = self.function("merge", "snapshots")(given, "json")
        return json.loads(checked(merged))


def load(
    path: str, time: Callable[[], float] = clocks.monotonic, engine: Optional[wasmtime.Engine] = None
) -> Gauge:
    """Loads `streamgauge-host-clock.wasm`. `time` is the clock: SECONDS that do not go back. What it
    raises comes out of the hook that asked it; in the component it counts as `clock_not_finite`.

    Compiling takes about a second; an `engine` whose `Config` has `cache = True` does it once a machine.
    """
    return Gauge(path, time, engine)
