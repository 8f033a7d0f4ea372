"""What a stage cannot take fails the test that walks its way, unless the test expects it."""

import re

import pytest

from contracts.clock import Clock
from contracts.identity import order_key
from contracts.policy import Policy
from streams.delivery.facts import Delivery
from streams.delivery.fold import Folded, fold
from streams.stages import deliver
from tests.streams.way import ERP, START, Way, hours, order

KEY = re.escape(repr(order_key(ERP, "SO1").decode()))
NAMELESS = order().model_copy(update={"document": ""})


@pytest.fixture
def failing_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fold that fails from the second day on, whatever it is told."""

    def fails(delivery: Delivery, clock: Clock, policy: Policy) -> Folded:
        if clock.now >= hours(24):
            raise ZeroDivisionError
        return fold(delivery, clock, policy)

    monkeypatch.setattr(deliver, "fold", fails)


def test_a_refused_event_fails_by_stage_and_reason() -> None:
    way = Way()
    way.tell(NAMELESS, START)
    with pytest.raises(AssertionError, match=re.escape("normalise dead-lettered (invalid) ") + r".*\$\.document"):
        way.hear(START)


@pytest.mark.usefixtures("failing_later")
def test_a_step_that_raises_fails_by_stage_key_and_place() -> None:
    way = Way()
    way.hear(hours(25))
    way.tell(order(), hours(25))
    with pytest.raises(AssertionError, match=rf"deliver dead-lettered \(bug\) {KEY}: ZeroDivisionError in "):
        way.hear(hours(25))


@pytest.mark.usefixtures("failing_later")
def test_a_deadline_that_fails_fails_though_no_event_is_dead_lettered() -> None:
    way = Way()
    way.tell(order(), START)
    way.hear(START)
    with pytest.raises(AssertionError, match=rf"deliver quarantined {KEY}: ZeroDivisionError in "):
        way.hear(hours(24 * 5))


def test_what_is_expected_is_given_and_must_come() -> None:
    way = Way()
    way.tell(NAMELESS, START)
    with way.refusing("invalid") as refused:
        way.hear(START)
    assert [(one.stage, one.code) for one in refused] == [("normalise", "invalid")]
    way.hear(hours(1))
    with pytest.raises(AssertionError, match="nothing was refused"), way.refusing("invalid"):
        way.hear(hours(2))
    way.tell(NAMELESS, hours(3))
    with pytest.raises(AssertionError, match=r"normalise dead-lettered \(invalid\)"), way.refusing("bad_json"):
        way.hear(hours(3))
