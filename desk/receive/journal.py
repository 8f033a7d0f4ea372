"""What happened at the ticket desk: one JSON object a line, appended, and on disk before anybody is told.

A last line that a crash cut short was never answered, so it is cut off at the next start. A journal belongs to one
process at a time.
"""

import fcntl
import os
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import IO

from pydantic import Field

from contracts.errors import Rejected
from contracts.model import Contract, read
from contracts.moment import Instant


class What(StrEnum):
    """What can happen to a task. repeated: its creation arrived once more, and had no effect."""

    CREATED = "created"
    REPEATED = "repeated"
    CHANGED = "changed"
    COMMENTED = "commented"
    CLOSED = "closed"


class Line(Contract):
    """One thing that happened. by: the person who did it, empty where the sender did. approved_by: of a closing."""

    at: Instant
    task: int = Field(ge=1)
    what: What
    by: str = ""
    text: str = ""
    refused: bool = False
    approved_by: str = ""
    key: str = ""
    idempotency_key: str = ""
    fields: dict[str, str] = Field(default_factory=dict)


class Journal:
    """A journal in a file, or, without one, in nothing: then it ends with the process."""

    def __init__(self, file: Path | None) -> None:
        """Open the file; raises Rejected where it cannot be, or belongs to another process."""
        self._file: IO[bytes] | None = None
        if file is None:
            return
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._file = file.open("a+b")
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self.close()
            raise Rejected(f"{file} belongs to another ticket desk that is running", code="journal_taken") from error
        except OSError as error:
            raise Rejected(f"{file} cannot be opened: {error.strerror}", code="journal_unreadable") from error

    def lines(self) -> Iterator[Line]:
        """Read it from the start; raises Rejected, naming the line, where one is none of ours."""
        if self._file is None:
            return
        self._file.seek(0)
        whole = 0
        for number, line in enumerate(self._file, start=1):
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            try:
                yield read(Line, line)
            except Rejected as error:
                raise Rejected(f"{self._file.name}, line {number}: {error}", code="journal_unreadable") from error
        self._file.truncate(whole)

    def append(self, line: Line) -> None:
        """Write a line; it is on disk when this returns."""
        if self._file is not None:
            self._file.write(line.model_dump_json(exclude_defaults=True).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
