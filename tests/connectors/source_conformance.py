"""What every source must do. A connector inherits it by naming its record and how its sender behaves.

Its recorded payloads stand in tests/mappings/*/NAME/: `X.json` is what the mapping is given, `X.jsonl` beside it what
was reviewed to follow from it. What carriers and signatures must do besides: `carrier_conformance`.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.connector import Context, Mapped, Source
from contracts.errors import Rejected
from contracts.events import TYPE_OF
from contracts.model import read
from contracts.raw import RawRequest
from contracts.signature import Sent

RECORDED = Path(__file__).parents[1] / "mappings"
NOT_A_PAYLOAD = [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"null", b"[]", b"3", b'{"a":NaN}', b'"\\ud800"', b"{}"]
NOW = datetime(2026, 3, 10, tzinfo=UTC)
OLD, NEW = "last year's secret", "this year's secret 盐"

Json: TypeAlias = Any
"""Payloads are taken apart and broken here, so no type would hold."""

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
NEIGHBOURS = settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))


@dataclass(frozen=True)
class Sender:
    """How a source's sender behaves.

    sign: what carries a payload with the proof of a secret. unsigned: what carries it without one.
    """

    sign: Callable[[bytes, str], Sent]
    unsigned: Callable[[bytes], Sent]


def folder(source: Source) -> Path:
    """Where a source's recorded payloads stand."""
    (found,) = RECORDED.glob(f"*/{source.name}")
    return found


