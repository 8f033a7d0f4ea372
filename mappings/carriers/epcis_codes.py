"""GS1 EPCIS: every business step, 41, and every disposition, 32, of the Core Business Vocabulary 2.0.

Source: CBV 2.0, its business steps and dispositions, https://ref.gs1.org/standards/cbv/, and its web vocabulary,
https://ref.gs1.org/cbv/BizStep and https://ref.gs1.org/cbv/Disp; the rows by a public library's copy of both lists.
Words that CBV 2.0 has deprecated are told as unknown. A disposition has a word before its own.

A step says what was done, a disposition what state the objects are in since then: one that says that something is wrong
with them counts before the step, the others after it. `receiving` and `accepting` are defined by the receiver's own
stock and possession, so they are the delivery; `collecting` is of what is to be recycled. What happens within a place,
or to a product, says nothing of where a parcel is. `returned` says that it goes back: it is back where it is received.
"""

from types import MappingProxyType

from contracts.tracking import Owner, Reason, TrackingStatus
from mappings.meaning import Meaning

_Status = TrackingStatus

CODES = MappingProxyType(
    {
        # Steps before it leaves
        "commissioning": Meaning("commissioning", _Status.REGISTERED),
        "packing": Meaning("packing", _Status.REGISTERED),
        "picking": Meaning("picking", _Status.REGISTERED),
        "staging_outbound": Meaning("staging_outbound", _Status.REGISTERED),
        "void_shipping": Meaning("void_shipping", _Status.CANCELLED, Reason.WITHDRAWN),
        # Steps on its way
        "consigning": Meaning("consigning", _Status.PICKED_UP),
        "shipping": Meaning("shipping", _Status.PICKED_UP),
        "arriving": Meaning("arriving", _Status.IN_TRANSIT),
        "departing": Meaning("departing", _Status.IN_TRANSIT),
        "entering_exiting": Meaning("entering_exiting", _Status.IN_TRANSIT),
        "loading": Meaning("loading", _Status.IN_TRANSIT),
        "transporting": Meaning("transporting", _Status.IN_TRANSIT),
        "unloading": Meaning("unloading", _Status.IN_TRANSIT),
        "accepting": Meaning("accepting", _Status.DELIVERED),
        "receiving": Meaning("receiving", _Status.DELIVERED),
        "holding": Meaning("holding", _Status.EXCEPTION, Reason.HELD),
        "destroying": Meaning("destroying", _Status.EXCEPTION, Reason.DESTROYED, action_required=True),
        # Steps that say nothing of where a parcel is
        "assembling": Meaning("assembling", _Status.UNKNOWN),
        "collecting": Meaning("collecting", _Status.UNKNOWN),
        "creating_class_instance": Meaning("creating_class_instance", _Status.UNKNOWN),
        "cycle_counting": Meaning("cycle_counting", _Status.UNKNOWN),
        "decommissioning": Meaning("decommissioning", _Status.UNKNOWN),
        "disassembling": Meaning("disassembling", _Status.UNKNOWN),
        "dispensing": Meaning("dispensing", _Status.UNKNOWN),
        "encoding": Meaning("encoding", _Status.UNKNOWN),
        "inspecting": Meaning("inspecting", _Status.UNKNOWN),
        "installing": Meaning("installing", _Status.UNKNOWN),
        "killing": Meaning("killing", _Status.UNKNOWN),
        "other": Meaning("other", _Status.UNKNOWN),
        "removing": Meaning("removing", _Status.UNKNOWN),
        "repackaging": Meaning("repackaging", _Status.UNKNOWN),
        "repairing": Meaning("repairing", _Status.UNKNOWN),
        "replacing": Meaning("replacing", _Status.UNKNOWN),
        "reserving": Meaning("reserving", _Status.UNKNOWN),
        "retail_selling": Meaning("retail_selling", _Status.UNKNOWN),
        "sampling": Meaning("sampling", _Status.UNKNOWN),
        "sensor_reporting": Meaning("sensor_reporting", _Status.UNKNOWN),
        "stock_taking": Meaning("stock_taking", _Status.UNKNOWN),
        "stocking": Meaning("stocking", _Status.UNKNOWN),
        "storing": Meaning("storing", _Status.UNKNOWN),
        "unpacking": Meaning("unpacking", _Status.UNKNOWN),
        # Dispositions that say that something is wrong, or that it goes back
        "disposition/damaged": Meaning("damaged", _Status.EXCEPTION, Reason.DAMAGED, action_required=True),
        "disposition/destroyed": Meaning("destroyed", _Status.EXCEPTION, Reason.DESTROYED, action_required=True),
        "disposition/disposed": Meaning("disposed", _Status.EXCEPTION, Reason.DESTROYED, action_required=True),
        "disposition/expired": Meaning("expired", _Status.EXCEPTION, Reason.PROBLEM, action_required=True),
        "disposition/mismatch_class": Meaning(
            "mismatch_class", _Status.EXCEPTION, Reason.PROBLEM, action_required=True
        ),
        "disposition/mismatch_instance": Meaning(
            "mismatch_instance", _Status.EXCEPTION, Reason.PROBLEM, action_required=True
        ),
        "disposition/mismatch_quantity": Meaning(
            "mismatch_quantity", _Status.EXCEPTION, Reason.PROBLEM, action_required=True
        ),
        "disposition/needs_replacement": Meaning(
            "needs_replacement", _Status.EXCEPTION, Reason.PROBLEM, action_required=True
        ),
        "disposition/non_conformant": Meaning(
            "non_conformant", _Status.EXCEPTION, Reason.PROBLEM, action_required=True
        ),
        "disposition/non_sellable_other": Meaning("non_sellable_other", _Status.EXCEPTION, Reason.PROBLEM),
        "disposition/recalled": Meaning(
            "recalled", _Status.EXCEPTION, Reason.HELD, Owner.SHIPPER, action_required=True
        ),
        "disposition/stolen": Meaning("stolen", _Status.EXCEPTION, Reason.LOST, Owner.EXTERNAL, action_required=True),
        "disposition/returned": Meaning("returned", _Status.RETURNING, returning=True),
        # Dispositions that leave it to the step
        "disposition/in_transit": Meaning("in_transit", _Status.IN_TRANSIT),
        "disposition/active": Meaning("active", _Status.UNKNOWN),
        "disposition/available": Meaning("available", _Status.UNKNOWN),
        "disposition/completeness_inferred": Meaning("completeness_inferred", _Status.UNKNOWN),
        "disposition/completeness_verified": Meaning("completeness_verified", _Status.UNKNOWN),
        "disposition/conformant": Meaning("conformant", _Status.UNKNOWN),
        "disposition/container_closed": Meaning("container_closed", _Status.UNKNOWN),
        "disposition/container_open": Meaning("container_open", _Status.UNKNOWN),
        "disposition/dispensed": Meaning("dispensed", _Status.UNKNOWN),
        "disposition/encoded": Meaning("encoded", _Status.UNKNOWN),
        "disposition/in_progress": Meaning("in_progress", _Status.UNKNOWN),
        "disposition/inactive": Meaning("inactive", _Status.UNKNOWN),
        "disposition/partially_dispensed": Meaning("partially_dispensed", _Status.UNKNOWN),
        "disposition/reserved": Meaning("reserved", _Status.UNKNOWN),
        "disposition/retail_sold": Meaning("retail_sold", _Status.UNKNOWN),
        "disposition/sellable_accessible": Meaning("sellable_accessible", _Status.UNKNOWN),
        "disposition/sellable_not_accessible": Meaning("sellable_not_accessible", _Status.UNKNOWN),
        "disposition/unavailable": Meaning("unavailable", _Status.UNKNOWN),
        "disposition/unknown": Meaning("unknown", _Status.UNKNOWN),
    }
)
"""From each code to its meaning."""
