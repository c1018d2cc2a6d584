"""What hooks are told, as the component takes it: numbers for names, and refusals of what is neither."""

from __future__ import annotations

import operator
import reprlib
from array import array
from typing import Any, Callable, Optional, Sequence, Union

from wasmtime.component import Record, Variant

from .gauge import Refused, record

NONE = float("nan")
LAST_PARTITION = 2**31 - 1

TopicPartition = Sequence  # (topic, partition)
Stream = Union[str, tuple]  # label, or (label, task)


class Handles(dict):
    """Numbers for names: a name that is new is asked for once."""

    def __init__(self, ask: Callable[[Any], int]):
        self._ask = ask

    def __missing__(self, name: Any) -> int:
        number = self[name] = self._ask(name)
        return number

    def of(self, name: Any) -> int:
        try:
            return self[name]
        except TypeError:
            # A name that no dictionary takes, such as a list.
            return self._ask(name)


def given(number: Optional[float]) -> float:
    return NONE if number is None else number


def kind_of(error: Any) -> str:
    """A text is the kind itself; of an exception it is the name of its class."""
    return error if isinstance(error, str) else type(error).__name__


def status_of(response: Any) -> Any:
    """What a response was answered with. `status_code` goes first: where there are both, `status` is a text."""
    if response is None:
        return NONE
    status = getattr(response, "status_code", None)
    return status if status is not None else getattr(response, "status", response)


def tp_record(tp: TopicPartition) -> Record:
    topic, partition = tp
    partition = operator.index(partition)
    if not 0 <= partition <= LAST_PARTITION:
        # wasmtime would take the lowest 32 bits.
        raise invalid("partition", f"a whole number in 0..={LAST_PARTITION}", partition)
    return record(topic=topic, partition=partition)


def _is_number(value: Any) -> bool:
    try:
        array("d", (value,))
    except Exception:
        return False
    return True


def invalid(what: str, expected: str, got: Any) -> Refused:
    """A refusal before the component was asked."""
    try:
        shown = reprlib.repr(got)
    except Exception:  # Such as that of a whole number with too many digits.
        shown = type(got).__name__
    return Refused(Variant("invalid-argument", record(what=what, expected=expected, got=shown)))


def stream_record(stream: Stream) -> Record:
    label, task = (stream, None) if isinstance(stream, str) else stream
    return record(label=label, task=task)


def sound(calls: list, refuse: Callable[[Refused], None]) -> array:
    """The calls of numbers alone. Each other one is refused."""
    numbers = array("d")
    for place in range(0, len(calls), 4):
        call = calls[place : place + 4]
        try:
            numbers.extend(array("d", call))
        except Exception:
            refuse(invalid("argument", "a number", next((value for value in call if not _is_number(value)), call)))
    return numbers
