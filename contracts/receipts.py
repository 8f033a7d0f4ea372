"""Goods that come in: finished goods into stock, and goods that a customer gave back. Full, versioned documents.

Names follow UBL 2.3 (ReceiptAdvice) and GS1 usage. Which line of which order a receipt serves is said as in a goods
issue; what was made to stock, for no order, is nothing that a delivery knows.
"""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from contracts.documents import Document, Product
from contracts.model import Contract
from contracts.moment import Moment
from contracts.quantity import Quantity


class ReceiptLine(Contract):
    """One line of a receipt, and which line of which order it serves."""

    line: str = Field(min_length=1)
    order: str = Field(min_length=1)
    order_line: str = ""
    product: Product
    quantity: Quantity


class Receipt(Document):
    """A document by which goods come in. received_at: absent while they are only announced; then nothing counts."""

    received_at: Moment | None = None
    lines: tuple[ReceiptLine, ...] = ()

    def orders(self) -> tuple[str, ...]:
        """The orders that it names, each once, sorted."""
        return tuple(sorted({line.order for line in self.lines}))


class GoodsReceipt(Receipt):
    """Finished goods that came into stock for orders, from production."""

    kind: ClassVar[str] = "goods_receipt"


class ReturnedCondition(StrEnum):
    """In what condition goods came back."""

    RESALABLE = "resalable"
    REPAIRABLE = "repairable"
    UNUSABLE = "unusable"


class ReturnLine(ReceiptLine):
    """One line of a return: why it came back, and in what condition, which is absent until somebody has looked."""

    reason: str = ""
    condition: ReturnedCondition | None = None


class ReturnReceipt(Receipt):
    """Goods that came back, or are announced to. goods_issue: with which they had left, where that is known."""

    kind: ClassVar[str] = "return_receipt"

    goods_issue: str = ""
    lines: tuple[ReturnLine, ...] = ()
