"""DHL: every `statusCode`, 5, and the codes in `status` of the services that have any: Express, 44, and parcel-de, 16.

Sources: the status codes stand in the description of the Unified API (schema StatusCode),
https://developer.dhl.com/sites/default/files/2026-08/track_v1.5.8.yaml; those of the services in DHL's list,
https://developer.dhl.com/sites/default/files/2024-10/status_1.csv, by two public copies of its rows, of Express and of
parcel-de. The other services write a title into `status`, and there the status code decides. A code is
written here with its service before it: DD is a damage at Express, and data at parcel-de.

LA is any storage, most of it a parcel that waits for its recipient; ZF a post office or locker. A parcel that was
disposed of has ZU as well: no field that is documented tells it from a delivery.
"""

from types import MappingProxyType

from contracts.tracking import Owner, Reason, TrackingStatus
from mappings.meaning import Meaning

_Status = TrackingStatus

CODES = MappingProxyType(
    {
        # Status codes (`statusCode`)
        "pre-transit": Meaning("pre-transit", _Status.REGISTERED),
        "transit": Meaning("transit", _Status.IN_TRANSIT),
        "delivered": Meaning("delivered", _Status.DELIVERED),
        "failure": Meaning("failure", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "unknown": Meaning("unknown", _Status.UNKNOWN),
        # Express, of the shipment
        "express/104": Meaning("pre-transit", _Status.REGISTERED),
        "express/102": Meaning("transit", _Status.IN_TRANSIT),
        "express/101": Meaning("delivered", _Status.DELIVERED),
        "express/103": Meaning("failure", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        # Express, collected
        "express/PU": Meaning("Shipment pick up", _Status.PICKED_UP),
        "express/SA": Meaning("Shipment acceptance", _Status.PICKED_UP),
        # Express, on its way
        "express/PL": Meaning("Processed at location", _Status.IN_TRANSIT),
        "express/DF": Meaning("Depart facility", _Status.IN_TRANSIT),
        "express/AF": Meaning("Arrived facility", _Status.IN_TRANSIT),
        "express/AR": Meaning("Arrival in delivery facility", _Status.IN_TRANSIT),
        "express/TR": Meaning("Record of transfer", _Status.IN_TRANSIT),
        "express/SM": Meaning("Scheduled for movement", _Status.IN_TRANSIT),
        "express/FD": Meaning("Forward destination (DD's expected)", _Status.IN_TRANSIT),
        "express/AD": Meaning("Agreed delivery", _Status.IN_TRANSIT),
        "express/SC": Meaning("Service changed", _Status.IN_TRANSIT),
        "express/RR": Meaning("Response received", _Status.IN_TRANSIT),
        "express/CR": Meaning("Clearance release", _Status.IN_TRANSIT),
        "express/BR": Meaning("Broker release", _Status.IN_TRANSIT),
        "express/PY": Meaning("Payment", _Status.IN_TRANSIT),
        "express/TP": Meaning("Forwarded to 3rd party - no DD's", _Status.IN_TRANSIT),
        "express/IC": Meaning("In clearance processing", _Status.CUSTOMS),
        "express/BN": Meaning("Customer broker notified", _Status.CUSTOMS),
        # Express, to the recipient
        "express/WC": Meaning("With delivering courier", _Status.OUT_FOR_DELIVERY),
        "express/NH": Meaning("Not home", _Status.DELIVERY_ATTEMPTED, Reason.RECIPIENT_UNREACHABLE, Owner.RECIPIENT),
        "express/CA": Meaning(
            "Closed on arrival", _Status.DELIVERY_ATTEMPTED, Reason.RECIPIENT_UNREACHABLE, Owner.RECIPIENT
        ),
        "express/CC": Meaning("Awaiting cnee collection", _Status.AVAILABLE_FOR_PICKUP),
        "express/OK": Meaning("Delivery", _Status.DELIVERED),
        "express/DD": Meaning(
            "Delivered damaged", _Status.DELIVERED, Reason.DAMAGED, Owner.CARRIER, action_required=True
        ),
        "express/PD": Meaning("Partial delivery", _Status.PARTIALLY_DELIVERED),
        "express/RT": Meaning("Returned to consignor", _Status.RETURNED, returning=True),
        # Express, what went wrong
        "express/CD": Meaning(
            "Controllable clearance delay",
            _Status.EXCEPTION,
            Reason.CUSTOMS_PROBLEM,
            Owner.SHIPPER,
            action_required=True,
        ),
        "express/UD": Meaning(
            "Uncontrollable clearance delay", _Status.EXCEPTION, Reason.CUSTOMS_PROBLEM, Owner.CUSTOMS
        ),
        "express/HP": Meaning(
            "Held for payment", _Status.EXCEPTION, Reason.PAYMENT_DUE, Owner.RECIPIENT, action_required=True
        ),
        "express/ND": Meaning("Not delivered", _Status.EXCEPTION, Reason.DELIVERY_FAILED, Owner.CARRIER),
        "express/MD": Meaning("Missed delivery cycle", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "express/BA": Meaning(
            "Bad address", _Status.EXCEPTION, Reason.WRONG_ADDRESS, Owner.SHIPPER, action_required=True
        ),
        "express/CM": Meaning(
            "Customer moved", _Status.EXCEPTION, Reason.WRONG_ADDRESS, Owner.SHIPPER, action_required=True
        ),
        "express/RD": Meaning(
            "Refused delivery", _Status.EXCEPTION, Reason.REFUSED, Owner.RECIPIENT, action_required=True
        ),
        "express/DS": Meaning(
            "Destroyed / disposal", _Status.EXCEPTION, Reason.DESTROYED, Owner.CARRIER, action_required=True
        ),
        "express/OH": Meaning("On hold", _Status.EXCEPTION, Reason.HELD, Owner.CARRIER),
        "express/SS": Meaning("Shipment stopped", _Status.EXCEPTION, Reason.HELD, Owner.CARRIER, action_required=True),
        "express/MS": Meaning("Mis-sort", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "express/MC": Meaning("Miscode", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "express/CS": Meaning("Closed shipment", _Status.UNKNOWN),
        # parcel-de
        "parcel-de/VA": Meaning("Electronic pre advise", _Status.REGISTERED),
        "parcel-de/AE": Meaning("Pickup successful", _Status.PICKED_UP),
        "parcel-de/ES": Meaning("First processed by DHL", _Status.PICKED_UP),
        "parcel-de/AA": Meaning("Departed from a facility", _Status.IN_TRANSIT),
        "parcel-de/EE": Meaning("Arrived at a facility", _Status.IN_TRANSIT),
        "parcel-de/NB": Meaning("Normal processing", _Status.IN_TRANSIT),
        "parcel-de/ZO": Meaning("Customs", _Status.CUSTOMS),
        "parcel-de/PO": Meaning("In delivery process", _Status.OUT_FOR_DELIVERY),
        "parcel-de/ZN": Meaning("Delivery attempt not successful", _Status.DELIVERY_ATTEMPTED, Reason.DELIVERY_FAILED),
        "parcel-de/LA": Meaning("In storage, e.g. waiting for pickup by receiver", _Status.AVAILABLE_FOR_PICKUP),
        "parcel-de/ZF": Meaning("Delivery to agency / postal office / Packstation", _Status.AVAILABLE_FOR_PICKUP),
        "parcel-de/ZU": Meaning("Delivery successful", _Status.DELIVERED),
        "parcel-de/AN": Meaning("Pickup not successful", _Status.EXCEPTION, Reason.PROBLEM, Owner.SHIPPER),
        "parcel-de/BV": Meaning("Exception", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "parcel-de/DD": Meaning("Data service", _Status.UNKNOWN),
        "parcel-de/GT": Meaning("Money transfer", _Status.UNKNOWN),
    }
)
"""From each code to its meaning."""
