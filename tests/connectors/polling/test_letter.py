"""A reading that is too large for `inbound` is kept as a dead letter."""

from datetime import UTC, datetime

import pytest

from connectors.polling.letter import dead_letter
from contracts.raw import RawRequest
from contracts.topics import BODY_LIMIT, DEAD_LETTER_LIMIT

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


def letter(size: int) -> tuple[bytes, bytes, dict[str, str]]:
    request = RawRequest("tryton", "erp", b"x" * size, AT, "application/json")
    key, value, headers = dead_letter(request, "quayside.inbound", AT, "00-0-0-01")
    return key, value, {name: text.decode() for name, text in headers}


def test_it_is_whole_and_says_why_and_where_it_was_to_go() -> None:
    _, value, headers = letter(BODY_LIMIT + 1)
    assert len(value) == BODY_LIMIT + 1
    assert headers["quayside-dead-stage"] == "poll"
    assert headers["quayside-dead-code"] == "too_large"
    assert headers["quayside-dead-topic"] == "quayside.inbound"
    assert headers["quayside-dead-reason"] == f"the reading has {BODY_LIMIT + 1} bytes; at most {BODY_LIMIT} are taken"
    assert headers["ce_source"] == "tryton/erp"


@pytest.mark.parametrize("size", [DEAD_LETTER_LIMIT, 20 * DEAD_LETTER_LIMIT])
def test_of_one_that_is_too_long_even_there_the_beginning_is_kept_and_that_is_said(size: int) -> None:
    key, value, headers = letter(size)
    assert len(key) + len(value) + sum(len(name) + len(text) for name, text in headers.items()) < DEAD_LETTER_LIMIT
    assert f"only its first {len(value)} are kept here" in headers["quayside-dead-reason"]
