"""AfterShip: its 9 delivery statuses (tags), and its delivery sub-statuses (subtags) as of the version 2026-07.

Sources: https://www.aftership.com/docs/tracking/enum/delivery-statuses,
https://www.aftership.com/docs/tracking/2026-07/enum/delivery-sub-statuses, and for those of 2026
https://support.aftership.com/en/article/learn-about-delivery-sub-statuses-1b0hdlx/ and
https://www.aftership.com/docs/tracking/2026-07/webhook/webhook-changelog, which adds ten. No page that could be read
says what `Pending_002` to `Pending_006` and `InTransit_011` to `InTransit_013` are about, so they mean what their tag
does; nor whether the numbers that these leave out exist: such a code is told as unknown, and its tag counts.
"""

from types import MappingProxyType

from contracts.tracking import Owner, Reason, TrackingStatus
from mappings.meaning import Meaning

_Status = TrackingStatus

_TAGS = {
    "Pending": Meaning("Pending", _Status.UNKNOWN),
    "InfoReceived": Meaning("Information Received", _Status.REGISTERED),
    "InTransit": Meaning("In Transit", _Status.IN_TRANSIT),
    "OutForDelivery": Meaning("Out for Delivery", _Status.OUT_FOR_DELIVERY),
    "AttemptFail": Meaning("Failed Attempt", _Status.DELIVERY_ATTEMPTED, Reason.DELIVERY_FAILED, Owner.CARRIER),
    "Delivered": Meaning("Delivered", _Status.DELIVERED),
    "AvailableForPickup": Meaning("Available for Pickup", _Status.AVAILABLE_FOR_PICKUP),
    "Exception": Meaning("Exception", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
    "Expired": Meaning("Expired", _Status.EXPIRED, Reason.NO_NEWS, Owner.CARRIER),
}
_ON_ITS_WAY = {
    "Pending_001": Meaning("Pending", _Status.UNKNOWN),
    "Pending_002": Meaning("", _Status.UNKNOWN),
    "Pending_003": Meaning("", _Status.UNKNOWN),
    "Pending_004": Meaning("", _Status.UNKNOWN),
    "Pending_005": Meaning("", _Status.UNKNOWN),
    "Pending_006": Meaning("", _Status.UNKNOWN),
    "InfoReceived_001": Meaning("Info Received", _Status.REGISTERED),
    "InTransit_001": Meaning("In Transit", _Status.IN_TRANSIT),
    "InTransit_002": Meaning("Acceptance scan", _Status.PICKED_UP),
    "InTransit_003": Meaning("Arrival scan", _Status.IN_TRANSIT),
    "InTransit_004": Meaning("Arrived at the destination country", _Status.IN_TRANSIT),
    "InTransit_005": Meaning("Customs clearance completed", _Status.IN_TRANSIT),
    "InTransit_006": Meaning("Customs clearance started", _Status.CUSTOMS),
    "InTransit_007": Meaning("Departure Scan", _Status.IN_TRANSIT),
    "InTransit_008": Meaning("Problem resolved", _Status.IN_TRANSIT),
    "InTransit_009": Meaning("Forwarded to a different delivery address", _Status.IN_TRANSIT),
    "InTransit_011": Meaning("", _Status.IN_TRANSIT),
    "InTransit_012": Meaning("", _Status.IN_TRANSIT),
    "InTransit_013": Meaning("", _Status.IN_TRANSIT),
    "OutForDelivery_001": Meaning("Out for Delivery", _Status.OUT_FOR_DELIVERY),
    "OutForDelivery_003": Meaning("Customer contacted", _Status.OUT_FOR_DELIVERY),
    "OutForDelivery_004": Meaning("Delivery appointment scheduled", _Status.OUT_FOR_DELIVERY),
    "AvailableForPickup_001": Meaning("Available for pickup", _Status.AVAILABLE_FOR_PICKUP),
    "Delivered_001": Meaning("Delivered", _Status.DELIVERED),
    "Delivered_002": Meaning("Picked up by the customer", _Status.DELIVERED),
    "Delivered_003": Meaning("Sign by customer", _Status.DELIVERED),
    "Delivered_004": Meaning("Delivered and received cash on delivery", _Status.DELIVERED),
    "Delivered_005": Meaning("Delivered to neighbor", _Status.DELIVERED),
}
_NOT_AS_IT_SHOULD = {
    "AttemptFail_001": Meaning("Failed Attempt", _Status.DELIVERY_ATTEMPTED, Reason.DELIVERY_FAILED, Owner.CARRIER),
    "AttemptFail_002": Meaning(
        "Addressee not available", _Status.DELIVERY_ATTEMPTED, Reason.RECIPIENT_UNREACHABLE, Owner.RECIPIENT
    ),
    "AttemptFail_003": Meaning(
        "Business Closed", _Status.DELIVERY_ATTEMPTED, Reason.RECIPIENT_UNREACHABLE, Owner.RECIPIENT
    ),
    "Exception_001": Meaning("Exception", _Status.EXCEPTION, Reason.DELIVERY_FAILED, Owner.CARRIER),
    "Exception_002": Meaning(
        "Customer moved", _Status.EXCEPTION, Reason.WRONG_ADDRESS, Owner.RECIPIENT, action_required=True
    ),
    "Exception_003": Meaning(
        "Customer refused delivery", _Status.EXCEPTION, Reason.REFUSED, Owner.RECIPIENT, action_required=True
    ),
    "Exception_004": Meaning("Delayed (Customs clearance)", _Status.EXCEPTION, Reason.CUSTOMS_PROBLEM, Owner.CUSTOMS),
    "Exception_005": Meaning("Delayed (External factors)", _Status.EXCEPTION, Reason.DELAYED, Owner.EXTERNAL),
    "Exception_006": Meaning(
        "Held for payment", _Status.EXCEPTION, Reason.PAYMENT_DUE, Owner.RECIPIENT, action_required=True
    ),
    "Exception_007": Meaning(
        "Incorrect Address", _Status.EXCEPTION, Reason.WRONG_ADDRESS, Owner.SHIPPER, action_required=True
    ),
    "Exception_008": Meaning(
        "Pick up missed", _Status.EXCEPTION, Reason.NOT_COLLECTED, Owner.RECIPIENT, action_required=True
    ),
    "Exception_009": Meaning(
        "Rejected by carrier", _Status.EXCEPTION, Reason.PROBLEM, Owner.SHIPPER, action_required=True
    ),
    "Exception_010": Meaning("Returning to sender", _Status.RETURNING, returning=True),
    "Exception_011": Meaning("Returned to sender", _Status.RETURNED, returning=True),
    "Exception_012": Meaning("Shipment damage", _Status.EXCEPTION, Reason.DAMAGED, Owner.CARRIER, action_required=True),
    "Exception_013": Meaning("Shipment lost", _Status.EXPIRED, Reason.LOST, Owner.CARRIER, action_required=True),
    "Exception_016": Meaning("Delayed (Processing issue)", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
    "Exception_017": Meaning("Delayed (Extreme weather)", _Status.EXCEPTION, Reason.DELAYED, Owner.EXTERNAL),
    "Exception_018": Meaning(
        "Incorrect / missing documents",
        _Status.EXCEPTION,
        Reason.CUSTOMS_PROBLEM,
        Owner.SHIPPER,
        action_required=True,
    ),
    "Exception_019": Meaning("Delayed (Late flight)", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
    "Exception_020": Meaning("Shipment cancelled", _Status.CANCELLED, Reason.WITHDRAWN),
    "Exception_021": Meaning("Shipment disposed", _Status.EXPIRED, Reason.DESTROYED, Owner.CARRIER),
    "Expired_001": Meaning("Expired", _Status.EXPIRED, Reason.NO_NEWS, Owner.CARRIER),
}

CODES = MappingProxyType({**_TAGS, **_ON_ITS_WAY, **_NOT_AS_IT_SHOULD})
"""From each tag and subtag to its meaning."""