def recorded(source: Source) -> dict[str, Json]:
    """Give the recorded payloads of a source, by name."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(folder(source).glob("*.json"))}


class SourceConformance:
    """The suite. source: the record; sender: how its sender behaves."""

    source: ClassVar[Source]
    sender: ClassVar[Sender]

    # who it is

    def test_a_request_signed_with_either_live_secret_is_taken(self) -> None:
        for secret in (OLD, NEW):
            self.source.verify(self.signed(b'{"a": "\xe5\xbf\xab"}', secret), (OLD, NEW))

    def test_a_request_signed_with_a_secret_that_is_no_longer_live_is_refused(self) -> None:
        with pytest.raises(Rejected):
            self.source.verify(self.signed(b"{}", OLD), (NEW,))

    def test_an_unsigned_request_is_refused(self) -> None:
        with pytest.raises(Rejected):
            self.source.verify(self.request(self.sender.unsigned(b"{}")), (NEW,))

    def test_a_secret_of_an_account_without_live_secrets_opens_nothing(self) -> None:
        with pytest.raises(Rejected):
            self.source.verify(self.signed(b"{}", ""), ())

    def test_what_proves_who_it_is_is_not_kept(self) -> None:
        """What is kept of headers goes to Kafka, where no secret may stand."""
        assert self.source.verify.headers.isdisjoint(self.source.headers)

    # acknowledgement

    def test_the_refusal_is_json_and_carries_its_reason(self) -> None:
        reply = self.source.refuse("it's “wrong”", 413)
        assert reply.status == 413
        assert "it's “wrong”" in json.loads(reply.body).values()

    # reading

    @pytest.mark.parametrize(
        "body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"null", b"[]", b"3", b'{"a":NaN}', b"{}"]
    )
    def test_a_body_that_is_not_the_sender_s_is_rejected(self, body: bytes) -> None:
        for sent in (self.request(Sent(body)), self.signed(body, NEW)):
            with pytest.raises(Rejected):
                self.source.to_events(self.source.read(sent), self.context())

    def test_a_body_in_another_encoding_is_rejected(self) -> None:
        text = json.dumps(next(iter(recorded(self.source).values())), ensure_ascii=False)
        with pytest.raises(Rejected):
            self.source.read(self.signed(text.encode("gb18030"), NEW))

    def test_a_truncated_body_is_rejected_wherever_it_ends(self) -> None:
        whole = json.dumps(next(iter(recorded(self.source).values()))).encode()
        for length in range(0, len(whole), 37):
            with pytest.raises(Rejected):
                self.source.to_events(self.source.read(self.signed(whole[:length], NEW)), self.context())

    # mapping

    def test_recorded_payloads_say_what_was_reviewed(self) -> None:
        payloads = recorded(self.source)
        assert payloads
        for name, payload in payloads.items():
            said = "".join(lines(self.map(payload)))
            assert said == (folder(self.source) / f"{name}.jsonl").read_text(), name

    @pytest.mark.parametrize("machine", ["UTC", "America/New_York", "Asia/Kathmandu"])
    def test_the_machine_s_own_zone_changes_nothing(self, machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
        before = [self.map(payload) for payload in recorded(self.source).values()]
        with monkeypatch.context() as patched:
            patched.setenv("TZ", machine)
            time.tzset()
            after = [self.map(payload) for payload in recorded(self.source).values()]
        time.tzset()
        assert after == before

    @NEIGHBOURS
    @given(data=st.data())
    def test_what_resembles_a_payload_is_mapped_or_rejected_and_nothing_else(self, data: st.DataObject) -> None:
        payload = data.draw(st.sampled_from(list(recorded(self.source).values())).map(deepcopy))
        for _ in range(data.draw(st.integers(1, 3))):
            payload = _changed(payload, data)
        mapped, path = self._map_or_reject(payload)
        assert path.startswith("$")
        for event in mapped.events:
            assert read(type(event), event.encode()) == event

    @NEIGHBOURS
    @given(data=st.data())
    def test_what_resembles_a_body_is_read_or_rejected_and_nothing_else(self, data: st.DataObject) -> None:
        payload = data.draw(st.sampled_from(list(recorded(self.source).values())))
        sent = self.sender.sign(json.dumps(payload).encode(), NEW)
        at = data.draw(st.integers(0, len(sent.body)))
        until = data.draw(st.integers(at, len(sent.body)))
        broken = sent.body[:at] + data.draw(st.binary(max_size=8)) + sent.body[until:]
        request = self.request(sent._replace(body=broken))
        with suppress(Rejected):
            self.source.verify(request, (NEW,))
        with suppress(Rejected):
            self.map(self.source.read(request))

    # how the tests above do it

    def request(self, sent: Sent) -> RawRequest:
        return RawRequest(self.source.name, "shop", sent.body, NOW, sent.content_type, sent.headers)

    def signed(self, payload: bytes, secret: str) -> RawRequest:
        return self.request(self.sender.sign(payload, secret))

    def context(self) -> Context:
        return Context(self.source.name, "shop", NOW)

    def map(self, payload: Json) -> Mapped:
        return self.source.to_events(payload, self.context())

    def _map_or_reject(self, payload: Json) -> tuple[Mapped, str]:
        try:
            return self.map(payload), "$"
        except Rejected as error:
            return Mapped(), error.path


def lines(mapped: Mapped) -> Iterator[str]:
    for event in mapped.events:
        line: Mapping[str, object] = {"type": TYPE_OF[type(event)], "data": json.loads(event.encode())}
        yield json.dumps(line, ensure_ascii=False) + "\n"
    if mapped.unknown_codes:
        yield json.dumps({"unknown_codes": mapped.unknown_codes}, ensure_ascii=False) + "\n"


def _changed(value: Json, data: st.DataObject) -> Json:
    """Change one place of a JSON value: drop it, double it, or put something else there."""
    places = list(_places(value))
    if not places:
        return data.draw(_JSON)
    holder, name = data.draw(st.sampled_from(places))
    match data.draw(st.sampled_from(["drop", "replace", "stringify", "add"])):
        case "drop":
            del holder[name]
        case "replace":
            holder[name] = data.draw(_JSON)
        case "stringify":
            holder[name] = str(holder[name])[: data.draw(st.integers(0, 30))]
        case _ if isinstance(holder, list):
            holder.append(data.draw(_JSON))
        case _:
            holder[data.draw(st.text())] = data.draw(_JSON)
    return value


def _places(value: Json) -> Iterator[tuple[Json, Json]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in children:
        yield value, name
        yield from _places(child)
