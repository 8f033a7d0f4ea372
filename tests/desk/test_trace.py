"""What `quayside trace` writes of what it found; that it finds it is shown in tests/streams/tracing."""

from typer.testing import CliRunner

from contracts.clock import INGRESS, poller_source
from contracts.envelope import Origin
from contracts.snapshot import Finding, Kind, Severity, SubjectType
from desk.cli import app
from desk.commands import trace
from streams.tracing.outcome import Fate, Outcome
from streams.tracing.trace import Step, Traced, TracedOrder
from tests.streams.way import ERP, START, Way, hours, order

ORIGIN = Origin("inbound", 0, 7)


def test_an_input_is_told_with_all_that_came_of_it_and_its_one_fate_last() -> None:
    superseded = Fate(Outcome.SUPERSEDED, "a newer version counts")
    place = Origin("documents", 1, 3)
    step = Step("quayside.order.changed.v1", "factory/order/SO1", "documents", place, superseded)
    assert list(trace._told(Traced(ORIGIN, "tryton/factory", START, superseded, (step,)))) == [
        "inbound/0/7  from tryton/factory, received 2026-03-02 00:00:00 UTC",
        "  quayside.order.changed.v1  factory/order/SO1  at documents (documents/1/3)",
        "    => superseded: a newer version counts",
        "=> superseded: a newer version counts",
    ]


def test_an_order_is_told_with_what_holds_why_it_rests_and_whence_it_is_known() -> None:
    way = Way()
    way.tell(order(), START)
    way.hear(hours(65), (INGRESS, poller_source(ERP)))
    resting = Finding(
        kind=Kind.QUARANTINED,
        subject_type=SubjectType.DOCUMENT,
        subject="deliver factory/SO1",
        since=hours(64),
        severity=Severity.MAJOR,
    )
    told = (START, "quayside.document.slice.v1", ORIGIN)
    assert list(trace._told_order(TracedOrder(way.order(), (told,), (resting,)))) == [
        "Order SO1 of factory: confirmed",
        "  2026-03-02 00:00 UTC  ordered  SO1",
        "  found: late of SO1 since 2026-03-04 16:00 UTC",
        "  found: quarantined of deliver factory/SO1 since 2026-03-04 16:00 UTC",
        "  wanted: late for logistics, due 2026-03-04 20:00 UTC",
        "Told by:",
        "  2026-03-02 00:00:00 UTC  quayside.document.slice.v1  inbound/0/7",
    ]


def test_its_help_says_which_fates_there_are() -> None:
    told = " ".join(CliRunner().invoke(app, ["trace", "--help"]).output.split())
    assert "applied, duplicate, superseded, waiting, dead-lettered" in told
    assert "TOPIC/PARTITION/OFFSET, or an order's number" in told
