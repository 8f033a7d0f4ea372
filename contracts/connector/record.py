"""What a target keeps of ours, and the session that writes it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol


class Heard(NamedTuple):
    """What a tracker answered about a parcel, written as it would have pushed it. source: `CONNECTOR/ACCOUNT`."""

    source: str
    body: bytes
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Record:
    """What a target has for a task: its id there, whether it is open, its version there, the fields that we own.

    key, idempotency_key: as they were written (`Writing`); a lost ledger is rebuilt from them. version: empty where a
    list of many does not tell it, and then an update reads the record first.
    fields: as they stand there now; a field that was written and kept reads exactly as it was written.
    closed_by: who else closed it; empty where we did. closed_at: by the target's own clock. refused: whether it was
    closed as not to be done, rather than as done. approved_by: who approved that, where somebody did. merged_into: the
    id of the record that it was merged into; such a one is closed. is_deleted: whether it was deleted, where what is
    deleted can still be read; such a one is closed, too. assigned_to: whose it is now, as the target names people or
    groups; empty where it is nobody's, or where the target does not tell. heard: what else it told, to be read like a
    push.
    """

    id: str
    is_open: bool
    version: str
    fields: Mapping[str, str]
    key: str
    idempotency_key: str
    closed_by: str = ""
    closed_at: datetime | None = None
    closed_reason: str = ""
    refused: bool = False
    approved_by: str = ""
    merged_into: str = ""
    is_deleted: bool = False
    assigned_to: str = ""
    heard: tuple[Heard, ...] = ()


@dataclass(frozen=True, slots=True)
class Writing:
    """What is to be written for one episode of one task: its keys, and the fields that we own.

    key: the task's key, without the episode. idempotency_key: of this episode, the same at every try.
    comment: what is said beside an update or a close.
    """

    key: str
    idempotency_key: str
    fields: Mapping[str, str]
    comment: str = ""


class TargetSession(Protocol):
    """An open connection to a target. Its methods raise Retryable (try again) or Rejected (it never will)."""

    async def look_up(self, key: str) -> Sequence[Record]:
        """Find the records of every episode of a task, open or closed, by a strongly consistent read."""

    async def read(self, record_id: str) -> Record | None:
        """Read one record; None where it no longer exists."""

    async def create(self, writing: Writing) -> Record:
        """Create a record."""

    async def update(self, record: Record, writing: Writing) -> Record:
        """Write our fields to a record, no others; of it only `id` and `version` are looked at.

        Where somebody changed it since that version it is read again first, and one that they closed is given back
        closed, unwritten. Raises Rejected with the code `gone` where the record no longer exists.
        """

    async def close(self, record: Record, writing: Writing) -> Record:
        """Close a record with the reason in `writing.comment`; one that is closed already is left as it is.

        Raises Rejected with the code `gone` where the record no longer exists.
        """

    @property
    def mark(self) -> str:
        """How far `changed_since` has read, in the target's own terms; true once its iteration has ended."""

    def changed_since(self, mark: str) -> AsyncIterator[Record]:
        """Tell our records that were closed or opened since `mark`, all of them at an empty one, some of them again.

        They come many at a time, so a closed one does not tell by whom, when and why: `read` does.
        """


class ReopeningSession(TargetSession, Protocol):
    """A session of a target that can open a closed record again (`Target.reopens`)."""

    async def reopen(self, record: Record, writing: Writing) -> Record:
        """Open a closed record, say `writing.comment`, and write our fields; one that is open already stays open.

        Raises Rejected with the code `gone` where the record no longer exists.
        """
