"""The cases that go wrong in the field, each among drawn others: the order of arrival leaves no trace in them either.

`test_arrival_order` draws from all inputs, so that any one case may be rare. Here each case is in every example.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.documents import Conditions, Range
from contracts.model import Contract
from contracts.snapshot import Kind, ParcelView, Snapshot
from contracts.tracking import TrackingStatus
from tests.properties import examples
from tests.properties.test_arrival_order import END, RECYCLED, Told, answered, happened, inputs, undisturbed
from tests.streams.way import Way, hours, issue, measured, order, proof, report

Answer = dict[tuple[str, str], Snapshot]
PICKED_UP = (hours(3), TrackingStatus.PICKED_UP)
IN_TRANSIT = (hours(9), TrackingStatus.IN_TRANSIT)
DELIVERED = (hours(31), TrackingStatus.DELIVERED)


class Case(NamedTuple):
    """What is told, whether the answer shows that the case was met, and when that is asked."""

    told: list[Told]
    is_met: Callable[[Answer], bool]
    asked: datetime = hours(24 * 30)


def told(*events: Contract, later: float = 0.5) -> list[Told]:
    return [Told(event, happened(event) + timedelta(hours=later)) for event in events]


def parcels(answer: Answer, number: str) -> dict[str, ParcelView]:
    view = answer["order", number].view
    return {} if view is None else {parcel.number: parcel for parcel in view.parcels}


def status(answer: Answer, number: str, parcel: str) -> TrackingStatus | None:
    return parcels(answer, number)[parcel].status


def timeline(answer: Answer, number: str, parcel: str) -> list[str]:
    view = answer["order", number].view
    return [] if view is None else [entry.what for entry in view.timeline if entry.subject == parcel]


def kinds(answer: Answer, number: str) -> dict[Kind, datetime]:
    return {finding.kind: finding.since for finding in answer["order", number].findings}


def late_link() -> Case:
    """The parcel is reported, and delivered, days before a document names it."""
    named = Told(issue("GI1", {"SO1": 10}, at=hours(2)), hours(24 * 5))
    return Case(
        [*told(order("SO1"), report("YT1", PICKED_UP, DELIVERED)), named],
        lambda answer: status(answer, "SO1", "YT1") is TrackingStatus.DELIVERED and ("parcel", "YT1") not in answer,
    )


def recycled_number() -> Case:
    """Three months later the carrier gives the number to another order's parcel."""
    again = (hours(RECYCLED + 3), TrackingStatus.PICKED_UP)
    return Case(
        told(
            order("SO1"),
            order("SO2"),
            issue("GI1", {"SO1": 10}, at=hours(2)),
            issue("GI2", {"SO2": 10}, at=hours(RECYCLED), version=hours(RECYCLED)),
            report("YT1", PICKED_UP, DELIVERED),
            report("YT1", again),
        ),
        lambda answer: (
            [status(answer, "SO1", "YT1"), status(answer, "SO2", "YT1")]
            == [TrackingStatus.DELIVERED, TrackingStatus.PICKED_UP]
        ),
        END,
    )


def one_parcel_for_two_orders() -> Case:
    return Case(
        told(
            order("SO1"),
            order("SO2"),
            issue("GI1", {"SO1": 10, "SO2": 10}, at=hours(2)),
            report("YT1", PICKED_UP, DELIVERED),
        ),
        lambda answer: {status(answer, number, "YT1") for number in ("SO1", "SO2")} == {TrackingStatus.DELIVERED},
    )


def two_parcels_for_one_order() -> Case:
    return Case(
        told(
            order("SO1"),
            issue("GI1", {"SO1": 10}, numbers=("YT1", "YT2"), at=hours(2)),
            report("YT1", PICKED_UP, DELIVERED),
            report("YT2", PICKED_UP, IN_TRANSIT),
        ),
        lambda answer: (
            [status(answer, "SO1", number) for number in ("YT1", "YT2")]
            == [TrackingStatus.DELIVERED, TrackingStatus.IN_TRANSIT]
            and Kind.LATE in kinds(answer, "SO1")
        ),
    )


def corrected_tracking_number() -> Case:
    """The despatch note named a wrong number, which is somebody else's parcel."""
    return Case(
        told(
            order("SO1"),
            issue("GI1", {"SO1": 10}, numbers=("YT2",), at=hours(2)),
            issue("GI1", {"SO1": 10}, numbers=("YT1",), at=hours(2), version=hours(5)),
            report("YT1", PICKED_UP, IN_TRANSIT),
            report("YT2", PICKED_UP, DELIVERED),
        ),
        lambda answer: (
            list(parcels(answer, "SO1")) == ["YT1"]
            and Kind.LATE in kinds(answer, "SO1")
            and answer["parcel", "YT2"].findings[0].kind is Kind.ORPHAN_TRACKING
        ),
    )


def a_version_that_drops_a_parcel() -> Case:
    """And a third that changes something else: the parcel waits since the second."""
    return Case(
        told(
            order("SO1"),
            issue("GI1", {"SO1": 10}, numbers=("YT1", "YT2"), at=hours(2)),
            issue("GI1", {"SO1": 10}, numbers=("YT1",), at=hours(2), version=hours(40)),
            issue("GI1", {"SO1": 9}, numbers=("YT1",), at=hours(2), version=hours(50)),
            report("YT1", PICKED_UP, DELIVERED),
            report("YT2", PICKED_UP),
        ),
        lambda answer: (
            list(parcels(answer, "SO1")) == ["YT1"]
            and answer["parcel", "YT2"].findings[0].since == hours(40) + timedelta(hours=24)
        ),
    )


