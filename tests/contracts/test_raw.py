"""What came in is kept byte for byte, and is known again however often it comes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import Envelope, Event, Origin
from contracts.errors import Rejected
from contracts.raw import RAW_TYPE, RawRequest

AT = datetime(2026, 1, 1, tzinfo=UTC)
PLACE = Origin("quayside.inbound", 0, 1)
names = st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True)
values = st.text(st.characters(exclude_categories=["Cs"]))
requests = st.builds(
    RawRequest,
    connector=names,
    account=names,
    body=st.binary(),
    received_at=st.datetimes(timezones=st.just(UTC)),
    content_type=st.sampled_from(["", "application/json", "application/x-www-form-urlencoded; charset=utf-8"]),
    headers=st.dictionaries(names, values, max_size=3),
)


def stored(request: RawRequest) -> RawRequest:
    key, body, headers = request.record()
    return RawRequest.read(Event(key, body, PLACE, headers))


@given(requests)
def test_a_request_is_read_back_from_its_record(request: RawRequest) -> None:
    found = stored(request)
    assert (found.connector, found.account, found.body) == (request.connector, request.account, request.body)
    assert (found.received_at, found.headers) == (request.received_at, request.headers)
    assert found.content_type == (request.content_type or "application/octet-stream")
    assert stored(found) == found


@given(requests)
def test_a_request_has_the_same_id_before_and_after_it_is_stored(request: RawRequest) -> None:
    assert stored(request).id == request.id == request.record()[0].decode()


@given(requests)
def test_the_same_bytes_told_later_are_the_same_request(request: RawRequest) -> None:
    later = RawRequest(
        request.connector, request.account, request.body, AT + timedelta(days=1), request.content_type, {"x": "1"}
    )
    assert later.id == request.id


@given(requests, requests)
def test_other_bytes_or_another_account_are_another_request(one: RawRequest, other: RawRequest) -> None:
    same = (one.connector, one.account, one.body, stored(one).content_type) == (
        other.connector,
        other.account,
        other.body,
        stored(other).content_type,
    )
    assert (one.id == other.id) == same


@pytest.mark.parametrize("source", ["", "kuaidi100", "/works", "kuaidi100/"])
def test_a_record_that_does_not_say_whose_it_is_is_refused(source: str) -> None:
    headers = Envelope("1", RAW_TYPE, source, AT, AT).headers()
    with pytest.raises(Rejected) as raised:
        RawRequest.read(Event(b"1", b"", PLACE, headers))
    assert raised.value.code == "bad_source"


def test_a_kept_header_that_is_null_is_left_out() -> None:
    headers = [*Envelope("1", RAW_TYPE, "a/b", AT, AT).headers(), ("http-x", None), ("http-y", b"1")]
    assert RawRequest.read(Event(b"1", b"", PLACE, headers)).headers == {"y": "1"}


def test_a_kept_header_that_is_not_text_is_refused_and_crashes_nothing() -> None:
    headers = [*Envelope("1", RAW_TYPE, "a/b", AT, AT).headers(), ("http-x", b"\xff")]
    with pytest.raises(Rejected):
        RawRequest.read(Event(b"1", b"", PLACE, headers))
