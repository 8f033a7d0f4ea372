"""What a target is asked for: a wished task in its own fields, and the steps that bring it about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from contracts.errors import Rejected
from contracts.identity import Scope, digest
from streams.dispatch.entry import Entry
from streams.dispatch.texts import Reason


@dataclass(frozen=True, slots=True)
class Wish:
    """A task that is wanted, in the target's fields.

    feedback: the ids of the feedback that this wish has seen. comment: what is said beside an update. problem: why
    it has no fields, where the target's own mapping refuses it. once: it is a message, which is never sent again,
    changed or closed. policy_revision: the one that brought it, where one did, else 0.
    """

    account: str
    scope: Scope
    subject: str
    task: str
    since: datetime
    fields: Mapping[str, str]
    feedback: frozenset[str] = frozenset()
    comment: str = ""
    problem: Rejected | None = None
    once: bool = False
    policy_revision: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """Write an entry to the ledger and nothing to the target."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class LookUp:
    """Ask the target what became of an entry, or whether there is one. attempt: a digest of what is to follow."""

    entry: Entry
    attempt: str


@dataclass(frozen=True, slots=True)
class Create:
    """Create a record."""

    entry: Entry
    wish: Wish


@dataclass(frozen=True, slots=True)
class Update:
    """Write the fields of an open record."""

    entry: Entry
    wish: Wish


@dataclass(frozen=True, slots=True)
class Reopen:
    """Open a record again that people closed."""

    entry: Entry
    wish: Wish


@dataclass(frozen=True, slots=True)
class Close:
    """Close an open record."""

    entry: Entry
    reason: Reason


@dataclass(frozen=True, slots=True)
class Settle:
    """End an entry that has no record at the target."""

    entry: Entry
    reason: Reason


@dataclass(frozen=True, slots=True)
class Bury:
    """Tell that a wish cannot be written at all."""

    entry: Entry
    wish: Wish
    error: Rejected


Action = Note | LookUp | Create | Update | Reopen | Close | Settle | Bury


def attempt_of(what: str, fields: Mapping[str, str]) -> str:
    """Digest what is tried: the same as long as the same would be written."""
    return digest(what, *(part for name in sorted(fields) for part in (name, fields[name])))
