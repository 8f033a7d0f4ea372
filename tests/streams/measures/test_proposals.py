"""What is proposed about carriers, and how certain it must be."""

import pytest
from pydantic import ValidationError

from contracts.lane import LegOutcome
from contracts.policy import AtLeast, AtMost, Policy
from streams.measures.carriers import Part, scorecard
from streams.measures.definitions import Rate
from streams.measures.proposals import Proposal, Step, certainly, proposals
from tests.streams.measures.test_carriers import EXPRESS, leg

POLICY = Policy()
BERLIN = EXPRESS.model_copy(update={"destination": "DE-BE"})


def proposed(good: int, lost: int, **elsewhere: int) -> list[Proposal]:
    legs = [leg(f"G{count}") for count in range(good)]
    legs += [leg(f"L{count}", outcome=LegOutcome.LOST) for count in range(lost)]
    legs += [leg(f"B{count}", lane=BERLIN) for count in range(elsewhere.get("berlin", 0))]
    return proposals(scorecard(legs, POLICY), POLICY)


def test_one_lost_parcel_of_twenty_is_talked_about_and_may_be_bad_luck() -> None:
    assert [one.step for one in proposed(19, 1)] == [Step.REVIEW]


def test_a_carrier_that_surely_loses_too_much_is_to_be_suspended() -> None:
    [suspended] = proposed(90, 10)
    assert (suspended.step, suspended.part) == (Step.SUSPEND, Part("yto"))
    lost = next(one for one in suspended.because if one.measure == "lost")
    assert (str(lost.found), lost.total, lost.limit) == ("10.0", 100, 1.0)


def test_one_bad_lane_of_a_good_carrier_is_suspended_alone() -> None:
    found = proposed(90, 10, berlin=3000)
    suspended = [one.part for one in found if one.step is Step.SUSPEND]
    assert suspended == [Part("yto", "express", ("CN-ZJ", "DE-BY"))]


def test_what_is_suspended_needs_no_talk_as_well() -> None:
    assert [one.step for one in proposed(90, 10)] == [Step.SUSPEND]


def test_a_miss_without_a_suspension_is_talked_about() -> None:
    legs = [leg(f"YT{count}", late_scans=2) for count in range(30)]
    [review] = proposals(scorecard(legs, POLICY), POLICY)
    assert (review.step, [one.measure for one in review.because]) == (Step.REVIEW, ["told_late"])


def test_too_few_legs_propose_nothing() -> None:
    assert proposed(0, POLICY.carrier_evaluation.enough - 1) == []
    assert proposed(0, POLICY.carrier_evaluation.enough) != []


def test_lateness_counts_against_the_better_end_of_its_interval() -> None:
    legs = [leg(f"YT{count}", took=30 if count % 5 else 60) for count in range(100)]
    [found] = proposals(scorecard(legs, POLICY), POLICY)
    assert (found.step, [one.measure for one in found.because]) == (Step.REVIEW, ["on_time"])


@pytest.mark.parametrize(
    ("rate", "low", "high"),
    # Reckoned by hand: for 4 of 20, (0.2 + 3.8415/40 -+ 1.96 * sqrt(0.16/20 + 3.8415/1600)) / (1 + 3.8415/20).
    [(Rate(4, 20), 8.07, 41.60), (Rate(0, 20), 0.0, 16.11), (Rate(20, 20), 83.89, 100.0)],
)
def test_the_interval_is_wilsons(rate: Rate, low: float, high: float) -> None:
    assert certainly(rate) == pytest.approx((low, high), abs=0.01)


def test_of_nothing_nothing_is_certain() -> None:
    with pytest.raises(ValueError, match="share of nothing"):
        certainly(Rate(0, 0))


def test_a_limit_for_suspension_is_worse_than_one_for_a_talk() -> None:
    with pytest.raises(ValidationError, match="smaller share"):
        AtLeast(review=90, suspend=95)
    with pytest.raises(ValidationError, match="larger share"):
        AtMost(review=2, suspend=1)
