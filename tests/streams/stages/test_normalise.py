"""Normalise: each request is mapped by its connector, told whose it is; what cannot be mapped is kept, and why."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest

from connectors.pollers.tryton import TRYTON
from connectors.sources.kuaidi100 import KUAIDI100
from contracts.connector import Context, Mapped
from contracts.events import decode_as
from contracts.metrics import REGISTRY
from contracts.policy import Policy
from contracts.raw import RawRequest
from contracts.settings import PollerAccount, Settings, SourceAccount
from contracts.topics import DEAD_LETTERS, INBOUND, TRACKING
from contracts.tracking import Tracking, TrackingStatus
from streams.engine.replay import Replay
from streams.worker import stages_of

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
UNLISTED = Path(__file__).parents[2] / "mappings" / "carriers" / "kuaidi100" / "unlisted_code.json"
SETTINGS = Settings(
    sources=(SourceAccount(name="express", connector="kuaidi100", zone="Asia/Shanghai"),),
    pollers=(
        PollerAccount(
            name="erp",
            connector="tryton",
            url="https://erp.example/db",
            zone="Europe/Berlin",
            options={"unit.box": "XBX"},
        ),
    ),
)


def normalising() -> Replay:
    return Replay(stages_of(SETTINGS, ["normalise"]), Policy())


def receive(replay: Replay, connector: str, account: str, body: bytes) -> None:
    key, value, headers = RawRequest(connector, account, body, AT, "application/x-www-form-urlencoded").record()
    replay.put(INBOUND, key, value, headers)
    replay.settle()


def pushed(param: str) -> bytes:
    return urlencode({"param": param}).encode()


@pytest.mark.parametrize(
    ("connector", "account", "zone", "options"),
    [
        ("kuaidi100", "express", "Asia/Shanghai", {}),
        ("tryton", "erp", "Europe/Berlin", {"unit.box": "XBX"}),
        ("tryton", "unconfigured", None, {}),
    ],
)
def test_a_mapping_is_told_whose_the_request_is_and_what_is_configured_for_it(
    monkeypatch: pytest.MonkeyPatch, connector: str, account: str, zone: str | None, options: dict[str, str]
) -> None:
    told: list[Context] = []

    def to_events(_payload: object, context: Context) -> Mapped:
        told.append(context)
        return Mapped()

    monkeypatch.setattr("streams.worker.SOURCES", {"kuaidi100": replace(KUAIDI100, to_events=to_events)})
    monkeypatch.setattr("streams.worker.POLLERS", {"tryton": replace(TRYTON, to_events=to_events)})
    receive(normalising(), connector, account, b"{}" if connector == "tryton" else pushed("{}"))
    assert told == [Context(connector, account, AT, zone, options)]


def test_codes_that_the_vendor_does_not_list_are_counted_and_one_of_no_known_group_is_unknown() -> None:
    """Of the two the mapping knows a group for 1999, and none for 299."""

    def counted() -> float:
        return REGISTRY.get_sample_value("quayside_unknown_codes_total", {"carrier": "kuaidi100"}) or 0.0

    replay, before = normalising(), counted()
    receive(replay, "kuaidi100", "express", pushed(UNLISTED.read_text(encoding="utf-8")))
    [record] = replay.written(TRACKING)
    event = decode_as("quayside.tracking.reported.v1", record.value or b"")
    assert isinstance(event, Tracking)
    assert [scan.raw_code for scan in event.scans if scan.status is TrackingStatus.UNKNOWN] == ["299"]
    assert counted() == before + 2


@pytest.mark.parametrize(
    ("connector", "body", "code"),
    [
        ("nobody", b"{}", "unknown_connector"),
        ("kuaidi100", b"", "bad_form"),
        ("kuaidi100", pushed("{"), "bad_json"),
        ("kuaidi100", pushed('{"status": NaN}'), "bad_json"),
        ("kuaidi100", pushed("[" * 100_000), "bad_json"),
        ("kuaidi100", pushed('{"lastResult": "none"}'), "invalid"),
        ("quayside", b'{"type": "quayside.nothing.v1", "data": {}}', "unknown_type"),
        ("quayside", b"[]", "malformed"),
        ("quayside", json.dumps({"type": "quayside.snapshot.v1", "data": {}}).encode(), "invalid"),
    ],
)
def test_what_cannot_be_mapped_is_kept_whole_with_its_reason_and_the_next_goes_on(
    connector: str, body: bytes, code: str
) -> None:
    replay = normalising()
    receive(replay, connector, "express", body)
    receive(replay, "kuaidi100", "express", pushed(UNLISTED.read_text(encoding="utf-8")))
    [letter] = replay.written(DEAD_LETTERS)
    assert letter.value == body
    assert dict(letter.headers)["quayside-dead-code"] == code.encode()
    assert replay.counts["normalise"] == {"dead_lettered": 1, "applied": 1}
