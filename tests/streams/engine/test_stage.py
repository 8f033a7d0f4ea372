"""A stored state says its format: an older one is lifted step by step, a newer or unknown one stops the process."""

from collections.abc import Callable

import pytest

from contracts.errors import Fatal
from streams.engine.stage import StateFormat


def format_of(number: int, upcasters: dict[int, Callable[[bytes], bytes]] | None = None) -> StateFormat[str]:
    return StateFormat(number, str.encode, bytes.decode, upcasters or {})


def test_a_state_begins_with_its_format() -> None:
    assert format_of(3).write("state") == b"\x03state"
    assert format_of(3).read(b"\x03state") == "state"


def test_an_older_state_is_lifted_through_every_format_between() -> None:
    newest = format_of(3, {1: lambda body: body + b" lifted to 2", 2: lambda body: body + b" and to 3"})
    assert newest.read(b"\x01one") == "one lifted to 2 and to 3"
    assert newest.read(b"\x02two") == "two and to 3"


def test_a_format_that_is_newer_than_the_code_is_fatal_and_not_dropped() -> None:
    with pytest.raises(Fatal, match="format 4; this version reads up to 3"):
        format_of(3).read(b"\x04four")


def test_a_format_that_nobody_lifts_is_fatal() -> None:
    with pytest.raises(Fatal, match="no upcaster from state format 1"):
        format_of(3, {2: bytes}).read(b"\x01one")
