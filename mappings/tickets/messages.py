"""Messages to those who are only told (subscribers, mailboxes, chat groups): which there are, and their names. Pure.

A record is then a row of messages: it is opened, what matters of it changes, it is closed. A message's id is the
record's idempotency key, the message's place in the row, and a digest of what it says. So one that is sent again,
because nobody knows whether it arrived, has the same id, and one that says anything else has another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from contracts.connector import Writing
from contracts.errors import Rejected
from contracts.identity import digest, parts
from contracts.record_keys import RecordSort, sort_of

_DIGEST = 4
_KEY_OF_A_TASK = 5
"""Parts: account, scope, subject, what it is about, kind (`contracts.snapshot.task_key`)."""


class Occasion(StrEnum):
    """Why something is said of a record."""

    OPENED = "opened"
    UPDATED = "updated"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Message:
    """One message. follows: the id of the one before it about the same record; empty of the first.

    key, record: the task's key, and the idempotency key of this episode of it. fields: what the target's mapping wrote;
    of a close that follows a crash they may be empty. comment: why it was closed, or what is said beside an update.
    """

    id: str
    follows: str
    key: str
    record: str
    occasion: Occasion
    fields: Mapping[str, str]
    comment: str = ""

    @property
    def sort(self) -> RecordSort:
        """What the record is."""
        return sort_of(self.key)

    @property
    def subject(self) -> str:
        """What it is about, by its key alone: `SO-1042 (late)`."""
        named = parts(self.key.encode())
        return f"{named[2]} ({named[4]})" if len(named) == _KEY_OF_A_TASK else named[2]


def opening(writing: Writing) -> Message:
    """The first message about a record."""
    return _message(writing, Occasion.OPENED, "", 1)


def following(before: str, writing: Writing, occasion: Occasion) -> Message:
    """The message after the one with the id `before`; raises Rejected where that is none of ours."""
    return _message(writing, occasion, before, place(before) + 1)


def place(message_id: str) -> int:
    """Read which message about its record one is, from 1; raises Rejected where its id is none of ours."""
    number = message_id.split(".")[1:2]
    if not number or not number[0].isdecimal():
        raise Rejected(f"not the id of a message: {message_id!r}", code="bad_record")
    return int(number[0])


def _message(writing: Writing, occasion: Occasion, before: str, number: int) -> Message:
    said = () if occasion is Occasion.CLOSED else (part for item in sorted(writing.fields.items()) for part in item)
    name = digest(occasion, writing.comment, *said, size=_DIGEST)
    return Message(
        id=f"{writing.idempotency_key}.{number}.{name}",
        follows=before,
        key=writing.key,
        record=writing.idempotency_key,
        occasion=occasion,
        fields=writing.fields,
        comment=writing.comment,
    )
