"""A key whose processing fails again and again rests, and somebody is told, though its fold is what fails."""

import dataclasses

import pytest

from contracts.clock import Clock
from contracts.policy import Policy, QuarantinePolicy
from contracts.snapshot import Kind, Role
from streams.delivery.facts import Delivery
from streams.delivery.fold import Folded, fold
from streams.stages import deliver
from tests.streams.way import ERP, START, Way, hours, order


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A fold that fails for one order, once ten of something were ordered."""

    def fails(delivery: Delivery, clock: Clock, policy: Policy) -> Folded:
        document = delivery.order_document()
        if document is not None and document.lines[0].ordered.value > 10:
            raise ZeroDivisionError
        return fold(delivery, clock, policy)

    monkeypatch.setattr(deliver, "fold", fails)
    return monkeypatch


def fail_three_times(way: Way) -> None:
    """An order that is known, three changes that cannot be folded, one that must wait."""
    way.tell(order(), START)
    for count in range(1, 5):
        way.tell(order(ordered=10 + count, version=hours(count), agreed=True), hours(count))
    with way.refusing("bug", "bug", "bug", "quarantined"):
        way.hear(hours(5))


@pytest.mark.usefixtures("broken")
def test_it_is_told_to_operations_and_the_orders_last_snapshot_stands() -> None:
    way = Way()
    fail_three_times(way)
    [resting] = way.findings()
    assert (resting.kind, resting.subject) == (Kind.QUARANTINED, "deliver factory/SO1")
    assert resting.details["error"].startswith("ZeroDivisionError in ")
    [task] = way.tasks()
    assert task.role is Role.OPERATIONS
    view = way.order().view
    assert view is not None
    assert str(view.lines[0].ordered) == "10 C62"
    assert way.replay.counts["deliver"]["waiting"] == 1


def test_a_mended_version_takes_what_waited_and_closes_the_task(broken: pytest.MonkeyPatch) -> None:
    way = Way()
    fail_three_times(way)
    broken.setattr(deliver, "fold", fold)
    way.replay.restart(dataclasses.replace(deliver.STAGE, version=deliver.STAGE.version + 1))
    way.hear(hours(6))
    assert (way.tasks(), way.findings()) == ([], [])
    view = way.order().view
    assert view is not None
    assert str(view.lines[0].ordered) == "14 C62"


@pytest.mark.usefixtures("broken")
def test_a_policy_that_has_it_off_tells_nobody() -> None:
    way = Way(Policy(pollers=(ERP,), quarantined=QuarantinePolicy(enabled=False)))
    fail_three_times(way)
    assert (way.tasks(), way.findings()) == ([], [])
