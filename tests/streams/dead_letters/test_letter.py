"""A dead letter is read from its record, whatever is missing in it."""

from datetime import UTC, datetime

import pytest

from connectors.polling.letter import dead_letter
from contracts.clock import BEFORE_TIME
from contracts.envelope import Origin
from contracts.errors import Rejected
from contracts.raw import RawRequest
from contracts.topics import BODY_LIMIT
from desk.dead_letters import in_full
from streams.dead_letters.letter import LetterId, own_headers, read_letter
from streams.engine.writes import Dead
from tests.streams.dispatch.samples import TopicRecord

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
PLACE = Origin("quayside.inbound", 3, 17)
DEAD = Dead(PLACE, b"k", b"{", [("ce_id", b"1")], Rejected("not a number", code="invalid", path="$.lines[0]"))


def test_what_the_engine_writes_is_read_back() -> None:
    written = DEAD.written("normalise", AT)
    letter = read_letter(TopicRecord(written.key, written.value, tuple(written.headers), partition=1, offset=5))
    assert (str(letter.id), letter.at, letter.stage, letter.code) == ("1/5", AT, "normalise", "invalid")
    assert (letter.path, letter.origin, letter.key) == ("$.lines[0]", str(PLACE), "k")
    assert own_headers(written.headers) == [("ce_id", b"1")]


def test_a_reading_that_was_too_large_to_stand_anywhere_has_no_place() -> None:
    request = RawRequest("tryton", "erp", b"x" * (BODY_LIMIT + 1), AT, "application/json")
    key, value, headers = dead_letter(request, "quayside.inbound", AT, "00-0-0-01")
    letter = read_letter(TopicRecord(key, value, tuple(headers)))
    assert (letter.origin, letter.partition, letter.offset) == ("quayside.inbound", None, None)
    assert "  record    never stood in quayside.inbound" in in_full(letter, [], value)


def test_headers_that_are_null_are_kept_and_shown_and_crash_nothing() -> None:
    written = Dead(PLACE, b"k", b"{", [("traceparent", None), ("own", None)], Rejected("no")).written("normalise", AT)
    letter = read_letter(TopicRecord(written.key, written.value, (*written.headers, ("quayside-dead-path", None))))
    assert (letter.traceparent, letter.path) == ("", "")
    assert own_headers(written.headers) == [("traceparent", None), ("own", None)]
    assert "  own: null" in in_full(letter, own_headers(written.headers), b"{")


def test_one_that_lacks_everything_is_still_told() -> None:
    letter = read_letter(TopicRecord(None, None, (("quayside-dead-at", b"\xff"),)))
    assert (letter.at, letter.stage, letter.code, letter.key) == (BEFORE_TIME, "unknown", "unknown", "")


@pytest.mark.parametrize("text", ["", "1", "a/b", "1/", "/2", "-1/2"])
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(Rejected, match="PARTITION/OFFSET"):
        LetterId.parse(text)
