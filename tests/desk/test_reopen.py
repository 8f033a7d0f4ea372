"""`quayside reopen`: which account is read, which mistakes are told, what is said, and what becomes of the delivery."""

import asyncio
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any
from unittest.mock import AsyncMock

import pytest

from connectors.kafka import create_topics
from connectors.pollers.sample_file import SAMPLE_FILE
from connectors.polling.journal import Journal, journal_of, recall
from connectors.polling.polls import poll_once
from contracts.acceptance import Acceptance, AcceptedLine, Disposition, Remedy
from contracts.clock import WallClock
from contracts.connector import Document, Reading
from contracts.errors import Rejected
from contracts.identity import key
from contracts.moment import Moment
from contracts.settings import ClockSettings, KafkaSettings, PollerAccount, Settings, SourceAccount
from contracts.snapshot import Snapshot
from contracts.tracking import TrackingStatus
from desk import cli, reopening
from desk.broker import Broker
from desk.reopening import Reopened, poller_of, reopen, told
from streams.retelling import told_of
from streams.tracing.snapshots import snapshots_named
from tests.streams.tracing.test_trace import Sent, deployment
from tests.streams.way import ERP, hours, pieces, report

FACTORY = PollerAccount(name=ERP, connector="sample-file", url="file:erp.jsonl")
WORKS = PollerAccount(name="works", connector="sample-file", url="file:works.jsonl")
PORTAL = SourceAccount(name="portal", connector="cloudevents")
DELIVERED, CLOSED = hours(30), hours(30 + 3 * 24)
PATIENCE = 60.0

Row = dict[str, Any]


def settings(*accounts: PollerAccount | SourceAccount) -> Settings:
    return Settings(
        pollers=tuple(each for each in accounts if isinstance(each, PollerAccount)),
        sources=tuple(each for each in accounts if isinstance(each, SourceAccount)),
    )


@pytest.mark.parametrize(
    ("named", "accounts", "chosen"),
    [
        (None, (FACTORY,), FACTORY),
        (None, (FACTORY, PORTAL), FACTORY),
        ("works", (FACTORY, WORKS), WORKS),
        (ERP, (FACTORY, SourceAccount(name=ERP, connector="cloudevents")), FACTORY),
    ],
)
def test_the_account_that_is_read_is_the_one_that_is_named_or_the_only_one(
    named: str | None, accounts: tuple[PollerAccount | SourceAccount, ...], chosen: PollerAccount
) -> None:
    assert poller_of(settings(*accounts), "SO1", named) == chosen


@pytest.mark.parametrize(
    ("named", "accounts", "said"),
    [
        (None, (FACTORY, WORKS), "several accounts are polled, name one by --account: factory, works"),
        ("fabrik", (FACTORY, WORKS), "no account is called 'fabrik'; polled are: factory, works"),
        ("portal", (FACTORY, PORTAL), "portal: pushed to us and not polled, so Quayside cannot read 'SO1'; its sender"),
        (None, (PORTAL,), 'every document that names it again, each with a newer `version` and `"afresh": true`'),
        (None, (), "no account is configured; polled are: none"),
    ],
)
def test_where_that_is_not_clear_it_says_what_to_do(
    named: str | None, accounts: tuple[PollerAccount | SourceAccount, ...], said: str
) -> None:
    with pytest.raises(Rejected) as refused:
        poller_of(settings(*accounts), "SO1", named)
    assert said in refused.value.reason


def test_a_mistake_is_one_sentence_and_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "quayside.yaml"
    config.write_text("sources:\n  - {name: portal, connector: cloudevents}\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["quayside", "reopen", "SO1", "--account", "portal", "--config", str(config)])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("quayside: portal: pushed to us and not polled")
    assert said.count("\n") == 1


def reopened(closed_at: datetime | None, *, known: bool = True, retold: int | None = 0) -> str:
    documents = [Document("order", "SO1", "7"), Document("goods_issue", "GI1", "8")]
    readings = tuple(Reading(document, b"{}", "", hours(0)) for document in documents)
    return "\n".join(told(Reopened(ERP, "SO1", readings, known, closed_at, retold)))


def test_it_says_what_was_read_and_what_happens_next() -> None:
    said = reopened(CLOSED)
    assert "Read afresh from factory, and told: order SO1, goods_issue GI1." in said
    assert "SO1 had been closed since 2026-03-06 06:00 UTC, and is a delivery again" in said
    assert "told again, too" not in said
    assert "What was told of it before was told again, too: 3 messages." in reopened(CLOSED, retold=3)
    assert "and still is: no worker has read it yet. Run this again" in reopened(CLOSED, retold=None)
    assert "SO1 was not closed: what is as it was changes nothing." in reopened(None)
    assert "Nothing was known of SO1" in reopened(None, known=False)


def test_the_page_shows_what_it_says() -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "closed-orders.md").read_text(encoding="utf-8")
    documents = [
        Document("order", "SO-1042", "7"),
        Document("goods_issue", "GI-7", "8"),
        Document("goods_issue", "GI-9", "9"),
    ]
    readings = tuple(Reading(document, b"{}", "", hours(0)) for document in documents)
    for sentence in told(Reopened(ERP, "SO-1042", readings, known=True, closed_at=CLOSED, retold=3)):
        assert sentence in " ".join(page.split())


def line(at: datetime, kind: str, document: str, record: Row) -> str:
    return json.dumps({"at": at.isoformat(), "kind": kind, "document": document, "record": record})


