"""The goods as people look at them: lines, parcels, and what was measured of them."""

from decimal import Decimal

from contracts.condition import MeasuredQuantity
from contracts.lane import Leg, TransitEstimate
from contracts.model import Contract
from contracts.moment import Instant, Window
from contracts.quantity import Quantity
from contracts.tracking import TrackingStatus


class PartView(Contract):
    """A part of a line that is promised in several. done_at: when it and the earlier ones had arrived."""

    quantity: Quantity
    promised: Window
    ship_by: Instant | None = None
    done_at: Instant | None = None


class LineView(Contract):
    """One line: how much was ordered, has left, is still to come (open goods issues), and is short or over.

    short, over: despatched against what was ordered and is to be made good. stocked: what came into stock for it,
    returned: what the customer gave back; absent where nothing was told. received, rejected, accepted, damaged: what
    the customer told; accepted is received less rejected. The rest is received against what was despatched or ordered,
    each once it can be judged: nothing is short before a final acceptance.
    promised: the window that counts: that of the confirmation, or of a change to which the customer agreed.
    first_promised: that of the first confirmation. promised_now: what the ERP says. confirmed: how much was confirmed,
    or agreed since; `ordered` is what the ERP says. ship_by: by when what is missing must leave to arrive in time.
    parts: those in which it is promised, where there are several. uncounted: documents that tell of it in another unit;
    they are not reckoned, and nothing is judged short. delivered_at: when all that left of it had arrived. in_full:
    whether what was despatched and accepted deviates from what was ordered by no more than its tolerance, whatever was
    agreed since; absent until that can be judged.
    """

    line: str
    product: str
    product_name: str = ""
    specification: str = ""
    ordered: Quantity
    despatched: Quantity
    open: Quantity
    short: Quantity
    promised: Window | None = None
    cancelled: bool = False
    uncounted: tuple[str, ...] = ()
    first_promised: Window | None = None
    promised_now: Window | None = None
    confirmed: Quantity | None = None
    ship_by: Instant | None = None
    parts: tuple[PartView, ...] = ()
    over: Quantity | None = None
    stocked: Quantity | None = None
    returned: Quantity | None = None
    received: Quantity | None = None
    rejected: Quantity | None = None
    accepted: Quantity | None = None
    damaged: Quantity | None = None
    short_against_despatch: Quantity | None = None
    over_against_despatch: Quantity | None = None
    short_against_order: Quantity | None = None
    over_against_order: Quantity | None = None
    delivered_at: Instant | None = None
    in_full: bool | None = None


class ParcelView(Contract):
    """One parcel of the order. status is absent until its first scan.

    signed_by and proof: who signed for it, and the references of the proof of delivery. estimate: while it is under
    way, how long its lane takes; leg: once it has come to an end, how that went.
    """

    number: str
    carrier: str = ""
    status: TrackingStatus | None = None
    reason: str = ""
    last_scan_at: Instant | None = None
    last_scan_text: str = ""
    last_location: str = ""
    despatched_at: Instant | None = None
    delivered_at: Instant | None = None
    eta: Instant | None = None
    document: str = ""
    estimate: TransitEstimate | None = None
    leg: Leg | None = None
    signed_by: str = ""
    proof: str = ""


class ShipmentView(Contract):
    """How the goods of one goods issue travel, and how their packages are marked (UBL 2.3 DespatchAdvice, Shipment).

    document: the goods issue. mode: UN/ECE Recommendation 19 code. marks: of its packages, in its own order.
    """

    document: str
    mode: str = ""
    vehicle: str = ""
    driver: str = ""
    container: str = ""
    seals: tuple[str, ...] = ()
    gate_pass: str = ""
    marks: tuple[str, ...] = ()


class ConditionView(Contract):
    """What was measured of goods that require it: of a parcel, or (no parcel) of the order's goods in storage.

    quantity: temperature in degrees Celsius, or relative humidity in percent. required_low, required_high: absent where
    that end is open. since, until: the first and the last reading that count.
    """

    quantity: MeasuredQuantity
    parcel: str = ""
    required_low: Decimal | None = None
    required_high: Decimal | None = None
    lowest: Decimal
    highest: Decimal
    since: Instant
    until: Instant
