"""What a verdict says of the time at which it changes."""

from datetime import timedelta

from contracts.clock import INGRESS, Clock
from contracts.snapshot import Kind, SubjectType
from streams.detection.finding import Found, Verdict
from streams.engine.stage import Wake
from tests.streams.way import START, hours


def test_a_deadline_says_on_whom_it_rests() -> None:
    found = Found(Kind.LATE, SubjectType.ORDER, "SO1", hours(2))
    rests_on = (INGRESS,)
    early = Clock(START, {INGRESS: START})
    assert Verdict.at(hours(2), rests_on, early, found) == Verdict(wakes=(Wake(hours(2), rests_on),))
    deaf = Clock(hours(3), {INGRESS: hours(2) - timedelta(seconds=1)})
    assert Verdict.at(hours(2), rests_on, deaf, found) == Verdict(wakes=(Wake(hours(2), rests_on),))
    assert Verdict.at(hours(2), rests_on, Clock(hours(3), {INGRESS: hours(2)}), found) == Verdict((found,))
