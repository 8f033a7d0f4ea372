"""IFTSTA: every status event (element 9011), 103, and every reason for one (9013), 65, of UN/EDIFACT D.96B.

Source: UNCL 9011 and 9013 of the directories from D.96A to D.98B, https://stedi.com/edi/edifact/D96B/elements/9011 and
https://stedi.com/edi/edifact/D98B/elements/9013, whose beginnings could be read there; all rows stand in a public test
of a parser. From D.99A on, STS names UN/ECE Recommendation 24 instead (element 4405), which has these codes and many
more: the others are told as unknown until they stand here. Reasons have a word before their code, as the lists share
codes.

A reason counts where the status says that something went wrong. A status that is about a container's or a vehicle's own
life says nothing of where the consignment is.
"""

from types import MappingProxyType

from contracts.tracking import Owner, Reason, TrackingStatus
from mappings.meaning import Meaning

_Status = TrackingStatus

CODES = MappingProxyType(
    {
        # Before the carrier has it
        "2": Meaning("Authorized to load", _Status.REGISTERED),
        "6": Meaning("Booked", _Status.REGISTERED),
        "50": Meaning("Manifested", _Status.REGISTERED),
        "68": Meaning("Pre-informed", _Status.REGISTERED),
        "71": Meaning("Ready for transportation", _Status.REGISTERED),
        "84": Meaning("Service ordered", _Status.REGISTERED),
        "7": Meaning("Booking cancelled", _Status.CANCELLED, Reason.WITHDRAWN),
        # Collected
        "13": Meaning("Collected", _Status.PICKED_UP),
        # On its way
        "1": Meaning("Arrived", _Status.IN_TRANSIT),
        "8": Meaning("Cleared import restrictions", _Status.IN_TRANSIT),
        "9": Meaning("Cleared export restrictions", _Status.IN_TRANSIT),
        "10": Meaning("Cleared by agriculture, food or fisheries authorities", _Status.IN_TRANSIT),
        "11": Meaning("Cleared by port authority", _Status.IN_TRANSIT),
        "12": Meaning("Cleared by customs", _Status.IN_TRANSIT),
        "15": Meaning("Consolidated", _Status.IN_TRANSIT),
        "16": Meaning("Crossed border", _Status.IN_TRANSIT),
        "24": Meaning("Departed", _Status.IN_TRANSIT),
        "26": Meaning("Deramped", _Status.IN_TRANSIT),
        "27": Meaning("Despatched", _Status.IN_TRANSIT),
        "28": Meaning("Stripped", _Status.IN_TRANSIT),
        "29": Meaning("Discharged", _Status.IN_TRANSIT),
        "31": Meaning("En route", _Status.IN_TRANSIT),
        "35": Meaning("Expedited to destination", _Status.IN_TRANSIT),
        "37": Meaning("Found", _Status.IN_TRANSIT),
        "39": Meaning("From bond", _Status.IN_TRANSIT),
        "40": Meaning("Goods/consignments/equipment at port", _Status.IN_TRANSIT),
        "41": Meaning("Handover", _Status.IN_TRANSIT),
        "42": Meaning("Handover delivered", _Status.IN_TRANSIT),
        "43": Meaning("Handover received", _Status.IN_TRANSIT),
        "44": Meaning("Ill-routed consignment reforwarded", _Status.IN_TRANSIT),
        "45": Meaning("Informed Consignee of arrival", _Status.IN_TRANSIT),
        "47": Meaning("Into packing depot", _Status.IN_TRANSIT),
        "48": Meaning("Loaded", _Status.IN_TRANSIT),
        "59": Meaning("Off loaded", _Status.IN_TRANSIT),
        "67": Meaning("Positioned goods/consignments/equipment", _Status.IN_TRANSIT),
        "70": Meaning("Ramped equipment", _Status.IN_TRANSIT),
        "74": Meaning("Received", _Status.IN_TRANSIT),
        "75": Meaning("Reconsigned", _Status.IN_TRANSIT),
        "76": Meaning("Reforwarding on request", _Status.IN_TRANSIT),
        "78": Meaning("Released", _Status.IN_TRANSIT),
        "79": Meaning("Reloaded", _Status.IN_TRANSIT),
        "88": Meaning("Split", _Status.IN_TRANSIT),
        "91": Meaning("Stored", _Status.IN_TRANSIT),
        "92": Meaning("Stowed", _Status.IN_TRANSIT),
        "93": Meaning("Stuffed", _Status.IN_TRANSIT),
        "94": Meaning("Stuffed and sealed", _Status.IN_TRANSIT),
        "98": Meaning("Transferred in", _Status.IN_TRANSIT),
        "99": Meaning("Transferred out", _Status.IN_TRANSIT),
        "100": Meaning("Transhipment", _Status.IN_TRANSIT),
        "46": Meaning("Into bond", _Status.CUSTOMS),
        # To the recipient
        "21": Meaning("Delivered", _Status.DELIVERED),
        "22": Meaning("Delivery completed", _Status.DELIVERED),
        "72": Meaning("Receipt fully acknowledged", _Status.DELIVERED),
        "73": Meaning("Receipt partially acknowledged", _Status.PARTIALLY_DELIVERED),
        "80": Meaning("Returned as instructed", _Status.RETURNED, returning=True),
        "81": Meaning("Returned as wreck", _Status.RETURNED, Reason.DAMAGED, Owner.CARRIER, returning=True),
        "82": Meaning("Returned", _Status.RETURNED, returning=True),
        # What went wrong
        "3": Meaning(
            "Arrived in defective condition", _Status.EXCEPTION, Reason.DAMAGED, Owner.CARRIER, action_required=True
        ),
        "17": Meaning(
            "Customs refusal", _Status.EXCEPTION, Reason.CUSTOMS_PROBLEM, Owner.CUSTOMS, action_required=True
        ),
        "18": Meaning("Damaged", _Status.EXCEPTION, Reason.DAMAGED, Owner.CARRIER, action_required=True),
        "20": Meaning("Delayed", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "23": Meaning("Delivery not completed", _Status.EXCEPTION, Reason.DELIVERY_FAILED),
        "25": Meaning("Departure delay", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "30": Meaning("Empty on inspection", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER, action_required=True),
        "36": Meaning("Not found", _Status.EXCEPTION, Reason.LOST, Owner.CARRIER, action_required=True),
        "49": Meaning("Lost", _Status.EXCEPTION, Reason.LOST, Owner.CARRIER, action_required=True),
        "51": Meaning("Means of transport damaged", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "52": Meaning("Mechanical breakdown", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "53": Meaning("No pick-up", _Status.EXCEPTION, Reason.PROBLEM, Owner.SHIPPER),
        "54": Meaning("Not identified", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "55": Meaning("Not collected", _Status.EXCEPTION, Reason.NOT_COLLECTED),
        "56": Meaning("Not delivered", _Status.EXCEPTION, Reason.DELIVERY_FAILED),
        "57": Meaning("Not loaded", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "62": Meaning("Over landed", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "63": Meaning("Package not ready", _Status.EXCEPTION, Reason.DELAYED, Owner.SHIPPER),
        "66": Meaning("Plundered", _Status.EXCEPTION, Reason.LOST, Owner.CARRIER, action_required=True),
        "69": Meaning("Put to refuse", _Status.EXCEPTION, Reason.DESTROYED, Owner.CARRIER, action_required=True),
        "77": Meaning(
            "Refused without reason given", _Status.EXCEPTION, Reason.REFUSED, Owner.RECIPIENT, action_required=True
        ),
        "85": Meaning("Short landed", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER, action_required=True),
        "86": Meaning("Short shipped", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER, action_required=True),
        "87": Meaning("Sorted wrong route", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "90": Meaning("Stopped", _Status.EXCEPTION, Reason.HELD, Owner.CARRIER),
        "97": Meaning("Surveyed damage", _Status.EXCEPTION, Reason.DAMAGED, Owner.CARRIER, action_required=True),
        "101": Meaning("Transit delay", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "102": Meaning("Unknown goods/consignments/equipment", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        # Says nothing of where the consignment is
        "4": Meaning("Defective equipment release", _Status.UNKNOWN),
        "5": Meaning("Begun", _Status.UNKNOWN),
        "14": Meaning("Completed", _Status.UNKNOWN),
        "19": Meaning("Damaged equipment quoted", _Status.UNKNOWN),
        "32": Meaning("Equipment in from repair", _Status.UNKNOWN),
        "33": Meaning("Equipment out for repair", _Status.UNKNOWN),
        "34": Meaning("Equipment repaired", _Status.UNKNOWN),
        "38": Meaning("Freight paid", _Status.UNKNOWN),
        "58": Meaning("Off hire", _Status.UNKNOWN),
        "60": Meaning("On hire", _Status.UNKNOWN),
        "61": Meaning("Outstanding claims settled", _Status.UNKNOWN),
        "64": Meaning("Pick-up awaited", _Status.UNKNOWN),
        "65": Meaning("Plugged equipment", _Status.UNKNOWN),
        "83": Meaning("Sealed equipment", _Status.UNKNOWN),
        "89": Meaning("Steam cleaned", _Status.UNKNOWN),
        "95": Meaning("Sub-lease in", _Status.UNKNOWN),
        "96": Meaning("Sub-lease out", _Status.UNKNOWN),
        "103": Meaning("Unplugged equipment", _Status.UNKNOWN),
        # Reasons, in the carrier's hands
        "reason/1": Meaning("Address ex delivery area", _Status.EXCEPTION, Reason.OUT_OF_AREA, Owner.CARRIER),
        "reason/4": Meaning("Altered seals", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER, action_required=True),
        "reason/8": Meaning("Changed schedule", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/10": Meaning("Computer system down", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/14": Meaning("Damaged", _Status.EXCEPTION, Reason.DAMAGED, Owner.CARRIER, action_required=True),
        "reason/17": Meaning("Departure delay", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/18": Meaning("Derailment", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/22": Meaning("Empty", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER, action_required=True),
        "reason/23": Meaning("Equipment failure", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/27": Meaning(
            "Goods units missing", _Status.EXCEPTION, Reason.LOST, Owner.CARRIER, action_required=True
        ),
        "reason/33": Meaning(
            "Lost goods/consignments/equipment", _Status.EXCEPTION, Reason.LOST, Owner.CARRIER, action_required=True
        ),
        "reason/34": Meaning("Means of transport damaged", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/35": Meaning("Mechanical breakdown", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/36": Meaning("Mechanical inspection", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/40": Meaning("Not identified", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "reason/41": Meaning("Not loaded", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/44": Meaning("Package tracking number unknown", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "reason/45": Meaning("Partly missing", _Status.EXCEPTION, Reason.LOST, Owner.CARRIER, action_required=True),
        "reason/48": Meaning("Plundered", _Status.EXCEPTION, Reason.LOST, Owner.CARRIER, action_required=True),
        "reason/50": Meaning("Scheduled past cut-off", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/51": Meaning("Shunted to siding", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/53": Meaning("Sorted wrong route", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "reason/56": Meaning("Totally missing", _Status.EXCEPTION, Reason.LOST, Owner.CARRIER, action_required=True),
        "reason/57": Meaning("Tracking information unavailable", _Status.EXCEPTION, Reason.NO_NEWS, Owner.CARRIER),
        "reason/58": Meaning("Transit delay", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        # Reasons, in the shipper's hands
        "reason/2": Meaning("After transport departed", _Status.EXCEPTION, Reason.DELAYED, Owner.SHIPPER),
        "reason/9": Meaning(
            "Complementary address needed", _Status.EXCEPTION, Reason.WRONG_ADDRESS, Owner.SHIPPER, action_required=True
        ),
        "reason/16": Meaning(
            "Destination incorrect", _Status.EXCEPTION, Reason.WRONG_ADDRESS, Owner.SHIPPER, action_required=True
        ),
        "reason/25": Meaning(
            "Export restrictions", _Status.EXCEPTION, Reason.CUSTOMS_PROBLEM, Owner.SHIPPER, action_required=True
        ),
        "reason/26": Meaning(
            "Frustrated export", _Status.EXCEPTION, Reason.CUSTOMS_PROBLEM, Owner.SHIPPER, action_required=True
        ),
        "reason/28": Meaning(
            "Import restrictions", _Status.EXCEPTION, Reason.CUSTOMS_PROBLEM, Owner.SHIPPER, action_required=True
        ),
        "reason/29": Meaning("Incorrect pick information", _Status.EXCEPTION, Reason.PROBLEM, Owner.SHIPPER),
        "reason/30": Meaning(
            "Incorrect address", _Status.EXCEPTION, Reason.WRONG_ADDRESS, Owner.SHIPPER, action_required=True
        ),
        "reason/32": Meaning(
            "Instructions awaited", _Status.EXCEPTION, Reason.HELD, Owner.SHIPPER, action_required=True
        ),
        "reason/37": Meaning(
            "Missing and/or incorrect documents", _Status.EXCEPTION, Reason.HELD, Owner.SHIPPER, action_required=True
        ),
        "reason/39": Meaning(
            "No recipient contact information",
            _Status.EXCEPTION,
            Reason.RECIPIENT_UNREACHABLE,
            Owner.SHIPPER,
            action_required=True,
        ),
        "reason/43": Meaning("Package not ready", _Status.EXCEPTION, Reason.DELAYED, Owner.SHIPPER),
        "reason/54": Meaning(
            "Special service required", _Status.EXCEPTION, Reason.HELD, Owner.SHIPPER, action_required=True
        ),
        "reason/59": Meaning(
            "Unable to locate", _Status.EXCEPTION, Reason.WRONG_ADDRESS, Owner.SHIPPER, action_required=True
        ),
        # Reasons, in the recipient's hands
        "reason/3": Meaning("Agent refusal", _Status.EXCEPTION, Reason.REFUSED, Owner.RECIPIENT, action_required=True),
        "reason/5": Meaning("Appointment scheduled", _Status.EXCEPTION, Reason.HELD, Owner.RECIPIENT),
        "reason/7": Meaning("Business closed", _Status.EXCEPTION, Reason.RECIPIENT_UNREACHABLE, Owner.RECIPIENT),
        "reason/11": Meaning(
            "Credit approval requested", _Status.EXCEPTION, Reason.PAYMENT_DUE, Owner.RECIPIENT, action_required=True
        ),
        "reason/12": Meaning("Customer arrangements", _Status.EXCEPTION, Reason.HELD, Owner.RECIPIENT),
        "reason/15": Meaning(
            "Delivery at specific requested dates/times/periods", _Status.EXCEPTION, Reason.HELD, Owner.RECIPIENT
        ),
        "reason/21": Meaning("Due to customer", _Status.EXCEPTION, Reason.PROBLEM, Owner.RECIPIENT),
        "reason/38": Meaning("New delivery arrangements", _Status.EXCEPTION, Reason.HELD, Owner.RECIPIENT),
        "reason/46": Meaning(
            "Payment not received", _Status.EXCEPTION, Reason.PAYMENT_DUE, Owner.RECIPIENT, action_required=True
        ),
        "reason/47": Meaning(
            "Payment refused", _Status.EXCEPTION, Reason.PAYMENT_DUE, Owner.RECIPIENT, action_required=True
        ),
        "reason/49": Meaning(
            "Refused without reason given", _Status.EXCEPTION, Reason.REFUSED, Owner.RECIPIENT, action_required=True
        ),
        "reason/60": Meaning(
            "Unacceptable condition", _Status.EXCEPTION, Reason.REFUSED, Owner.RECIPIENT, action_required=True
        ),
        "reason/64": Meaning(
            "Expired free time", _Status.EXCEPTION, Reason.HELD, Owner.RECIPIENT, action_required=True
        ),
        # Reasons, in nobody's hands, or in those of customs
        "reason/6": Meaning("Attempt unsuccessful", _Status.EXCEPTION, Reason.DELIVERY_FAILED),
        "reason/13": Meaning(
            "Customs refusal", _Status.EXCEPTION, Reason.CUSTOMS_PROBLEM, Owner.CUSTOMS, action_required=True
        ),
        "reason/19": Meaning("Discrepancy", _Status.EXCEPTION, Reason.PROBLEM, action_required=True),
        "reason/20": Meaning("Dock strike", _Status.EXCEPTION, Reason.DELAYED, Owner.EXTERNAL),
        "reason/24": Meaning(
            "Examination required by relevant authority", _Status.EXCEPTION, Reason.CUSTOMS_PROBLEM, Owner.CUSTOMS
        ),
        "reason/31": Meaning("Industrial dispute", _Status.EXCEPTION, Reason.DELAYED, Owner.EXTERNAL),
        "reason/63": Meaning("Weather conditions", _Status.EXCEPTION, Reason.DELAYED, Owner.EXTERNAL),
        # Explains nothing: the status is as it is without it, here that of a delivery that was not completed
        "reason/42": Meaning("On deck", _Status.EXCEPTION, Reason.DELIVERY_FAILED),
        "reason/52": Meaning("Signature not required", _Status.EXCEPTION, Reason.DELIVERY_FAILED),
        "reason/55": Meaning("Split", _Status.EXCEPTION, Reason.DELIVERY_FAILED),
        "reason/61": Meaning("Under deck", _Status.EXCEPTION, Reason.DELIVERY_FAILED),
        "reason/62": Meaning("Unknown", _Status.EXCEPTION, Reason.DELIVERY_FAILED),
        "reason/65": Meaning("Outstanding claims settled", _Status.EXCEPTION, Reason.DELIVERY_FAILED),
    }
)
"""From each code to its meaning."""
