"""From when a line is late, and on whose word that rests: what other findings of delay give way to."""

from datetime import datetime

from contracts.clock import Clock
from contracts.policy import Policy
from streams.delivery.case import Case
from streams.delivery.lines import Line
from streams.delivery.plan import is_fetched
from streams.delivery.quantities import released
from streams.delivery.schedule import Part
from streams.engine.stage import Wake


def rests_on(case: Case, line: Line) -> tuple[str, ...]:
    """Whether a line was delivered the carriers tell; whether it has left at all, the ERP."""
    if line.is_wholly_despatched:
        return case.hears_carriers
    return tuple(dict.fromkeys((*case.hears_carriers, case.hears_erp)))


def heard_until(case: Case, line: Line, clock: Clock) -> datetime:
    """Up to when all was heard that may say that a line was delivered."""
    return min(clock.now, clock.heard_all(rests_on(case, line)))


def late_from(part: Part, policy: Policy) -> datetime:
    """From when a part is late."""
    return part.promised.closes + policy.late.grace


def until_closed(case: Case, line: Line, part: Part) -> Wake:
    """When a part's window closes: what is seen coming before gives way to what is so then."""
    return Wake(part.promised.closes, rests_on(case, line))


def is_ready_to_be_fetched(case: Case, line: Line) -> bool:
    """Whether all that is missing of a line is picked, and the customer is to fetch it."""
    return is_fetched(case) and line.closed_at is None and released(line) >= line.view.ordered.value
