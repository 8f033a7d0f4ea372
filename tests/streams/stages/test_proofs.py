"""A proof of delivery on its way, and what it makes of a parcel."""

from collections.abc import Iterable
from datetime import datetime

import pytest

from contracts.documents import DeliveryMethod, Transport
from contracts.model import Contract
from contracts.moment import Moment, Precision
from contracts.proof import ProofOfDelivery
from contracts.snapshot import DeliveryStatus, ParcelView, View
from contracts.tracking import Coverage, TrackingStatus
from tests.streams.way import Way, hours, issue, order, proof, report

PICKED_UP = (hours(3), TrackingStatus.PICKED_UP)
SIGNED = proof(hours(30))


def parcel(*told: Contract | tuple[Contract, datetime]) -> ParcelView:
    """The parcel of an order that was despatched in it, after all that is told."""
    way = played(told)
    view = way.order().view
    assert view is not None
    return view.parcels[0]


def played(told: Iterable[Contract | tuple[Contract, datetime]]) -> Way:
    way = Way()
    way.tell(order(), hours(0))
    way.tell(issue(at=hours(2)), hours(2))
    for one in told:
        event, received_at = one if isinstance(one, tuple) else (one, hours(39))
        way.tell(event, received_at)
    way.hear(hours(40))
    return way


def test_a_proof_makes_a_parcel_delivered_that_no_scan_says_so_of() -> None:
    way = played([report("YT1", PICKED_UP), SIGNED])
    view = way.order().view
    assert view is not None
    assert view.status is DeliveryStatus.DELIVERED
    [found] = view.parcels
    assert (found.status, found.delivered_at) == (TrackingStatus.DELIVERED, hours(30))
    assert (found.signed_by, found.proof) == ("Wang Fang", "POD1")
    [entry] = [entry for entry in view.timeline if entry.what == "proof_of_delivery"]
    assert (entry.at, entry.subject, entry.text, entry.location) == (hours(30), "YT1", "Wang Fang POD1", "Ningbo")


def test_where_the_carrier_scanned_the_delivery_its_instant_stays_and_the_signature_is_shown() -> None:
    found = parcel(report("YT1", PICKED_UP, (hours(29), TrackingStatus.DELIVERED)), SIGNED)
    assert (found.delivered_at, found.signed_by) == (hours(29), "Wang Fang")


def test_a_scan_that_is_merely_late_does_not_undo_a_proof_and_a_return_does() -> None:
    late = report("YT1", PICKED_UP, (hours(31), TrackingStatus.IN_TRANSIT))
    assert parcel(late, SIGNED).status is TrackingStatus.DELIVERED
    back = parcel(report("YT1", PICKED_UP, (hours(31), TrackingStatus.RETURNING)), SIGNED)
    assert (back.status, back.delivered_at) == (TrackingStatus.RETURNING, hours(30))


def test_what_the_shipper_signs_for_on_the_way_back_is_returned() -> None:
    found = parcel(report("YT1", PICKED_UP, (hours(20), TrackingStatus.RETURNING)), SIGNED)
    assert (found.status, found.delivered_at) == (TrackingStatus.RETURNED, None)


def test_that_a_carrier_withdraws_its_scan_does_not_undo_a_signature() -> None:
    wrong = report("YT1", PICKED_UP, (hours(29), TrackingStatus.DELIVERED))
    corrected = report("YT1", PICKED_UP, (hours(31), TrackingStatus.DELIVERY_ATTEMPTED))
    found = parcel((wrong, hours(30)), (corrected, hours(32)), SIGNED)
    assert (found.status, found.delivered_at) == (TrackingStatus.DELIVERED, hours(30))


@pytest.mark.parametrize("newer_first", [True, False])
def test_a_newer_version_corrects_a_proof_and_a_withdrawn_one_proves_nothing(*, newer_first: bool) -> None:
    corrected = proof(hours(26), version=hours(33))
    withdrawn = proof(hours(30), version=hours(35), withdrawn=True)
    for newest, delivered_at in ((corrected, hours(26)), (withdrawn, None)):
        told = [newest, SIGNED] if newer_first else [SIGNED, newest]
        assert parcel(report("YT1", PICKED_UP), *told).delivered_at == delivered_at


def test_a_proof_of_another_life_of_the_number_counts_for_nothing() -> None:
    assert parcel(proof(hours(-24 * 70), version=hours(1))).delivered_at is None


def test_a_proof_that_names_the_order_alone_is_of_each_parcel_that_had_left() -> None:
    way = Way()
    way.tell(order(), hours(0))
    way.tell(issue("GI1", {"SO1": 5}, at=hours(2)), hours(2))
    way.tell(issue("GI2", {"SO1": 5}, numbers=("YT2",), at=hours(31), version=hours(31)), hours(31))
    way.tell(proof(hours(30), number="", order="SO1"), hours(32))
    way.hear(hours(40))
    view = way.order().view
    assert view is not None
    assert [(one.number, one.delivered_at) for one in view.parcels] == [("YT1", hours(30)), ("YT2", None)]


def test_a_proof_that_names_order_and_parcel_is_of_that_parcel() -> None:
    assert parcel(proof(hours(30), order="SO1")).delivered_at == hours(30)
    assert parcel(proof(hours(30), order="SO1", number="YT2")).delivered_at is None


def test_of_several_signatures_the_first_counts() -> None:
    again = proof(hours(35), proof_id="POD2").model_copy(update={"signed_by": "Li Na"})
    found = parcel(again, SIGNED)
    assert (found.delivered_at, found.signed_by) == (hours(30), "Wang Fang")


