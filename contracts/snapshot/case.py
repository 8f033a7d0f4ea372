"""An after-sales case as people look at it, and what happened, step by step."""

from enum import StrEnum

from contracts.model import Contract
from contracts.moment import Instant
from contracts.snapshot.finding import Severity


class CaseState(StrEnum):
    """How far an after-sales case is, in the order in which it goes on."""

    REPORTED = "reported"
    REOPENED = "reopened"
    CLASSIFIED = "classified"
    ASSIGNED = "assigned"
    RESPONDED = "responded"
    SOLVED = "solved"
    VERIFIED = "verified"
    CLOSED = "closed"


class TimelineEntry(Contract):
    """One thing that happened, oldest first. what: a status, a document's state, an answer or an operator's action.

    text: the sender's own words. by: who did it, where a person did. id: an operator's action's, which undoes it.
    """

    at: Instant
    what: str
    subject: str = ""
    text: str = ""
    location: str = ""
    by: str = ""
    id: str = ""


class CaseView(Contract):
    """One after-sales case, each step with its latest instant; those before it was reopened last no longer count.

    timeline: in the case's own snapshot alone; an order's timeline tells of its cases.
    """

    account: str
    case: str
    state: CaseState
    withdrawn: bool = False
    order: str = ""
    line: str = ""
    product: str = ""
    title: str = ""
    severity: Severity | None = None
    assigned_to: str = ""
    reported: Instant
    classified: Instant | None = None
    assigned: Instant | None = None
    responded: Instant | None = None
    solved: Instant | None = None
    verified: Instant | None = None
    closed: Instant | None = None
    reopened: tuple[Instant, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
