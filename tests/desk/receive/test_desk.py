"""The ticket desk keeps what it answered for, and does everything once."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contracts.errors import Rejected
from desk.receive.desk import Desk, Missing, Stale
from desk.receive.journal import Journal

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def opened(file: Path | None = None) -> Desk:
    return Desk(Journal(file), lambda: NOON)


def after_restart(desk: Desk, file: Path) -> Desk:
    desk.journal.close()
    return opened(file)


def fill(desk: Desk) -> None:
    desk.create("k1", "k1-1", {"title": "延误", "order": "SO-1"})
    desk.create("k2", "k2-1", {"title": "stalled"})
    desk.create("k1", "k1-1", {"title": "延误", "order": "SO-1"})
    desk.change(1, 1, {"title": "still late"}, "one more day")
    desk.comment(1, "Mei", "called")
    desk.close(2, by="Mei", reason="a duplicate", refused=True)


def test_everything_is_there_again_after_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "desk.jsonl"
    desk = opened(file)
    fill(desk)
    again = after_restart(desk, file)
    assert (again.tasks, again.mark) == (desk.tasks, desk.mark)
    task, new = again.create("k1", "k1-1", {"title": "something else"})
    assert (task.id, new, task.fields["title"], task.received) == (1, False, "still late", 3)
    again.journal.close()


def test_a_line_that_a_crash_cut_short_is_cut_off(tmp_path: Path) -> None:
    """It was never answered, so its sender sends it again."""
    file = tmp_path / "desk.jsonl"
    desk = opened(file)
    fill(desk)
    whole = file.read_bytes()
    desk.journal.close()
    last = whole.splitlines(keepends=True)[-1]
    for cut in (1, len(last) // 2, len(last) - 1):
        file.write_bytes(whole + last[:cut])
        again = opened(file)
        assert again.tasks == desk.tasks
        again.create("k3", "k3-1", {})
        again = after_restart(again, file)
        assert len(again.tasks) == 3
        again.journal.close()


@pytest.mark.parametrize(
    "line", [b"{}\n", b"hello\n", b'{"at": "2026-11-21T12:00:00Z", "task": 1, "what": "eaten"}\n', b"\xff\n"]
)
def test_a_line_that_is_none_is_told_by_its_number(tmp_path: Path, line: bytes) -> None:
    file = tmp_path / "desk.jsonl"
    desk = opened(file)
    desk.create("k1", "k1-1", {})
    desk.journal.close()
    file.write_bytes(file.read_bytes() + line + b"\n")
    journal = Journal(file)
    with pytest.raises(Rejected, match=r"desk\.jsonl, line 2"):
        Desk(journal, lambda: NOON)
    journal.close()


def test_a_journal_belongs_to_one_desk_at_a_time(tmp_path: Path) -> None:
    first = Journal(tmp_path / "desk.jsonl")
    with pytest.raises(Rejected, match="another ticket desk"):
        Journal(tmp_path / "desk.jsonl")
    first.close()
    Journal(tmp_path / "desk.jsonl").close()


def test_a_journal_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(Rejected, match="Is a directory"):
        Journal(tmp_path)


def test_what_is_written_is_on_disk_before_it_is_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bytes] = []
    file = tmp_path / "desk.jsonl"
    monkeypatch.setattr("os.fsync", lambda _: synced.append(file.read_bytes()))
    desk = opened(file)
    desk.create("k1", "k1-1", {})
    assert b"k1-1" in synced[-1]
    desk.journal.close()


def test_a_task_that_could_not_be_written_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = opened()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(desk.journal, "append", full)
    with pytest.raises(OSError, match="No space"):
        desk.create("k1", "k1-1", {})
    assert desk.tasks == {}


def test_only_what_changed_becomes_history() -> None:
    desk = opened()
    task, _ = desk.create("k1", "k1-1", {"a": "1", "b": "2"})
    task = desk.change(task.id, task.version, {"a": "1", "b": "3"})
    assert [line.fields for line in task.history] == [{"a": "1", "b": "2"}, {"b": "3"}]
    assert desk.change(task.id, task.version, {"a": "1", "b": "3"}) == task


@pytest.mark.parametrize("before", [lambda d: d.comment(1, "Mei", "hm"), lambda d: d.close(1, by="Mei")])
def test_a_change_from_an_old_version_is_stale(before: Callable[[Desk], object]) -> None:
    desk = opened()
    task, _ = desk.create("k1", "k1-1", {"a": "1"})
    before(desk)
    with pytest.raises(Stale):
        desk.change(1, task.version, {"a": "2"})
    assert desk.task(1).fields == {"a": "1"}


def test_a_closed_task_takes_no_change_and_stays_closed() -> None:
    desk = opened()
    desk.create("k1", "k1-1", {})
    closed = desk.close(1, by="Mei", reason="done")
    with pytest.raises(Stale, match="closed"):
        desk.change(1, closed.version, {"a": "2"})
    assert desk.close(1, reason="again") == closed


def test_tasks_that_were_opened_or_closed_since_a_mark() -> None:
    desk = opened()
    desk.create("k1", "k1-1", {})
    desk.create("k2", "k2-1", {})
    mark = desk.mark
    desk.comment(1, "Mei", "hm")
    desk.close(2, by="Mei")
    desk.create("k3", "k3-1", {})
    assert [task.id for task in desk.find(since=mark)] == [2, 3]
    assert [task.id for task in desk.find(key="k1")] == [1]
    assert len(list(desk.find())) == 3


def test_a_task_that_is_not_there_is_told() -> None:
    desk = opened()
    with pytest.raises(Missing, match="no task 7"):
        desk.close(7)
    with pytest.raises(Missing, match="no task 7"):
        desk.comment(7, "Mei", "hm")
    with pytest.raises(Missing, match="no task 7"):
        desk.change(7, 1, {})
