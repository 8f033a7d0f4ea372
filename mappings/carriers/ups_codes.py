"""UPS: every description code (`activityStatus.descriptionCode`, the Track API's `statusCode`), 160, and every type, 6.

Sources: the types stand in UPSTrackAlert.yaml (schema ActivityStatus),
https://github.com/UPS-API/api-documentation/blob/main/UPSTrackAlert.yaml. The description codes are those of the Track
API's appendix at developer.ups.com, which needs a browser's scripts, so the table follows two copies of it in public
integrations, of 63 and 160 rows: where they differ (047, 069), the longer and newer one counts. No page that could be
read lists the two-letter codes (`activityStatus.code`): they are kept and not judged.

A type is coarse: D comes with what is loaded or out for delivery as with what was delivered, and U says that a date
changed. A wish of somebody's (a change of the delivery) leaves the parcel on its way until its next scan. A "return
requested" is the shipper's recall: the parcel has not turned yet.
"""

from types import MappingProxyType

from contracts.tracking import Owner, Reason, TrackingStatus
from mappings.meaning import Meaning

_Status = TrackingStatus

CODES = MappingProxyType(
    {
        # Types
        "D": Meaning("Delivery", _Status.UNKNOWN),
        "I": Meaning("On the Way", _Status.IN_TRANSIT),
        "M": Meaning("Manifest", _Status.REGISTERED),
        "MV": Meaning("Manifest Void", _Status.CANCELLED, Reason.WITHDRAWN),
        "U": Meaning("Updated Delivery Date or Time", _Status.UNKNOWN),
        "X": Meaning("Package Exception", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        # Before the carrier has it
        "003": Meaning("Shipment Ready for UPS", _Status.REGISTERED),
        "043": Meaning("Voided Pickup", _Status.REGISTERED),
        "044": Meaning("On the Way to UPS", _Status.REGISTERED),
        "045": Meaning("On the Way to UPS", _Status.REGISTERED),
        "077": Meaning("Scheduled for Pickup Today", _Status.REGISTERED),
        "079": Meaning("Order Processed: In Transit to UPS", _Status.REGISTERED),
        "080": Meaning("Order Processed: Ready for UPS", _Status.REGISTERED),
        "133": Meaning("Return Label Left With Customer", _Status.REGISTERED),
        "157": Meaning("Shipment Ready for UPS", _Status.REGISTERED),
        "166": Meaning("Shipment Ready for Roadie", _Status.REGISTERED),
        "065": Meaning("Pickup Attempted", _Status.EXCEPTION, Reason.PROBLEM, Owner.SHIPPER),
        "131": Meaning(
            "Final Pickup Attempted", _Status.EXCEPTION, Reason.PROBLEM, Owner.SHIPPER, action_required=True
        ),
        "135": Meaning("Second Pickup Attempted", _Status.EXCEPTION, Reason.PROBLEM, Owner.SHIPPER),
        "007": Meaning("Shipment Information Voided", _Status.CANCELLED, Reason.WITHDRAWN),
        # Collected
        "038": Meaning("Picked Up by UPS", _Status.PICKED_UP),
        "160": Meaning("We Have Your Package", _Status.PICKED_UP),
        "167": Meaning("Dropped off at UPS Store by Customer", _Status.PICKED_UP),
        "168": Meaning("Dropped off at Retail Location by Customer", _Status.PICKED_UP),
        "169": Meaning("Dropped off at a UPS Access Point by Customer", _Status.PICKED_UP),
        # On its way
        "005": Meaning("On the Way", _Status.IN_TRANSIT),
        "010": Meaning("On the Way", _Status.IN_TRANSIT),
        "014": Meaning("Clearance Completed", _Status.IN_TRANSIT),
        "025": Meaning("On the Way", _Status.IN_TRANSIT),
        "039": Meaning("On the Way", _Status.IN_TRANSIT),
        "047": Meaning("On the Way", _Status.IN_TRANSIT),
        "057": Meaning("On the Way to a Local UPS Access Point™", _Status.IN_TRANSIT),
        "070": Meaning("Package not at UPS Access Point™ yet", _Status.IN_TRANSIT),
        "071": Meaning("Preparing for Delivery", _Status.IN_TRANSIT),
        "072": Meaning("Loaded on Delivery Vehicle", _Status.IN_TRANSIT),
        "073": Meaning("In Transit to UPS Delivery Partner", _Status.IN_TRANSIT),
        "074": Meaning("UPS Delivery Partner has Shipment", _Status.IN_TRANSIT),
        "075": Meaning("Scheduled for Delivery", _Status.IN_TRANSIT),
        "084": Meaning("Cleared", _Status.IN_TRANSIT),
        "087": Meaning("On the Way", _Status.IN_TRANSIT),
        "094": Meaning("Premier Recovery Completed", _Status.IN_TRANSIT),
        "134": Meaning("Cleared Import Customs", _Status.IN_TRANSIT),
        "137": Meaning("Transferred to UPS Delivery Partner", _Status.IN_TRANSIT),
        "138": Meaning("Awaiting Scheduled Departure", _Status.IN_TRANSIT),
        "143": Meaning("Delivered to Agent", _Status.IN_TRANSIT),
        "153": Meaning("Updated Delivery Time", _Status.IN_TRANSIT),
        "154": Meaning("Updated Delivery Date", _Status.IN_TRANSIT),
        "158": Meaning("On the Way", _Status.IN_TRANSIT),
        "159": Meaning("On the Way", _Status.IN_TRANSIT),
        "164": Meaning("On the Way", _Status.IN_TRANSIT),
        "165": Meaning("On the Way", _Status.IN_TRANSIT),
        # What somebody wishes
        "018": Meaning("Delivery Change Requested: Hold for Pickup", _Status.IN_TRANSIT),
        "020": Meaning("Held for Future Delivery Requested", _Status.IN_TRANSIT),
        "027": Meaning("Delivery Address Change Requested", _Status.IN_TRANSIT),
        "028": Meaning("Delivery Address Changed", _Status.IN_TRANSIT),
        "041": Meaning("Service Upgrade Requested", _Status.IN_TRANSIT),
        "042": Meaning("Service Upgraded", _Status.IN_TRANSIT),
        "054": Meaning("Delivery Change Requested", _Status.IN_TRANSIT),
        "056": Meaning("Service Upgrade Requested", _Status.IN_TRANSIT),
        "063": Meaning("Delivery Change Completed", _Status.IN_TRANSIT),
        "082": Meaning("Delivery Instructions Received", _Status.IN_TRANSIT),
        "095": Meaning("Additional Attempt Requested", _Status.IN_TRANSIT),
        "096": Meaning("Address Change Confirmed", _Status.IN_TRANSIT),
        "097": Meaning("Address Change Requested", _Status.IN_TRANSIT),
        "098": Meaning("Deliver to Original Address Requested", _Status.IN_TRANSIT),
        "099": Meaning("Deliver to Original Address Confirmed", _Status.IN_TRANSIT),
        "100": Meaning("Hold at UPS Access Point™ Confirmed", _Status.IN_TRANSIT),
        "101": Meaning("Hold at UPS Access Point™ Requested", _Status.IN_TRANSIT),
        "102": Meaning("Hold for Courier Requested", _Status.IN_TRANSIT),
        "103": Meaning("Hold for Courier Confirmed", _Status.IN_TRANSIT),
        "105": Meaning("Hold for Instructions Requested", _Status.IN_TRANSIT),
        "106": Meaning("Hold for Pickup Confirmed", _Status.IN_TRANSIT),
        "107": Meaning("Hold for Pickup Requested", _Status.IN_TRANSIT),
        "108": Meaning("Hold for Pickup Today Confirmed", _Status.IN_TRANSIT),
        "109": Meaning("Hold for Pickup Today Requested", _Status.IN_TRANSIT),
        "110": Meaning("Refrigeration Confirmed", _Status.IN_TRANSIT),
        "111": Meaning("Refrigeration Requested", _Status.IN_TRANSIT),
        "112": Meaning("Re-Ice Confirmed", _Status.IN_TRANSIT),
        "113": Meaning("Re-Ice Requested", _Status.IN_TRANSIT),
        "114": Meaning("Request Canceled", _Status.IN_TRANSIT),
        "115": Meaning("Reschedule Delivery Confirmed", _Status.IN_TRANSIT),
        "116": Meaning("Reschedule Delivery Requested", _Status.IN_TRANSIT),
        "117": Meaning("Return by Saturday Confirmed", _Status.IN_TRANSIT),
        "120": Meaning("Saturday Delivery Confirmed", _Status.IN_TRANSIT),
        "121": Meaning("Saturday Delivery Requested", _Status.IN_TRANSIT),
        "122": Meaning("Upgrade Confirmed", _Status.IN_TRANSIT),
        "136": Meaning("Delivery Rescheduled for Saturday", _Status.IN_TRANSIT),
        # Customs
        "012": Meaning("Clearance in Progress", _Status.CUSTOMS),
        "092": Meaning("Customs Clearance in Progress", _Status.CUSTOMS),
        "123": Meaning("Pending Release From Non-UPS Broker", _Status.CUSTOMS),
        "126": Meaning("Pending Government Agency Release", _Status.CUSTOMS),
        "058": Meaning(
            "Clearance Information Required",
            _Status.EXCEPTION,
            Reason.CUSTOMS_PROBLEM,
            Owner.SHIPPER,
            action_required=True,
        ),
        "124": Meaning(
            "Clearance Information Needed",
            _Status.EXCEPTION,
            Reason.CUSTOMS_PROBLEM,
            Owner.SHIPPER,
            action_required=True,
        ),
        "125": Meaning(
            "Clearance Information Needed",
            _Status.EXCEPTION,
            Reason.CUSTOMS_PROBLEM,
            Owner.SHIPPER,
            action_required=True,
        ),
        "141": Meaning(
            "Incomplete Documentation Received",
            _Status.EXCEPTION,
            Reason.CUSTOMS_PROBLEM,
            Owner.SHIPPER,
            action_required=True,
        ),
        # To the recipient
        "006": Meaning("Out for Delivery", _Status.OUT_FOR_DELIVERY),
        "021": Meaning("Out for Delivery", _Status.OUT_FOR_DELIVERY),
        "078": Meaning("Your Driver is Arriving Soon!", _Status.OUT_FOR_DELIVERY),
        "089": Meaning("Out for Delivery", _Status.OUT_FOR_DELIVERY),
        "091": Meaning("Out for Delivery", _Status.OUT_FOR_DELIVERY),
        "146": Meaning("Out for Delivery", _Status.OUT_FOR_DELIVERY),
        "162": Meaning("Out for Delivery", _Status.OUT_FOR_DELIVERY),
        "022": Meaning("First Attempt Made", _Status.DELIVERY_ATTEMPTED, Reason.DELIVERY_FAILED),
        "023": Meaning("Second Delivery Attempted", _Status.DELIVERY_ATTEMPTED, Reason.DELIVERY_FAILED),
        "024": Meaning("Final Attempt Made", _Status.DELIVERY_ATTEMPTED, Reason.DELIVERY_FAILED, action_required=True),
        "060": Meaning("Delivery Attempted", _Status.DELIVERY_ATTEMPTED, Reason.DELIVERY_FAILED),
        "061": Meaning(
            "Delivery Attempted: Adult Signature Required",
            _Status.DELIVERY_ATTEMPTED,
            Reason.RECIPIENT_UNREACHABLE,
            Owner.RECIPIENT,
        ),
        "062": Meaning(
            "Delivery Attempted: Funds Required", _Status.DELIVERY_ATTEMPTED, Reason.PAYMENT_DUE, Owner.RECIPIENT
        ),
        "066": Meaning("Post Office Delivery Attempted", _Status.DELIVERY_ATTEMPTED, Reason.DELIVERY_FAILED),
        "145": Meaning("Delivery Attempted", _Status.DELIVERY_ATTEMPTED, Reason.DELIVERY_FAILED),
        "017": Meaning("Held for Customer Pickup", _Status.AVAILABLE_FOR_PICKUP),
        "040": Meaning("Ready for Customer Pickup", _Status.AVAILABLE_FOR_PICKUP),
        "144": Meaning("Delivered to Post Office for Pickup", _Status.AVAILABLE_FOR_PICKUP),
        "161": Meaning("Delivered to UPS Access Point", _Status.AVAILABLE_FOR_PICKUP),
        "011": Meaning("Delivered", _Status.DELIVERED),
        "026": Meaning("Delivered by Local Post Office", _Status.DELIVERED),
        "155": Meaning("Delivery Photo", _Status.DELIVERED),
        "156": Meaning("Commercial Inside Release", _Status.DELIVERED),
        # What went wrong
        "013": Meaning("Exception", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "016": Meaning("In Warehouse", _Status.EXCEPTION, Reason.HELD, Owner.CARRIER),
        "019": Meaning("Held for Future Delivery", _Status.EXCEPTION, Reason.HELD, Owner.RECIPIENT),
        "029": Meaning("Exception: Action Required", _Status.EXCEPTION, Reason.PROBLEM, action_required=True),
        "030": Meaning("Local Post Office Exception", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "032": Meaning("Adverse Weather May Cause Delay", _Status.EXCEPTION, Reason.DELAYED, Owner.EXTERNAL),
        "033": Meaning("Return to Sender Requested", _Status.EXCEPTION, Reason.WITHDRAWN, Owner.SHIPPER),
        "046": Meaning("Delay", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "048": Meaning("Delay", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "049": Meaning("Delay: Action Required", _Status.EXCEPTION, Reason.DELAYED, action_required=True),
        "050": Meaning(
            "Address Information Required", _Status.EXCEPTION, Reason.WRONG_ADDRESS, Owner.SHIPPER, action_required=True
        ),
        "051": Meaning(
            "Delay: Emergency Situation or Severe Weather", _Status.EXCEPTION, Reason.DELAYED, Owner.EXTERNAL
        ),
        "052": Meaning("Delay: Severe Weather", _Status.EXCEPTION, Reason.DELAYED, Owner.EXTERNAL),
        "053": Meaning("Delay: Severe Weather", _Status.EXCEPTION, Reason.DELAYED, Owner.EXTERNAL),
        "055": Meaning("Rescheduled Delivery", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "059": Meaning("Damage Reported", _Status.EXCEPTION, Reason.DAMAGED, Owner.CARRIER, action_required=True),
        "064": Meaning("Delivery Refused", _Status.EXCEPTION, Reason.REFUSED, Owner.RECIPIENT, action_required=True),
        "068": Meaning("Sent to Lost and Found", _Status.EXCEPTION, Reason.LOST, Owner.CARRIER, action_required=True),
        "069": Meaning(
            "Unable to Deliver", _Status.EXCEPTION, Reason.DELIVERY_FAILED, Owner.CARRIER, action_required=True
        ),
        "076": Meaning("UPS Delivery Partner Exception", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "083": Meaning("Held", _Status.EXCEPTION, Reason.HELD, Owner.CARRIER),
        "085": Meaning(
            "Held for COD Payment", _Status.EXCEPTION, Reason.PAYMENT_DUE, Owner.RECIPIENT, action_required=True
        ),
        "086": Meaning("Delay", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "090": Meaning("Delay", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "093": Meaning("Premier Recovery In Progress", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "104": Meaning(
            "Hold for Instructions Confirmed", _Status.EXCEPTION, Reason.HELD, Owner.SHIPPER, action_required=True
        ),
        "119": Meaning("Return to Sender Requested", _Status.EXCEPTION, Reason.WITHDRAWN, Owner.SHIPPER),
        "129": Meaning("Investigation Opened", _Status.EXCEPTION, Reason.LOST, Owner.CARRIER),
        "130": Meaning("Claim in Progress", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "132": Meaning("Airport Security Delay", _Status.EXCEPTION, Reason.DELAYED, Owner.EXTERNAL),
        "139": Meaning(
            "Security Access Required", _Status.EXCEPTION, Reason.DELIVERY_FAILED, Owner.RECIPIENT, action_required=True
        ),
        "147": Meaning(
            "Seized by Law Enforcement, No Longer in UPS possession",
            _Status.EXCEPTION,
            Reason.HELD,
            Owner.EXTERNAL,
            action_required=True,
        ),
        "149": Meaning(
            "Prohibited Contents, Package Destroyed No Longer in UPS possession",
            _Status.EXCEPTION,
            Reason.DESTROYED,
            Owner.CARRIER,
            action_required=True,
        ),
        # On the way back
        "034": Meaning("Returned to Sender", _Status.RETURNED, returning=True),
        "067": Meaning("Returned to Sender by Post Office", _Status.RETURNED, returning=True),
        "081": Meaning("Returned - Damage Reported", _Status.RETURNED, Reason.DAMAGED, Owner.CARRIER, returning=True),
        "035": Meaning("Returning to Sender", _Status.RETURNING, returning=True),
        "036": Meaning("Returning to Sender: In Transit", _Status.RETURNING, returning=True),
        "037": Meaning("Out for Delivery", _Status.RETURNING, returning=True),
        "118": Meaning("Return to Sender Confirmed", _Status.RETURNING, returning=True),
        # Says nothing of where the parcel is
        "000": Meaning("Status Not Available", _Status.UNKNOWN),
        "088": Meaning("Test", _Status.UNKNOWN),
        "127": Meaning("Investigation Closed", _Status.UNKNOWN),
        "128": Meaning("Investigation Canceled", _Status.UNKNOWN),
        "140": Meaning("Claim Paid - Claim Payment Has Been Processed.", _Status.UNKNOWN),
        "142": Meaning("Claim Voided", _Status.UNKNOWN),
        "148": Meaning("Package Information Unavailable", _Status.UNKNOWN),
        "163": Meaning("Package Information Unavailable", _Status.UNKNOWN),
    }
)
"""From each code to its meaning."""
