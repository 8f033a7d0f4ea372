"""What becomes of a record that people closed, merged or deleted while it is still wanted, by the account's rule. Pure.

    feedback    it is an answer: told to the order, after which its task rests as its kind says (a status stays closed;
                one that was deleted is written anew)
    reopen      the same record is opened again
    follow      the record into which it was merged stands for it: that one is watched, and never written to
    again       a new record is made at once
    leave       nothing is made in its place as long as the same cause holds; it is told as an answer

A closing that somebody approved is always an answer.
"""

from dataclasses import dataclass
from enum import StrEnum

from contracts.connector import Record
from contracts.settings import TargetAccount


class Ending(StrEnum):
    """How a record ended that we did not end."""

    CLOSED = "closed"
    MERGED = "merged"
    DELETED = "deleted"


class Rule(StrEnum):
    """What is done about it."""

    FEEDBACK = "feedback"
    REOPEN = "reopen"
    FOLLOW = "follow"
    AGAIN = "again"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Endings:
    """The rules of one account."""

    closed: Rule = Rule.FEEDBACK
    merged: Rule = Rule.FEEDBACK
    deleted: Rule = Rule.FEEDBACK

    def rule(self, ending: str) -> Rule:
        """Give the rule for an ending; empty is one of which nobody knows, which was ours or long ago."""
        by = {Ending.CLOSED: self.closed, Ending.MERGED: self.merged, Ending.DELETED: self.deleted}
        return by[Ending(ending)] if ending else Rule.FEEDBACK


ANSWERS = Endings()
"""By these every ending is an answer."""
SOMEBODY = "somebody"
"""Who ended a record that was not ours to end, where the target does not say."""


def endings_of(account: TargetAccount) -> Endings:
    """Read an account's rules."""
    return Endings(Rule(account.when_closed), Rule(account.when_merged), Rule(account.when_deleted))


def ending_of(record: Record) -> Ending:
    """Say how a closed record ended."""
    if record.is_deleted:
        return Ending.DELETED
    return Ending.MERGED if record.merged_into else Ending.CLOSED
