"""Deliver: what one fact makes the stage write, beside what the whole way shows (`test_way`)."""

from contracts.clock import INGRESS, Clock, poller_source
from contracts.envelope import Envelope, Event, Origin
from contracts.events import TYPE_OF
from contracts.exchange import DocumentSlice
from contracts.identity import order_key
from contracts.model import read
from contracts.policy import KindPolicy, Policy
from contracts.snapshot import Snapshot
from streams.stages.deliver import step
from tests.streams.way import ERP, POLICY, START, hours, order


def told(version: float = 0) -> Event:
    """The slice of an order's only document, of one version."""
    whole = order(version=hours(version))
    piece = DocumentSlice(
        account=ERP, order="SO1", kind="order", document="SO1", version=hours(version), order_document=whole
    )
    envelope = Envelope("1", TYPE_OF[DocumentSlice], "test", START, START)
    return Event(order_key(ERP, "SO1"), piece.encode(), Origin("deliveries", 0, 0), envelope.headers())


def clock(now: float) -> Clock:
    return Clock(hours(now), dict.fromkeys((INGRESS, poller_source(ERP)), hours(now)))


def test_the_same_fact_again_writes_nothing_and_arms_the_same() -> None:
    first = step(None, told(), clock(1), POLICY)
    again = step(first.state, told(), clock(2), POLICY)
    assert (len(first.outputs), again.outputs) == (1, ())
    assert (again.state, again.wake_at) == (first.state, first.wake_at)


def test_a_fact_that_is_known_is_told_again_where_the_policy_has_changed_since() -> None:
    """Else the change would never be told: the key counts as folded by the new policy, and no deadline is left."""
    before = step(None, told(), clock(65), Policy(pollers=(ERP,), late=KindPolicy(enabled=False)))
    assert before.wake_at == ()
    after = step(before.state, told(), clock(66), Policy(pollers=(ERP,), revision=2))
    [output] = after.outputs
    assert [finding.kind for finding in read(Snapshot, output.data).findings] == ["late"]
