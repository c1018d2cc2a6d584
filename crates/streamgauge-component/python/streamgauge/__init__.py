"""streamgauge's Monitor in Python: its WebAssembly component, run by PyPI's `wasmtime`.

    gauge = streamgauge.load("streamgauge-host-clock.wasm")  # compiles: once a process
    monitor = gauge.monitor(worker="worker-1")
    with monitor.processing(record, stream="totals"):  # a confluent_kafka.Message
        ...  # the work on it
    monitor.sample()  # about once a second
    monitor.asdict()["messages_received_total"]

A call into the component costs tens of microseconds from Python, so the hooks write down what they
were told and when, as four numbers, and hand over 8,192 such calls at once (`record-packed-text`
in `wit/monitors.wit`). Whatever reads the monitor hands over first: nothing is ever read that is behind.

Hooks never raise for what they were told: what the component refuses is kept in `refused`. All hooks
of one monitor are called from one thread; monitors of several threads may share a gauge.
"""

from .gauge import Gauge, Refused, load, record
from .monitor import BATCH, STAGES, Message, Monitor

__all__ = ["BATCH", "STAGES", "Gauge", "Message", "Monitor", "Refused", "load", "record"]
