"""What is measured of carriers, by the cases in which it could be read in two ways."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contracts.lane import Lane, Leg, LegOutcome
from contracts.policy import Policy
from contracts.snapshot import DeliveryStatus, ParcelView, Snapshot, View
from streams.measures.carriers import Measured, Part, scorecard
from streams.measures.definitions import Rate
from streams.measures.legs import legs_of

LEFT = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
EXPRESS = Lane(carrier="yto", service="express", origin="CN-ZJ", destination="DE-BY")
POLICY = Policy()


def leg(number: str = "YT1", took: float = 30, **said: Any) -> Leg:  # noqa: ANN401 - any field of a leg
    told: dict[str, Any] = {
        "lane": EXPRESS,
        "number": number,
        "despatched_at": LEFT,
        "ended_at": LEFT + took * HOUR,
        "outcome": LegOutcome.DELIVERED,
        "due_by": LEFT + 48 * HOUR,
        "silence_hours": 10,
        "scans": 4,
    }
    return Leg.model_validate(told | said)


def measured(*legs: Leg) -> Measured:
    """Measure the carrier as a whole."""
    return scorecard(legs, POLICY)[0]


def test_a_carrier_its_services_and_their_lanes_stand_each_for_itself() -> None:
    road = leg("YT2", lane=EXPRESS.model_copy(update={"service": "road"}))
    berlin = leg("YT3", lane=EXPRESS.model_copy(update={"destination": "DE-BE"}))
    card = scorecard([leg(), road, berlin], POLICY)
    assert [(one.part, one.legs) for one in card] == [
        (Part("yto"), 3),
        (Part("yto", "express"), 2),
        (Part("yto", "express", ("CN-ZJ", "DE-BE")), 1),
        (Part("yto", "express", ("CN-ZJ", "DE-BY")), 1),
        (Part("yto", "road"), 1),
        (Part("yto", "road", ("CN-ZJ", "DE-BY")), 1),
    ]


@pytest.mark.parametrize(
    ("one", "rate"),
    [
        (leg(took=48), Rate(1, 1)),
        (leg(took=48.1), Rate(0, 1)),
        (leg(outcome=LegOutcome.LOST), Rate(0, 1)),
        (leg(outcome=LegOutcome.RETURNED), Rate(0, 1)),
        (leg(due_by=None), Rate(0, 0)),
    ],
)
def test_on_time_is_delivered_by_when_the_carrier_should_have(one: Leg, rate: Rate) -> None:
    assert measured(one).on_time == rate


def test_transit_counts_from_the_pick_up_by_nearest_rank() -> None:
    legs = [leg(f"YT{count}", took=20 + count, picked_up_at=LEFT + 10 * HOUR) for count in range(10)]
    assert measured(*legs).transit == (14, 17, 19)
    assert measured(leg(outcome=LegOutcome.LOST)).transit is None


def test_an_exception_in_somebody_elses_hands_is_not_the_carriers() -> None:
    assert measured(leg(exceptions={"recipient": 2, "customs": 1})).exceptions == Rate(0, 1)
    assert measured(leg(exceptions={"carrier": 1})).exceptions == Rate(1, 1)
    assert measured(leg(exceptions={"unknown": 1})).exceptions == Rate(1, 1)


def test_a_leg_is_silent_beyond_what_the_policy_calls_ordinary() -> None:
    assert measured(leg(silence_hours=48), leg("YT2", silence_hours=48.5)).silent == Rate(1, 2)
    assert measured(leg(silence_hours=None)).silent == Rate(0, 0)
    patient = Policy.model_validate({"stalled": {"carriers": {"yto": "P5D"}}})
    assert scorecard([leg(silence_hours=90)], patient)[0].silent == Rate(0, 1)


def test_data_quality_counts_scans_and_untold_ends_count_legs() -> None:
    card = measured(leg(unknown_codes=1, late_scans=2), leg("YT2", is_scanned=False))
    assert (card.unknown_codes, card.told_late, card.untold) == (Rate(1, 8), Rate(2, 8), Rate(1, 2))


def test_loss_damage_and_returns_are_of_all_legs() -> None:
    card = measured(leg(damaged=True), leg("YT2", outcome=LegOutcome.LOST), leg("YT3", outcome=LegOutcome.RETURNED))
    assert (card.damaged, card.lost, card.returned) == (Rate(1, 3), Rate(1, 3), Rate(1, 3))


def snapshot(order: str, *legs: Leg) -> Snapshot:
    parcels = tuple(ParcelView(number=one.number, leg=one) for one in legs)
    return Snapshot(
        account="factory",
        scope="order",
        subject=order,
        view=View(status=DeliveryStatus.DELIVERED, parcels=(*parcels, ParcelView(number="UNDERWAY"))),
    )


def test_a_parcel_that_two_orders_share_is_one_leg() -> None:
    shared, own = leg("YT1"), leg("YT2", took=20)
    assert legs_of([snapshot("SO1", shared), snapshot("SO2", own, shared)]) == [own, shared]


def test_a_period_includes_its_beginning_and_not_its_end() -> None:
    one = snapshot("SO1", leg(took=24))
    day = LEFT + 24 * HOUR
    assert len(legs_of([one], since=day, until=day + HOUR)) == 1
    assert legs_of([one], until=day) == legs_of([one], since=day + HOUR) == []
