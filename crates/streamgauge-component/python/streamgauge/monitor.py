"""The monitor: hooks that write down what they are told, and what reads it."""

from __future__ import annotations

import json
import sys
from array import array
from binascii import b2a_base64
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Callable, Iterable, Iterator, Optional, Union

from wasmtime.component import Variant

from .gauge import Refused, checked
from .values import NONE, Handles, Stream, TopicPartition
from .values import given, invalid, kind_of, sound, status_of, stream_record, tp_record

if TYPE_CHECKING:
    from .gauge import Gauge

#: Calls that are handed over at once, which takes some 0.2 ms beside what each costs; they are 350 KB then.
BATCH = 8192
#: A call is four numbers.
FULL = 4 * BATCH
#: Stages of `on_error`, in the order of their numbers.
STAGES = ("send", "process", "commit", "deserialize", "http", "fetch", "other")

#: Where a handle is left out; the number below it is that of a name that was refused.
NO_HANDLE = 2**32 - 1


class Message:
    """The times of a message. Any object serves that has a `timestamp` and takes the others."""

    __slots__ = ("timestamp", "time_in", "time_out", "time_total")

    def __init__(self, timestamp: float = NONE):
        #: When its record was written, Unix MILLISECONDS; NaN where that is not known.
        self.timestamp = timestamp
        self.time_in = self.time_out = self.time_total = None

    @classmethod
    def of(cls, record: Any) -> Message:
        """Of a `confluent_kafka.Message`."""
        kind, milliseconds = record.timestamp()
        return cls(milliseconds if kind else NONE)


