"""What a customer received, accepted and rejected (UBL 2.3 ReceiptAdvice, UN/EDIFACT RECADV), and how deviations end.

An order may have several acceptances, one a consignment; they add up. accepted = received - rejected.
"""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field, model_validator

from contracts.documents import Product
from contracts.model import Contract
from contracts.moment import Instant, Moment, Window
from contracts.order_fact import OrderFact
from contracts.quantity import Quantity


class Discrepancy(StrEnum):
    """Codes of UN/EDIFACT code list 4221, Discrepancy nature identification code: those that a receipt can tell.

    Source: https://vocabulary.uncefact.org/uncl4221. The list has none for quality and refusal: see `Cause`.
    """

    OVER_SHIPPED = "AC"
    DELIVERED_BUT_NOT_ADVISED = "AE"
    DELIVERED_DAMAGED = "AF"
    DELIVERED_TOO_LATE = "AG"
    PARTIAL_BACK_ORDER_TO_FOLLOW = "BP"
    PARTIAL_CONSIDERED_COMPLETE = "CP"
    COMPLETE_WITH_SUBSTITUTION = "CS"
    MUTUALLY_DEFINED = "ZZZ"


class Cause(StrEnum):
    """Why something was rejected."""

    DAMAGE = "damage"
    QUALITY = "quality"
    WRONG_ITEM = "wrong_item"
    TOO_MUCH = "too_much"
    TOO_LATE = "too_late"
    OTHER = "other"


class AcceptedLine(Contract):
    """What was received of one product, and how much of that was rejected, and was damaged.

    order_line: empty where the customer names the product alone. product: absent where it is the line's. A line may
    stand several times, once for each cause. Damaged goods may be accepted; rejected ones were received.
    """

    order_line: str = ""
    product: Product | None = None
    received: Quantity
    rejected: Quantity | None = None
    damaged: Quantity | None = None
    discrepancy: Discrepancy | None = None
    cause: Cause | None = None
    text: str = ""

    @model_validator(mode="after")
    def _is_a_part_of_what_was_received(self) -> "AcceptedLine":
        if not self.order_line and self.product is None:
            raise ValueError("names neither an order's line nor a product")
        for name, part in (("rejected", self.rejected), ("damaged", self.damaged)):
            if part is not None and part.unit != self.received.unit:
                raise ValueError(f"{name} in {part.unit}, but received in {self.received.unit}")
            if part is not None and part.value > self.received.value:
                raise ValueError(f"more {name} than received")
        return self


class Acceptance(OrderFact):
    """What the customer says of what arrived.

    goods_issue: which despatch it is about; empty where it is about all that had left by then. final: nothing more of
    it is to come, so that what is missing is short. refused: nothing was taken in; lines then say of what, or, without
    lines, it is all. documents, seals: those that were there; absent where nobody looked. Documents are told by their
    names or codes (`contracts.trade_documents`). packages: how many were counted.
    """

    kind: ClassVar[str] = "acceptance"

    goods_issue: str = ""
    accepted_at: Moment
    signed_by: str = ""
    final: bool = True
    refused: bool = False
    reason: str = ""
    lines: tuple[AcceptedLine, ...] = ()
    documents: tuple[str, ...] | None = None
    packages: int | None = Field(default=None, ge=0)
    seals: tuple[str, ...] | None = None
    visible_damage: str = ""

    @property
    def is_final(self) -> bool:
        """Whether nothing more is to come: a refusal, too, is the last word."""
        return self.final or self.refused


class Disposition(StrEnum):
    """How a deviation ends (ISO 9001:2015, 8.7: the dispositions of nonconforming outputs)."""

    REPLACEMENT = "replacement"
    REWORK = "rework"
    RETURN = "return"
    SCRAP = "scrap"
    CREDIT = "credit"
    ACCEPTED_AS_IS = "accepted_as_is"


class Deviation(StrEnum):
    """In what a receipt differs from what was despatched and ordered."""

    SHORT = "short"
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    REJECTED = "rejected"
    QUALITY = "quality"
    OVER = "over"


class Remedy(OrderFact):
    """What was agreed with the customer about a deviation.

    deviation: absent for whatever deviates. order_line: a line of the order, or the code of a product that was received
    and not ordered; empty for all of the order. quantity: how much of it; absent for all. promised: by when. done_at:
    when it was done. replacement_order: the order by which a replacement comes, a delivery with a promise of its own.
    return_receipt: the document by which the goods come back. withdrawn: called off, as if it had never been agreed.
    """

    kind: ClassVar[str] = "remedy"

    disposition: Disposition
    deviation: Deviation | None = None
    order_line: str = ""
    quantity: Quantity | None = None
    agreed_at: Instant
    agreed_by: str = ""
    promised: Window | None = None
    done_at: Instant | None = None
    replacement_order: str = ""
    return_receipt: str = ""
    withdrawn: bool = False
    text: str = ""
