"""An envelope survives Kafka's headers, and what is none is refused with its reason."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import NO_STAMP, Envelope, Event, Headers, Origin, Stamp, Through, read_time, write_time
from contracts.errors import Rejected

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
instants = st.datetimes(timezones=st.just(UTC))
offsets = st.integers(0, 2**63 - 1)
origins = st.builds(Origin, st.from_regex(r"[a-z.]{1,20}", fullmatch=True), st.integers(0, 1023), offsets)
stamps = st.builds(Stamp, st.builds(Through, st.integers(0, 65535), st.integers(-1, 2**63 - 1)), instants)
envelopes = st.builds(
    Envelope,
    id=texts,
    type=texts,
    source=texts,
    time=instants,
    received_at=instants,
    origin=st.none() | origins,
    traceparent=st.just("") | texts,
    stamp=st.just(NO_STAMP) | stamps,
    content_type=texts,
)
AT = datetime(2026, 1, 1, tzinfo=UTC)
WHOLE = Envelope("1", "quayside.order.changed.v1", "tryton/works", AT, AT)


@given(envelopes)
def test_an_envelope_is_read_back_as_it_was_written(written: Envelope) -> None:
    assert Envelope.read(written.headers()) == written


@given(envelopes)
def test_every_header_is_a_cloudevents_attribute_or_one_of_two_known_ones(written: Envelope) -> None:
    # CloudEvents 1.0.2, section 3: attribute names are lower case letters and digits.
    for name, value in written.headers():
        assert name in {"content-type", "traceparent"} or (name[:3] == "ce_" and name[3:].isalnum() and name.islower())
        assert isinstance(value, bytes)


@given(texts)
def test_any_text_is_an_origin_or_refused(text: str) -> None:
    with suppress(Rejected):
        origin = Origin.parse(text)
        assert Origin.parse(str(origin)) == origin


@given(st.text("0123456789.-", max_size=6))
def test_any_text_is_a_through_or_refused(text: str) -> None:
    with suppress(Rejected):
        through = Through.parse(text)
        assert Through.parse(str(through)) == through


@pytest.mark.parametrize("text", ["inbound/0", "inbound/0/x", "/0/1", "inbound/-1/2", "a/1/2/3", "a/1/" + "9" * 5000])
def test_what_is_no_origin_is_refused_with_what_was_found(text: str) -> None:
    with pytest.raises(Rejected, match="expected TOPIC/PARTITION/OFFSET"):
        Origin.parse(text)


def test_a_recreated_topic_begins_after_everything_before_it() -> None:
    assert Through(1, 10**9) < Through(2, 0)
    assert Stamp(Through(1, 5), AT) < Stamp(Through(1, 6), AT.replace(year=1999))
    assert Stamp(Through(0, 0), AT) > NO_STAMP


@pytest.mark.parametrize("name", ["ce_id", "ce_type", "ce_source", "ce_time"])
def test_a_missing_header_is_named(name: str) -> None:
    headers = [(header, value) for header, value in WHOLE.headers() if header != name]
    with pytest.raises(Rejected, match=f"the header {name} is missing"):
        Envelope.read(headers)


@pytest.mark.parametrize("name", [name for name, _ in WHOLE.headers()] + ["ce_origin", "ce_through", "traceparent"])
@pytest.mark.parametrize("value", [b"\xff\xfe", b"", None])
def test_a_damaged_header_is_refused_and_never_crashes_a_reader(name: str, value: bytes | None) -> None:
    damaged = [*(header for header in WHOLE.headers() if header[0] != name), (name, value), ("ce_asof", b"2026-01-01")]
    with suppress(Rejected):
        Envelope.read(damaged)


@pytest.mark.parametrize("text", ["2026-01-01T00:00:00", "soon", "", "0001-01-01T00:00:00+08:00"])
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(Rejected) as raised:
        read_time(text)
    assert raised.value.code == "bad_time"


@given(instants)
def test_an_instant_is_read_back_to_the_microsecond(at: datetime) -> None:
    assert read_time(write_time(at).decode()) == at


def test_a_record_without_an_origin_is_its_own() -> None:
    place = Origin("quayside.inbound", 2, 7)
    assert Event(b"k", b"{}", place, WHOLE.headers()).envelope.origin == place


def test_a_record_keeps_the_origin_it_was_made_from() -> None:
    first = Origin("quayside.inbound", 2, 7)
    headers = WHOLE.at(first).headers()
    assert Event(b"k", b"{}", Origin("quayside.tracking", 0, 1), headers).envelope.origin == first


def test_a_record_with_wrong_headers_is_refused_when_it_is_asked_and_not_before() -> None:
    nothing: Headers = []
    event = Event(b"k", b"{}", Origin("quayside.inbound", 0, 0), nothing)
    with pytest.raises(Rejected):
        _ = event.type