def instant(at: datetime) -> Row:
    parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
    return {"__class__": "datetime"} | {part: getattr(at, part) for part in parts}


GOODS = {"quantity": 10.0, "unit": {"symbol": "u"}, "product": {"id": 5, "code": "BRG-6204", "template": {"name": "B"}}}
SALE = {
    "id": 7,
    "number": "SO1",
    "state": "processing",
    "lines": [{"id": 71, "type": "line", "movable": True, **GOODS}],
}
SHIPMENT = {
    "id": 8,
    "number": "GI1",
    "state": "done",
    "create_date": instant(hours(1)),
    "packages": [{"number": "1", "shipping_reference": "YT1"}],
    "outgoing_moves": [
        {"id": 81, "state": "done", "origin": "sale.line,71", "sale": {"number": "SO1"}, "write_date": None, **GOODS}
    ],
}


class Factory:
    """An ERP that is a file, and the account that polls it, whose clock stands still until it is set."""

    def __init__(self, kafka: KafkaSettings, path: Path) -> None:
        path.write_text(line(hours(0), "order", "SO1", SALE) + "\n" + line(hours(1), "goods_issue", "GI1", SHIPMENT))
        self.kafka = kafka
        self.account = PollerAccount(name=ERP, connector="sample-file", url=f"file:{path}")

    async def poll(self, journal: Journal, now: datetime) -> None:
        memory = await recall(ERP, self.kafka)
        assert await poll_once(self.account, SAMPLE_FILE, memory, journal, WallClock(now, 0.0, 0.0)) is None

    def settings(self, now: datetime) -> Settings:
        clock = ClockSettings(epoch=now, started=datetime.now(UTC))
        return Settings(kafka=self.kafka, pollers=(self.account,), clock=clock)


ACCEPTANCE = Acceptance(
    account=ERP,
    order="SO1",
    id="A1",
    version=hours(31),
    accepted_at=Moment(at=hours(31)),
    lines=(AcceptedLine(order_line="71", received=pieces(10)),),
)
CREDIT = Remedy(
    account=ERP, order="SO1", id="R1", version=hours(110), disposition=Disposition.CREDIT, agreed_at=hours(110)
)


async def until(way: Sent, met: Callable[[Snapshot], object]) -> Snapshot:
    """Wait until the order's snapshot is so, and give it."""
    async with asyncio.timeout(PATIENCE):
        while True:
            for known in await snapshots_named(way.kafka, "SO1"):
                if known.scope == "order" and met(known):
                    return known


def is_credited(snapshot: Snapshot) -> bool:
    return snapshot.view is not None and any("credit" in entry.what for entry in snapshot.view.timeline)


async def test_a_closed_order_is_a_delivery_again_while_its_account_is_polled(broker: Broker, tmp_path: Path) -> None:
    async with deployment(broker) as way:
        factory = Factory(way.kafka, tmp_path / "erp.jsonl")
        async with journal_of(factory.account, way.kafka, WallClock()) as journal:
            await factory.poll(journal, hours(2))
            scans = ((hours(2), TrackingStatus.PICKED_UP), (DELIVERED, TrackingStatus.DELIVERED))
            await way.tell(report("YT1", *scans), delay=31)
            await way.tell(ACCEPTANCE)
            await way.hear(31 + 3 * 24 + 1)
            before = await until(way, lambda snapshot: snapshot.closed_at)
            assert before.view is not None
            await way.tell(CREDIT, delay=110 - 31)

            done = await reopen(factory.settings(CLOSED + timedelta(hours=2)), "SO1", None)
            assert (done.closed_at, done.retold) == (before.closed_at, 3)
            assert [reading.document.document for reading in done.readings] == ["SO1", "GI1"]
            again = await until(way, is_credited)
            assert again.closed_at is None
            assert again.view is not None
            assert (again.view.status, again.view.lines) == (before.view.status, before.view.lines)
            assert [parcel.delivered_at for parcel in again.view.parcels] == [DELIVERED]

            # The order as it was, and two reports. However often they were told again, the next time it is once.
            assert len(await told_of(way.kafka, ERP, "SO1")) == 3
            # Whoever has the turn still has it, and remembers as before.
            await journal.remember([(key(ERP, "sent", "order", "x"), b'{"document":"x","digest":"","version":0}')])


async def test_where_no_worker_reads_it_that_is_said(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What people told is not told again then: it would come too late."""
    kafka = KafkaSettings(bootstrap=broker.bootstrap, prefix=f"reopen-{token_hex(4)}", partitions=2)
    await create_topics(kafka)
    closed = Snapshot(account=ERP, scope="order", subject="SO1", closed_at=CLOSED)
    monkeypatch.setattr(reopening, "snapshots_named", AsyncMock(return_value=[closed]))
    factory = Factory(kafka, tmp_path / "erp.jsonl")
    done = await reopen(factory.settings(hours(200)), "SO1", ERP, patience=0)
    assert (len(done.readings), done.retold) == (2, None)


async def test_an_order_that_its_erp_does_not_know_is_refused(broker: Broker, tmp_path: Path) -> None:
    async with deployment(broker) as way:
        factory = Factory(way.kafka, tmp_path / "erp.jsonl")
        with pytest.raises(Rejected, match=r"factory .* has no order 'SO9'"):
            await reopen(factory.settings(hours(2)), "SO9", ERP)
