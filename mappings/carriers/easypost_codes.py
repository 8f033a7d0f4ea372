"""EasyPost: every `status` of a tracker, and every `status_detail`, which is written here with a slash before it.

Source: "Tracker object", https://docs.easypost.com/docs/trackers. The page lists both and says nothing of what a detail
means, nor with which status it comes. A status that says where the parcel is decides: a delivered parcel has the detail
`arrived_at_destination`. The others leave it open, and there the detail counts. A detail that says no more than that
something was told (`status_update`) means nothing of its own, and so do `awaiting_information`, which comes with labels
as with parcels, and `arrived_at_destination`, which does not say whether anybody took it.
"""

from types import MappingProxyType

from contracts.tracking import Owner, Reason, TrackingStatus
from mappings.meaning import Meaning

_Status = TrackingStatus

DECIDING = frozenset({"out_for_delivery", "delivered", "available_for_pickup", "return_to_sender", "cancelled"})
"""The statuses that count before their detail."""

CODES = MappingProxyType(
    {
        "unknown": Meaning("unknown", _Status.UNKNOWN),
        "pre_transit": Meaning("pre_transit", _Status.REGISTERED),
        "in_transit": Meaning("in_transit", _Status.IN_TRANSIT),
        "out_for_delivery": Meaning("out_for_delivery", _Status.OUT_FOR_DELIVERY),
        "delivered": Meaning("delivered", _Status.DELIVERED),
        "available_for_pickup": Meaning("available_for_pickup", _Status.AVAILABLE_FOR_PICKUP),
        "return_to_sender": Meaning("return_to_sender", _Status.RETURNING, returning=True),
        "failure": Meaning("failure", _Status.EXCEPTION, Reason.DELIVERY_FAILED, Owner.CARRIER),
        "cancelled": Meaning("cancelled", _Status.CANCELLED, Reason.WITHDRAWN),
        "error": Meaning("error", _Status.UNKNOWN),
        "/address_correction": Meaning(
            "address_correction", _Status.EXCEPTION, Reason.WRONG_ADDRESS, Owner.SHIPPER, action_required=True
        ),
        "/arrived_at_destination": Meaning("arrived_at_destination", _Status.UNKNOWN),
        "/arrived_at_facility": Meaning("arrived_at_facility", _Status.IN_TRANSIT),
        "/arrived_at_pickup_location": Meaning("arrived_at_pickup_location", _Status.AVAILABLE_FOR_PICKUP),
        "/awaiting_information": Meaning("awaiting_information", _Status.UNKNOWN),
        "/cancelled": Meaning("cancelled", _Status.CANCELLED, Reason.WITHDRAWN),
        "/damaged": Meaning("damaged", _Status.EXCEPTION, Reason.DAMAGED, Owner.CARRIER, action_required=True),
        "/delayed": Meaning("delayed", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "/delivery_exception": Meaning("delivery_exception", _Status.EXCEPTION, Reason.DELIVERY_FAILED, Owner.CARRIER),
        "/departed_facility": Meaning("departed_facility", _Status.IN_TRANSIT),
        "/departed_origin_facility": Meaning("departed_origin_facility", _Status.IN_TRANSIT),
        "/expired": Meaning("expired", _Status.EXPIRED, Reason.NO_NEWS, Owner.CARRIER),
        "/failure": Meaning("failure", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "/held": Meaning("held", _Status.EXCEPTION, Reason.HELD, Owner.CARRIER),
        "/in_transit": Meaning("in_transit", _Status.IN_TRANSIT),
        "/label_created": Meaning("label_created", _Status.REGISTERED),
        "/lost": Meaning("lost", _Status.EXPIRED, Reason.LOST, Owner.CARRIER, action_required=True),
        "/missorted": Meaning("missorted", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "/out_for_delivery": Meaning("out_for_delivery", _Status.OUT_FOR_DELIVERY),
        "/received_at_destination_facility": Meaning("received_at_destination_facility", _Status.IN_TRANSIT),
        "/received_at_origin_facility": Meaning("received_at_origin_facility", _Status.PICKED_UP),
        "/refused": Meaning("refused", _Status.EXCEPTION, Reason.REFUSED, Owner.RECIPIENT, action_required=True),
        "/return": Meaning("return", _Status.RETURNING, returning=True),
        "/status_update": Meaning("status_update", _Status.UNKNOWN),
        "/transferred_to_destination_carrier": Meaning("transferred_to_destination_carrier", _Status.IN_TRANSIT),
        "/transit_exception": Meaning("transit_exception", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "/unknown": Meaning("unknown", _Status.UNKNOWN),
        "/weather_delay": Meaning("weather_delay", _Status.EXCEPTION, Reason.DELAYED, Owner.EXTERNAL),
    }
)
"""From each code to its meaning."""
