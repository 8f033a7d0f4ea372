"""A watched folder: what counts as complete, and where files go."""

import os
from pathlib import Path

import pytest

from connectors.files.folder import Folder

QUIET = 5.0


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path, QUIET)
    made.prepare()
    return made


def names(path: Path) -> list[str]:
    return sorted(file.name for file in path.iterdir() if file.is_file())


def test_a_file_is_claimed_when_it_has_not_changed_for_the_quiet_seconds(folder: Folder) -> None:
    (folder.path / "a.csv").write_text("1")
    assert [folder.claim(at) for at in (0.0, 4.9, 5.0)] == [[], [], ["a.csv"]]
    assert names(folder.path) == []
    assert folder.claimed() == ["a.csv"]


def test_a_file_that_grows_or_is_replaced_waits_anew(folder: Folder) -> None:
    file = folder.path / "a.csv"
    file.write_text("1")
    assert folder.claim(0.0) == []
    file.write_text("12")
    assert folder.claim(5.0) == []
    new = folder.path / ".a.csv"
    new.write_text("21")
    os.utime(new, ns=(0, file.stat().st_mtime_ns))
    new.rename(file)
    assert folder.claim(10.0) == []
    assert folder.claim(15.0) == ["a.csv"]


@pytest.mark.parametrize("name", [".hidden.csv", "a.csv.part", "a.TMP", "a.csv~", "a.filepart"])
def test_what_is_still_being_written_under_another_name_is_left_alone(folder: Folder, name: str) -> None:
    (folder.path / name).write_text("1")
    assert [folder.claim(at) for at in (0.0, 100.0)] == [[], []]


def test_folders_and_links_are_left_alone(folder: Folder, tmp_path: Path) -> None:
    (folder.path / "folder.csv").mkdir()
    (folder.path / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert [folder.claim(at) for at in (0.0, 100.0)] == [[], []]


def claim(folder: Folder, name: str, text: str = "1") -> None:
    (folder.path / name).write_text(text)
    folder.claim(0.0)
    assert folder.claim(QUIET) == [name]


def test_no_file_that_was_put_away_is_ever_overwritten(folder: Folder) -> None:
    for text in "123":
        claim(folder, "a.csv", text)
        folder.done("a.csv")
    assert {file.name: file.read_text() for file in (folder.path / "done").iterdir()} == {
        "a.csv": "1",
        "a-2.csv": "2",
        "a-3.csv": "3",
    }


def test_a_refused_file_has_a_text_beside_it_that_says_why(folder: Folder) -> None:
    for _ in range(2):
        claim(folder, "a.csv")
        folder.refuse("a.csv", "row 2, column `Qty`: …\n")
    assert names(folder.path / "refused") == ["a-2.csv", "a-2.csv.why.txt", "a.csv", "a.csv.why.txt"]
    assert (folder.path / "refused" / "a.csv.why.txt").read_text(encoding="utf-8") == "row 2, column `Qty`: …\n"


def test_a_file_is_read_with_the_instant_at_which_it_was_written(folder: Folder) -> None:
    claim(folder, "a.csv", "Größe")
    os.utime(folder.path / "taking" / "a.csv", (0, 1_772_438_400))
    file = folder.read("a.csv")
    assert (file.name, file.body, file.written.isoformat()) == ("a.csv", "Größe".encode(), "2026-03-02T08:00:00+00:00")
