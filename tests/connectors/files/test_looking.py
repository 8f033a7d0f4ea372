"""Looking into a folder: nothing is lost, nothing half done, and nothing doubled, wherever the process is killed."""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from connectors.files.folder import Folder
from connectors.files.looking import Looking, look_once
from connectors.sources.cloudevents import CLOUDEVENTS
from connectors.sources.table import TABLE
from contracts.clock import WallClock
from contracts.connector import Mapped
from contracts.errors import Retryable
from contracts.raw import RawRequest
from contracts.settings import SourceAccount, WatchedFolder
from contracts.topics import BODY_LIMIT

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
OPTIONS = {
    "kind": "order",
    "column.document": "Order",
    "column.product": "Item",
    "column.quantity": "Qty",
    "value.unit": "C62",
}
GOOD = "Order,Item,Qty\nSO-1,A,1\nSO-2,A,2\n"
WRONG = "Order,Item,Qty\nSO-3,A,1\nSO-4,A,many\n"


STEPS = 9
"""Of a look at one good and one wrong file: prepare, claimed, claim, read, store, done, read, refuse, heard."""


class Killed(BaseException):
    """The process was killed here."""


@dataclass
class Inbox:
    """What is durable."""

    requests: list[RawRequest] = field(default_factory=list)
    ticks: list[datetime] = field(default_factory=list)

    async def store(self, requests: Sequence[RawRequest]) -> None:
        self.requests += requests

    async def heard(self, at: datetime) -> None:
        self.ticks.append(at)

    def orders(self) -> list[str]:
        return sorted({json.loads(request.body)["rows"][0]["cells"][0] for request in self.requests})


def looking(path: Path, inbox: Inbox) -> Looking:
    folder = WatchedFolder(path=path, quiet_seconds=0)
    account = SourceAccount(name="works", connector="table", options=OPTIONS, folder=folder)
    return Looking(account, TABLE, Folder(path, 0.0), inbox, WallClock(NOW, 0.0, 0.0))


def look(it: Looking) -> None:
    assert asyncio.run(look_once(it)) is None


def names(path: Path) -> list[str]:
    return sorted(file.name for file in path.iterdir() if file.is_file())


