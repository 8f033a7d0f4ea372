"""FedEx: every code of its two tables: tracking statuses, and events of its webhooks.

Sources: "Tracking Status Codes" (movement, 50, and regulatory, 5) and "Status Code and Statuses for Webhook Tracking
Events" (46) of https://developer.fedex.com/api/en-us/guides/api-reference.html, as a public copy of that page has them.
They share most of their codes. The table's third part, possession, says who has a shipment: no scan carries it. EA is
"enroute to airport" in one part and "export approved" in another: on its way in either; so is TR, "transfer" and
"enroute to delivery". DY is "delay" and "delivery updated", of which the table of reason codes says that it is later.

What only tells another date, or of the pieces of a shipment, leaves it to the status that FedEx derives. What is
requested, or changed on request, leaves the shipment on its way until its next scan; "return to shipper requested" is
the shipper's recall. A delivery exception does not say in whose hands it lies: its reason does
(`aiv-reason-codes.html`), whose codes no page that could be read lists; they are kept and not judged.
"""

from types import MappingProxyType

from contracts.tracking import Owner, Reason, TrackingStatus
from mappings.meaning import Meaning

_Status = TrackingStatus

CODES = MappingProxyType(
    {
        # Before the carrier has it
        "AP": Meaning("At Pickup", _Status.REGISTERED),
        "DS": Meaning("Vehicle Dispatched", _Status.REGISTERED),
        "EP": Meaning("Enroute to Pickup", _Status.REGISTERED),
        "OC": Meaning("Order Created", _Status.REGISTERED),
        "RG": Meaning("Return label link expiring soon", _Status.REGISTERED),
        "RP": Meaning("Return label link emailed to return sender", _Status.REGISTERED),
        "DR": Meaning("Vehicle furnished but not used", _Status.EXCEPTION, Reason.PROBLEM, Owner.SHIPPER),
        "PD": Meaning("Pickup Delay", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "CA": Meaning("Shipment Cancelled", _Status.CANCELLED, Reason.WITHDRAWN),
        "LC": Meaning("Return label link cancelled by shipment originator", _Status.CANCELLED, Reason.WITHDRAWN),
        "LP": Meaning("Return label link cancelled by shipment originator", _Status.CANCELLED, Reason.WITHDRAWN),
        "RD": Meaning("Return label link expired", _Status.CANCELLED),
        # Collected
        "DO": Meaning("Dropped Off", _Status.PICKED_UP),
        "IP": Meaning("In FedEx possession", _Status.PICKED_UP),
        "PU": Meaning("Picked Up", _Status.PICKED_UP),
        "PX": Meaning("Picked up (see Details)", _Status.PICKED_UP),
        # On its way
        "AA": Meaning("At Airport", _Status.IN_TRANSIT),
        "AC": Meaning("At Canada Post facility", _Status.IN_TRANSIT),
        "AF": Meaning("At local FedEx Facility", _Status.IN_TRANSIT),
        "AR": Meaning("Arrived at FedEx location", _Status.IN_TRANSIT),
        "AX": Meaning("At USPS facility", _Status.IN_TRANSIT),
        "CC": Meaning("Cleared Customs", _Status.IN_TRANSIT),
        "CH": Meaning("Location Changed", _Status.IN_TRANSIT),
        "DP": Meaning("Departed", _Status.IN_TRANSIT),
        "EA": Meaning("Enroute to Airport; Export Approved", _Status.IN_TRANSIT),
        "EO": Meaning("Enroute to Origin Airport", _Status.IN_TRANSIT),
        "FD": Meaning("At FedEx Destination", _Status.IN_TRANSIT),
        "IN": Meaning("On Demand Care completed", _Status.IN_TRANSIT),
        "IT": Meaning("In Transit", _Status.IN_TRANSIT),
        "IX": Meaning("In transit (see Details)", _Status.IN_TRANSIT),
        "LO": Meaning("Left Origin", _Status.IN_TRANSIT),
        "MD": Meaning("Manifest data", _Status.IN_TRANSIT),
        "OF": Meaning("At FedEx origin facility", _Status.IN_TRANSIT),
        "OW": Meaning("On the way", _Status.IN_TRANSIT),
        "OX": Meaning("Shipment information sent to USPS", _Status.IN_TRANSIT),
        "PF": Meaning("Plane in Flight", _Status.IN_TRANSIT),
        "PL": Meaning("Plane Landed", _Status.IN_TRANSIT),
        "PM": Meaning("In Progress", _Status.IN_TRANSIT),
        "SF": Meaning("At Sort Facility", _Status.IN_TRANSIT),
        "TR": Meaning("Transfer", _Status.IN_TRANSIT),
        "CP": Meaning("Clearance in Progress", _Status.CUSTOMS),
        # What somebody wishes
        "AS": Meaning("Address Corrected", _Status.IN_TRANSIT),
        "HA": Meaning("Hold at location request accepted", _Status.IN_TRANSIT),
        "PR": Meaning("Performed Redirect - Address Change Completed", _Status.IN_TRANSIT),
        "RA": Meaning("Address Change Requested", _Status.IN_TRANSIT),
        "RC": Meaning("CDO Cancelled", _Status.IN_TRANSIT),
        "RM": Meaning("CDO Modified", _Status.IN_TRANSIT),
        "RR": Meaning("CDO requested", _Status.IN_TRANSIT),
        "RT": Meaning("Return to Shipper Requested", _Status.EXCEPTION, Reason.WITHDRAWN, Owner.SHIPPER),
        # To the recipient
        "AD": Meaning("At Delivery", _Status.OUT_FOR_DELIVERY),
        "ED": Meaning("Enroute to Delivery", _Status.OUT_FOR_DELIVERY),
        "OD": Meaning("Out for Delivery", _Status.OUT_FOR_DELIVERY),
        "HL": Meaning("Hold at Location", _Status.AVAILABLE_FOR_PICKUP),
        "HP": Meaning("Ready for Recipient Pickup", _Status.AVAILABLE_FOR_PICKUP),
        "DL": Meaning("Delivered", _Status.DELIVERED),
        "RS": Meaning("Return to Shipper", _Status.RETURNING, returning=True),
        # What went wrong
        "CD": Meaning("Clearance Delay", _Status.EXCEPTION, Reason.CUSTOMS_PROBLEM, Owner.CUSTOMS),
        "DD": Meaning("Delivery Delay", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "DE": Meaning("Delivery Exception", _Status.EXCEPTION, Reason.DELIVERY_FAILED),
        "DY": Meaning("Delay", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "SE": Meaning("Shipment Exception", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        # Says nothing of where the parcel is
        "AE": Meaning("Shipment arriving early", _Status.UNKNOWN),
        "AO": Meaning("Shipment arriving On-time", _Status.UNKNOWN),
        "US": Meaning("Scheduled delivery updated", _Status.UNKNOWN),
        "SP": Meaning("Split Status", _Status.UNKNOWN),
    }
)
"""From each code to its meaning."""
