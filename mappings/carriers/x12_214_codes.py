"""X12 214: every shipment status (element 1650), 42, its reasons (1651), 86, and every appointment status (1652), 9.

Source: ASC X12 release 004010, whose own tables are sold. The rows follow copies of them in public integrations, two of
1650 and 1651 and one of 1652 (beside https://stedi.com/edi/x12-007040/element/1652), which agree but for what the
shorter ones leave out; a public reading of that release counts 42, 86 and 9 as well. Later releases add codes: they are
told as unknown until they stand here. Reasons and appointments have a word before their code, as the lists share codes.

A reason counts where the status says that something went wrong, and says why and in whose hands it lies; NS and NA say
that nothing did. Estimates and appointments say what is to come, not where the shipment is: their date is expected,
where it is that of the delivery. D1 is the delivery; that the carrier left the place (CD) proves none.
"""

from types import MappingProxyType

from contracts.tracking import Owner, Reason, TrackingStatus
from mappings.meaning import Meaning

_Status = TrackingStatus

CODES = MappingProxyType(
    {
        # Before the carrier has it
        "L1": Meaning("Loading", _Status.REGISTERED),
        "X3": Meaning("Arrived at Pick-up Location", _Status.REGISTERED),
        "X8": Meaning("Arrived at Pick-up Location Loading Dock", _Status.REGISTERED),
        "XB": Meaning("Shipment Acknowledged", _Status.REGISTERED),
        "CA": Meaning("Shipment Cancelled", _Status.CANCELLED, Reason.WITHDRAWN),
        # Collected
        "AF": Meaning("Carrier Departed Pick-up Location with Shipment", _Status.PICKED_UP),
        "CP": Meaning("Completed Loading at Pick-up Location", _Status.PICKED_UP),
        # On its way
        "AI": Meaning("Shipment has been Reconsigned", _Status.IN_TRANSIT),
        "AM": Meaning("Loaded on Truck", _Status.IN_TRANSIT),
        "AN": Meaning("Diverted to Air Carrier", _Status.IN_TRANSIT),
        "AR": Meaning("Rail Arrival at Destination Intermodal Ramp", _Status.IN_TRANSIT),
        "AV": Meaning("Available for Delivery", _Status.IN_TRANSIT),
        "BA": Meaning("Connecting Line or Cartage Pick-up", _Status.IN_TRANSIT),
        "CL": Meaning("Trailer Closed Out", _Status.IN_TRANSIT),
        "I1": Meaning("In-Gate", _Status.IN_TRANSIT),
        "J1": Meaning("Delivered to Connecting Line", _Status.IN_TRANSIT),
        "OA": Meaning("Out-Gate", _Status.IN_TRANSIT),
        "P1": Meaning("Departed Terminal Location", _Status.IN_TRANSIT),
        "R1": Meaning("Received from Prior Carrier", _Status.IN_TRANSIT),
        "RL": Meaning("Rail Departure from Origin Intermodal Ramp", _Status.IN_TRANSIT),
        "X4": Meaning("Arrived at Terminal Location", _Status.IN_TRANSIT),
        "X6": Meaning("En Route to Delivery Location", _Status.IN_TRANSIT),
        "K1": Meaning("Arrived at Customs", _Status.CUSTOMS),
        # To the recipient
        "AJ": Meaning("Tendered for Delivery", _Status.OUT_FOR_DELIVERY),
        "S1": Meaning("Trailer Spotted at Consignee's Location", _Status.OUT_FOR_DELIVERY),
        "X1": Meaning("Arrived at Delivery Location", _Status.OUT_FOR_DELIVERY),
        "X5": Meaning("Arrived at Delivery Location Loading Dock", _Status.OUT_FOR_DELIVERY),
        "AH": Meaning("Attempted Delivery", _Status.DELIVERY_ATTEMPTED, Reason.DELIVERY_FAILED),
        "D1": Meaning("Completed Unloading at Delivery Location", _Status.DELIVERED),
        "A3": Meaning("Shipment Returned to Shipper", _Status.RETURNED, returning=True),
        # What went wrong
        "A7": Meaning("Refused by Consignee", _Status.EXCEPTION, Reason.REFUSED, Owner.RECIPIENT, action_required=True),
        "A9": Meaning("Shipment Damaged", _Status.EXCEPTION, Reason.DAMAGED, Owner.CARRIER, action_required=True),
        "AP": Meaning("Delivery Not Completed", _Status.EXCEPTION, Reason.DELIVERY_FAILED),
        "BC": Meaning("Storage in Transit", _Status.EXCEPTION, Reason.HELD, Owner.CARRIER),
        "OO": Meaning(
            "Paperwork Received - Did not Receive Shipment or Equipment",
            _Status.EXCEPTION,
            Reason.PROBLEM,
            Owner.SHIPPER,
        ),
        "PR": Meaning(
            "U.S. Customs Hold at In-Bond Location", _Status.EXCEPTION, Reason.CUSTOMS_PROBLEM, Owner.CUSTOMS
        ),
        "SD": Meaning("Shipment Delayed", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        # Says nothing of where the shipment is
        "AG": Meaning("Estimated Delivery", _Status.UNKNOWN),
        "B6": Meaning("Estimated to Arrive at Carrier Terminal", _Status.UNKNOWN),
        "C1": Meaning("Estimated to Depart Terminal Location", _Status.UNKNOWN),
        "X2": Meaning("Estimated Date and/or Time of Arrival at Consignee's Location", _Status.UNKNOWN),
        "CD": Meaning("Carrier Departed Delivery Location", _Status.UNKNOWN),
        # Reasons, in the carrier's hands
        "reason/A1": Meaning("Missed Delivery", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/A3": Meaning("Indirect Delivery", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "reason/AA": Meaning("Mis-sort", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/AF": Meaning("Accident", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/AH": Meaning("Driver Related", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/AI": Meaning("Mechanical Breakdown", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/AJ": Meaning("Other Carrier Related", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/AK": Meaning("Damaged, Rewrapped in Hub", _Status.EXCEPTION, Reason.DAMAGED, Owner.CARRIER),
        "reason/AL": Meaning("Previous Stop", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/AV": Meaning("Exceeds Service Limitations", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "reason/AW": Meaning("Past Cut-off Time", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/AY": Meaning("Missed Pick-up", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/AZ": Meaning("Alternate Carrier Delivered", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "reason/BF": Meaning("Carrier Keying Error", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "reason/BH": Meaning(
            "Insufficient Time to Complete Delivery", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER
        ),
        "reason/BI": Meaning("Cartage Agent", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/BL": Meaning("Held for Protective Service", _Status.EXCEPTION, Reason.HELD, Owner.CARRIER),
        "reason/BM": Meaning("Flatcar Shortage", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/BO": Meaning("Railroad Failed to Meet Schedule", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/BP": Meaning("Load Shifted", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/BR": Meaning("Train Derailment", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/D1": Meaning("Carrier Dispatch Error", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/D2": Meaning("Driver Not Available", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/P1": Meaning("Processing Delay", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/P2": Meaning("Waiting Inspection", _Status.EXCEPTION, Reason.HELD, Owner.CARRIER),
        "reason/P4": Meaning("Held for Full Carrier Load", _Status.EXCEPTION, Reason.HELD, Owner.CARRIER),
        "reason/S1": Meaning(
            "Delivery Shortage", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER, action_required=True
        ),
        "reason/T1": Meaning(
            "Tractor With Sleeper Car Not Available", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER
        ),
        "reason/T2": Meaning("Tractor, Conventional, Not Available", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/T3": Meaning("Trailer not Available", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/T4": Meaning(
            "Trailer Not Usable Due to Prior Product", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER
        ),
        "reason/T5": Meaning("Trailer Class Not Available", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/T6": Meaning("Trailer Volume Not Available", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/T7": Meaning("Insufficient Delivery Time", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        # Reasons, in the shipper's hands
        "reason/A2": Meaning(
            "Incorrect Address", _Status.EXCEPTION, Reason.WRONG_ADDRESS, Owner.SHIPPER, action_required=True
        ),
        "reason/A5": Meaning(
            "Unable to Locate", _Status.EXCEPTION, Reason.WRONG_ADDRESS, Owner.SHIPPER, action_required=True
        ),
        "reason/A6": Meaning(
            "Address Corrected - Delivery Attempted", _Status.EXCEPTION, Reason.WRONG_ADDRESS, Owner.SHIPPER
        ),
        "reason/AE": Meaning(
            "Restricted Articles Unacceptable", _Status.EXCEPTION, Reason.HELD, Owner.SHIPPER, action_required=True
        ),
        "reason/AM": Meaning("Shipper Related", _Status.EXCEPTION, Reason.PROBLEM, Owner.SHIPPER),
        "reason/AR": Meaning(
            "Improper International Paperwork",
            _Status.EXCEPTION,
            Reason.CUSTOMS_PROBLEM,
            Owner.SHIPPER,
            action_required=True,
        ),
        "reason/AS": Meaning(
            "Hold Due to Customs Documentation Problems",
            _Status.EXCEPTION,
            Reason.CUSTOMS_PROBLEM,
            Owner.SHIPPER,
            action_required=True,
        ),
        "reason/AX": Meaning("Insufficient Pick-up Time", _Status.EXCEPTION, Reason.DELAYED, Owner.SHIPPER),
        "reason/BB": Meaning("Held per Shipper", _Status.EXCEPTION, Reason.HELD, Owner.SHIPPER),
        "reason/BC": Meaning("Missing Documents", _Status.EXCEPTION, Reason.HELD, Owner.SHIPPER, action_required=True),
        "reason/BN": Meaning(
            "Failed to Release Billing", _Status.EXCEPTION, Reason.HELD, Owner.SHIPPER, action_required=True
        ),
        "reason/BQ": Meaning(
            "Shipment Overweight", _Status.EXCEPTION, Reason.HELD, Owner.SHIPPER, action_required=True
        ),
        "reason/BT": Meaning("Returned to Shipper", _Status.EXCEPTION, Reason.WITHDRAWN, Owner.SHIPPER, returning=True),
        "reason/C6": Meaning(
            "Waiting Shipping Instructions", _Status.EXCEPTION, Reason.HELD, Owner.SHIPPER, action_required=True
        ),
        "reason/CB": Meaning(
            "No Requested Arrival Date Provided by Shipper",
            _Status.EXCEPTION,
            Reason.HELD,
            Owner.SHIPPER,
            action_required=True,
        ),
        "reason/CC": Meaning(
            "No Requested Arrival Time Provided by Shipper",
            _Status.EXCEPTION,
            Reason.HELD,
            Owner.SHIPPER,
            action_required=True,
        ),
        "reason/P3": Meaning("Production Falldown", _Status.EXCEPTION, Reason.DELAYED, Owner.SHIPPER),
        "reason/RC": Meaning("Reconsigned", _Status.EXCEPTION, Reason.PROBLEM, Owner.SHIPPER),
        # Reasons, in the recipient's hands
        "reason/AD": Meaning("Customer Requested Future Delivery", _Status.EXCEPTION, Reason.HELD, Owner.RECIPIENT),
        "reason/AG": Meaning("Consignee Related", _Status.EXCEPTION, Reason.PROBLEM, Owner.RECIPIENT),
        "reason/AQ": Meaning(
            "Recipient Unavailable - Delivery Delayed", _Status.EXCEPTION, Reason.RECIPIENT_UNREACHABLE, Owner.RECIPIENT
        ),
        "reason/AT": Meaning(
            "Unable to Contact Recipient for Broker Information",
            _Status.EXCEPTION,
            Reason.CUSTOMS_PROBLEM,
            Owner.RECIPIENT,
            action_required=True,
        ),
        "reason/B1": Meaning("Consignee Closed", _Status.EXCEPTION, Reason.RECIPIENT_UNREACHABLE, Owner.RECIPIENT),
        "reason/B2": Meaning("Trap for Customer", _Status.EXCEPTION, Reason.HELD, Owner.RECIPIENT),
        "reason/B4": Meaning(
            "Held for Payment", _Status.EXCEPTION, Reason.PAYMENT_DUE, Owner.RECIPIENT, action_required=True
        ),
        "reason/B5": Meaning("Held for Consignee", _Status.EXCEPTION, Reason.HELD, Owner.RECIPIENT),
        "reason/B8": Meaning(
            "Improper Unloading Facility or Equipment",
            _Status.EXCEPTION,
            Reason.DELIVERY_FAILED,
            Owner.RECIPIENT,
            action_required=True,
        ),
        "reason/B9": Meaning("Receiving Time Restricted", _Status.EXCEPTION, Reason.DELAYED, Owner.RECIPIENT),
        "reason/BJ": Meaning("Customer Wanted Earlier Delivery", _Status.EXCEPTION, Reason.PROBLEM, Owner.RECIPIENT),
        "reason/BK": Meaning("Prearranged Appointment", _Status.EXCEPTION, Reason.HELD, Owner.RECIPIENT),
        "reason/BS": Meaning(
            "Refused by Customer", _Status.EXCEPTION, Reason.REFUSED, Owner.RECIPIENT, action_required=True
        ),
        "reason/C1": Meaning(
            "Waiting for Customer Pick-up", _Status.EXCEPTION, Reason.HELD, Owner.RECIPIENT, action_required=True
        ),
        "reason/C3": Meaning("Suspended at Customer Request", _Status.EXCEPTION, Reason.HELD, Owner.RECIPIENT),
        "reason/C4": Meaning("Customer Vacation", _Status.EXCEPTION, Reason.RECIPIENT_UNREACHABLE, Owner.RECIPIENT),
        "reason/C5": Meaning("Customer Strike", _Status.EXCEPTION, Reason.RECIPIENT_UNREACHABLE, Owner.RECIPIENT),
        "reason/C7": Meaning("Waiting for Customer Specified Carrier", _Status.EXCEPTION, Reason.HELD, Owner.RECIPIENT),
        "reason/C8": Meaning(
            "Collect on Delivery Required", _Status.EXCEPTION, Reason.PAYMENT_DUE, Owner.RECIPIENT, action_required=True
        ),
        "reason/C9": Meaning(
            "Cash Not Available From Consignee",
            _Status.EXCEPTION,
            Reason.PAYMENT_DUE,
            Owner.RECIPIENT,
            action_required=True,
        ),
        "reason/HB": Meaning(
            "Held Pending Appointment", _Status.EXCEPTION, Reason.HELD, Owner.RECIPIENT, action_required=True
        ),
        # Reasons, in nobody's hands, or in those of customs
        "reason/AN": Meaning("Holiday - Closed", _Status.EXCEPTION, Reason.DELAYED, Owner.EXTERNAL),
        "reason/AO": Meaning("Weather or Natural Disaster Related", _Status.EXCEPTION, Reason.DELAYED, Owner.EXTERNAL),
        "reason/AP": Meaning("Awaiting Export", _Status.EXCEPTION, Reason.DELAYED, Owner.EXTERNAL),
        "reason/AU": Meaning("Civil Event Related Delay", _Status.EXCEPTION, Reason.DELAYED, Owner.EXTERNAL),
        "reason/BE": Meaning("Road Conditions", _Status.EXCEPTION, Reason.DELAYED, Owner.EXTERNAL),
        "reason/F2": Meaning("International Non-carrier Delay", _Status.EXCEPTION, Reason.DELAYED, Owner.EXTERNAL),
        "reason/BD": Meaning("Border Clearance", _Status.EXCEPTION, Reason.CUSTOMS_PROBLEM, Owner.CUSTOMS),
        "reason/CA": Meaning("Customs (Import or Export)", _Status.EXCEPTION, Reason.CUSTOMS_PROBLEM, Owner.CUSTOMS),
        "reason/F1": Meaning("Non-Express Clearance Delay", _Status.EXCEPTION, Reason.CUSTOMS_PROBLEM, Owner.CUSTOMS),
        "reason/BG": Meaning("Other", _Status.EXCEPTION, Reason.PROBLEM),
        "reason/C2": Meaning("Credit Hold", _Status.EXCEPTION, Reason.PAYMENT_DUE, action_required=True),
        # Nothing to explain: the status is as it is without one, here that of a delay
        "reason/NA": Meaning("Normal Appointment", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/NS": Meaning("Normal Status", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        # Appointments
        "appointment/AA": Meaning("Pick-up Appointment Date and/or Time", _Status.UNKNOWN),
        "appointment/AB": Meaning("Delivery Appointment Date and/or Time", _Status.UNKNOWN),
        "appointment/AC": Meaning("Estimated Delivery Appointment Date and/or Time", _Status.UNKNOWN),
        "appointment/ED": Meaning("Deliver No Earlier Than Date and/or Time", _Status.UNKNOWN),
        "appointment/EP": Meaning("Pick-up No Earlier Than Date and/or Time", _Status.UNKNOWN),
        "appointment/LD": Meaning("Deliver No Later Than Date and/or Time", _Status.UNKNOWN),
        "appointment/LP": Meaning("Pick-up No Later Than Date and/or Time", _Status.UNKNOWN),
        "appointment/X9": Meaning("Delivery Appointment Secured on This Date and/or Time", _Status.UNKNOWN),
        "appointment/XA": Meaning("Pick-up Appointment Secured on This Date and/or Time", _Status.UNKNOWN),
    }
)
"""From each code to its meaning."""
