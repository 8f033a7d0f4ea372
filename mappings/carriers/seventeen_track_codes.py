"""17TRACK: the 9 main and 30 sub states of its API v2.2, and the milestones that stand beside them.

Source: "Package status", https://asset.17track.net/api/document/v2.2_en/index.html. A sub state begins with its main
state. Parcels that were not delivered are told apart by when: `DeliveryFailure` while they were being delivered,
`Exception` before. One that was lost or destroyed comes no more, so it has expired.
"""

from types import MappingProxyType

from contracts.tracking import Owner, Reason, TrackingStatus
from mappings.meaning import Meaning

_Status = TrackingStatus

_MAIN = {
    "NotFound": Meaning("nothing found", _Status.UNKNOWN),
    "InfoReceived": Meaning("announced, not yet collected", _Status.REGISTERED),
    "InTransit": Meaning("in transit", _Status.IN_TRANSIT),
    "Expired": Meaning("long in transit", _Status.EXPIRED, Reason.NO_NEWS, Owner.CARRIER),
    "AvailableForPickup": Meaning("to be collected", _Status.AVAILABLE_FOR_PICKUP),
    "OutForDelivery": Meaning("out for delivery", _Status.OUT_FOR_DELIVERY),
    "DeliveryFailure": Meaning("not delivered", _Status.DELIVERY_ATTEMPTED, Reason.DELIVERY_FAILED, Owner.CARRIER),
    "Delivered": Meaning("delivered", _Status.DELIVERED),
    "Exception": Meaning("perhaps a problem", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
}
_SUB = {
    "NotFound_Other": Meaning("the carrier says nothing", _Status.UNKNOWN),
    "NotFound_InvalidCode": Meaning("no such number", _Status.UNKNOWN),
    "InTransit_PickedUp": Meaning("collected from the sender", _Status.PICKED_UP),
    "InTransit_Other": Meaning("in transit", _Status.IN_TRANSIT),
    "InTransit_Departure": Meaning("left the port of its origin", _Status.IN_TRANSIT),
    "InTransit_Arrival": Meaning("arrived at the port of its destination", _Status.IN_TRANSIT),
    "InTransit_CustomsProcessing": Meaning("being cleared", _Status.CUSTOMS),
    "InTransit_CustomsReleased": Meaning("cleared", _Status.IN_TRANSIT),
    "InTransit_CustomsRequiringInformation": Meaning(
        "customs asks for information", _Status.EXCEPTION, Reason.CUSTOMS_PROBLEM, Owner.SHIPPER, action_required=True
    ),
    "Expired_Other": Meaning("long in transit", _Status.EXPIRED, Reason.NO_NEWS, Owner.CARRIER),
    "AvailableForPickup_Other": Meaning("to be collected", _Status.AVAILABLE_FOR_PICKUP),
    "OutForDelivery_Other": Meaning("out for delivery", _Status.OUT_FOR_DELIVERY),
    "DeliveryFailure_Other": Meaning(
        "not delivered", _Status.DELIVERY_ATTEMPTED, Reason.DELIVERY_FAILED, Owner.CARRIER
    ),
    "DeliveryFailure_NoBody": Meaning(
        "nobody there", _Status.DELIVERY_ATTEMPTED, Reason.RECIPIENT_UNREACHABLE, Owner.RECIPIENT, action_required=True
    ),
    "DeliveryFailure_Security": Meaning(
        "security, customs or fees", _Status.EXCEPTION, Reason.HELD, Owner.CARRIER, action_required=True
    ),
    "DeliveryFailure_Rejected": Meaning(
        "refused", _Status.EXCEPTION, Reason.REFUSED, Owner.RECIPIENT, action_required=True
    ),
    "DeliveryFailure_InvalidAddress": Meaning(
        "wrong address", _Status.EXCEPTION, Reason.WRONG_ADDRESS, Owner.SHIPPER, action_required=True
    ),
    "Delivered_Other": Meaning("delivered", _Status.DELIVERED),
    "Exception_Other": Meaning("perhaps a problem", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
    "Exception_Returning": Meaning("on its way back", _Status.RETURNING, returning=True),
    "Exception_Returned": Meaning("back at the sender", _Status.RETURNED, returning=True),
    "Exception_NoBody": Meaning(
        "recipient not found", _Status.EXCEPTION, Reason.RECIPIENT_UNREACHABLE, Owner.RECIPIENT, action_required=True
    ),
    "Exception_Security": Meaning(
        "security, customs or fees", _Status.EXCEPTION, Reason.HELD, Owner.CARRIER, action_required=True
    ),
    "Exception_Damage": Meaning("damaged", _Status.EXCEPTION, Reason.DAMAGED, Owner.CARRIER, action_required=True),
    "Exception_Rejected": Meaning(
        "refused beforehand", _Status.EXCEPTION, Reason.REFUSED, Owner.RECIPIENT, action_required=True
    ),
    "Exception_Delayed": Meaning("late", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
    "Exception_Lost": Meaning("lost", _Status.EXPIRED, Reason.LOST, Owner.CARRIER, action_required=True),
    "Exception_Destroyed": Meaning("destroyed", _Status.EXPIRED, Reason.DESTROYED, Owner.CARRIER, action_required=True),
    "Exception_Cancel": Meaning("cancelled", _Status.CANCELLED, Reason.WITHDRAWN),
}

CODES = MappingProxyType({**_MAIN, **_SUB})
"""From each state to its meaning. `InfoReceived` is a main state and its only sub state: 38 names for 39 states."""

STAGES = MappingProxyType(
    {
        "InfoReceived": "InfoReceived",
        "PickedUp": "InTransit_PickedUp",
        "Departure": "InTransit_Departure",
        "Arrival": "InTransit_Arrival",
        "AvailableForPickup": "AvailableForPickup_Other",
        "OutForDelivery": "OutForDelivery_Other",
        "Delivered": "Delivered_Other",
        "Returning": "Exception_Returning",
        "Returned": "Exception_Returned",
    }
)
"""From each milestone to the sub state that says the same."""