class Monitor:
    """Faust's `Monitor`, with its hooks and its order of arguments. What `gauge.monitor()` gives.

    Tokens are the times at which they were given. A topic-partition is a pair of a topic and a number,
    a stream its label or a pair of label and task.
    """

    def __init__(self, gauge: Gauge, handle: Any):
        self.gauge = gauge
        #: The component's resource, for `gauge.function`.
        self.handle = handle
        #: The newest calls that were refused, and how many there were.
        self.refused: deque[Refused] = deque(maxlen=100)
        self.refusals = 0
        self._time = gauge.time
        self._record = gauge.function("[method]monitor.record-packed-text")
        method = "[method]monitor."
        give_tp = gauge.function(method + "topic-partition-handle")
        give_stream = gauge.function(method + "stream-handle")
        give_name = gauge.function(method + "name-handle")

        # Times 64, which leaves room for the code of a call; those of streams as they are.
        self._tps = Handles(lambda tp: 64 * self._number(give_tp, tp_record, tp, "a topic and a partition"))
        self._names = Handles(lambda name: 64 * self._number(give_name, lambda text: text, name, "Unicode text"))
        self._streams = Handles(
            lambda stream: self._number(give_stream, stream_record, stream, "a label, or a label and a task")
        )
        self._calls: list = []
        self._note: Callable[[tuple], None] = self._calls.extend
        self._closed = False

    def _number(self, give: Callable[..., Any], made: Callable[[Any], Any], name: Any, expected: str) -> int:
        """The handle of a name; of one that is refused a number that is refused, too."""
        if self._closed:
            return NO_HANDLE - 1
        try:
            number = give(self.handle, made(name))
        except Refused as error:
            self._refuse(error)
        except (TypeError, ValueError, LookupError):
            # Of another type than the interface's, or a text that is not Unicode.
            self._refuse(invalid("name", expected, name))
        else:
            if not isinstance(number, Variant):
                return number
            self._refuse(Refused(number))
        return NO_HANDLE - 1

    def _refuse(self, error: Refused) -> None:
        if not self._closed:
            self.refusals += 1
            self.refused.append(error)

    def flush(self) -> None:
        """Hands over what was written down. Reading does so by itself."""
        calls = self._calls
        if not calls:
            return
        try:
            numbers = array("d", calls)
        except Exception:  # What a value raises that is asked for its number.
            numbers = sound(calls, self._refuse)
        calls.clear()
        if sys.byteorder == "big":
            numbers.byteswap()
        text = b2a_base64(numbers.tobytes(), newline=False).decode("ascii")
        for failure in checked(self._record(self.handle, text)):
            self._refuse(Refused(failure.error))

    def _call(self, code: int, first: float = 0.0, second: float = 0.0) -> float:
        now = self._time()
        self._note((code, now, first, second))
        if len(self._calls) >= FULL:
            self.flush()
        return now

    # The hooks of one message.

    def on_message_in(self, tp: TopicPartition, offset: int, message: Message) -> None:
        """A message was received, before any stream sees it."""
        now = message.time_in = self._time()
        self._note((self._tps.of(tp), now, offset, message.timestamp))

    def on_stream_event_in(self, tp: TopicPartition, offset: int, stream: Stream, event: Any = None) -> float:
        """A message came into a stream as an event. Gives the token."""
        now = self._time()
        self._note((self._tps.of(tp) + 1, now, self._streams.of(stream), 0.0))
        return now

    def on_stream_event_out(
        self, tp: TopicPartition, offset: int, stream: Stream, event: Any = None, state: Optional[float] = None
    ) -> None:
        """A stream is done with an event. Without the token nothing happens."""
        if state is not None:
            self._note((64 * self._streams.of(stream) + 2, self._time(), state, 0.0))

    def on_message_out(self, tp: TopicPartition, offset: int, message: Message) -> None:
        """Every stream is done with a message."""
        now = message.time_out = self._time()
        came = message.time_in
        if came is None:
            self._note((3, now, NONE, message.timestamp))
        else:
            message.time_total = now - came
            self._note((3, now, came, message.timestamp))
        if len(self._calls) >= FULL:
            self.flush()

    @contextmanager
    def processing(self, record: Any, stream: Stream) -> Iterator[Message]:
        """All four hooks around the work on a `confluent_kafka.Message`. Work that raises is counted
        as an error at the stage `process`, under the name of the exception's class."""
        tp, offset = (record.topic(), record.partition()), record.offset()
        message = Message.of(record)
        self.on_message_in(tp, offset, message)
        state = self.on_stream_event_in(tp, offset, stream)
        try:
            yield message
        except Exception as error:
            self.on_error("process", type(error).__name__, tp)
            raise
        finally:
            self.on_stream_event_out(tp, offset, stream, None, state)
            self.on_message_out(tp, offset, message)

    # The other hooks of Faust.

    def on_topic_buffer_full(self, topic: Union[str, TopicPartition]) -> None:
        """The buffer of a topic is full. A topic-partition counts for its topic."""
        self._call(self._names.of(topic[0] if topic and isinstance(topic, (tuple, list)) else topic) + 4)

    def on_table_get(self, table: str, key: Any = None) -> None:
        """A key of a table was read."""
        self._call(self._names.of(table) + 5)

    def on_table_set(self, table: str, key: Any = None, value: Any = None) -> None:
        """A key of a table was written."""
        self._call(self._names.of(table) + 6)

    def on_table_del(self, table: str, key: Any = None) -> None:
        """A key of a table was deleted."""
        self._call(self._names.of(table) + 7)

    def on_commit_initiated(self, consumer: Any = None) -> float:
        """The consumer is about to commit. Gives the token."""
        return self._time()

    def on_commit_completed(self, consumer: Any, state: Optional[float]) -> None:
        """The commit is done."""
        self._call(8, given(state))

    def on_send_initiated(
        self, producer: Any, topic: str, message: Any = None, keysize: int = 0, valsize: int = 0
    ) -> float:
        """A message was handed to the producer: so many bytes. Gives the token."""
        return self._call(self._names.of(topic) + 9, keysize, valsize)

    def on_send_completed(self, producer: Any, state: Optional[float], metadata: Any = None) -> None:
        """The message was acknowledged."""
        self._call(10, given(state))

    def on_send_error(self, producer: Any, exc: Any, state: Optional[float]) -> None:
        """The message could not be sent; `exc` is the exception, or a text of which there are few."""
        self._call(self._names.of(kind_of(exc)) + 11, given(state))

    def count(self, metric_name: str, count: int = 1) -> None:
        """The program counts something of its own."""
        self._call(self._names.of(metric_name) + 12, count)

    def on_tp_commit(self, tp_offsets: dict) -> None:
        """Offsets were committed: topic-partition to the next offset to be read."""
        for tp, offset in tp_offsets.items():
            self._call(self._tps.of(tp) + 13, offset)

    def track_tp_end_offset(self, tp: TopicPartition, offset: int) -> None:
        """The end offset (high watermark) of a partition is known."""
        self._call(self._tps.of(tp) + 14, offset)

    def on_assignment_start(self, assignor: Any = None) -> float:
        """The assignor starts to assign partitions. Gives the token."""
        return self._time()

    def on_assignment_completed(self, assignor: Any, state: Optional[float]) -> None:
        """The assignment is done."""
        self._call(15, given(state))

    def on_assignment_error(self, assignor: Any, state: Optional[float], exc: Any = None) -> None:
        """The assignment failed."""
        self._call(16, given(state))

    def on_rebalance_start(self, app: Any = None) -> float:
        """A rebalance starts; the app's `rebalancing_count`, where it has one. Gives the token."""
        return self._call(17, given(getattr(app, "rebalancing_count", None)))

    def on_rebalance_return(self, app: Any, state: Optional[float]) -> None:
        """The consumer is back from the rebalance."""
        self._call(18, given(state))

    def on_rebalance_end(self, app: Any, state: Optional[float]) -> None:
        """The rebalance is over."""
        self._call(19, given(state))

    def on_web_request_start(self, app: Any = None, request: Any = None, *, view: Any = None) -> float:
        """A web request came. Gives the token."""
        return self._time()

    def on_web_request_end(
        self, app: Any, request: Any, response: Any, state: Optional[float], *, view: Any = None
    ) -> None:
        """A web request was answered: a response with a `status_code` or `status`, a status, or none."""
        self._call(20, given(state), status_of(response))

    def on_threaded_producer_buffer_processed(self, app: Any = None, size: int = 0) -> None:
        """A producer thread worked off its buffer. The monitor ignores it."""

    # The hooks beyond Faust.

    def on_partitions_assigned(self, tps: Iterable[TopicPartition]) -> None:
        """Partitions were assigned to this worker, beside those that it has."""
        for tp in tps:
            self._call(self._tps.of(tp) + 21)

    def on_partitions_revoked(self, tps: Iterable[TopicPartition]) -> None:
        """Partitions are being given to other workers."""
        for tp in tps:
            self._call(self._tps.of(tp) + 22)

    def on_partitions_lost(self, tps: Iterable[TopicPartition]) -> None:
        """Partitions went to other workers without a word."""
        for tp in tps:
            self._call(self._tps.of(tp) + 23)

    def on_error(self, stage: str, kind: Any, tp: Optional[TopicPartition] = None) -> None:
        """Something went wrong at one of `STAGES`; `kind` is an exception, or a text of which there are few."""
        if stage not in STAGES:
            return self._refuse(invalid("stage", f"one of {', '.join(STAGES)}", stage))
        place = NONE if tp is None else self._tps.of(tp) // 64
        self._call(self._names.of(kind_of(kind)) + 24, STAGES.index(stage), place)

    def on_retry(self, tp: Optional[TopicPartition] = None) -> None:
        """A message is tried again."""
        self._call((NO_HANDLE * 64 if tp is None else self._tps.of(tp)) + 25)

    def on_dead_letter(self, tp: Optional[TopicPartition] = None) -> None:
        """A message was given up, and put aside."""
        self._call((NO_HANDLE * 64 if tp is None else self._tps.of(tp)) + 26)

    def on_position(self, tp: TopicPartition, offset: int) -> None:
        """The next record to be read is at `offset`, though no message says so: a marker was passed, or after a seek."""
        self._call(self._tps.of(tp) + 32, offset)

    def on_heartbeat(self) -> None:
        """The group was told that this worker lives."""
        self._call(27)

    def on_pause(self, tps: Iterable[TopicPartition]) -> None:
        """The consumer stops to fetch from partitions."""
        for tp in tps:
            self._call(self._tps.of(tp) + 28)

    def on_resume(self, tps: Iterable[TopicPartition]) -> None:
        """The consumer fetches from partitions again."""
        for tp in tps:
            self._call(self._tps.of(tp) + 29)

    def on_poll(self, records: int, bytes: Optional[int] = None) -> None:
        """The consumer asked for records and got so many."""
        self._call(30, records, given(bytes))

    # Reading.

    def _read(self, name: str, *arguments: Any) -> Any:
        if self._closed:
            raise ValueError(f"the monitor must be open for {name}, got one that was closed")
        self.flush()
        return self.gauge.function(f"[method]monitor.{name}")(self.handle, *arguments)

    def sample(self) -> None:
        """The once-a-second tick."""
        self._call(31)
        self.flush()

    def asdict(self) -> dict:
        """Faust's dictionary, as its `/stats/` shows it: partitions and statuses are text."""
        return json.loads(self._read("asdict-json"))

    def snapshot(self) -> dict:
        """Everything at this moment, beyond Faust's figures too."""
        return json.loads(self._read("snapshot", "json"))

    def anomalies(self) -> dict:
        """How often what should not have happened did, by kind."""
        return dict(self._read("anomalies"))

    def close(self) -> None:
        """Gives the memory back. Afterwards hooks do nothing, and reading raises."""
        if self._closed:
            return
        self._closed = True
        self._calls.clear()
        self._note = _nothing
        with self.gauge.lock:
            self.handle.drop(self.gauge.store)

    def __enter__(self) -> Monitor:
        return self

    def __exit__(self, *_raised: Any) -> None:
        self.close()


def _nothing(_call: tuple) -> None:
    """Notes nothing: the monitor is closed."""