def a_version_that_drops_an_order() -> Case:
    """And a third that changes something else: the order is short since the second."""
    return Case(
        told(
            order("SO1"),
            order("SO2"),
            issue("GI1", {"SO1": 8}, at=hours(2)),
            issue("GI2", {"SO1": 2, "SO2": 10}, numbers=("YT2",), at=hours(3)),
            issue("GI2", {"SO2": 10}, numbers=("YT2",), at=hours(3), version=hours(40)),
            issue("GI2", {"SO2": 9}, numbers=("YT2",), at=hours(3), version=hours(50)),
            report("YT2", PICKED_UP, DELIVERED),
        ),
        lambda answer: (
            kinds(answer, "SO1").get(Kind.UNDER_DESPATCHED) == hours(40) + timedelta(minutes=30)
            and list(parcels(answer, "SO1")) == ["YT1"]
            and list(parcels(answer, "SO2")) == ["YT2"]
        ),
    )


def truncated_snapshot() -> Case:
    """The carrier tells only its newest scans: what is older than its oldest is not withdrawn."""
    return Case(
        told(
            order("SO1"),
            issue("GI1", {"SO1": 10}, at=hours(2)),
            report("YT1", PICKED_UP, IN_TRANSIT),
            report("YT1", IN_TRANSIT, DELIVERED),
        ),
        lambda answer: timeline(answer, "SO1", "YT1")[-3:] == ["picked_up", "in_transit", "delivered"],
    )


def stale_snapshot() -> Case:
    """An older snapshot arrives after the one that corrected it: it brings back nothing."""
    wrong = (hours(20), TrackingStatus.DELIVERED)
    return Case(
        [
            *told(order("SO1"), issue("GI1", {"SO1": 10}, at=hours(2))),
            Told(report("YT1", PICKED_UP, (hours(30), TrackingStatus.DELIVERY_ATTEMPTED)), hours(30.5)),
            Told(report("YT1", PICKED_UP, wrong), hours(60)),
        ],
        lambda answer: status(answer, "SO1", "YT1") is TrackingStatus.DELIVERY_ATTEMPTED,
    )


def goods_too_warm() -> Case:
    """Two uploads of one logger, the later one first, before a document says that the parcel must be cold."""
    warm = measured(*[(hours(3) + timedelta(minutes=10 * place), 9.5) for place in range(4)])
    cold = measured((hours(4), 5.0), (hours(4.2), 5.0))
    cooled = issue("GI1", {"SO1": 10}, at=hours(2), conditions=Conditions(temperature=Range(high=Decimal(8))))
    return Case(
        [*told(order("SO1"), report("YT1", PICKED_UP, DELIVERED)), *told(cold, warm), *told(cooled, later=9)],
        lambda answer: kinds(answer, "SO1").get(Kind.CONDITION_BREACH) == hours(3),
    )


def signed_for_without_a_scan() -> Case:
    """The first version of the proof was wrong, and the carrier's scan of the delivery never came."""
    wrong = proof(hours(20), version=hours(20))
    return Case(
        told(
            order("SO1"),
            issue("GI1", {"SO1": 10}, at=hours(2)),
            report("YT1", PICKED_UP, IN_TRANSIT),
            wrong,
            proof(hours(31), version=hours(40)),
        ),
        lambda answer: parcels(answer, "SO1")["YT1"].delivered_at == hours(31),
    )


CASES = [
    goods_too_warm,
    signed_for_without_a_scan,
    late_link,
    recycled_number,
    one_parcel_for_two_orders,
    two_parcels_for_one_order,
    corrected_tracking_number,
    a_version_that_drops_a_parcel,
    a_version_that_drops_an_order,
    truncated_snapshot,
    stale_snapshot,
]


@pytest.mark.parametrize("case", CASES)
def test_the_case_is_met_when_all_is_told_in_time(case: Callable[[], Case]) -> None:
    """Else the property below would hold of something else."""
    told, is_met, asked = case()
    assert is_met(answered(undisturbed(told, asked)))


@pytest.mark.parametrize("case", CASES)
@examples(4)
@given(among=inputs(), data=st.data())
def test_in_any_order_and_repeated_the_case_gives_the_same_answer(
    case: Callable[[], Case], among: list[Told], data: st.DataObject
) -> None:
    """Told alone it is still met; among others, which may change the answer, no order changes it."""
    case_alone, is_met, asked = case()
    for everything, end in ((case_alone, asked), ([*case_alone, *among], END)):
        repeated = data.draw(st.lists(st.sampled_from(everything), max_size=3), label="repeated")
        later = [Told(one.event, one.received_at + timedelta(hours=7)) for one in repeated]
        interleaving = data.draw(st.randoms(use_true_random=False), label="interleaving")
        way = Way(partitions=data.draw(st.integers(1, 3), label="partitions"), choose=interleaving.randrange)
        for one in data.draw(st.permutations([*everything, *later]), label="shuffled"):
            way.tell(*one)
        way.hear(end)
        assert answered(way) == answered(undisturbed(everything, end))
        if everything is case_alone:
            assert is_met(answered(way))