def test_a_proof_told_at_once_counts_from_its_own_instant() -> None:
    assert parcel((SIGNED, hours(30.1))).delivered_at == hours(30)


def test_a_proof_dated_into_the_future_counts_from_its_receipt() -> None:
    assert parcel((proof(hours(50)), hours(39))).delivered_at == hours(39)


def test_a_proof_told_before_the_goods_issue_waits_for_it_and_twice_is_once() -> None:
    way = Way()
    way.tell(SIGNED, hours(31))
    way.tell(SIGNED, hours(33))
    way.hear(hours(34))
    way.tell(order(), hours(35))
    way.tell(issue(at=hours(2)), hours(35))
    way.tell(report("YT1", PICKED_UP, coverage=Coverage.INCREMENT), hours(36))
    way.hear(hours(40))
    view = way.order().view
    assert view is not None
    assert view.parcels[0].delivered_at == hours(30)
    assert len([entry for entry in view.timeline if entry.what == "proof_of_delivery"]) == 1


def test_a_proof_names_a_parcel_or_an_order() -> None:
    with pytest.raises(ValueError, match="names a parcel"):
        ProofOfDelivery.model_validate(SIGNED.model_dump() | {"number": ""})


ORDERS_OWN = proof(hours(30), number="", order="SO1")


def untracked(method: DeliveryMethod, transport: Transport | None, *told: Contract) -> View:
    """An order whose goods left at two o'clock without a number, after all that is told."""
    way = Way()
    way.tell(order(method=method), hours(0))
    way.tell(issue(at=hours(2), numbers=()).model_copy(update={"transport": transport}), hours(2))
    for event in told:
        way.tell(event, hours(39))
    way.hear(hours(40))
    view = way.order().view
    assert view is not None
    return view


def delivered(view: View) -> tuple[DeliveryStatus, datetime | None]:
    return view.status, view.lines[0].delivered_at


def test_a_proof_of_goods_without_a_number_delivers_them_and_stands_in_the_timeline() -> None:
    view = untracked(DeliveryMethod.THIRD_PARTY, None, ORDERS_OWN)
    told = [(entry.at, entry.subject, entry.text) for entry in view.timeline if entry.what == "proof_of_delivery"]
    assert told == [(hours(30), "SO1", "Wang Fang POD1")]
    assert delivered(view) == (DeliveryStatus.DELIVERED, hours(30))
    assert delivered(untracked(DeliveryMethod.THIRD_PARTY, None))[0] is DeliveryStatus.DESPATCHED


def test_a_vehicle_of_our_own_has_delivered_when_it_arrived_and_untold_when_somebody_signed() -> None:
    departed = Transport(departed_at=Moment(at=hours(2)))
    arrived = Transport(departed_at=Moment(at=hours(2)), arrived_at=Moment(at=hours(29)))
    own = DeliveryMethod.OWN_FLEET
    assert delivered(untracked(own, departed)) == (DeliveryStatus.DESPATCHED, None)
    assert delivered(untracked(own, departed, ORDERS_OWN)) == (DeliveryStatus.DELIVERED, hours(30))
    assert delivered(untracked(own, arrived, ORDERS_OWN)) == (DeliveryStatus.DELIVERED, hours(29))
    assert delivered(untracked(own, None, ORDERS_OWN)) == (DeliveryStatus.DELIVERED, hours(30))


@pytest.mark.parametrize(
    "no_proof",
    [
        proof(hours(1), number="", order="SO1"),
        proof(hours(30), number="YT9", order="SO1"),
        proof(hours(30), number="", order="SO1", withdrawn=True),
    ],
    ids=["of before they left", "of a parcel that is none of the order's", "withdrawn"],
)
def test_what_is_no_proof_of_these_goods_delivers_none(no_proof: ProofOfDelivery) -> None:
    departed = Transport(departed_at=Moment(at=hours(2)))
    assert delivered(untracked(DeliveryMethod.OWN_FLEET, departed, no_proof))[1] is None


def test_a_signature_dated_by_its_day_is_of_what_left_on_that_day() -> None:
    departed = Transport(departed_at=Moment(at=hours(2)))
    of_the_day = {"delivered": Moment(at=hours(-8), precision=Precision.DATE)}
    signed = proof(hours(-8), number="", order="SO1").model_copy(update=of_the_day)
    assert delivered(untracked(DeliveryMethod.OWN_FLEET, departed, signed))[1] == hours(2), "not before they left"
    day_before = signed.model_copy(update={"delivered": Moment(at=hours(-32), precision=Precision.DATE)})
    assert delivered(untracked(DeliveryMethod.OWN_FLEET, departed, day_before))[1] is None


def test_one_signature_is_of_all_that_had_left_without_a_number_and_of_nothing_that_leaves_later() -> None:
    way = Way()
    way.tell(order(method=DeliveryMethod.OWN_FLEET), hours(0))
    for document, left in (("GI1", 2), ("GI2", 3), ("GI3", 31)):
        transport = Transport(departed_at=Moment(at=hours(left)))
        left_with = issue(document, {"SO1": 3}, at=hours(left), numbers=(), version=hours(left))
        way.tell(left_with.model_copy(update={"transport": transport}), hours(left))
    way.tell(ORDERS_OWN, hours(32))
    way.hear(hours(40))
    view = way.order().view
    assert view is not None
    assert delivered(view)[1] is None, "the third vehicle has not arrived"
