"""The ledger's entries: what is known of one episode of one task at one target."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from contracts.identity import Scope, digest
from contracts.record_keys import RecordSort, sort_of


class State(StrEnum):
    """What the ledger knows of an episode.

    wanted: not at the target, as a look-up has shown. in_flight: something was, or may have been, sent: the target is
    asked before anything is sent again. open, closed: so it is at the target. closing: a close was, or may have been,
    sent. dead: the target refused for good, or too often. recorded: known, and by `live_from` never pushed. held: one
    of many that a policy revision brought at once, until that is released.
    """

    WANTED = "wanted"
    IN_FLIGHT = "in_flight"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    DEAD = "dead"
    RECORDED = "recorded"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Entry:
    """One episode.

    since: of the wish that it answers. fields: those last written, or in flight. attempt: a digest of what was last
    tried, and configuration one of the account it was tried with: a dead entry rests until either changes.
    tries: failed ones in a row, those alone that a living target failed; failing_since and failed_at: the first and the
    last failure in a row. feedback: the id of the fact that a person closed it; empty while
    it is open, and where we closed it. revision: grows with each change, so that two writers cannot both change it.
    policy_revision: the one that brought it, where one did (`streams.dispatch.holding`), else 0. ending: how people
    ended it (`streams.dispatch.endings`); empty while it is open, and where we did. merged_into: the record that is
    watched in its place, which is not ours to write to. assigned_to: whose it was when that was last told.
    """

    target: str
    account: str
    scope: Scope
    subject: str
    task: str
    episode: int
    since: datetime
    state: State
    shadow: bool = False
    remote_id: str = ""
    remote_version: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    attempt: str = ""
    configuration: str = ""
    tries: int = 0
    failing_since: datetime | None = None
    failed_at: datetime | None = None
    error_code: str = ""
    error: str = ""
    feedback: str = ""
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str = ""
    reason: str = ""
    revision: int = 0
    policy_revision: int = 0
    ending: str = ""
    merged_into: str = ""
    assigned_to: str = ""

    @property
    def sort(self) -> RecordSort:
        """What the record is."""
        return sort_of(self.task)

    @property
    def idempotency_key(self) -> str:
        """The same at every try of this episode."""
        return idempotency_key(self.target, self.task, self.episode)


def idempotency_key(target: str, task: str, episode: int) -> str:
    """Name an episode at its target. The number stays readable, so that a lost ledger can be rebuilt from it."""
    return f"{digest(target, task)}-{episode}"


def is_subscription(task: str) -> bool:
    """Whether a key is a registration's (`contracts.snapshot.subscription_key`)."""
    return sort_of(task) is RecordSort.SUBSCRIPTION


def episode_of(key: str) -> int | None:
    """Read the episode's number from an idempotency key; None where it is none of ours."""
    _, separator, number = key.rpartition("-")
    return int(number) if separator and number.isdecimal() else None
