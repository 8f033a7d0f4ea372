"""What each measure means, by the cases in which it could be read in two ways."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from contracts.moment import Window
from contracts.quantity import Quantity
from contracts.snapshot import DeliveryStatus, LineView, ParcelView, Snapshot, View
from contracts.tracking import TrackingStatus
from streams.measures.definitions import (
    Handled,
    Outcome,
    Rate,
    Score,
    failures,
    line_outcome,
    on_time,
    order_outcome,
    otif,
    satisfaction,
    timeliness,
)
from streams.measures.report import By, delivery_report

OPENS = datetime(2026, 3, 3, 23, tzinfo=UTC)
CLOSES = datetime(2026, 3, 4, 23, tzinfo=UTC)
"""The fourth of March in Berlin."""
LATER = CLOSES + timedelta(days=3)
PIECES = Quantity(value=Decimal(10), unit="C62")


def line(
    delivered_at: datetime | None = CLOSES - timedelta(hours=1),
    *,
    in_full: bool | None = True,
    cancelled: bool = False,
    promised: bool = True,
) -> LineView:
    return LineView(
        line="1",
        product="BRG-6204",
        ordered=PIECES,
        despatched=PIECES,
        open=PIECES,
        short=PIECES,
        promised=Window(opens=OPENS, closes=CLOSES, zone="Europe/Berlin") if promised else None,
        delivered_at=delivered_at,
        in_full=in_full,
        cancelled=cancelled,
    )


def view(*lines: LineView, status: DeliveryStatus = DeliveryStatus.DELIVERED, carrier: str = "dhl") -> View:
    parcel = ParcelView(number="1", carrier=carrier, status=TrackingStatus.DELIVERED)
    window = next((one.promised for one in lines if one.promised), None)
    return View(status=status, customer_name="Nordwerk GmbH", lines=lines, parcels=(parcel,), promised=window)


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        pytest.param(line(), Outcome.HIT, id="inside its window and in full"),
        pytest.param(line(OPENS), Outcome.HIT, id="at the first instant of its window"),
        pytest.param(line(CLOSES), Outcome.LATE, id="at the first instant after its window"),
        pytest.param(line(OPENS - timedelta(seconds=1)), Outcome.EARLY, id="early is a bucket of its own"),
        pytest.param(line(in_full=False), Outcome.NOT_IN_FULL, id="beyond tolerance"),
        pytest.param(line(CLOSES, in_full=False), Outcome.LATE, id="late and short is late"),
        pytest.param(line(None, in_full=None), Outcome.MISSED, id="not delivered past due is a miss"),
        pytest.param(line(in_full=None), Outcome.LEFT_OUT, id="not yet to be judged"),
        pytest.param(line(None, cancelled=True), Outcome.LEFT_OUT, id="cancelled"),
        pytest.param(line(promised=False), Outcome.LEFT_OUT, id="nothing promised"),
    ],
)
def test_a_line_counts_once_and_says_why(told: LineView, outcome: Outcome) -> None:
    assert line_outcome(told, LATER) is outcome


def test_a_line_that_is_not_due_is_left_out() -> None:
    assert line_outcome(line(None), CLOSES - timedelta(seconds=1)) is Outcome.LEFT_OUT
    assert line_outcome(line(None), CLOSES) is Outcome.MISSED


def test_an_order_counts_by_its_worst_line_and_waits_while_it_can_go_either_way() -> None:
    assert order_outcome(view(line(), line()), LATER) is Outcome.HIT
    assert order_outcome(view(line(), line(CLOSES)), LATER) is Outcome.LATE
    assert order_outcome(view(line(), line(in_full=None)), LATER) is Outcome.LEFT_OUT
    assert order_outcome(view(line(CLOSES), line(in_full=None)), LATER) is Outcome.LATE
    assert order_outcome(view(line(), line(None, cancelled=True)), LATER) is Outcome.HIT
    assert order_outcome(view(line(), status=DeliveryStatus.CANCELLED), LATER) is Outcome.LEFT_OUT


def test_otif_is_the_share_of_hits_among_what_counts() -> None:
    rate = otif([Outcome.HIT, Outcome.HIT, Outcome.EARLY, Outcome.MISSED, Outcome.LEFT_OUT])
    assert (rate, rate.percent) == (Rate(2, 4), Decimal("50.0"))
    assert otif([Outcome.LEFT_OUT]).percent is None


def test_the_on_time_rate_asks_not_whether_it_was_all() -> None:
    lines = [
        line(in_full=False),
        line(),
        line(CLOSES),
        line(OPENS - timedelta(hours=1)),
        line(None),
        line(promised=False),
    ]
    assert on_time(lines, LATER) == Rate(2, 5)


def test_failures_are_counted_among_what_came_to_an_end() -> None:
    back = view(line()).model_copy(update={"parcels": (ParcelView(number="1", status=TrackingStatus.RETURNED),)})
    open_one = view(line(None), status=DeliveryStatus.IN_TRANSIT)
    assert failures([view(line()), view(line(in_full=False)), back, open_one]) == Rate(2, 3)


def test_a_case_is_handled_in_time_by_answer_and_solution() -> None:
    due, solution = CLOSES, CLOSES + timedelta(days=1)
    kept = Handled(due - timedelta(hours=1), due, solution, solution)
    late_answer = Handled(due + timedelta(hours=1), due, solution, solution)
    unsolved = Handled(due, due, None, solution)
    waiting = Handled(due, due, None, LATER + timedelta(days=1))
    answered_only = Handled(due, due)
    assert timeliness([kept, late_answer, unsolved, waiting, answered_only], LATER) == Rate(2, 4)


def test_satisfaction_is_the_mean_of_shares_of_each_scale() -> None:
    five, ten = Score(Decimal(4), Decimal(1), Decimal(5)), Score(Decimal(5), Decimal(0), Decimal(10))
    assert satisfaction([five, ten]) == Decimal("62.5")
    assert satisfaction([]) is None


def snapshot(order: str, told: View) -> Snapshot:
    return Snapshot(account="factory", scope="order", subject=order, view=told)


def test_a_report_has_a_row_for_each_month_customer_or_carrier() -> None:
    snapshots = [
        snapshot("SO-1", view(line())),
        snapshot("SO-2", view(line(CLOSES), carrier="ups")),
        Snapshot(account="express", scope="parcel", subject="X", view=view(line())),
    ]
    [month] = delivery_report(snapshots, By.MONTH, LATER)
    assert (month.name, month.orders, month.lines, month.on_time, month.failed) == (
        "2026-03",
        Rate(1, 2),
        Rate(1, 2),
        Rate(1, 2),
        Rate(0, 2),
    )
    assert [(row.name, row.orders) for row in delivery_report(snapshots, By.CARRIER, LATER)] == [
        ("dhl", Rate(1, 1)),
        ("ups", Rate(0, 1)),
    ]
    assert [row.name for row in delivery_report(snapshots, By.CUSTOMER, LATER)] == ["Nordwerk GmbH"]
    assert [row.name for row in delivery_report(snapshots, By.ORDER, LATER)] == ["factory/SO-1", "factory/SO-2"]
    assert delivery_report(snapshots, By.MONTH, LATER, month="2026-04") == []
