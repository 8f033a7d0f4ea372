"""A file that is read as if it were an ERP."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest

from connectors.pollers.sample_file import SAMPLE_FILE
from contracts.clock import WallClock
from contracts.connector import Reading
from contracts.errors import Rejected
from contracts.settings import PollerAccount
from tests.connectors.conformance.poller_suite import Clause
from tests.connectors.poller_conformance import Polled, PollerConformance

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
TRYTON = Path(__file__).parents[2] / "mappings" / "erp" / "tryton"
Line = dict[str, object]


def line(minutes: int, document: str, content: object) -> Line:
    at = (MORNING + timedelta(minutes=minutes)).isoformat()
    return {"at": at, "kind": "order", "document": document, "record": {"content": content}}


def file_of(folder: Path, *lines: Line) -> Path:
    path = folder / "erp.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return path


def poll(url: str, minutes: int, mark: str = "") -> tuple[list[Reading], str]:
    """What a poll so many minutes after the morning reads, and its mark."""

    async def read() -> tuple[list[Reading], str]:
        clock = WallClock(MORNING + timedelta(minutes=minutes), 0.0, 0.0)
        account = PollerAccount(name="erp", connector="sample-file", url=url)
        async with SAMPLE_FILE.open(account, None, clock) as session:
            found = [reading async for reading in session.changed_since(mark)]
            assert [reading async for reading in session.read_again([each.document for each in found])] == []
            return found, session.mark

    return asyncio.run(read())


def documents(found: list[Reading]) -> list[str]:
    return [reading.document.document for reading in found]


def test_each_line_is_told_once_when_its_instant_has_come(tmp_path: Path) -> None:
    url = f"file:{file_of(tmp_path, line(9, 'SO2', 1), line(5, 'SO1', 1), line(12, 'SO3', 1))}"
    first, mark = poll(url, 9)
    second, mark = poll(url, 11, mark)
    third, _ = poll(url, 12, mark)
    assert (documents(first), documents(second), documents(third)) == (["SO1", "SO2"], [], ["SO3"])
    assert first[0].read_at == MORNING + timedelta(minutes=5)


def test_a_line_can_withdraw_a_document(tmp_path: Path) -> None:
    gone: Line = {"at": (MORNING + timedelta(minutes=2)).isoformat(), "kind": "order", "document": "SO1"}
    url = f"file:{file_of(tmp_path, line(1, 'SO1', 1), {**gone, 'withdrawn': True})}"
    found, _ = poll(url, 3)
    assert [reading.withdrawn for reading in found] == [False, True]


def test_equal_content_has_an_equal_digest_whenever_it_was_read(tmp_path: Path) -> None:
    url = f"file:{file_of(tmp_path, line(1, 'SO1', 'a'), line(2, 'SO1', 'b'), line(3, 'SO1', 'a'))}"
    first, second, third = poll(url, 3)[0]
    assert first.digest == third.digest != second.digest


def afresh(url: str, minutes: int, order: str) -> list[Reading]:
    """What is read afresh so many minutes after the morning."""

    async def read() -> list[Reading]:
        clock = WallClock(MORNING + timedelta(minutes=minutes), 0.0, 0.0)
        account = PollerAccount(name="erp", connector="sample-file", url=url)
        async with SAMPLE_FILE.open(account, None, clock) as session:
            return [reading async for reading in session.of_order(order)]

    return asyncio.run(read())


def serving(minutes: int, document: str, *orders: str) -> Line:
    moves = [{"sale": None}, *({"sale": {"number": order}} for order in orders)]
    return {**line(minutes, document, ""), "kind": "goods_issue", "record": {"outgoing_moves": moves}}


def test_an_order_is_read_afresh_with_the_newest_of_each_document_that_names_it(tmp_path: Path) -> None:
    lines = [line(1, "SO1", "old"), line(2, "SO1", "new"), line(1, "SO2", ""), line(9, "SO1", "to come")]
    issues = [serving(1, "GI1", "SO2", "SO1"), serving(1, "GI2", "SO2"), serving(1, "GI3", "SO1"), serving(2, "GI3")]
    found = afresh(f"file:{file_of(tmp_path, *lines, *issues)}", 5, "SO1")
    assert sorted(documents(found)) == ["GI1", "SO1"]
    told = {reading.document.document: json.loads(reading.body) for reading in found}
    assert told["SO1"]["record"] == {"content": "new"}
    assert all(body["afresh"] is True for body in told.values())
    assert {reading.read_at for reading in found} == {MORNING + timedelta(minutes=5)}


def test_of_an_order_that_is_not_there_nothing_is_read_afresh(tmp_path: Path) -> None:
    gone: Line = {"at": (MORNING + timedelta(minutes=2)).isoformat(), "kind": "order", "document": "SO1"}
    lines = [line(1, "SO1", ""), {**gone, "withdrawn": True}, serving(1, "GI1", "SO1")]
    url = f"file:{file_of(tmp_path, *lines)}"
    assert (afresh(url, 5, "SO1"), afresh(url, 5, "SO9")) == ([], [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "line 1: "),
        ('{"at": "2026-03-02T08:00:00", "kind": "order", "document": "SO1", "record": {}}', "line 1: "),
        ('{"at": "2026-03-02T08:00:00Z", "kind": "order", "document": "SO1"}', "either a record or withdrawn"),
        ("\n".join([json.dumps(line(1, "SO1", "a")), json.dumps(line(1, "SO1", "b"))]), "order SO1 stands twice at"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "erp.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Rejected, match=said):
        poll(f"file:{path}", 1)


@pytest.mark.parametrize("url", ["file:", "https://erp.example", "erp.jsonl"])
def test_a_url_that_is_no_file_is_refused(url: str) -> None:
    with pytest.raises(Rejected, match="is no file:PATH"):
        poll(url, 1)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Rejected, match="cannot be read: No such file"):
        poll(f"file:{tmp_path / 'none'}", 1)


class Writer:
    """Somebody who writes the file, at the instant that its clock shows."""

    def __init__(self, path: Path) -> None:
        self._path, self._now, self._orders = path, MORNING, 0
        self._record = json.loads((TRYTON / "order_processing.json").read_text(encoding="utf-8"))["record"]
        path.touch()

    def order(self) -> str:
        self._orders += 1
        number = f"SO{self._orders}"
        self._write(number, record={**self._record, "number": number})
        return number

    def change(self, number: str) -> None:
        self._write(number, record={**self._record, "number": number, "reference": "PO-8"})

    def delete(self, number: str) -> None:
        self._write(number, withdrawn=True)

    def order_late(self, ago: timedelta) -> str:
        raise NotImplementedError

    def wait(self, span: timedelta) -> None:
        self._now += span

    def _write(self, number: str, **content: object) -> None:
        written = {"at": self._now.isoformat(), "kind": "order", "document": number, **content}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(written) + "\n")


@pytest.fixture
def polled(tmp_path: Path) -> Polled:
    account = PollerAccount(name="erp", connector="sample-file", url=f"file:{tmp_path / 'erp.jsonl'}")
    return Polled(account, "none", Writer(tmp_path / "erp.jsonl"), clock=WallClock(MORNING, 0.0, 0.0))


class TestSampleFile(PollerConformance):
    poller = SAMPLE_FILE
    not_applicable: ClassVar[Mapping[Clause, str]] = {
        "overlap": "a line counts from the instant that stands in it, whenever it was written",
        "paging": "a file is read whole",
        "secret": "a file has no secret of its own",
        "throttling": "a file asks nobody to wait",
        "http": "a file is not reached over HTTP",
    }
