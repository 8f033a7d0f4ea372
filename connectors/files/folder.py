"""A watched folder: which files in it are complete, and where they go.

    FOLDER/NAME              dropped: taken when its size, date and identity have not changed for the quiet seconds
    FOLDER/taking/NAME       claimed, and not done yet
    FOLDER/done/NAME         taken: all that it says is durable
    FOLDER/refused/NAME      not taken, and why stands in FOLDER/refused/NAME.why.txt

Names that begin with a point, or end as those of files do that are still being written, are not looked at: whoever
writes NAME.part and renames it hands over a whole file. A name that is taken already in `done` or `refused` gets a
number. Methods block; they raise OSError.
"""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from connectors.files.judging import FILE_LIMIT, File

TAKING, DONE, REFUSED = "taking", "done", "refused"
UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload", "~", ".swp")
WHY = ".why.txt"


class Seen(NamedTuple):
    """A file as it was seen: its size, date and identity, and since when (seconds, of a clock that never goes back)."""

    size: int
    written: int
    inode: int
    since: float

    def is_as(self, other: "Seen") -> bool:
        """Tell whether nothing changed."""
        return self[:3] == other[:3]


@dataclass(slots=True)
class Folder:
    """One folder. quiet: how many seconds a file must not have changed."""

    path: Path
    quiet: float
    _seen: dict[str, Seen] = field(default_factory=dict)

    def prepare(self) -> None:
        """Make the folders inside it; it must be there itself."""
        for name in (TAKING, DONE, REFUSED):
            (self.path / name).mkdir(exist_ok=True)

    def claimed(self) -> list[str]:
        """Give the names of files that were claimed and are not done: their process was killed, or the broker away."""
        return sorted(entry.name for entry in os.scandir(self.path / TAKING) if entry.is_file(follow_symlinks=False))

    def claim(self, at: float) -> list[str]:
        """Claim all files that are complete at `at`; gives their names. Nobody else changes a file from then on."""
        seen = {
            entry.name: _seen(entry.stat(follow_symlinks=False), at)
            for entry in os.scandir(self.path)
            if _is_one(entry)
        }
        self._seen = {
            name: before if (before := self._seen.get(name)) is not None and now.is_as(before) else now
            for name, now in seen.items()
        }
        complete = sorted(name for name, one in self._seen.items() if at - one.since >= self.quiet)
        for name in complete:
            (self.path / name).rename(self.path / TAKING / name)
            del self._seen[name]
        return complete

    def read(self, name: str) -> File:
        """Read a claimed file, of one that is too long its beginning."""
        with (self.path / TAKING / name).open("rb") as file:
            written = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
            return File(name, file.read(FILE_LIMIT + 1), written)

    def done(self, name: str) -> Path:
        """Put a claimed file away as taken; gives where it stands."""
        return self._move(name, self.path / DONE)

    def refuse(self, name: str, why: str) -> Path:
        """Put a claimed file away as refused, with a text beside it; gives where it stands."""
        to = _unused(self.path / REFUSED, name)
        to.with_name(to.name + WHY).write_text(why, encoding="utf-8")
        return self._move(name, to.parent, to.name)

    def _move(self, name: str, folder: Path, new: str = "") -> Path:
        to = folder / new if new else _unused(folder, name)
        return (self.path / TAKING / name).rename(to)


def _is_one(entry: "os.DirEntry[str]") -> bool:
    hidden = entry.name.startswith(".") or entry.name.lower().endswith(UNFINISHED)
    return not hidden and entry.is_file(follow_symlinks=False)


def _seen(status: os.stat_result, at: float) -> Seen:
    return Seen(status.st_size, status.st_mtime_ns, status.st_ino, at)


def _unused(folder: Path, name: str) -> Path:
    """Give a path at which nothing stands: with a number before the suffixes where the name is taken."""
    to, number = folder / name, 1
    while to.exists():
        number += 1
        to = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
    return to