def test_a_good_file_is_told_and_put_away_and_a_wrong_one_is_refused_whole(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text(GOOD)
    (tmp_path / "wrong.csv").write_text(WRONG)
    inbox = Inbox()
    look(looking(tmp_path, inbox))
    assert inbox.orders() == ["SO-1", "SO-2"]
    assert names(tmp_path / "done") == ["good.csv"]
    assert names(tmp_path / "refused") == ["wrong.csv", "wrong.csv.why.txt"]
    assert (tmp_path / "refused" / "wrong.csv.why.txt").read_text() == (
        "wrong.csv was refused, and nothing of it was taken.\n\n"
        "row 3, column `Qty`: found 'many'; expected a number such as 1234.5\n\n"
        "Mend it and drop it again, under any name.\n"
    )
    assert inbox.ticks == [NOW]


def test_the_same_bytes_dropped_twice_are_the_same_requests(tmp_path: Path) -> None:
    inbox = Inbox()
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_text(GOOD)
        look(looking(tmp_path, inbox))
    assert len(inbox.requests) == 4
    bodies = [{**json.loads(request.body), "version": ""} for request in inbox.requests]
    assert bodies[:2] == bodies[2:]


class Killing:
    """A folder or an inbox whose process is killed at the step of a number, before it is done or right after it."""

    def __init__(self, of: object, steps: Iterator[int], at: int, *, after: bool) -> None:
        self._of = of
        self._steps = steps
        self._at = at
        self._after = after

    def __getattr__(self, name: str) -> Callable[..., object]:
        do = getattr(self._of, name)

        def on_disk(*given: object) -> object:
            number = self._before()
            return self._behind(number, do(*given))

        async def to_broker(*given: object) -> object:
            number = self._before()
            return self._behind(number, await do(*given))

        return to_broker if asyncio.iscoroutinefunction(do) else on_disk

    def _before(self) -> int:
        if (number := next(self._steps)) == self._at and not self._after:
            raise Killed
        return number

    def _behind(self, number: int, found: object) -> object:
        if number == self._at:
            raise Killed
        return found


def killed_at(step: int, it: Looking, *, after: bool) -> bool:
    """Look once and be killed at a step; whether there was one of that number."""
    steps = count()
    folder: Any = Killing(it.folder, steps, step, after=after)
    durable: Any = Killing(it.durable, steps, step, after=after)
    try:
        asyncio.run(replace(it, folder=folder, durable=durable).once())
    except Killed:
        return True
    return False


@pytest.mark.parametrize("after", [False, True])
def test_wherever_it_is_killed_nothing_is_lost_or_left_half_done(tmp_path: Path, *, after: bool) -> None:
    for step in count():
        path = tmp_path / str(step)
        path.mkdir()
        (path / "good.csv").write_text(GOOD)
        (path / "wrong.csv").write_text(WRONG)
        inbox = Inbox()
        was_killed = killed_at(step, looking(path, inbox), after=after)
        look(looking(path, inbox))
        assert inbox.orders() == ["SO-1", "SO-2"], step
        assert len({request.id for request in inbox.requests}) == 2, step
        assert_all_is_put_away(path)
        if not was_killed:
            assert step == STEPS
            return


def assert_all_is_put_away(path: Path) -> None:
    assert names(path / "done") == ["good.csv"]
    assert names(path / "refused") == ["wrong.csv", "wrong.csv.why.txt"]
    assert (names(path), names(path / "taking")) == ([], [])


def test_killed_between_the_text_and_the_file_that_it_is_about_both_end_together(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text(GOOD)
    for folder in ("taking", "refused"):
        (tmp_path / folder).mkdir()
    (tmp_path / "taking" / "wrong.csv").write_text(WRONG)
    (tmp_path / "refused" / "wrong.csv.why.txt").write_text("half a senten")
    look(looking(tmp_path, Inbox()))
    assert_all_is_put_away(tmp_path)
    assert "row 3" in (tmp_path / "refused" / "wrong.csv.why.txt").read_text()


def test_a_file_is_whatever_its_account_s_connector_takes(tmp_path: Path) -> None:
    """Byte for byte, as one request."""
    event = {
        "specversion": "1.0", "id": "1", "source": "/portal", "type": "quayside.acceptance.reported.v1",
        "data": {"order": "SO-1", "id": "A", "version": "2026-03-02T08:00:00Z",
                 "accepted_at": {"at": "2026-03-02T08:00:00Z"}},
    }  # fmt: skip
    for name, said in (("good.json", event), ("wrong.json", {**event, "type": "quayside.acceptance.v1"})):
        (tmp_path / name).write_text(json.dumps(said))
    folder = WatchedFolder(path=tmp_path, quiet_seconds=0, content_type="application/cloudevents+json")
    account = SourceAccount(name="portal", connector="cloudevents", folder=folder)
    inbox = Inbox()
    look(replace(looking(tmp_path, inbox), account=account, source=CLOUDEVENTS))
    [request] = inbox.requests
    assert (request.connector, request.account, json.loads(request.body)) == ("cloudevents", "portal", event)
    assert names(tmp_path / "refused") == ["wrong.json", "wrong.json.why.txt"]


def test_a_connector_that_fails_at_a_file_is_told_beside_it_and_others_are_taken(tmp_path: Path) -> None:
    def fail(*_: object) -> Mapped:
        raise KeyError("scans")

    (tmp_path / "a.csv").write_text(GOOD)
    inbox = Inbox()
    failing = replace(TABLE, cut=None, to_events=fail)
    look(replace(looking(tmp_path, inbox), source=failing))
    assert inbox.requests == []
    why = (tmp_path / "refused" / "a.csv.why.txt").read_text()
    assert "table failed at it, which is its own mistake: KeyError('scans')" in why
    assert inbox.ticks == [NOW]


def test_what_no_record_can_hold_is_refused(tmp_path: Path) -> None:
    wide = "Order,Item,Qty\n" + "".join(f"SO-1,{'A' * 100},1\n" for _ in range(BODY_LIMIT // 100))
    (tmp_path / "wide.csv").write_text(wide)
    inbox = Inbox()
    look(looking(tmp_path, inbox))
    assert not inbox.requests
    assert f"at most {BODY_LIMIT} are taken" in (tmp_path / "refused" / "wide.csv.why.txt").read_text()


def test_a_folder_that_is_not_there_gives_no_time(tmp_path: Path) -> None:
    inbox = Inbox()
    error = asyncio.run(look_once(looking(tmp_path / "none", inbox)))
    assert isinstance(error, Retryable)
    assert error.code == "unreachable"
    assert "cannot be used: No such file or directory" in error.reason
    assert inbox.ticks == []
