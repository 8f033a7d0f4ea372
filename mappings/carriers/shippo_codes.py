"""Shippo: every `status` and every `substatus.code` of its event definitions.

Source: "Event definitions", https://docs.goshippo.com/docs/tracking/tracking/. `RETURNED` is of a parcel on its way
back as of one that is back, so it says no more than the former.
"""

from types import MappingProxyType

from contracts.tracking import Owner, Reason, TrackingStatus
from mappings.meaning import Meaning

_Status = TrackingStatus

CODES = MappingProxyType(
    {
        "UNKNOWN": Meaning("not found at the carrier", _Status.UNKNOWN),
        "PRE_TRANSIT": Meaning("label created", _Status.REGISTERED),
        "TRANSIT": Meaning("in transit", _Status.IN_TRANSIT),
        "DELIVERED": Meaning("delivered", _Status.DELIVERED),
        "RETURNED": Meaning("on its way back, or back", _Status.RETURNING, returning=True),
        "FAILURE": Meaning("a problem with the delivery", _Status.EXCEPTION, Reason.DELIVERY_FAILED, Owner.CARRIER),
        "information_received": Meaning("information received", _Status.REGISTERED),
        "address_issue": Meaning(
            "wrong address", _Status.EXCEPTION, Reason.WRONG_ADDRESS, Owner.SHIPPER, action_required=True
        ),
        "contact_carrier": Meaning(
            "ask the carrier", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER, action_required=True
        ),
        "delayed": Meaning("delayed", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "delivery_attempted": Meaning(
            "attempted", _Status.DELIVERY_ATTEMPTED, Reason.DELIVERY_FAILED, Owner.CARRIER, action_required=True
        ),
        "delivery_rescheduled": Meaning("rescheduled", _Status.IN_TRANSIT),
        "delivery_scheduled": Meaning("scheduled", _Status.IN_TRANSIT),
        "location_inaccessible": Meaning(
            "no way to the door",
            _Status.DELIVERY_ATTEMPTED,
            Reason.DELIVERY_FAILED,
            Owner.RECIPIENT,
            action_required=True,
        ),
        "notice_left": Meaning(
            "notice left",
            _Status.DELIVERY_ATTEMPTED,
            Reason.RECIPIENT_UNREACHABLE,
            Owner.RECIPIENT,
            action_required=True,
        ),
        "out_for_delivery": Meaning("out for delivery", _Status.OUT_FOR_DELIVERY),
        "package_accepted": Meaning("accepted by the carrier", _Status.PICKED_UP),
        "package_arrived": Meaning("arrived on the way", _Status.IN_TRANSIT),
        "package_damaged": Meaning("damaged", _Status.EXCEPTION, Reason.DAMAGED, Owner.CARRIER, action_required=True),
        "package_departed": Meaning("left a place on the way", _Status.IN_TRANSIT),
        "package_forwarded": Meaning("forwarded", _Status.IN_TRANSIT),
        "package_held": Meaning(
            "held by the carrier", _Status.EXCEPTION, Reason.HELD, Owner.CARRIER, action_required=True
        ),
        "package_processed": Meaning("processed on the way", _Status.IN_TRANSIT),
        "package_processing": Meaning("being processed on the way", _Status.IN_TRANSIT),
        "pickup_available": Meaning("to be collected", _Status.AVAILABLE_FOR_PICKUP, action_required=True),
        "reschedule_delivery": Meaning(
            "to be rescheduled", _Status.EXCEPTION, Reason.DELIVERY_FAILED, Owner.RECIPIENT, action_required=True
        ),
        "delivered": Meaning("delivered", _Status.DELIVERED),
        "return_to_sender": Meaning("to be returned", _Status.RETURNING, returning=True),
        "package_unclaimed": Meaning(
            "unclaimed",
            _Status.EXCEPTION,
            Reason.NOT_COLLECTED,
            Owner.RECIPIENT,
            action_required=True,
            returning=True,
        ),
        "package_undeliverable": Meaning(
            "undeliverable", _Status.EXCEPTION, Reason.DELIVERY_FAILED, Owner.CARRIER, action_required=True
        ),
        "package_disposed": Meaning("disposed of", _Status.EXPIRED, Reason.DESTROYED, Owner.CARRIER),
        "package_lost": Meaning("lost", _Status.EXPIRED, Reason.LOST, Owner.CARRIER, action_required=True),
        "other": Meaning("a code of the carrier's that Shippo does not know", _Status.UNKNOWN),
    }
)
"""From each code to its meaning: statuses are written in capitals, what they are told in detail with small letters."""
