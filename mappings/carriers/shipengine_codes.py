"""ShipEngine: every status (`status_code`), 8, and every detailed status (`status_detail_code`), 72, of its tracking.

Source: "Tracking status codes" and "Tracking status detail codes" of the API's description, at
https://docs.shipstation.com/apis/shipengine/docs/tracking/tracking. The names of detailed ones are its descriptions,
shortened. They and the groups have no code in common, so one table serves both.

What is said to be returned is on its way back, with the reason that its code names. An "alternative delivery location"
is where the recipient picks the parcel up, so not a delivery.
"""

from types import MappingProxyType

from contracts.tracking import Owner, Reason, TrackingStatus
from mappings.meaning import Meaning

_Status = TrackingStatus

CODES = MappingProxyType(
    {
        # Groups (`status_code`)
        "NY": Meaning("Not Yet In System", _Status.REGISTERED),
        "AC": Meaning("Accepted", _Status.PICKED_UP),
        "IT": Meaning("In Transit", _Status.IN_TRANSIT),
        "AT": Meaning("Delivery Attempt", _Status.DELIVERY_ATTEMPTED, Reason.DELIVERY_FAILED),
        "SP": Meaning("Delivered To The Collection Location", _Status.AVAILABLE_FOR_PICKUP),
        "DE": Meaning("Delivered", _Status.DELIVERED),
        "EX": Meaning("Exception", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        # Before the carrier has it
        "AWAITING_DESPATCH": Meaning("Ready, waiting for pickup", _Status.REGISTERED),
        "COLLECTION_REQUESTED": Meaning("Pickup scheduled", _Status.REGISTERED),
        "ELEC_ADVICE_RECD_BY_CARRIER": Meaning("In the carrier's system", _Status.REGISTERED),
        "AWAITING_ELECTRONIC_ADVICE": Meaning("Number made, not registered yet", _Status.REGISTERED),
        "NOT_YET_RECEIVED_BY_CARRIER": Meaning(
            "Could not be handed over, to be collected again", _Status.EXCEPTION, Reason.PROBLEM, Owner.SHIPPER
        ),
        "COLLECTION_FAILED": Meaning(
            "Pickup failed, to be tried again", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER
        ),
        # Collected
        "DESPATCHED": Meaning("Handed over or dropped off", _Status.PICKED_UP),
        "COLLECTION_MADE": Meaning("Picked up by the carrier", _Status.PICKED_UP),
        "RECEIVED_BY_CARRIER": Meaning("Received by the carrier", _Status.PICKED_UP),
        "RECD_BY_CARRIER_NO_ELEC_ADVICE": Meaning("Received without the electronic advice", _Status.PICKED_UP),
        # On its way
        "CUSTOMS_CLEARED": Meaning("Passed customs", _Status.IN_TRANSIT),
        "DELIVERY_ARRANGED_WITH_RECIPIENT": Meaning("Delivery arranged by the recipient", _Status.IN_TRANSIT),
        "HUB_SCAN_OUT": Meaning("At the main depot", _Status.IN_TRANSIT),
        "IN_TRANSIT": Meaning("Between depots", _Status.IN_TRANSIT),
        "PARCEL_OVER_LABELLED": Meaning("Labelled anew by the carrier", _Status.IN_TRANSIT),
        "RECEIVED_LOCAL_DELIVERY_DEPOT": Meaning("At the local depot", _Status.IN_TRANSIT),
        "SUB_CONTRACTOR_EVENT": Meaning("With the local partner", _Status.IN_TRANSIT),
        "SUB_CONTRACTOR_RECEIVED": Meaning("Received by the local partner", _Status.IN_TRANSIT),
        "CUSTOMS_PROCESSING": Meaning("Going through customs", _Status.CUSTOMS),
        # To the recipient
        "OUT_FOR_DELIVERY": Meaning("Out for delivery", _Status.OUT_FOR_DELIVERY),
        "COD_AMOUNT_PAID": Meaning("Cash on delivery was paid", _Status.OUT_FOR_DELIVERY),
        "ATTEMPTED_DELIVERY": Meaning("Delivery attempt failed", _Status.DELIVERY_ATTEMPTED, Reason.DELIVERY_FAILED),
        "ATTEMPTED_DELIVERY_2ND": Meaning(
            "Second delivery attempt failed", _Status.DELIVERY_ATTEMPTED, Reason.DELIVERY_FAILED
        ),
        "ATTEMPTED_DELIVERY_3RD": Meaning(
            "Third delivery attempt failed", _Status.DELIVERY_ATTEMPTED, Reason.DELIVERY_FAILED
        ),
        "COD_AMOUNT_NOT_PAID": Meaning(
            "Cash on delivery was not paid",
            _Status.DELIVERY_ATTEMPTED,
            Reason.PAYMENT_DUE,
            Owner.RECIPIENT,
            action_required=True,
        ),
        "CUSTOMER_CARDED": Meaning(
            "A card was left", _Status.DELIVERY_ATTEMPTED, Reason.RECIPIENT_UNREACHABLE, Owner.RECIPIENT
        ),
        "CUSTOMER_IDENTIFICATION_FAILED": Meaning(
            "The recipient could not be identified",
            _Status.DELIVERY_ATTEMPTED,
            Reason.DELIVERY_FAILED,
            Owner.RECIPIENT,
            action_required=True,
        ),
        "INVALID_METHOD_OF_PAYMENT": Meaning(
            "Paid in a way that is not taken",
            _Status.DELIVERY_ATTEMPTED,
            Reason.PAYMENT_DUE,
            Owner.RECIPIENT,
            action_required=True,
        ),
        "NO_ACCESS_TO_RECIPIENTS_ADDRESS": Meaning(
            "No access to the address",
            _Status.DELIVERY_ATTEMPTED,
            Reason.DELIVERY_FAILED,
            Owner.RECIPIENT,
            action_required=True,
        ),
        "AWAITING_COLLECTION_FROM_PICKUP_POINT": Meaning("Ready at the pickup point", _Status.AVAILABLE_FOR_PICKUP),
        "COLLECT_AT_LOCAL_PO": Meaning("At the local post office", _Status.AVAILABLE_FOR_PICKUP),
        "CUSTOMER_TO_COLLECT_FROM_CARRIER": Meaning("Held for pickup", _Status.AVAILABLE_FOR_PICKUP),
        "DELIVERED_TO_LOCKER_COLLECTION_POINT": Meaning("In a locker", _Status.AVAILABLE_FOR_PICKUP),
        "DELIVERED_TO_ALTERNATIVE_DELIVERY_LOCATION": Meaning(
            "At another place, to be picked up there", _Status.AVAILABLE_FOR_PICKUP
        ),
        # Delivered
        "DELIVERED": Meaning("Delivered", _Status.DELIVERED),
        "DELIVERED_DAMAGED": Meaning(
            "Delivered damaged", _Status.DELIVERED, Reason.DAMAGED, Owner.CARRIER, action_required=True
        ),
        "DELIVERED_IN_PART": Meaning("Delivered in part", _Status.PARTIALLY_DELIVERED),
        "DELIVERED_SPECIFIED_SAFE_PLACE": Meaning("Left in the safe place", _Status.DELIVERED),
        "DELIVERED_TO_NEIGHBOUR": Meaning("Delivered to a neighbour", _Status.DELIVERED),
        "DELIVERED_TO_PO_BOX": Meaning("Delivered to the PO box", _Status.DELIVERED),
        "PARCEL_COLLECTED_FROM_PICKUP_POINT": Meaning("Picked up from the collection point", _Status.DELIVERED),
        "PROOF_OF_DELIVERY": Meaning("Delivery confirmed", _Status.DELIVERED),
        # What went wrong
        "ADDRESS_QUERY": Meaning(
            "An issue with the address", _Status.EXCEPTION, Reason.WRONG_ADDRESS, Owner.SHIPPER, action_required=True
        ),
        "CARRIER_DELAYS": Meaning("Delayed", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "DELAYED_NOT_CARRIER": Meaning(
            "Delayed, not by the carrier", _Status.EXCEPTION, Reason.DELAYED, Owner.EXTERNAL
        ),
        "HELD_BY_CARRIER": Meaning("Held by the carrier", _Status.EXCEPTION, Reason.HELD, Owner.CARRIER),
        "HELD_BY_CARRIER_FOR_CLEARANCE_PRE_PROCESSING": Meaning(
            "Held by the carrier for customs", _Status.EXCEPTION, Reason.CUSTOMS_PROBLEM, Owner.CARRIER
        ),
        "HELD_BY_CUSTOMS": Meaning(
            "Held in customs", _Status.EXCEPTION, Reason.CUSTOMS_PROBLEM, Owner.CUSTOMS, action_required=True
        ),
        "HELD_BY_EXPORT_CUSTOMS": Meaning(
            "Held in export customs", _Status.EXCEPTION, Reason.CUSTOMS_PROBLEM, Owner.CUSTOMS, action_required=True
        ),
        "HELD_BY_IMPORT_CUSTOMS": Meaning(
            "Held in import customs", _Status.EXCEPTION, Reason.CUSTOMS_PROBLEM, Owner.CUSTOMS, action_required=True
        ),
        "INCORRECT_DECLARATION": Meaning(
            "Its declaration is wrong", _Status.EXCEPTION, Reason.PROBLEM, Owner.SHIPPER, action_required=True
        ),
        "MISSORTED": Meaning("Missorted", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "ROUTING_ERROR": Meaning("Sent to the wrong place", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "PARCEL_REPACKED": Meaning(
            "Its packaging was damaged, it is repacked", _Status.EXCEPTION, Reason.DAMAGED, Owner.CARRIER
        ),
        "PARCEL_LOST": Meaning("Lost", _Status.EXCEPTION, Reason.LOST, Owner.CARRIER, action_required=True),
        "PARCEL_DISPOSED": Meaning(
            "Disposed of", _Status.EXCEPTION, Reason.DESTROYED, Owner.CARRIER, action_required=True
        ),
        "NOT_DELIVERED_ADDRESSEE_DECEASED": Meaning(
            "The recipient has died", _Status.EXCEPTION, Reason.DELIVERY_FAILED, Owner.RECIPIENT, action_required=True
        ),
        "CANCELLED": Meaning("Cancelled", _Status.CANCELLED, Reason.WITHDRAWN),
        "CANCELLED_BEFORE_DESPATCH": Meaning(
            "Cancelled before pickup", _Status.CANCELLED, Reason.WITHDRAWN, Owner.SHIPPER
        ),
        # Back to the sender
        "RETURN_TO_SENDER": Meaning("Being returned", _Status.RETURNING, returning=True),
        "CUSTOMER_MOVED": Meaning(
            "The recipient is not there, being returned",
            _Status.RETURNING,
            Reason.WRONG_ADDRESS,
            Owner.RECIPIENT,
            returning=True,
        ),
        "HAZARDOUS_PROHIBITED": Meaning(
            "A prohibited item, being returned", _Status.RETURNING, Reason.PROBLEM, Owner.SHIPPER, returning=True
        ),
        "NOT_COLLECTED_FROM_PICKUP_POINT": Meaning(
            "Not collected, being returned", _Status.RETURNING, Reason.NOT_COLLECTED, Owner.RECIPIENT, returning=True
        ),
        "NOT_DELIVERED": Meaning(
            "Not delivered, being returned", _Status.RETURNING, Reason.DELIVERY_FAILED, Owner.CARRIER, returning=True
        ),
        "PARCEL_DAMAGED": Meaning(
            "Damaged, being returned", _Status.RETURNING, Reason.DAMAGED, Owner.CARRIER, returning=True
        ),
        "PARCEL_OUTSIDE_OF_SERVICE_CAPABILITY": Meaning(
            "Too large or heavy, being returned", _Status.RETURNING, Reason.PROBLEM, Owner.SHIPPER, returning=True
        ),
        "REFUSED_BY_CUSTOMER": Meaning(
            "Refused, being returned", _Status.RETURNING, Reason.REFUSED, Owner.RECIPIENT, returning=True
        ),
        # Unknown on purpose: they leave it to the group
        "UN": Meaning("Unknown", _Status.UNKNOWN),
        "CARRIER_STATUS_NOT_MAPPED": Meaning("The carrier's status is not mapped", _Status.UNKNOWN),
        "INFORMATION": Meaning("The carrier shared more", _Status.UNKNOWN),
        "POST_TRANSIT_STATUS": Meaning("The carrier added to the delivery", _Status.UNKNOWN),
        "PARCEL_UPDATE_NOTIFICATION_VIA_EMAIL": Meaning("The recipient was told by e-mail", _Status.UNKNOWN),
        "PARCEL_UPDATE_NOTIFICATION_VIA_SMS": Meaning("The recipient was told by text message", _Status.UNKNOWN),
    }
)
"""From each code to its meaning."""
