"""Claims: whose is a tracking number, and when."""

from datetime import datetime, timedelta

import msgspec

from streams.stages.uses import Use, claims
from tests.streams.way import ERP, hours

Span = tuple[datetime | None, datetime | None]


def use(order: str, day: float, *, linked: bool = True, document: str = "GI1") -> Use:
    """A use of the number, despatched on a day."""
    return Use(ERP, order, document, hours(0), "", "yuantong", hours(24 * day), linked)


def spans(*uses: Use) -> dict[str, Span | None]:
    """The span that each order is given; None where it has none."""
    told = claims("YT1", uses).values()
    return {claim.order: (claim.since, claim.until) if claim.linked else None for claim in told}


def test_the_only_use_has_the_number_from_two_months_before_its_despatch_on() -> None:
    assert spans(use("SO1", 100)) == {"SO1": (hours(24 * 40), None)}


def test_orders_that_left_within_sixty_days_share_the_parcel() -> None:
    shared = spans(use("SO1", 100), use("SO2", 160))
    assert shared["SO1"] == shared["SO2"] == (hours(24 * 40), None)


def test_a_later_use_ends_the_claim_of_an_earlier_one() -> None:
    boundary = hours(24 * 161) - timedelta(days=7)
    assert spans(use("SO1", 100), use("SO2", 161)) == {
        "SO1": (hours(24 * 40), boundary),
        "SO2": (boundary, None),
    }


def test_a_recycled_number_may_come_back_to_the_same_order_by_another_document() -> None:
    told = spans(use("SO1", 100), use("SO1", 200, document="GI2"))
    assert told == {"SO1": (hours(24 * 193), None)}


def test_an_unlinked_use_claims_nothing_and_ends_nobody_elses_claim() -> None:
    assert spans(use("SO1", 100), use("SO2", 161, linked=False)) == {"SO1": (hours(24 * 40), None), "SO2": None}


def test_of_two_documents_that_put_an_order_into_one_parcel_the_first_to_leave_names_its_carrier() -> None:
    early, late = use("SO1", 100), use("SO1", 110, document="GI2")
    told = claims("YT1", [msgspec.structs.replace(late, carrier="shunfeng"), early])
    [claim] = told.values()
    assert (claim.document, claim.carrier) == ("GI1", "yuantong")
