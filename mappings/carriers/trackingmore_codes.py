"""TrackingMore v4: every main status (`delivery_status`) and every sub-status (`substatus`), of a parcel and of a scan.

Source: "9 Main Statuses & Sub-Statuses of Shipments in TrackingMore",
https://support.trackingmore.com/en/article/9-main-statuses-sub-statuses-of-shipments-in-trackingmore-tlkfjm, 9 and 29
rows, and notfound001 of the older list, https://www.trackingmore.com/docs/logistics_status.php, which calls the same
notfound001 and inforeceived001. Numbers that are missing (exception001 to 003) the vendor uses no more.

"pickup" is the vendor's word for out for delivery; what can be picked up is pickup002. delivered004 is the front door
or a neighbour in English, and a locker or a concierge in the Chinese edition; it is delivered for the vendor in either,
which ends its tracking there. exception007 is lost or damaged: which of them the text says.
"""

from types import MappingProxyType

from contracts.tracking import Owner, Reason, TrackingStatus
from mappings.meaning import Meaning

_Status = TrackingStatus

CODES = MappingProxyType(
    {
        # Before the carrier has it
        "inforeceived": Meaning("Info Received", _Status.REGISTERED),
        "inforeceived001": Meaning("The package is waiting for courier to pick up", _Status.REGISTERED),
        "notfound001": Meaning("The package is waiting for courier to pick up", _Status.REGISTERED),
        # On its way
        "transit": Meaning("In Transit", _Status.IN_TRANSIT),
        "transit001": Meaning("Package is on the way to destination", _Status.IN_TRANSIT),
        "transit002": Meaning("Package arrived at a hub or sorting center", _Status.IN_TRANSIT),
        "transit003": Meaning("Package arrived at delivery facility", _Status.IN_TRANSIT),
        "transit004": Meaning("Package arrived at destination country", _Status.IN_TRANSIT),
        "transit005": Meaning("Customs clearance completed", _Status.IN_TRANSIT),
        "transit006": Meaning("Item Dispatched", _Status.IN_TRANSIT),
        "transit007": Meaning("Depart from Airport", _Status.IN_TRANSIT),
        # To the recipient
        "pickup": Meaning("Out for Delivery", _Status.OUT_FOR_DELIVERY),
        "pickup001": Meaning("The package is out for delivery", _Status.OUT_FOR_DELIVERY),
        "pickup002": Meaning("The package is ready for collection", _Status.AVAILABLE_FOR_PICKUP),
        "pickup003": Meaning("The customer is contacted before the final delivery", _Status.OUT_FOR_DELIVERY),
        "undelivered": Meaning("Failed Attempt", _Status.DELIVERY_ATTEMPTED, Reason.DELIVERY_FAILED),
        "undelivered001": Meaning(
            "Address-related issues",
            _Status.DELIVERY_ATTEMPTED,
            Reason.WRONG_ADDRESS,
            Owner.SHIPPER,
            action_required=True,
        ),
        "undelivered002": Meaning(
            "Receiver not home", _Status.DELIVERY_ATTEMPTED, Reason.RECIPIENT_UNREACHABLE, Owner.RECIPIENT
        ),
        "undelivered003": Meaning(
            "Impossible to locate the addressee",
            _Status.DELIVERY_ATTEMPTED,
            Reason.RECIPIENT_UNREACHABLE,
            Owner.SHIPPER,
            action_required=True,
        ),
        "undelivered004": Meaning(
            "Undelivered due to other reasons", _Status.DELIVERY_ATTEMPTED, Reason.DELIVERY_FAILED
        ),
        "delivered": Meaning("Delivered", _Status.DELIVERED),
        "delivered001": Meaning("Package delivered successfully", _Status.DELIVERED),
        "delivered002": Meaning("Package picked up by the addressee", _Status.DELIVERED),
        "delivered003": Meaning("Package received and signed by addressee", _Status.DELIVERED),
        "delivered004": Meaning("Package was left at the front door or left with your neighbour", _Status.DELIVERED),
        # What went wrong
        "exception": Meaning("Exception", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "exception004": Meaning(
            "The package is unclaimed", _Status.EXCEPTION, Reason.NOT_COLLECTED, Owner.RECIPIENT, action_required=True
        ),
        "exception005": Meaning("Other exceptions", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "exception006": Meaning(
            "Package was detained by customs",
            _Status.EXCEPTION,
            Reason.CUSTOMS_PROBLEM,
            Owner.CUSTOMS,
            action_required=True,
        ),
        "exception007": Meaning(
            "Package was lost or damaged during delivery",
            _Status.EXCEPTION,
            Reason.DAMAGED,
            Owner.CARRIER,
            action_required=True,
        ),
        "exception008": Meaning(
            "Logistics order was cancelled before courier pick up the package",
            _Status.CANCELLED,
            Reason.WITHDRAWN,
            Owner.SHIPPER,
        ),
        "exception009": Meaning(
            "Package was refused by addressee", _Status.EXCEPTION, Reason.REFUSED, Owner.RECIPIENT, action_required=True
        ),
        # Back to the sender
        "exception011": Meaning("Package is being sent to sender", _Status.RETURNING, returning=True),
        "exception010": Meaning("Package has been returned to sender", _Status.RETURNED, returning=True),
        # No news any more
        "expired": Meaning("Expired", _Status.EXPIRED),
        "expired001": Meaning("No update of the last track for 30 days", _Status.EXPIRED),
        # Unknown on purpose: nothing was told yet
        "pending": Meaning("Pending", _Status.UNKNOWN),
        "notfound": Meaning("Not Found", _Status.UNKNOWN),
        "notfound002": Meaning("No tracking information found", _Status.UNKNOWN),
    }
)
"""From each code to its meaning."""
